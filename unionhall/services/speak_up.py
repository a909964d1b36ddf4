"""有话跟工会说 · 有事即谈: a worker's matter put on the table with the employer when it arises, and answered.

The employer's written answer is due by 北京市实施《工会法》办法 第二十八条; the union's own days are the union's own rule.
"""

from unionhall.cases import law
from unionhall.cases import paper_texts as texts
from unionhall.cases.papers import Paper
from unionhall.cases.reach import WORKER
from unionhall.cases.service import CaseService, Field
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock, Limit
from unionhall.kernel.workflow import Move, Workflow

service = CaseService(
    key="speakup",
    title="有事即谈",
    title_en="speaking up",
    row=30,
    asked_as="给单位提建议（有事即谈）",
    chain="brings",
    grid=True,
    causes={
        "pay": "工资、工时、休假", "safety": "安全和健康", "living": "食堂、宿舍、通勤", "fairness": "受到不公平对待", "other": "别的事",
    },
    form=(
        Field("matter", "说说情况", required=True, sealed=True, hint="时间、地点、人数、希望怎么解决"),
        Field("hide", "要不要让单位知道是您", required=True, choices={"yes": "不让单位知道是我", "no": "可以告诉单位"}),
    ),
    workflow=Workflow(
        "received",
        Move("accept", "received", "accepted", by="station_worker", title="受理"),
        Move("decline", "received", "declined", by="station_worker", asks=("reason",), title="不予受理"),
        Move("withdraw", "received", "withdrawn", by=WORKER, title="撤回"),
        Move("talk", "accepted", "talking", by="station_worker", title="与单位约谈"),
        Move("answer", "accepted", "answered", by="station_worker", asks=("answer",), title="答复职工"),
        Move("drop", "accepted", "withdrawn", by=WORKER, title="撤回"),
        Move("again", "answered", "accepted", by=WORKER, asks=("reason",), title="没有解决，请再办"),
        Move("settle", "talking", "answered", by="station_worker", asks=("answer",), title="答复职工"),
        titles={
            "received": "已登记", "accepted": "已受理", "talking": "约谈中", "answered": "已答复", "declined": "不予受理", "withdrawn": "撤回",
        },
        closes=("answered",),
    ),
    clocks=(
        Clock(
            "accept", "回电并受理", "received", ("accepted", "declined", "withdrawn"),
            (Limit("服务承诺", working_days=1),), statutory=False, pauses=True,
        ),
        Clock(
            "answer", "答复职工", "received", ("answered", "declined", "withdrawn"),
            (Limit("服务承诺", working_days=15),), statutory=False, pauses=True,
        ),
        Clock("employer", "单位书面答复工会", "talking", ("answered",), law.EMPLOYER_ANSWERED, window=True),
    ),
    papers=(
        Paper(
            "speakup.answered", "关于职工反映事项的答复", ("answered",), "工复〔{年}〕{号}号", texts.ANSWERED,
            asks={"答复内容": "了解到什么、怎样办理、结果如何"}, handed=True,
        ),
    ),
    figures=(
        Flow(
            slug="accepted", title="受理职工诉求", title_en="workers' matters taken up", unit="件", unit_en="matters", act="accepted",
            definition="当期受理的有事即谈诉求件数，以受理日期为准。",
            definition_en="Matters workers brought that were taken up in the period, by day of acceptance.",
        ),
        Flow(
            slug="talks", title="与单位约谈", title_en="talks with employers", unit="件", unit_en="matters", act="talking",
            definition="当期因职工诉求与用人单位开始约谈的件数。",
            definition_en="Matters about which a talk with the employer began in the period.",
        ),
        Flow(
            slug="answered", title="答复职工诉求", title_en="workers' matters answered", unit="件", unit_en="matters", act="answered",
            definition="当期答复职工的诉求件数；重新办理的，以最后一次答复为准，只计一件。",
            definition_en="Matters answered in the period; one that was reopened counts once, by its last answer.",
        ),
        Flow(
            slug="satisfied", title="职工评价满意", title_en="matters rated satisfying", unit="件", unit_en="matters", act="rated",
            kinds=("good",),
            definition="当期职工评价为满意的诉求件数，以评价日期为准。", definition_en="Matters whose worker was satisfied, by day of the rating.",
        ),
    ),
)  # fmt: skip
