"""单身联谊: events for grown-up, single members; one's being single is declared, never looked up."""

from django.db.models import Q

from unionhall.indicators.figures import Flow
from unionhall.offers.conditions import Condition, years_before
from unionhall.offers.service import OfferService

ADULT = 18

grown_up = Condition(
    key="adult", title="年满 18 周岁", title_en="18 years old or more",
    met=lambda facts, _value, _offer: facts.birth is not None and facts.birth <= years_before(facts.day, ADULT),
    where=lambda _value, day, _offer: Q(birth__lte=years_before(day, ADULT)),
)  # fmt: skip

service = OfferService(
    key="matchmaking",
    title="单身联谊",
    title_en="matchmaking",
    row=14,
    counts=("person_times", "people", "sessions"),
    own=(grown_up,),
    asked_always=("member", "adult"),
    by=("women", "labour", "publicity", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="events", title="单身联谊活动", title_en="matchmaking events", unit="场", unit_en="events", act="held",
            definition="当期举办和参加的市、区单身联谊活动场次。",
            definition_en="Events held in the period, the city's that were joined among them.",
        ),
        Flow(
            slug="attendances", title="单身联谊参与", title_en="matchmaking attendances", unit="人次", unit_en="attendances",
            act="used", definition="当期参加单身联谊活动的人次，一人参加两场计两次。",
            definition_en="Attendances in the period; one person at two events counts twice.",
        ),
        Flow(
            slug="people", title="参加单身联谊的职工", title_en="workers at matchmaking events", unit="名", unit_en="people",
            act="used", count="people", definition="当期参加单身联谊活动的人数，同一人只计一次。",
            definition_en="Distinct people who came in the period.",
        ),
    ),
)  # fmt: skip
