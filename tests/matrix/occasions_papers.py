"""Occasions of what lies with matters: papers, files, and what is given to a lawyer by name."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from unittest.mock import patch

from django.urls import reverse

from tests.matrix.occasions import by, kept_out, let_in, occasion
from tests.matrix.occasions_actions import _both
from tests.matrix.occasions_cases import ON, Act, _dispute
from tests.matrix.occasions_pages import reader_of, shown, text_of
from tests.matrix.scene import SCOPES, STRANGER, Scene
from tests.world import FOUNDED
from unionhall.access import reveal
from unionhall.cases import actions as cases
from unionhall.cases import lawyer_moves, paper_moves
from unionhall.cases.models import Case, IssuedPaper
from unionhall.exchange import casefile_moves
from unionhall.exchange.casefile_room import Kept
from unionhall.exchange.models import CaseFile
from unionhall.kernel.actor import SYSTEM, Actor, Post
from unionhall.organisations.actions import PostRow, give_post
from unionhall.organisations.models import PostHeld


@occasion
def papers_are_made_and_declared_void_by_who_handles_the_matter(scene: Scene) -> Iterator[str]:
    me, other = by(scene, ("station_worker", "own")), by(scene, ("aid", "own"))
    sees = by(scene, ("rights", "own"), ("leader", "sibling"), ("leader", "elsewhere"), ("leader", "parent"))
    acts: dict[str, Callable[[str, Actor], object]] = {
        "made": lambda scope, who: paper_moves.issue(_dispute(scene, scope), "mediation.accepted", {}, by=who),
        "void": lambda scope, who: paper_moves.void(scene.keys["paper", scope], reason="x", by=who),
        "in a notice": lambda scope, who: paper_moves.issue_notice([_dispute(scene, scope)], "aid.notice", by=who),
    }
    for what, act in acts.items():
        yield from _both(what, lambda scope, act=act: act(scope, me))
        yield kept_out(f"{what} by another department", lambda act=act: act("own", other))
        for scope in ("sibling", "elsewhere", "parent"):
            yield kept_out(f"{what} by who only sees {scope}", lambda act=act, scope=scope: act(scope, sees))
    yield kept_out(
        "another service's paper", lambda: paper_moves.issue(_dispute(scene, "own"), "aid.approval", {}, by=me)
    )


@occasion
def the_text_of_a_paper_is_its_departments(scene: Scene) -> Iterator[str]:
    told = {"title": "x", "numbering": "{年}{号}", "body": "x", "since": date(2099, 1, 1)}
    for role, wanted in (("rights", let_in), ("aid", kept_out), ("street", kept_out), ("leader", kept_out)):
        yield wanted(
            f"text by {role}",
            lambda role=role: paper_moves.lay_down("mediation.accepted", by=by(scene, (role, "own")), **told),
        )
    yield kept_out("a paper there is not", lambda: paper_moves.lay_down("x", by=by(scene, ("rights", "own")), **told))


@occasion
def pages_of_papers_are_not_there_for_who_only_sees(scene: Scene) -> Iterator[str]:
    """A post that sees papers at one place and handles matters at another finds no page to declare one void at the first."""
    account = scene.accounts["nobody"]
    for role, scope in (("rights", "own"), ("leader", "sibling")):
        give_post(PostRow(account.pk, role, scene.paths[scope], FOUNDED), by=SYSTEM)
    client = reader_of(account)
    for scope, status in (("own", "200"), ("sibling", "404")):
        for name, key in (
            ("desk-paper-void", (scene.keys["paper", scope],)),
            ("desk-case-paper", (_dispute(scene, scope), "mediation.accepted")),
        ):
            text = text_of(client, name, *key)
            yield "" if text.startswith(status) else f"{name} at {scope}: {text[:3]}"
    text = text_of(client, "desk-case", _dispute(scene, "sibling"))
    yield "a paper is offered to who only sees" if "/papers/mediation.accepted/" in text else ""


@occasion
def a_notice_about_many_is_seen_at_its_place_by_its_department(scene: Scene) -> Iterator[str]:
    """It has no matter of its own by which it would be seen."""
    IssuedPaper.objects.all().update(case=None)
    found = set(IssuedPaper.objects.visible_to(by(scene, ("rights", "own"))).values_list("pk", flat=True))
    for scope in SCOPES:
        within = scope in ("own", "child")
        yield f"a notice at {scope}" if (scene.keys["paper", scope] in found) != within else ""
    yield "another department's notice" if IssuedPaper.objects.visible_to(by(scene, ("aid", "own"))).exists() else ""
    whole = IssuedPaper.objects.visible_to(by(scene, ("street", "own")))
    yield "" if whole.exists() else "the street sees no notice"


@occasion
def a_lawyers_matters_are_those_given_to_them_where_that_is_their_post(scene: Scene) -> Iterator[str]:
    account, mine = scene.accounts["lawyer"].pk, scene.owned["given", "lawyer"]
    theirs = scene.owned["given", STRANGER]
    assert isinstance(mine, int) and isinstance(theirs, int)
    report = {"result": "won", "fen_agreed": 1, "report": "x"}

    def at(scope: str) -> Actor:
        return Actor(account, "x", (Post("lawyer", scene.paths[scope]),))

    acts: dict[str, Act] = {
        "written": lambda case, who: lawyer_moves.write(case, "work", "x", on=ON, by=who),
        "closed": lambda case, who: lawyer_moves.close(case, "won", 1, "x", on=ON, by=who),
        "moved": lambda case, who: cases.move(case, "close", on=ON, values=report, by=who),
        "opened": lambda case, who: reveal._reached(reveal.find("cases.case.sealed_details"), [case], who),
    }
    for what, act in acts.items():
        yield let_in(f"{what}, one's own", lambda act=act: act(mine, at("own")))
        yield kept_out(f"{what}, another's", lambda act=act: act(theirs, at("parent")))
        yield kept_out(f"{what}, with the post elsewhere", lambda act=act: act(mine, at("sibling")))
        yield kept_out(f"{what}, without the post", lambda act=act: act(mine, by(scene, ("counsellor", "own"))))
        yield kept_out(f"{what}, by the lawyer's account with no post", lambda act=act: act(mine, Actor(account, "x")))
    yield kept_out(
        "closed by the station",
        lambda: cases.move(mine, "close", on=ON, values=report, by=by(scene, ("station_worker", "own"))),
    )
    seen = set(Case.objects.visible_to(at("parent")).values_list("pk", flat=True))
    yield f"a lawyer sees {seen}" if seen != {mine} else ""


@occasion
def what_a_lawyer_was_not_given_opens_to_no_right_they_lack(scene: Scene) -> Iterator[str]:
    """An officer who is a lawyer besides, and was given a matter: it opens; one they only see, without the right, does not."""
    account, mine = scene.accounts["lawyer"].pk, scene.owned["given", "lawyer"]
    assert isinstance(mine, int)
    own = scene.paths["own"]
    both = Actor(account, "x", (Post("lawyer", own), Post("leader", own)))
    yield let_in("the one given", lambda: reveal._reached(reveal.find("cases.case.sealed_details"), [mine], both))
    for row in ("aid", "correction"):
        yield kept_out(
            row,
            lambda row=row: reveal._reached(reveal.find("cases.case.sealed_details"), [scene.keys[row, "own"]], both),
        )
    Case.objects.filter(pk=mine).update(lawyer=account)
    leader = Actor(account, "x", (Post("leader", own),))
    yield kept_out(
        "one given to who is no lawyer",
        lambda: reveal._reached(reveal.find("cases.case.sealed_details"), [mine], leader),
    )


PAPER = {"title": "x", "number": "x", "body": "x", "signed": "x", "on": "2015-09-01"}
FILE = Kept("x.pdf", "pdf", 1, "")


@occasion
def files_are_added_by_who_has_to_do_with_the_matter_and_taken_away_by_who_handles_it(scene: Scene) -> Iterator[str]:
    me, other = by(scene, ("station_worker", "own")), by(scene, ("aid", "own"))
    sees = by(scene, ("rights", "own"), ("leader", "sibling"), ("leader", "elsewhere"), ("leader", "parent"))
    acts: dict[str, Callable[[str, Actor], object]] = {
        "added": lambda scope, who: casefile_moves.add(_dispute(scene, scope), [FILE], by=who),
        "away": lambda scope, who: casefile_moves.take_away(scene.keys["case_file", scope], reason="x", by=who),
    }
    for what, act in acts.items():
        yield from _both(what, lambda scope, act=act: act(scope, me))
        yield kept_out(f"{what} by another department", lambda act=act: act("own", other))
        for scope in ("sibling", "elsewhere", "parent"):
            yield kept_out(f"{what} by who only sees {scope}", lambda act=act, scope=scope: act(scope, sees))
    mine, another = (Actor(None, "x", person=scene.keys["person", scope]) for scope in ("own", "child"))
    yield let_in("its worker adds", lambda: acts["added"]("own", mine))
    yield kept_out("another worker adds", lambda: acts["added"]("own", another))
    yield kept_out("its worker takes away", lambda: acts["away"]("own", mine))
    given = scene.owned["given", "lawyer"]
    assert isinstance(given, int)
    lawyer = Actor(scene.accounts["lawyer"].pk, "x", (Post("lawyer", scene.paths["own"]),))
    yield let_in("its lawyer adds", lambda: casefile_moves.add(given, [FILE], by=lawyer))
    yield kept_out("a lawyer adds to another's", lambda: casefile_moves.add(_dispute(scene, "own"), [FILE], by=lawyer))


@occasion
def a_file_is_opened_with_the_right_at_the_matters_place(scene: Scene) -> Iterator[str]:
    me, field = by(scene, ("station_worker", "own")), reveal.find(casefile_moves.FIELD)
    yield from _both("opened", lambda scope: reveal._reached(field, [scene.keys["case_file", scope]], me))
    yield kept_out(
        "without the right",
        lambda: reveal._reached(field, [scene.keys["case_file", "own"]], by(scene, ("leader", "own"))),
    )
    yield kept_out(
        "another department's",
        lambda: reveal._reached(field, [scene.keys["case_file", "own"]], by(scene, ("aid", "own"))),
    )
    worker = Actor(None, "x", person=scene.keys["person", "child"])
    yield (
        "another worker sees it"
        if CaseFile.objects.visible_to(worker).filter(pk=scene.keys["case_file", "own"]).exists()
        else ""
    )


@occasion
def pages_of_files_are_not_there_for_who_only_sees(scene: Scene) -> Iterator[str]:
    account = scene.accounts["nobody"]
    for role, scope in (("rights", "own"), ("leader", "sibling")):
        give_post(PostRow(account.pk, role, scene.paths[scope], FOUNDED), by=SYSTEM)
    client = reader_of(account)
    for scope, status in (("own", "200"), ("sibling", "404")):
        for name, key in (
            ("desk-case-file-away", scene.keys["case_file", scope]),
            ("desk-case-file-add", _dispute(scene, scope)),
        ):
            text = text_of(client, name, key)
            yield "" if text.startswith(status) else f"{name} at {scope}: {text[:3]}"
    text = text_of(client, "desk-case", _dispute(scene, "sibling"))
    yield "files are offered to who only sees" if "/files/add/" in text or "/desk/case-files/" in text else ""


@occasion
def a_lawyer_whose_post_lies_elsewhere_now_finds_no_matter_of_before(scene: Scene) -> Iterator[str]:
    """What was given to them by name stays theirs as long as their post reaches it."""
    account, given = scene.accounts["lawyer"], scene.owned["given", "lawyer"]
    client, href = reader_of(account), reverse("lawyer-matter", args=[given])
    for scope, there in (("own", True), ("sibling", False)):
        PostHeld.objects.filter(account=account, role="lawyer").update(path=scene.paths[scope])
        yield shown(f"a matter of before, at {scope}", text_of(client, "lawyer"), f'href="{href}"', there)
        status = text_of(client, "lawyer-matter", given)[:3]
        yield "" if (status == "200") == there else f"its page at {scope}: {status}"


@occasion
def a_paper_is_taken_home_by_whom_it_was_made_out_to(scene: Scene) -> Iterator[str]:
    """In their own matter, while it holds, of a kind that is handed to them."""
    paper, field = scene.keys["paper", "own"], reveal.find("cases.issuedpaper.content")
    mine, another = (Actor(None, "x", person=scene.keys["person", scope]) for scope in ("own", "child"))
    yield let_in("one's own", lambda: reveal._reached(field, [paper], mine))
    yield kept_out("another's", lambda: reveal._reached(field, [paper], another))
    for told in (
        {"paper": "mediation.passed"},
        {"void_at": datetime(2015, 9, 1, tzinfo=UTC)},
        {"person_id": another.person},
    ):
        was = IssuedPaper.objects.filter(pk=paper).values(*told).get()
        IssuedPaper.objects.filter(pk=paper).update(**told)
        yield kept_out(f"one with {', '.join(told)}", lambda: reveal._reached(field, [paper], mine))
        IssuedPaper.objects.filter(pk=paper).update(**was)


@occasion
def the_page_that_gives_a_paper_out_gives_no_other(scene: Scene) -> Iterator[str]:
    client, own, paper = reader_of(scene.accounts["worker"]), _dispute(scene, "own"), scene.keys["paper", "own"]
    for what, case, made, form, status in (
        ("one's own", own, paper, "docx", 200), ("in no such form", own, paper, "html", 404),
        ("another's", own, scene.keys["paper", "child"], "docx", 404),
        ("by another matter of one's own", scene.keys["aid", "own"], paper, "docx", 404),
        ("by another's matter", _dispute(scene, "child"), paper, "docx", 404),
        ("of a kind that is not handed out", own, paper, "docx", 404),
    ):  # fmt: skip
        if "kind" in what:
            IssuedPaper.objects.filter(pk=paper).update(paper="mediation.passed")
        # The line in the book of looks is committed first, which within an occasion nothing can be.
        with patch.object(reveal, "reveal", return_value=json.dumps(PAPER)):
            came = client.post(reverse("me-matter-paper", args=[case, made, form])).status_code
        yield "" if came == status else f"{what}: {came}"
