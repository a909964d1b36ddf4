"""工会服务站: stations, their acceptance against the city standard, and the stars they declare."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from unionhall.indicators.figures import Flow, Ratio, Stock
from unionhall.indicators.service import Service
from unionhall.kernel.period import Period
from unionhall.organisations.models import PastAcceptance, Station

COLUMNS = (("编号", "code"), ("站名", "name"), ("地址", "address"), ("成立", "since"), ("验收", "accepted_on"))


def _stations(slug: str, title: str, title_en: str, definition: str, definition_en: str, **more: object) -> Stock:
    fields = {
        "register": lambda period: Station.objects.on(period.last),
        "unit": "个",
        "unit_en": "stations",
        "columns": COLUMNS,
        **more,
    }
    return Stock(
        slug=slug, title=title, title_en=title_en, definition=definition, definition_en=definition_en,
        of="服务站登记",
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def _standing(period: Period) -> QuerySet[Any]:
    """Open stations accepted by the day; also those from which it was taken later."""
    then = PastAcceptance.objects.on(period.last).filter(station=OuterRef("pk"))
    rows = Station.objects.on(period.last).filter(Q(accepted_on__lte=period.last) | Q(Exists(then)))
    found: QuerySet[Any] = rows.annotate(accepted_then=Coalesce(Subquery(then.values("since")[:1]), "accepted_on"))
    return found


def _accepted(slug: str, **more: object) -> Stock:
    return _stations(
        slug, "服务站达标", "stations reaching the standard",
        "该日在用且已通过规范化建设验收的服务站。", "Open stations accepted against the city standard by the day.",
        register=_standing, columns=(*COLUMNS[:-1], ("验收", "accepted_then")), **more,
    )  # fmt: skip


service = Service(
    key="station",
    title="工会服务站",
    title_en="service stations",
    row=4,
    figures=(
        _stations("open", "服务站", "service stations", "该日在用的工会服务站。站不等于街道，一个街道可以有几个站。", "Stations open on the day; a street may have several."),
        _accepted("accepted", also=("工会服务站", "服务站规范化"), headline=True),
        Ratio(
            slug="acceptance", title="服务站验收通过率", title_en="share of stations accepted", also=("服务站规范化率",),
            definition="该日在用且已通过验收的服务站 ÷ 该日在用的服务站。",
            definition_en="Open stations accepted by the day over open stations.", base="在用的服务站",
            numerator=_accepted("n"),
            denominator=_stations("d", "在用服务站", "open stations", "该日在用的服务站。", "Stations open on the day."),
        ),
        Flow(
            slug="stars", title="星级服务站申报", title_en="star stations declared", unit="家", unit_en="stations",
            act="star_declared",
            definition="当期完成星级申报的服务站；申报不等于评定。",
            definition_en="Stations that completed a star application in the period; declared is not awarded.",
        ),
        _stations(
            "area", "站面积", "floor area of stations", "该日在用服务站的面积合计。", "Floor area of open stations, added up.",
            unit="平方米", unit_en="m²", counting="sum", column="area",
        ),
    ),
)  # fmt: skip
