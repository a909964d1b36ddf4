"""The posts of the federation, in one declaration: what each may look at is decided by its place; what it may do, by its role."""

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
}
"""Role key -> Chinese title. Codes in workbooks are the position in this order, from 1."""

SEES_RECORDS = frozenset(ROLES) - {"system_admin", "security_auditor"}
"""Roles that may open a figure down to its (masked) records. Administrators keep the machine, not the members."""
