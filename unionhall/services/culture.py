"""文体活动: culture, sport, reading and meetings, with whoever comes along counted apart."""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import OfferService

service = OfferService(
    key="culture.activities",
    title="文体活动",
    title_en="culture and sport",
    row=12,
    counts=("person_times", "people", "sessions", "children"),
    kinds=(("culture", "文化"), ("sport", "体育"), ("reading", "读书"), ("family", "亲子"), ("commendation", "表彰大会")),
    by=("publicity", "labour", "women", "organisation", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="sessions", title="文体活动场次", title_en="activities held", unit="场", unit_en="sessions", act="held",
            kinds=("culture", "sport", "reading", "family"), definition="当期举办的文化、体育、读书和亲子活动场次。",
            definition_en="Activities of culture, sport, reading and for families held in the period.",
        ),
        Flow(
            slug="attendances", title="文体活动参加", title_en="attendances", unit="人次", unit_en="attendances", act="used",
            kinds=("culture", "sport", "reading", "family"), definition="当期参加文体活动的职工人次，不含随行的家属。",
            definition_en="Attendances of workers in the period; who came along is counted apart.",
        ),
        Flow(
            slug="people", title="参加文体活动的职工", title_en="workers who came", unit="名", unit_en="people", act="used",
            kinds=("culture", "sport", "reading", "family"), count="people", definition="当期参加文体活动的人数，同一人只计一次。",
            definition_en="Distinct workers who came in the period.",
        ),
        Flow(
            slug="children", title="文体活动随行儿童", title_en="children brought along", unit="人次", unit_en="children",
            act="accompanied", kinds=("child",), count="headcount", definition="当期随行参加的儿童人次，不计入职工人次。",
            definition_en="Children who came along in the period, not among the workers.",
        ),
        Flow(
            slug="commended", title="表彰大会参会", title_en="people at commendation meetings", unit="人", unit_en="people",
            act="used", kinds=("commendation",), count="people", also=("五一表彰大会参会",),
            definition="当期参加表彰大会的人数，以签到为准，同一人只计一次。",
            definition_en="Distinct people signed in at commendation meetings in the period.",
        ),
    ),
)  # fmt: skip
