"""切身利益事项协商: what concerns all workers of an employer, from their forums to a measure both sides can live with.

劳动合同法 第四条: rules and decisions that touch workers directly are discussed by the congress or by all workers, who make
proposals, and are settled on an equal footing with the union. A factory that moves is such a matter. The congress's own vote is
a ballot of its own; here stands the day it passed.
"""

from unionhall.cases import law
from unionhall.cases.service import CaseService, Field
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock
from unionhall.kernel.workflow import Move, Workflow

service = CaseService(
    key="measures",
    title="切身利益事项协商",
    title_en="matters that concern all workers",
    row=30,
    needs_worker=False,
    chain="brings",
    causes={
        "move": "搬迁、停产、裁员", "pay": "劳动报酬", "hours": "工作时间和休假", "safety": "劳动安全卫生", "welfare": "保险福利", "rules": "劳动纪律和定额",
    },
    form=(
        Field("topic", "什么事", required=True, hint="单位打算怎样做，涉及哪些职工"),
    ),
    workflow=Workflow(
        "received",
        Move("forum", "received", "consulted", by="station_worker", asks=("attended", "minutes"), title="召开座谈会"),
        Move("drop", "received", "dropped", by="station_worker", asks=("reason",), title="不再协商"),
        Move("again", "consulted", "consulted", by="station_worker", asks=("attended", "minutes"), title="再开一次座谈会"),
        Move("hand", "consulted", "handed", by="station_worker", asks=("opinions",), title="意见交单位"),
        Move("end", "consulted", "dropped", by="station_worker", asks=("reason",), title="不再协商"),
        Move("draft", "handed", "drafted", by="station_worker", asks=("draft",), title="收到办法草案"),
        Move("end_talks", "handed", "dropped", by="station_worker", asks=("reason",), title="不再协商"),
        Move("revise", "drafted", "handed", by="station_worker", asks=("opinions",), title="退回单位修改"),
        Move("pass", "drafted", "passed", by="station_worker", asks=("assembly",), title="职工大会（代表大会）通过"),
        Move("end_draft", "drafted", "dropped", by="station_worker", asks=("reason",), title="不再协商"),
        titles={
            "received": "已登记", "consulted": "征求职工意见", "handed": "意见已交单位", "drafted": "办法草案", "passed": "大会已通过", "dropped": "不再协商",
        },
    ),
    clocks=(
        Clock("employer", "单位答复职工意见", "handed", ("drafted", "dropped"), law.EMPLOYER_ANSWERED, window=True),
    ),
    figures=(
        Flow(
            slug="forums", title="职工座谈会", title_en="workers' forums", unit="场", unit_en="forums", act="consulted",
            definition="当期就切身利益事项召开的职工座谈会场次，以召开日期为准；一个事项可以开几场。",
            definition_en="Forums held with workers on what concerns them all, by day; a matter may have several.",
        ),
        Flow(
            slug="drafts", title="办法草案", title_en="draft measures", unit="次", unit_en="drafts", act="drafted",
            definition="当期从单位收到的办法草案次数；退回修改后再收到的，另计一次。",
            definition_en="Draft measures received from employers in the period; one that was sent back counts again when it returns.",
        ),
        Flow(
            slug="passed", title="经职工大会通过的办法", title_en="measures passed by workers' congresses", unit="件", unit_en="measures",
            act="passed", definition="当期经职工大会或者职工代表大会通过的办法件数，以通过日期为准。",
            definition_en="Measures passed by a congress or meeting of all workers in the period, by day.",
        ),
    ),
)  # fmt: skip
