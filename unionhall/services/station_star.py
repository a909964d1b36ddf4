"""服务站星级评定: a station that reached the standard declares itself, is reviewed, and holds stars for a time.

Stars are not for life: they run out, and a re-check keeps, lowers or withdraws them. The declaration is counted where it always
was (services/stations.py); here, who holds stars on a day.
"""

from typing import Any

from django.db.models import Q, QuerySet

from unionhall.cases import star_moves
from unionhall.cases import station_rules as rules
from unionhall.cases.service import CaseService, Making
from unionhall.cases.station_models import StarHeld
from unionhall.indicators.figures import Flow, Stock
from unionhall.kernel.clock import Clock, Limit
from unionhall.kernel.period import Period
from unionhall.kernel.workflow import Move, Workflow

_STATION, _DISTRICT = "station_head street", "organisation"
_WHY, _TERM = ("reason",), ("star_until", "award_no")
COLUMNS = (
    ("编号", "station.code"),
    ("站名", "station.name"),
    ("星级", "stars"),
    ("授予", "since"),
    ("有效期至", "until"),
)
NUMBERS = ("一", "二", "三", "四", "五")


def _held(period: Period, stars: int = 0) -> QuerySet[Any]:
    """The stars open stations hold on the day."""
    there = Q(station__until=None) | Q(station__until__gt=period.last)
    rows = StarHeld.objects.on(period.last).filter(there)
    return rows.filter(stars=stars) if stars else rows


def _stock(stars: int = 0) -> Stock:
    title = f"{NUMBERS[stars - 1]}星级服务站" if stars else "星级服务站"
    which = f"{NUMBERS[stars - 1]}星" if stars else "有效星级"
    return Stock(
        slug=f"held_{stars}" if stars else "held", title=title,
        title_en=f"stations with {stars} star{'s' if stars > 1 else ''}" if stars else "stations with stars",
        unit="个", unit_en="stations", of="星级登记", columns=COLUMNS, placed_by="station__path",
        register=lambda period: _held(period, stars), definition=f"该日持有{which}的在用服务站。过了有效期、被取消的不计；申报不等于评定。",
        definition_en=f"Open stations that hold {f'exactly {stars} of the five' if stars else 'some'} stars on the day; what has run out "
        "or was withdrawn does not count, nor does an application.",
    )  # fmt: skip


def _again(source: str) -> tuple[Move, ...]:
    return (
        Move("keep", source, "kept", by=_DISTRICT, asks=_TERM, title="复核保留"),
        Move("lower", source, "lowered", by=_DISTRICT, asks=("stars", *_TERM, *_WHY), title="复核降星"),
        Move("withdraw", source, "withdrawn", by=_DISTRICT, asks=_WHY, title="取消星级"),
    )


service = CaseService(
    key=rules.STAR,
    title="服务站星级评定",
    title_en="star rating of a station",
    row=4,
    needs_worker=False,
    making=Making(
        ("awarded", "kept", "lowered", "withdrawn"), rules.may_begin, star_moves.follow, rules.stands, stays=rules.STAYS
    ),
    workflow=Workflow(
        "draft",
        Move("declare", "draft", "declared", by=_STATION, title="申报星级"),
        Move("stop", "draft", "given_up", by=f"{_STATION} {_DISTRICT}", asks=_WHY, title="不申报了"),
        Move("review", "declared", "reviewed", by=_DISTRICT, asks=("review_no",), title="登记市级评审意见"),
        Move("recall", "declared", "draft", by=f"{_STATION} {_DISTRICT}", asks=_WHY, title="撤回申报"),
        Move("decline", "declared", "declined", by=_DISTRICT, asks=_WHY, title="没有评上"),
        Move("award", "reviewed", "awarded", by=_DISTRICT, asks=("stars", *_TERM), title="登记授予星级"),
        Move("decline", "reviewed", "declined", by=_DISTRICT, asks=_WHY, title="没有评上"),
        *_again("awarded"), *_again("kept"), *_again("lowered"),
        titles={
            "draft": "准备申报", "declared": "已申报", "reviewed": "已评审", "awarded": "已授星", "kept": "复核保留", "lowered": "复核降星",
            "withdrawn": "已取消星级", "declined": "没有评上", "given_up": "不申报了",
        },
        closes=("awarded", "kept", "lowered"),
    ),
    clocks=(
        Clock("review", "报市级评审", "declared", ("reviewed", "declined", "draft"), (Limit("服务承诺", working_days=15),), statutory=False),
    ),
    figures=(
        _stock(),
        *(_stock(stars) for stars in (5, 4, 3, 2, 1)),
        Flow(
            slug="awarded", title="新授星级", title_en="stars newly given", unit="个", unit_en="stations", act="awarded",
            definition="当期登记授予星级的服务站；复核保留、降星的不计。",
            definition_en="Stations given stars during the period; a re-check that keeps or lowers them does not count.",
        ),
    ),
)  # fmt: skip
