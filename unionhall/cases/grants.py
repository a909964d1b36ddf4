"""The way of every grant of money: asked for, checked, approved, paid once; and the papers made out about it."""

from unionhall.cases import paper_texts as texts
from unionhall.cases.papers import Paper
from unionhall.cases.reach import WORKER
from unionhall.kernel.workflow import Move, Workflow

PAPERS = (
    Paper(
        "aid.approval", "困难职工救助审批表", ("verified", "approved", "paid"), "工帮审〔{年}〕{号}号", texts.APPROVAL,
        asks={"申请理由和家庭情况": "家庭人口、收入、困难原因", "调查核实情况": "谁在什么时候怎样核实"},
    ),
    Paper("aid.notice", "拟救助名单公示", ("approved",), "工帮公示〔{年}〕{号}号", texts.NOTICE, many=True),
)  # fmt: skip
"""Made by every grant of the aids; one text each, of the department that answers for them."""
CLAIM_PAPER = Paper(
    "insurance.settled",
    "理赔通知书",
    ("approved", "paid"),
    "工保理字〔{年}〕{号}号",
    texts.CLAIM,
    asks={"计算依据": "哪一条、怎么算的"},
    handed=True,
)
"""Made by every claim of mutual insurance."""


def grant_workflow(title: str) -> Workflow:
    """The workflow of a grant called `title`; the treasurer's move pays it (cases.actions posts to the ledger)."""
    return Workflow(
        "received",
        Move("withdraw", "received", "withdrawn", by=WORKER, title="撤回"),
        Move("verify", "received", "verified", by="station_worker", title="核实"),
        Move("decline", "received", "declined", by="station_worker", asks=("reason",), title="不予办理"),
        Move("approve", "verified", "approved", by="aid", asks=("fen_agreed",), title="批准"),
        Move("reject", "verified", "declined", by="aid", asks=("reason",), title="不予批准"),
        Move("drop", "approved", "declined", by="aid", asks=("reason",), title="不再发放"),
        Move("pay", "approved", "paid", by="finance", asks=("fund",), title=f"发放{title}"),
        titles={
            "received": "已申请",
            "verified": "已核实",
            "approved": "已批准",
            "paid": "已发放",
            "declined": "不予办理",
            "withdrawn": "撤回",
        },
    )
