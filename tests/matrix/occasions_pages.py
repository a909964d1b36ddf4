"""Occasions of pages: rows of elsewhere that hang on a row of one's own, and what somebody else keeps for themselves."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from unittest import mock

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.matrix.occasions import by, occasion
from tests.matrix.occasions_actions import FAR, NEAR, ON, a_session
from tests.matrix.scene import Scene
from unionhall.access.models import AccessRow
from unionhall.cases import inbox
from unionhall.cases.models import Case
from unionhall.exchange.models import Upload
from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.offers.models import Participation
from unionhall.organisations.accounts import Account
from unionhall.organisations.models import Cover, Staff
from unionhall.people.models import Card, Duplicate, Membership
from unionhall.web import opening
from unionhall.web.desk import accounts, chronicle, funds
from unionhall.web.models import SavedView
from unionhall.web.sudo import PROVED_AT

SECRET = "ZQSECRET"


def reader_of(account: Account) -> Client:
    """Somebody who signed in and gave their password a moment ago."""
    client = Client(raise_request_exception=False)
    client.force_login(account)
    session = client.session
    session[PROVED_AT] = int(timezone.now().timestamp())
    session.save()
    return client


def text_of(client: Client, name: str, *args: Any, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    return f"{answer.status_code} {answer.content.decode()}"


def shown(what: str, text: str, words: str, wanted: bool) -> str:
    if (words in text) == wanted:
        return ""
    return f"{what} is {'not ' if wanted else ''}shown ({text[:3]})"


# --- what hangs on a row of one's own ---------------------------------------------------------------------------------


def _hangs(scene: Scene, page: str, kind: str, visitor: str, words: Callable[[str], str]) -> Iterator[str]:
    """On the page of one's own row: what of it lies within reach, and not what lies beyond it."""
    text = text_of(reader_of(scene.accounts[visitor]), page, scene.keys[kind, "own"])
    for scope in (*NEAR, *FAR):
        yield shown(f"{words(scope)} of {scope} on {page}", text, words(scope), scope in NEAR)


def _lines_of(kind: str) -> Callable[[Scene], Iterator[str]]:
    page = f"desk-{kind}"

    def told(scene: Scene) -> Iterator[str]:
        subject = f"{kind}:{scene.keys[kind, 'own']}"
        for scope in (*NEAR, *FAR):
            path = scene.paths[scope]
            journal.write(journal.Entry(kind, "corrected", path, ON, subject, reason=f"{SECRET}{scope}"), by=SYSTEM)
            journal.write(journal.Entry("union", "covered", path, ON, subject, kind="independent"), by=SYSTEM)
        yield from _hangs(scene, page, kind, "station_worker", lambda scope: f"{SECRET}{scope}")
        text = text_of(reader_of(scene.accounts["station_worker"]), page, scene.keys[kind, "own"])
        for scope in FAR:
            yield shown(f"a figure of {scope}", text, f"place={scene.paths[scope]}&", False)

    told.__name__ = f"lines of ones own {kind} told of elsewhere"
    return told


for _kind in ("employer", "union", "station"):
    occasion(_lines_of(_kind))


@occasion
def cards_and_memberships_of_ones_own_member_elsewhere(scene: Scene) -> Iterator[str]:
    person = scene.keys["person", "own"]
    Membership.objects.filter(pk__in=[scene.keys["membership", scope] for scope in ("child", *FAR)]).update(
        person=person, until=ON
    )
    asked_on = {scope: date(2011, 1 + at, 11) for at, scope in enumerate((*NEAR, *FAR))}
    for scope, day in asked_on.items():
        cards = Card.objects.filter(pk=scene.keys["card", scope])
        cards.update(person=person, requested_on=day, **({} if scope == "own" else {"until": ON}))

    def card(scope: str) -> str:
        return asked_on[scope].isoformat()

    def membership(scope: str) -> str:
        return f'"{reverse("desk-member", args=[scene.keys["membership", scope]])}"'

    yield from _hangs(scene, "desk-member", "membership", "station_worker", card)
    others = text_of(reader_of(scene.accounts["station_worker"]), "desk-member", scene.keys["membership", "own"])
    for scope in ("child", *FAR):
        yield shown(f"membership {scope}", others, membership(scope), scope == "child")
    text = text_of(reader_of(scene.accounts["station_worker"]), "desk-card", scene.keys["card", "own"])
    for scope in ("child", *FAR):
        yield shown(f"card {scope} beside a card", text, card(scope), scope == "child")


@occasion
def a_member_who_went_elsewhere_is_not_led_to(scene: Scene) -> Iterator[str]:
    reader, number = reader_of(scene.accounts["station_worker"]), scene.keys["membership", "own"]
    way = reverse("desk-member", args=[number])
    pages = (("desk-card", scene.keys["card", "own"]), ("desk-case", scene.keys["dispute", "own"]))
    for page, row in pages:
        yield shown(f"the member on {page}", text_of(reader, page, row), way, True)
    Membership.objects.filter(pk=number).update(path=scene.paths["sibling"])
    for page, row in pages:
        yield shown(f"the member gone elsewhere on {page}", text_of(reader, page, row), way, False)


@occasion
def memberships_elsewhere_of_two_who_may_be_one(scene: Scene) -> Iterator[str]:
    pair = Duplicate.objects.get(pk=scene.keys["duplicate", "own"])
    Membership.objects.filter(pk=scene.keys["membership", "sibling"]).update(person=pair.other_id, until=ON)
    union = scene.names["union", "sibling"]
    text = text_of(reader_of(scene.accounts["organisation"]), "desk-duplicate", pair.pk)
    yield shown("one's own", text, scene.names["union", "own"], True)
    yield shown("elsewhere", text, union, False)


@occasion
def uses_elsewhere_of_ones_own_offer(scene: Scene) -> Iterator[str]:
    uses = [scene.keys["participation", scope] for scope in (*NEAR, *FAR)]
    Participation.objects.filter(offer=scene.keys["offer", "own"]).exclude(pk__in=uses).update(
        offer=scene.keys["redeemable", "own"]
    )
    Participation.objects.filter(pk__in=uses).update(offer=scene.keys["offer", "own"])
    answer = reader_of(scene.accounts["station_worker"]).get(reverse("desk-offer", args=[scene.keys["offer", "own"]]))
    counted = next(fact.text for fact in answer.context["detail"].facts if "desk/uses" in str(fact.href))
    yield "" if counted == str(len(NEAR)) else f"{counted} uses are counted"


@occasion
def officers_of_ones_own_station_who_stand_elsewhere(scene: Scene) -> Iterator[str]:
    Staff.objects.update(station=scene.keys["station", "own"])
    yield from _hangs(scene, "desk-station", "station", "street", lambda scope: scene.names["staff", scope])


@occasion
def unions_elsewhere_that_cover_ones_own_employer(scene: Scene) -> Iterator[str]:
    Cover.objects.filter(pk__in=[scene.keys["cover", scope] for scope in (*NEAR, *FAR)]).update(
        employer=scene.keys["employer", "own"], path=scene.paths["own"]
    )
    yield from _hangs(
        scene, "desk-employer", "employer", "station_worker",
        lambda scope: f'"{reverse("desk-union", args=[scene.keys["union", scope]])}"',
    )  # fmt: skip


@occasion
def a_matter_that_was_paid_is_named_to_who_sees_it(scene: Scene) -> Iterator[str]:
    for scope in (*NEAR, *FAR):
        number = scene.names["aid", scope]
        found = funds._case(f"aid.medical:{number}:paid", by(scene, ("finance", "own")))
        yield "" if (found is not None) == (scope in NEAR) else f"matter {scope}: {found}"


# --- what somebody else keeps -----------------------------------------------------------------------------------------


@occasion
def anothers_sessions_views_and_jobs(scene: Scene) -> Iterator[str]:
    for role in ("finance", "labour"):
        a_session(scene.accounts[role].pk, role.encode().ljust(16), f"{SECRET}{role}")
        SavedView.objects.create(
            account=scene.accounts[role].pk,
            register="members",
            name=f"{SECRET}{role}",
            query="",
            made_at=timezone.now(),
        )
    SavedView.objects.filter(name=f"{SECRET}finance").update(register="funds")
    SavedView.objects.filter(name=f"{SECRET}labour").update(register="funds")
    reader = reader_of(scene.accounts["finance"])
    for page in ("my-sign-in", "desk-funds"):
        text = text_of(reader, page)
        yield shown(f"one's own on {page}", text, f"{SECRET}finance", True)
        yield shown(f"another's on {page}", text, f"{SECRET}labour", False)
    text = text_of(reader, "desk-jobs")
    yield shown("one's own job", text, reverse("desk-job", args=[scene.owned["job", "finance"]]), True)
    yield shown("another's job", text, reverse("desk-job", args=[scene.owned["job", "labour"]]), False)


@occasion
def a_worker_reads_who_looked_at_them_and_at_nobody_else(scene: Scene) -> Iterator[str]:
    for scope in ("own", "sibling"):
        AccessRow.objects.create(
            at=timezone.now(), account=1, name=f"{SECRET}{scope}", field="people.person.mobile",
            row=scene.keys["person", scope], about=scene.keys["person", scope], purpose="x", path=scene.paths[scope],
        )  # fmt: skip
    worker = reader_of(scene.accounts["worker"])
    text = text_of(worker, "me-readings")
    yield shown("who looked at me", text, f"{SECRET}own", True)
    yield shown("who looked at another", text, f"{SECRET}sibling", False)
    counted = worker.get(reverse("me-data")).context.get("looks")
    yield "" if counted == 1 else f"{counted} looks are counted"


@occasion
def matters_of_another_department_do_not_wait_for_one(scene: Scene) -> Iterator[str]:
    me = by(scene, ("aid", "own"))
    for kind, state, wanted in (
        ("aid", "verified", True),
        ("bonus", "verified", False),
        ("dispute", "accepted", False),
    ):
        Case.objects.filter(pk=scene.keys[kind, "own"]).update(state=state, closed_on=None, level="district")
        waits = inbox.mine(me).filter(pk=scene.keys[kind, "own"]).exists()
        yield "" if waits == wanted else f"{kind} waits for the aid department: {waits}"


@occasion
def the_book_of_doings_and_the_requests_of_elsewhere(scene: Scene) -> Iterator[str]:
    written = {scope: audit.write("trial", by=SYSTEM, subject="x", path=scene.paths[scope]) for scope in (*NEAR, *FAR)}
    text = text_of(reader_of(scene.accounts["security_auditor"]), "desk-audit", query="?reset=1")
    for scope, number in written.items():
        yield shown(f"the entry {scope}", text, reverse("desk-audit-entry", args=[number]), scope in NEAR)
    # Who decides here and keeps accounts there decides here only.
    me = by(scene, ("leader", "own"), ("security_auditor", "sibling"), ("security_auditor", "elsewhere"))
    seen = set(accounts.asked_register.visible(me).values_list("pk", flat=True))
    for scope in (*NEAR, *FAR):
        yield "" if (scene.keys["post_request", scope] in seen) == (scope in NEAR) else f"the request {scope}"


@occasion
def the_columns_of_a_file_of_elsewhere(scene: Scene) -> Iterator[str]:
    Upload.objects.update(token="x", state="done")
    reader = reader_of(scene.accounts["station_worker"])
    for scope in (*NEAR, *FAR):
        status = reader.get(reverse("desk-import-columns", args=[scene.keys["upload", scope]])).status_code
        yield "" if status == (302 if scope in NEAR else 404) else f"{scope}: {status}"


# --- figures and their records ----------------------------------------------------------------------------------------

MEMBERS = "member.members"


@occasion
def the_records_of_a_figure_open_to_who_sees_its_rows(scene: Scene) -> Iterator[str]:
    query = f"?year=2015&place={scene.paths['own']}"
    records = reverse("records", args=[MEMBERS])
    for visitor, wanted in (("finance", False), ("organisation", True)):
        reader = reader_of(scene.accounts[visitor])
        text = text_of(reader, "records", MEMBERS, query=query)
        yield "" if text.startswith("200") == wanted else f"records to {visitor}: {text[:3]}"
        for page in ("board-figure", "figure"):
            text = text_of(reader, page, MEMBERS, query=query)
            yield shown(f"the way to the records on {page} to {visitor}", text, records, wanted)


@occasion
def the_months_of_the_board_lead_to_records_one_may_open(scene: Scene) -> Iterator[str]:
    reader = reader_of(scene.accounts["finance"])
    for shown_to, wanted in ((frozenset(("finance",)), True), (frozenset[str](), False)):
        with mock.patch.object(opening, "openers", return_value=shown_to):
            answer = reader.get(reverse("board") + "?year=2015")
        records = reverse("records", args=[answer.context["mapped"].key])
        yield shown(f"the months of a figure that opens to {set(shown_to)}", answer.content.decode(), records, wanted)


@occasion
def a_row_names_the_figures_whose_records_one_may_open(scene: Scene) -> Iterator[str]:
    lines = Line.objects.filter(subject=f"case:{scene.keys['dispute', 'own']}")
    for role, scope, wanted in (("rights", "own", True), ("finance", "own", False), ("rights", "sibling", False)):
        me = by(scene, (role, scope))
        yield "" if bool(chronicle.counted_in(lines, me)) == wanted else f"counted in, to {role} at {scope}"
        me = by(scene, ("organisation" if role == "rights" else role, scope))
        yield (
            "" if bool(chronicle.in_stock([MEMBERS], scene.paths["own"], me)) == wanted else f"in stock, {role} {scope}"
        )


@occasion
def who_sees_a_member_and_no_figures_is_led_to_none(scene: Scene) -> Iterator[str]:
    for visitor, wanted in (("station_worker", True), ("lawyer", False)):
        text = text_of(reader_of(scene.accounts[visitor]), "desk-member", scene.keys["membership", "own"])
        yield shown(f"a figure to {visitor}", text, reverse("records", args=[MEMBERS]), wanted)


@occasion
def an_offer_from_above_leads_to_figures_of_ones_own_place(scene: Scene) -> Iterator[str]:
    text = text_of(reader_of(scene.accounts["station_worker"]), "desk-offer", scene.keys["offer", "parent"])
    yield shown("the figure of the place above", text, f"place={scene.paths['parent']}&", False)
