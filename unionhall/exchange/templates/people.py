"""The members' real-name form: who is new, who changed, who is doubtful, who cannot be admitted."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from unionhall.exchange import before, membersheet
from unionhall.exchange.membersheet import ENDED, STATES
from unionhall.exchange.template import Columns, Judged, Loader, Reason, Row, Swept, Template, Verdict
from unionhall.exchange.templates.sweeping import Divisions, Sweeping
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.identifiers import KINDS, name_key
from unionhall.organisations.models import Employer, Union
from unionhall.people import actions
from unionhall.people.actions import At, Identity, Standing
from unionhall.people.models import Membership, Person
from unionhall.storage.sealed import indexer

LEAST_AGE = 16
"""Labour Law (劳动法) art. 15: nobody under 16 may be employed; art. 58: from 16 to 18 a minor worker."""
OF_AGE = 18
_ALIKE = "同名同手机号"


Seen = tuple[int, bytes, str, str, str]
"""What is kept of an earlier row of the file: sheet row, digest, name, union, employer's code."""


class Known(NamedTuple):
    """A person already on the books, with the latest membership."""

    id: int
    name: str
    mobile_index: bytes | None
    sex: str
    birth: date | None
    ethnicity: str
    education: str
    hukou: str
    membership: Membership | None


class Found(NamedTuple):
    """What judging a row found, for writing it."""

    number_index: bytes
    mobile_index: bytes | None
    union: At
    employer: int | None
    known: Known | None


class MemberLoader(Loader):
    """Members, found by the blind index of their number; never by name."""

    fills = (Person, Membership, Line)

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        unions = list(Union.objects.values_list("id", "code", "name", "path", "kind"))
        self.names = {pk: f"“{name}”（{code}）" for pk, code, name, _, _ in unions}
        self.unions: dict[str, At | None] = {}
        for pk, _, name, path, kind in unions:
            self.unions[name] = None if name in self.unions else At(pk, path, kind)  # two of one name name neither
        self.unions |= {code: At(pk, path, kind) for pk, code, _, path, kind in unions}
        self.employers = dict(Employer.objects.values_list("uscc", "id"))
        self.number_of, self.mobile_of = indexer(Person, "number"), indexer(Person, "mobile")
        self.empty = not Person.objects.exists()
        self.seen: dict[bytes, Seen] = {}
        self.phones: set[bytes] = set()
        self.alike: set[bytes] = set()
        self.divisions = Divisions()
        self.adult_year = today.year - OF_AGE - 1
        self.sweeping = Sweeping(self, self.adult_year, LEAST_AGE)

    @property
    def asks_nothing(self) -> bool:
        return self.empty

    def known(self) -> set[bytes]:
        if self.empty:
            return set()
        held = Membership.objects.filter(digest__isnull=False).values_list("digest", flat=True)
        return {bytes(digest) for digest in held if digest is not None}

    def judge(self, rows: Sequence[Row]) -> list[Judged]:
        numbers = list(map(self.number_of, [row.document_number for row in rows]))
        mobile_of = self.mobile_of
        mobiles = [mobile_of(row.mobile) if row.mobile else None for row in rows]
        known = {} if self.empty else self._known(numbers)
        if not self.empty:
            self.alike.update(_held(mobiles))
        judge = self._judge
        return [
            judge(row, number, mobile, known.get(number))
            for row, number, mobile in zip(rows, numbers, mobiles, strict=True)
        ]

    def sweep(self, columns: Columns, digests: Sequence[bytes]) -> Swept | None:
        return self.sweeping(columns, digests) if self.empty else None

    def write_swept(self, block: actions.Roll, batch: int) -> None:
        actions.enrol(block, by=self.actor, batch=batch)

    def write(self, judged: Sequence[Judged], batch: int) -> None:
        fresh = [one for one in judged if one.note.known is None]
        if fresh:
            self._admit(fresh, batch)
        if len(fresh) < len(judged):
            self._change([one for one in judged if one.note.known is not None], batch)

    def finish(self, batch: int) -> None:
        """Two persons of one name with one mobile may be one: offered to an officer."""
        people: dict[tuple[bytes, str], list[int]] = {}
        found = Person.objects.filter(mobile_index__in=list(self.alike), merged_into=None).order_by("id")
        for pk, mobile, key in found.values_list("id", "mobile_index", "name_key"):
            assert mobile is not None
            people.setdefault((bytes(mobile), key), []).append(pk)
        pairs = [(same[0], other) for same in people.values() for other in same[1:]]
        if pairs:
            actions.offer_duplicates(pairs, by=self.actor, because=_ALIKE, batch=batch)

    def _judge(self, row: Row, number: bytes, mobile: bytes | None, known: Known | None) -> Judged:
        union = self.unions.get(row.union)
        employer = self.employers.get(row.uscc) if row.uscc else None
        birth, since = row.birth, row.since
        reasons: list[Reason] = []
        if (
            union is None or (employer is None and row.uscc) or since > self.today
            or birth.year > self.adult_year or since.year - birth.year <= LEAST_AGE
        ):  # fmt: skip
            refused = self._refusal(row, union, employer)
            if refused:
                return Judged(row, Verdict.REFUSED, refused)
            reasons += self._minor(row)
        seen = self.seen.setdefault(number, (row.number, row.digest, row.name, row.union, row.uscc))
        if seen[0] != row.number:
            return _twice(row, seen)
        if mobile is not None:
            (self.alike if mobile in self.phones else self.phones).add(mobile)
        reasons += self._document_doubts(row)
        assert union is not None
        note = Found(number, mobile, union, employer, known)
        if known is not None:
            return self._judge_known(row, note, known, reasons)
        if row.state in ENDED:
            return Judged(
                row, Verdict.REFUSED, (("state", f"此人不在册，不能登记“{STATES[row.state]}”；请先登记入会"),)
            )
        if row.changed_on is not None:
            reasons.append(("changed_on", "新登记的会员还没有变动，采用则不记这个日期，请核对"))
        if reasons:
            return Judged(row, Verdict.DOUBTFUL, tuple(reasons), Verdict.NEW, note)
        return Judged(row, Verdict.NEW, (), None, note)

    def _refusal(self, row: Row, union: At | None, employer: int | None) -> tuple[Reason, ...]:
        reasons: list[Reason] = []
        if union is None:
            same = row.union in self.unions
            reasons.append(
                (
                    "union",
                    f"有几个工会都叫“{row.union}”，请填工会编号"
                    if same
                    else f"没有编号或名称为“{row.union}”的工会，请先导入工会组织表或核对",
                )
            )
        if row.uscc and employer is None:
            reasons.append(("uscc", f"没有代码为 {row.uscc} 的单位，请先导入法人单位名册或核对"))
        if row.since > self.today:
            reasons.append(("since", f"批准入会日期 {row.since.isoformat()} 在今天以后，请核对"))
        elif _age(row.birth, self.today) < LEAST_AGE:
            reasons.append(("document_number", f"未满{LEAST_AGE}周岁，不能入会（劳动法第十五条），请核对证件号码"))
        elif _age(row.birth, row.since) < LEAST_AGE:
            reasons.append(("since", f"批准入会时未满{LEAST_AGE}周岁，请核对批准入会日期或证件号码"))
        return tuple(reasons)

    def _minor(self, row: Row) -> list[Reason]:
        age = _age(row.birth, self.today)
        if age >= OF_AGE:
            return []
        return [("document_number", f"现为{age}周岁，是未成年工（劳动法第五十八条），请核对后采用")]

    def _document_doubts(self, row: Row) -> tuple[Reason, ...]:
        if row.document != "citizen":
            if row.document[-1] != "?":
                return ()
            return (("document", f"按{KINDS[row.document[:-1]]}识别，请核对证件类型"),)
        division = row.document_number[:6]
        if row.birth.year > self.divisions[division]:
            return (("document_number", f"行政区划代码 {division} 查不到，或出生时已撤销，请核对前6位"),)
        if row.document_number.endswith("000"):
            return (("document_number", "号码以000结尾，请核对是否被表格改成了数字"),)
        return ()

    def _judge_known(self, row: Row, note: Found, known: Known, reasons: list[Reason]) -> Judged:
        if name_key(row.name) != name_key(known.name):
            reasons.append(("name", f"此证件号码已登记为“{known.name}”，姓名不同；确为改名的，请采用"))
        held = known.membership
        if held is None or held.until is not None:
            return _again(row, note, held, reasons)
        if held.digest is not None and bytes(held.digest) in self.stood:
            at = self.stood[bytes(held.digest)]
            if row.digest == bytes(held.digest):
                return Judged(row, Verdict.REFUSED, ((None, f"与第{at}行完全相同，请删去一行"),))
            return Judged(
                row, Verdict.DOUBTFUL, ((None, f"与第{at}行是同一人，内容不同；一人只有一个会籍，请只保留一行"),)
            )
        wrong = _day_refused(row, held, self.today)
        if wrong:
            return Judged(row, Verdict.REFUSED, wrong)
        if row.state in ENDED and row.changed_on is None:
            reasons.append(("changed_on", f"没有写“{STATES[row.state]}”是哪一天；采用则以导入之日为准"))
        if held.union_id != note.union.id:
            if row.state in ENDED:
                return Judged(
                    row, Verdict.REFUSED, (("union", f"此人会籍在{self.names[held.union_id]}，不在这个工会，请核对"),)
                )
            reasons.append(("union", f"此人现为{self.names[held.union_id]}会员，一人两个单位；确为转会的，请采用"))
        elif not reasons and _same(row, note, known, held):
            return Judged(row, Verdict.UNCHANGED)
        if reasons:
            return Judged(row, Verdict.DOUBTFUL, tuple(reasons), Verdict.CHANGED, note)
        return Judged(row, Verdict.CHANGED, (), None, note)

    def _known(self, numbers: list[bytes]) -> dict[bytes, Known]:
        """Persons behind these indexes; one who was merged stands for the person kept."""
        people = {}
        for at in range(0, len(numbers), 5_000):
            for person in Person.objects.filter(number_index__in=numbers[at : at + 5_000]).select_related(
                "merged_into"
            ):
                people[bytes(person.number_index)] = person.merged_into or person
        latest: dict[int, Membership] = {}
        ids = [person.pk for person in people.values()]
        for at in range(0, len(ids), 5_000):
            for membership in Membership.objects.filter(person__in=ids[at : at + 5_000]).order_by("since", "id"):
                earlier = latest.get(membership.person_id)
                if earlier is None or earlier.until is not None:
                    latest[membership.person_id] = membership
        return {
            number: Known(
                p.pk,
                p.name,
                None if p.mobile_index is None else bytes(p.mobile_index),
                p.sex,
                p.birth,
                p.ethnicity,
                p.education,
                p.hukou,
                latest.get(p.pk),
            )
            for number, p in people.items()
        }

    def _admit(self, judged: Sequence[Judged], batch: int) -> None:
        people, standings = [], []
        for one in judged:
            row = one.row
            number, mobile, union, employer, _ = one.note
            people.append((
                row.name, row.document.rstrip("?"), row.document_number, number, row.mobile, mobile, row.sex, row.birth,
                row.ethnicity, row.education, row.hukou,
            ))  # fmt: skip
            standings.append((union, employer, row.state, row.job, row.contract, row.since, row.digest))
        numbers = actions.add_persons(list(map(Identity._make, people)), by=self.actor, batch=batch)
        actions.admit([Standing(number, *rest) for number, rest in zip(numbers, standings, strict=True)],
                      by=self.actor, batch=batch)  # fmt: skip

    def _change(self, judged: Sequence[Judged], batch: int) -> None:
        before.keep(batch, Person, [one.note.known.id for one in judged])
        before.keep(batch, Membership, [one.note.known.membership.pk for one in judged if one.note.known.membership])
        persons = [(one.note.known.id, _identity(one.row, one.note)) for one in judged]
        actions.change_persons(persons, by=self.actor, batch=batch)
        again: list[Standing] = []
        restated: dict[date, list[tuple[int, Standing]]] = {}
        moved: dict[date, list[tuple[int, Standing]]] = {}
        ended: dict[tuple[str, date], list[int]] = {}
        for one in judged:
            held, standing = one.note.known.membership, _standing(one.row, one.note)
            on = one.row.changed_on or self.today
            if held is None or held.until is not None:
                again.append(standing)
            elif one.row.state in ENDED:
                ended.setdefault((one.row.state, on), []).append(held.pk)
            elif held.union_id != one.note.union.id:
                stated = one.row.changed_on or (standing.since if standing.since > held.since else self.today)
                moved.setdefault(stated, []).append((held.pk, standing))
            else:
                restated.setdefault(on, []).append((held.pk, standing))
        actions.admit(again, by=self.actor, batch=batch)
        for on, changes in restated.items():
            actions.restate(changes, by=self.actor, on=on, batch=batch)
        for on, moves in moved.items():
            actions.transfer(moves, by=self.actor, on=on, batch=batch)
        for (because, on), gone in ended.items():
            actions.end(gone, by=self.actor, on=on, because=because, batch=batch)


def _day_refused(row: Row, held: Membership, today: date) -> tuple[Reason, ...]:
    """A change lies within the membership it changes, and not ahead."""
    if row.changed_on is None:
        return ()
    if row.changed_on > today:
        return (("changed_on", f"变动日期 {row.changed_on.isoformat()} 在今天以后，请核对"),)
    if row.changed_on < held.since:
        return (("changed_on", f"变动日期 {row.changed_on.isoformat()} 早于入会日期 {held.since.isoformat()}，请核对"),)
    return ()


def _held(mobiles: Sequence[bytes | None]) -> set[bytes]:
    """Which of these mobile numbers somebody on the books already has."""
    wanted = [mobile for mobile in mobiles if mobile is not None]
    held: set[bytes] = set()
    for at in range(0, len(wanted), 5_000):
        part = Person.objects.filter(mobile_index__in=wanted[at : at + 5_000]).values_list("mobile_index", flat=True)
        held.update(bytes(mobile) for mobile in part if mobile is not None)
    return held


def _twice(row: Row, seen: Seen) -> Judged:
    number, digest, name, union, uscc = seen
    if row.digest == digest:
        return Judged(row, Verdict.REFUSED, ((None, f"与第{number}行完全相同，请删去一行"),))
    if name_key(row.name) != name_key(name):
        reason = ("document_number", f"与第{number}行证件号码相同而姓名不同，请按证件核对")
    elif (row.union, row.uscc) != (union, uscc):
        reason = ("uscc", f"与第{number}行是同一人，单位不同；一人只有一个会籍，请核对后只保留一行")
    else:
        reason = ("document_number", f"与第{number}行是同一人，内容不同；请核对后只保留一行")
    return Judged(row, Verdict.DOUBTFUL, (reason,))


def _again(row: Row, note: Found, held: Membership | None, reasons: list[Reason]) -> Judged:
    """Somebody on the books without a standing membership: the row says so too, or the person comes back."""
    if row.state in ENDED:
        if held is not None and held.union_id == note.union.id and held.ended_because == row.state:
            if row.changed_on in (None, held.until):
                return Judged(row, Verdict.UNCHANGED)
            until = held.until.isoformat() if held.until else ""
            return Judged(
                row, Verdict.REFUSED, (("changed_on", f"此人已于 {until} 登记“{STATES[row.state]}”，日期不同，请核对"),)
            )
        return Judged(
            row, Verdict.REFUSED, (("state", f"此人没有正在生效的会籍，不能登记“{STATES[row.state]}”，请核对"),)
        )
    if held is not None and held.until is not None and row.since < held.until:
        reasons.append(("since", f"此人上一段会籍到 {held.until.isoformat()} 才终止，请核对批准入会日期"))
        return Judged(row, Verdict.DOUBTFUL, tuple(reasons))
    if reasons:
        return Judged(row, Verdict.DOUBTFUL, tuple(reasons), Verdict.NEW, note)
    return Judged(row, Verdict.NEW, (), None, note)


def _same(row: Row, note: Found, known: Known, held: Membership) -> bool:
    """Does everything the row states already stand? A cell left empty states nothing."""
    stated: tuple[tuple[Any, Any], ...] = (
        (row.name, known.name), (note.mobile_index, known.mobile_index), (row.sex, known.sex), (row.birth, known.birth),
        (row.ethnicity, known.ethnicity), (row.education, known.education), (row.hukou, known.hukou),
        (note.employer, held.employer_id), (row.job, held.job), (row.contract, held.contract), (row.state, held.state),
        (row.since, held.since if held.follows_id is None else row.since),
    )  # fmt: skip
    return all(now == was for now, was in stated if now not in ("", None))


def _identity(row: Row, note: Found) -> Identity:
    known = note.known
    assert known is not None
    return Identity(row.name, row.document.rstrip("?"), row.document_number, note.number_index, row.mobile,
                    note.mobile_index, row.sex or known.sex, row.birth or known.birth, row.ethnicity or known.ethnicity,
                    row.education or known.education, row.hukou or known.hukou)  # fmt: skip


def _standing(row: Row, note: Found) -> Standing:
    known = note.known
    assert known is not None
    held = known.membership
    if held is None:
        return Standing(known.id, note.union, note.employer, row.state, row.job, row.contract, row.since, row.digest)
    return Standing(known.id, note.union, note.employer or (held.employer_id if held.union_id == note.union.id else None),
                    row.state, row.job or held.job, row.contract or held.contract, row.since, row.digest)  # fmt: skip


def _age(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


TEMPLATE = Template(
    "members", "会员实名制登记表", "Members' real-name register", membersheet.COLUMNS,
    "每人一行。证件号码是识别人的依据；同一号码再次导入时，只更新写明的内容，空格不改动原值。",
    MemberLoader, membersheet.check, membersheet.check_all,
)  # fmt: skip
