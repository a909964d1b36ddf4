"""心理咨询与悦读会: slots with a counsellor, whose notes nobody else reads; above, only how many slots and how many came."""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import Field, OfferService

service = OfferService(
    key="counselling",
    title="心理咨询",
    title_en="counselling",
    row=13,
    form=(Field("centre", "服务地点"),),
    counts=("person_times", "sessions"),
    verified=("code", "roster"),
    conditions=("member", "place", "union"),
    kinds=(("individual", "个体咨询"), ("group", "团体辅导"), ("reading", "悦读会")),
    by=("aid", "women", "street", "station_head", "station_worker"),
    private_notes=True,
    figures=(
        Flow(
            slug="sessions", title="心理咨询场次", title_en="counselling sessions", unit="场", unit_en="sessions", act="held",
            kinds=("individual", "group"), definition="当期开展的个体咨询和团体辅导场次。",
            definition_en="Sessions of counselling, single and in groups, held in the period.",
        ),
        Flow(
            slug="attendances", title="心理咨询", title_en="counselling attendances", unit="人次", unit_en="attendances", act="used",
            kinds=("individual", "group"), definition="当期接受心理咨询的人次；不统计、不公开任何咨询内容。",
            definition_en="Attendances of counselling in the period; nothing of what was said is counted or shown.",
        ),
        Flow(
            slug="readings", title="悦读会", title_en="reading club", unit="场", unit_en="sessions", act="held", kinds=("reading",),
            definition="当期举办的悦读会场次。", definition_en="Meetings of the reading club in the period.",
        ),
        Flow(
            slug="readers", title="悦读会参加", title_en="reading club attendances", unit="人次", unit_en="attendances", act="used",
            kinds=("reading",), definition="当期参加悦读会的人次。", definition_en="Attendances of the reading club in the period.",
        ),
    ),
)  # fmt: skip
