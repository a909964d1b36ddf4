"""三方会议任务: what a tripartite meeting gave somebody to do, followed until it is done."""

from unionhall.cases.service import CaseService, Field
from unionhall.indicators.figures import Flow
from unionhall.kernel.clock import Clock, Limit
from unionhall.kernel.workflow import Move, Workflow

service = CaseService(
    key="tripartite.task",
    title="三方会议任务",
    title_en="tasks of tripartite meetings",
    row=29,
    needs_worker=False,
    form=(
        Field("task", "要做什么", required=True, hint="谁、做什么、做到什么程度"),
        Field("owner", "责任方", required=True, choices={"union": "工会", "authority": "人社部门", "employers": "企业方面"}),
    ),
    workflow=Workflow(
        "received",
        Move("finish", "received", "finished", by="rights", asks=("finding",), title="已完成"),
        Move("drop", "received", "dropped", by="rights", asks=("reason",), title="不再办理"),
        titles={"received": "办理中", "finished": "已完成", "dropped": "不再办理"},
    ),
    clocks=(
        Clock("finish", "完成三方会议任务", "received", ("finished", "dropped"), (Limit("会议纪要", days=90),), statutory=False),
    ),
    figures=(
        Flow(
            slug="finished", title="完成三方会议任务", title_en="tasks of tripartite meetings finished", unit="项", unit_en="tasks", act="finished",
            definition="当期完成的三方会议任务项数。", definition_en="Tasks given by tripartite meetings that were finished in the period.",
        ),
    ),
)  # fmt: skip
