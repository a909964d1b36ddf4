"""Legal-person registers: 法人单位名册, dated lists that are the base of rates."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

from unionhall.exchange import before, kinds
from unionhall.exchange.keyed import Remarks, check_past
from unionhall.exchange.references import Places
from unionhall.exchange.template import Column, Judged, Loader, Row, Template, Verdict
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import parse_uscc
from unionhall.organisations import actions
from unionhall.organisations.models import Employer, Register, RegisterEntry
from unionhall.organisations.vocabulary import OWNERSHIP, REGISTER_USES

COLUMNS = (
    Column("list_name", "名单名称", kinds.text(64), required=True, example="非公企业法人单位库"),
    Column("uses", "名单用途", kinds.words_many(REGISTER_USES), required=True, words=REGISTER_USES, example="建会率",
           explain="这份名单作为哪个比率的基数，几项之间用顿号；只登记单位的填“无”"),
    Column("as_of", "名单日期", kinds.day(), required=True, example="2014-12-31", explain="名单截至哪一天；一个文件可以有几份名单"),
    Column("uscc", "统一社会信用代码", kinds.uscc_shape(), required=True, aliases=("单位代码", "信用代码"),
           explain="18位；本列须为文本格式"),
    Column("name", "单位名称", kinds.text(128), required=True, aliases=("企业名称", "单位全称")),
    Column("ownership", "所有制", kinds.words(OWNERSHIP), words=OWNERSHIP, aliases=("经济类型",), example="非公"),
    Column("industry", "行业代码", kinds.code(8), aliases=("行业",), explain="GB/T 4754 的代码"),
    Column("place", "地方代码", kinds.code(12), aliases=("区划代码", "所在地代码"), explain="不填时沿用已登记的，新单位记在区里"),
    Column("workers", "职工人数", kinds.whole(0, 1_000_000), required=True, aliases=("从业人数", "人数"), example="35"),
    Column("override", "代码例外说明", kinds.text(200), explain="证照上的代码校验码确实不符时，写明核对情况"),
)  # fmt: skip

_AT_ONCE = 10_000


class _Stated(NamedTuple):
    """What a list says of an employer beside name and head-count; what it leaves empty is as it was said before."""

    path: str
    ownership: str
    industry: str


class EmployersLoader(Loader):
    """Employers and the lists they stand on. An employer is as its newest list says; entries are as their own list says.

    Sees the whole file at once, for one employer may stand on several of its lists.
    """

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places = Places()
        self.registers = {
            (serves, as_of): name for serves, as_of, name in Register.objects.values_list("serves", "as_of", "name")
        }
        self.employers: dict[str, Employer] = {}
        self.entries: dict[tuple[str, date, str], tuple[int, bytes | None]] = {}
        self.newest: dict[str, date] = {}
        self.seen: dict[Hashable, int] = {}

    def judge(self, rows: Sequence[Row]) -> list[Judged]:
        self._prepare(rows)
        judged = [self._judge(row) for row in rows]
        self._carry(judged)
        return judged

    def write(self, judged: Sequence[Judged], batch: int) -> None:
        last: dict[str, Judged] = {}
        for one in judged:
            held = last.get(one.row.uscc)
            if held is None or held.row.as_of <= one.row.as_of:
                last[one.row.uscc] = one
        employers = self._write_employers(list(last.values()), batch)
        self._write_entries([one for one in judged if one.row.uses != ("none",)], employers, batch)

    def _prepare(self, rows: Sequence[Row]) -> None:
        codes = sorted({row.uscc for row in rows})
        for at in range(0, len(codes), _AT_ONCE):
            part = codes[at : at + _AT_ONCE]
            self.employers |= {employer.uscc: employer for employer in Employer.objects.filter(uscc__in=part)}
            listed = RegisterEntry.objects.filter(employer__uscc__in=part).values_list(
                "id", "digest", "register__serves", "register__as_of", "employer__uscc"
            )
            for number, digest, serves, as_of, uscc in listed:
                self.entries[serves, as_of, uscc] = (number, digest)
                self.newest[uscc] = max(as_of, self.newest.get(uscc, as_of))

    def _judge(self, row: Row) -> Judged:
        remarks = Remarks()
        check_past(remarks, "as_of", row.as_of, self.today)
        _look_at_code(row, remarks)
        for serves in row.uses:
            first = self.seen.setdefault((serves, row.as_of, row.uscc), row.number)
            if first != row.number:
                remarks.refuse("uscc", f"这家单位在同一份名单里已有第 {first} 行，请只留一行")
                break
        if "none" in row.uses and len(row.uses) > 1:
            remarks.refuse("uses", "填了“无”就不能再填别的用途")
        for serves in row.uses:
            name = self.registers.setdefault((serves, row.as_of), row.list_name)
            if serves != "none" and name != row.list_name:
                remarks.refuse(
                    "list_name",
                    f"{row.as_of.isoformat()} 已有名单“{name}”作为{REGISTER_USES[serves]}的基数，同一天只能有一份",
                )
        path = self.places.path(row.place, row.as_of, remarks) if row.place else ""
        if remarks.refused:
            return Judged(row, Verdict.REFUSED, tuple(remarks.refused))
        return Judged(
            row, self._verdict(row, self.employers.get(row.uscc)), note=_Stated(path, row.ownership, row.industry)
        )

    def _carry(self, judged: Sequence[Judged]) -> None:
        """Fill what a list leaves empty from the lists before it, in this file and in the register; nothing newer is known
        of a new employer than the district it is in.
        """
        known = {
            uscc: _Stated(employer.path, employer.ownership, employer.industry)
            for uscc, employer in self.employers.items()
        }
        good = [one for one in judged if one.verdict is not Verdict.REFUSED]
        # Of the lists of one day, those that name the place come first.
        for one in sorted(good, key=lambda one: (one.row.as_of, not one.row.place)):
            uscc, as_of = one.row.uscc, one.row.as_of
            was = known.get(uscc, _Stated(self.places.top, "", ""))
            one.note = _Stated(*(said or before for said, before in zip(one.note, was, strict=True)))
            if as_of >= self.newest.get(uscc, as_of):
                known[uscc] = one.note

    def _verdict(self, row: Row, employer: Employer | None) -> Verdict:
        if employer is None:
            return Verdict.NEW
        if row.uses == ("none",):
            if employer.digest is not None and bytes(employer.digest) == row.digest:
                return Verdict.UNCHANGED
            return Verdict.CHANGED if row.as_of >= self.newest.get(row.uscc, row.as_of) else Verdict.UNCHANGED
        entries = [self.entries.get((serves, row.as_of, row.uscc)) for serves in row.uses]
        if None in entries:
            return Verdict.NEW
        same = all(entry[1] is not None and bytes(entry[1]) == row.digest for entry in entries if entry is not None)
        return Verdict.UNCHANGED if same else Verdict.CHANGED

    def _write_employers(self, judged: Sequence[Judged], batch: int) -> dict[str, int]:
        """Record the new ones, bring the others up to a list that is not older; uscc -> id."""
        new = [one for one in judged if one.row.uscc not in self.employers]
        numbers = actions.record_employers([_employer(one.row, one.note) for one in new], by=self.actor, batch=batch)
        found = {one.row.uscc: number for one, number in zip(new, numbers, strict=True)}
        changed = []
        for one in judged:
            employer = self.employers.get(one.row.uscc)
            if employer is None:
                continue
            found[employer.uscc] = employer.pk
            if one.row.as_of >= self.newest.get(employer.uscc, one.row.as_of):
                changed.append((employer.pk, _employer(one.row, one.note)))
        before.keep(batch, Employer, [number for number, _ in changed])
        actions.change_employers(changed, by=self.actor, batch=batch)
        return found

    def _write_entries(self, judged: Sequence[Judged], employers: dict[str, int], batch: int) -> None:
        registers: dict[tuple[str, date], int] = {}
        new: list[actions.EntryRow] = []
        changed: list[tuple[int, actions.EntryRow]] = []
        for one in judged:
            row = one.row
            for serves in row.uses:
                if (serves, row.as_of) not in registers:
                    registers[serves, row.as_of] = actions.open_register(
                        row.list_name, row.as_of, serves, by=self.actor, batch=batch
                    )
                entry = actions.EntryRow(
                    registers[serves, row.as_of], employers[row.uscc], one.note.path, row.workers, row.digest
                )
                standing = self.entries.get((serves, row.as_of, row.uscc))
                if standing is None:
                    new.append(entry)
                else:
                    changed.append((standing[0], entry))
        actions.record_entries(new, by=self.actor, batch=batch)
        before.keep(batch, RegisterEntry, [number for number, _ in changed])
        actions.change_entries(changed, by=self.actor, batch=batch)


def _look_at_code(row: Row, remarks: Remarks) -> None:
    if row.override:
        return
    try:
        parse_uscc(row.uscc)
    except Refused as refused:
        remarks.refuse("uscc", f"{refused.message}（写在“代码例外说明”里）")


def _employer(row: Row, stated: _Stated) -> actions.EmployerRow:
    return actions.EmployerRow(
        uscc=row.uscc, name=row.name, path=stated.path, ownership=stated.ownership, industry=stated.industry, workers=row.workers, uscc_override=row.override,
        digest=row.digest,
    )  # fmt: skip


TEMPLATES = (
    Template(
        "employers", "法人单位名册", "legal-person register", COLUMNS,
        "一行一家单位。名单有日期、有用途：建会率、入会率、签订率各按最近一份名单计算。单位的名称、地址、人数以最新名单为准。",
        EmployersLoader, whole=True,
    ),
)  # fmt: skip
