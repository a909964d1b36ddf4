"""The posts of the federation, in one declaration: a post's place decides which rows it reaches; its role, what it may do there."""

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
"""The machine itself, at the command line; holds every right."""

DISTRICT = frozenset(("leader", "organisation", "rights", "aid", "labour", "women", "publicity", "finance", "audit"))
LOCAL = frozenset(("street", "station_head", "station_worker"))
GRASSROOTS = frozenset(("union_officer",))
OUTSIDE = frozenset(("lawyer", "merchant", "scorer", "coordinator", "counsellor"))
"""Who works for the union without being of it: they see what they are given, never a register."""
MACHINE = frozenset(("system_admin", "security_auditor"))
"""Who keeps the machine and its logs, and never sees the members."""

SEES_RECORDS = DISTRICT | LOCAL | GRASSROOTS
"""Roles that may open a figure down to its (masked) records."""

_ORGANISING = frozenset(("organisation", "street", "station_head", "station_worker"))

RIGHTS: dict[str, frozenset[str]] = {
    "board.see": SEES_RECORDS,
    "records.see": SEES_RECORDS,
    "places.see": SEES_RECORDS | {"system_admin"},
    "places.change": frozenset(("organisation",)),
    "unions.see": SEES_RECORDS,
    "unions.change": _ORGANISING,
    "employers.see": SEES_RECORDS,
    "employers.change": _ORGANISING,
    "stations.see": SEES_RECORDS,
    "stations.change": frozenset(("organisation", "station_head")),
    "staff.see": SEES_RECORDS,
    "staff.change": frozenset(("organisation", "station_head")),
    "members.see": SEES_RECORDS - {"publicity", "finance", "audit"},
    "members.change": _ORGANISING | GRASSROOTS,
    "members.merge": frozenset(("organisation", "street", "station_head")),
    "cards.see": SEES_RECORDS - {"publicity"},
    "cards.change": _ORGANISING,
    "agreements.see": SEES_RECORDS,
    "agreements.change": frozenset(("rights", "women")) | LOCAL,
    "cases.see": SEES_RECORDS - {"publicity", "union_officer"},
    "cases.change": frozenset(("rights", "aid", "labour", "women")) | LOCAL,
    "offers.see": SEES_RECORDS,
    "offers.change": frozenset(("aid", "labour", "women", "publicity")) | LOCAL,
    "funds.see": frozenset(("leader", "finance", "audit")),
    "funds.change": frozenset(("finance",)),
    "secrets.reveal": frozenset(("organisation", "rights", "aid", "women")) | LOCAL | GRASSROOTS,
    "imports.do": frozenset(("organisation", "rights", "aid", "labour", "women")) | LOCAL | GRASSROOTS,
    "exports.do": SEES_RECORDS - {"publicity"},
    "exports.approve": frozenset(("leader", "organisation", "street")),
    "accounts.see": frozenset(("system_admin", "security_auditor", "organisation")),
    "accounts.change": frozenset(("system_admin",)),
    "audit.see": frozenset(("security_auditor",)),
    "jobs.see": SEES_RECORDS | {"system_admin"},
}
"""Right -> the roles that carry it. A right holds at and below the places its posts stand at."""

CASES_OF: dict[str, tuple[str, ...]] = {
    "rights": ("mediation", "bargaining", "legal"),
    "aid": ("aid", "hardship", "insurance"),
    "labour": ("honour", "innovation", "model"),
    "women": ("aid", "mediation", "womens"),
    "finance": ("aid",),
    "audit": ("aid",),
}
"""A department sees the cases of its own services (by the first part of the service's key); other roles with the right, all."""


def holders(right: str) -> frozenset[str]:
    """The roles that carry a right, the system among them. An unknown right is a programmer's error."""
    return RIGHTS[right] | {SYSTEM}
