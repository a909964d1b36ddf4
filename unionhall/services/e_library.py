"""电子阅览卡: cards for the electronic library, given out once to each; what is read with them is the library's to know."""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import OfferService

service = OfferService(
    key="culture.elibrary",
    title="电子阅览卡",
    title_en="e-library cards",
    row=12,
    counts=("given", "people"),
    conditions=("member", "card", "place", "union", "not_before", "not_this_year"),
    by=("publicity", "labour", "organisation", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="cards", title="发放电子阅览卡", title_en="e-library cards given", unit="张", unit_en="cards", act="signed",
            definition="当期发出的电子阅览卡。", definition_en="Cards given out in the period.",
        ),
        Flow(
            slug="readers", title="启用电子阅览卡的职工", title_en="workers who began to use their card", unit="名",
            unit_en="people", act="used", count="people", definition="当期启用电子阅览卡的人数，以首次使用为准。",
            definition_en="Distinct people who first used their card in the period.",
        ),
    ),
)  # fmt: skip
