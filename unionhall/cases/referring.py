"""What of a matter may be referred, and to whom. Nothing here writes."""

from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.organisations.roles import LAWYER, holders

PLAIN = {
    "number": "编号", "people": "职工姓名", "mobile": "联系人手机号", "employer": "单位", "cause": "类别", "sums": "金额", "opened": "登记日期",
}  # fmt: skip
"""What of every matter may be chosen: key -> title. Besides, the answers to its service's form ("form.<key>")."""


def may_receive() -> frozenset[str]:
    """Posts something may be referred to: those that see matters of their own, and lawyers, who see none."""
    return holders("cases.see") - {"system"} | {LAWYER}


def choices(case: Case) -> dict[str, str]:
    """What of this matter may be chosen: key -> title."""
    return PLAIN | {f"form.{field.key}": field.title for field in services.find(case.service).form}
