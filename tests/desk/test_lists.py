"""Lists: whose rows, which rows, in which order, page by page; found by name and number; views, columns, many at once."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import world
from tests.desk.conftest import Desk, names
from tests.world import Member, World
from unionhall.access import approvals
from unionhall.jobs.models import Job
from unionhall.jobs.worker import run_until_empty
from unionhall.journal.models import AuditEntry, Line
from unionhall.people.models import Membership
from unionhall.web.desk import bulk, listing, register
from unionhall.web.desk.finding import sealed
from unionhall.web.models import BulkRun, SavedView

MEMBERS = "/desk/members/"
Sit = Callable[[str, str], Desk]


def text(desk: Desk, query: str = "reset=1", at: str = MEMBERS) -> str:
    answer = desk.get(f"{at}?{query}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def looked_for(desk: Desk, words: str, at: str = MEMBERS) -> str:
    """What the address says that words typed into the box lead to."""
    return str(desk.post(f"{at}find/", {"q": words})["Location"].partition("?")[2])


# --- whose rows -------------------------------------------------------------------------------------------------------


def test_a_list_shows_the_rows_of_ones_own_places_and_no_others(here: World, roll: list[Member], sit: Sit) -> None:
    assert len(names(text(sit("organisation", here.root)), roll)) == 12
    assert names(text(sit("street", here.willow)), roll) == ["王五行", "李四方", "褚三三", "陈二二", "冯一一"]
    assert sorted(names(text(sit("union_officer", here.bridge_east)), roll)) == sorted(one.name for one in roll[:7])


def test_a_post_that_carries_no_right_to_members_does_not_widen_one_that_does(
    here: World, roll: list[Member], sit: Sit
) -> None:
    desk = sit("street", here.willow)
    world.give_post(world.PostRow(desk.actor.account, "finance", here.root, world.FOUNDED), by=world.SYSTEM)
    assert len(names(text(desk), roll)) == 5
    assert desk.get(f"/desk/members/{roll[0].membership}/").status_code == 404


@pytest.mark.parametrize("role", ["publicity", "finance", "audit", "system_admin", "lawyer"])
def test_who_may_not_see_members_is_told_so(here: World, sit: Sit, role: str) -> None:
    assert sit(role, here.root).get(MEMBERS).status_code == 403


def test_nobody_is_sent_to_the_sign_in_page() -> None:
    answer = Desk().get(MEMBERS)
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


# --- which rows -------------------------------------------------------------------------------------------------------


def test_values_of_one_filter_mean_or_and_filters_together_mean_and(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    Membership.objects.filter(pk=roll[0].membership).update(state="retained")
    Membership.objects.filter(pk=roll[8].membership).update(state="retained")
    assert sorted(names(text(desk, "state=retained"), roll)) == ["钱大海", "陈二二"]
    assert len(names(text(desk, "state=retained&state=active"), roll)) == 12
    assert names(text(desk, f"state=retained&place={here.bridge}"), roll) == ["钱大海"]
    both = f"state=retained&state=active&place={here.willow}&place={here.bridge}"
    assert len(names(text(desk, both), roll)) == 12


def test_a_list_shows_who_is_a_member_today_until_asked_otherwise(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    desk.post(f"/desk/members/{roll[0].membership}/end/", {"because": "left", "on": "2015-01-01"})
    assert "钱大海" not in names(text(desk), roll)
    assert names(text(desk, "held=ended"), roll) == ["钱大海"]
    assert len(names(text(desk, "held=all"), roll)) == 12


def test_a_transfer_ends_nobody(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    desk.post(f"/desk/members/{roll[0].membership}/transfer/", {"union": "U01", "on": "2015-06-01"})
    assert names(text(desk, "held=ended"), roll) == []
    assert text(desk, "held=all").count(">钱大海<") == 1


def test_days_narrow_from_and_to(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    assert names(text(desk, "since=2014-03-10..2014-03-10"), roll) == ["褚三三", "郑春晓", "吴明月"]
    assert (
        text(desk, "since-from=2014-03-10&since-to=2014-03-10")
        and len(names(text(desk, "since=2014-03-11.."), roll)) == 3
    )


@pytest.mark.parametrize(
    "query",
    ["state=nonsense", "place=1'--", "place=999", "since=..", "since=2014-99-99..", "held=x", "sort=person__number", "k=x",
     "q=%25", "w=x", "w=%E7%8E%8B", "w=AQFrMQ", "w=AQECazE", "view=9", "state=&state=&state=", "union=99999999999999999999"],
)  # fmt: skip
def test_what_an_address_says_wrong_is_left_out(here: World, roll: list[Member], sit: Sit, query: str) -> None:
    text(sit("organisation", here.root), query)


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=99999999999999999999", "after=x", "before=y", "page=21"]
)
def test_a_page_that_cannot_be_is_not_there(here: World, sit: Sit, query: str) -> None:
    assert sit("organisation", here.root).get(f"{MEMBERS}?{query}").status_code == 404


# --- page by page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", ["", "&sort=since"])
def test_from_page_to_page_nobody_is_left_out_and_nobody_met_twice(
    here: World, roll: list[Member], sit: Sit, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    for module in (listing, register):
        monkeypatch.setattr(module, "PER_PAGE", 5)
    desk = sit("organisation", here.root)
    forwards: list[list[str]] = []
    address = f"{MEMBERS}?reset=1{sort}"
    for _page in range(5):
        page = desk.get(address).content.decode()
        forwards.append(names(page, roll))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            break
        address = following[1].replace("&amp;", "&")
    assert [len(page) for page in forwards] == [5, 5, 2]
    assert sorted(name for page in forwards for name in page) == sorted(one.name for one in roll)
    backwards = [forwards[-1]]
    for _page in range(2):
        address = re.search(r'rel="prev" href="([^"]+)"', desk.get(address).content.decode())[1].replace("&amp;", "&")  # type: ignore[index]
        backwards.append(names(desk.get(address).content.decode(), roll))
    assert backwards == forwards[::-1]


def test_from_a_detail_one_goes_on_in_the_list_one_came_from(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    page = desk.get(f"/desk/members/{roll[9].membership}/?list=place%3D{here.willow}").content.decode()
    assert f'rel="prev" href="/desk/members/{roll[10].membership}/' in page
    assert f'rel="next" href="/desk/members/{roll[8].membership}/' in page
    alone = desk.get(f"/desk/members/{roll[7].membership}/?list=place%3D{here.willow}").content.decode()
    assert 'rel="next"' not in alone


def test_the_number_of_queries_does_not_grow_with_the_rows(here: World, sit: Sit) -> None:
    desk = sit("organisation", here.root)
    counts = []
    for more in (2, 40):
        for at in range(more):
            world.a_member(here, "王大" + "一二三四五六七八九十"[at % 10])
        with CaptureQueriesContext(connection) as asked:
            text(desk)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 15


@pytest.mark.parametrize(
    "query", ["reset=1", "state=retained", "w={}", "since=2014-03-10..", "held=ended", "confirmed=year", "after={}"]
)
def test_no_page_reads_a_whole_table_of_people(here: World, roll: list[Member], sit: Sit, query: str) -> None:
    """Told by the database's own plan. On PostgreSQL a small table is read whole unless that is forbidden."""
    desk = sit("organisation", here.root)
    with CaptureQueriesContext(connection) as asked:
        text(desk, query.format(sealed("王", desk.actor.account) if query.startswith("w") else roll[3].membership))
    plans = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        for one in asked.captured_queries:
            if '"people_' in one["sql"] and one["sql"].startswith("SELECT"):
                cursor.execute(
                    ("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ")
                    + one["sql"].replace("%", "%%")
                )
                plans += [str(line) for line in cursor.fetchall()]
    assert plans
    read_whole = [plan for plan in plans if re.search(r"Seq Scan on people_|SCAN people_\w+\b(?! USING)", plan)]
    assert read_whole == []


# --- found ------------------------------------------------------------------------------------------------------------


def test_people_are_found_by_the_beginning_of_their_name(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    assert sorted(names(text(desk, looked_for(desk, "李")), roll)) == ["李四方", "李小川", "李长河"]
    assert names(text(desk, looked_for(desk, "李 小川")), roll) == ["李小川"]
    assert names(text(desk, looked_for(desk, "小川")), roll) == []
    street = sit("street", here.willow)
    assert names(text(street, looked_for(street, "李")), roll) == ["李四方"]


def test_a_name_stands_in_no_address_of_its_list(here: World, roll: list[Member], sit: Sit) -> None:
    """Neither in the list's own, nor in those that lead on from it: pages, order, details, export, count."""
    desk = sit("organisation", here.root)
    address = looked_for(desk, "李")
    page = text(desk, address)
    assert "李" not in unquote(address)
    assert not [
        href for href in re.findall(r'(?:href|action|hx-get)="([^"]*)"', page) if "李" in unquote(unescape(href))
    ]
    assert 'value="李"' in page
    assert address in unescape(page)
    onward = unescape(re.findall(r'<a href="(/desk/members/\d+/\?list=[^"]*)"', page)[0])
    assert f"?{address}" in unescape(desk.get(onward).content.decode())


def test_sealed_words_are_good_for_nobody_else(here: World, roll: list[Member], sit: Sit) -> None:
    address = looked_for(sit("organisation", here.root), "李")
    other = text(sit("organisation", here.root), address)
    assert len(names(other, roll)) == 12
    assert 'value="李"' not in other


def test_words_somebody_writes_into_an_address_are_not_looked_for(here: World, roll: list[Member], sit: Sit) -> None:
    page = text(sit("organisation", here.root), "q=李")
    assert len(names(page, roll)) == 12
    assert "请在查找框里输入" in page


@pytest.mark.parametrize("what", ["number", "mobile", "spaced"])
def test_a_number_is_found_by_post_and_never_stands_in_an_address(
    here: World, roll: list[Member], sit: Sit, what: str
) -> None:
    one = roll[4]
    typed = {
        "number": one.number,
        "mobile": one.mobile,
        "spaced": f" {one.mobile[:3]} {one.mobile[3:7]}-{one.mobile[7:]} ",
    }[what]
    desk = sit("organisation", here.root)
    answer = desk.post(f"{MEMBERS}find/", {"q": typed})
    assert answer.status_code == 302
    assert not re.search(r"\d{7,}", answer["Location"].replace(str(one.membership), ""))
    page = desk.get(answer["Location"]).content.decode()
    assert names(page, roll) == [one.name]
    assert one.number not in page
    assert one.mobile not in page
    assert not any(
        one.number in str(cookie.value) or one.mobile in str(cookie.value) for cookie in desk.cookies.values()
    )


def test_a_number_of_elsewhere_finds_nobody(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("street", here.willow)
    page = desk.get(desk.post(f"{MEMBERS}find/", {"q": roll[0].number})["Location"]).content.decode()
    assert names(page, roll) == []


def test_the_token_of_a_number_is_good_for_nobody_else(here: World, roll: list[Member], sit: Sit) -> None:
    address = sit("organisation", here.root).post(f"{MEMBERS}find/", {"q": roll[0].number})["Location"]
    assert len(names(sit("organisation", here.root).get(address).content.decode(), roll)) == 12
    forged = signing.dumps([0, "00" * 16], salt="something else")
    assert len(names(text(sit("organisation", here.root), f"k={forged}"), roll)) == 12


@pytest.mark.parametrize("typed", ["11010119850601", "139-1234", "1101011985060100AA"])
def test_half_a_number_is_neither_looked_for_nor_put_into_an_address(
    here: World, roll: list[Member], sit: Sit, typed: str
) -> None:
    desk = sit("organisation", here.root)
    answer = desk.post(f"{MEMBERS}find/", {"q": typed})
    assert typed not in answer["Location"]
    assert "不像是完整的" in desk.get(answer["Location"]).content.decode()
    assert len(names(text(desk, f"q={typed}"), roll)) == 12


# --- remembered, saved, chosen ----------------------------------------------------------------------------------------


def test_one_comes_back_to_the_filters_one_left_but_not_to_the_words(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    text(desk, f"place={here.willow}&{looked_for(desk, '李')}")
    answer = desk.get(MEMBERS)
    assert answer["Location"] == f"{MEMBERS}?place={here.willow}"
    text(desk)
    assert desk.get(MEMBERS).status_code == 200


def test_a_view_is_ones_own_until_shared_and_then_ones_places(here: World, roll: list[Member], sit: Sit) -> None:
    mine, colleague, other = (
        sit("street", here.willow),
        sit("station_worker", here.willow_lane),
        sit("street", here.bridge),
    )
    mine.post(f"{MEMBERS}view/", {"name": "保留的", "query": f"state=retained&{looked_for(mine, '李')}&k=x"})
    assert SavedView.objects.get().query == "state=retained"
    assert "保留的" not in text(colleague)
    mine.post(f"{MEMBERS}view/", {"name": "保留的", "query": "state=retained", "share": "1"})
    assert SavedView.objects.count() == 1
    assert 'href="/desk/members/?state=retained"' in text(colleague)
    assert "保留的" not in text(other)
    number = SavedView.objects.get().pk
    assert colleague.post(f"{MEMBERS}view/", {"drop": number}).status_code == 404
    mine.post(f"{MEMBERS}view/", {"drop": number})
    assert "保留的" not in text(colleague)


def test_a_view_named_with_a_nul_is_kept_without_it(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("street", here.willow)
    desk.post(f"{MEMBERS}view/", {"name": "\x00", "query": ""})
    assert SavedView.objects.count() == 0
    desk.post(f"{MEMBERS}view/", {"name": "退\x00休的", "query": ""})
    assert SavedView.objects.get().name == "退休的"


def test_columns_are_chosen_once_and_stay(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    assert "石桥东社区</td>" not in text(desk)
    desk.post(f"{MEMBERS}columns/", {"column": ["person__name", "path", "nonsense"]})
    page = text(desk)
    assert "石桥街道 · 石桥东社区</td>" in page
    assert "139****" not in page
    assert "139****" in text(sit("organisation", here.root))
    assert roll[0].mobile not in page


# --- many at once -----------------------------------------------------------------------------------------------------


def confirm(desk: Desk, **said: object) -> object:
    """Ask for it, read the question, say yes to it as it was drawn."""
    asking = {"do": "confirm", **said}
    question = desk.post(f"{MEMBERS}bulk/", asking).content.decode()
    drawn = dict(re.findall(r'<input type="hidden" name="(count|key)" value="([^"]+)"', question))
    return desk.post(
        f"{MEMBERS}bulk/",
        {**asking, **drawn, "confirmed": "1", "source": "officer", "on": timezone.localdate().isoformat()},
    )


def confirmed() -> set[int]:
    return set(Membership.objects.filter(confirmed_on=timezone.localdate()).values_list("pk", flat=True))


def test_all_that_match_means_the_filter_and_not_the_page(
    here: World, roll: list[Member], sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (listing, register):
        monkeypatch.setattr(module, "PER_PAGE", 2)
    desk = sit("organisation", here.root)
    question = desk.post(f"{MEMBERS}bulk/", {"do": "confirm", "all": "1", "query": f"place={here.willow}"})
    assert "符合条件的全部 5 条" in question.content.decode()
    assert confirmed() == set()
    answer = confirm(desk, all="1", query=f"place={here.willow}")
    assert confirmed() == {one.membership for one in roll[7:]}
    assert "办成 5 条" in desk.get(answer["Location"]).content.decode()
    assert Line.objects.filter(service="member", act="confirmed").count() == 5


def test_only_ticked_rows_within_reach_are_done(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("street", here.willow)
    confirm(desk, sel=[roll[7].membership, roll[8].membership, roll[0].membership, "x", "99999"])
    assert confirmed() == {roll[7].membership, roll[8].membership}


def test_a_row_that_is_refused_says_why_and_stops_no_other(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    confirm(desk, sel=[roll[7].membership])
    answer = confirm(desk, all="1", query=f"place={here.willow}")
    page = desk.get(answer["Location"]).content.decode()
    assert "办成 4 条" in page
    assert "没办成 1 条" in page
    assert "已经确认过" in page
    assert len(confirmed()) == 5


def test_the_answers_to_many_are_only_for_who_asked(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    answer = confirm(desk, sel=[roll[7].membership])
    assert sit("organisation", here.root).get(answer["Location"]).status_code == 404
    assert roll[7].name not in str(BulkRun.objects.get().results)


def test_a_question_answered_twice_is_done_once(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    asking = {"do": "confirm", "sel": [roll[7].membership]}
    question = desk.post(f"{MEMBERS}bulk/", asking).content.decode()
    drawn = dict(re.findall(r'<input type="hidden" name="(count|key)" value="([^"]+)"', question))
    sent = {**asking, **drawn, "confirmed": "1", "source": "officer", "on": timezone.localdate().isoformat()}
    first, second = desk.post(f"{MEMBERS}bulk/", sent), desk.post(f"{MEMBERS}bulk/", sent)
    assert first["Location"] == second["Location"]
    assert BulkRun.objects.count() == 1


def test_when_the_rows_changed_meanwhile_one_is_asked_again(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("organisation", here.root)
    asking = {"do": "confirm", "all": "1", "query": f"place={here.willow}", "confirmed": "1", "source": "officer",
              "on": timezone.localdate().isoformat(), "count": "4"}  # fmt: skip
    answer = desk.post(f"{MEMBERS}bulk/", asking)
    assert answer.status_code == 422
    assert "行数变了" in answer.content.decode()
    assert confirmed() == set()


def test_more_than_one_waits_for_are_left_to_the_worker(
    here: World, roll: list[Member], sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    desk = sit("organisation", here.root)
    answer = confirm(desk, all="1", query=f"place={here.willow}")
    assert confirmed() == set()
    job = Job.objects.get()
    assert answer["Location"] == f"/desk/jobs/{job.pk}/"
    assert roll[7].name not in str(job.arguments)
    run_until_empty()
    job.refresh_from_db()
    assert job.result == {"done": 5, "refused": 0}, job.message
    assert confirmed() == {one.membership for one in roll[7:]}


def test_who_may_only_look_is_offered_nothing_to_do(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("leader", here.root)
    assert 'name="do"' not in text(desk)
    assert desk.post(f"{MEMBERS}bulk/", {"do": "confirm", "all": "1"}).status_code == 403


# --- out of the house -------------------------------------------------------------------------------------------------


def test_a_list_goes_out_as_it_is_filtered_masked_and_told(here: World, roll: list[Member], sit: Sit) -> None:
    desk = sit("street", here.willow)
    answer = desk.post(f"{MEMBERS}export/", {"query": looked_for(desk, "李")})
    job = Job.objects.get()
    assert answer["Location"] == f"/desk/jobs/{job.pk}/"
    run_until_empty()
    job.refresh_from_db()
    assert job.result == {"rows": 1}, job.message
    assert job.file_name.endswith(".xlsx")
    entry = AuditEntry.objects.get(act="list.export")
    assert (entry.account, entry.path) == (desk.actor.account, here.willow)


def test_the_data_of_many_go_out_with_a_second_officers_yes_only(
    here: World, roll: list[Member], sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "MANY", 10)
    desk, second = sit("organisation", here.root), sit("leader", here.root)
    asking = desk.post(f"{MEMBERS}export/", {"query": ""}, follow=True)
    assert "申请导出" in asking.content.decode()
    assert not Job.objects.exists()
    desk.post(f"{MEMBERS}export/", {"query": "", "reason": "年终核对"})
    approvals.approve(approvals.Approval.objects.get().pk, by=second.actor)
    desk.post(f"{MEMBERS}export/", {"query": f"place={here.willow}"})  # another list: no yes needed for five people
    desk.post(f"{MEMBERS}export/", {"query": ""})
    run_until_empty()
    assert sorted(job.result["rows"] for job in Job.objects.all()) == [5, 12]
    assert "申请导出" in desk.post(f"{MEMBERS}export/", {"query": ""}, follow=True).content.decode()


def test_a_yes_is_for_whom_was_looked_for_however_often_that_is_typed(
    here: World, roll: list[Member], sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "MANY", 2)
    desk, second = sit("organisation", here.root), sit("leader", here.root)
    desk.post(f"{MEMBERS}export/", {"query": looked_for(desk, "李"), "reason": "年终核对"})
    approvals.approve(approvals.Approval.objects.get().pk, by=second.actor)
    desk.post(f"{MEMBERS}export/", {"query": looked_for(desk, "王")})
    assert not Job.objects.exists()
    desk.post(f"{MEMBERS}export/", {"query": looked_for(desk, "李")})
    run_until_empty()
    assert Job.objects.get().result == {"rows": 3}


def test_who_may_not_export_is_offered_no_export(here: World, roll: list[Member], sit: Sit) -> None:
    assert sit("audit", here.root).post(f"{MEMBERS}export/", {"query": ""}).status_code == 403
