"""What goes on in the district that is looked at: packs on their way to four unions, talks with a counsellor, an activity to close.

Imported by tests.browser.district once the apps are there.
"""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from unionhall.cases.actions import open_case
from unionhall.cases.models import Case
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.ledger.models import Fund
from unionhall.offers import contest_moves, duty_moves, goods_moves, match_moves, matches, said_moves
from unionhall.offers.actions import OfferRow, open_offers
from unionhall.offers.attendance_moves import attend
from unionhall.offers.contest_moves import Part
from unionhall.offers.contests import rounds_of
from unionhall.offers.goods_models import Allotment
from unionhall.offers.models import Participation, Session
from unionhall.offers.outcome_moves import Given, record_results
from unionhall.offers.place_moves import sign_up
from unionhall.offers.session_moves import Slot, open_session
from unionhall.offers.terms_moves import Terms, give_counter, set_terms
from unionhall.organisations.models import Account, Station, Union
from unionhall.people.models import Membership

PACKS, TALK, FINISHED, CLASS, CONTEST = (
    "高温岗位清凉包",
    "心理咨询（个体）",
    "职工书法展",
    "数控车工定向班",
    "烹饪技能大赛",
)


def build(root: str, worker: int) -> None:
    _packs(root)
    _talks(root)
    _finished(root)
    _class(root, worker)
    _contest(root)
    _match(root, worker)
    _duties()
    _legal_aid()


def _packs(root: str) -> None:
    """Six hundred packs: one union has signed for all, one for some, one still waits for its packs."""
    today = datetime.now(UTC).date()
    (item,) = open_offers([OfferRow("goods.cooling", "QL01", PACKS, root, today, kind="migrant")], by=SYSTEM)
    set_terms(item, Terms(fen_each=4_000, fund=Fund.objects.get(name="送温暖").pk), by=SYSTEM)
    goods_moves.plan(item, 60, 2_400_00, by=SYSTEM)
    unions = list(Union.objects.filter(kind="community_joint").order_by("pk")[:4])
    goods_moves.allot(item, [goods_moves.Part(one.pk, 4 + at) for at, one in enumerate(unions)], by=SYSTEM)
    for row in Allotment.objects.filter(offer=item).order_by("pk")[:3]:
        goods_moves.deliver(row.pk, row.units, "工会主席", on=today, by=SYSTEM)
        people = list(Membership.objects.filter(union=row.union_id, until=None).values_list("person", flat=True)[:4])
        goods_moves.sign(row.pk, people, on=today, by=SYSTEM)


def _session(offer: int, number: str, starts: datetime, places: int, venue: str) -> int:
    slot = Slot(number, starts, starts + timedelta(hours=1), places, venue)
    return open_session(offer, slot, by=SYSTEM)


def _some(count: int, after: int) -> list[int]:
    return list(Membership.objects.order_by("pk").values_list("person", flat=True)[after : after + count])


def _talks(root: str) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    (item,) = open_offers([OfferRow("counselling", "ZX01", TALK, root, now.date(), kind="individual")], by=SYSTEM)
    account = Account.objects.get(username="counsellor")
    give_counter(item, account.pk, venue="职工服务中心咨询室", on=now.date(), by=SYSTEM)
    for at, person in enumerate(_some(3, 30)):
        session = _session(item, f"第{at + 1}时段", now + timedelta(hours=24 + 2 * at), 1, "职工服务中心咨询室")
        sign_up(session, now=now, by=SYSTEM, person=person)
    first = Participation.objects.filter(offer=item).earliest("pk")
    said_moves.keep_note(first.pk, "第一次来，先听。", now=now, by=Actor(account.pk, account.name))


def _finished(root: str) -> None:
    """Held this morning, and to be closed: some came, some did not, two wait."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    (item,) = open_offers(
        [OfferRow("culture.activities", "WT01", FINISHED, root, now.date(), kind="culture")], by=SYSTEM
    )
    starts = now + timedelta(minutes=30)
    slot = Slot("上午场", starts, starts + timedelta(hours=2), 12, "望河文体中心", queues=True)
    session = open_session(item, slot, by=SYSTEM)
    for person in _some(14, 60):
        sign_up(session, now=now, by=SYSTEM, person=person)


def _class(root: str, worker: int) -> None:
    """A class she and three others went to, with her certificate: this morning, at whatever hour this is built."""
    now = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    (item,) = open_offers([OfferRow("training.classes", "PX01", CLASS, root, now.date(), kind="order")], by=SYSTEM)
    set_terms(item, Terms(details={"ordered_by": "望河机械厂", "school": "望河职业学校", "hours": "40"}), by=SYSTEM)
    session = open_session(item, Slot("第一班", now + timedelta(minutes=30), now + timedelta(hours=3), 30), by=SYSTEM)
    rows = [sign_up(session, now=now, by=SYSTEM, person=person).pk for person in [worker, *_some(3, 90)]]
    attend(session, rows, verified_by="roster", now=now, by=SYSTEM)
    Session.objects.filter(pk=session).update(starts_at=now)  # it began on this day, however late in the day this is
    today = timezone.localdate()
    told = [Given(row, "passed" if at < 3 else "failed", 9_000 - 900 * at) for at, row in enumerate(rows)]
    record_results(session, "tested", told, on=today, by=SYSTEM)
    record_results(session, "certified", [Given(row) for row in rows[:2]], on=today, by=SYSTEM)


def _contest(root: str) -> None:
    """A cooking contest: six cooks came, two judges, the preliminary under way."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    (item,) = open_offers([OfferRow("contests", "JS01", CONTEST, root, now.date(), kind="cooking")], by=SYSTEM)
    session = open_session(item, Slot("2026", now + timedelta(hours=1), now + timedelta(hours=5), 60), by=SYSTEM)
    rows = [sign_up(session, now=now, by=SYSTEM, person=person).pk for person in _some(6, 120)]
    attend(session, rows, verified_by="roster", now=now, by=SYSTEM)
    contest_moves.set_rounds(session, [Part("preliminary", 10_000, 0, 3), Part("practice", 10_000, 100)], by=SYSTEM)
    colleague = Membership.objects.filter(employer=Participation.objects.get(pk=rows[0]).employer).latest("pk")
    for username, person in (("scorer", colleague.person_id), ("scorer2", None)):
        account = Account.objects.get(username=username)
        contest_moves.appoint(session, account.pk, person=person, by=SYSTEM)
    judge, first = Actor(account.pk, account.name), rounds_of(session)[0]
    contest_moves.score(
        first.pk, {row: 8_000 + 150 * at for at, row in enumerate(rows[:4])}, [rows[4]], now=now, by=judge
    )


def _match(root: str, worker: int) -> None:
    """An event she was at with three others who take part: with one, both said yes."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    (item,) = open_offers([OfferRow("matchmaking", "LY01", "七夕单身联谊", root, now.date())], by=SYSTEM)
    session = open_session(item, Slot("第一场", now + timedelta(hours=1), now + timedelta(hours=3), 40), by=SYSTEM)
    people = [worker, *_some(3, 150)]
    rows = [sign_up(session, now=now, by=SYSTEM, person=person).pk for person in people]
    attend(session, rows, verified_by="roster", now=now, by=SYSTEM)
    everybody = [Actor(None, f"{person}", person=person) for person in people]
    for at, by in enumerate(everybody):
        said = ("喜欢爬山和做饭。", "在物流园上班，爱看书。", "周末常去打羽毛球。", "养了一只猫。")[at]
        match_moves.opt_in(said, f"微信 demo-{at}", single=True, now=now, by=by)
    me, other = everybody[:2]
    for by, number in ((me, rows[1]), (other, rows[0])):
        match_moves.answer(session, number, yes=True, now=now, by=by)
    assert matches.people_met(session, now=now, by=me)[0].contact == "微信 demo-1"


def _legal_aid() -> None:
    """Asked for, one for each shape of browser that takes it to its end; and one that is another lawyer's."""
    station, today = Station.objects.order_by("pk")[0], timezone.localdate()
    for number, person in zip(("phone", "desktop", "other"), _some(3, 200), strict=True):
        told = {"facts": "两年没有签合同，欠薪四个月。", "wants": "represent", "fen_claimed": 4_680_000}
        case = open_case(
            "legal",
            path=station.path,
            on=today,
            values=told,
            by=SYSTEM,
            person=person,
            cause="pay",
            number=f"FY-{number}",
        )
    Case.objects.filter(pk=case.pk).update(state="assigned", lawyer=Account.objects.get(username="lawyer2"))


def _duties() -> None:
    """A lawyer on duty soon, tomorrow, and asked to take over a colleague's."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    station = Station.objects.order_by("pk")[0].pk
    lawyer, other = (Account.objects.get(username=name) for name in ("lawyer", "lawyer2"))

    def give(account: Account, hours: float) -> int:
        starts = now + timedelta(hours=hours)
        return duty_moves.give_duty(
            station, "lawyer", account.pk, starts, starts + timedelta(hours=3), window="法律援助窗口", by=SYSTEM
        )

    first, *_rest = give(lawyer, -0.25), give(lawyer, 24), give(other, 1)
    duty_moves.sign_in(first, now=now, by=Actor(lawyer.pk, lawyer.name))
    duty_moves.ask_swap(give(other, 48), lawyer.pk, now=now, by=Actor(other.pk, other.name))
