"""图书资料发放: books and papers of the union's, handed over to who signs for them, by how many."""

from unionhall.indicators.figures import Flow, Stock
from unionhall.kernel.period import Period
from unionhall.offers.models import Offer, Offers
from unionhall.offers.service import Field, OfferService

KEY = "culture.books"


def titles_for_women(period: Period) -> Offers:
    """Titles for women workers that were given out on at least one day of the period."""
    return Offer.objects.open_in(period).filter(service=KEY, kind="women")


service = OfferService(
    key=KEY,
    title="图书资料发放",
    title_en="books given out",
    row=12,
    form=(Field("author", "编写单位"),),
    counts=("person_times", "units", "quantity"),
    kinds=(("women", "女职工图书"), ("collection", "经验汇编"), ("other", "其他资料")),
    by=("women", "publicity", "labour", "organisation", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="copies", title="图书资料发放册数", title_en="copies given out", unit="册", unit_en="copies", act="used",
            count="quantity", definition="当期签收的册数。", definition_en="Copies signed for in the period.",
        ),
        Flow(
            slug="collection", title="经验汇编下发", title_en="copies of the collection given out", unit="册", unit_en="copies",
            act="used", kinds=("collection",), count="quantity", definition="当期签收的工资集体协商经验汇编册数。",
            definition_en="Copies of the collection of bargaining experience signed for in the period.",
        ),
        Stock(
            slug="womens_titles", title="女职工图书", title_en="titles for women workers", unit="种", unit_en="titles",
            definition="当期至少有一天在发放的女职工图书种数，是种不是册。",
            definition_en="Titles for women workers given out on at least one day of the period; titles, not copies.",
            register=titles_for_women, of="服务项目登记", columns=(("编号", "code"), ("书名", "title"), ("起", "since"), ("止", "until")),
        ),
        Flow(
            slug="signatures", title="图书资料签收", title_en="signatures for books", unit="人次", unit_en="signatures", act="used",
            definition="当期签收图书资料的人次。", definition_en="Signatures for books in the period.",
        ),
        Flow(
            slug="units", title="领取图书资料的单位", title_en="employers with books", unit="家", unit_en="employers", act="used",
            count="employers", definition="当期有职工签收图书资料的用人单位数。", definition_en="Distinct employers of those who signed.",
        ),
    ),
)  # fmt: skip
