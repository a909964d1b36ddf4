"""女职工课程: courses on rights, mind, body and law for women workers, chosen from a menu."""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import OfferService

service = OfferService(
    key="womens.courses",
    title="女职工课程",
    title_en="women's courses",
    row=15,
    counts=("person_times", "people", "sessions"),
    kinds=(("rights", "女性维权"), ("mind", "心理健康"), ("body", "养生保健"), ("law", "法律知识"), ("skill", "职业技能")),
    on_record=True,
    by=("women", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="sessions", title="女职工课程场次", title_en="women's courses held", unit="场", unit_en="sessions", act="held",
            definition="当期举办的女职工课程场次。", definition_en="Courses for women workers held in the period.",
        ),
        Flow(
            slug="attendances", title="女职工课程参加", title_en="attendances of women's courses", unit="人次",
            unit_en="attendances", act="used", definition="当期参加女职工课程的人次。",
            definition_en="Attendances of courses for women workers in the period.",
        ),
        Flow(
            slug="people", title="参加课程的女职工", title_en="women at courses", unit="名", unit_en="women", act="used",
            count="people", definition="当期参加女职工课程的人数，同一人只计一次。",
            definition_en="Distinct people at courses for women workers in the period.",
        ),
    ),
)  # fmt: skip
