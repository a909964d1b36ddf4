"""What the matrix is tried on: a row of every kind at each of five places, every row bearing a name of its own.

The posts under trial stand at 柳荫街道. Seen from there a row lies at one's own place, below it, beside it, above it or
elsewhere; only the first two may ever be shown. The names are canaries: where one is read, the row was shown.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from django.core import signing

from tests import world
from tests.matrix.policy import OWNED
from unionhall import catalogue
from unionhall.access.models import Approval, WorkerAccount
from unionhall.access.notices import EXPORT_REFUSED
from unionhall.access.sensitive import REVEALABLE
from unionhall.agreements.actions import AgreementCoverRow, AgreementRow, record_agreements, record_covers
from unionhall.agreements.models import AgreementCover
from unionhall.cases import drive_moves, note_moves, paper_moves, registers
from unionhall.cases.actions import CaseRow, Matter, open_case, record
from unionhall.cases.aid_models import Reckoning
from unionhall.cases.clock_models import Deadline, Extension
from unionhall.cases.models import Case, IssuedPaper
from unionhall.cases.party_models import THIRD, Outside, Party
from unionhall.cases.referral_models import Referral
from unionhall.exchange import strongroom
from unionhall.exchange.models import Batch, CaseFile, Upload
from unionhall.honours.actions import HonourRow, grant
from unionhall.jobs.models import Job
from unionhall.journal import audit
from unionhall.kernel.actor import SYSTEM, Actor, Post
from unionhall.ledger import order_moves
from unionhall.ledger.actions import FundRow, open_funds
from unionhall.ledger.fund_moves import take_in
from unionhall.ledger.models import Closing, Entry
from unionhall.messages import actions as messages
from unionhall.offers import goods_moves
from unionhall.offers.actions import OfferRow, Use, open_offers, record_uses
from unionhall.offers.attendance_moves import attend, redeem
from unionhall.offers.contest_moves import Part, appoint, set_rounds
from unionhall.offers.contests import rounds_of
from unionhall.offers.duty_models import Duty
from unionhall.offers.duty_moves import give_duty
from unionhall.offers.goods_models import Allotment
from unionhall.offers.models import Outcome
from unionhall.offers.outcome_moves import Given, record_results
from unionhall.offers.place_moves import sign_up
from unionhall.offers.session_moves import Slot, open_session
from unionhall.offers.terms_moves import Terms, give_counter, set_terms
from unionhall.organisations.accounts import Account, PostAsked, PostHeld
from unionhall.organisations.actions import (
    CoverRow,
    EmployerRow,
    EntryRow,
    PostRow,
    StaffRow,
    StationRow,
    TagRow,
    UnionRow,
    give_post,
    open_account,
    record_cover,
    record_employers,
    record_entries,
    record_staff,
    record_stations,
    record_unions,
    tag_unions,
)
from unionhall.organisations.models import Cover, Place, RegisterEntry, UnionTag
from unionhall.organisations.roles import ROLES
from unionhall.people import household_moves, payee_moves
from unionhall.people.actions import At, Reply, Request, Standing, admit, record_replies, request_cards
from unionhall.people.models import Duplicate
from unionhall.storage import bulk
from unionhall.storage.bulk import ids
from unionhall.storage.sealed import sealer
from unionhall.web.desk import looking
from unionhall.web.models import BulkRun, Undo

SCOPES = ("own", "child", "sibling", "parent", "elsewhere")

REACHED = ("own", "child")
"""Where a post at one's own place reaches."""

SURNAMES = dict(zip(SCOPES, "龘靐齉齾爩", strict=True))
"""What is shown of a masked name: a surname nothing else here bears."""

DAY = date(2015, 3, 2)
STRANGER = "stranger"
"""Whose the rows of somebody else are."""


@dataclass
class Scene:
    """`paths` by scope; `keys` by (kind, scope): the row's id; `names` by (kind, scope): what betrays it when shown;
    `owned` by (kind, visitor).
    """

    here: world.World
    paths: dict[str, str]
    keys: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)
    """Of the secrets, what the worker whose own matter it is reads again: the names of the files they sent."""
    accounts: dict[str, Account] = field(default_factory=dict)
    owned: dict[tuple[str, str], object] = field(default_factory=dict)
    made: dict[str, Callable[[str, str], object]] = field(default_factory=dict)

    def key(self, kind: str, scope: str, visitor: str) -> object:
        """What an address calls the row by: its id; of what is one account's own, at "own" the visitor's; what is made for
        a visitor, made for them.
        """
        if kind in self.made:
            return self.made[kind](visitor, scope)
        if kind in OWNED:
            theirs = self.owned.get((kind, STRANGER), 0)
            return self.owned.get((kind, visitor), theirs) if scope == "own" else theirs
        return self.keys.get((kind, scope), 0)

    def put(self, kind: str, scope: str, key: int, name: str = "") -> int:
        self.keys[kind, scope] = key
        if name:
            self.names[kind, scope] = name
        return key


def canary(kind: str, scope: str) -> str:
    """A name no other row has and no page contains by chance."""
    return f"ZQ{kind}{scope}".upper().replace("_", "")


def set_up() -> Scene:
    """The scene, with one account per post standing at one's own place."""
    here = world.a_district()
    paths = {
        "own": here.willow, "child": here.willow_lane, "sibling": here.bridge, "parent": here.root,
        "elsewhere": here.bridge_east,
    }  # fmt: skip
    scene = Scene(here, paths)
    for serial, scope in enumerate(SCOPES):
        for build in BUILDERS:
            build(scene, scope, serial)
    for role in ROLES:
        scene.accounts[role] = _account(f"trial-{role}", role, here.willow)
    for role in ("leader", "organisation", "system_admin", "security_auditor"):
        scene.accounts[f"{role}^"] = _account(f"above-{role}", role, here.root)
    scene.accounts["nobody"] = _account("trial-nobody", "", here.willow)
    scene.accounts["worker"] = _account("trial-worker", "", here.willow)
    _worker(scene)
    for visitor, account in (
        *scene.accounts.items(),
        (STRANGER, _account("trial-stranger", "organisation", here.root)),
    ):
        _own(scene, visitor, account)
    scene.made["token"] = lambda visitor, scope: _token(scene, visitor, scope)
    return scene


def _account(username: str, role: str, path: str) -> Account:
    number = open_account(username, username, by=SYSTEM)
    if role:
        give_post(PostRow(number, role, path, world.FOUNDED), by=SYSTEM)
    return Account.objects.get(pk=number)


def _order(scene: Scene, scope: str, serial: int) -> None:
    path = scene.paths[scope]
    scene.put("place", scope, Place.objects.get(path=path).pk)
    name = canary("union", scope)
    (union,) = record_unions([UnionRow(f"X{serial}", name, "independent", path, "U00", world.FOUNDED)], by=SYSTEM)
    scene.put("union", scope, union, name)
    name = canary("employer", scope)
    row = EmployerRow(world.a_uscc(50 + serial), name, path, "private", "H62", 12)
    scene.put("employer", scope, record_employers([row], by=SYSTEM)[0], name)
    record_cover([CoverRow(union, scene.keys["employer", scope], path, DAY)], by=SYSTEM)
    record_entries([EntryRow(scene.here.registers["unionisation"], scene.keys["employer", scope], path, 12)], by=SYSTEM)
    tag_unions([TagRow(union, "demonstration", path, DAY)], by=SYSTEM)
    scene.put("mark", scope, UnionTag.objects.get(union=union).pk)
    scene.put("listed", scope, RegisterEntry.objects.get(employer=scene.keys["employer", scope]).pk)
    scene.put("cover", scope, Cover.objects.get(union=union).pk)
    name = canary("station", scope)
    (station,) = record_stations([StationRow(f"ZX{serial}", name, path, world.FOUNDED)], by=SYSTEM)
    scene.put("station", scope, station, name)
    name = canary("staff", scope)
    (staff,) = record_staff([StaffRow(name, "周敏", "social_worker", station, path, DAY)], by=SYSTEM)
    scene.put("staff", scope, staff, name)


def _people(scene: Scene, scope: str, serial: int) -> None:
    path = scene.paths[scope]
    name = f"{SURNAMES[scope]}小{'一二三四五'[serial]}"
    number, mobile, card = (
        world.a_number(400 + serial),
        world.a_mobile(77000 + serial),
        world.a_card_number(77000 + serial),
    )
    person, _number, _mobile = world.a_person(name, number=number, mobile=mobile)
    scene.secrets += [number, mobile, card]
    scene.put("person", scope, person, SURNAMES[scope])
    union, employer = scene.keys["union", scope], scene.keys["employer", scope]
    standing = Standing(person, At(union, path, "independent"), employer, "active", "", "", DAY)
    (membership,) = admit([standing], by=SYSTEM)
    scene.put("membership", scope, membership, SURNAMES[scope])
    (asked,) = request_cards([Request(person, path, "independent", DAY, DAY)], by=SYSTEM)
    record_replies([Reply(asked, person, path, card, date(2015, 4, 1), date(2015, 4, 9), None, None)], by=SYSTEM)
    scene.put("card", scope, asked)


def _work(scene: Scene, scope: str, serial: int) -> None:
    path, person, employer = scene.paths[scope], scene.keys["person", scope], scene.keys["employer", scope]
    name = canary("fund", scope)
    (fund,) = open_funds([FundRow(name, "困难职工救助", path)], by=SYSTEM)
    scene.put("fund", scope, fund, name)
    closed = Closing.objects.create(
        path=path, until=date(1950 + serial, 1, 1), postings=0, fen=0, at=datetime(2015, 9, 1, tzinfo=UTC)
    )
    scene.put("closing", scope, closed.pk)
    name = canary("dispute", scope)
    told = registers.Dispute(
        number=name, path=path, cause="pay", opened_on=DAY, person=person, employer=employer, accepted_on=DAY,
    )  # fmt: skip
    scene.put("dispute", scope, record([registers.dispute(told)], by=SYSTEM)[0], name)
    scene.put("accepted", scope, scene.keys["dispute", scope])
    _handled(scene, scope)
    for kind, service in (("aid", "aid.medical"), ("bonus", "honour.bonus")):
        name = canary(kind, scope)
        grant_ = registers.Grant(
            service=service, number=name, path=path, paid_on=date(2015, 6, 1), fen_paid=300_000, fund=fund, person=person,
            requested_on=DAY, form="cash",
        )  # fmt: skip
        scene.put(kind, scope, record([registers.grant(grant_)], by=SYSTEM)[0], name)
    _treasury(scene, scope, serial, fund)
    _family(scene, scope, serial)
    illness = canary("illness", scope)
    sealed = sealer(Case, "sealed_details")(scene.keys["aid", scope], json.dumps({"reason": illness}))
    Case.objects.filter(pk=scene.keys["aid", scope]).update(sealed_details=sealed)
    scene.secrets.append(illness)
    name = canary("agreement", scope)
    row = AgreementRow(
        "agreement.wage", name, name, path, DAY, DAY, date(2099, 1, 1), level="area", union_id=scene.keys["union", scope],
        filed_on=DAY,
    )  # fmt: skip
    (agreement,) = record_agreements([row], by=SYSTEM)
    scene.put("agreement", scope, agreement, name)
    record_covers([AgreementCoverRow("agreement.wage", agreement, employer, path, DAY, date(2099, 1, 1))], by=SYSTEM)
    scene.put("agreement_cover", scope, AgreementCover.objects.get(agreement=agreement).pk)
    name = canary("offer", scope)
    (offer,) = open_offers([OfferRow("card.items", f"XM{serial}", name, path, world.FOUNDED)], by=SYSTEM)
    scene.put("offer", scope, offer, name)
    scene.put("kept_offer", scope, offer)
    name = canary("use", scope)
    (use,) = record_uses([Use(offer, person, date(2015, 7, 1), name, verified_by="card")], by=SYSTEM)
    scene.put("participation", scope, use, name)
    name = canary("honour", scope)
    honour = HonourRow(name, name, "district", "person", name, path, DAY, person_id=person)
    scene.put("honour", scope, grant([honour], by=SYSTEM)[0], name)


def _handled(scene: Scene, scope: str) -> None:
    """A clock of the dispute, more time asked for it, and a member's record said to be wrong."""
    clock = Deadline.objects.get(case=scene.keys["dispute", scope], clock="mediate")
    scene.put("deadline", scope, clock.pk)
    told = canary("told", scope)
    note_moves.take_down(clock.case, "call", text=told, by=SYSTEM)
    scene.secrets.append(told)
    name = canary("paper", scope)
    made = paper_moves.issue(clock.case_id, "mediation.accepted", {}, by=SYSTEM)
    IssuedPaper.objects.filter(pk=made.pk).update(number=name)
    scene.put("paper", scope, made.pk, name)
    secret = canary("written", scope)
    content = {"title": "x", "number": name, "body": secret, "signed": "x", "on": "2015-09-01"}
    sealed = sealer(IssuedPaper, "content")(made.pk, json.dumps(content))
    IssuedPaper.objects.filter(pk=made.pk).update(content=sealed)
    scene.secrets.append(secret)
    secret, (number,) = canary("scan", scope), bulk.ids(CaseFile, 1)
    CaseFile.objects.create(
        pk=number, case=clock.case, name=sealer(CaseFile, "name")(number, secret), form="pdf", size=1, token=strongroom.seal(io.BytesIO(b"x")),
        at=datetime(2015, 9, 1, tzinfo=UTC),
    )  # fmt: skip
    scene.put("case_file", scope, number)
    scene.secrets.append(secret)
    if scope == "own":
        scene.theirs.append(secret)
    asked = Extension.objects.create(
        deadline=clock, case=clock.case, path=clock.path, days=3, reason="x", asked_at=datetime(2015, 9, 1, tzinfo=UTC),
        asked_by_id=open_account(f"asker-{scope}", "x", by=SYSTEM),
    )  # fmt: skip
    scene.put("extension", scope, asked.pk)
    third = Party.objects.create(case=clock.case, path=clock.path, role=THIRD, name="x", since=DAY)
    scene.put("party", scope, third.pk)
    there = Outside.objects.create(case=clock.case, path=clock.path, kind="court", body="x", on=DAY)
    scene.put("outside", scope, there.pk)
    given = Referral.objects.create(
        case=clock.case, path=clock.path, by=asked.asked_by, at=asked.asked_at, to_account=asked.asked_by, fields=["opened"],
        expires_on=date(2099, 1, 1),
    )  # fmt: skip
    scene.put("sent", scope, given.pk)
    name = canary("correction", scope)
    wrong = open_case(
        "correction", path=scene.paths[scope], on=DAY, values={"right": "x"}, by=SYSTEM, person=scene.keys["person", scope], number=name,
        cause="name",
    )  # fmt: skip
    scene.put("correction", scope, wrong.pk, name)
    name = canary("standard", scope)
    station = scene.keys["station", scope]
    brought = open_case(
        "station.standard", path=scene.paths[scope], on=DAY, values={}, by=SYSTEM, station=station, number=name
    )
    Case.objects.filter(pk=brought.pk).update(state="set_up")
    scene.put("standard", scope, brought.pk, name)
    scene.put("self_check", scope, brought.pk)
    name = canary("joining", scope)
    told = registers.PlainMatter(
        "joining", name, scene.paths[scope], DAY, "received", None, "", None, scene.keys["employer", scope]
    )
    scene.put("joining", scope, record([registers.plain(told)], by=SYSTEM)[0], name)


def _family(scene: Scene, scope: str, serial: int) -> None:
    """Somebody who lives with who was helped, and is in no register."""
    name, number = f"家{'甲乙丙丁戊'[serial]}龘靐", world.a_number(450 + serial)
    member = household_moves.add_member(
        scene.keys["person", scope],
        name=name,
        number=number,
        relation="child",
        on=DAY,
        path=scene.paths[scope],
        by=SYSTEM,
    )
    scene.secrets += [name, number]
    scene.put("family", scope, member)
    name = canary("file", scope)
    told = registers.HardshipFile(
        name, scene.paths[scope], "deep", DAY, scene.keys["person", scope], scene.keys["employer", scope]
    )
    (file,) = record([registers.hardship_file(told)], by=SYSTEM)
    scene.put("file", scope, file, name)
    reckoned = f"每人每月 {71_237 + serial} 元"
    (number,) = ids(Reckoning, 1)
    Reckoning.objects.create(
        pk=number, case_id=file, path=scene.paths[scope], on=DAY, size=2, level="deep", rule_since=DAY,
        told=sealer(Reckoning, "told")(number, reckoned),
    )  # fmt: skip
    donor = f"赠{'甲乙丙丁戊'[serial]}龗"
    scene.secrets += [reckoned, donor]
    drive = drive_moves.open_drive(scene.keys["owed", scope], canary("drive", scope), 900_000, on=DAY, by=SYSTEM)
    scene.put("drive", scope, drive.pk)  # without a name: what a drive is called stands on the public page
    for voucher in ("1", "2"):
        gift = drive_moves.receive(
            drive.pk, 500, way="cash", voucher=voucher, donor=donor, anonymous=False, on=DAY, by=SYSTEM
        )
        scene.put("gift", scope, gift)
    scene.put("handover", scope, drive_moves.hand_over(drive.pk, 500, voucher="1", on=DAY, by=SYSTEM))


def _treasury(scene: Scene, scope: str, serial: int, fund: int) -> None:
    """An account somebody is paid to, a grant that is owed to them, and another that is on its way to the bank."""
    path, member = scene.paths[scope], scene.keys["membership", scope]
    account = world.a_card_number(66000 + serial)
    payee_moves.set_account(member, account, bank="x", holder="x", on=DAY, by=SYSTEM)
    scene.secrets.append(account)
    for kind in ("owed", "on_its_way"):
        row = CaseRow(
            "aid.living", canary(kind, scope), path, "approved", DAY, person_id=scene.keys["person", scope], fen_agreed=5,
            accepted_on=DAY,
        )  # fmt: skip
        scene.put(kind, scope, record([Matter(row, ())], by=SYSTEM)[0])
    take_in(fund, 900_000, voucher=f"S{serial}", source="x", on=DAY, by=SYSTEM)
    maker = Actor(-1, "制单", (Post("finance", scene.here.root),))
    order = order_moves.make(fund, [f"case:{scene.keys['on_its_way', scope]}"], by=maker)
    scene.put("order", scope, order, f"/desk/orders/{order}/")


def _sessions(scene: Scene, scope: str, serial: int) -> None:
    """A session one may sign up for, a place at it, and an outside account at the item's counter."""
    assert catalogue.SERVICES  # declared by being imported
    offer, now = scene.keys["offer", scope], datetime(2015, 9, 1, tzinfo=UTC)
    slot = Slot(f"C{serial}", now + timedelta(days=30), now + timedelta(days=31), 1_000)
    session = open_session(offer, slot, by=SYSTEM)
    scene.put("session", scope, session)
    other, _number, _mobile = world.a_person(f"{SURNAMES[scope]}小七")
    at = At(scene.keys["union", scope], scene.paths[scope], "independent")
    admit([Standing(other, at, scene.keys["employer", scope], "active", "", "", DAY)], by=SYSTEM)
    scene.put("signed_up", scope, sign_up(session, now=now, by=SYSTEM, person=other).pk)
    _goods(scene, scope, serial)
    _class(scene, scope, serial, other)
    scene.put("duty", scope, _duty(scene, scope), canary("duty", scope))
    account = open_account(canary("counter", scope), "商户", by=SYSTEM)
    scene.put("counter", scope, give_counter(offer, account, venue="x", on=DAY, by=SYSTEM))
    (item,) = open_offers(
        [OfferRow("card.items", f"HX{serial}", f"{scope}柜台", scene.paths[scope], world.FOUNDED)], by=SYSTEM
    )
    scene.put("redeemable", scope, item)
    terms = Terms(fen_each=1_000, fund=scene.keys["fund", scope])
    set_terms(item, terms, by=SYSTEM)
    redeem(item, scene.keys["person", scope], key="september", now=now, by=SYSTEM)


def _class(scene: Scene, scope: str, serial: int, person: int) -> None:
    """A class that was held, somebody who came, and the test they passed."""
    (item,) = open_offers(
        [OfferRow("training.classes", f"PX{serial}", f"{scope}班", scene.paths[scope], world.FOUNDED, kind="order")],
        by=SYSTEM,
    )
    begins = datetime(2015, 8, 3, tzinfo=UTC)
    session = open_session(item, Slot("1", begins, begins + timedelta(hours=8), 30), by=SYSTEM)
    scene.put("class", scope, session)
    row = sign_up(session, now=begins - timedelta(days=1), by=SYSTEM, person=person)
    attend(session, [row.pk], verified_by="roster", now=begins, by=SYSTEM)
    record_results(session, "tested", [Given(row.pk, "passed", 8_600)], on=date(2015, 8, 20), by=SYSTEM)
    scene.put("outcome", scope, Outcome.objects.get(participation=row.pk).pk)
    scene.put("contest", scope, _contest(scene.paths[scope], f"{scope}-{serial}"))
    account = open_account(canary("judge", scope), "评委", by=SYSTEM)
    give_post(PostRow(account, "scorer", scene.paths[scope], world.FOUNDED), by=SYSTEM)
    scene.put("judge", scope, appoint(scene.keys["contest", scope], account, person=None, by=SYSTEM))


def _contest(path: str, code: str) -> int:
    """A contest of one round, with nobody in it yet."""
    (item,) = open_offers([OfferRow("contests", code, "x", path, world.FOUNDED, kind="cooking")], by=SYSTEM)
    begins = datetime(2015, 8, 3, tzinfo=UTC)
    session = open_session(item, Slot("1", begins, begins + timedelta(hours=8), 30), by=SYSTEM)
    set_rounds(session, [Part("theory", 10_000, 100)], by=SYSTEM)
    return session


def _duty(scene: Scene, scope: str) -> int:
    """Hours at a station's window, next week, of a lawyer nobody else is."""
    account = open_account(canary("lawyer", scope), "律师", by=SYSTEM)
    give_post(PostRow(account, "lawyer", scene.here.root, world.FOUNDED), by=SYSTEM)
    starts = datetime.now(UTC) + timedelta(days=7)
    return give_duty(
        scene.keys["station", scope],
        "lawyer",
        account,
        starts,
        starts + timedelta(hours=3),
        window=canary("duty", scope),
        by=SYSTEM,
    )


def _goods(scene: Scene, scope: str, serial: int) -> None:
    """Packs for a union of the place: planned, allotted, delivered, not yet paid or signed for."""
    name = canary("goods", scope)
    (goods,) = open_offers(
        [OfferRow("goods.cooling", f"QL{serial}", name, scene.paths[scope], world.FOUNDED, kind="taxi")], by=SYSTEM
    )
    scene.put("goods", scope, goods, name)
    scene.put("kept_goods", scope, goods)
    goods_moves.plan(goods, 10, 0, by=SYSTEM)
    goods_moves.allot(goods, [goods_moves.Part(scene.keys["union", scope], 10)], by=SYSTEM)
    allotment = Allotment.objects.get(offer=goods).pk
    scene.put("allotment", scope, allotment)
    scene.put("delivery", scope, goods_moves.deliver(allotment, 5, "x", on=DAY, by=SYSTEM))


def _accounts(scene: Scene, scope: str, serial: int) -> None:
    name = canary("account", scope)
    number = open_account(name, name, by=SYSTEM)
    give_post(PostRow(number, "station_worker", scene.paths[scope], world.FOUNDED), by=SYSTEM)
    scene.put("account", scope, number, name)
    scene.put("post", scope, PostHeld.objects.get(account=number).pk)
    asked = PostAsked.objects.create(
        account_id=number, role="street", path=scene.paths[scope], since=DAY, reason="x", asked_by=number,
        asked_at=datetime(2015, 9, 1, tzinfo=UTC),
    )  # fmt: skip
    scene.put("post_request", scope, asked.pk)
    scene.put(
        "audit_entry", scope, audit.write("trial", by=SYSTEM, subject=f"account:{number}", path=scene.paths[scope])
    )
    now = datetime.now(UTC)
    approval = Approval.objects.create(
        what=b"x" * 16, title=canary("approval", scope), reason="x", people=500, asked_by=number, asked_name="x",
        asked_at=now, expires_at=now + timedelta(days=1), path=scene.paths[scope],
    )  # fmt: skip
    scene.put("approval", scope, approval.pk, canary("approval", scope))


def _second(scene: Scene, scope: str, serial: int) -> None:
    """What hangs on other rows: entries of the ledger, two who may be one, a file being brought in, an export asked for."""
    path, person = scene.paths[scope], scene.keys["person", scope]
    scene.put(
        "entry",
        scope,
        Entry.objects.filter(fund=scene.keys["fund", scope]).order_by("pk").values_list("pk", flat=True)[0],
    )
    twin, _number, _mobile = world.a_person(f"{SURNAMES[scope]}小六")
    union, employer = scene.keys["union", scope], scene.keys["employer", scope]
    admit([Standing(twin, At(union, path, "independent"), employer, "active", "", "", DAY)], by=SYSTEM)
    scene.put("duplicate", scope, Duplicate.objects.create(one_id=person, other_id=twin, because="同名").pk)
    now, name = datetime(2015, 9, 1, tzinfo=UTC), canary("batch", scope)
    counts = dict.fromkeys(("rows", "new", "changed", "unchanged", "doubtful", "refused"), 1)
    batch = Batch.objects.create(
        template="members", file_name=name, file_digest=str(serial), state="confirmed", started_at=now, confirmed_at=now,
        by=0, **counts,
    )  # fmt: skip
    kept = {"template": "members", "form": "xlsx", "size": 1, "digest": str(serial), "path": path, "made_at": now}
    Upload.objects.create(file_name=name, batch=batch, state="done", **kept)
    scene.put("batch", scope, batch.pk, name)
    name = canary("upload", scope)
    scene.put("upload", scope, Upload.objects.create(file_name=name, state="checked", checked_at=now, **kept).pk, name)


def _worker(scene: Scene) -> None:
    now = datetime(2015, 9, 1, tzinfo=UTC)
    WorkerAccount.objects.create(
        account=scene.accounts["worker"], person_id=scene.keys["person", "own"], created_at=now, seen_at=now
    )


def _own(scene: Scene, visitor: str, account: Account) -> None:
    now = datetime.now(UTC)
    undo = Undo.objects.create(key=uuid4(), account=account.pk, title=visitor, inverse="x", made_at=now, used_at=now)
    scene.owned["undo", visitor] = undo.key
    for register, step in (
        ("members", "confirm"),
        ("cards", "deliver"),
        ("employers", "cover"),
        ("roster", "come"),
        ("cases", "papers"),
    ):
        run = BulkRun.objects.create(key=uuid4(), account=account.pk, register=register, bulk=step, at=now)
        scene.owned[f"run_{register}", visitor] = run.key
    if visitor in ("merchant", STRANGER):
        # In September, so that there is a statement; and lately, so that it can be taken back.
        offer, person = scene.keys["redeemable", "own"], scene.keys["person", "own"]
        give_counter(offer, account.pk, venue="x", on=DAY, by=SYSTEM)
        merchant = Actor(account.pk, account.name)
        redeem(offer, person, key=f"{visitor}-1", now=datetime(2015, 9, 1, tzinfo=UTC), by=merchant)
        scene.owned["redeemed", visitor] = redeem(offer, person, key=f"{visitor}-2", now=now, by=merchant).pk
    if visitor in ("scorer", STRANGER):
        session = _contest(scene.here.root, f"JS{visitor}")
        if visitor == STRANGER:
            give_post(PostRow(account.pk, "scorer", scene.here.root, world.FOUNDED), by=SYSTEM)
        appoint(session, account.pk, person=None, by=SYSTEM)
        scene.owned["round", visitor] = rounds_of(session)[0].pk
    if visitor in ("counsellor", STRANGER):
        (offer,) = open_offers(
            [OfferRow("counselling", f"ZX{visitor}", "x", scene.here.root, world.FOUNDED, kind="individual")], by=SYSTEM
        )
        give_counter(offer, account.pk, venue="x", on=DAY, by=SYSTEM)
        (use,) = record_uses([Use(offer, scene.keys["person", "own"], DAY, visitor, verified_by="roster")], by=SYSTEM)
        scene.owned["talk", visitor] = use
    if visitor in ("lawyer", STRANGER):
        scene.owned["given", visitor] = _given(scene, visitor, account)
    # Theirs, and they are asked for it as well, so that each of its four addresses has something to do.
    scene.owned["duty_own", visitor] = Duty.objects.create(
        station_id=scene.keys["station", "own"], path=scene.paths["own"], kind="lawyer", account=account.pk, asked=account.pk,
        starts_at=now + timedelta(minutes=10), ends_at=now + timedelta(hours=3),
    ).pk  # fmt: skip
    scene.owned["referral", visitor] = Referral.objects.create(
        case_id=scene.keys["dispute", "own"], path=scene.paths["own"], by_id=account.pk, at=now, to_account_id=account.pk,
        fields=["opened"], expires_on=date(2099, 1, 1),
    ).pk  # fmt: skip
    job = Job.objects.create(
        task="x", title=visitor, account=account, trace="x", run_after=now, created_at=now, state="done"
    )
    scene.owned["job", visitor] = job.pk
    person = scene.keys["person", "own"] if visitor == "worker" else None
    whose = {"person": person} if person else {"account": account.pk}
    scene.owned["notice", visitor] = messages.queue(
        EXPORT_REFUSED,
        key=f"trial:{visitor}",
        fields={"title": visitor, "officer": "x", "because": "x"},
        by=SYSTEM,
        **whose,
    )


def _given(scene: Scene, visitor: str, account: Account) -> int:
    """A matter of legal aid given to this account; a stranger holds the post for it, too."""
    if visitor == STRANGER:
        give_post(PostRow(account.pk, "lawyer", scene.here.root, world.FOUNDED), by=SYSTEM)
    told = {"facts": "x", "wants": "represent"}
    person = scene.keys["person", "own"]
    case = open_case("legal", path=scene.paths["own"], on=DAY, values=told, by=SYSTEM, person=person, cause="pay")
    Case.objects.filter(pk=case.pk).update(state="assigned", lawyer=account)
    return case.pk


def _token(scene: Scene, visitor: str, scope: str) -> str:
    """The address of a person's number, as it is drawn for one account."""
    at = next(n for n, one in enumerate(REVEALABLE) if one.field == "people.person.number")
    account = scene.accounts[visitor].pk if visitor in scene.accounts else 0
    return signing.dumps([at, scene.keys["person", scope]], salt=f"{looking._SALT}.{account}")


BUILDERS: list[Callable[[Scene, str, int], None]] = [_order, _people, _work, _sessions, _accounts, _second]
"""Each puts its rows at one scope; a new kind of row is a function more."""
