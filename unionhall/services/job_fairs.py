"""招聘会: fairs and talks, the employers at them and their posts, who came, what they were minded to, who was placed.

A placement needs a proof (a contract or an insurance record), an employer and a channel. Placed twice is two placements and
one person. An employer at two fairs is two booths and one employer.
"""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import OfferService, Result

service = OfferService(
    key="employment.fairs",
    title="招聘会",
    title_en="job fairs",
    row=17,
    counts=("person_times", "people", "sessions", "booths", "posts"),
    kinds=(("large", "大型招聘会"), ("talk", "洽谈会"), ("special", "专项招聘会")),
    results=(
        Result("intended", "求职意向", employer=True),
        Result(
            "placed", "安置", proof=True, employer=True,
            choices=(("fair", "招聘会录用"), ("recommended", "推荐录用"), ("priority", "优先吸纳"), ("batch", "批量组织"),
                     ("startup", "自主创业"), ("pairing", "结对帮扶")),
        ),
        Result("kept", "就业回访", choices=(("on", "稳定就业"), ("off", "已离职"))),
    ),
    by=("aid", "labour", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="fairs", title="招聘会", title_en="job fairs", unit="场", unit_en="fairs", act="held",
            definition="当期举办的大型招聘会、洽谈会和专项招聘会。", definition_en="Fairs of every kind held in the period.",
        ),
        Flow(
            slug="large", title="大型招聘会", title_en="large fairs", unit="场", unit_en="fairs", act="held", kinds=("large",),
            definition="当期举办的大型招聘会。", definition_en="Large fairs held in the period.",
        ),
        Flow(
            slug="talks", title="洽谈会", title_en="talks", unit="场", unit_en="talks", act="held", kinds=("talk",),
            definition="当期举办的洽谈会。", definition_en="Talks held in the period.",
        ),
        Flow(
            slug="booths", title="接待招聘企业", title_en="employers at fairs", unit="个次", unit_en="booths", act="booth",
            definition="当期参加招聘会的单位个次，一家单位参加两场计两个次。",
            definition_en="Employers at fairs in the period, each as often as it was at one.",
        ),
        Flow(
            slug="employers", title="参会招聘单位", title_en="distinct employers at fairs", unit="家", unit_en="employers",
            act="booth", count="employers", definition="当期参加招聘会的单位数，同一单位只计一次。",
            definition_en="Distinct employers at fairs in the period.",
        ),
        Flow(
            slug="posts", title="招聘岗位", title_en="posts offered", unit="个", unit_en="posts", act="booth", count="quantity",
            definition="当期各场招聘会上提供的岗位数合计。", definition_en="Posts offered at the fairs of the period.",
        ),
        Flow(
            slug="visits", title="招聘会求职", title_en="visits of job seekers", unit="人次", unit_en="visits", act="used",
            definition="当期到招聘会登记求职的人次。", definition_en="Visits of job seekers to fairs in the period.",
        ),
        Flow(
            slug="seekers", title="招聘会求职者", title_en="job seekers", unit="名", unit_en="people", act="used", count="people",
            definition="当期到招聘会登记求职的人数，同一人只计一次。", definition_en="Distinct job seekers at fairs in the period.",
        ),
        Flow(
            slug="intents", title="达成求职意向", title_en="intents", unit="人次", unit_en="intents", act="intended",
            definition="当期在招聘会上达成的求职意向。意向不等于安置。",
            definition_en="Intents reached at fairs in the period. An intent is not a placement.",
        ),
        Flow(
            slug="placements", title="安置就业", title_en="placements", unit="人次", unit_en="placements", act="placed", headline=True,
            definition="当期有凭证的安置人次，以合同或社保起始日期为准，一人两次计两次。",
            definition_en="Placements with proof in the period; placed twice counts twice.",
        ),
        Flow(
            slug="placed", title="安置就业人数", title_en="people placed", unit="名", unit_en="people", act="placed", count="people",
            definition="当期得到安置的人数，同一人只计一次。", definition_en="Distinct people placed in the period.",
        ),
        Flow(
            slug="kept", title="稳定就业", title_en="found still at work", unit="名", unit_en="people", act="kept", kinds=("on",),
            count="people", definition="当期回访时仍在岗的人数，同一人只计一次。",
            definition_en="Distinct people found still at work in the period.",
        ),
    ),
)  # fmt: skip
