"""The journal in words: what was done, of what kind, and to what, as people say it.

Lines keep keys, which never change. The words of a kind are those of the register the line tells of, so they live here, above
the concepts, and not in the journal.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_noop as _

from unionhall import catalogue
from unionhall.agreements.vocabulary import LEVELS
from unionhall.cases.chains import RIGHTS
from unionhall.cases.drive_models import WAYS
from unionhall.cases.intake_moves import RATINGS
from unionhall.cases.service import CaseService
from unionhall.cases.turning import BODIES
from unionhall.cases.vocabulary import CHANNELS, DISPUTE_CAUSES, GRANT_FORMS, HARDSHIPS
from unionhall.exchange.membersheet import STATES
from unionhall.honours.vocabulary import LEVELS as HONOUR_LEVELS
from unionhall.indicators.figures import Figure, Flow, Ratio
from unionhall.indicators.service import Service
from unionhall.offers.duty_models import KINDS as DUTIES
from unionhall.offers.service import OfferService
from unionhall.organisations.vocabulary import UNION_KINDS

ACTS: Mapping[str, str] = {
    "admitted": _("入会"), "reassigned": _("更换单位"), "active": _("恢复会籍"), "retained": _("保留会籍"), "transferred": _("转会"),
    "left": _("会籍终止"), "confirmed": _("确认会籍"), "merged": _("合并"), "renamed": _("更名"),
    "requested": _("申请"), "sent": _("送银行"), "recalled": _("撤回送银行"), "made": _("制卡"), "delivered": _("发放"),
    "activated": _("激活"), "rejected": _("银行退回"), "replaced": _("换发"), "cancelled": _("注销"),
    "founded": _("成立"), "covered": _("纳入工会"), "star_declared": _("申报星级"), "accepted": _("受理"),
    "received": _("登记"), "agreed": _("达成协议"), "settled_claim": _("涉案金额"), "failed": _("未达成"), "withdrawn": _("撤回"),
    "verified": _("核实"), "approved": _("批准"), "returned": _("银行退票"), "paid": _("发放款项"), "declined": _("不予办理"), "filed": _("建档"), "closed": _("撤档"),
    "corrected": _("已更正"), "rated": _("评价"), "begun": _("开始维权"), "helped": _("为职工维权"), "aided": _("受理调解或援助"), "recovered": _("挽回损失"),
    "signed": _("签订"), "ended": _("提前终止"), "granted": _("授予"), "revoked": _("撤销授予"), "opened": _("开放"), "on_duty": _("值班"), "used": _("使用"),
    "published": _("公布"), "void": _("作废"), "overridden": _("超限批准"), "reckoned": _("核算家庭收入"), "insured": _("投保"),
}  # fmt: skip
"""Act -> Chinese word. One act may be said otherwise of one service: _OF_SERVICE."""

_OF_SERVICE: Mapping[tuple[str, str], str] = {
    ("station", "accepted"): _("通过验收"), ("aid.file", "closed"): _("撤档"), ("mediation", "transferred"): _("转出"),
    ("donations", "opened"): _("发起募捐"), ("donations", "closed"): _("结束募捐"), ("donations", "given"): _("捐款"),
    ("donations", "handed"): _("转交"),
    ("agreement", "filed"): _("备案"), ("station", "closed"): _("撤站"), ("station", "acceptance_withdrawn"): _("取消达标"), ("union", "merged"): _("并入"), ("place", "merged"): _("撤并"),
}  # fmt: skip

_OF_OFFERS: Mapping[str, str] = {
    "signed": _("报名"), "used": _("参加"), "accompanied": _("随行"), "held": _("举办"), "paid": _("结算"), "waiting": _("候补"),
    "offered": _("保留名额"), "expired": _("保留过期"), "cancelled": _("取消"), "booth": _("参会单位"), "delivered": _("送达"),
}  # fmt: skip
"""Acts about what is open to workers, said otherwise than of a card or an agreement."""
_COMPANIONS = {"adult": _("成人"), "child": _("儿童")}

_LEFT = {"transferred": _("转出本区"), "left": _("退会"), "deceased": _("去世")}
_CONFIRMED = {"worker": _("本人"), "officer": _("工会干部"), "roster": _("名册"), "card": _("刷卡")}

SUBJECTS: Mapping[str, str] = {
    "membership": _("会籍"), "card": _("京卡"), "case": _("服务事项"), "agreement": _("协议"), "offer": _("服务项目"),
    "participation": _("使用记录"), "union": _("工会"), "cover": _("覆盖"), "station": _("服务站"), "honour": _("荣誉"), "person": _("会员"),
    "session": _("场次"), "outcome": _("活动结果"), "allotment": _("物品分配"), "delivery": _("送达"), "booth": _("参会单位"), "duty": _("值班"),
    "chain": _("维权全过程"), "place": _("地方"), "publication": _("公布"), "batch": _("导入"), "posting": _("款项"),
    "policy": _("互助投保"), "drive": _("募捐"), "gift": _("捐款"), "handover": _("转交善款"),
}  # fmt: skip
"""What a line is about, by the first part of its subject."""


class Subject(NamedTuple):
    """ "card:17" taken apart: the table's key, the row's id (0 when it is none), and the words for both."""

    key: str
    number: int
    words: str


def act(service: str, name: str) -> str:
    """What was done, in a word."""
    first, declared = service.partition(".")[0], _declared(service)
    if isinstance(declared, OfferService) and (name in declared.results or name in _OF_OFFERS):
        return declared.results[name].title if name in declared.results else _OF_OFFERS[name]
    return _OF_SERVICE.get((service, name)) or _OF_SERVICE.get((first, name)) or ACTS.get(name) or _state(service, name)


def _state(key: str, name: str) -> str:
    """An act of matters alone is called as the state it leads to."""
    declared = _declared(key)
    return declared.workflow.title(name) if isinstance(declared, CaseService) else name


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


def _declared(key: str) -> Service | None:
    return next((one for one in catalogue.SERVICES if one.key == key), None)


def _kinds(service_key: str, name: str) -> Mapping[str, str]:
    first = service_key.partition(".")[0]
    declared = _declared(service_key)
    if name == "rated":
        return RATINGS
    if isinstance(declared, OfferService):
        chosen = dict(declared.results[name].choices) if name in declared.results else {}
        return _COMPANIONS if name == "accompanied" else chosen or declared.kinds
    if isinstance(declared, CaseService) and declared.causes and name != "paid":
        return declared.causes
    if name == "paid":
        return GRANT_FORMS
    if first in ("union", "card") or (service_key == "member" and name not in ("left", "confirmed")):
        return UNION_KINDS | STATES
    if service_key == "member":
        return _LEFT if name == "left" else _CONFIRMED
    if service_key == "donations":
        return WAYS
    if service_key == "duty":
        return DUTIES
    if service_key == RIGHTS:
        return BODIES | {one.key: one.title for one in catalogue.SERVICES if isinstance(one, CaseService) and one.chain}
    if first == "agreement":
        return LEVELS
    return DISPUTE_CAUSES | CHANNELS | HARDSHIPS
