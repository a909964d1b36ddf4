"""Answer templates: dated, with fields that exist; a matter answered by one is answered in its own words, each by itself."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests import world
from tests.world import World
from unionhall.cases import actions, answer_moves, answers, merge_fields
from unionhall.cases.clock_models import Note
from unionhall.cases.models import AnswerText, Case
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused

BODY = "{职工}：\n您反映的{事由}问题（编号 {编号}），已约谈{单位}，下月起整改。{工会}"


def today() -> date:
    return timezone.localdate()


def the_rights(here: World) -> Actor:
    return world.an_officer("rights", here.root, today=today())


def a_station(here: World) -> Actor:
    return world.an_officer("station_worker", here.bridge, today=today())


def spoken(here: World, by: Actor, name: str = "钱大海", *, employer: bool = True, accept: bool = True) -> Case:
    member = world.a_member(here, name)
    case = actions.open_case(
        "speakup", path=here.bridge_east, on=today(), values={"matter": "食堂太远", "hide": "no"}, by=by, person=member.person,
        employer=here.diner if employer else None, cause="living",
    )  # fmt: skip
    return actions.move(case.pk, "accept", on=today(), values={}, by=by) if accept else case


def said_to(case: Case) -> str:
    return Note.objects.get(case=case, kind="answered").text._open()  # type: ignore[union-attr]


def test_the_services_that_answer_somebody_have_templates(here: World) -> None:
    assert {one.key for one in answers.answered()} == {"speakup", "legal", "joining"}
    once = {one.key: [step.name for step in answers.at_once(one)] for one in answers.answered()}
    assert once == {"speakup": ["answer", "settle"], "legal": ["advise"], "joining": []}, (
        "a refusal is decided one by one"
    )


def test_a_template_says_of_each_matter_what_is_its_own(here: World) -> None:
    text = answer_moves.lay_down("speakup", "已约谈", BODY, since=today(), by=the_rights(here))
    station = a_station(here)
    one, other = spoken(here, station), spoken(here, station, "孙六")
    for case in (one, other):
        answer_moves.answer_by(case.pk, text, by=station)
    for case, name in ((one, "钱大海"), (other, "孙六")):
        case.refresh_from_db()
        assert case.state == "answered" and case.closed_on == today()
        assert said_to(case).startswith(f"{name}：\n您反映的") and f"（编号 {case.number}），已约谈望河小馆" in said_to(
            case
        )
        assert name not in str(case.details) and "约谈" not in str(case.details), "what was answered is sealed"
    assert Line.objects.standing().filter(act="answered", service="speakup").count() == 2


def test_before_it_is_sent_the_name_stands_in_braces(here: World) -> None:
    case = spoken(here, a_station(here))
    draft = answers.filled(case, BODY, today(), by=a_station(here))
    assert draft.startswith("{职工}：") and "钱大海" not in draft and case.number in draft
    assert "钱大海" not in answers.filled(case, BODY, today(), by=a_station(here), masked=True)
    assert answers.with_names(case, draft + "{单位}{").startswith("钱大海：")
    assert answers.with_names(case, draft + "{单位}{").endswith("{单位}{"), "nothing but the names is touched"


def test_what_cannot_be_answered_so_is_left_as_it_is(here: World) -> None:
    station, rights = a_station(here), the_rights(here)
    text = answer_moves.lay_down("speakup", "已约谈", BODY, since=today(), by=rights)
    early, bare = spoken(here, station, accept=False), spoken(here, station, "孙六", employer=False)
    with pytest.raises(Refused, match="现在是“已登记”，不能答复"):
        answer_moves.answer_by(early.pk, text, by=station)
    with pytest.raises(Refused, match="没有写明单位"):
        answer_moves.answer_by(bare.pk, text, by=station)
    advice = answer_moves.lay_down("legal", "请带材料", "请带材料来。", since=today(), by=rights)
    with pytest.raises(Refused, match="这个模板是“工会法律援助”的"):
        answer_moves.answer_by(bare.pk, advice, by=station)
    long = answer_moves.lay_down("speakup", "很长", "字" * 490 + "{单位}{编号}", since=today(), by=rights)
    full = spoken(here, station, "周七")
    with pytest.raises(Refused, match="超过 500 个字"):
        answer_moves.answer_by(full.pk, long, by=station)
    answer_moves.end(text, until=today(), by=rights)
    with pytest.raises(Refused, match="已经停用"):
        answer_moves.answer_by(full.pk, text, by=station)
    with pytest.raises(NotYours):
        answer_moves.answer_by(full.pk, advice, by=world.an_officer("station_worker", here.willow))
    assert not Note.objects.filter(kind="answered").exists()
    assert set(Case.objects.values_list("state", flat=True)) == {"received", "accepted"}


def test_a_refusal_is_not_sent_by_the_dozen(here: World) -> None:
    """A template of 入会申请 may be picked when one is refused, and many are not refused at once."""
    organisation = world.an_officer("organisation", here.root, today=today())
    text = answer_moves.lay_down("joining", "材料不全", "请补交。", since=today(), by=organisation)
    person = world.a_person("高山青")[0]
    case = Case.objects.create(
        service="joining", number="RH-1", path=here.bridge_east, state="received", opened_on=today(), person_id=person
    )
    with pytest.raises(Refused, match="不能答复"):
        answer_moves.answer_by(case.pk, text, by=organisation)
    case.refresh_from_db()
    assert case.state == "received"


@pytest.mark.parametrize(
    ("part", "said", "why"),
    [
        ("body", "{身份证号}", "没有“身份证号”这样的合并字段"), ("body", "{文号}", "没有“文号”"), ("body", "{职工", "没有“{”"),
        ("body", " ", "不能空着"), ("body", "字" * 501, "最多 500"), ("title", "{职工}", "名称里不用"), ("title", "", "不能空着"),
        ("title", "字" * 41, "最多 40"),
    ],
)  # fmt: skip
def test_a_template_with_what_it_may_not_have_is_refused(here: World, part: str, said: str, why: str) -> None:
    good = {"title": "已约谈", "body": "好。"}
    with pytest.raises(Refused) as no:
        answer_moves.lay_down("speakup", **(good | {part: said}), since=today(), by=the_rights(here))
    assert no.value.code == part and why in no.value.message
    assert not AnswerText.objects.exists()


def test_a_new_version_ends_the_one_before(here: World) -> None:
    rights, later = the_rights(here), today() + timedelta(days=9)
    first = answer_moves.lay_down("speakup", "已约谈", "一。", since=today(), by=rights)
    answer_moves.lay_down("speakup", "另一个", "丙。", since=today(), by=rights)
    second = answer_moves.lay_down("speakup", "已约谈", "二。", since=later, by=rights)
    assert AnswerText.objects.get(pk=first).until == later
    assert [one.body for one in answers.texts("speakup", today())] == ["丙。", "一。"]
    assert [one.body for one in answers.texts("speakup", later)] == ["丙。", "二。"]
    with pytest.raises(Refused, match="已经定好"):
        answer_moves.lay_down("speakup", "已约谈", "三。", since=later, by=rights)
    with pytest.raises(Refused, match="从今天或以后"):
        answer_moves.lay_down("speakup", "新的", "三。", since=today() - timedelta(days=1), by=rights)
    entry = AuditEntry.objects.filter(act="answer.text").latest("pk")
    assert (entry.subject, entry.note) == (f"answertext:{second}", "speakup")


def test_what_has_ended_does_not_end_again_and_may_begin_anew(here: World) -> None:
    rights = the_rights(here)
    text = answer_moves.lay_down("speakup", "已约谈", "一。", since=today(), by=rights)
    with pytest.raises(Refused, match="不能早于今天"):
        answer_moves.end(text, until=today() - timedelta(days=1), by=rights)
    answer_moves.end(text, until=today() + timedelta(days=3), by=rights)
    assert answers.texts("speakup", today()) and not answers.texts("speakup", today() + timedelta(days=3))
    with pytest.raises(Refused, match="已经停用"):
        answer_moves.end(text, until=today() + timedelta(days=4), by=rights)
    again = answer_moves.lay_down("speakup", "已约谈", "二。", since=today() + timedelta(days=1), by=rights)
    assert AnswerText.objects.get(pk=text).until == today() + timedelta(days=1)
    assert AnswerText.objects.get(pk=again).until is None


def test_a_template_is_laid_down_by_its_department(here: World) -> None:
    rights = the_rights(here)
    for who in (world.an_officer("aid", here.root), a_station(here), world.an_officer("leader", here.root)):
        with pytest.raises(NotYours):
            answer_moves.lay_down("speakup", "x", "x", since=today(), by=who)
    with pytest.raises(NotYours):
        answer_moves.lay_down("mediation", "x", "x", since=today(), by=rights)
    text = answer_moves.lay_down("speakup", "x", "x", since=today(), by=rights)
    with pytest.raises(NotYours):
        answer_moves.end(text, until=today(), by=a_station(here))


def test_every_field_there_is_can_be_filled(here: World) -> None:
    """Whatever a template may say, a matter has a value for, or a blank."""
    case = spoken(here, a_station(here))
    body = "".join(f"{{{name}}}" for name in answers.fields())
    text = answers.with_names(case, answers.filled(case, body, today(), by=a_station(here)))
    assert "{" not in text and merge_fields.BLANK in text
    assert set(answers.blanks(case, body, today(), by=a_station(here))) >= {"商定金额", "律师"}
    assert "单位" not in answers.blanks(case, body, today(), by=a_station(here))
