"""Into what a dispute may be turned, and where else it may be taken. Nothing here writes."""

from unionhall.cases import reach
from unionhall.cases import service as services
from unionhall.cases.models import Case
from unionhall.cases.service import CaseService
from unionhall.kernel.actor import Actor

BODIES = {"arbitration": "仲裁", "court": "法院", "inspection": "劳动监察", "other": "其他机构"}
RESULTS = {
    "won": "支持职工",
    "partly": "部分支持",
    "lost": "不支持",
    "settled": "在那里和解",
    "withdrawn": "撤回",
    "refused": "没有受理",
}
"""What came of a dispute before such a body."""


def may_become(case: Case, by: Actor) -> list[CaseService]:
    """The services a matter can be turned into now, by this actor."""
    if not services.find(case.service).chain or case.merged_into_id is not None:
        return []
    going = set(Case.objects.of_chain(case.root).filter(closed_on=None).values_list("service", flat=True))
    return [
        one for one in services.everyone()
        if one.chain and one.key != case.service and one.key not in going and reach.may_handle(by, one.key, case.path)
    ]  # fmt: skip


def carried(case: Case, service: CaseService) -> list[str]:
    """The keys of the sealed questions both forms ask, whose answers go with the matter."""
    if case.sealed_details is None:
        return []
    asked = {field.key for field in services.find(case.service).form if field.sealed}
    return [field.key for field in service.form if field.sealed and field.key in asked]
