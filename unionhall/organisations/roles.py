"""The posts of the federation, in one declaration: a post's place decides which rows it reaches; its role, what it may do there."""

from collections.abc import Iterable

from unionhall.kernel.paths import STEP

ROLES: dict[str, str] = {
    "leader": "区总领导",
    "organisation": "组织部",
    "rights": "权益部",
    "aid": "帮扶部",
    "labour": "劳动和荣誉部",
    "women": "女职工部",
    "publicity": "宣传部",
    "finance": "财务部",
    "audit": "经审",
    "street": "街道总工会",
    "station_head": "服务站站长",
    "station_worker": "服务站社工",
    "union_officer": "基层工会干部",
    "system_admin": "系统管理员",
    "security_auditor": "安全审计员",
    "lawyer": "律师",
    "merchant": "商户",
    "scorer": "评分代表",
    "coordinator": "社会组织联络员",
    "counsellor": "心理咨询师",
}
"""Role key -> Chinese title. Codes in workbooks are the position in this order, from 1: new roles go to the end.

A worker is not in the list: a worker holds no post, and reaches only what is their own.
"""

SYSTEM = "system"
"""The machine itself, at the command line; holds every right. No account can be given it: it is no post."""

DISTRICT = frozenset(("leader", "organisation", "rights", "aid", "labour", "women", "publicity", "finance", "audit"))
LOCAL = frozenset(("street", "station_head", "station_worker"))
GRASSROOTS = frozenset(("union_officer",))
OUTSIDE = frozenset(("lawyer", "merchant", "scorer", "coordinator", "counsellor"))
"""Who works for the union without being of it: no right to any register; each matter is given to them singly, for a time."""
MERCHANT = "merchant"
COUNSELLOR = "counsellor"
SCORER = "scorer"
LAWYER = "lawyer"
"""The post that opens the counter (web/shop), where what an account was given to redeem is redeemed."""
MACHINE = frozenset(("system_admin", "security_auditor"))
"""Who keeps the machine and its logs, and never sees the members.

Three administrators keep each other in check (GB/T 22239 8.1.4, separation of powers): the system administrator opens and
closes accounts but gives no post, so cannot let themselves in to the data; the organisation department gives posts but
opens no account, so cannot make up an officer; the security auditor reads what both did and changes nothing.
"""

HELD_ALONE = MACHINE
"""Posts an account holds together with no other: whoever keeps the machine or its logs is nobody's officer."""

SEES_RECORDS = DISTRICT | LOCAL | GRASSROOTS
"""Roles that may open a figure down to its (masked) records."""

_ORGANISING = frozenset(("organisation", "street", "station_head", "station_worker"))

RIGHTS: dict[str, frozenset[str]] = {
    "board.see": SEES_RECORDS,
    "records.see": SEES_RECORDS,
    "targets.change": frozenset(("organisation",)),
    "figures.publish": frozenset(("leader", "publicity")),
    "places.see": SEES_RECORDS | {"system_admin"},
    "places.change": frozenset(("organisation",)),
    "unions.see": SEES_RECORDS,
    "unions.change": _ORGANISING,
    "employers.see": SEES_RECORDS,
    "employers.change": _ORGANISING,
    "stations.see": SEES_RECORDS,
    "stations.change": frozenset(("organisation", "street", "station_head")),
    "staff.see": SEES_RECORDS,
    "staff.change": frozenset(("organisation", "street", "station_head")),
    "members.see": SEES_RECORDS - {"publicity", "finance", "audit"},
    "members.change": _ORGANISING | GRASSROOTS,
    "members.merge": frozenset(("organisation", "street", "station_head")),
    "cards.see": SEES_RECORDS - {"publicity"},
    "cards.change": _ORGANISING,
    "agreements.see": SEES_RECORDS,
    "agreements.change": frozenset(("rights", "women")) | LOCAL,
    "cases.see": SEES_RECORDS - {"publicity"},
    "cases.change": frozenset(("organisation", "rights", "aid", "labour", "women")) | LOCAL,
    "cases.approve": frozenset(("organisation", "rights", "aid", "labour", "women", "street", "station_head")),
    "cases.limits": frozenset(("organisation", "rights", "aid", "labour", "women")),
    "households.see": frozenset(("leader", "aid", "women", "finance", "audit")) | LOCAL,
    "households.change": frozenset(("aid",)) | LOCAL,
    "aid.rules": frozenset(("aid",)),
    "drives.see": frozenset(("leader", "aid", "finance", "audit")) | LOCAL,
    "drives.change": frozenset(("aid",)),
    "drives.receive": frozenset(("aid", "finance")),
    "offers.see": SEES_RECORDS,
    "offers.change": frozenset(("organisation", "aid", "labour", "women", "publicity")) | LOCAL,
    "honours.see": SEES_RECORDS,
    "honours.change": frozenset(("labour",)),
    "funds.see": frozenset(("leader", "finance", "audit")),
    "funds.change": frozenset(("finance",)),
    "payees.see": frozenset(("leader", "aid", "finance", "audit")) | LOCAL,
    "payees.change": frozenset(("aid",)) | LOCAL,
    "payees.open": frozenset(("finance",)),
    "funds.allow": frozenset(("leader",)),
    "funds.approve": frozenset(("leader", "finance")),
    "secrets.reveal": frozenset(("organisation", "rights", "aid", "women")) | LOCAL | GRASSROOTS,
    "imports.do": frozenset(("organisation", "rights", "aid", "labour", "women", "publicity", "finance"))
    | LOCAL
    | GRASSROOTS,
    "exports.do": SEES_RECORDS - {"publicity"},
    "exports.approve": frozenset(("leader", "organisation", "street")),
    "accounts.see": frozenset(("system_admin", "security_auditor", "organisation")),
    "accounts.change": frozenset(("system_admin",)),
    "posts.change": frozenset(("organisation",)),
    "posts.approve": frozenset(("leader", "organisation")),
    "audit.see": frozenset(("security_auditor",)),
    "jobs.see": SEES_RECORDS | {"system_admin"},
    "messages.change": frozenset(("organisation", "publicity")),
}
"""Right -> the roles that carry it. A right holds at and below the places its posts stand at."""

CASES_OF: dict[str, tuple[str, ...]] = {
    "organisation": ("correction", "founding", "joining", "station"),
    "rights": ("mediation", "bargaining", "legal", "speakup", "measures", "inspection", "tripartite"),
    "aid": ("aid", "hardship", "insurance"),
    "labour": ("honour", "innovation", "model"),
    "women": ("aid", "mediation", "womens"),
    "finance": ("aid", "honour", "insurance"),
    "audit": ("aid", "honour", "insurance"),
    "union_officer": ("joining",),
}
"""A department sees the cases of its own services (by the first part of the service's key), an officer of a union who asks to
join it; other roles with the right, all."""


def holders(right: str) -> frozenset[str]:
    """The roles that carry a right, the system among them. An unknown right is a programmer's error."""
    return RIGHTS[right] | {SYSTEM}


def may_be_held_with(role: str, others: Iterable[str]) -> bool:
    """May an account that holds these posts hold this one too?"""
    held = set(others) - {role}
    return not held or not (HELD_ALONE & (held | {role}))


def needs_two(role: str, path: str) -> bool:
    """Must a second officer decide on this post? Those that reach the records of the whole district, and the machine's."""
    return role in HELD_ALONE or (role in SEES_RECORDS and len(path) <= STEP)


def of_their_service(role: str, service: str) -> bool:
    """Does a role with the right to cases see those of this service ("aid.medical")?"""
    return role not in CASES_OF or service.partition(".")[0] in CASES_OF[role]


def faults() -> list[str]:
    """What does not hold together in this declaration; read by a system check (web/gate.py)."""
    declared = set(ROLES)
    wrong = [f"right {right} has no holder" for right, roles in RIGHTS.items() if not roles]
    wrong += [
        f"right {right} names {role}, which is no post"
        for right, roles in RIGHTS.items()
        for role in sorted(roles - declared)
    ]
    carried = frozenset[str]().union(*RIGHTS.values())
    wrong += [f"post {role} carries no right and is not given singly" for role in sorted(declared - carried - OUTSIDE)]
    wrong += [f"post {role} is given singly and carries a right" for role in sorted(carried & OUTSIDE)]
    wrong += [f"nobody is told whether {role} is of the union" for role in sorted(declared ^ _GROUPED)]
    wrong += [
        f"the machine's {role} may {right}"
        for right, roles in RIGHTS.items()
        for role in sorted(roles & MACHINE)
        if right not in _MACHINE_MAY
    ]
    wrong += [
        f"{role} sees cases of its services without the right to cases"
        for role in sorted(set(CASES_OF) - RIGHTS["cases.see"])
    ]
    if RIGHTS["accounts.change"] & RIGHTS["posts.change"]:
        wrong.append("who opens accounts also gives posts")
    if RIGHTS["audit.see"] & (RIGHTS["accounts.change"] | RIGHTS["posts.change"]):
        wrong.append("who reads the audit also changes what it watches")
    return wrong


_GROUPED = DISTRICT | LOCAL | GRASSROOTS | OUTSIDE | MACHINE
_MACHINE_MAY = frozenset(("places.see", "accounts.see", "accounts.change", "audit.see", "jobs.see"))
"""What the machine's two may do: none of it shows a person, an employer or a sum."""
