"""The journal in words: what was done, of what kind, and to what, as people say it.

Lines keep keys, which never change. The words of a kind are those of the register the line tells of, so they live here, above
the concepts, and not in the journal.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from unionhall import catalogue
from unionhall.agreements.vocabulary import LEVELS
from unionhall.cases.vocabulary import CHANNELS, DISPUTE_CAUSES, GRANT_FORMS, HARDSHIPS
from unionhall.exchange.membersheet import STATES
from unionhall.honours.vocabulary import LEVELS as HONOUR_LEVELS
from unionhall.indicators.figures import Figure, Flow, Ratio
from unionhall.organisations.vocabulary import UNION_KINDS

ACTS: Mapping[str, str] = {
    "admitted": _("入会"), "reassigned": _("更换单位"), "active": _("恢复会籍"), "retained": _("保留会籍"), "transferred": _("转会"),
    "left": _("会籍终止"), "confirmed": _("确认会籍"), "merged": _("合并"), "renamed": _("更名"),
    "requested": _("申请"), "sent": _("送银行"), "recalled": _("撤回送银行"), "made": _("制卡"), "delivered": _("发放"),
    "activated": _("激活"), "rejected": _("银行退回"), "replaced": _("换发"), "cancelled": _("注销"),
    "founded": _("成立"), "covered": _("纳入工会"), "star_declared": _("申报星级"), "accepted": _("受理"),
    "received": _("登记"), "agreed": _("达成协议"), "settled_claim": _("涉案金额"), "failed": _("未达成"), "withdrawn": _("撤回"),
    "verified": _("核实"), "approved": _("批准"), "paid": _("发放款项"), "declined": _("不予办理"), "filed": _("建档"), "closed": _("撤档"),
    "signed": _("签订"), "ended": _("提前终止"), "granted": _("授予"), "revoked": _("撤销授予"), "opened": _("开放"), "used": _("使用"),
    "published": _("公布"), "void": _("作废"),
}  # fmt: skip
"""Act -> Chinese word. One act may be said otherwise of one service: _OF_SERVICE."""

_OF_SERVICE: Mapping[tuple[str, str], str] = {
    ("station", "accepted"): _("通过验收"), ("aid.file", "closed"): _("撤档"), ("mediation", "transferred"): _("转出"),
    ("agreement", "filed"): _("备案"), ("station", "closed"): _("撤站"), ("union", "merged"): _("并入"), ("place", "merged"): _("撤并"),
}  # fmt: skip

_LEFT = {"transferred": _("转出本区"), "left": _("退会"), "deceased": _("去世")}
_CONFIRMED = {"worker": _("本人"), "officer": _("工会干部"), "roster": _("名册"), "card": _("刷卡")}

SUBJECTS: Mapping[str, str] = {
    "membership": _("会籍"), "card": _("京卡"), "case": _("服务事项"), "agreement": _("协议"), "offer": _("服务项目"),
    "participation": _("使用记录"), "union": _("工会"), "cover": _("覆盖"), "station": _("服务站"), "honour": _("荣誉"), "person": _("会员"),
    "place": _("地方"), "publication": _("公布"), "batch": _("导入"), "posting": _("款项"),
}  # fmt: skip
"""What a line is about, by the first part of its subject."""


class Subject(NamedTuple):
    """ "card:17" taken apart: the table's key, the row's id (0 when it is none), and the words for both."""

    key: str
    number: int
    words: str


def act(service: str, name: str) -> str:
    """What was done, in a word."""
    first = service.partition(".")[0]
    return _OF_SERVICE.get((service, name)) or _OF_SERVICE.get((first, name)) or ACTS.get(name, name)


def kind(service: str, name: str, key: str) -> str:
    """The kind of a line in words; empty for none. `name` is the act."""
    if not key:
        return ""
    if service == "honour":
        level, _, title = key.partition(":")
        return f"{HONOUR_LEVELS.get(level, level)} · {title}" if title else level
    if name == "void":
        return act(service, key)
    words = _kinds(service, name)
    return words.get(key, key)


def subject(text: str) -> Subject:
    """What a line is about: "card:17" -> 京卡 17."""
    key, _, number = text.partition(":")
    words = SUBJECTS.get(key, key)
    whole = int(number) if number.isascii() and number.isdigit() else 0
    return Subject(key, whole, f"{words} {number}" if number else words)


def source(figure: Figure) -> str:
    """What kind of record a figure counts: a register, or the journal of one service, in words."""
    if isinstance(figure, Ratio):
        return f"{source(figure.numerator)} ÷ {source(figure.denominator)}"
    if not isinstance(figure, Flow):
        return figure.source
    kinds = "、".join(kind(figure.service, figure.act, key) for key in figure.kinds)
    return " · ".join(filter(None, (f"办事日志：{service(figure.service)}", act(figure.service, figure.act), kinds)))


def service(key: str) -> str:
    """The title of a service; of the register whose journal it is, for those that are no service."""
    titles = {one.key: one.title for one in catalogue.SERVICES}
    return titles.get(key) or _REGISTERS.get(key, key)


_REGISTERS = {"honour": _("荣誉登记"), "place": _("区划树"), "report": _("统计公布")}


def _kinds(service_key: str, name: str) -> Mapping[str, str]:
    first = service_key.partition(".")[0]
    if name == "paid":
        return GRANT_FORMS
    if service_key == "aid.file":
        return HARDSHIPS
    if first in ("union", "card") or (service_key == "member" and name not in ("left", "confirmed")):
        return UNION_KINDS | STATES
    if service_key == "member":
        return _LEFT if name == "left" else _CONFIRMED
    if first == "agreement":
        return LEVELS
    return DISPUTE_CAUSES | CHANNELS | HARDSHIPS
