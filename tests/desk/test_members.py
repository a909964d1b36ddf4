"""What is done with one member: who may, what it changes in the figures, how it is taken back, what is refused and why."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from tests import world
from tests.desk.conftest import Desk
from tests.world import Member, World
from unionhall import catalogue
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.period import Period
from unionhall.people import actions
from unionhall.people.models import Duplicate, Membership, Person
from unionhall.web.models import Undo

Sit = Callable[[str, str], Desk]
YEAR = Period.year(2015)


def members(path: str, figure: str = "member.members") -> int:
    value = catalogue.figure(figure).value(path, YEAR)
    assert isinstance(value, int)
    return value


def step(desk: Desk, member: int, step_: str, **said: object) -> object:
    return desk.post(f"/desk/members/{member}/{step_}/", {"on": "2015-06-01", **said})


def take_back(desk: Desk) -> object:
    """What was done last, taken back."""
    return desk.post(f"/desk/undo/{Undo.objects.latest('pk').key}/", follow=True)


def open_of(member: Member) -> Membership:
    return Membership.objects.get(person=member.person, until=None)


def lawful(desk: Desk, member: int) -> set[str]:
    """The steps the page offers as buttons."""
    page = desk.get(f"/desk/members/{member}/").content.decode()
    return set(re.findall(rf'href="/desk/members/{member}/(\w+)/"', page))


# --- the page ---------------------------------------------------------------------------------------------------------


def test_a_page_shows_who_the_member_is_masked_and_what_happened(here: World, roll: list[Member], sit: Sit) -> None:
    world.a_card(roll[0])
    page = sit("street", here.bridge).get(f"/desk/members/{roll[0].membership}/").content.decode()
    for told in (
        "钱大海",
        "石桥东社区联合工会",
        "望河小馆",
        "139****",
        "批准入会",
        "制成卡",
        "2014-03-08",
        "实名制会员",
    ):
        assert told in page, told
    assert roll[0].number not in page
    assert roll[0].mobile not in page


def test_a_page_names_the_figures_one_is_counted_in_and_no_others(here: World, roll: list[Member], sit: Sit) -> None:
    def figures(one: Member) -> set[str]:
        page = sit("organisation", here.root).get(f"/desk/members/{one.membership}/").content.decode()
        return set(re.findall(r"/figures/([\w.]+)/records/", page))

    assert figures(roll[0]) == {"member.members", "member.new"}
    world.a_card(roll[0])
    assert {"card.made", "card.making"} < figures(roll[0])
    assert "card.made" not in figures(roll[1])


def test_a_member_of_elsewhere_is_not_there(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("street", here.willow)
    assert desk.get(f"/desk/members/{roll[0].membership}/").status_code == 404
    for name in ("confirm", "transfer", "retain", "resume", "correct", "end"):
        assert desk.get(f"/desk/members/{roll[0].membership}/{name}/").status_code == 404
        assert step(desk, roll[0].membership, name, because="left", source="officer").status_code == 404
    assert open_of(roll[0]).pk == roll[0].membership


def test_only_lawful_steps_are_buttons_and_the_others_say_why(here: World, roll: list[Member], sit: Sit) -> None:
    desk, number = sit("street", here.bridge), roll[0].membership
    assert lawful(desk, number) == {"confirm", "transfer", "retain", "correct", "end", "payee"}
    assert lawful(sit("leader", here.root), number) == set()
    assert (
        "您的岗位在这里没有办理会籍的权限。"
        in sit("leader", here.root).get(f"/desk/members/{number}/").content.decode()
    )
    step(desk, number, "end", because="left")
    assert lawful(desk, number) == {"payee"}, "money may still be owed to who left"
    assert "这段会籍已经终止。" in desk.get(f"/desk/members/{number}/").content.decode()


@pytest.mark.parametrize("role", ["leader", "rights", "aid"])
def test_who_may_look_may_not_change(here: World, roll: list[Member], sit: Sit, role: str) -> None:
    desk = sit(role, here.root)
    assert desk.get(f"/desk/members/{roll[0].membership}/").status_code == 200
    assert step(desk, roll[0].membership, "end", because="left").status_code == 403
    assert desk.get("/desk/members/new/").status_code == 403


# --- steps, figures, and back -----------------------------------------------------------------------------------------


def test_who_leaves_is_no_longer_counted_and_back_again(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("street", here.bridge)
    assert members(here.root) == 12
    step(desk, roll[0].membership, "end", because="left")
    assert (members(here.root), members(here.bridge)) == (11, 6)
    take_back(desk)
    assert (members(here.root), members(here.bridge)) == (12, 7)
    assert Line.objects.standing().filter(act="left").count() == 0
    assert Line.objects.filter(act="left").count() == 1


def test_a_transfer_moves_one_from_street_to_street_and_is_no_new_member(
    here: World, roll: list[Member], sit: Sit
) -> None:
    desk = sit("organisation", here.root)
    new = members(here.root, "member.new")
    answer = step(desk, roll[0].membership, "transfer", union="红星机械厂工会（U01）", employer="红星机械厂")
    assert (members(here.root), members(here.bridge), members(here.willow)) == (12, 6, 6)
    assert members(here.root, "member.new") == new
    moved = open_of(roll[0])
    assert answer["Location"] == f"/desk/members/{moved.pk}/"
    assert (moved.employer_id, moved.since, moved.follows_id) == (here.factory, date(2015, 6, 1), roll[0].membership)
    take_back(desk)
    assert (members(here.bridge), members(here.willow)) == (7, 5)
    assert open_of(roll[0]).pk == roll[0].membership
    undone = Membership.objects.get(pk=moved.pk)
    assert undone.since == undone.until


def test_a_transfer_to_where_ones_post_does_not_reach_is_refused_with_the_way_out(
    here: World, roll: list[Member], sit: Sit
) -> None:
    answer = step(sit("street", here.bridge), roll[0].membership, "transfer", union="U01")
    assert answer.status_code == 422
    assert "不在您的岗位范围内" in answer.content.decode()
    assert open_of(roll[0]).pk == roll[0].membership


def test_a_retained_member_still_counts_and_comes_back(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("station_worker", here.bridge)
    step(desk, roll[0].membership, "retain")
    kept = open_of(roll[0])
    assert (kept.state, members(here.root)) == ("retained", 12)
    assert "resume" in lawful(desk, kept.pk)
    step(desk, kept.pk, "resume", on="2015-09-01")
    assert open_of(roll[0]).state == "active"
    take_back(desk)
    assert open_of(roll[0]).pk == kept.pk


def test_a_confirmation_is_noted_once_a_day_and_taken_back(here: World, roll: list[Member], sit: Sit) -> None:
    desk, number = sit("union_officer", here.bridge_east), roll[0].membership
    step(desk, number, "confirm", source="hr")
    assert Membership.objects.get(pk=number).confirmed_on == date(2015, 6, 1)
    again = step(desk, number, "confirm", source="worker")
    assert again.status_code == 422
    assert "已经确认过" in again.content.decode()
    step(desk, number, "confirm", source="worker", on="2015-07-01")
    take_back(desk)
    assert Membership.objects.get(pk=number).confirmed_on == date(2015, 6, 1)
    assert Line.objects.standing().filter(act="confirmed").count() == 1


def test_particulars_are_corrected_and_an_empty_mobile_stays(here: World, roll: list[Member], sit: Sit) -> None:
    desk, number = sit("street", here.bridge), roll[0].membership
    page = desk.get(f"/desk/members/{number}/correct/").content.decode()
    assert 'value="钱大海"' in page
    before = Person.objects.get(pk=roll[0].person)
    said = {
        "name": "钱大江",
        "employer": "望河小馆",
        "since": "2014-04-01",
        "job": "厨师",
        "mobile": "",
        "education": "本科",
    }
    desk.post(f"/desk/members/{number}/correct/", said)
    after, row = Person.objects.get(pk=roll[0].person), open_of(roll[0])
    assert (after.name, after.name_key, after.education) == ("钱大江", "钱大江", "本科")
    assert bytes(after.mobile_index or b"") == bytes(before.mobile_index or b"")
    assert (after.sex, after.birth) == (before.sex, before.birth)
    assert (row.since, row.job) == (date(2014, 4, 1), "厨师")
    assert Line.objects.standing().filter(act="admitted", subject=f"membership:{row.pk}").get().on == date(2014, 4, 1)


@pytest.mark.parametrize(
    ("name", "said", "why"),
    [
        ("end", {"because": "left", "on": "2014-01-01"}, "不能早于"),
        ("end", {"because": "left", "on": "2999-01-01"}, "不能在今天以后"),
        ("end", {"because": "bored"}, "请在列出的选项里选择。"),
        ("end", {"because": "left", "on": "soon"}, "请按 2015-03-01 这样填写日期。"),
        ("confirm", {}, "请选择“由谁确认”。"),
        ("transfer", {"union": "U02"}, "会员已在这个工会"),
        ("transfer", {"union": "没有的工会"}, "没有这个编号或名称的工会"),
        ("transfer", {}, "请填写“转到哪个工会”。"),
        ("correct", {"name": "钱", "since": "2014-03-08"}, "姓名应为"),
        ("correct", {"name": "钱大海", "since": "2014-03-08", "mobile": "12345"}, "手机号应为11位"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_typed_is_lost(
    here: World, roll: list[Member], sit: Sit, name: str, said: dict[str, str], why: str
) -> None:
    answer = step(sit("organisation", here.root), roll[0].membership, name, **said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert why in page[page.index('class="summary"') :]
    assert open_of(roll[0]).pk == roll[0].membership
    for value in set(said.values()) - {"bored"}:
        assert value in page


def test_a_step_too_late_says_so(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    step(desk, roll[0].membership, "end", because="left")
    assert "已经终止" in step(desk, roll[0].membership, "confirm", source="hr").content.decode()


def test_a_form_sent_twice_is_carried_out_once(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    page = desk.get(f"/desk/members/{roll[0].membership}/transfer/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    said = {"union": "U01", "on": "2015-06-01", "key": key[1]}
    first = desk.post(f"/desk/members/{roll[0].membership}/transfer/", said)
    second = desk.post(f"/desk/members/{roll[0].membership}/transfer/", said)
    assert first["Location"] == second["Location"]
    assert Membership.objects.filter(person=roll[0].person).count() == 2
    thief = sit("organisation", here.root).post(f"/desk/members/{roll[1].membership}/transfer/", said)
    assert thief.status_code == 404


# --- taking back ------------------------------------------------------------------------------------------------------


def test_what_others_stand_on_is_not_taken_back(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    step(desk, roll[0].membership, "transfer", union="U01")
    first = Undo.objects.latest("pk").key
    step(desk, open_of(roll[0]).pk, "retain", on="2015-07-01")
    page = desk.post(f"/desk/undo/{first}/", follow=True).content.decode()
    assert "之后又有变动" in page
    assert open_of(roll[0]).state == "retained"


def test_one_takes_back_only_ones_own_and_only_once(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    step(desk, roll[0].membership, "end", because="left")
    key = Undo.objects.get().key
    assert sit("organisation", here.root).post(f"/desk/undo/{key}/").status_code == 404
    assert "已撤销" in take_back(desk).content.decode()
    assert "已经撤销过" in take_back(desk).content.decode()


def test_after_a_day_it_is_too_late(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    step(desk, roll[0].membership, "end", because="left")
    row = Undo.objects.get()
    Undo.objects.update(made_at=row.made_at.replace(year=row.made_at.year - 1))
    assert "已超过 24 小时" in take_back(desk).content.decode()
    assert not Membership.objects.filter(person=roll[0].person, until=None).exists()


def test_a_post_lost_since_takes_nothing_back(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("street", here.bridge)
    step(desk, roll[0].membership, "end", because="left")
    world.Account.objects.get(pk=desk.actor.account).posts.update(path=here.willow)
    assert take_back(desk).status_code == 404
    assert not Membership.objects.filter(person=roll[0].person, until=None).exists()


# --- new members ------------------------------------------------------------------------------------------------------

NEW = {"name": "周杰人", "number": "110101198506016037", "mobile": "13912345678", "union": "U02", "employer": "望河小馆",
       "since": "2015-05-05"}  # fmt: skip


def fresh(**said: str) -> dict[str, str]:
    return {**NEW, "number": world.a_number(77, date(1985, 6, 1)), **said}


def test_a_new_member_is_counted_once_and_can_be_taken_back(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("station_worker", here.bridge)
    answer = desk.post("/desk/members/new/", fresh())
    person = Person.objects.get(name="周杰人")
    assert answer.status_code == 302, answer.content.decode()
    assert (members(here.root), members(here.root, "member.new")) == (13, 1)
    assert (person.sex, person.birth, person.document) == ("male", date(1985, 6, 1), "citizen")
    assert str(person.mobile) == "139****5678"
    take_back(desk)
    assert (members(here.root), members(here.root, "member.new")) == (12, 0)
    again = desk.post("/desk/members/new/", fresh())
    assert again.status_code == 302
    assert members(here.root) == 13
    assert Person.objects.filter(name="周杰人").count() == 1


@pytest.mark.parametrize(
    ("said", "field", "why"),
    [
        ({"number": "110101198506010011"}, "number", "校验"),
        ({"number": ""}, "number", "请填写“证件号码”。"),
        ({"name": "周1"}, "name", "数字"),
        ({"sex": "female"}, "sex", "请核对"),
        ({"birth": "1990-01-01"}, "birth", "请核对"),
        ({"since": "2999-01-01"}, "since", "今天以后"),
        ({"number": world.a_number(9, date(2012, 6, 1))}, "number", "未满16周岁"),
        ({"mobile": "010-66668888"}, "mobile", "固定电话"),
        ({"union": "U01"}, "union", "岗位范围"),
        ({"employer": "没有的单位"}, "employer", "没有这个代码或名称的单位"),
    ],
)
def test_the_form_checks_what_the_roster_checks(
    here: World, roll: list[Member], sit: Sit, said: dict[str, str], field: str, why: str
) -> None:
    answer = sit("station_worker", here.bridge).post("/desk/members/new/", fresh(**said))
    page = answer.content.decode()
    assert answer.status_code == 422
    summary = page[page.index('class="summary"') : page.index("</ul>", page.index('class="summary"'))]
    assert why in summary
    assert f'href="#id_{field}"' in summary
    assert 'value="周' in page
    assert not Person.objects.filter(name__startswith="周").exists()


def test_who_is_a_member_already_is_not_admitted_again(here: World, roll: list[Member], sit: Sit) -> None:
    answer = sit("organisation", here.root).post("/desk/members/new/", fresh(number=roll[0].number, name=roll[0].name))
    assert answer.status_code == 422
    assert "已有在册会籍" in answer.content.decode()
    assert members(here.root) == 12


def test_what_is_doubtful_is_admitted_only_when_looked_at(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    young = timezone.localdate().replace(year=timezone.localdate().year - 17, day=1)
    said = fresh(number=world.a_number(5, young), since=timezone.localdate().isoformat())
    first = desk.post("/desk/members/new/", said)
    assert first.status_code == 422
    assert "未成年工" in first.content.decode()
    assert 'type="checkbox" name="accept"' in first.content.decode()
    assert desk.post("/desk/members/new/", said | {"accept": "on"}).status_code == 302
    assert Person.objects.filter(name="周杰人").exists()


# --- two who may be one -----------------------------------------------------------------------------------------------


@pytest.fixture
def pair(here: World, roll: list[Member]) -> Duplicate:
    """孙小川, and a second 孙小川 whose membership has ended."""
    second = world.a_member(here, "孙小川")
    actions.end([second.membership], by=world.SYSTEM, on=date(2015, 2, 1), because="left")
    actions.offer_duplicates([(roll[1].person, second.person)], by=world.SYSTEM, because="同名同手机号")
    return Duplicate.objects.get()


def test_two_who_are_one_are_merged_where_both_are_mine(here: World, pair: Duplicate, sit: Sit) -> None:
    desk = sit("street", here.bridge)
    assert "疑似重复的人" in desk.get("/desk/").content.decode()
    assert "孙小川" in desk.get("/desk/members/same/").content.decode()
    page = desk.get(f"/desk/members/same/{pair.pk}/").content.decode()
    assert "同名同手机号" in page
    answer = desk.post(f"/desk/members/same/{pair.pk}/decide/", {"keep": pair.one_id})
    pair.refresh_from_db()
    assert (pair.state, Person.objects.get(pk=pair.other_id).merged_into_id) == ("merged", pair.one_id)
    assert answer["Location"].startswith("/desk/members/")
    assert "疑似重复的人" not in desk.get("/desk/").content.decode()


def test_two_who_are_two_are_kept_apart(here: World, pair: Duplicate, sit: Sit) -> None:
    sit("organisation", here.root).post(f"/desk/members/same/{pair.pk}/decide/", {"keep": "apart"})
    pair.refresh_from_db()
    assert pair.state == "apart"


@pytest.mark.parametrize("keep", ["", "0", "99999", "x"])
def test_one_keeps_one_of_the_two(here: World, pair: Duplicate, sit: Sit, keep: str) -> None:
    answer = sit("organisation", here.root).post(f"/desk/members/same/{pair.pk}/decide/", {"keep": keep}, follow=True)
    assert "请在这两个人中选择保留哪一个。" in answer.content.decode()
    pair.refresh_from_db()
    assert pair.state == "offered"


def test_a_pair_of_elsewhere_is_not_there(here: World, pair: Duplicate, sit: Sit) -> None:
    desk = sit("street", here.willow)
    assert "孙小川" not in desk.get("/desk/members/same/").content.decode()
    assert desk.get(f"/desk/members/same/{pair.pk}/").status_code == 404
    assert desk.post(f"/desk/members/same/{pair.pk}/decide/", {"keep": pair.one_id}).status_code == 404
    assert sit("station_worker", here.bridge).get("/desk/members/same/").status_code == 403


# --- told -------------------------------------------------------------------------------------------------------------


def test_every_step_is_told_in_the_audit_with_who_did_it(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    desk.post("/desk/members/new/", fresh())
    step(desk, roll[0].membership, "confirm", source="hr")
    step(desk, roll[1].membership, "transfer", union="U01")
    step(desk, roll[2].membership, "retain")
    step(desk, roll[3].membership, "end", because="left")
    take_back(desk)
    told = set(AuditEntry.objects.filter(account=desk.actor.account).values_list("act", flat=True))
    assert {
        "member.admit",
        "member.confirm",
        "member.transfer",
        "member.restate",
        "member.end",
        "member.reopen",
    } <= told
    assert not AuditEntry.objects.filter(account=desk.actor.account, note__contains="周杰人").exists()
