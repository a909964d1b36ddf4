"""A contest in rounds: judges mark what is theirs, step back from their own, and the ranks come out of the sheets alone."""

import pytest
from django.utils import timezone

from tests import world
from tests.offers.cast import an_offer
from tests.offers.test_results import came
from tests.portal.conftest import a_slot
from tests.world import Member, World
from unionhall import catalogue
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.offers import contest_moves, contests
from unionhall.offers.contest_models import Judge, Round, Sheet
from unionhall.offers.contest_moves import Part, appoint, close_round, dismiss, set_rounds
from unionhall.offers.models import Outcome
from unionhall.organisations.actions import EmployerRow, record_employers

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest(here: World) -> int:
    return a_slot(an_offer(here, "烹饪技能大赛", service="contests"), 30, hours=1)


@pytest.fixture
def cooks(here: World, contest: int) -> list[int]:
    """Four of four employers, so that a judge steps back from at most one."""
    people = []
    for at, name in enumerate(("赵一", "钱二", "孙三", "李四")):
        row = EmployerRow(world.a_uscc(70 + at), f"{name}饭庄", here.willow, "private", "H62", 9)
        people.append(world.a_member(here, name, employer=record_employers([row], by=SYSTEM)[0]))
    return [came(contest, one) for one in people]


def a_judge(here: World, contest: int, name: str, person: Member | None = None) -> Actor:
    by = world.an_officer("scorer", here.root, name=name, today=timezone.localdate())
    assert by.account is not None
    appoint(contest, by.account, person=person.person if person else None, by=SYSTEM)
    return by


def give(round_: Round, by: Actor, *points: tuple[int, int], recused: tuple[int, ...] = ()) -> int:
    return contest_moves.score(round_.pk, dict(points), recused, now=timezone.now(), by=by)


def close(round_: Round) -> int:
    return close_round(round_.pk, now=timezone.now(), by=SYSTEM)


def in_two(contest: int, advance: int = 2) -> tuple[Round, Round]:
    set_rounds(contest, [Part("preliminary", 10_000, 0, advance), Part("practice", 10_000, 100)], by=SYSTEM)
    first, second = contests.rounds_of(contest)
    return first, second


def figure(here: World, slug: str) -> object:
    return catalogue.figure(f"contests.{slug}").value(here.root, Period.year(timezone.localdate().year))


def test_from_the_entries_to_the_ranks(here: World, contest: int, cooks: list[int]) -> None:
    one, two = (a_judge(here, contest, name) for name in ("周评委", "吴评委"))
    first, second = in_two(contest)
    give(first, one, *zip(cooks, (9_000, 8_000, 7_000, 7_000), strict=True))
    with pytest.raises(Refused, match="还差 4 个分数"):
        close(first)
    give(first, two, *zip(cooks, (8_001, 9_000, 6_000, 6_000), strict=True))
    assert close(first) == 4 and figure(here, "scores") == 4
    assert Outcome.objects.get(participation=cooks[0]).amount == 8_501, "the mean of 90.00 and 80.01, rounded half up"
    assert [row.pk for row in contests.field_of(second)] == cooks[:2]
    with pytest.raises(Refused, match="锁定"):
        give(first, one, (cooks[0], 10_000))
    with pytest.raises(NotYours):
        give(second, one, (cooks[2], 9_900))
    for by in (one, two):
        give(second, by, (cooks[0], 9_000), (cooks[1], 9_500))
    with pytest.raises(Refused, match="各轮都结束以后"):
        contest_moves.rank(contest, 3, now=timezone.now(), by=SYSTEM)
    close(second)
    assert contest_moves.rank(contest, 3, now=timezone.now(), by=SYSTEM) == 2
    assert {row.participation_id: row.amount for row in Outcome.objects.filter(kind="ranked")} == {
        cooks[1]: 1,
        cooks[0]: 2,
    }
    assert (figure(here, "scores"), figure(here, "ranked")) == (6, 2)
    with pytest.raises(Refused, match="已经公布过"):
        contest_moves.rank(contest, 3, now=timezone.now(), by=SYSTEM)


def test_a_judge_does_not_judge_their_own_employer_nor_themselves(here: World, contest: int, cooks: list[int]) -> None:
    first, _second = in_two(contest)
    rows = {row.pk: row for row in contests.entrants(contest)}
    colleague = world.a_member(here, "郑评委", employer=rows[cooks[0]].employer)
    one, two = a_judge(here, contest, "郑评委", colleague), a_judge(here, contest, "王评委")
    by_record = Judge.objects.get(account=one.account)
    assert contests.barred(by_record, rows.values()) == {cooks[0]: contests.EMPLOYER}
    with pytest.raises(Refused, match="同一单位"):
        give(first, one, (cooks[0], 10_000))
    give(first, one, *zip(cooks[1:], (8_000, 7_000, 6_000), strict=True))
    give(first, two, *zip(cooks, (9_000, 9_000, 9_000, 9_000), strict=True))
    close(first)
    marks = {entry.row.pk: entry.marks[first.pk] for entry in contests.table(contest)}
    assert marks[cooks[0]] == (9_000, 1) and marks[cooks[1]] == (8_500, 2), "the mean and how many it is of"
    assert Sheet.objects.get(judge=by_record, participation=cooks[0]).recused == contests.EMPLOYER, "the sheet says why"
    Judge.objects.filter(pk=by_record.pk).update(person=rows[cooks[3]].person_id)
    assert contests.barred(Judge.objects.get(pk=by_record.pk), rows.values()) == {cooks[3]: contests.ONESELF}
    again = {entry.row.pk: entry.marks[first.pk] for entry in contests.table(contest)}
    assert again == marks, "what was closed stays, whoever a judge is by now"


def test_a_judge_steps_back_of_their_own_accord_and_may_think_again(
    here: World, contest: int, cooks: list[int]
) -> None:
    first, _second = in_two(contest)
    one = a_judge(here, contest, "周评委")
    give(first, one, *((row, 8_000) for row in cooks[1:]), recused=(cooks[0],))
    with pytest.raises(Refused, match="请增加一名评委"):
        close(first)
    assert give(first, one, (cooks[0], 7_000)) == 1 and give(first, one, (cooks[0], 7_000)) == 0
    assert close(first) == 4


def test_who_has_the_same_mark_as_the_last_goes_on_too_and_shares_the_rank(
    here: World, contest: int, cooks: list[int]
) -> None:
    one = a_judge(here, contest, "周评委")
    first, second = in_two(contest)
    give(first, one, *zip(cooks, (9_000, 8_000, 8_000, 7_999), strict=True))
    close(first)
    assert [row.pk for row in contests.field_of(second)] == cooks[:3]
    give(second, one, *zip(cooks[:3], (8_000, 9_000, 9_000), strict=True))
    close(second)
    assert [(entry.row.pk, entry.rank) for entry in contests.table(contest)] == [
        (cooks[1], 1), (cooks[2], 1), (cooks[0], 3), (cooks[3], None),
    ]  # fmt: skip


def test_the_final_mark_is_weighted(here: World, contest: int, cooks: list[int]) -> None:
    one = a_judge(here, contest, "周评委")
    set_rounds(contest, [Part("theory", 10_000, 40), Part("practice", 10_000, 60)], by=SYSTEM)
    theory, practice = contests.rounds_of(contest)
    give(theory, one, *zip(cooks, (10_000, 0, 5_000, 5_001), strict=True))
    close(theory)
    give(practice, one, *zip(cooks, (0, 10_000, 5_000, 5_000), strict=True))
    close(practice)
    assert {entry.row.pk: entry.total for entry in contests.table(contest)} == {
        cooks[0]: 4_000, cooks[1]: 6_000, cooks[2]: 5_000, cooks[3]: 5_000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([], "至少设一轮"), ([Part("never", 10_000, 100)], "只能用一次"),
        ([Part("theory", 10_000, 50), Part("theory", 10_000, 50)], "只能用一次"), ([Part("theory", 10_000, 99)], "等于 100"),
        ([Part("theory", 99, 100)], "满分"), ([Part("theory", 10_000, 100, 3)], "最后一轮"),
        ([Part("theory", 10_000, 0, 0), Part("practice", 10_000, 100)], "大于零"),
    ],
)  # fmt: skip
def test_rounds_that_make_no_sense_are_refused(here: World, contest: int, parts: list[Part], said: str) -> None:
    with pytest.raises(Refused, match=said):
        set_rounds(contest, parts, by=SYSTEM)


def test_marks_stay_within_the_top_and_the_rounds_as_they_are_once_judged(
    here: World, contest: int, cooks: list[int]
) -> None:
    one = a_judge(here, contest, "周评委")
    first, second = in_two(contest)
    with pytest.raises(Refused, match="0 到 100 分"):
        give(first, one, (cooks[0], 10_001))
    with pytest.raises(Refused, match="还没有开始"):
        give(second, one, (cooks[0], 1))
    give(first, one, (cooks[0], 10_000), (cooks[1], 0))
    with pytest.raises(Refused, match="不能再改轮次"):
        in_two(contest)
    with pytest.raises(Refused, match="已经打过分"):
        dismiss(Judge.objects.get().pk, by=SYSTEM)


def test_only_judges_judge_and_only_who_runs_it_closes(here: World, contest: int, cooks: list[int]) -> None:
    a_judge(here, contest, "周评委")
    first, _second = in_two(contest)
    stranger = world.an_officer("scorer", here.root, name="外人", today=timezone.localdate())
    for by in (stranger, world.an_officer("labour", here.root), Actor(None, "x", person=1)):
        with pytest.raises(NotYours):
            give(first, by, (cooks[0], 1))
    merchant = world.an_officer("merchant", here.root, name="商户", today=timezone.localdate())
    assert merchant.account is not None
    with pytest.raises(Refused, match="评分代表"):
        appoint(contest, merchant.account, person=None, by=SYSTEM)
    for role, path in (("women", here.root), ("labour", here.bridge)):
        with pytest.raises(NotYours):
            close_round(first.pk, now=timezone.now(), by=world.an_officer(role, path))
        with pytest.raises(NotYours):
            set_rounds(contest, [Part("theory", 10_000, 100)], by=world.an_officer(role, path))


def test_a_judge_without_marks_may_go(here: World, contest: int, cooks: list[int]) -> None:
    a_judge(here, contest, "周评委")
    (row,) = Judge.objects.all()
    dismiss(row.pk, by=SYSTEM)
    assert not Judge.objects.exists()


def test_other_services_have_no_judges(here: World) -> None:
    outing = a_slot(an_offer(here), 3, hours=1)
    with pytest.raises(Refused, match="没有评委评分"):
        set_rounds(outing, [Part("theory", 10_000, 100)], by=SYSTEM)
