"""A union's life at the desk, told as an officer does it; what the figures say after each step."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from tests import world
from tests.desk_standing.conftest import signed_in
from tests.world import World
from unionhall import catalogue
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.organisations.actions import covering, union_life
from unionhall.organisations.actions.union_life import Founding
from unionhall.organisations.actions.unions import UnionRow, change_unions
from unionhall.organisations.models import Cover, Employer, Union, UnionTag
from unionhall.people import union_moves
from unionhall.people.models import Membership

pytestmark = pytest.mark.django_db
AsOfficer = Callable[[str, str], Client]


def figure(key: str, path: str, day: date) -> object:
    """The figure of the day's year, up to the day."""
    return catalogue.figure(key).value(path, Period.through(date(day.year, 1, 1), day))


def form(client: Client, address: str, **said: object) -> str:
    """Send a form of the desk; where it led to. Fails on an error page or a form that came back."""
    answer = client.post(address, said)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def two_more_employers(here: World) -> tuple[int, int]:
    first, second = (
        world.EmployerRow(world.a_uscc(serial), name, here.drum_tower, "private", "F52", workers)
        for serial, name, workers in ((11, "鼓楼书店", 9), (12, "前门茶庄", 16))
    )
    one, other = world.record_employers([first, second], by=SYSTEM)
    return one, other


def test_an_officer_founds_a_union_covers_two_employers_and_ends_it(
    here: World, as_officer: AsOfficer, today: date
) -> None:
    two_more_employers(here)
    client = as_officer("street", here.willow)
    before = {key: figure(key, here.willow, today) for key in ("union.new", "union.employers", "union.new_workers")}
    page = form(
        client, "/desk/unions/new/", name="鼓楼前社区联合工会", kind="community_joint", path=here.drum_tower, since=today,
        upper="U00", employers=f"{world.a_uscc(11)}\n前门茶庄",
    )  # fmt: skip
    union = Union.objects.get(name="鼓楼前社区联合工会")
    assert page == f"/desk/unions/{union.pk}/"
    assert union.code == f"GH{today.year}-0001"
    assert figure("union.new", here.willow, today) == before["union.new"] + 2  # type: ignore[operator]
    assert figure("union.employers", here.willow, today) == before["union.employers"] + 2  # type: ignore[operator]
    assert figure("union.new_workers", here.willow, today) == before["union.new_workers"] + 25  # type: ignore[operator]
    assert figure("union.new", here.bridge, today) == 0

    records = client.get(f"/figures/union.new/records/?place={here.willow}&year={today.year}").content.decode()
    assert "鼓楼书店" in records and "前门茶庄" in records
    shown = client.get(page).content.decode()
    assert "覆盖单位（2）" in shown and "新增工会组织" in shown and "成立" in shown

    neighbour = as_officer("street", here.bridge)
    assert neighbour.get(page).status_code == 404
    assert neighbour.get(f"{page}end/").status_code == 404
    assert neighbour.post(f"{page}rename/", {"name": "我们的", "on": today}).status_code == 404

    form(client, f"{page}end/", how="abolished", on=today, reason="重复登记，京工〔2026〕3号")
    union.refresh_from_db()
    assert (union.until, union.ended_because) == (today, "重复登记，京工〔2026〕3号")
    assert not Cover.objects.on(today).filter(union=union).exists()
    assert figure("union.employers", here.willow, today) == before["union.employers"]


def test_an_end_is_taken_back_within_the_day(here: World, as_officer: AsOfficer, today: date) -> None:
    one, other = two_more_employers(here)
    client = as_officer("organisation", here.root)
    stated = Founding(
        "书店联合工会", "joint", here.drum_tower, date(2016, 1, 4), here.federation, employers=(one, other)
    )
    union = union_life.found_union(stated, by=SYSTEM)
    union_life.mark_union(union, "demonstration", since=date(2017, 1, 1), by=SYSTEM)
    form(client, f"/desk/unions/{union}/end/", how="merged", into="U01", on=today, reason="合并")
    assert set(Cover.objects.on(today).filter(employer__in=(one, other)).values_list("union", flat=True)) == {
        here.own_union.id
    }
    assert figure("union.new", here.root, today) == 0, "going on under another union brings nobody in"
    assert figure("union.demonstration", here.root, today) == 0

    (listed,) = client.get("/desk/undo/").context["rows"]
    form(client, f"/desk/undo/{listed.key}/")
    assert set(Cover.objects.on(today).filter(employer__in=(one, other)).values_list("union", flat=True)) == {union}
    assert figure("union.demonstration", here.root, today) == 1
    assert Union.objects.get(pk=union).until is None
    assert figure("union.new", here.root, today) == 0


def test_a_union_with_members_ends_only_when_they_go_too(here: World, today: date) -> None:
    members = [world.a_member(here, name) for name in ("小李", "王芳")]
    officer = world.an_officer("organisation", here.root)
    with pytest.raises(Refused, match="还有 2 名在册会员"):
        union_life.end_union(here.joint_union.id, on=today, reason="撤销", by=officer)
    with pytest.raises(Refused, match="并入哪个工会"):
        union_moves.end_union(here.joint_union.id, on=today, reason="撤销", by=officer, members_go=True)
    count = catalogue.figure("member.members").value(here.root, Period.day(today))
    went, undo = union_moves.end_union(
        here.joint_union.id, on=today, reason="合并", by=officer, into=here.own_union.id, members_go=True
    )
    assert (went, undo) == (2, {})
    open_rows = Membership.objects.filter(person__in=[member.person for member in members], until=None)
    assert set(open_rows.values_list("union", flat=True)) == {here.own_union.id}
    assert catalogue.figure("member.members").value(here.root, Period.day(today)) == count


def test_members_do_not_go_where_the_officer_has_no_right(here: World, today: date) -> None:
    world.a_member(here)
    officer = world.an_officer("street", here.bridge)
    with pytest.raises(NotYours):
        union_moves.end_union(
            here.joint_union.id, on=today, reason="合并", by=officer, into=here.own_union.id, members_go=True
        )
    assert Union.objects.get(pk=here.joint_union.id).until is None
    assert Membership.objects.get(until=None).union_id == here.joint_union.id


def test_a_street_merges_its_union_into_one_above_but_does_not_send_members_there(here: World, today: date) -> None:
    officer = world.an_officer("street", here.bridge)
    world.a_member(here)
    with pytest.raises(Refused, match="由管那里的干部办理"):
        union_moves.end_union(
            here.joint_union.id, on=today, reason="合并", by=officer, into=here.federation, members_go=True
        )
    Membership.objects.update(until=today, ended_because="left")
    union_life.end_union(here.joint_union.id, on=today, reason="合并", into=here.federation, by=officer)
    assert Cover.objects.get(employer=here.diner, until=None).union_id == here.federation


def test_a_union_that_covers_other_streets_is_ended_by_the_district(here: World, today: date) -> None:
    covering.cover_employers(here.joint_union.id, [here.courier], since=today, by=SYSTEM)
    with pytest.raises(Refused, match="请由区总工会组织部办理"):
        union_life.end_union(here.joint_union.id, on=today, reason="撤销", by=world.an_officer("street", here.bridge))
    assert Cover.objects.filter(union=here.joint_union.id, until=None).count() == 2
    union_life.end_union(here.joint_union.id, on=today, reason="撤销", by=world.an_officer("organisation", here.root))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "independent"}, "这一家单位"),
        ({"name": "红星机械厂工会"}, "已有同名的工会"),
        ({"since": date(2999, 1, 1)}, "还没有到"),
        ({"upper": None}, "请选择上级工会"),
        ({"kind": "district_federation", "upper": None}, "一个区只有一个"),
        ({"term_until": date(2030, 1, 1)}, "一届任期最长 5 年"),
        ({"code": "U01"}, "已经用过"),
        ({"uscc": "91990000MA000001"}, "应为18位"),
        ({"since": date(2009, 1, 1)}, "不在用"),
    ],
)
def test_a_union_is_not_founded_wrongly(here: World, change: dict[str, object], words: str) -> None:
    stated = Founding("新工会", "joint", here.willow_lane, date(2016, 5, 1), here.federation)
    with pytest.raises(Refused, match=words):
        union_life.found_union(stated._replace(**change), by=SYSTEM)
    assert Union.objects.count() == 3


def test_codes_are_given_in_turn(here: World) -> None:
    numbers = [
        union_life.found_union(Founding(name, "joint", here.willow_lane, date(2016, 5, 1), here.federation), by=SYSTEM)
        for name in ("甲工会", "乙工会")
    ]
    assert [Union.objects.get(pk=number).code for number in numbers] == ["GH2016-0001", "GH2016-0002"]


def test_a_union_is_renamed_re_elected_moved_and_marked_and_each_can_be_taken_back(
    here: World, as_officer: AsOfficer, today: date
) -> None:
    client = as_officer("organisation", here.root)
    home = f"/desk/unions/{here.own_union.id}/"
    form(client, f"{home}rename/", name="红星集团工会", on=today)
    form(client, f"{home}term/", held_on=today, until=today + timedelta(days=3 * 365))
    form(client, f"{home}upper/", upper="U02", on=today)
    form(client, f"{home}mark/", tag="three_in_one", since=today)
    row = Union.objects.get(pk=here.own_union.id)
    assert (row.name, row.term_until, row.upper_id) == (
        "红星集团工会",
        today + timedelta(days=1095),
        here.joint_union.id,
    )
    assert catalogue.figure("union.three_in_one").value(here.root, Period.day(today)) == 1
    shown = client.get(home).content.decode()
    for word in ("红星机械厂工会 → 红星集团工会", "换届", "变更上级", "加标记"):
        assert word in shown
    for undo in client.get("/desk/undo/").context["rows"]:
        form(client, f"/desk/undo/{undo.key}/")
    row.refresh_from_db()
    assert (row.name, row.term_until, row.upper_id) == ("红星机械厂工会", None, here.federation)
    assert catalogue.figure("union.three_in_one").value(here.root, Period.day(today)) == 0


def test_a_mark_given_again_on_the_day_it_was_taken_back_is_the_same_mark(here: World, today: date) -> None:
    union = here.own_union.id
    first = union_life.mark_union(union, "grid_pilot", since=today, by=SYSTEM)
    union_life.unmark_union(first, on=today, by=SYSTEM)
    assert union_life.mark_union(union, "grid_pilot", since=today, by=SYSTEM) == first
    assert UnionTag.objects.on(today).filter(union=union).count() == 1
    with pytest.raises(Refused, match="已有“网格试点”标记"):
        union_life.mark_union(union, "grid_pilot", since=today, by=SYSTEM)


def test_a_union_is_not_put_below_itself(here: World, today: date) -> None:
    union_life.move_union(here.joint_union.id, here.own_union.id, on=today, by=SYSTEM)
    with pytest.raises(Refused, match="不能作它的上级"):
        union_life.move_union(here.own_union.id, here.joint_union.id, on=today, by=SYSTEM)


def test_what_happened_since_stands_when_a_file_corrects_the_union(here: World, today: date) -> None:
    union_life.rename_union(here.own_union.id, "红星集团工会", on=today, by=SYSTEM)
    corrected = UnionRow("U01", "红星集团工会", "independent", here.willow_lane, "U00", date(2010, 2, 1))
    change_unions([(here.own_union.id, corrected)], by=SYSTEM)
    acts = {event.what.partition("（")[0] for event in _timeline(here, here.own_union.id)}
    assert acts == {"成立", "更名"}


def _timeline(here: World, union: int) -> list[object]:
    client = signed_in(world.an_officer("organisation", here.root))
    return list(client.get(f"/desk/unions/{union}/").context["detail"].timeline)


@pytest.mark.parametrize("role", ["leader", "finance", "union_officer", "system_admin", "security_auditor"])
def test_who_only_looks_changes_nothing(here: World, role: str, today: date) -> None:
    officer = world.an_officer(role, here.root)
    with pytest.raises(NotYours):
        union_life.rename_union(here.own_union.id, "别的", on=today, by=officer)
    with pytest.raises(NotYours):
        covering.cover_employers(here.joint_union.id, [here.courier], since=today, by=officer)
    assert signed_in(officer).get(f"/desk/unions/{here.own_union.id}/rename/").status_code == 403


def test_every_step_is_in_the_audit(here: World, today: date) -> None:
    officer: Actor = world.an_officer("street", here.willow)
    stated = Founding("新工会", "joint", here.willow_lane, today, here.federation, employers=(here.courier,))
    union = union_life.found_union(stated, by=officer)
    union_life.rename_union(union, "又一工会", on=today, by=officer)
    union_life.end_union(union, on=today, reason="撤销", by=officer)
    told = AuditEntry.objects.filter(account=officer.account).values_list("act", "subject")
    expected = {("union.found", f"union:{union}"), ("union.renamed", f"union:{union}"), ("union.abolished", f"union:{union}"),
                ("cover.begin", f"employer:{here.courier}"), ("cover.end", f"employer:{here.courier}")}  # fmt: skip
    assert expected <= set(told)
    assert Employer.objects.filter(pk=here.courier).exists()


def test_the_list_finds_terms_that_run_out_and_marks(here: World, as_officer: AsOfficer, today: date) -> None:
    client = as_officer("street", here.willow)
    page = f"/desk/unions/{here.own_union.id}/"
    form(client, f"{page}term/", held_on=today, until=today + timedelta(days=60))
    assert "红星机械厂工会" in client.get("/desk/unions/?term=due").content.decode()
    assert "即将届满" in client.get(page).content.decode()
    assert "工会任期将满或已满" in client.get("/desk/").content.decode()
    form(client, f"{page}term/", held_on=today, until=today + timedelta(days=400))
    assert "红星机械厂工会" not in client.get("/desk/unions/?term=due").content.decode()
    form(client, f"{page}mark/", tag="three_in_one", since=today)
    assert "红星机械厂工会" in client.get("/desk/unions/?tag=three_in_one").content.decode()
    assert "红星机械厂工会" not in client.get("/desk/unions/?tag=grid_pilot").content.decode()
