"""The parties of a matter: written down, taken out again, given their amounts, named to speak for the others, paid.

The matter's number of workers and its sums follow from them, and so do its journal lines; what was written stays to be seen.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from unionhall.cases import actions, case_moves, chain_moves, note_moves, parties, reach
from unionhall.cases.case_moves import Corrected
from unionhall.cases.models import Case
from unionhall.cases.parties import FEWEST, MOST, SUMS
from unionhall.cases.party_models import APPLICANT, LEFT, RESPONDENT, STRUCK, THIRD, Party
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.identifiers import parse_name

ROLES = {APPLICANT: "申请人", RESPONDENT: "被申请人", THIRD: "第三人"}
MOST_PARTIES = 2_000


class New(NamedTuple):
    """Somebody to be written down: a person (id), a name that is in no roster, or an employer (id). Fen."""

    person: int | None = None
    name: str = ""
    employer: int | None = None
    role: str = APPLICANT
    fen_claimed: int | None = None


class Amounts(NamedTuple):
    """What one worker claims and was promised; fen, None while unknown."""

    claimed: int | None
    agreed: int | None


def add(case: int, new: New, *, on: date, by: Actor) -> int:
    """Write down one more party, from a day on; the party's id. With the first, who brought the matter becomes one, too.

    Refused: somebody who is one already, nobody at all, a matter that is over.
    """
    (added,) = add_many(case, [new], on=on, by=by)
    if isinstance(added, Refused):
        raise added
    return added


def add_many(case: int, news: Sequence[New], *, on: date, by: Actor) -> list[int | Refused]:
    """Write down more parties at once; for each, in order, its id, or why it could not be. Those that can be are written."""
    with transaction.atomic():
        row = _open(case, by)
        if on < row.opened_on or on > timezone.localdate():
            raise Refused("日期应在登记之后、今天之前。", code="on")
        begun = _begin(row)
        told: list[int | Refused] = []
        added = [begun] if begun is not None else []
        for new in news:
            try:
                party = _write(row, new, on)
            except Refused as refused:
                told.append(refused)
            else:
                told.append(party.pk)
                added.append(party)
        if len(added) > (begun is not None):
            _follow(row, "party_added", {"n": len(added)}, "", by, added)
        elif begun is not None:  # nobody came to them
            begun.delete()
        return told


def remove(case: int, party: int, *, reason: str, by: Actor) -> None:
    """Take out who had been written down by mistake; the row stays, with the reason in the matter's notes."""
    if not reason.strip():
        raise Refused("请写明理由。", code="reason")
    with transaction.atomic():
        row = _open(case, by)
        out = _standing(row, party)
        _take_out(row, out, STRUCK)
        _follow(row, "party_struck", {"role": out.role}, reason, by, (out,))


def leave(case: int, *, now: datetime, by: Actor) -> None:
    """A worker leaves a matter they claim in beside others; the others' goes on. Refused: the last one, who withdraws it."""
    with transaction.atomic():
        row: Case | None = None
        if by.person is not None:
            row = Case.objects.select_for_update(of=("self",)).visible_to(by).filter(pk=case).first()
        if row is None:
            raise NotYours(f"case:{case}")
        out = Party.objects.applicants().filter(case=row, person=by.person).first()
        if out is None:
            raise NotYours(f"case:{case}")
        if row.closed_on is not None:
            raise Refused("这件事已经办结，不能再退出。")
        _take_out(row, out, LEFT)
        _follow(row, "party_left", {"on": timezone.localdate(now).isoformat()}, "", by, (out,))


def set_amounts(case: int, amounts: Mapping[int, Amounts], *, reason: str = "", by: Actor) -> None:
    """What each of these workers claims and was promised. Of a matter that is settled, what was promised is corrected, with
    a reason. Refused: less than was paid, or a matter that ended otherwise.
    """
    with transaction.atomic():
        row = _mine(case, by)
        if row.closed_on is not None and row.state != "agreed":
            raise Refused("这个事项已经办结；需要时请先重新办理。")
        if row.closed_on is not None and not reason.strip():
            raise Refused("已经达成协议，改动金额须写明理由。", code="reason")
        touched, gone = [], set[str]()
        for number, said in amounts.items():
            party = _standing(row, number)
            if party.role != APPLICANT:
                raise Refused("金额只登记在申请人名下。")
            if (said.claimed or 0) < 0 or (said.agreed or 0) < (party.fen_paid or 0):
                raise Refused("协议金额不能少于已经支付的金额。", code=f"agreed_{number}")
            if row.closed_on is not None and said.agreed is None:
                raise Refused("已经达成协议，每名职工的协议金额都要填写。", code=f"agreed_{number}")
            if (party.fen_claimed, party.fen_agreed) == said:
                continue
            gone |= {"fen_claimed"} if party.fen_claimed is not None and said.claimed is None else set()
            gone |= {"fen_agreed"} if party.fen_agreed is not None and said.agreed is None else set()
            party.fen_claimed, party.fen_agreed = said
            party.save(update_fields=["fen_claimed", "fen_agreed"])
            touched.append(party)
        if not touched:
            raise Refused("没有改动任何一项。")
        _follow(row, "amounts_set", {"n": len(touched)}, reason, by, touched, sorted(gone))


def name_representatives(case: int, named: Sequence[int], *, by: Actor) -> None:
    """Which of the workers speak for the others: three to five, of ten or more, all of them in the roster.

    From then on the steps a worker takes are theirs.
    """
    with transaction.atomic():
        row = _open(case, by)
        mine = parties.applicants(row)
        if not parties.collective(row):
            raise Refused("满 {collective} 名职工、有共同请求的，才推举代表。", collective=parties.COLLECTIVE)
        chosen = {party.pk for party in mine} & set(named)
        if len(chosen) != len(set(named)) or not FEWEST <= len(chosen) <= MOST:
            raise Refused("请在申请人里推举 {fewest} 至 {most} 名代表。", code="named", fewest=FEWEST, most=MOST)
        if any(party.person_id is None for party in mine if party.pk in chosen):
            raise Refused("代表要能收到通知、能在手机上办理，须是名册里的职工。", code="named")
        touched = [party for party in mine if party.representative != (party.pk in chosen)]
        if not touched:
            raise Refused("没有改动任何一项。")
        for party in touched:
            party.representative = party.pk in chosen
            party.save(update_fields=["representative"])
        _follow(row, "represented", {"n": len(chosen)}, "", by, touched)


def perform(case: int, paid: Mapping[int, int], *, on: date, by: Actor) -> Case:
    """The employer paid these workers so much more of what was agreed; when all is paid, the agreement is performed."""
    with transaction.atomic():
        row = _mine(case, by)
        if row.state != "agreed":
            raise Refused("只有达成协议、还没有履行完的事项才能登记履行。")
        if row.closed_on is None or on < row.closed_on or on > timezone.localdate():
            raise Refused("履行日期应在达成协议之后、今天之前。", code="on")
        _begin(row)
        touched = []
        for number, fen in paid.items():
            if fen <= 0:
                continue
            party = _standing(row, number)
            now_paid = (party.fen_paid or 0) + fen
            if party.role != APPLICANT or now_paid > (party.fen_agreed or 0):
                raise Refused("支付的金额超过了这名职工还没有拿到的协议金额。", code=f"paid_{number}")
            party.fen_paid = now_paid
            party.save(update_fields=["fen_paid"])
            touched.append(party)
        if not touched:
            raise Refused("请填写付给了谁、付了多少。")
        told = {"on": on.isoformat(), "n": len(touched), "fen": sum(fen for fen in paid.values() if fen > 0)}
        _follow(row, "paid_part", told, "", by, touched)
        if parties.left_to_pay(parties.applicants(row)) == 0:
            return actions.move(case, "perform", on=on, values={}, by=by)
        return row


def write_down_bringer(case: int, *, by: Actor) -> None:
    """Write down who brought a matter as its first party, so that amounts can be theirs; nothing where there are parties."""
    with transaction.atomic():
        row = _mine(case, by)
        begun = _begin(row)
        if begun is not None:
            _follow(row, "party_added", {"n": 1}, "", by, (begun,))


def _write(row: Case, new: New, on: date) -> Party:
    if new.role not in ROLES:
        raise Refused("请从列表中选择是哪一方。", code="role")
    name = parse_name(new.name) if new.name.strip() else ""
    if new.person is None and not name and new.employer is None:
        raise Refused("请写明是谁。", code="who")
    standing = Party.objects.standing().filter(case=row)
    if new.person is not None and standing.filter(person=new.person).exists():
        raise Refused("已经是这个事项的当事人。", code="who")
    if new.person is None and name and standing.filter(name=name, role=new.role).exists():
        raise Refused("同名的人已经登记过；确是另一个人的，请先核实身份入册。", code="who")
    if standing.count() >= MOST_PARTIES:
        raise Refused("一个事项最多 {most_parties} 名当事人。", code="who", most_parties=MOST_PARTIES)
    return Party.objects.create(
        case=row, path=row.path, role=new.role, person_id=new.person, name=name if new.person is None else "",
        employer_id=new.employer if new.employer is not None or new.role != APPLICANT else row.employer_id, since=on,
        fen_claimed=new.fen_claimed if new.role == APPLICANT else None,
    )  # fmt: skip


def _begin(row: Case) -> Party | None:
    """The first party of a matter is who brought it; what it said of one worker's amounts is theirs."""
    if row.person_id is None or Party.objects.filter(case=row).exists():
        return None
    alone = {name: getattr(row, name) for name in SUMS} if row.headcount == 1 else {}
    return Party.objects.create(
        case=row, path=row.path, person_id=row.person_id, employer_id=row.employer_id, since=row.opened_on, **alone
    )


def _take_out(row: Case, out: Party, because: str) -> None:
    if out.fen_paid:
        raise Refused("这名职工已经拿到一部分钱，不能移出。")
    others = [party for party in parties.applicants(row) if party.pk != out.pk]
    if out.role == APPLICANT and not others:
        raise Refused("最后一名申请人不能移出；整件事不办了，请办撤回。")
    if out.representative and sum(party.representative for party in others) < FEWEST and parties.collective(row):
        raise Refused("移出以后代表不足 {fewest} 名，请先另推举代表。", fewest=FEWEST)
    out.until, out.out_because, out.representative = max(timezone.localdate(), out.since), because, False
    out.save(update_fields=["until", "out_because", "representative"])
    if row.person_id == out.person_id and out.person_id is not None:
        # Somebody has to be told, and asked: one who speaks for the others, or else the first of those in the roster.
        known = sorted(
            (one for one in others if one.person_id is not None), key=lambda one: (not one.representative, one.pk)
        )
        if not known:
            raise Refused("其余的申请人都不在名册里，请先登记一名在册职工。")
        row.person_id = known[0].person_id


def _follow(
    row: Case, kind: str, said: Mapping[str, Any], text: str, by: Actor, touched: Sequence[Party],
    gone: Sequence[str] = (),
) -> None:  # fmt: skip
    """The matter's number of people and sums are those of its parties; its lines follow, and those of its chain. `gone`: amounts
    somebody had and has no more.
    """
    was = Corrected.of(row)
    mine = parties.applicants(row)
    sums = parties.totals(mine)
    if mine:
        row.headcount = len(mine)
        for name in SUMS:
            # While nobody has an amount of their own, what the matter said as a whole stands.
            if sums[name] is not None or name in gone or any(getattr(one, name) is not None for one in touched):
                setattr(row, name, sums[name])
    right: Corrected = Corrected.of(row)
    row.digest = None
    row.save()
    case_moves.lines_follow(row, was, right, reason="随当事人变动", by=by)
    chain_moves.recount(row, by=by)
    note = note_moves.take_down(row, kind, said=said, text=text, by=by)
    everyone = {party.pk: party for party in (*mine, *touched)}
    audit.write(
        f"case.{kind}",
        by=by,
        subject=row.subject,
        path=row.path,
        rows=(row, note, *everyone.values()),
        about=row.person_id,
    )


def _standing(row: Case, number: int) -> Party:
    party: Party | None = Party.objects.standing().filter(case=row, pk=number).first()
    if party is None:
        raise Refused("这个人已经不是当事人，请刷新页面。")
    return party


def _mine(case: int, by: Actor) -> Case:
    row: Case | None = Case.objects.select_for_update().visible_to(by).filter(pk=case).first()
    if row is None or not reach.may_handle(by, row.service, row.path):
        raise NotYours(f"case:{case}")
    return row


def _open(case: int, by: Actor) -> Case:
    row = _mine(case, by)
    if row.closed_on is not None:
        raise Refused("这个事项已经办结；需要时请先重新办理。")
    return row
