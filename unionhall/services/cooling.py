"""送清凉: packs for those who work in the heat, brought to where the groups are, signed for one by one or for a unit.

A participation is one signature: `quantity` is how many packs were signed for. What a campaign cost is what its fund paid.
"""

from django.db.models import Min

from unionhall.indicators.figures import Flow, Stock
from unionhall.kernel.period import Period
from unionhall.offers.models import Offer, Offers
from unionhall.offers.service import Field, OfferService

KEY = "goods.cooling"
GROUPS = (("migrant", "农民工"), ("dispatched", "劳务派遣工"), ("taxi", "出租车司机"))
OTHERS = ("other", "其他一线职工")


def groups(period: Period) -> Offers:
    """The first item of the period for each group the campaign is meant for."""
    items = Offer.objects.open_in(period).filter(service=KEY, kind__in=[key for key, _ in GROUPS])
    first = items.order_by().values("kind").annotate(first=Min("pk")).values("first")
    return items.filter(pk__in=first)


service = OfferService(
    key=KEY,
    title="送清凉",
    title_en="summer relief",
    row=16,
    form=(Field("contents", "清凉包内容"),),
    counts=("person_times", "units", "quantity", "money", "sessions"),
    kinds=(*GROUPS, OTHERS),
    by=("aid", "labour", "women", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="money", title="送清凉投入", title_en="summer relief spending", unit="万元", unit_en="10,000 yuan", act="paid",
            count="fen", definition="当期送清凉活动实际支出的金额，以支付日期为准。",
            definition_en="What summer relief cost in the period, by day of payment.",
        ),
        Flow(
            slug="packs", title="清凉包", title_en="summer packs", unit="份", unit_en="packs", act="used", count="quantity",
            headline=True, definition="当期签收的清凉包份数；发到单位还没有签收的不计。",
            definition_en="Packs signed for in the period; what was delivered and not signed for is not counted.",
        ),
        Stock(
            slug="groups", title="送清凉重点群体", title_en="groups of summer relief", unit="类", unit_en="groups",
            definition="当期至少有一天向其发放清凉包的重点群体类数：农民工、劳务派遣工、出租车司机，各计一类；一类在几处发放，计在最早登记的一处。",
            definition_en="Of migrant, dispatched and taxi workers, the groups packs were open to in the period, each once.",
            register=groups, of="服务项目登记", columns=(("编号", "code"), ("项目", "title"), ("起", "since"), ("止", "until")),
        ),
        Flow(
            slug="signatures", title="清凉包签收", title_en="signatures for packs", unit="人次", unit_en="signatures", act="used",
            definition="当期签收清凉包的人次。", definition_en="Signatures for packs in the period.",
        ),
        Flow(
            slug="units", title="送清凉单位", title_en="employers with packs", unit="家", unit_en="employers", act="used",
            count="employers", definition="当期签收清凉包的用人单位数，同一单位只计一次。",
            definition_en="Distinct employers of those who signed in the period.",
        ),
        Flow(
            slug="deliveries", title="送清凉场次", title_en="deliveries", unit="场", unit_en="deliveries", act="held",
            definition="当期发放清凉包的场次。", definition_en="Deliveries of packs in the period.",
        ),
    ),
)  # fmt: skip
