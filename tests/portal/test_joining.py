"""加入工会 on the telephone, and the officer's answer at the desk: both pages, from the first word to the membership."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.portal.test_helping import page_of
from tests.portal.test_offers import page
from tests.world import Member, World
from unionhall.cases.models import Case
from unionhall.organisations.models import Account, Employer, Union
from unionhall.people.models import Membership

pytestmark = pytest.mark.django_db

JOIN = "/me/join/"


@pytest.fixture
def courier(here: World) -> Member:
    """Known by name and number, a member of nothing."""
    person, number, mobile = world.a_person("小高")
    return Member(person, 0, "小高", number, mobile, here.drum_tower)


@pytest.fixture
def his_phone(phone_of: Callable[[Member], Client], courier: Member) -> Client:
    return phone_of(courier)


def at_desk(role: str, path: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=world.an_officer(role, path, today=timezone.localdate()).account))
    return client


def asked(phone: Client, employer: str = "望河小馆") -> Case:
    checked = page_of(phone.post(JOIN, {"step": "check", "employer": employer, "job": "帮厨"}))
    assert "石桥东社区联合工会" in checked and "请核对" in checked
    sent = checked.partition('name="sent" value="')[2].partition('"')[0]
    told = {"step": "send", "employer": employer, "job": "帮厨", "pledge": "1", "sent": sent}
    answer = phone.post(JOIN, told)
    assert answer.status_code == 302
    return Case.objects.get(pk=int(answer.headers["Location"].split("/")[3]))


def test_he_asks_is_admitted_and_told_so(his_phone: Client, courier: Member, here: World) -> None:
    assert (
        JOIN in page(his_phone, "/me/")
        and JOIN in page(his_phone, "/me/data/")
        and JOIN in page(his_phone, "/me/help/")
    )
    text = page(his_phone, JOIN)
    assert "入会自愿" in text and courier.number not in text
    case = asked(his_phone)
    assert courier.number not in page(his_phone, JOIN) and case.number in page(his_phone, JOIN), (
        "asked once, he is told how far it is"
    )
    assert f"最晚 {case.due_on}" in page(his_phone, f"/me/matters/{case.pk}/")

    officer = at_desk("union_officer", here.bridge_east)
    assert case.number in page(officer, "/desk/inbox/") and f"/desk/cases/{case.pk}/" in page(officer, "/desk/")
    shown = page(officer, f"/desk/cases/{case.pk}/")
    assert "石桥东社区联合工会" in shown and "帮厨" in shown and "自愿加入工会" in shown
    assert officer.get("/desk/cases/add/").status_code == 403, "who joins is asked, not entered"
    admit = f"/desk/cases/{case.pk}/step/admit/"
    assert officer.post(admit, {"on": timezone.localdate().isoformat()}).status_code == 302
    held = Membership.objects.get(person=courier.person)
    assert f"/desk/members/{held.pk}/" in page(officer, f"/desk/cases/{case.pk}/")
    assert "您已经是石桥东社区联合工会的会员" in page(his_phone, JOIN)
    assert JOIN not in page(his_phone, "/me/")


def test_the_reason_why_not_is_his_to_read(his_phone: Client, here: World, courier: Member) -> None:
    case = asked(his_phone)
    station = at_desk("station_worker", here.bridge)
    decline = f"/desk/cases/{case.pk}/step/decline/"
    assert "请填写“怎样答复职工”" in page_of(station.post(decline, {"on": timezone.localdate().isoformat()}), 422)
    told = {"on": timezone.localdate().isoformat(), "answer": "名册里没有您，请让单位人事确认。"}
    assert station.post(decline, told).status_code == 302
    text = page(his_phone, f"/me/matters/{case.pk}/")
    assert "名册里没有您，请让单位人事确认。" in text and "不予批准" in text
    assert "入会自愿" in page(his_phone, JOIN), "he may ask again"
    assert not Membership.objects.filter(person=courier.person).exists()


def test_he_takes_it_back(his_phone: Client) -> None:
    case = asked(his_phone)
    assert his_phone.post(f"/me/matters/{case.pk}/step/withdraw/").status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_where_there_is_no_union_he_is_told_and_a_lead_goes_on_his_consent_alone(
    his_phone: Client, here: World, courier: Member
) -> None:
    text = page_of(his_phone.post(JOIN, {"step": "check", "employer": "快腿物流"}))
    assert "快腿物流还没有工会" in text and "联系单位时不说出您是谁" in text
    code = Employer.objects.get(pk=here.courier).uscc
    assert "先勾选同意" in page_of(his_phone.post(JOIN, {"step": "wish", "employer": code}), 422)
    assert not Case.objects.exists()
    # Asked to join all the same: there is nothing to join.
    assert "还没有工会" in page_of(his_phone.post(JOIN, {"step": "send", "employer": code, "pledge": "1"}), 422)
    assert his_phone.post(JOIN, {"step": "wish", "employer": code, "agreed": "1"}).status_code == 302
    case = Case.objects.get(service="founding")
    assert (case.person_id, case.employer_id, case.path) == (courier.person, here.courier, here.drum_tower)
    assert "线索" in page(his_phone, f"/me/matters/{case.pk}/")
    other = world.a_person("小马")
    assert other and his_phone.post(JOIN, {"step": "wish", "employer": code, "agreed": "1"}).status_code == 302
    assert Case.objects.count() == 1


def test_a_second_workers_wish_is_added_to_the_first(
    his_phone: Client, phone_of: Callable[[Member], Client], here: World
) -> None:
    told = {"step": "wish", "employer": "快腿物流", "agreed": "1"}
    assert his_phone.post(JOIN, told).status_code == 302
    person, number, mobile = world.a_person("小马")
    her_phone = phone_of(Member(person, 0, "小马", number, mobile, here.drum_tower))
    answer = her_phone.post(JOIN, told)
    assert answer.headers["Location"] == "/me/" and "您的愿望也记上了" in page(her_phone, "/me/")
    case = Case.objects.get(service="founding")
    assert her_phone.get(f"/me/matters/{case.pk}/").status_code == 404, "whose the first was is nobody else's business"
    assert "又有一名职工希望建会" in page(at_desk("station_worker", here.willow), f"/desk/cases/{case.pk}/")


def test_a_member_is_told_so_whatever_is_sent(phone: Client, li: Member) -> None:
    assert "您已经是石桥东社区联合工会的会员" in page(phone, JOIN)
    for step in ("check", "send", "wish"):
        sent = page_of(phone.post(JOIN, {"step": step, "employer": "望河小馆", "pledge": "1", "agreed": "1"}))
        assert "您已经是石桥东社区联合工会的会员" in sent
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"employer": ""}, "请填写单位全称"),
        ({"employer": "没有这家公司"}, "登记里没有这家单位"),
        ({"employer": "望河小\x00馆", "job": "长" * 61}, "岗位最多 60 个字"),
        ({"employer": "望河小馆", "step": "send"}, "请勾选您的声明"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(his_phone: Client, wrong: dict[str, str], said: str) -> None:
    text = page_of(his_phone.post(JOIN, {"step": "check", "job": "帮厨"} | wrong), 422)
    assert said in text and ("帮厨" in text or "长" * 61 in text)
    assert not Case.objects.exists()


def test_back_from_the_check_what_was_typed_stands_there(his_phone: Client) -> None:
    text = page_of(his_phone.post(JOIN, {"step": "change", "employer": "望河小馆", "job": "帮厨"}))
    assert 'value="望河小馆"' in text and 'value="帮厨"' in text


def test_one_of_two_of_a_name_is_named_by_its_code(his_phone: Client, here: World) -> None:
    world.record_employers([world.EmployerRow(world.a_uscc(8), "望河小馆", here.willow)], by=world.SYSTEM)
    assert "请填统一社会信用代码" in page_of(his_phone.post(JOIN, {"step": "check", "employer": "望河小馆"}), 422)
    code = Employer.objects.get(pk=here.diner).uscc
    spread = f" {code[:4]} {code[4:].lower()} "
    assert "石桥东社区联合工会" in page_of(his_phone.post(JOIN, {"step": "check", "employer": spread}))


def test_from_the_list_of_the_uncovered_to_the_register_of_unions(here: World) -> None:
    """The officer's way, on the pages alone: why an employer has no union stands in the list; in the end it has one."""
    station, street = at_desk("station_worker", here.willow), at_desk("street", here.willow)
    today = timezone.localdate().isoformat()
    listed = page(station, "/desk/employers/?covered=no")
    assert "快腿物流" in listed and "红星机械厂" not in listed
    of_it = page(station, f"/desk/employers/{here.courier}/")
    code = Employer.objects.get(pk=here.courier).uscc
    assert f"/desk/cases/add/founding/?employer={code}" in of_it
    assert "登记建会线索" not in page(station, f"/desk/employers/{here.factory}/"), "it has a union"
    blank = page(station, f"/desk/cases/add/founding/?employer={code}")
    assert f'value="{code}"' in blank
    sent = station.post("/desk/cases/add/founding/", {"employer": code, "on": today, "cause_key": "unknown"})
    case = Case.objects.get(service="founding")
    assert sent.headers["Location"] == f"/desk/cases/{case.pk}/"
    assert f"/desk/cases/{case.pk}/" in page(station, f"/desk/employers/{here.courier}/")
    again = station.post("/desk/cases/add/founding/", {"employer": code, "on": today, "cause_key": "unknown"})
    assert "正在办理" in page_of(again, 422)

    def step(client: Client, name: str, status: int = 302, **told: str) -> str:
        return page_of(client.post(f"/desk/cases/{case.pk}/step/{name}/", {"on": today} | told), status)

    assert "和谁谈的" in step(station, "contact", 422, cause="unwilling")
    step(station, "contact", cause="unwilling", contact="经理说没有必要")
    for way in ("covered=no", "covered=no&why=unwilling"):
        assert "单位不愿建会" in page(station, f"/desk/employers/?{way}")
    assert "快腿物流" not in page(station, "/desk/employers/?why=few") and "快腿物流" not in page(
        station, "/desk/employers/?why=none"
    )
    step(station, "apply", headcount="45", way="own")
    assert station.get(f"/desk/cases/{case.pk}/step/approve/").status_code == 404, "not the station's to approve"
    step(street, "approve", approval_no="柳工〔2026〕3号")
    ballot = {"entitled": "45", "present": "40", "votes": "36", "chair": "高山", "chair_is": "clear", "term": "3"}
    assert "法定代表人不得" in step(station, "elect", 422, **(ballot | {"chair_is": "legal"}))
    step(station, "elect", **ballot)
    assert 'value="快腿物流工会"' in page(street, f"/desk/cases/{case.pk}/step/register/")
    step(street, "register", union_name="快腿物流工会")
    union = Union.objects.get(name="快腿物流工会")
    shown = page(street, f"/desk/cases/{case.pk}/")
    assert f"/desk/unions/{union.pk}/" in shown and "高山" in shown and "已登记成立" in shown
    assert "快腿物流" not in page(station, "/desk/employers/?covered=no")
