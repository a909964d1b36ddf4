"""What the matrix is tried on: a row of every kind at each of five places, every row bearing a name of its own.

The posts under trial stand at 柳荫街道. Seen from there a row lies at one's own place, below it, beside it, above it or
elsewhere; only the first two may ever be shown. The names are canaries: where one is read, the row was shown.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from django.core import signing

from tests import world
from tests.matrix.policy import OWNED
from unionhall.access.models import Approval, WorkerAccount
from unionhall.access.sensitive import REVEALABLE
from unionhall.agreements.actions import AgreementCoverRow, AgreementRow, record_agreements, record_covers
from unionhall.agreements.models import AgreementCover
from unionhall.cases import registers
from unionhall.cases.actions import record
from unionhall.cases.models import Case
from unionhall.exchange.models import Batch, Upload
from unionhall.honours.actions import HonourRow, grant
from unionhall.jobs.models import Job
from unionhall.journal import audit
from unionhall.kernel.actor import SYSTEM
from unionhall.ledger.actions import FundRow, open_funds
from unionhall.ledger.models import Entry
from unionhall.offers.actions import OfferRow, Use, open_offers, record_uses
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
from unionhall.people.actions import At, Reply, Request, Standing, admit, record_replies, request_cards
from unionhall.people.models import Duplicate
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
    name = canary("dispute", scope)
    told = registers.Dispute(
        number=name, path=path, cause="pay", opened_on=DAY, person=person, employer=employer, accepted_on=DAY,
    )  # fmt: skip
    scene.put("dispute", scope, record([registers.dispute(told)], by=SYSTEM)[0], name)
    scene.put("accepted", scope, scene.keys["dispute", scope])
    for kind, service in (("aid", "aid.medical"), ("bonus", "honour.bonus")):
        name = canary(kind, scope)
        grant_ = registers.Grant(
            service=service, number=name, path=path, paid_on=date(2015, 6, 1), fen_paid=300_000, fund=fund, person=person,
            requested_on=DAY, form="cash",
        )  # fmt: skip
        scene.put(kind, scope, record([registers.grant(grant_)], by=SYSTEM)[0], name)
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
    for register, bulk in (("members", "confirm"), ("cards", "deliver"), ("employers", "cover")):
        run = BulkRun.objects.create(key=uuid4(), account=account.pk, register=register, bulk=bulk, at=now)
        scene.owned[f"run_{register}", visitor] = run.key
    job = Job.objects.create(
        task="x", title=visitor, account=account, trace="x", run_after=now, created_at=now, state="done"
    )
    scene.owned["job", visitor] = job.pk


def _token(scene: Scene, visitor: str, scope: str) -> str:
    """The address of a person's number, as it is drawn for one account."""
    at = next(n for n, one in enumerate(REVEALABLE) if one.field == "people.person.number")
    account = scene.accounts[visitor].pk if visitor in scene.accounts else 0
    return signing.dumps([at, scene.keys["person", scope]], salt=f"{looking._SALT}.{account}")


BUILDERS: list[Callable[[Scene, str, int], None]] = [_order, _people, _work, _accounts, _second]
"""Each puts its rows at one scope; a new kind of row is a function more."""
