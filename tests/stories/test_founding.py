"""快腿物流 from a courier's wish to a union of its own: told there is none, contacted twice, applied, approved by another, elected,
registered once; then the courier joins it. And what is refused on the way.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import world
from tests.audit.test_rows import faults
from tests.world import World
from unionhall import catalogue
from unionhall.cases import actions, case_moves, handling_moves, joining_moves, registers, union_building
from unionhall.cases.case_moves import Corrected
from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case
from unionhall.journal.models import Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.messages.models import Notice
from unionhall.organisations.actions import covering
from unionhall.organisations.models import Cover, Employer, Union
from unionhall.people import membership_moves
from unionhall.people.models import Membership

pytestmark = pytest.mark.django_db

assert catalogue.SERVICES  # declared by being imported

BALLOT: dict[str, Any] = {"entitled": 45, "present": 40, "votes": 36, "chair": "高山", "chair_is": "clear", "term": "5"}


def figure(key: str, here: World) -> object:
    return catalogue.figure(key).value(here.root, Period.year(timezone.localdate().year))


@pytest.fixture
def station(here: World) -> Actor:
    return world.an_officer("station_worker", here.willow, today=timezone.localdate())


@pytest.fixture
def street(here: World) -> Actor:
    return world.an_officer("street", here.willow, today=timezone.localdate())


@pytest.fixture
def courier() -> Actor:
    """Somebody known by name and number who is no member, signed in on the telephone."""
    person, _number, _mobile = world.a_person("小高")
    return Actor(None, "小高", person=person)


def a_lead(here: World, by: Actor, employer: int | None = None) -> Case:
    return case_moves.open_one(
        "founding", path=here.drum_tower, on=timezone.localdate(), values={}, by=by, person=None, employer=employer or here.courier,
        cause="unknown",
    )  # fmt: skip


def go(case: Case, name: str, by: Actor, **values: Any) -> Case:
    return case_moves.take_on(case.pk, name, on=timezone.localdate(), values=values, by=by)


def elected(here: World, station: Actor, street: Actor) -> Case:
    """A matter whose election was entered, ready to be registered."""
    case = a_lead(here, station)
    go(case, "apply", station, headcount=45, way="own")
    go(case, "approve", street, approval_no="柳工〔2026〕3号")
    return go(case, "elect", station, **BALLOT)


def test_from_a_couriers_wish_to_membership_of_the_union_that_was_founded(
    here: World, station: Actor, street: Actor, courier: Actor
) -> None:
    now, before = (
        timezone.now(),
        {key: figure(key, here) for key in ("union.new", "union.independent", "union.new_workers")},
    )
    employer = union_building.named("快腿物流")
    with pytest.raises(Refused, match="还没有工会"):
        joining_moves.ask(employer.pk, "骑手", pledged=True, now=now, by=courier)
    with pytest.raises(Refused, match="勾选同意"):
        joining_moves.wish(employer.pk, agreed=False, now=now, by=courier)
    assert not Case.objects.exists(), "nothing goes to the union without consent"
    case = joining_moves.wish(employer.pk, agreed=True, now=now, by=courier)
    assert (case.state, case.path, case.employer_id, case.cause) == ("lead", here.drum_tower, here.courier, "unknown")
    assert joining_moves.wish(employer.pk, agreed=True, now=now, by=courier).pk == case.pk

    go(case, "contact", station, cause="unwilling", contact="行政经理说没有必要")
    go(case, "contact", station, cause="willing", contact="总经理同意，九月开会")
    told = Line.objects.standing().filter(subject=case.subject, act="contacted").order_by("pk")
    assert list(told.values_list("kind", flat=True)) == ["unwilling", "willing"]
    assert Note.objects.filter(case=case, kind="contacted").count() == 2
    assert "没有必要" not in str(Case.objects.get(pk=case.pk).details), "what was said there is sealed"
    go(case, "apply", station, headcount=45, way="own")
    go(case, "approve", street, approval_no="柳工〔2026〕3号")
    go(case, "elect", station, **BALLOT)
    case = go(case, "register", street, union_name="快腿物流工会")

    union = Union.objects.get(name="快腿物流工会")
    today = timezone.localdate()
    assert (union.kind, union.path, union.since, union.approval_no) == (
        "independent",
        here.drum_tower,
        today,
        "柳工〔2026〕3号",
    )
    assert (
        union.upper_id == here.federation and union.term_until is not None and union.term_until.year == today.year + 5
    )
    assert Cover.objects.get(employer=here.courier).union_id == union.pk == case.details["union"]
    after = {key: figure(key, here) for key in before}
    assert {key: after[key] - before[key] for key in before} == {
        "union.new": 1,
        "union.independent": 1,
        "union.new_workers": 45,
    }  # type: ignore[operator]
    assert [figure(f"founding.{one}", here) for one in ("leads", "contacts", "applied")] == [1, 2, 1]
    subjects = {line.subject for line in Line.objects.standing().filter(service="union", on=today)}
    assert subjects == {f"union:{union.pk}", f"cover:{Cover.objects.get(employer=here.courier).pk}"}

    asked = joining_moves.ask(employer.pk, "骑手", pledged=True, now=now, by=courier)
    assert (asked.path, asked.person_id) == (here.drum_tower, courier.person)
    chair = world.an_officer("union_officer", here.drum_tower, today=today)
    members = figure("member.new", here) if "member.new" in catalogue.figures() else None
    go(asked, "admit", chair)
    held = Membership.objects.get(person=courier.person)
    assert (held.union_id, held.employer_id, held.since, held.job, held.state) == (
        union.pk,
        here.courier,
        today,
        "骑手",
        "active",
    )
    assert members is None or figure("member.new", here) == members + 1  # type: ignore[operator]
    assert [figure(f"joining.{one}", here) for one in ("asked", "joined")] == [1, 1]
    with pytest.raises(Refused, match="已是快腿物流工会的会员"):
        joining_moves.ask(employer.pk, "骑手", pledged=True, now=now, by=courier)
    assert faults() == [], "every row stands as the chain of the audit last saw it"


def test_who_entered_it_does_not_approve_it(here: World, station: Actor) -> None:
    today = timezone.localdate()
    both = world.an_officer("street", here.willow, today=today)
    both = Actor(both.account, both.name, (*both.posts, *station.posts))
    case = a_lead(here, both)
    go(case, "apply", both, headcount=45, way="own")
    with pytest.raises(Refused, match="您自己登记的"):
        go(case, "approve", both, approval_no="1号")
    above = world.an_officer("organisation", here.root, today=today)
    go(case, "approve", above, approval_no="1号")
    go(case, "elect", both, **BALLOT)
    with pytest.raises(Refused, match="您自己登记的"):
        go(case, "register", both, union_name="快腿物流工会")
    assert not Union.objects.filter(name="快腿物流工会").exists()
    go(case, "register", above, union_name="快腿物流工会")
    assert Union.objects.filter(name="快腿物流工会").count() == 1


def test_what_cannot_be_founded_leaves_nothing_behind(here: World, station: Actor, street: Actor) -> None:
    """The register refuses (a name that is taken, an employer brought in meanwhile): neither step nor union."""
    case = elected(here, station, street)
    with pytest.raises(Refused, match="同名"):
        go(case, "register", street, union_name="红星机械厂工会")
    joint = world.record_unions(
        [world.UnionRow("U09", "柳荫联合工会", "joint", here.willow, "U00", world.FOUNDED)], by=world.SYSTEM
    )
    covering.cover_employers(joint[0], [here.courier], since=timezone.localdate(), by=street)
    with pytest.raises(Refused, match="已由柳荫联合工会覆盖"):
        go(case, "register", street, union_name="快腿物流工会")
    case.refresh_from_db()
    assert case.state == "elected" and not Union.objects.filter(name="快腿物流工会").exists()
    go(case, "stop", station, cause="has", reason="已随联合工会")
    assert Line.objects.standing().filter(service="union", act="covered", employer=here.courier).count() == 1


def test_registered_it_is_neither_registered_nor_opened_again(here: World, station: Actor, street: Actor) -> None:
    case = go(elected(here, station, street), "register", street, union_name="快腿物流工会")
    with pytest.raises(Refused, match="不能这样办理"):
        go(case, "register", street, union_name="快腿物流二工会")
    with pytest.raises(Refused, match="不能重新办理"):
        handling_moves.reopen(case.pk, on=timezone.localdate(), reason="写错", by=station)
    right = Corrected.of(Case.objects.get(pk=case.pk))._replace(employer=here.diner)
    with pytest.raises(Refused, match="已经按这家单位登记"):
        case_moves.correct_one(case.pk, right, reason="写错", by=street)
    with pytest.raises(Refused, match="不用再建会"):
        a_lead(here, station)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"present": 29, "votes": 25}, "三分之二"),
        ({"votes": 22}, "半数"),
        ({"present": 46}, "实到人数"),
        ({"votes": 41}, "得票数"),
        ({"chair_is": "legal"}, "法定代表人不得"),
        ({"chair_is": "relative"}, "近亲属"),
        ({"chair_is": "king"}, "主席的身份"),
        ({"term": "4"}, "三年或五年"),
        ({"chair": ""}, "还要填写"),
    ],
)
def test_an_election_the_law_does_not_know_is_refused(
    here: World, station: Actor, street: Actor, wrong: dict[str, object], said: str
) -> None:
    case = a_lead(here, station)
    go(case, "apply", station, headcount=45, way="own")
    go(case, "approve", street, approval_no="1号")
    with pytest.raises(Refused, match=said):
        go(case, "elect", station, **(BALLOT | wrong))
    go(case, "elect", station, **(BALLOT | {"present": 30, "votes": 23}))


def test_a_small_employer_comes_under_a_joint_union_and_counts_once(here: World, station: Actor, street: Actor) -> None:
    (joint,) = world.record_unions(
        [world.UnionRow("U09", "柳荫联合工会", "joint", here.willow, "U00", world.FOUNDED)], by=world.SYSTEM
    )
    case = a_lead(here, station)
    go(case, "apply", station, headcount=12, way="joint")
    go(case, "approve", street, approval_no="2号")
    with pytest.raises(Refused, match="不用选举"):
        go(case, "elect", station, **BALLOT)
    with pytest.raises(Refused, match="联合工会"):
        go(case, "cover", street, union=here.own_union.id)
    before = figure("union.new", here), figure("union.joint", here)
    case = go(case, "cover", street, union=joint)
    assert (case.state, case.result) == ("covered", "covered")
    assert (figure("union.new", here), figure("union.joint", here)) == (before[0] + 1, before[1] + 1)  # type: ignore[operator]
    with pytest.raises(Refused, match="不能重新办理"):
        handling_moves.reopen(case.pk, on=timezone.localdate(), reason="写错", by=station)
    covering.withdraw_cover(Cover.objects.get(employer=here.courier).pk, by=street)
    handling_moves.reopen(case.pk, on=timezone.localdate(), reason="覆盖登错了", by=station)
    go(case, "cover", street, union=joint)
    assert figure("union.joint", here) == before[1] + 1  # type: ignore[operator]


def test_given_up_with_a_reason_that_ends_it_and_taken_up_anew(here: World, station: Actor) -> None:
    case = a_lead(here, station)
    with pytest.raises(Refused, match="正在办理"):
        a_lead(here, station)
    with pytest.raises(Refused, match="请选择不再跟进的原因"):
        go(case, "stop", station, cause="willing", reason="忙")
    with pytest.raises(Refused, match="联系的结果"):
        go(case, "contact", station, cause="unknown", contact="没有去")
    go(case, "stop", station, cause="gone", reason="已注销")
    assert Case.objects.get(pk=case.pk).closed_on == timezone.localdate()
    again = a_lead(here, station)
    assert again.pk != case.pk and figure("founding.leads", here) == 1, "an employer counts once"


def test_no_step_before_the_last_or_ahead_of_today(here: World, station: Actor) -> None:
    case, today = a_lead(here, station), timezone.localdate()
    for on, said in ((today - timedelta(days=1), "不能早于"), (today + timedelta(days=1), "不能晚于今天")):
        with pytest.raises(Refused, match=said):
            case_moves.take_on(case.pk, "contact", on=on, values={"cause": "unwilling", "contact": "x"}, by=station)
    early = case_moves.open_one(
        "founding", path=here.drum_tower, on=today - timedelta(days=9), values={}, by=station, person=None,
        employer=world.record_employers([world.EmployerRow(world.a_uscc(9), "慢腿物流", here.drum_tower)], by=world.SYSTEM)[0],
        cause="unknown",
    )  # fmt: skip
    go(early, "contact", station, cause="unwilling", contact="x")
    with pytest.raises(Refused, match="不能早于上一步"):
        case_moves.take_on(
            early.pk, "apply", on=today - timedelta(days=1), values={"headcount": 3, "way": "own"}, by=station
        )


def test_a_matter_of_no_employer_is_none(here: World, station: Actor) -> None:
    with pytest.raises(Refused, match="请填写单位"):
        case_moves.open_one(
            "founding", path=here.willow, on=timezone.localdate(), values={}, by=station, person=None, employer=None
        )
    case = a_lead(here, station)
    go(case, "apply", station, headcount=12, way="joint")
    street = world.an_officer("street", here.willow, today=timezone.localdate())
    case_moves.correct_one(
        case.pk, Corrected.of(Case.objects.get(pk=case.pk))._replace(employer=None), reason="写错", by=station
    )
    go(case, "approve", street, approval_no="2号")
    (joint,) = world.record_unions(
        [world.UnionRow("U09", "柳荫联合工会", "joint", here.willow, "U00", world.FOUNDED)], by=world.SYSTEM
    )
    with pytest.raises(Refused, match="没有写明单位"):
        go(case, "cover", street, union=joint)


def test_who_works_under_a_joint_union_joins_that_one(here: World, courier: Actor) -> None:
    diner = union_building.named(Employer.objects.get(pk=here.diner).uscc)
    with pytest.raises(Refused, match="声明"):
        joining_moves.ask(diner.pk, "", pledged=False, now=timezone.now(), by=courier)
    with pytest.raises(Refused, match="最多 60 个字"):
        joining_moves.ask(diner.pk, "长" * 61, pledged=True, now=timezone.now(), by=courier)
    case = joining_moves.ask(diner.pk, "帮厨", pledged=True, now=timezone.now(), by=courier)
    assert case.path == here.bridge_east
    assert joining_moves.ask(here.factory, "", pledged=True, now=timezone.now(), by=courier).pk == case.pk, "once"
    today = timezone.localdate()
    elsewhere = world.an_officer("union_officer", here.willow, today=today)
    with pytest.raises(NotYours):
        go(case, "admit", elsewhere)
    clerk = world.an_officer("station_worker", here.bridge, today=today)
    go(case, "decline", clerk, answer="名册里没有您，请让单位人事确认。")
    assert not Membership.objects.filter(person=courier.person).exists()
    assert Notice.objects.filter(person=courier.person, subject=case.subject).exists()
    again = joining_moves.ask(diner.pk, "帮厨", pledged=True, now=timezone.now(), by=courier)
    go(again, "admit", clerk)
    held = Membership.objects.get(person=courier.person)
    assert held.union_id == here.joint_union.id
    with pytest.raises(Refused, match="不能重新办理"):
        handling_moves.reopen(again.pk, on=today, reason="x", by=clerk)
    membership_moves.undo_admission(held.pk, by=clerk)
    handling_moves.reopen(again.pk, on=today, reason="登错人", by=clerk)
    assert figure("joining.joined", here) == 0


def test_a_union_that_went_meanwhile_admits_nobody(here: World, courier: Actor) -> None:
    case = joining_moves.ask(here.diner, "", pledged=True, now=timezone.now(), by=courier)
    clerk = world.an_officer("station_worker", here.bridge, today=timezone.localdate())
    covering.end_cover(Cover.objects.get(employer=here.diner).pk, on=timezone.localdate(), reason="迁出", by=clerk)
    with pytest.raises(Refused, match="现在没有工会覆盖"):
        go(case, "admit", clerk)
    assert not Membership.objects.filter(person=courier.person).exists()


def test_an_officer_of_a_union_sees_who_asks_to_join_and_no_other_matter(here: World, courier: Actor) -> None:
    case = joining_moves.ask(here.diner, "", pledged=True, now=timezone.now(), by=courier)
    world.a_dispute(here, world.a_member(here, "小李"))
    officer = world.an_officer("union_officer", here.bridge_east, today=timezone.localdate())
    assert list(Case.objects.visible_to(officer)) == [case]
    with pytest.raises(NotYours):
        case_moves.open_one(
            "joining",
            path=here.bridge_east,
            on=timezone.localdate(),
            values={"pledge": "yes"},
            by=officer,
            person=None,
            employer=here.diner,
        )


def test_at_the_desk_nobody_asks_in_anothers_name(here: World, station: Actor) -> None:
    values = {"pledge": "yes"}
    with pytest.raises(Refused, match="由职工本人"):
        actions.open_case(
            "joining", path=here.willow, on=timezone.localdate(), values=values, by=station, employer=here.factory
        )
    member = world.a_member(here, "王芳")
    with pytest.raises(Refused, match="不用再入会"):
        actions.open_case(
            "joining",
            path=here.willow,
            on=timezone.localdate(),
            values=values,
            by=station,
            person=member.person,
            employer=here.factory,
        )


def test_a_second_worker_adds_a_voice_and_the_employer_is_not_told_apart(here: World, courier: Actor) -> None:
    first = joining_moves.wish(here.courier, agreed=True, now=timezone.now(), by=courier)
    other = Actor(world.an_officer("scorer", here.root).account, "小马", person=world.a_person("小马")[0])
    for _ in range(2):
        assert joining_moves.wish(here.courier, agreed=True, now=timezone.now(), by=other).pk == first.pk
    assert Note.objects.filter(case=first, kind="wished").count() == 1
    assert Case.objects.filter(service="founding").count() == 1
    with pytest.raises(Refused, match="不用再建会"):
        joining_moves.wish(here.diner, agreed=True, now=timezone.now(), by=other)
    officer = world.an_officer("station_worker", here.bridge)
    for act in (joining_moves.ask, joining_moves.wish):
        told = {"pledged": True} if act is joining_moves.ask else {"agreed": True}
        with pytest.raises(NotYours):
            act(here.courier, *([""] if act is joining_moves.ask else []), now=timezone.now(), by=officer, **told)  # type: ignore[operator]


def test_what_a_register_told_goes_on_from_where_it_stood(here: World, station: Actor, street: Actor) -> None:
    """Brought in as elected, without its way and its term: it is registered all the same, by whoever may."""
    today = timezone.localdate()
    told = registers.PlainMatter(
        "founding", "JH1", here.drum_tower, today, "elected", today, "willing", None, here.courier, 45
    )
    (number,) = actions.record([registers.plain(told)], by=world.SYSTEM)
    case = go(Case.objects.get(pk=number), "register", street, union_name="快腿物流工会")
    union = Union.objects.get(pk=case.details["union"])
    assert union.term_until is None and Cover.objects.get(employer=here.courier).union_id == union.pk
