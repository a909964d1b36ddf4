"""Five hundred people leave the house only with a second officer's yes: once, within a day, for exactly that list."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import world
from tests.world import World
from unionhall.access import approvals
from unionhall.access.models import Approval
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused

pytestmark = pytest.mark.django_db
WHAT = "members?state=active|name,mobile"


@pytest.fixture
def two(here: World) -> tuple[Actor, Actor]:
    """Two officers of the district's organisation department."""
    return world.an_officer("organisation", here.root), world.an_officer("organisation", here.root)


def _asked(here: World, by: Actor, people: int = 812) -> int:
    return approvals.ask(what=WHAT, title="会员名册", path=here.root, people=people, reason="制卡", by=by)


def _hours_ago(approval: int, hours: int) -> None:
    row = Approval.objects.get(pk=approval)
    Approval.objects.filter(pk=approval).update(expires_at=row.expires_at - timedelta(hours=hours))


def test_five_hundred_is_many() -> None:
    assert [approvals.needed(people) for people in (0, 499, 500, 501)] == [False, False, True, True]


def test_one_asks_another_allows_and_it_is_used_once(here: World, two: tuple[Actor, Actor]) -> None:
    one, other = two
    number = _asked(here, one)
    with pytest.raises(Refused):
        approvals.use(what=WHAT, people=812, by=one)
    approvals.approve(number, by=other)
    assert approvals.use(what=WHAT, people=812, by=one).pk == number
    with pytest.raises(Refused):
        approvals.use(what=WHAT, people=812, by=one)
    row = Approval.objects.get()
    assert (row.state, row.asked_by, row.decided_by) == ("used", one.account, other.account)
    acts = AuditEntry.objects.filter(subject=f"approval:{number}").order_by("pk").values_list("act", "account")
    assert list(acts) == [("export.ask", one.account), ("export.approve", other.account), ("export.use", one.account)]


def test_nobody_allows_their_own(here: World, two: tuple[Actor, Actor]) -> None:
    number = _asked(here, two[0])
    with pytest.raises(Refused) as refused:
        approvals.approve(number, by=two[0])
    assert refused.value.code == "export.own"
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=number).update(state="approved", decided_by=two[0].account)


@pytest.mark.parametrize("role", ["station_head", "finance", "system_admin", "security_auditor", "union_officer"])
def test_a_post_without_the_right_allows_nothing(here: World, two: tuple[Actor, Actor], role: str) -> None:
    number = _asked(here, two[0])
    with pytest.raises(NotYours):
        approvals.approve(number, by=world.an_officer(role, here.root))
    assert Approval.objects.get().state == "waiting"


def test_a_street_allows_what_is_in_it_and_no_more(here: World) -> None:
    asking = world.an_officer("station_head", here.willow)
    street, neighbour = world.an_officer("street", here.willow), world.an_officer("street", here.bridge)
    number = approvals.ask(what=WHAT, title="会员", path=here.willow_lane, people=600, reason="制卡", by=asking)
    with pytest.raises(NotYours):
        approvals.approve(number, by=neighbour)
    approvals.approve(number, by=street)
    district = _asked(here, world.an_officer("organisation", here.root))
    with pytest.raises(NotYours):
        approvals.approve(district, by=street)


def test_a_yes_is_good_for_a_day(here: World, two: tuple[Actor, Actor]) -> None:
    number = _asked(here, two[0])
    approvals.approve(number, by=two[1])
    _hours_ago(number, 24)
    with pytest.raises(Refused):
        approvals.use(what=WHAT, people=812, by=two[0])
    assert approvals.standing(what=WHAT, by=two[0]) is None


def test_a_request_nobody_answered_for_a_day_is_asked_again(here: World, two: tuple[Actor, Actor]) -> None:
    number = _asked(here, two[0])
    assert _asked(here, two[0]) == number
    _hours_ago(number, 24)
    with pytest.raises(Refused):
        approvals.approve(number, by=two[1])
    assert _asked(here, two[0]) != number


def test_a_yes_to_one_list_is_no_yes_to_another(here: World, two: tuple[Actor, Actor]) -> None:
    approvals.approve(_asked(here, two[0]), by=two[1])
    with pytest.raises(Refused):
        approvals.use(what=WHAT.replace("active", "left"), people=812, by=two[0])
    with pytest.raises(Refused):
        approvals.use(what=WHAT, people=813, by=two[0])
    with pytest.raises(Refused):
        approvals.use(what=WHAT, people=812, by=two[1])
    assert approvals.use(what=WHAT, people=800, by=two[0])


def test_a_no_says_why(here: World, two: tuple[Actor, Actor]) -> None:
    number = _asked(here, two[0])
    with pytest.raises(Refused):
        approvals.refuse(number, because=" ", by=two[1])
    approvals.refuse(number, because="用途不明", by=two[1])
    standing = approvals.standing(what=WHAT, by=two[0])
    assert standing is not None and (standing.state, standing.because) == ("refused", "用途不明")
    with pytest.raises(Refused):
        approvals.approve(number, by=two[1])


def test_what_is_asked_for_is_not_kept_in_words(here: World, two: tuple[Actor, Actor]) -> None:
    approvals.ask(what="members?q=13912345678", title="会员", path=here.root, people=900, reason="核对", by=two[0])
    assert "13912345678" not in repr(list(Approval.objects.values_list()))


def test_the_machine_neither_asks_nor_allows(here: World, two: tuple[Actor, Actor]) -> None:
    with pytest.raises(NotYours):
        _asked(here, SYSTEM)
    with pytest.raises(Refused):
        approvals.approve(_asked(here, two[0]), by=SYSTEM)
