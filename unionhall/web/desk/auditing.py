"""The audit log, for the security auditor: who did what, when, with which post; never whose data says what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.access.looking import AccessRow
from unionhall.access.sensitive import REVEALABLE
from unionhall.journal.audit import SEALED
from unionhall.journal.digests import GONE, unpack
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account
from unionhall.organisations.roles import ROLES, SYSTEM, holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.audit_words import ACTS
from unionhall.web.desk.columns import Column, place_names
from unionhall.web.desk.detail import Detail, Fact, State, Table, render_detail
from unionhall.web.desk.filters import Days, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix
from unionhall.web.desk.register import Register

RIGHT = "audit.see"
_OWN = ("journal.", SEALED)
"""Entries the machine makes beside an action's own: they seal rows and tell nothing new."""


def _rows(actor: Actor) -> Any:
    rows = AuditEntry.objects.visible_to(actor, *holders(RIGHT))
    for act in _OWN:
        rows = rows.exclude(act__startswith=act)
    return rows


def _names(rows: Sequence[AuditEntry]) -> Mapping[int, str]:
    """Entry -> the name of the account, or who it was without one."""
    names = dict(Account.objects.filter(pk__in={row.account for row in rows if row.account}).values_list("pk", "name"))
    return {row.pk: _who(row, names) for row in rows}


def _who(row: AuditEntry, names: Mapping[int, str]) -> str:
    if row.account is not None:
        return names.get(row.account, _t("账号 %(number)s") % {"number": row.account})
    return _t("未登录") if not row.posts else _t("系统")


def act_word(act: str) -> str:
    """What an act is called; the act itself when it has no word."""
    return str(ACTS.get(act, act))


def posts_in_words(posts: str) -> str:
    """ "station_worker@101002" as the title of the post; several with a mark between."""
    roles = [post.partition("@")[0] for post in posts.split()]
    return "、".join(_t("系统") if role == SYSTEM else str(ROLES.get(role, role)) for role in roles)


def _note(row: AuditEntry) -> str:
    """The note; a field that was opened by its title."""
    field, _space, rest = row.note.partition(" ")
    title = next((one.title for one in REVEALABLE if one.field == field), None)
    return f"{title} {rest}".strip() if title is not None else row.note


register = Register(
    key="audit", title=_("审计日志"), model=AuditEntry, right=RIGHT, icon="history", unit=_("条"), rows=_rows,
    columns=(
        Column("act", _("做了什么"), link=True, value=lambda row: act_word(row.act)),
        Column("at", _("时间"), show="moment"),
        Column("account", _("谁"), value=lambda row: row.beside),
        Column("posts", _("岗位"), value=lambda row: posts_in_words(row.posts), phone=""),
        Column("subject", _("对象"), phone=""),
        Column("path", _("地方"), show="place", phone=""),
        Column("note", _("说明"), value=_note, phone=""),
        Column("trace", _("追踪编号"), phone="", chosen=False),
    ),
    search=(ByPrefix("subject"), ByPrefix("trace"), ByPrefix("act")),
    search_hint=_("对象（如 membership:17）或追踪编号"),
    filters=(
        Picked("kind", _("类别"), {
            "session": (_("登录"), Q(act__startswith="session.") | Q(act__startswith="code.")),
            "account": (_("账号与岗位"), Q(act__startswith="account.") | Q(act__startswith="post.")),
            "secret": (_("查看密封信息"), Q(act__startswith="secret.")),
            "alarm": (_("查看过多"), Q(act="secret.alarm")),
            "export": (_("导出"), Q(act__startswith="export.")),
            "import": (_("导入"), Q(act__startswith="import.")),
            "money": (_("资金"), Q(act__startswith="money.") | Q(act__startswith="fund.")),
            "figure": (_("公布数字"), Q(act__startswith="figure.") | Q(act__startswith="target.")),
        }),
        PlaceFilter(),
        Days("at", _("日期"), field="at__date"),
    ),
    default_sort="-id", sorts=(), detail="desk-audit-entry", beside=_names,
    empty=_("还没有审计记录。"),
)  # fmt: skip


@gate.right(RIGHT)
@never_cache
@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: what was told, which tables it touched, and its place in the chain."""
    row = AuditEntry.objects.visible_to(actor_of(request), *holders(RIGHT)).filter(pk=number).first()
    if row is None:
        raise Http404(f"audit {number}")
    who = _names([row])[row.pk]
    place = place_names([row.path]).get(row.path, "") if row.path else ""
    about = _t("人员 %(number)s") % {"number": row.about} if row.about is not None else ""
    facts = [
        Fact(_("时间"), f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"), Fact(_("谁"), who),
        Fact(_("岗位"), posts_in_words(row.posts)), Fact(_("对象"), row.subject), Fact(_("地方"), place),
        Fact(_("涉及的人"), about), Fact(_("批次"), row.batch), Fact(_("说明"), _note(row)), Fact(_("追踪编号"), row.trace),
        Fact(_("链上位置"), f"{row.place:,}" if row.place else ""),
        Fact(_("印记"), bytes(row.seal).hex()[:16] if row.seal else ""),
    ]  # fmt: skip
    linked = State(_t("已入链"), "ok") if row.place else State(_t("待入链"), "wait")
    related = (_touched(row), *_looks(row))
    return render_detail(
        request, Detail(title=act_word(row.act), number=str(row.pk), state=linked, facts=facts, related=related),
        register=register, row=row,
    )  # fmt: skip


def _touched(row: AuditEntry) -> Table:
    rows = [
        (part.table, f"{len(part.ids):,}", f"{part.digests.count(GONE):,}", "、".join(map(str, part.ids[:5])))
        for part in unpack(bytes(row.rows))
    ]
    heads = (_("数据表"), _("行数"), _("其中删去"), _("编号（前几个）"))
    return Table(_("封存的数据行"), heads, rows, empty=_("这一步没有写数据行。"))


def _looks(row: AuditEntry) -> tuple[Table, ...]:
    """The line of the book of looks an opening left: the field and the reason, never the value."""
    if not row.act.startswith("secret."):
        return ()
    numbers = [
        number for part in unpack(bytes(row.rows)) if part.table == "access.accessrow" for number in part.ids[:50]
    ]
    titles = {one.field: one.title for one in REVEALABLE}
    looks = AccessRow.objects.filter(pk__in=numbers).order_by("pk")
    rows = [(titles.get(one.field, one.field), one.purpose, _t("是") if one.alarm else "") for one in looks]
    return (Table(_("查看登记"), (_("查看了什么"), _("原因"), _("查看过多")), rows),)


urlpatterns = [path("desk/audit/<int:number>/", entry, name="desk-audit-entry")]
