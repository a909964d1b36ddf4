"""The desk's menu: who sees which of its pages, in the order of a day's work."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from unionhall.organisations.roles import holders
from unionhall.web.acting import actor_of


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu. `right` is a right of organisations/roles.py; empty: everybody who is signed in."""

    key: str
    title: Any
    icon: str
    url_name: str
    right: str = ""
    also: str = ""
    """The beginning of other addresses that belong to the line."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as one request shows it."""

    item: Item
    href: str
    current: bool


MENU: list[Item] = [
    Item("todo", _("待办"), "checkbox", "desk", ""),
    Item("board", _("指标看板"), "layout-dashboard", "board", "", "/figures/"),
    Item("members", _("会员"), "users", "desk-members", "members.see"),
    Item("cards", _("京卡"), "id-badge-2", "desk-cards", "cards.see"),
    Item("agreements", _("协议"), "file-text", "desk-agreements", "agreements.see"),
    Item("cases", _("服务事项"), "clipboard-list", "desk-cases", "cases.see", "/desk/answer-texts/"),
    Item("situation", _("形势研判"), "chart-bar", "desk-situation", "cases.see"),
    Item("hardship", _("困难档案"), "heart-handshake", "desk-hardship", "households.see"),
    Item("drives", _("募捐"), "gift", "desk-drives", "drives.see"),
    Item("policies", _("互助投保"), "shield-check", "desk-policies", "offers.see"),
    Item("aid-rules", _("救助规定"), "scale", "desk-aid-rules", "households.see"),
    Item("papers", _("文书登记簿"), "file-text", "desk-papers", "cases.see", "/desk/paper-texts/"),
    Item("referrals", _("转介给我的"), "send", "desk-referrals", ""),
    Item("offers", _("服务项目"), "gift", "desk-offers", "offers.see"),
    Item("sessions", _("活动场次"), "calendar-event", "desk-sessions", "offers.see"),
    Item("uses", _("使用记录"), "checklist", "desk-uses", "offers.see"),
    Item("statements", _("对账单"), "file-text", "desk-statements", "offers.see"),
    Item("funds", _("资金"), "wallet", "desk-funds", "funds.see"),
    Item("entries", _("收支明细"), "cash", "desk-entries", "funds.see"),
    Item("orders", _("支付批次"), "building-bank", "desk-orders", "funds.see"),
    Item("trial", _("试算平衡表"), "scale", "desk-trial", "funds.see", "/desk/closings/"),
    Item("unions", _("工会组织"), "building-community", "desk-unions", "unions.see"),
    Item("employers", _("用人单位"), "building-factory", "desk-employers", "employers.see"),
    Item("stations", _("工会服务站"), "home", "desk-stations", "stations.see", "/desk/station-items/"),
    Item("duties", _("值班"), "calendar", "desk-duties", "stations.see"),
    Item("staff", _("站工作人员"), "id-badge-2", "desk-staff", "staff.see"),
    Item("places", _("区划"), "map-2", "desk-places", "places.see"),
    Item("accounts", _("账号与岗位"), "key", "desk-accounts", "accounts.see"),
    Item("post-requests", _("任命申请"), "user-check", "desk-post-requests", "posts.approve"),
    Item("imports", _("导入"), "file-import", "desk-imports", "imports.do"),
    Item("approvals", _("导出审批"), "shield-check", "desk-approvals", "exports.do"),
    Item("wordings", _("通知用语"), "message", "desk-wordings", "messages.change"),
    Item("audit", _("审计日志"), "history", "desk-audit", "audit.see"),
    Item("jobs", _("任务"), "clock", "desk-jobs", "jobs.see"),
]


def may(request: HttpRequest, right: str) -> bool:
    """Does the signed-in account hold this right anywhere? An empty right is everybody's."""
    return not right or actor_of(request).holds(*holders(right))


def address(item: Item) -> str:
    """The page of a line; empty while it has none: it is left out then, and a test finds it (tests/desk)."""
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def shown(request: HttpRequest) -> list[Shown]:
    """The lines this account may open; the one whose address is the longest beginning of this page's is current."""
    lines = [(item, href) for item in MENU if may(request, item.right) and (href := address(item))]
    named = [(begins, href) for item, href in lines for begins in (href, item.also) if begins]
    here = max((one for one in named if request.path.startswith(one[0])), key=lambda one: len(one[0]), default=("", ""))
    return [Shown(item, href, href == here[1]) for item, href in lines]
