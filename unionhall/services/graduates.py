"""毕业生就业帮扶: for graduates of families in hardship: training, traineeships, and a first job by one of four channels.

The channels may overlap for one person, so their people are never added up.
"""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import OfferService, Result

_CHANNELS = (("priority", "优先吸纳"), ("batch", "批量组织"), ("startup", "自主创业"), ("pairing", "结对帮扶"))


def _by(channel: str, title: str, title_en: str, how: str) -> Flow:
    return Flow(
        slug=channel, title=title, title_en=title_en, unit="名", unit_en="graduates", act="placed", kinds=(channel,), count="people",
        definition=f"当期{how}的困难职工家庭高校毕业生人数，同一人只计一次；一人可能经过几个渠道，各渠道不能相加。",
        definition_en=f"Distinct graduates in the period: {title_en}. The channels may overlap and are never added up.",
    )  # fmt: skip


service = OfferService(
    key="employment.graduates",
    title="毕业生就业帮扶",
    title_en="graduates' first jobs",
    row=17,
    counts=("person_times", "people", "sessions"),
    kinds=(("training", "职业培训"), ("trainee", "就业见习"), ("matching", "就业对接")),
    results=(Result("placed", "安置", choices=_CHANNELS, proof=True),),
    by=("aid", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="training", title="毕业生职业培训", title_en="training for graduates", unit="场", unit_en="sessions", act="held",
            kinds=("training",), definition="当期为困难职工家庭高校毕业生举办的职业培训场次。",
            definition_en="Training for graduates of families in hardship held in the period.",
        ),
        Flow(
            slug="trainee", title="就业见习机会", title_en="traineeships", unit="场", unit_en="sessions", act="held",
            kinds=("trainee",), definition="当期为困难职工家庭高校毕业生举办的就业见习场次。",
            definition_en="Traineeships for graduates of families in hardship held in the period.",
        ),
        _by("priority", "优先吸纳毕业生", "taken on first by employers", "由企业优先吸纳就业"),
        _by("batch", "批量组织就业毕业生", "placed in batches", "经批量组织就业"),
        _by("startup", "自主创业毕业生", "set up on their own", "自主创业"),
        _by("pairing", "结对帮扶就业毕业生", "placed by pairing", "经结对帮扶就业"),
        Flow(
            slug="attendances", title="毕业生帮扶活动参加", title_en="attendances of graduates", unit="人次",
            unit_en="attendances", act="used", definition="当期参加毕业生职业培训、见习和对接的人次。",
            definition_en="Attendances of training, traineeships and matching in the period.",
        ),
        Flow(
            slug="people", title="参加帮扶活动的毕业生", title_en="graduates who came", unit="名", unit_en="graduates", act="used",
            count="people", definition="当期参加的毕业生人数，同一人只计一次。", definition_en="Distinct graduates who came in the period.",
        ),
    ),
)  # fmt: skip
