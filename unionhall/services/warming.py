"""送温暖物资: goods for the winter and the two festivals, signed for; money given to families is relief and counted there."""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import Field, OfferService

service = OfferService(
    key="goods.warming",
    title="送温暖物资",
    title_en="winter goods",
    row=16,
    form=(Field("contents", "物资内容"),),
    counts=("person_times", "quantity", "money"),
    by=("aid", "labour", "women", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="packs", title="送温暖物资份数", title_en="winter packs", unit="份", unit_en="packs", act="used",
            count="quantity", definition="当期签收的送温暖物资份数。", definition_en="Winter packs signed for in the period.",
        ),
        Flow(
            slug="signatures", title="送温暖物资签收", title_en="signatures for winter packs", unit="人次", unit_en="signatures",
            act="used", definition="当期签收送温暖物资的人次。", definition_en="Signatures for winter packs in the period.",
        ),
        Flow(
            slug="money", title="送温暖物资投入", title_en="winter goods spending", unit="万元", unit_en="10,000 yuan", act="paid",
            count="fen", definition="当期送温暖物资实际支出的金额，不含直接发给个人的慰问金。",
            definition_en="What winter goods cost in the period, without relief paid to people.",
        ),
    ),
)  # fmt: skip
