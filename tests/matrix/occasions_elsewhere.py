"""Occasions of matters elsewhere: a post of one's own street comes to none of them, whatever it may do at home.

Nothing but places is tried here, so that it shows whether a matter is looked for among those one sees at all, where a
second question (whose service, whose step) stands behind that.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from tests.matrix.occasions import by, kept_out, let_in, occasion
from tests.matrix.occasions_actions import FAR, NEAR, _both
from tests.matrix.occasions_cases import HANDLING, PARTIES, _dispute
from tests.matrix.occasions_pages import reader_of, shown, text_of
from tests.matrix.occasions_papers import FILE
from tests.matrix.scene import DAY, Scene
from tests.world import FOUNDED
from unionhall.cases import clock_moves, drive_moves, intake_moves, paper_moves, payable_moves, referral_moves
from unionhall.cases.clock_models import Extension
from unionhall.cases.drive_models import Drive
from unionhall.cases.models import Case
from unionhall.exchange import casefile_moves
from unionhall.exchange.models import CaseFile
from unionhall.exchange.templates import activities
from unionhall.exchange.templates import offers as offer_tables
from unionhall.jobs.tasks import case_papers
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.ledger import fund_moves, order_moves
from unionhall.ledger.actions import FundRow
from unionhall.offers import notes
from unionhall.offers.actions import OfferRow, open_offers
from unionhall.offers.models import ATTENDED, Note, Offer, Participation
from unionhall.offers.policy_moves import PolicyRow, record_policies
from unionhall.organisations.actions import PostRow, give_post
from unionhall.organisations.models import Employer
from unionhall.people.models import Membership
from unionhall.storage import bulk
from unionhall.storage.sealed import sealer
from unionhall.web import inbox as web_inbox
from unionhall.web import records
from unionhall.web.desk import case_handling, case_inbox, drives, family, papers, policies
from unionhall.web.portal import offers

ON = date(2015, 9, 1)
NOW = datetime(2015, 9, 1, tzinfo=UTC)


@occasion
def a_station_comes_to_no_matter_elsewhere(scene: Scene) -> Iterator[str]:
    me = by(scene, ("station_worker", "own"))
    for what, act in (HANDLING | PARTIES).items():
        yield from _both(what, lambda scope, act=act: act(_dispute(scene, scope), me))
    acts: dict[str, Callable[[str], object]] = {
        "a referral": lambda scope: referral_moves.withdraw(scene.keys["sent", scope], by=me),
        "a paper": lambda scope: paper_moves.issue(_dispute(scene, scope), "mediation.accepted", {}, by=me),
        "a notice": lambda scope: paper_moves.issue_notice([_dispute(scene, scope)], "aid.notice", by=me),
        "a void paper": lambda scope: paper_moves.void(scene.keys["paper", scope], reason="x", by=me),
        "a file added": lambda scope: casefile_moves.add(_dispute(scene, scope), [FILE], by=me),
        "a file": lambda scope: casefile_moves.take_away(scene.keys["case_file", scope], reason="x", by=me),
    }
    for what, one in acts.items():
        yield from _both(what, one)


@occasion
def a_station_comes_to_no_clock_elsewhere(scene: Scene) -> Iterator[str]:
    Extension.objects.all().update(granted=False)
    me = by(scene, ("station_worker", "own"))
    yield from _both(
        "a clock", lambda scope: clock_moves.suspend(scene.keys["deadline", scope], on=ON, reason="x", by=me)
    )


@occasion
def aid_and_finance_come_to_no_drive_elsewhere(scene: Scene) -> Iterator[str]:
    me = by(scene, ("aid", "own"), ("finance", "own"))
    yield from _both("opened", lambda scope: drive_moves.open_drive(scene.keys["aid", scope], "x", 100, on=ON, by=me))
    yield from _both(
        "closed", lambda scope: drive_moves.close_drive(scene.keys["drive", scope], reason="x", on=ON, by=me)
    )


@occasion
def a_worker_takes_a_step_of_their_own_matter_only(scene: Scene) -> Iterator[str]:
    for scope, wanted in (("own", let_in), ("child", kept_out)):
        worker = Actor(None, "x", person=scene.keys["person", scope])
        yield wanted(
            f"withdrawn by the worker of {scope}",
            lambda worker=worker: intake_moves.step(_dispute(scene, "own"), "withdraw", reason="x", now=NOW, by=worker),
        )


@occasion
def grants_owed_elsewhere_are_not_listed(scene: Scene) -> Iterator[str]:
    listed = {one.subject for one in payable_moves._owed(by(scene, ("finance", "own")))}
    for scope, wanted in (("own", True), ("child", True), ("sibling", False), ("elsewhere", False)):
        yield "" if (f"case:{scene.keys['owed', scope]}" in listed) == wanted else f"owed at {scope}"


@occasion
def grants_are_listed_to_who_pays_them(scene: Scene) -> Iterator[str]:
    """Who sees a grant and does not pay it has none to pay."""
    yield "" if payable_moves._owed(by(scene, ("finance", "own"))) else "finance has nothing to pay"
    yield "aid is to pay grants" if payable_moves._owed(by(scene, ("aid", "own"))) else ""


@occasion
def nobody_learns_whether_a_grant_elsewhere_was_paid(scene: Scene) -> Iterator[str]:
    """One that is not owed any more is refused in words at home, and is not there elsewhere."""
    Case.objects.filter(
        pk__in=[scene.keys["owed", scope] for scope in ("own", "child", "sibling", "elsewhere")]
    ).update(state="paid", closed_on=ON)
    me = by(scene, ("finance", "own"))
    yield from _both("paid", lambda scope: payable_moves._held([f"case:{scene.keys['owed', scope]}"], me))


@occasion
def nobody_learns_that_a_file_elsewhere_was_taken_away(scene: Scene) -> Iterator[str]:
    CaseFile.objects.all().update(token="")
    me = by(scene, ("station_worker", "own"))
    yield from _both(
        "a file", lambda scope: casefile_moves.open_file(scene.keys["case_file", scope], by=me, purpose="x")
    )


@occasion
def money_elsewhere_is_neither_set_apart_nor_paid_nor_ordered(scene: Scene) -> Iterator[str]:
    me, owed = by(scene, ("finance", "own")), f"case:{scene.keys['owed', 'own']}"
    yield from _both(
        "set apart",
        lambda scope: fund_moves.open_earmarked(
            FundRow(f"E{scope}", "x", scene.paths[scope]), "donations", "x", on=ON, by=me
        ),
    )
    # More than there is: who may not pay is not told so.
    yield from _both(
        "paid", lambda scope: fund_moves.pay_out(scene.keys["fund", scope], 10**11, to="x", voucher="9", on=ON, by=me)
    )
    yield from _both("ordered", lambda scope: order_moves.make(scene.keys["fund", scope], [owed], by=me))


@occasion
def a_matter_elsewhere_is_not_found_to_be_the_same(scene: Scene) -> Iterator[str]:
    me, row = by(scene, ("station_worker", "own")), Case.objects.get(pk=_dispute(scene, "own"))
    for scope in ("child", "sibling", "elsewhere"):
        said = {"into": scene.names["dispute", scope], "reason": "x"}
        call = partial(case_handling._merge, row, me, said)
        what = f"into one at {scope}"
        yield let_in(what, call) if scope == "child" else kept_out(what, call, says="没有这个编号")


@occasion
def a_lawyers_desk_shows_no_matters(scene: Scene) -> Iterator[str]:
    for role, wanted in (("lawyer", False), ("station_worker", True)):
        request: Any = SimpleNamespace(actor=by(scene, (role, "own")))
        yield "" if bool(case_inbox.waiting(request)) == wanted else f"matters on the desk of {role}: {not wanted}"


@occasion
def steps_of_aid_are_offered_to_who_takes_them(scene: Scene) -> Iterator[str]:
    row = Case.objects.get(pk=scene.keys["aid", "own"])
    for role, family_too, drive_too in (
        ("station_worker", True, False),
        ("aid", None, True),
        ("finance", False, False),
    ):
        me = by(scene, (role, "own"))
        for what, steps, wanted in (("family", family.steps, family_too), ("drive", drives.steps, drive_too)):
            yield "" if wanted is None or bool(steps(row, me)) == wanted else f"{what} offered to {role}: {not wanted}"


@occasion
def closings_elsewhere_are_not_listed(scene: Scene) -> Iterator[str]:
    text = text_of(reader_of(scene.accounts["finance"]), "desk-closings")
    for scope in (*NEAR, *FAR):
        yield shown(
            f"the closing of {scope}",
            text,
            f'"{reverse("desk-closing", args=[scene.keys["closing", scope]])}"',
            scope in NEAR,
        )


@occasion
def an_item_that_ended_is_there_for_who_took_part(scene: Scene) -> Iterator[str]:
    Offer.objects.all().update(until=ON)
    worker = Actor(None, "x", person=scene.keys["person", "own"])
    yield let_in("one's own", lambda: offers._open(scene.keys["offer", "own"], worker))
    yield kept_out("another's", lambda: offers._open(scene.keys["offer", "child"], worker))


@occasion
def a_page_of_notices_holds_ones_own(scene: Scene) -> Iterator[str]:
    me = by(scene, ("finance", "own"))
    page, _told = web_inbox.page_of(SimpleNamespace(actor=me, GET={}))  # type: ignore[arg-type]
    yield "" if all(row.account_id == me.account for row in page) else "another's notice is on the page"
    for whose in ("finance", "labour"):
        number, mine = scene.owned["notice", whose], whose == "finance"
        request: Any = SimpleNamespace(actor=me, method="HEAD")
        call = partial(web_inbox.opened, request, number)
        yield let_in("one's own", call) if mine else kept_out("another's", call)


@occasion
def a_note_is_read_by_its_author_only(scene: Scene) -> Iterator[str]:
    talk, counsellor = scene.owned["talk", "counsellor"], by(scene, ("counsellor", "own"))
    for author, mine in ((scene.accounts["finance"].pk, False), (counsellor.account, True)):
        (number,) = bulk.ids(Note, 1)
        Note.objects.filter(participation=talk).delete()
        Note.objects.create(
            pk=number, participation_id=talk, account=author, at=NOW, text=sealer(Note, "text")(number, "x")
        )
        yield "" if bool(notes.my_note(talk, by=counsellor)) == mine else f"a note, one's own {mine}"
        noted = notes.who_comes(counsellor, timezone.localdate()).get(pk=talk).noted
        yield "" if noted == mine else f"noted, one's own {mine}"


# --- what hangs on a row of one's own, and lies elsewhere -------------------------------------------------------------


@occasion
def matters_elsewhere_of_ones_own_dispute(scene: Scene) -> Iterator[str]:
    own, reader = _dispute(scene, "own"), reader_of(scene.accounts["station_worker"])
    Case.objects.filter(pk__in=[_dispute(scene, scope) for scope in ("child", *FAR)]).update(chain=own)
    text = text_of(reader, "desk-case", own)
    for scope in ("child", *FAR):
        yield shown(f"the matter at {scope}", text, scene.names["dispute", scope], scope == "child")


@occasion
def a_drive_names_its_matter_to_who_sees_it(scene: Scene) -> Iterator[str]:
    case, reader = Case.objects.get(pk=scene.keys["owed", "own"]), reader_of(scene.accounts["finance"])
    page = ("desk-drive", scene.keys["drive", "own"])
    yield shown("the matter", text_of(reader, *page), case.number, True)
    Case.objects.filter(pk=case.pk).update(path=scene.paths["sibling"])
    yield shown("the matter gone elsewhere", text_of(reader, *page), case.number, False)


@occasion
def a_matter_leads_to_its_drive_for_who_sees_that(scene: Scene) -> Iterator[str]:
    row, me = Case.objects.get(pk=scene.keys["owed", "own"]), by(scene, ("aid", "own"))
    way = reverse("desk-drive", args=[scene.keys["drive", "own"]])
    for scope, wanted in (("own", True), ("sibling", False)):
        Drive.objects.filter(pk=scene.keys["drive", "own"]).update(path=scene.paths[scope])
        yield "" if any(way in one for one in drives.steps(row, me)) == wanted else f"the drive at {scope}"


@occasion
def a_file_and_a_paper_are_worked_on_with_the_right_at_their_place(scene: Scene) -> Iterator[str]:
    account = scene.accounts["nobody"]
    for role, scope in (("station_worker", "own"), ("leader", "sibling")):
        give_post(PostRow(account.pk, role, scene.paths[scope], FOUNDED), by=SYSTEM)
    me, client = by(scene, ("station_worker", "own"), ("leader", "sibling")), reader_of(account)
    for scope, status in (("own", "200"), ("sibling", "404")):
        text = text_of(client, "desk-case-file", scene.keys["case_file", scope])
        yield "" if text.startswith(status) else f"the file at {scope}: {text[:3]}"
        try:
            papers._find(me, scene.keys["paper", scope])
            found = "200"
        except Http404:
            found = "404"
        yield "" if found == status else f"the paper at {scope}: {found}"


@occasion
def who_signed_for_goods_elsewhere(scene: Scene) -> Iterator[str]:
    allotment = scene.keys["allotment", "own"]
    for scope in (*NEAR, *FAR):
        rows = Participation.objects.filter(pk=scene.keys["participation", scope])
        rows.update(allotment=allotment, state=ATTENDED)
    text = text_of(reader_of(scene.accounts["station_worker"]), "desk-allotment", allotment)
    for scope in (*NEAR, *FAR):
        yield shown(f"who signed at {scope}", text, scene.names["person", scope], scope in NEAR)


@occasion
def records_lead_to_pages_of_ones_own_places(scene: Scene) -> Iterator[str]:
    request: Any = SimpleNamespace(actor=by(scene, ("station_worker", "own")))
    doors = {records.REGISTERS[Membership]: "desk-member", records.REGISTERS[Employer]: "desk-employer"}
    for counting, kind in (("people", "person"), ("employers", "employer")):
        counted: Any = SimpleNamespace(counting=counting)
        for scope in (*NEAR, *FAR):
            led = records._own_pages(request, counted, [{"who": scene.keys[kind, scope]}], doors)
            yield "" if bool(led[0]) == (scope in NEAR) else f"{counting} of {scope} lead to {led}"


@occasion
def policies_listed_are_of_ones_own_places(scene: Scene) -> Iterator[str]:
    (plan,) = open_offers(
        [OfferRow("insurance.plans", "TRY", "x", scene.paths["parent"], date(2015, 1, 1), date(2016, 1, 1), kind="premium")],
        by=SYSTEM,
    )  # fmt: skip
    made = {
        scope: record_policies(
            [PolicyRow(plan, scene.keys["person", scope], scene.paths[scope], scope, DAY, None, "union", 1)], by=SYSTEM
        )[0]
        for scope in (*NEAR, *FAR)
    }
    rows = set(policies.register.rows(by(scene, ("station_worker", "own"))).values_list("pk", flat=True))
    for scope, number in made.items():
        yield "" if (number in rows) == (scope in NEAR) else f"the policy at {scope}"


@occasion
def a_table_brings_in_items_where_one_runs_them(scene: Scene) -> Iterator[str]:
    for role, scope, wanted in (
        ("station_worker", "own", True),
        ("station_worker", "sibling", False),
        ("finance", "own", False),
    ):
        me, path = by(scene, (role, "own")), scene.paths[scope]
        row: Any = SimpleNamespace(
            service="", item="X", code="X", kind="", provider="", place="x", since=ON, until=None
        )
        for what, look in (("an item", _looked), ("an item's activities", _held)):
            refused = look(me, row, path)
            yield "" if refused != wanted else f"{what} at {scope} by {role}: refused {refused}"


def _looked(me: Actor, row: Any, path: str) -> bool:
    loader: Any = SimpleNamespace(actor=me, social=set(), places=SimpleNamespace(path=lambda *_asked: path))
    said: list[str] = []
    remarks: Any = SimpleNamespace(refuse=lambda _name, why: said.append(why))
    offer_tables.ItemsLoader.look(loader, row, remarks, None)
    return offer_tables.NOT_THEIRS in said


def _held(me: Actor, row: Any, path: str) -> bool:
    row = SimpleNamespace(service=offer_tables.SERVICE, item="X")
    items: Any = SimpleNamespace(actor=me, items={(row.service, "X"): SimpleNamespace(path=path)})
    said: list[str] = []
    remarks: Any = SimpleNamespace(refuse=lambda _name, why: said.append(why))
    activities.Items.item(items, row, remarks)
    return activities.NOT_THEIRS in said


@occasion
def help_elsewhere_is_told_of_and_leads_nowhere(scene: Scene) -> Iterator[str]:
    """What a household was given is told in full; a matter is led to where one may open it."""
    me = by(scene, ("station_worker", "own"))
    for scope in (*NEAR, *FAR):
        case = Case.objects.get(pk=scene.keys["aid", scope])
        given: Any = SimpleNamespace(case=case, paid=True, fund="x", fen=1, on=ON)
        led = reverse("desk-case", args=[case.pk]) in str(family._given([given], [], [], me).rows)
        yield "" if led == (scope in NEAR) else f"the help at {scope} leads there: {led}"


@occasion
def what_came_of_many_papers_names_ones_own_matters(scene: Scene) -> Iterator[str]:
    results, context = {_dispute(scene, scope): "x" for scope in (*NEAR, *FAR)}, SimpleNamespace()
    me: Any = by(scene, ("station_worker", "own"))
    made = case_papers._bundle(context, [], {}, results, "pdf", "x", me)  # type: ignore[arg-type]
    with ZipFile(BytesIO(made)) as bundle, ZipFile(BytesIO(bundle.read("结果.xlsx"))) as book:
        text = "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    for scope in (*NEAR, *FAR):
        yield shown(f"the number at {scope}", text, scene.names["dispute", scope], scope in NEAR)
