"""有话跟工会说: said on the telephone, answered by the station, read and rated on the telephone; and the figures after it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.portal.test_offers import page
from tests.world import Member, World
from unionhall import catalogue
from unionhall.cases import actions, handling_moves, intake_moves
from unionhall.cases.clock_models import Note
from unionhall.cases.models import Case
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.messages.models import Notice

pytestmark = pytest.mark.django_db

ASK = "/me/help/speakup/"
TOLD = "夜班回来没有班车，四十多人要走三公里"
SAID = {"cause": "living", "said_matter": TOLD, "said_hide": "yes"}


def figure(key: str, here: World) -> object:
    return catalogue.figure(key).value(here.root, Period.year(timezone.localdate().year))


def brought(phone: Client, **said: str) -> Case:
    """Filled in, checked, sent."""
    checked = page_of(phone.post(ASK, {"step": "check", **(SAID | said)}))
    assert "请核对" in checked
    sent = checked.partition('name="sent" value="')[2].partition('"')[0]
    answer = phone.post(ASK, {"step": "send", "sent": sent, **(SAID | said)})
    assert answer.status_code == 302
    return Case.objects.get(pk=int(answer.headers["Location"].split("/")[3]))


def page_of(answer: object, status: int = 200) -> str:
    assert answer.status_code == status  # type: ignore[attr-defined]
    text: str = answer.content.decode()  # type: ignore[attr-defined]
    return text


def test_five_plain_choices_lead_on(phone: Client) -> None:
    text = page(phone, "/me/help/")
    for said in (
        "给单位提建议（有事即谈）",
        "工资、合同、工伤纠纷",
        "生活遇到困难，想申请帮扶",
        "找律师问问",
        "心里不舒服，想聊聊",
    ):
        assert said in text
    for key in ("speakup", "mediation", "aid.living", "legal"):
        assert "写完先核对" in page(phone, f"/me/help/{key}/")
    for key in ("correction", "aid.file", "nonsense"):
        assert phone.get(f"/me/help/{key}/").status_code == 404


def test_said_checked_answered_rated_and_the_figures_move_by_one_each(here: World, phone: Client, li: Member) -> None:
    case = brought(phone)
    assert (case.service, case.cause, case.person_id, case.path) == ("speakup", "living", li.person, li.path)
    assert TOLD not in str(case.details) and case.details["hide"] == "yes", "what she wrote is sealed"
    text = page(phone, f"/me/matters/{case.pk}/")
    assert case.number in text and f"最晚 {case.due_on}" in text
    today = timezone.localdate()
    station = world.an_officer("station_worker", here.bridge, today=today)
    actions.move(case.pk, "accept", on=today, values={}, by=station)
    actions.move(case.pk, "talk", on=today, values={}, by=station)
    actions.move(case.pk, "settle", on=today, values={"answer": "下月起开两班夜班车。"}, by=station)
    assert [figure(f"speakup.{one}", here) for one in ("accepted", "talks", "answered", "satisfied")] == [1, 1, 1, 0]
    assert "下月起开两班夜班车。" in page(phone, f"/me/matters/{case.pk}/")
    assert "夜班车" not in str(Case.objects.get(pk=case.pk).details), "the answer is sealed, too"
    assert phone.post(f"/me/matters/{case.pk}/rate/", {"score": "good", "said": "谢谢"}).status_code == 302
    assert phone.post(f"/me/matters/{case.pk}/rate/", {"score": "good", "said": "再次感谢"}).status_code == 302
    assert figure("speakup.satisfied", here) == 1
    assert Notice.objects.filter(person=li.person, subject=case.subject).count() == 3


def test_not_settled_it_is_taken_up_again_and_counts_once(here: World, phone: Client) -> None:
    case, today = brought(phone), timezone.localdate()
    station = world.an_officer("station_worker", here.bridge, today=today)
    actions.move(case.pk, "accept", on=today, values={}, by=station)
    actions.move(case.pk, "answer", on=today, values={"answer": "已转告。"}, by=station)
    at = f"/me/matters/{case.pk}/step/again/"
    assert "还要填写" in page_of(phone.post(at, {"reason": " "}), 422)
    assert phone.post(at, {"reason": "班车还是没有"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.closed_on, case.result) == ("accepted", None, "")
    assert (figure("speakup.accepted", here), figure("speakup.answered", here)) == (1, 0)
    actions.move(case.pk, "answer", on=today, values={"answer": "周一开通。"}, by=station)
    assert (figure("speakup.accepted", here), figure("speakup.answered", here)) == (1, 1)


def test_sent_twice_it_is_one_and_another_matter_of_the_kind_is_another(phone: Client) -> None:
    first = brought(phone)
    again = phone.post(ASK, {"step": "send", "sent": first.details["sent"], **SAID})
    assert again.headers["Location"].endswith(f"/{first.pk}/")
    second = brought(phone, said_matter="宿舍漏雨")
    assert second.pk != first.pk and Case.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"cause": ""}, "请从列表中选择"),
        ({"said_matter": " "}, "请填写“说说情况”"),
        ({"said_hide": ""}, "请选择“要不要让单位知道是您”"),
        ({"said_hide": "perhaps"}, "请从列出的选项里选择"),
        ({"said_matter": "长" * 501}, "最多 500 个字"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(phone: Client, wrong: dict[str, str], said: str) -> None:
    for step in ("check", "send"):
        text = page_of(phone.post(ASK, {"step": step, **(SAID | wrong)}), 422)
        assert said in text
        assert TOLD in text or "said_matter" in wrong
    assert not Case.objects.exists()


def test_back_from_the_check_everything_still_stands_there(phone: Client) -> None:
    text = page_of(phone.post(ASK, {"step": "change", **SAID}))
    assert TOLD in text and 'value="living" checked' in text and 'value="yes" checked' in text


def test_asked_for_papers_she_adds_them_and_the_clock_runs_on(here: World, phone: Client) -> None:
    case, today = brought(phone), timezone.localdate()
    station = world.an_officer("station_worker", here.bridge, today=today)
    handling_moves.give_back(case.pk, reason="请写明班次", on=today, by=station)
    text = page(phone, f"/me/matters/{case.pk}/")
    assert "请写明班次" in text and "等您补充材料" in text
    assert "请写下要补充的内容" in page_of(phone.post(f"/me/matters/{case.pk}/add/", {"text": ""}), 422)
    assert phone.post(f"/me/matters/{case.pk}/add/", {"text": "二十三点的班"}).status_code == 302
    case.refresh_from_db()
    assert case.waiting_since is None and case.due_on is not None
    assert "二十三点的班" in page(phone, f"/me/matters/{case.pk}/")
    note = Note.objects.get(case=case, kind="completed")
    assert "二十三点".encode() not in bytes(note.text.envelope)


def test_what_officers_write_for_themselves_she_does_not_read(here: World, phone: Client) -> None:
    case, today = brought(phone), timezone.localdate()
    station = world.an_officer("station_worker", here.bridge, today=today)
    handling_moves.take_up(case.pk, reason="单位态度很差", by=station)
    assert "单位态度很差" not in page(phone, f"/me/matters/{case.pk}/")


def test_she_takes_it_back(here: World, phone: Client) -> None:
    case = brought(phone)
    assert phone.post(f"/me/matters/{case.pk}/step/withdraw/").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.due_on) == ("withdrawn", None)
    assert "办结以后才能评价" in page_of(phone.post(f"/me/matters/{case.pk}/rate/", {"score": "good"}), 422)
    assert "已经办结，不能再补充" in page_of(phone.post(f"/me/matters/{case.pk}/add/", {"text": "x"}), 422)


def test_a_stations_step_is_not_hers_and_hers_is_nobody_elses(
    here: World, phone: Client, phone_of: Callable[[Member], Client], wang: Member
) -> None:
    case = brought(phone)
    assert phone.post(f"/me/matters/{case.pk}/step/accept/").status_code == 404
    other = phone_of(wang)
    for address in ("", "add/", "rate/", "step/withdraw/"):
        at = f"/me/matters/{case.pk}/{address}"
        assert (other.post(at, {"text": "x", "score": "good"}) if address else other.get(at)).status_code == 404
    station = world.an_officer("station_worker", here.bridge, today=timezone.localdate())
    with pytest.raises(NotYours):
        actions.move(case.pk, "withdraw", on=timezone.localdate(), values={}, by=station)


def test_who_belongs_nowhere_is_told_where_to_go(here: World, li: Member, wang: Member) -> None:
    now = timezone.now() - timedelta(days=20_000)
    me = Actor(None, "李秀英", person=li.person)
    with pytest.raises(Refused, match="工会服务站"):
        intake_moves.bring("speakup", "living", {"matter": "x", "hide": "no"}, now=now, by=me)


def test_the_list_shows_what_is_under_way_first(here: World, phone: Client) -> None:
    first, second = brought(phone), brought(phone, cause="safety")
    phone.post(f"/me/matters/{first.pk}/step/withdraw/")
    text = page(phone, "/me/matters/")
    assert text.index(second.number) < text.index("已经办结的") < text.index(first.number)
