"""Occasions of answer templates: laid down by their department, read by who sees its matters, used by who handles the matter."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from tests.matrix.occasions import by, kept_out, let_in, occasion
from tests.matrix.occasions_pages import reader_of, shown, text_of
from tests.matrix.scene import Scene
from tests.world import FOUNDED
from unionhall.cases import actions as cases
from unionhall.cases import answer_moves
from unionhall.cases.models import AnswerText, Case
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.actions import PostRow, give_post

FAR = date(2099, 1, 1)


def _text(service: str = "speakup") -> int:
    return AnswerText.objects.create(
        service=service, title="模板", body="好。", since=date(2015, 1, 1), at=timezone.now()
    ).pk


def _spoken(scene: Scene, scope: str) -> int:
    case = cases.open_case(
        "speakup", path=scene.paths[scope], on=timezone.localdate(), values={"matter": "x", "hide": "no"}, by=SYSTEM,
        person=scene.keys["person", scope], cause="living",
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(state="accepted")
    return case.pk


@occasion
def a_template_is_laid_down_and_ended_by_its_department(scene: Scene) -> Iterator[str]:
    text = _text()
    for role, wanted in (("rights", let_in), ("aid", kept_out), ("street", kept_out), ("leader", kept_out)):
        who = by(scene, (role, "own"))
        yield wanted(f"by {role}", lambda who=who: answer_moves.lay_down("speakup", "x", "x", since=FAR, by=who))
        yield wanted(f"ended by {role}", lambda who=who: answer_moves.end(text, until=FAR, by=who))
    rights = by(scene, ("rights", "own"))
    yield kept_out("of what answers nobody", lambda: answer_moves.lay_down("mediation", "x", "x", since=FAR, by=rights))
    yield kept_out("one there is not", lambda: answer_moves.end(0, until=FAR, by=rights))


@occasion
def a_matter_is_answered_by_a_template_where_one_handles_it(scene: Scene) -> Iterator[str]:
    text = _text()
    found = {scope: _spoken(scene, scope) for scope in ("own", "child", "sibling", "elsewhere", "parent")}
    me = by(scene, ("station_worker", "own"))
    for scope, case in found.items():
        wanted = let_in if scope in ("own", "child") else kept_out
        yield wanted(f"at {scope}", lambda case=case: answer_moves.answer_by(case, text, by=me))
    # Not even why it could not be answered is told of a matter out of sight.
    for scope in ("sibling", "elsewhere", "parent"):
        case = scene.keys["dispute", scope]
        yield kept_out(f"a dispute at {scope}", lambda case=case: answer_moves.answer_by(case, text, by=me))
    for role in ("leader", "aid", "women"):
        who = by(scene, (role, "own"))
        yield kept_out(f"by {role}", lambda who=who: answer_moves.answer_by(found["own"], text, by=who))


@occasion
def pages_of_templates_are_there_for_their_department_only(scene: Scene) -> Iterator[str]:
    text = _text()
    for role, read, change in (
        ("rights", True, True), ("station_worker", True, False), ("aid", False, False), ("organisation", False, False),
    ):  # fmt: skip
        client = reader_of(scene.accounts[role])
        yield shown(f"the list to {role}", text_of(client, "desk-answer-texts"), f"/desk/answer-texts/{text}/", read)
        page = text_of(client, "desk-answer-text", text)
        yield "" if page.startswith("200") == read else f"the page to {role}: {page[:3]}"
        yield shown(f"the form to {role}", page, 'name="body"', change)
        yield shown(f"the end to {role}", page, f"/desk/answer-texts/{text}/end/", change)
        came = text_of(client, "desk-answer-text-end", text)[:3]
        yield "" if (came == "200") == change else f"the end's page to {role}: {came}"
        posted = client.post(f"/desk/answer-texts/{text}/", {"body": ""}).status_code
        yield "" if (posted == 422) == change else f"a new version by {role}: {posted}"
    client = reader_of(scene.accounts["organisation"])
    yield shown("a service of another department", text_of(client, "desk-answer-text-add"), 'value="speakup"', False)
    yield shown("one's own service", text_of(client, "desk-answer-text-add"), 'value="joining"', True)


@occasion
def who_lays_nothing_down_ends_nothing_though_they_read_it(scene: Scene) -> Iterator[str]:
    """Two posts: one that reads the matters of all, one that lays down the texts of another department."""
    text, account = _text(), scene.accounts["nobody"]
    for role in ("leader", "aid"):
        give_post(PostRow(account.pk, role, scene.paths["own"], FOUNDED), by=SYSTEM)
    client = reader_of(account)
    for name, status in (("desk-answer-text", "200"), ("desk-answer-text-end", "404")):
        came = text_of(client, name, text)
        yield "" if came.startswith(status) else f"{name}: {came[:3]}"


@occasion
def many_are_offered_templates_of_what_one_sees(scene: Scene) -> Iterator[str]:
    text, case = _text(), scene.keys["dispute", "own"]
    for role, there in (("rights", True), ("women", False)):
        sent = {"do": "answer", "sel": [case], "query": ""}
        page = reader_of(scene.accounts[role]).post("/desk/cases/bulk/", sent).content.decode()
        yield shown(f"a template to {role}", page, f'<option value="{text}">', there)
