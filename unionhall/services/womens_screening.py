"""两癌筛查: breast and cervical screening for women members (妇女权益保障法 第三十一条). A card issued is not a woman screened.

A place at a session is a card; coming is the screening. Who gives the card back, or whose session is called off, has none.
"""

from unionhall.indicators.figures import Flow, Ratio
from unionhall.offers.service import Field, OfferService

_ISSUED = "当期发出、没有退回的筛查卡涉及的人数，同一人只计一次。发卡不等于筛查。"
_SCREENED = "当期实际到院筛查的人数，以到院日期为准，同一人只计一次。"

service = OfferService(
    key="womens.screening",
    title="女职工两癌筛查",
    title_en="women's cancer screening",
    row=15,
    form=(
        Field("hospital", "筛查医院", required=True),
        Field("checks", "筛查项目", choices=(("both", "乳腺和宫颈"), ("breast", "乳腺"), ("cervix", "宫颈"))),
    ),
    counts=("given", "person_times", "people", "units", "sessions"),
    verified=("code", "roster"),
    conditions=("member", "age_from", "age_below", "card", "place", "union", "migrant", "not_this_year", "not_before"),
    asked_always=("woman",),
    by=("women", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="cards", title="发放两癌筛查卡", title_en="screening cards issued", unit="张", unit_en="cards", act="signed",
            definition="当期发出的筛查卡张数，不含退回的和因场次取消收回的。发卡不等于筛查。",
            definition_en="Cards issued in the period, without those given back or called off. Issued is not screened.",
        ),
        Flow(
            slug="issued", title="领到两癌筛查卡的女职工", title_en="women issued a screening card", unit="名", unit_en="women",
            act="signed", count="people", also=("两癌筛查卡",), definition=_ISSUED,
            definition_en="Distinct women with a card issued in the period and not given back. Issued is not screened.",
        ),
        Flow(
            slug="screened", title="接受两癌筛查的女职工", title_en="women screened", unit="名", unit_en="women", act="used",
            count="people", headline=True, definition=_SCREENED,
            definition_en="Distinct women who came to be screened in the period, by day of screening.",
        ),
        Flow(
            slug="screenings", title="两癌筛查", title_en="screenings", unit="人次", unit_en="screenings", act="used",
            definition="当期实际筛查的人次，一人两次计两次。", definition_en="Screenings in the period; a woman screened twice counts twice.",
        ),
        Flow(
            slug="units", title="有女职工参加筛查的单位", title_en="employers with women screened", unit="家", unit_en="employers",
            act="used", count="employers",
            definition="当期有女职工到院筛查的用人单位数，同一单位只计一次。",
            definition_en="Distinct employers whose women were screened in the period.",
        ),
        Flow(
            slug="sessions", title="两癌筛查场次", title_en="screening sessions held", unit="场", unit_en="sessions", act="held",
            definition="当期已举办的筛查场次。", definition_en="Screening sessions held in the period.",
        ),
        Ratio(
            slug="rate", title="筛查卡使用率", title_en="share of cards used", base="当期领到筛查卡的女职工",
            definition="当期接受筛查的女职工人数 ÷ 当期领到筛查卡的女职工人数；都按人计，各记在各自的日期。",
            definition_en="Distinct women screened over distinct women issued a card, each by its own day.",
            numerator=Flow(
                slug="n", title="接受筛查的女职工", title_en="women screened", unit="名", unit_en="women", act="used", count="people",
                definition=_SCREENED, definition_en="Distinct women screened in the period.", service="womens.screening",
            ),
            denominator=Flow(
                slug="d", title="领到筛查卡的女职工", title_en="women issued a card", unit="名", unit_en="women", act="signed",
                count="people", definition=_ISSUED, definition_en="Distinct women issued a card in the period.",
                service="womens.screening",
            ),
        ),
    ),
)  # fmt: skip
