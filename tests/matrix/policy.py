"""Who may what, written by hand for a reviewer to read, and never read from the code it is held against.

RIGHTS says which posts carry a right; KINDS, which right shows a row; PAGES, which right opens an address. What follows
from the three for every post, address, method and place of a row is worked out in tests/matrix/trial.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ALL_OFFICERS = "leader organisation rights aid labour women publicity finance audit street station_head station_worker union_officer"

RIGHTS: Mapping[str, frozenset[str]] = {
    right: frozenset(posts.split())
    for right, posts in {
        "board.see": ALL_OFFICERS,
        "records.see": ALL_OFFICERS,
        "figures.publish": "leader publicity",
        "places.see": f"{ALL_OFFICERS} system_admin",
        "places.change": "organisation",
        "unions.see": ALL_OFFICERS,
        "unions.change": "organisation street station_head station_worker",
        "employers.see": ALL_OFFICERS,
        "employers.change": "organisation street station_head station_worker",
        "stations.see": ALL_OFFICERS,
        "stations.change": "organisation street station_head",
        "staff.see": ALL_OFFICERS,
        "staff.change": "organisation street station_head",
        "members.see": "leader organisation rights aid labour women street station_head station_worker union_officer",
        "members.change": "organisation street station_head station_worker union_officer",
        "members.merge": "organisation street station_head",
        "cards.see": "leader organisation rights aid labour women finance audit street station_head station_worker union_officer",
        "cards.change": "organisation street station_head station_worker",
        "agreements.see": ALL_OFFICERS,
        "agreements.change": "rights women street station_head station_worker",
        "cases.see": "leader organisation rights aid labour women finance audit street station_head station_worker union_officer",
        "cases.change": "organisation rights aid labour women street station_head station_worker",
        "cases.approve": "organisation rights aid labour women street station_head",
        "cases.limits": "organisation rights aid labour women",
        "households.see": "leader aid women finance audit street station_head station_worker",
        "households.change": "aid street station_head station_worker",
        "aid.rules": "aid",
        "drives.see": "leader aid finance audit street station_head station_worker",
        "drives.change": "aid",
        "drives.receive": "aid finance",
        "offers.see": ALL_OFFICERS,
        "offers.change": "organisation aid labour women publicity street station_head station_worker",
        "honours.see": ALL_OFFICERS,
        "honours.change": "labour",
        "targets.change": "organisation",
        "funds.see": "leader finance audit",
        "funds.change": "finance",
        "payees.see": "leader aid finance audit street station_head station_worker",
        "payees.change": "aid street station_head station_worker",
        "payees.open": "finance",
        "funds.allow": "leader",
        "funds.approve": "leader finance",
        "secrets.reveal": "organisation rights aid women street station_head station_worker union_officer",
        "imports.do": "organisation rights aid labour women publicity finance street station_head station_worker union_officer",
        "exports.do": "leader organisation rights aid labour women finance audit street station_head station_worker union_officer",
        "exports.approve": "leader organisation street",
        "accounts.see": "organisation system_admin security_auditor",
        "accounts.change": "system_admin",
        "posts.change": "organisation",
        "posts.approve": "leader organisation",
        "audit.see": "security_auditor",
        "jobs.see": f"{ALL_OFFICERS} system_admin",
        "messages.change": "organisation publicity",
    }.items()
}

KINDS: Mapping[str, str] = {
    "place": "places.see",
    "union": "unions.see",
    "employer": "employers.see",
    "cover": "employers.see",
    "station": "stations.see",
    "staff": "staff.see",
    "account": "accounts.see",
    "post": "accounts.see",
    "person": "members.see",
    "membership": "members.see",
    "card": "cards.see",
    "agreement": "agreements.see",
    "agreement_cover": "agreements.see",
    "dispute": "cases.see",
    "aid": "cases.see",
    "bonus": "cases.see",
    "correction": "cases.see",
    "joining": "cases.see",
    "deadline": "cases.see",
    "extension": "cases.see",
    "party": "cases.see",
    "sent": "cases.see",
    "outside": "cases.see",
    "family": "households.see",
    "file": "cases.see",
    "drive": "drives.see",
    "gift": "drives.see",
    "handover": "drives.see",
    "paper": "cases.see",
    "case_file": "cases.see",
    "offer": "offers.see",
    "kept_offer": "offers.see",
    "redeemable": "offers.see",
    "class": "offers.see",
    "outcome": "offers.see",
    "duty": "stations.see",
    "contest": "offers.see",
    "judge": "offers.see",
    "accepted": "",
    "standard": "cases.see",
    "self_check": "",
    "participation": "offers.see",
    "session": "offers.see",
    "signed_up": "offers.see",
    "counter": "offers.see",
    "goods": "offers.see",
    "kept_goods": "offers.see",
    "allotment": "offers.see",
    "delivery": "offers.see",
    "honour": "honours.see",
    "fund": "funds.see",
    "entry": "funds.see",
    "closing": "funds.see",
    "order": "funds.see",
    "upload": "imports.do members.change",
    "batch": "imports.do members.change",
    "duplicate": "members.merge members.see",
    "listed": "employers.see",
    "post_request": "posts.approve | accounts.see",
    "audit_entry": "audit.see",
    "token": "secrets.reveal members.see",
    "approval": "exports.approve",
}
"""Kind of row (tests/matrix/scene.py) -> the rights that show it: all of them are needed, or all of another choice ("|")."""

FROM_ABOVE = frozenset(("offer", "goods"))
"""Kinds that are seen from below, too: what the district opens is open to its streets."""

TO_ACCOUNTS = frozenset(("referral",))
"""Of what is somebody's own, what no worker is ever given."""
TO_WORKERS = frozenset(("offer", "goods"))
"""Kinds every worker may read of, wherever they were opened: whom each is for is said on it."""

RUN_BY: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("kept_goods", "allotment", "delivery"),
        frozenset(["aid", "labour", "women", "street", "station_head", "station_worker"]),
    ),
    **dict.fromkeys(
        ("class", "outcome"), frozenset(["organisation", "aid", "labour", "street", "station_head", "station_worker"])
    ),
    **dict.fromkeys(
        ("contest", "judge"), frozenset(["organisation", "labour", "street", "station_head", "station_worker"])
    ),
}
"""Kinds of rows of a service that only some of those run who may change items."""

BY_POST: Mapping[str, str] = {"accepted": "station_worker", "self_check": "station_head station_worker"}
"""Kinds of rows only these posts may do anything with: a dispute that was accepted, to be ended by the station's worker; a
station that is to check itself.
"""

DEPARTMENTS: Mapping[str, frozenset[str]] = {
    "dispute": frozenset(("rights", "women")),
    "aid": frozenset(("aid", "women", "finance", "audit")),
    "file": frozenset(("aid", "women", "finance", "audit")),
    "bonus": frozenset(("labour", "finance", "audit")),
    "correction": frozenset(("organisation",)),
    "joining": frozenset(("organisation", "union_officer")),
    "founding": frozenset(("organisation",)),
    "standard": frozenset(("organisation",)),
    "deadline": frozenset(("rights", "women")),
    "extension": frozenset(("rights", "women")),
    "party": frozenset(("rights", "women")),
    "sent": frozenset(("rights", "women")),
    "outside": frozenset(("rights", "women")),
    "legal": frozenset(("rights",)),
    "paper": frozenset(("rights", "women")),
    "answers": frozenset(("rights", "organisation")),
    "case_file": frozenset(("rights", "women")),
}
"""Kinds of case -> the departments whose business they are; posts that are no such department see them all."""

OWNED = frozenset(
    (
        "undo",
        "job",
        "notice",
        "redeemed",
        "talk",
        "round",
        "duty_own",
        "given",
        "referral",
        "run_members",
        "run_cards",
        "run_cases",
        "run_employers",
        "run_roster",
    )
)
"""Kinds of rows that are one account's own: at "own" they are the visitor's, at any other scope somebody else's."""

CONFINED = frozenset(("organisation", "rights", "aid", "labour", "women", "finance", "audit", "union_officer"))
"""Posts that see the cases of their own business only."""


@dataclass(frozen=True)
class Page:
    """One address.

    `opens`: "public", "signed_in", "worker", "merchant", "counsellor", "scorer", "lawyer", or rights of which one is needed ("a+b": both). `of`: the kinds of row the
    address may name; the row's id fills the arguments that `at` does not. `lists`: the kind of rows shown. `query`: what follows the address,
    {path} standing for the row's place. `sent`: what a POST carries. `again`: asks for the password again. `shows`:
    kinds whose rows at one's places may be named besides those the post's rights show. `staff`: a worker who strays here
    is led to their own pages. `top`: only who holds the right over the whole district. `sends`: the right a POST needs besides.
    `needs`: a right without which the page does not exist for this argument; `business`: likewise, the kind of case it is
    about. `hollow`: the scene's rows have nothing to give there (no file), so that even their reader gets 404. `tells`: kinds whose names
    everybody who opens the address may read there.
    """

    opens: str
    of: str = ""
    lists: str = ""
    methods: str = "GET HEAD"
    at: Mapping[str, object] = field(default_factory=dict)
    query: str = ""
    sent: Mapping[str, object] = field(default_factory=dict)
    again: bool = False
    shows: str = ""
    empty_is: tuple[int, ...] = ()
    staff: bool = False
    top: bool = False
    sends: str = ""
    needs: str = ""
    business: str = ""
    hollow: bool = False
    tells: str = ""


FORM = "GET HEAD POST"
SHOWN = "GET HEAD"
DONE = "POST"

PAGES: dict[str, Page] = {
    # the public
    "public": Page("public"),
    "public-csv": Page("public"),
    "figure": Page("public", at={"key": "mediation.agreed"}, query="year=2015"),
    "figure-file": Page("public", at={"key": "mediation.agreed", "form": "csv"}, query="year=2015"),
    "certificate": Page("public", query="number=ZS2015-000001-000000"),
    "robots": Page("public"),
    "favicon": Page("public", empty_is=(301,)),
    "language": Page("public", methods="GET HEAD POST PUT DELETE OPTIONS"),
    # in and out
    "sign-in": Page("public", methods=FORM),
    "sign-in-code": Page("public", methods=FORM),
    "sign-in-enrol": Page("public", methods=FORM),
    "sign-in-recovery": Page("public", methods=FORM),
    "sign-in-password": Page("public", methods=FORM),
    "sign-in-invited": Page("public", methods=FORM, empty_is=(410,)),
    "sign-in-invitation": Page("public", at={"word": "nobody-sent-this"}, methods="GET HEAD POST PUT DELETE OPTIONS"),
    "sign-in-again": Page("signed_in", methods=FORM),
    "sign-in-worker": Page("public", methods=FORM),
    "sign-in-worker-code": Page("public", methods=FORM),
    "sign-in-worker-who": Page("public", methods=FORM),
    "sign-out": Page("public", methods=DONE),
    "my-sign-in": Page("signed_in"),
    "my-session-end": Page("signed_in", at={"number": 1}, methods=DONE),
    "my-sessions-end": Page("signed_in", methods=DONE),
    "my-password": Page("signed_in", methods=FORM, staff=True),
    "my-device": Page("signed_in", methods=FORM, again=True, staff=True),
    "my-device-new": Page("signed_in", methods=DONE, again=True, staff=True),
    "my-recovery-codes": Page("signed_in", methods=FORM, again=True, staff=True),
    "my-recovery-codes-new": Page("signed_in", methods=DONE, again=True, staff=True),
    # the worker's own
    "me": Page("worker"),
    "me-data": Page("worker"),
    "me-correct": Page("worker", methods=FORM),
    "me-readings": Page("worker"),
    "me-record": Page("worker"),
    "me-match": Page("worker", methods=FORM),
    "me-match-withdraw": Page("worker", methods=DONE),
    "me-match-event": Page("worker", of="session", methods=FORM, hollow=True),
    "me-card": Page("worker"),
    "me-offers": Page("worker"),
    "me-offer": Page("worker", of="offer", methods=FORM),
    "me-places": Page("worker"),
    "me-place": Page("worker", of="participation"),
    **{
        f"me-place-{step}": Page("worker", of="participation", methods=DONE)
        for step in ("accept", "give-back", "feedback")
    },
    "me-door": Page("worker", of="session", methods=FORM, hollow=True),
    "me-help": Page("worker"),
    "me-join": Page("worker", methods=FORM),
    "me-ask": Page("worker", methods=FORM, at={"key": "speakup"}),
    "me-matters": Page("worker"),
    "me-matter": Page("worker", of="dispute correction aid"),
    "me-matter-add": Page("worker", of="dispute correction", methods=DONE),
    "me-matter-leave": Page("worker", of="dispute", methods=DONE, hollow=True),
    "me-matter-file": Page("worker", of="dispute", at={"kept": 0}, methods=DONE, hollow=True),
    "me-matter-paper": Page("worker", of="dispute", at={"made": 0, "form": "docx"}, methods=DONE, hollow=True),
    "me-matter-rate": Page("worker", of="dispute correction aid", methods=DONE),
    "me-matter-step": Page("worker", of="dispute", methods=DONE, at={"name": "call_off"}),
    "me-notices": Page("worker"),
    "me-notice": Page("worker", of="notice"),
    "me-notices-read": Page("worker", methods=DONE),
    "me-ways": Page("worker", methods=FORM),
    # the counsellor's talks
    "counsel": Page("counsellor"),
    "counsel-talk": Page("counsellor", of="talk", methods=FORM),
    # duties
    "on-duty": Page("public", tells="duty station"),
    "my-duties": Page("signed_in", tells="station"),
    **{f"my-duty-{step}": Page("signed_in", of="duty_own", methods=DONE) for step in ("in", "out", "ask", "answer")},
    # a lawyer's matters
    "lawyer": Page("lawyer"),
    "lawyer-matter": Page("lawyer", of="given"),
    "lawyer-read": Page("lawyer", of="given", methods=DONE, again=True),
    "lawyer-file": Page("lawyer", of="given", at={"kept": 0}, methods=DONE, again=True, hollow=True),
    **{f"lawyer-{step}": Page("lawyer", of="given", methods=DONE) for step in ("write", "close")},
    "desk-duty": Page("stations.see", of="duty"),
    "desk-duty-add": Page("cases.change", methods=FORM, tells="account"),
    "desk-duty-off": Page("cases.change", of="duty", methods=FORM),
    # the judge's sheets
    "judge": Page("scorer"),
    "judge-round": Page("scorer", of="round", methods=FORM),
    # the merchant's counter
    "shop": Page("merchant", methods=FORM),
    "shop-use": Page("merchant", of="redeemed"),
    "shop-undo": Page("merchant", of="redeemed", methods=DONE),
    "shop-today": Page("merchant"),
    "shop-months": Page("merchant"),
    "shop-month": Page("merchant", at={"year": 2015, "month": 9}),
    "shop-month-file": Page("merchant", at={"year": 2015, "month": 9, "form": "xlsx"}),
    # the board
    "board": Page("signed_in", query="year=2015"),
    "board-figure": Page("board.see", of="place", at={"key": "mediation.agreed"}, query="year=2015&place={path}"),
    "board-report": Page("board.see", methods=DONE, sent={"form": "docx"}, query="year=2015"),
    "board-goals": Page("board.see", query="year=2015"),
    "board-figure-file": Page(
        "board.see", of="place", at={"key": "mediation.agreed", "form": "csv"}, query="year=2015&place={path}"
    ),
    "board-figure-goals": Page(
        "board.see",
        of="place",
        at={"key": "mediation.agreed"},
        query="year=2015&place={path}",
        methods=FORM,
        sends="targets.change",
    ),
    "records": Page("records.see", of="place", at={"key": "card.items.uses"}, query="year=2015&place={path}"),
    # the desk
    "desk": Page("signed_in"),
    "desk-search": Page("signed_in", methods=FORM),
    "desk-undo-list": Page("signed_in"),
    "desk-undo": Page("signed_in", of="undo", methods=DONE),
    # members and cards
    "desk-member": Page("members.see", of="membership"),
    "desk-member-new": Page("members.change", methods=FORM),
    "desk-duplicates": Page("members.merge"),
    "desk-duplicate": Page("members.merge", of="duplicate"),
    "desk-duplicate-decide": Page("members.merge", of="duplicate", methods=DONE),
    **{
        f"desk-member-{step}": Page("members.change", of="membership", methods=FORM)
        for step in ("confirm", "transfer", "retain", "resume", "correct", "end")
    },
    "desk-pick-union": Page("unions.see", query="q=ZQ"),
    "desk-pick-employer": Page("employers.see", query="q=ZQ"),
    "desk-card": Page("cards.see", of="card"),
    "desk-card-roster": Page("cards.see"),
    **{
        f"desk-card-{step}": Page("cards.change", of="card", methods=FORM)
        for step in ("deliver", "activate", "recall", "replace", "cancel")
    },
    "desk-card-batch": Page("cards.change", methods=FORM, again=True),
    # the standing order
    "desk-union": Page("unions.see", of="union"),
    "desk-union-new": Page("unions.change", methods=FORM),
    "desk-union-cover": Page("employers.change", of="union", methods=FORM),
    **{
        f"desk-union-{step}": Page("unions.change", of="union", methods=FORM)
        for step in ("term", "rename", "upper", "mark", "unmark", "end")
    },
    "desk-employer": Page("employers.see", of="employer"),
    "desk-employer-new": Page("employers.change", methods=FORM),
    "desk-employer-cover": Page("employers.change", of="employer", methods=FORM),
    "desk-employer-correct": Page("employers.change", of="employer", methods=FORM),
    "desk-cover": Page("employers.see", of="cover"),
    "desk-cover-transfer": Page("employers.change", of="cover", methods=FORM),
    "desk-cover-end": Page("employers.change", of="cover", methods=FORM),
    "desk-list-entry": Page("employers.see", of="listed"),
    "desk-station": Page("stations.see", of="station"),
    "desk-station-new": Page("stations.change", methods=FORM),
    **{
        f"desk-station-{step}": Page("stations.change", of="station", methods=FORM)
        for step in ("grant", "correct", "close", "standard", "star")
    },
    "desk-station-items": Page("stations.see"),
    "desk-station-item-add": Page("cases.limits", methods=FORM, business="standard"),
    **{
        name: Page("cases.limits", at={"key": "sign"}, methods=FORM, business="standard")
        for name in ("desk-station-item", "desk-station-item-end")
    },
    "desk-case-check": Page("cases.change", of="self_check", methods=FORM),
    "desk-staff-one": Page("staff.see", of="staff"),
    "desk-staff-new": Page("staff.change", methods=FORM),
    **{
        f"desk-staff-one-{step}": Page("staff.change", of="staff", methods=FORM)
        for step in ("transfer", "kind", "leave")
    },
    "desk-tree": Page("places.see"),
    "desk-place": Page("places.see", of="place"),
    **{f"desk-place-{step}": Page("places.change", of="place", methods=FORM) for step in ("add", "rename", "became")},
    # accounts, posts and what was done
    "desk-account": Page("accounts.see", of="account"),
    "desk-account-new": Page("accounts.change", methods=FORM, again=True),
    **{
        f"desk-account-{step}": Page("accounts.change", of="account", methods=FORM, top=True)
        for step in ("rename", "unlock")
    },
    **{
        f"desk-account-{step}": Page("accounts.change", of="account", methods=FORM, top=True, again=True)
        for step in ("invite", "reset", "close", "reopen")
    },
    "desk-account-appoint": Page("posts.change", of="account", methods=FORM, top=True, again=True),
    "desk-post": Page("accounts.see", of="post"),
    "desk-post-end": Page("posts.change", of="post", methods=FORM),
    "desk-post-request": Page("posts.approve accounts.see posts.change", of="post_request", shows="account"),
    "desk-post-request-grant": Page("posts.approve", of="post_request", methods=FORM, shows="account", again=True),
    "desk-post-request-decline": Page("posts.approve", of="post_request", methods=FORM, shows="account"),
    "desk-audit-entry": Page("audit.see", of="audit_entry"),
    # agreements, cases, offers
    "desk-agreement": Page("agreements.see", of="agreement"),
    "desk-agreement-add": Page("agreements.change", methods=FORM),
    "desk-agreement-uncover": Page("agreements.change", of="agreement_cover", methods=FORM),
    **{
        f"desk-agreement-{step}": Page("agreements.change", of="agreement", methods=FORM)
        for step in ("cover", "renew", "file", "end")
    },
    "desk-case": Page("cases.see", of="dispute aid bonus joining", shows="fund"),
    "desk-case-add": Page("cases.change"),
    "desk-case-open": Page("cases.change", at={"key": "mediation"}, methods=FORM, business="dispute"),
    "desk-case-move": Page("cases.see", of="accepted", at={"name": "fail"}, methods=FORM),
    "desk-case-correct": Page("cases.change", of="dispute aid bonus", methods=FORM),
    **{
        f"desk-case-{step}": Page("cases.change", of="dispute aid correction", methods=FORM)
        for step in ("note", "back", "complete", "pass", "rise", "merge", "reopen")
    },
    **{
        f"desk-case-{step}": Page("cases.change", of="dispute aid", methods=FORM)
        for step in ("parties", "amounts", "speakers", "paid", "outside", "refer")
    },
    "desk-case-turn-choose": Page("cases.change", of="dispute aid"),
    "desk-case-turn": Page("cases.change", of="dispute", at={"key": "legal"}, methods=FORM, business="legal"),
    "desk-referrals": Page("signed_in"),
    "desk-referral": Page("signed_in", of="referral", methods=FORM),
    "desk-sent-referral": Page("cases.change", of="sent"),
    "desk-sent-referral-withdraw": Page("cases.change", of="sent", methods=FORM),
    "desk-party": Page("cases.change", of="party"),
    "desk-party-remove": Page("cases.change", of="party", methods=FORM),
    "desk-outside": Page("cases.change", of="outside"),
    "desk-outside-result": Page("cases.change", of="outside", methods=FORM),
    "desk-case-assign": Page("cases.change", of="dispute aid correction", methods=FORM, shows="account"),
    "desk-deadline": Page("cases.change", of="deadline"),
    **{
        f"desk-deadline-{step}": Page("cases.change", of="deadline", methods=FORM)
        for step in ("stop", "resume", "restart", "more")
    },
    "desk-case-family": Page("households.change", of="aid", methods=FORM),
    "desk-family-end": Page("households.change", of="family", methods=FORM),
    "desk-case-income": Page("households.change", of="file", methods=FORM),
    "desk-case-drive": Page("drives.change", of="aid", methods=FORM),
    "desk-drive": Page("drives.see", of="drive", shows="aid"),
    "desk-drive-gift": Page("drives.receive", of="drive", methods=FORM),
    "desk-drive-hand": Page("funds.change", of="drive", methods=FORM, again=True),
    "desk-drive-close": Page("drives.change", of="drive", methods=FORM),
    "desk-gift-void": Page("funds.change", of="gift", methods=FORM, again=True, shows="drive"),
    "desk-handover-void": Page("funds.change", of="handover", methods=FORM, again=True, shows="drive"),
    "donations": Page("public"),
    "stations": Page("public", tells="station"),
    "desk-aid-rules": Page("households.see"),
    "desk-aid-rule-add": Page("aid.rules", methods=FORM),
    "desk-extension": Page("cases.approve", of="extension", methods=FORM),
    "desk-time-limits": Page("cases.see"),
    "desk-time-limit": Page(
        "cases.limits", at={"key": "correction", "clock": "answer"}, methods=FORM, business="correction"
    ),
    "desk-case-paper": Page("cases.change", of="dispute", at={"key": "mediation.accepted"}, methods=FORM),
    "desk-paper": Page("cases.see", of="paper"),
    "desk-paper-file": Page("secrets.reveal", of="paper", at={"form": "pdf"}, methods=DONE, again=True),
    "desk-paper-void": Page("cases.change", of="paper", methods=FORM),
    "desk-paper-texts": Page("cases.see"),
    "desk-answer-texts": Page("cases.see"),
    "desk-answer-text-add": Page("cases.limits", methods=FORM, business="answers"),
    "desk-answer-text": Page("cases.see", at={"number": 0}, methods=FORM, hollow=True),
    "desk-answer-text-end": Page("cases.limits", at={"number": 0}, methods=FORM, hollow=True),
    "desk-case-file-add": Page("cases.change", of="dispute aid correction", methods=FORM),
    "desk-case-file": Page("secrets.reveal", of="case_file", methods=FORM, again=True),
    "desk-case-file-away": Page("cases.change", of="case_file", methods=FORM),
    "desk-paper-text": Page("cases.see", at={"key": "aid.notice"}, methods=FORM, business="aid", sends="cases.limits"),
    "desk-offer": Page("offers.see", of="offer"),
    "desk-offer-add": Page("offers.change", methods=FORM),
    "desk-offer-close": Page("offers.change", of="kept_offer", methods=FORM),
    "desk-offer-use": Page("offers.change", of="offer", methods=FORM),
    "desk-offer-find": Page("offers.change", of="offer", methods=DONE),
    "desk-offer-counters": Page("offers.see", of="offer"),
    "desk-counter-give": Page("offers.change", of="kept_offer", methods=FORM),
    "desk-counter-end": Page("offers.change", of="counter", methods=FORM),
    "desk-statements": Page("offers.see"),
    "desk-statement": Page("offers.see", of="redeemable", at={"year": 2015, "month": 9}),
    "desk-statement-file": Page("offers.see", of="redeemable", at={"year": 2015, "month": 9, "form": "xlsx"}),
    "desk-statement-put": Page("offers.change", of="redeemable", at={"year": 2015, "month": 9}, methods=FORM),
    "desk-statement-return": Page("funds.change", of="redeemable", at={"year": 2015, "month": 9}, methods=FORM),
    **{
        f"desk-statement-{step}": Page(
            "funds.change", of="redeemable", at={"year": 2015, "month": 9}, methods=FORM, again=True
        )
        for step in ("approve", "pay")
    },
    "desk-use": Page("offers.see", of="participation"),
    "desk-use-void": Page("offers.change", of="participation", methods=FORM),
    # sessions, terms and goods
    "desk-calendar": Page("offers.see"),
    "desk-session": Page("offers.see", of="session"),
    "desk-session-add": Page("offers.change", of="kept_offer", methods=FORM),
    "desk-session-copy": Page("offers.change", of="kept_offer", methods=FORM),
    **{
        f"desk-session-{step}": Page("offers.change", of="session", methods=FORM)
        for step in ("places", "sign", "close", "cancel")
    },
    "desk-session-results": Page("offers.see", of="class"),
    "desk-session-result": Page("offers.change", of="class", at={"kind": "certified"}, methods=FORM),
    "desk-contest": Page("offers.see", of="contest"),
    **{
        f"desk-contest-{step}": Page("offers.change", of="contest", methods=FORM)
        for step in ("rounds", "judge", "close", "rank")
    },
    "desk-contest-honours": Page("honours.change", of="contest", methods=FORM),
    "desk-judge-dismiss": Page("offers.change", of="judge", methods=FORM),
    "desk-result-void": Page("offers.change", of="outcome", methods=FORM),
    "desk-session-door": Page("offers.change", of="session"),
    "desk-session-pay": Page("funds.change", of="session", methods=FORM),
    "desk-roster-one": Page("offers.see", of="signed_up"),
    "desk-roster-back": Page("offers.change", of="signed_up", methods=FORM),
    "desk-offer-terms": Page("offers.change", of="kept_offer", methods=FORM),
    "desk-offer-whom": Page("offers.change", of="kept_offer", methods=FORM),
    "desk-offer-goods": Page("offers.see", of="goods"),
    "desk-offer-goods-plan": Page("offers.change", of="kept_goods", methods=FORM),
    "desk-offer-goods-allot": Page("offers.change", of="kept_goods", methods=FORM),
    "desk-allotment": Page("offers.see", of="allotment"),
    "desk-allotment-deliver": Page("offers.change", of="allotment", methods=FORM),
    "desk-allotment-sign": Page("offers.change", of="allotment", methods=FORM),
    "desk-delivery-void": Page("offers.change", of="delivery", methods=FORM),
    "desk-delivery-pay": Page("funds.change", of="delivery", methods=FORM),
    # the money
    "desk-fund": Page("funds.see", of="fund", shows="dispute aid bonus"),
    **{f"desk-fund-{step}": Page("funds.change", of="fund", methods=FORM) for step in ("earmarks", "budget")},
    "desk-fund-allow": Page("funds.allow", of="fund", methods=FORM, again=True),
    "desk-member-payee": Page("payees.change", of="membership", methods=FORM),
    "desk-member-payee-end": Page("payees.change", of="membership", methods=FORM),
    "desk-order": Page("funds.see", of="order"),
    "desk-order-make": Page("funds.change", of="fund", methods=FORM, again=True),
    "desk-order-threshold": Page("funds.allow", methods=FORM, again=True),
    **{
        f"desk-order-{step}": Page("funds.change", of="order", methods=FORM, again=True)
        for step in ("send", "reply", "cancel", "recall")
    },
    **{
        f"desk-order-{step}": Page("funds.approve", of="order", methods=FORM, again=True)
        for step in ("approve", "refuse")
    },
    "desk-receipt": Page("funds.see", of="entry", shows="dispute aid bonus"),
    "desk-receipt-pdf": Page("funds.see", of="entry", shows="dispute aid bonus"),
    "desk-receipt-signed": Page("funds.change", of="entry", methods=FORM),
    "desk-situation": Page("cases.see"),
    "desk-situation-file": Page("cases.see"),
    "desk-trial": Page("funds.see"),
    "desk-trial-file": Page("funds.see"),
    "desk-closings": Page("funds.see"),
    "desk-closing": Page("funds.see", of="closing"),
    "desk-closing-add": Page("funds.change", methods=FORM, again=True),
    "desk-closing-ask": Page("funds.change", of="closing", methods=FORM),
    "desk-closing-reopen": Page("funds.approve", of="closing", methods=FORM, again=True),
    "desk-closing-keep": Page("funds.approve", of="closing", methods=FORM),
    "desk-fund-add": Page("funds.change", methods=FORM),
    "desk-fund-in": Page("funds.change", of="fund", methods=FORM),
    "desk-fund-out": Page("funds.change", of="fund", methods=FORM, again=True),
    "desk-entry": Page("funds.see", of="entry", shows="dispute aid bonus"),
    "desk-entry-reverse": Page("funds.change", of="entry", methods=FORM, shows="dispute aid bonus", again=True),
    # bringing in
    "desk-imports": Page("imports.do"),
    "desk-import-new": Page("imports.do", at={"name": "members"}, methods=FORM, needs="members.change"),
    "desk-import-blank": Page("imports.do", at={"name": "members"}, needs="members.change"),
    "desk-import": Page("imports.do", of="upload"),
    "desk-import-columns": Page("imports.do", of="upload", methods=FORM, hollow=True),
    "desk-import-progress": Page("imports.do", of="upload"),
    "desk-import-row": Page("imports.do", of="upload", at={"line": 2}, methods=FORM, hollow=True),
    "desk-import-accept": Page("imports.do", of="upload", methods=DONE),
    "desk-import-faults": Page("imports.do", of="upload", hollow=True),
    **{
        f"desk-import-{step}": Page("imports.do", of="upload", methods=DONE)
        for step in ("check", "confirm", "cancel", "reopen", "discard")
    },
    "desk-batch": Page("imports.do", of="batch"),
    "desk-batch-withdraw": Page("imports.do", of="batch", methods=FORM),
    # notices: one's own; and how they are worded
    "desk-notices": Page("signed_in"),
    "desk-notice": Page("signed_in", of="notice"),
    "desk-notices-read": Page("signed_in", methods=DONE),
    "desk-ways": Page("signed_in", methods=FORM),
    "desk-wordings": Page("messages.change", top=True),
    **{
        name: Page("messages.change", at={"key": "offer.cancelled", "language": "en"}, methods=FORM, top=True)
        for name in ("desk-wording", "desk-wording-own")
    },
    "desk-quiet-hours": Page("messages.change", methods=FORM, top=True),
    # the machine's work
    "desk-jobs": Page("jobs.see"),
    "desk-job": Page("jobs.see", of="job"),
    "desk-job-cancel": Page("jobs.see", of="job", methods=DONE),
    "desk-job-retry": Page("jobs.see", of="job", methods=DONE),
    "desk-job-file": Page("jobs.see", of="job", again=True, hollow=True),
    # looking into what is sealed, and second persons
    "desk-reveal": Page("secrets.reveal", of="token", methods=FORM, again=True),
    "desk-approvals": Page("exports.do exports.approve"),
    "desk-approval": Page("exports.do exports.approve", of="approval"),
    "desk-approval-yes": Page("exports.approve", of="approval", methods=FORM, again=True),
    "desk-approval-no": Page("exports.approve", of="approval", methods=FORM),
}
"""Name of an address -> who may open it. An address that is missing here fails the matrix."""


@dataclass(frozen=True)
class List:
    """A list of the desk: the right that opens it, the kind of its rows, and the right its bulk steps need, with the
    first of them, if it has any.
    """

    opens: str
    of: str
    bulk: str = ""
    step: str = ""
    export: bool = False
    shows: str = ""


LISTS: dict[str, List] = {
    "members": List("members.see", "membership", bulk="members.change", step="confirm", export=True),
    "cards": List("cards.see", "card", bulk="cards.change", step="deliver", export=True),
    "agreements": List("agreements.see", "agreement", export=True),
    "cases": List("cases.see", "dispute", bulk="cases.change", step="papers", export=True),
    "inbox": List("cases.see", ""),
    "papers": List("cases.see", "paper"),
    "offers": List("offers.see", "offer"),
    "uses": List("offers.see", "participation", export=True),
    "sessions": List("offers.see", "session"),
    "roster": List("offers.see", "signed_up", bulk="offers.change", step="come", export=True),
    "duties": List("stations.see", "duty"),
    "hardship": List("households.see", "file"),
    "policies": List("offers.see", ""),
    "drives": List("drives.see", "drive"),
    "funds": List("funds.see", "fund"),
    "orders": List("funds.see", "order"),
    "entries": List("funds.see", "entry", export=True, shows="dispute aid bonus"),
    "batches": List("imports.do", "batch"),
    "unions": List("unions.see", "union", export=True),
    "employers": List("employers.see", "employer", bulk="employers.change", step="cover", export=True),
    "lists": List("employers.see", "listed", export=True),
    "stations": List("stations.see", "station", export=True),
    "staff": List("staff.see", "staff", export=True),
    "places": List("places.see", "place", export=True),
    "accounts": List("accounts.see", "account"),
    "post-requests": List("posts.approve", "post_request", shows="account"),
    "audit": List("audit.see", "audit_entry"),
}
"""Key of a list of the desk -> who opens it. Each has the same seven or eight addresses."""

for _key, _list in LISTS.items():
    PAGES |= {
        f"desk-{_key}": Page(_list.opens, lists=_list.of, query="reset=1", shows=_list.shows),
        f"desk-{_key}-find": Page(_list.opens, methods=DONE, sent={"q": "ZQ"}),
        f"desk-{_key}-count": Page(_list.opens),
        f"desk-{_key}-view": Page(_list.opens, methods=DONE, sent={"name": "mine", "query": ""}),
        f"desk-{_key}-columns": Page(_list.opens, methods=DONE),
    }
    if _list.bulk:
        PAGES[f"desk-{_key}-bulk"] = Page(_list.bulk, methods=FORM, sent={"do": _list.step, "query": "", "all": "1"})
        PAGES[f"desk-{_key}-bulk-result"] = Page(_list.bulk, of=f"run_{_key}")
    if _list.export:
        PAGES[f"desk-{_key}-export"] = Page(f"{_list.opens}+exports.do", methods=FORM)
