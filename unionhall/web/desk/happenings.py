"""What the journal's lines are called on a timeline. A service's own acts are its moves; these are the registers'."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

ACTS = {
    "member.admitted": _("批准入会"), "member.transferred": _("转入本会"), "member.left": _("会籍终止"),
    "member.confirmed": _("确认会籍"), "member.retained": _("保留会籍"), "member.active": _("恢复会籍"),
    "member.reassigned": _("换了单位"), "member.merged": _("合并为一人"), "member.reopened": _("撤销终止"),
    "card.requested": _("申请办卡"), "card.sent": _("送银行"), "card.recalled": _("撤回送卡"), "card.made": _("制成卡"),
    "card.delivered": _("发放"), "card.activated": _("激活"), "card.rejected": _("银行退回"),
    "card.replaced": _("换发"), "card.cancelled": _("注销"),
    "union.founded": _("成立"), "union.merged": _("合并"), "union.abolished": _("撤销"), "union.covered": _("覆盖单位"),
    "union.uncovered": _("不再覆盖"), "union.transferred": _("转到另一工会"), "union.elected": _("换届"),
    "union.renamed": _("更名"), "union.moved": _("变更上级"), "union.marked": _("加标记"), "union.unmarked": _("取消标记"),
    "union.reopened": _("撤销终止"),
    "employer.corrected": _("更正"), "place.renamed": _("更名"), "place.merged": _("并入"),
    "station.opened": _("启用"), "station.accepted": _("验收"), "station.declared": _("申报星级"), "station.closed": _("停用"),
    "staff.arrived": _("到岗"), "staff.left": _("离岗"), "staff.moved": _("调动"), "staff.changed_kind": _("改任"), "station.granted": _("核定编制"),
    "station.star_declared": _("申报星级"), "station.acceptance_withdrawn": _("取消达标"),
}  # fmt: skip
"""service.act -> what happened, in Chinese; the msgid."""

KINDS = {
    "member.left": {"transferred": _("转出"), "left": _("退会"), "deceased": _("去世")},
    "member.confirmed": {
        "worker": _("本人"), "officer": _("工会干部"), "hr": _("单位人事名册"), "card": _("刷卡"),
    },
}  # fmt: skip
"""service.act -> kind -> its word."""


def told(service: str, act: str, kind: str = "", reason: str = "") -> str:
    """What a line says, in a few words: "会籍终止（退会）"; the act itself when it has no word here."""
    name = f"{service}.{act}"
    said = gettext(ACTS[name]) if name in ACTS else act
    words = [gettext(KINDS.get(name, {}).get(kind, ""))] if KINDS.get(name, {}).get(kind) else []
    extra = "，".join([*words, *([reason] if reason else [])])
    return f"{said}（{extra}）" if extra else said
