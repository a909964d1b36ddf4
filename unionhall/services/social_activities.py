"""社会组织活动: what the social organisations of the base hold for workers; the item's provider is the organisation."""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import OfferService

service = OfferService(
    key="social.activities",
    title="社会组织活动",
    title_en="social organisations' activities",
    row=33,
    counts=("person_times", "people", "sessions", "money"),
    kinds=(("employment", "就业"), ("culture", "文化"), ("sport", "体育"), ("rights", "维权"), ("aid", "帮困")),
    by=("organisation", "labour", "women", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="sessions", title="社会组织活动", title_en="activities held by social organisations", unit="场次",
            unit_en="sessions", act="held", definition="当期社会组织已举办的活动场次；计划的不计。",
            definition_en="Activities held by social organisations in the period; planned ones are not counted.",
        ),
        Flow(
            slug="attendances", title="社会组织服务职工", title_en="workers served by social organisations", unit="人次",
            unit_en="attendances", act="used", definition="当期参加社会组织活动的职工人次。",
            definition_en="Attendances of those activities in the period: person-times, not persons.",
        ),
        Flow(
            slug="people", title="参加社会组织活动的职工", title_en="distinct workers served", unit="名", unit_en="people",
            act="used", count="people", definition="当期参加社会组织活动的人数，同一人只计一次。",
            definition_en="Distinct workers at those activities in the period.",
        ),
        Flow(
            slug="money", title="社会组织活动支出", title_en="spent on social organisations' activities", unit="万元",
            unit_en="10,000 yuan", act="paid", count="fen", definition="当期社会组织活动实际支出的金额，以支付日期为准。",
            definition_en="What those activities cost the union in the period, by day of payment.",
        ),
    ),
)  # fmt: skip
