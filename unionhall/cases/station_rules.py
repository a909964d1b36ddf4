"""Stations brought to the city's standard and rated with stars: the checklist by the day, how each item was found, what is
still missing. Nothing here writes; the moves are declared in services/station_standard.py and services/station_star.py.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from unionhall.cases.models import Case
from unionhall.cases.station_models import ItemCheck, StandardItem, StarHeld
from unionhall.cases.stepping import in_order
from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Station

STANDARD, STAR = "station.standard", "station.star"
SERVICES = (STANDARD, STAR)
"""Services whose matters are a station's own."""
SELF, DISTRICT = "self", "district"
STAGES = {SELF: "自查", DISTRICT: "区级核查"}


class Item(NamedTuple):
    """One item of the checklist as it holds on a day. `since` None: as shipped, until the city's own list takes its place."""

    key: str
    title: str
    evidence: str
    required: bool
    since: date | None = None


SHIPPED: tuple[Item, ...] = (
    Item("sign", "门牌标识", "门口挂牌，外观标识与市总工会的统一样式一致：照片", True),
    Item("office", "办公设施", "办公桌椅、电脑、档案柜、电话能用：照片或清单", True),
    Item("interior", "室内布置", "室内标识与市总工会的统一样式一致：照片", True),
    Item("board_duties", "上墙：工作职责", "工作职责上墙：照片", True),
    Item("board_rules", "上墙：工作制度", "工作制度上墙：照片", True),
    Item("board_flow", "上墙：办事流程", "办事流程上墙：照片", True),
    Item("board_staff", "上墙：人员公示", "在岗人员上墙，有姓名和岗位：照片", True),
    Item("area", "站面积", "面积与登记的一致，够用：平面图或房产证明", True),
    Item("windows", "服务窗口", "窗口有标牌，写明办什么事：照片", True),
    Item("hours", "开放时间", "开放时间贴在门口，与登记的一致：照片", True),
    Item("staff", "人员到岗", "在岗人数与核定编制一致：人员名册", True),
    Item("room_mediation", "调解室", "有独立的调解室：照片", True),
    Item("room_appeals", "接访室", "有接待职工来访的地方：照片", True),
    Item("room_counselling", "心理咨询室", "有心理咨询室，能保护隐私：照片", False),
    Item("room_archive", "档案室", "档案有专柜，上锁：照片", True),
    Item("activity", "特色活动", "一年至少办一项特色活动：方案和总结", False),
)  # fmt: skip
"""What is asked where no officer has laid down anything: written for a start and NOT the city's list, which is to take its
place item by item (desk/station-items/).
"""


def items_on(day: date) -> list[Item]:
    """The checklist as it holds on a day: the shipped items in their order, then those officers added."""
    latest: dict[str, StandardItem] = {}
    for row in StandardItem.objects.filter(since__lte=day).order_by("since", "pk"):
        latest[row.key] = row
    found = []
    for key in dict.fromkeys([*(item.key for item in SHIPPED), *latest]):
        row = latest.get(key)
        if row is None:
            found.append(next(item for item in SHIPPED if item.key == key))
        elif row.until is None or row.until > day:
            found.append(Item(key, row.title, row.evidence, row.required, row.since))
    return found


def checks_of(case: Case) -> dict[tuple[str, str], ItemCheck]:
    """(item, stage) -> how it was found last."""
    return {(row.item, row.stage): row for row in ItemCheck.objects.filter(case=case).order_by("pk")}


def stage_of(case: Case) -> str:
    """Who checks the items now: the station itself, the district, or ("") nobody."""
    if case.service != STANDARD:
        return ""
    return {"set_up": SELF, "self_checked": DISTRICT}.get(case.state, "")


def holds(found: Mapping[tuple[str, str], ItemCheck], item: str, stage: str) -> ItemCheck | None:
    """How a stage found an item, unless the other side has said something since that asks for it anew: to the station, that it
    is not met; to the district, whatever the station says now.
    """
    row, other = found.get((item, stage)), found.get((item, DISTRICT if stage == SELF else SELF))
    if row is None or (stage == DISTRICT and other is None):
        return None
    since = other is not None and other.pk > row.pk and (stage == DISTRICT or not other.met)
    return None if since else row


def not_answered(case: Case, day: date) -> list[str]:
    """The items of the day the station has not checked itself, or not again since the district found them unmet."""
    found = checks_of(case)
    return [item.title for item in items_on(day) if holds(found, item.key, SELF) is None]


def not_met(case: Case, day: date) -> list[str]:
    """The required items of the day that are not both said to be met by the station and found so, since, by the district."""
    found, missing = checks_of(case), []
    for item in items_on(day):
        said = [holds(found, item.key, stage) for stage in STAGES]
        if item.required and not all(one is not None and one.met for one in said):
            missing.append(item.title)
    return missing


def under_way(service: str, station: int) -> Case | None:
    """The open matter of this station."""
    return Case.objects.filter(service=service, station=station, closed_on=None).order_by("pk").first()


def in_force() -> Q:
    """Matters whose word the register of stations is held to."""
    return Q(service=STANDARD, state="met") | (Q(service=STAR) & ~Q(state__in=("draft", "given_up")))


def told_by(case: Case) -> tuple[str, date | None]:
    """Which day of the register such a matter tells, and that day; "" for a star declared when there had been one before."""
    if case.service == STANDARD:
        return "accepted_on", date.fromisoformat(case.details["met_on"])
    return (
        ("star_declared_on", date.fromisoformat(case.details["declared_on"]))
        if case.details.get("first")
        else ("", None)
    )


def days_told(stations: Iterable[int]) -> dict[int, dict[str, date | None]]:
    """Station -> column of its register -> the day a matter told it; without those that are only the register's own word."""
    told: dict[int, dict[str, date | None]] = {station: {} for station in stations}
    for case in Case.objects.filter(in_force(), station__in=list(told)).order_by("pk"):
        column, day = told_by(case)
        if column:
            told[case.station_id or 0][column] = day
    return told


def may_begin(case: Case) -> None:
    """May this matter of a station be opened? Two who begin with one station wait for each other.

    Refused: no station, one that lies elsewhere or is closed, what is found already, or is under way.
    """
    service, on = case.service, case.opened_on
    row = Station.objects.select_for_update(no_key=True).filter(pk=case.station_id, path=case.path).first()
    if row is None:
        raise Refused("请选择服务站。", code="station")
    if row.until is not None and row.until <= on:
        raise Refused(
            "{name}已于 {until} 撤销，不能再变更。", code="station", name=row.name, until=row.until.isoformat()
        )
    if (first := under_way(service, row.pk)) is not None:
        raise Refused("{name}的这项事情正在办理，编号 {number}。", code="station", name=row.name, number=first.number)
    if service == STANDARD and row.accepted_on is not None:
        raise Refused("{name}已于 {day} 通过验收。", code="station", name=row.name, day=row.accepted_on.isoformat())
    if service == STAR and row.accepted_on is None:
        raise Refused("{name}还没有通过规范化验收，不能申报星级。", code="station", name=row.name)


def in_turn(case: Case, on: date) -> int:
    """Before a step of a station's matter makes anything of it: the station's number. Several matters may speak of one: what each
    finds of it stands until it is done. Refused: a day before the last step's or to come.
    """
    in_order(case, on)
    return int(Station.objects.select_for_update(no_key=True).get(pk=case.station_id or 0).pk)


def star_of(station: int, day: date) -> StarHeld | None:
    """The stars a station holds on a day; None when it holds none, or they have run out."""
    return StarHeld.objects.on(day).filter(station=station).order_by("-pk").first()


def stands(case: Case) -> str:
    """Why a matter is not opened again once the register of stations was told by it: its own steps take that back."""
    return _("服务站的登记已经按这件事项改过，不能重新办理；要取消达标或星级，请办这件事项的下一步。")


STAYS = _("服务站自己的事项只在站所在的地方办理，不能转走，也不能并入别的事项。")


def by_stage(case: Case) -> Mapping[str, set[int | None]]:
    """Stage -> the accounts whose findings of it hold."""
    found: dict[str, set[int | None]] = {SELF: set(), DISTRICT: set()}
    for (_item, stage), row in checks_of(case).items():
        found[stage].add(row.by)
    return found
