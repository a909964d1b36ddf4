"""One employer in the register: written in by an officer, and put right."""

from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import narrow, parse_uscc, squeeze
from unionhall.organisations import places
from unionhall.organisations.actions.employers import EmployerRow, change_employers, record_employers
from unionhall.organisations.actions.locked import locked
from unionhall.organisations.models import Cover, Employer
from unionhall.organisations.roles import holders
from unionhall.organisations.vocabulary import OWNERSHIP

RIGHT = "employers.change"
SHORTEST_REASON = 4
MOST_WORKERS = 1_000_000


class Stated(NamedTuple):
    """An employer as an officer states it. `uscc_override` says why a code whose check fails is true all the same."""

    uscc: str
    name: str
    path: str
    ownership: str = ""
    industry: str = ""
    workers: int = 0
    uscc_override: str = ""


def add_employer(stated: Stated, *, by: Actor) -> int:
    """Write an employer into the register; its id."""
    with transaction.atomic():
        row = _settled(stated, None, by=by)
        (number,) = record_employers([row], by=by)
        audit.write("employer.add", by=by, subject=f"employer:{number}", path=row.path, keys=[(Employer, [number])])
        return number


def correct_employer(employer: int, stated: Stated, *, by: Actor) -> Stated:
    """Put an employer right; what was written of it before. Its open covers go where it goes; earlier ones and the
    journal stay as they were told, dated lists too.
    """
    with transaction.atomic():
        before = locked(Employer, employer, right=RIGHT, by=by)
        row = _settled(stated, employer, by=by)
        said = Stated(before.uscc, before.name, before.path, before.ownership, before.industry, before.workers,
                      before.uscc_override)  # fmt: skip
        if said == Stated(*row[:-1]):
            raise Refused("没有任何改动，请修改后再提交。")
        change_employers([(employer, row)], by=by)
        covers = Cover.objects.filter(employer=employer, until=None).exclude(path=row.path)
        moved = list(covers.values_list("pk", flat=True))
        Cover.objects.filter(pk__in=moved).update(path=row.path)
        changed = [name for name, was, now in zip(Stated._fields, said, row, strict=False) if was != now]
        journal.write(
            journal.Entry("employer", "corrected", row.path, timezone.localdate(), f"employer:{employer}",
                          employer=employer, reason="、".join(_NAMES[name] for name in changed)), by=by,
        )  # fmt: skip
        audit.write("employer.correct", by=by, subject=f"employer:{employer}", path=row.path,
                    keys=[(Employer, [employer]), (Cover, moved)], note=" ".join(changed))  # fmt: skip
        return said


_NAMES = {"uscc": "统一社会信用代码", "name": "名称", "path": "地方", "ownership": "经济类型", "industry": "行业",
          "workers": "职工人数", "uscc_override": "代码例外说明"}  # fmt: skip


def _settled(stated: Stated, employer: int | None, *, by: Actor) -> EmployerRow:
    by.must_reach(stated.path, *holders(RIGHT))
    places.standing(stated.path, timezone.localdate())
    name = stated.name.strip()
    if not name:
        raise Refused("请填写单位名称。", code="name")
    if stated.ownership and stated.ownership not in OWNERSHIP:
        raise Refused("没有这个经济类型，请从列表中选。", code="ownership")
    if not 0 <= stated.workers <= MOST_WORKERS:
        raise Refused("职工人数应在 0 到 {most_workers:,} 之间，请核对。", code="workers", most_workers=MOST_WORKERS)
    uscc, override = _code(stated)
    twin = Employer.objects.filter(uscc=uscc).exclude(pk=employer).first()
    if twin is not None:
        known = f"“{twin.name}”" if by.reaches(twin.path, *holders("employers.see")) else "别的地方的一家单位"
        raise Refused(
            "这个统一社会信用代码已登记为{known}，请核对；单位迁移由区组织部门办理。", code="uscc", known=known
        )
    return EmployerRow(
        uscc, name, stated.path, stated.ownership, narrow(stated.industry).upper(), stated.workers, override
    )


def _code(stated: Stated) -> tuple[str, str]:
    """The settled code, and the reason it stands on when a check character of it fails: kept only when one does."""
    try:
        return parse_uscc(stated.uscc), ""
    except Refused as refused:
        if refused.code != "uscc.check":
            raise refused.at("uscc") from refused
        reason = stated.uscc_override.strip()
        if not reason:
            raise Refused("{what}。", code="uscc", what=refused.message) from refused
        if len(reason) < SHORTEST_REASON:
            raise Refused(
                "请写明采用这个代码的依据，至少 {shortest_reason} 个字，例如“与营业执照原件一致”。",
                code="uscc_override",
                shortest_reason=SHORTEST_REASON,
            ) from refused
        return squeeze(stated.uscc).upper(), reason[:200]
