"""Answer templates at the desk: laid down by the department, put into an answer to be worked on, said to many at once."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.cases.test_answers import BODY, said_to, spoken, the_rights
from tests.desk_business.conftest import page, refused, send
from tests.world import World
from unionhall.cases import answer_moves
from unionhall.cases.clock_models import Note
from unionhall.cases.merge_fields import BLANK
from unionhall.cases.models import AnswerText, Case
from unionhall.jobs.models import Job
from unionhall.jobs.worker import run_until_empty
from unionhall.web.desk import bulk

AtDesk = Callable[..., Client]
TEXTS = "/desk/answer-texts/"


@pytest.fixture
def text(here: World) -> int:
    return answer_moves.lay_down("speakup", "已约谈", BODY, since=timezone.localdate(), by=the_rights(here))


def a_case(here: World, name: str = "钱大海", **rest: Any) -> Case:
    return spoken(here, world.an_officer("station_worker", here.bridge, today=timezone.localdate()), name, **rest)


def box(text: str) -> str:
    """What stands in the answer's field."""
    found = re.search(r'<textarea name="answer"[^>]*>\s*(.*?)</textarea>', text, re.S)
    assert found is not None
    return found[1]


def test_a_department_lays_templates_down_and_ends_them(here: World, at_desk: AtDesk) -> None:
    rights, today = at_desk("rights", here.root), timezone.localdate()
    assert "还没有答复模板" in page(rights, TEXTS) and TEXTS in page(rights, "/desk/cases/")
    said = {"service": "speakup", "title": "已约谈", "body": BODY, "since": today.isoformat()}
    assert "没有“谁”这样的合并字段" in refused(rights, f"{TEXTS}add/", **(said | {"body": "{谁}"}))
    shown = send(rights, f"{TEXTS}add/", **said)
    assert "李小明：" in shown and "望河小馆" in shown, "filled in with made-up values"
    row = AnswerText.objects.get()
    later = (today + timedelta(days=3)).isoformat()
    send(rights, f"{TEXTS}{row.pk}/", body="另一段。", since=later)
    listed = page(rights, TEXTS)
    assert listed.count("已约谈") == 2 and "还没到" in listed and f"到 {later} 前" in listed
    new = AnswerText.objects.get(until=None)
    assert "其他版本" in page(rights, f"{TEXTS}{new.pk}/") and "停用模板" not in page(rights, f"{TEXTS}{row.pk}/")
    assert "不能早于今天" in refused(rights, f"{TEXTS}{new.pk}/end/", until=today.isoformat())
    send(rights, f"{TEXTS}{new.pk}/end/", until=later)
    assert page(rights, TEXTS).count("已约谈") == 1


def test_who_does_not_lay_them_down_reads_them(here: World, at_desk: AtDesk, text: int) -> None:
    station = at_desk("station_worker", here.bridge)
    assert "已约谈" in page(station, TEXTS) and "添加答复模板" not in page(station, TEXTS)
    assert "用例子填好的样子" in page(station, f"{TEXTS}{text}/") and "停用模板" not in page(station, f"{TEXTS}{text}/")
    assert station.post(f"{TEXTS}{text}/", {"body": "x"}).status_code == 404
    assert station.get(f"{TEXTS}add/").status_code == station.get(f"{TEXTS}{text}/end/").status_code == 403
    aid = at_desk("aid", here.root)
    assert "已约谈" not in page(aid, TEXTS)
    page(aid, f"{TEXTS}{text}/", 404)
    page(aid, f"{TEXTS}{text}/end/", 404)
    page(aid, f"{TEXTS}add/", 404)


def test_a_template_is_put_into_the_answer_and_worked_on(here: World, at_desk: AtDesk, text: int) -> None:
    station, case = at_desk("station_worker", here.bridge), a_case(here)
    at = f"/desk/cases/{case.pk}/step/answer/"
    assert box(page(station, at)) == "" and "已约谈" in page(station, at)
    draft = box(page(station, f"{at}?template={text}"))
    assert draft.startswith("{职工}：") and f"（编号 {case.number}）" in draft and "望河小馆" in draft
    assert "钱大海" not in page(station, f"{at}?template={text}")
    send(station, at, on=timezone.localdate().isoformat(), answer=f"{draft}\n再联系。")
    case.refresh_from_db()
    assert case.state == "answered"
    assert said_to(case).startswith("钱大海：") and said_to(case).endswith("再联系。")


def test_what_was_typed_is_kept_and_nothing_is_sent_yet(here: World, at_desk: AtDesk, text: int) -> None:
    station, case = at_desk("station_worker", here.bridge), a_case(here)
    at, yesterday = f"/desk/cases/{case.pk}/step/answer/", (timezone.localdate() - timedelta(days=1)).isoformat()
    sent = {"fill": "1", "template": str(text), "on": yesterday, "answer": "您好。"}
    came = station.post(at, sent)
    said = came.content.decode()
    assert (
        came.status_code == 200
        and box(said).startswith("您好。\n{职工}：\n您反映的")
        and f'value="{yesterday}"' in said
    )
    assert box(station.post(at, sent | {"template": ""}).content.decode()) == "您好。"
    for strange in ("99999999", "x", "-1", "9" * 40):
        assert box(page(station, f"{at}?template={strange}")) == ""
    case.refresh_from_db()
    assert case.state == "accepted" and not Note.objects.filter(case=case, kind="answered").exists()


def test_what_a_template_left_open_is_not_sent(here: World, at_desk: AtDesk, text: int) -> None:
    station, case = at_desk("station_worker", here.bridge), a_case(here, employer=False)
    at = f"/desk/cases/{case.pk}/step/answer/"
    draft = box(page(station, f"{at}?template={text}"))
    assert BLANK in draft
    assert "还有空着的地方" in refused(station, at, answer=draft)
    send(station, at, on=timezone.localdate().isoformat(), answer=draft.replace(BLANK, "单位"))
    assert "已约谈单位" in said_to(case)


def asked_for(client: Client, cases: list[Case], **more: str) -> tuple[int, str]:
    sent = {"do": "answer", "sel": [case.pk for case in cases], "query": "", **more}
    came = client.post("/desk/cases/bulk/", sent, follow=True)
    return came.status_code, came.content.decode()


def test_many_are_answered_after_the_first_was_looked_at(here: World, at_desk: AtDesk, text: int) -> None:
    station = at_desk("station_worker", here.bridge)
    one, other = a_case(here), a_case(here, "孙六")
    early, bare = a_case(here, "周七", accept=False), a_case(here, "吴八", employer=False)
    every = [one, other, early, bare]
    status, shown = asked_for(station, every)
    assert status == 200 and "勾选的 4 条" in shown and "预览" in shown and "· 已约谈" in shown
    assert "请选择“答复模板”" in asked_for(station, every, confirmed="1")[1]
    status, shown = asked_for(station, every, confirmed="1", template=str(text))
    assert status == 200 and "现在能用这个模板答复的有 3 件" in shown and "约谈" in shown
    assert "钱大海" not in shown and "吴八" not in shown, "names are masked"
    assert not Note.objects.filter(kind="answered").exists(), "to look is not to answer"
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    assert seen == str(text)
    status, result = asked_for(station, every, confirmed="1", template=str(text), seen=seen)
    assert status == 200 and "办成 2 条" in result
    assert "现在是“已登记”，不能答复" in result and "没有写明单位" in result
    states = dict(Case.objects.values_list("pk", "state"))
    assert [states[case.pk] for case in every] == ["answered", "answered", "received", "accepted"]
    assert said_to(other).startswith("孙六：") and said_to(one).startswith("钱大海：")


def test_another_template_is_looked_at_anew(here: World, at_desk: AtDesk, text: int) -> None:
    other = answer_moves.lay_down("speakup", "转单位", "已转单位。", since=timezone.localdate(), by=the_rights(here))
    station, case = at_desk("station_worker", here.bridge), a_case(here)
    _status, shown = asked_for(station, [case], confirmed="1", template=str(other), seen=str(text))
    assert "已转单位。" in shown and f'name="seen" value="{other}"' in shown
    case.refresh_from_db()
    assert case.state == "accepted"
    legal = answer_moves.lay_down("legal", "请带材料", "请带材料来。", since=timezone.localdate(), by=the_rights(here))
    assert "没有一件现在能用这个模板答复" in asked_for(station, [case], confirmed="1", template=str(legal))[1]


def test_another_department_is_offered_no_template(here: World, at_desk: AtDesk, text: int) -> None:
    assert "已约谈" not in asked_for(at_desk("station_worker", here.willow), [])[1]
    legal = at_desk("aid", here.root)
    case = a_case(here)
    assert "没有选中任何一行" in asked_for(legal, [case], confirmed="1", template=str(text), seen=str(text))[1]
    case.refresh_from_db()
    assert case.state == "accepted"


def test_more_than_one_waits_for_are_a_jobs(
    here: World, at_desk: AtDesk, text: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    station = at_desk("station_worker", here.bridge)
    one, other = a_case(here), a_case(here, "孙六")
    said = {"query": "service=speakup", "all": "1", "count": "2", "confirmed": "1", "template": str(text)}
    _status, shown = asked_for(station, [], **said)
    assert "符合条件的全部 2 条" in shown and "后台任务" in shown and 'name="seen"' in shown
    asked_for(station, [], **said, seen=str(text))
    assert not Note.objects.filter(kind="answered").exists()
    run_until_empty()
    job = Job.objects.latest("pk")
    assert (job.state, job.result) == ("done", {"done": 2, "refused": 0}), job.error
    assert said_to(one).startswith("钱大海：") and said_to(other).startswith("孙六：")
    assert "钱大海" not in str(Job.objects.filter(pk=job.pk).values().get())
