"""The way of every grant of money: asked for, checked, approved, paid once."""

from unionhall.cases.reach import WORKER
from unionhall.kernel.workflow import Move, Workflow


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
