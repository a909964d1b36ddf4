"""Stations, staff, posts and funds as the union's workbooks bring them in."""

from datetime import date

import pytest

from tests.exchange_registers.answers import only_reason, reasons, verdicts
from tests.exchange_registers.conftest import Bring
from tests.world import World
from unionhall import catalogue
from unionhall.exchange.models import Before
from unionhall.exchange.withdrawal import withdraw
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.period import Period
from unionhall.ledger.models import Fund
from unionhall.organisations.accounts import Account, PostHeld
from unionhall.organisations.actions import rename_account, set_password
from unionhall.organisations.models import Establishment, Staff, Station

pytestmark = pytest.mark.django_db


def station(code: str = "Z09", **more: str) -> dict[str, str]:
    return {
        "站编号": code, "站名": f"{code}站", "地方代码": "W01", "面积": "100", "功能室": "调解室、书屋", "成立日期": "2012-05-01",
        "验收日期": "2014-12-03", "社工编制": "8", "助理员编制": "1", **more,
    }  # fmt: skip


def staff(code: str, since: str, until: str = "", at: str = "Z01") -> dict[str, str]:
    return {"工号": code, "姓名": "周敏", "人员类别": "1", "站编号": at, "到岗日期": since, "离岗日期": until}


def post(role: str = "帮扶部", since: str = "2015-01-01", **more: str) -> dict[str, str]:
    return {"账号": "zhang", "姓名": "张三", "岗位": role, "地方代码": "W00", "起始日期": since, **more}


def test_a_station_comes_with_its_rooms_acceptance_and_establishment(here: World, bring: Bring) -> None:
    assert verdicts(bring("stations", station())) == {"new": 1}
    found = Station.objects.get(code="Z09")
    assert (found.rooms, found.area, found.path) == (["调解室", "书屋"], 100, here.willow)
    assert Line.objects.get(subject=f"station:{found.pk}").on == date(2014, 12, 3)
    assert dict(Establishment.objects.filter(station=found).values_list("kind", "posts")) == {
        "social_worker": 8,
        "assistant": 1,
    }
    outcome = bring("stations", station(社工编制="9", 编制起始日期="2015-01-01"))
    assert verdicts(outcome) == {"changed": 1}
    granted = Establishment.objects.filter(station=found, kind="social_worker")
    assert [granted.on(day).get().posts for day in (date(2014, 12, 31), date(2015, 1, 1))] == [8, 9]
    assert outcome.batch is not None
    withdraw(outcome.batch, by=SYSTEM, reason="没有批准")
    assert Establishment.objects.filter(station=found).on(date(2015, 6, 1)).count() == 2
    assert Station.objects.get(code="Z09").rooms == ["调解室", "书屋"]


def test_a_wrong_station_comes_back(here: World, bring: Bring) -> None:
    outcome = bring(
        "stations",
        station("Z1", 验收日期="2011-01-01"),
        station("Z2", 星级申报日期="2017-01-01"),
        station("Z3", 面积="大"),
    )
    assert only_reason(outcome, 2) == ("验收日期", "2011-01-01 早于成立日期 2012-05-01，请核对")
    assert only_reason(outcome, 3) == ("星级申报日期", "2017-01-01 还没有到，请核对日期")
    assert only_reason(outcome, 4) == ("面积", "“大”不是整数，请核对")


def test_a_corrected_first_day_of_posts_counts_them_once_and_a_closed_station_has_none(
    here: World, bring: Bring
) -> None:
    bring("stations", station(编制起始日期="2014-01-01"))
    found = Establishment.objects.filter(station__code="Z09")
    bring("stations", station(编制起始日期="2013-01-01"))
    for day, posts in ((date(2012, 12, 31), 0), (date(2013, 1, 1), 9), (date(2015, 1, 1), 9)):
        assert sum(one.posts for one in found.on(day)) == posts
    closed = bring("stations", station(编制起始日期="2013-01-01", 社工编制="", 助理员编制="", 撤销日期="2015-06-01"))
    assert verdicts(closed) == {"changed": 1}
    assert [found.on(day).count() for day in (date(2015, 5, 31), date(2015, 6, 1))] == [2, 0]
    assert closed.batch is not None
    withdraw(closed.batch, by=SYSTEM, reason="没有撤销")
    assert found.on(date(2015, 6, 1)).count() == 2
    outcome = bring("stations", station(编制起始日期="2015-07-01", 撤销日期="2015-06-01"))
    assert only_reason(outcome) == ("撤销日期", "2015-06-01 早于编制起始日期 2015-07-01，请核对")


def test_someone_moves_to_another_station(here: World, bring: Bring) -> None:
    assert verdicts(bring("staff", staff("G9", "2014-01-01"))) == {"new": 1}
    outcome = bring("staff", staff("G9", "2015-02-01", at="Z02"))
    assert only_reason(outcome) == ("到岗日期", "工号 G9 自 2014-01-01 起在岗，时间重叠，请先填那一行的离岗日期")
    moved = bring("staff", staff("G9", "2014-01-01", "2015-02-01"), staff("G9", "2015-02-01", at="Z02"))
    assert verdicts(moved) == {"changed": 1, "new": 1}
    assert [Staff.objects.on(day).get(number="G9").path for day in (date(2015, 1, 31), date(2015, 2, 1))] == [
        here.willow,
        here.bridge,
    ]


def test_a_station_nobody_knows_takes_no_staff(here: World, bring: Bring) -> None:
    outcome = bring("staff", staff("G9", "2014-01-01", "2013-01-01", at="Z77"))
    assert reasons(outcome, 2) == [
        ("离岗日期", "2013-01-01 早于到岗日期 2014-01-01，请核对"),
        ("站编号", "没有编号为 Z77 的服务站，请核对，或先导入工会服务站"),
    ]


def test_accounts_come_without_passwords_and_their_posts_go_with_the_batch(here: World, bring: Bring) -> None:
    outcome = bring("posts", post(), post("街道总工会", 地方代码="W01"))
    assert verdicts(outcome) == {"new": 2}
    account = Account.objects.get(username="zhang")
    assert not account.has_usable_password()
    assert account.actor(date(2015, 6, 1)).reaches(here.willow_lane, "street")
    ended = bring("posts", post(终止日期="2015-06-01"))
    assert verdicts(ended) == {"changed": 1}
    assert not account.actor(date(2015, 6, 1)).reaches(here.root, "aid")
    assert ended.batch is not None and outcome.batch is not None
    withdraw(ended.batch, by=SYSTEM, reason="没有调离")
    assert account.actor(date(2015, 6, 1)).reaches(here.root, "aid")
    withdraw(outcome.batch, by=SYSTEM, reason="导错了")
    assert not PostHeld.objects.filter(account=account).exists()


def test_a_misspelt_name_is_put_right_by_the_next_file(here: World, bring: Bring) -> None:
    bring("posts", post(姓名="张叁"), post("宣传部", 姓名="张叁"))
    righted = bring("posts", post(), post("宣传部"), post("财务部"))
    assert verdicts(righted) == {"changed": 2, "new": 1}
    assert Account.objects.get(username="zhang").name == "张三"
    assert verdicts(bring("posts", post(), post("宣传部"), post("财务部"))) == {"unchanged": 3}
    assert righted.batch is not None
    withdraw(righted.batch, by=SYSTEM, reason="岗位不对")
    assert Account.objects.get(username="zhang").name == "张叁"
    assert verdicts(bring("posts", post(姓名="张叁"), post("宣传部", 姓名="张叁"))) == {"unchanged": 2}


def test_a_withdrawn_file_gives_back_a_name_and_nothing_else_of_an_account(here: World, bring: Bring) -> None:
    bring("posts", post(姓名="张叁"))
    righted = bring("posts", post())
    account = Account.objects.get(username="zhang")
    set_password(account.pk, "a password chosen since", by=SYSTEM)
    assert righted.batch is not None
    withdraw(righted.batch, by=SYSTEM, reason="导错了")
    account.refresh_from_db()
    assert (account.name, account.check_password("a password chosen since")) == ("张叁", True)
    assert not Before.objects.filter(table="organisations.account", values__has_key="password:as").exists()


def test_a_name_put_right_by_hand_since_outlives_the_withdrawal(here: World, bring: Bring) -> None:
    bring("posts", post(姓名="张叁"))
    righted = bring("posts", post())
    rename_account(Account.objects.get(username="zhang").pk, "张三丰", by=SYSTEM)
    assert righted.batch is not None
    withdraw(righted.batch, by=SYSTEM, reason="导错了")
    assert Account.objects.get(username="zhang").name == "张三丰"


def test_people_on_post_go_where_their_station_goes(here: World, bring: Bring) -> None:
    bring("stations", station())
    bring("staff", staff("G7", "2013-01-01", "2014-01-01", at="Z09"), staff("G8", "2013-01-01", at="Z09"))
    moved = bring("stations", station(地方代码="W02"))
    paths = {"G7": here.willow, "G8": here.bridge}
    assert dict(Staff.objects.filter(number__in=paths).values_list("number", "path")) == paths
    day = Period.day(date(2015, 6, 1))
    assert catalogue.figure("staff.social_workers").value(here.bridge, day) == 2
    assert moved.batch is not None
    withdraw(moved.batch, by=SYSTEM, reason="没有搬")
    assert set(Staff.objects.filter(number__in=paths).values_list("path", flat=True)) == {here.willow}


def test_an_account_whose_file_was_withdrawn_is_nobodys_until_a_name_is_put_to_it(here: World, bring: Bring) -> None:
    wrong = bring("posts", post(姓名="张叁"))
    assert wrong.batch is not None
    withdraw(wrong.batch, by=SYSTEM, reason="姓名写错")
    assert verdicts(bring("posts", post())) == {"new": 1}
    assert Account.objects.get(username="zhang").name == "张三"


def test_two_names_for_one_account_in_a_file_are_refused(here: World, bring: Bring) -> None:
    outcome = bring("posts", post(), post("宣传部", 姓名="李四"))
    assert verdicts(outcome) == {"new": 1, "refused": 1}
    assert only_reason(outcome, 3) == ("账号", "账号 zhang 已是“张三”的，请换一个账号")
    outcome = bring("posts", post("财务部", 姓名="李四"), post())
    assert verdicts(outcome) == {"refused": 1, "unchanged": 1}
    assert Account.objects.get(username="zhang").name == "张三"


def test_a_wrong_post_comes_back(here: World, bring: Bring) -> None:
    bring("posts", post())
    outcome = bring("posts", post(since="2015-03-01"), post(姓名="李四", 岗位="宣传部"), post("大王"))
    assert only_reason(outcome, 2) == ("起始日期", "自 2015-01-01 起已担任这个岗位，时间重叠，请核对")
    assert only_reason(outcome, 3) == ("账号", "账号 zhang 已是“张三”的，请换一个账号")
    assert only_reason(outcome, 4)[0] == "岗位"


def test_funds_are_found_by_name(here: World, bring: Bring) -> None:
    row = {"资金名称": "送温暖", "用途": "两节", "地方代码": "W00"}
    assert verdicts(bring("funds", row)) == {"new": 1}
    assert verdicts(bring("funds", row | {"用途": "两节送温暖"})) == {"changed": 1}
    assert (Fund.objects.get().purpose, Fund.objects.get().path) == ("两节送温暖", here.root)
