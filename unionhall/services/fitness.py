"""职工体质测试: fitness tests at the centre; the numbers measured are the worker's own and are not kept here."""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import OfferService

service = OfferService(
    key="health.fitness",
    title="职工体质测试",
    title_en="fitness tests",
    row=18,
    counts=("person_times", "people", "sessions"),
    by=("labour", "women", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="tests", title="职工体质测试", title_en="fitness tests", unit="人次", unit_en="tests", act="used",
            definition="当期参加体质测试的人次。", definition_en="Fitness tests taken in the period.",
        ),
        Flow(
            slug="people", title="参加体质测试的职工", title_en="workers tested", unit="名", unit_en="people", act="used",
            count="people", definition="当期参加体质测试的人数，同一人只计一次。", definition_en="Distinct workers tested in the period.",
        ),
        Flow(
            slug="sessions", title="体质测试场次", title_en="test sessions", unit="场", unit_en="sessions", act="held",
            definition="当期举办的体质测试场次。", definition_en="Test sessions held in the period.",
        ),
    ),
)  # fmt: skip
