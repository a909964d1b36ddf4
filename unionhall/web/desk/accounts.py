"""Officers' accounts and the posts they hold: who may come in, as what, where, since and until when."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionhall.access.entry import Invitation, SecondFactor
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import Actor
from unionhall.organisations.accounts import Account, PostAsked, PostHeld
from unionhall.organisations.roles import ROLES, holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import account_forms, columns
from unionhall.web.desk.account_forms import ASKED_MOVES, MOVES, POST_MOVES, find, find_asked, find_post
from unionhall.web.desk.columns import Column
from unionhall.web.desk.detail import Detail, Event, Fact, State, Table, render_detail
from unionhall.web.desk.filters import Choice, Option, PlaceFilter, Scope
from unionhall.web.desk.filters import Days as DaysFilter
from unionhall.web.desk.finding import ByPrefix, ByText
from unionhall.web.desk.register import Add, Register
from unionhall.web.desk.todo import Waiting

ASKED = {"asked": _("待批准"), "granted": _("已批准"), "declined": _("未同意"), "taken_back": _("已撤回")}
TONES = {"asked": "wait", "granted": "ok", "declined": "bad", "taken_back": "off"}

LETS_IN: Mapping[Any, Any] = {True: _("可登录"), False: _("已停用")}

HAPPENED = {
    "account.open": _("开设账号"), "account.rename": _("更正姓名"), "account.close": _("停用账号"), "account.reopen": _("恢复账号"),
    "account.invited": _("发出邀请"), "account.unlocked": _("解除锁定"), "account.password": _("设置密码"),
    "account.second_factor": _("绑定验证器"), "account.factor_reset": _("重置验证器"), "account.recovery_codes": _("换了恢复码"),
    "account.recovered": _("用恢复码进入"), "post.ask": _("提出任命"), "post.granted": _("批准任命"),
    "post.declined": _("没有同意任命"), "post.taken_back": _("撤回任命申请"), "post.give": _("任命"), "post.end": _("免去岗位"),
}  # fmt: skip
"""Acts about an account and its posts, in words."""


def _held() -> Any:
    return PostHeld.objects.on(timezone.localdate())


class PostFilter:
    """Accounts that hold a post of one of these roles today."""

    name = "role"
    title: Any = _("岗位")
    kind = "choice"

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        return [Option(role, _t(title), role in chosen) for role, title in ROLES.items()]

    def valid(self, values: Sequence[str]) -> list[str]:
        return [value for value in dict.fromkeys(values) if value in ROLES]

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        return rows.filter(Exists(_held().filter(account=OuterRef("pk"), role__in=values)))


class AtFilter(PlaceFilter):
    """Accounts that hold a post at or below these places today."""

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        return rows.filter(Exists(_held().at(*values).filter(account=OuterRef("pk"))))


class OpenFilter:
    """Accounts that let in (what the list shows unless asked), those that are closed, those without a post, or all."""

    name = "state"
    title: Any = _("状态")
    kind = "one"
    words = {"": _("可登录"), "bare": _("没有岗位"), "closed": _("已停用"), "all": _("全部")}

    def options(self, scope: Scope, chosen: Sequence[str]) -> list[Option]:
        now = chosen[0] if chosen else ""
        return [Option(key, str(title), key == now) for key, title in self.words.items()]

    def valid(self, values: Sequence[str]) -> list[str]:
        return [value for value in values[-1:] if value and value in self.words]

    def narrow(self, rows: Any, values: Sequence[str]) -> Any:
        value = values[0] if values else ""
        if value == "bare":
            return rows.filter(~Exists(_held().filter(account=OuterRef("pk"))), is_active=True)
        return rows if value == "all" else rows.filter(is_active=value != "closed")


def _beside(rows: Sequence[Account]) -> Mapping[int, str]:
    """Account -> "街道总工会 · 柳荫街道": the posts it holds today."""
    posts = list(_held().filter(account__in=[row.pk for row in rows]).order_by("since"))
    names = columns.place_names(post.path for post in posts)
    found: dict[int, list[str]] = {}
    for post in posts:
        found.setdefault(post.account_id, []).append(_post(post.role, names.get(post.path, "")))
    return {number: "、".join(said) for number, said in found.items()}


def _post(role: str, where: str) -> str:
    return f"{_t(ROLES.get(role, role))}（{where}）" if where else _t(ROLES.get(role, role))


register = Register(
    key="accounts", title=_("账号与岗位"), model=Account, right="accounts.see", icon="key", unit=_("个"), placed="",
    rows=lambda actor: Account.objects.visible_to(actor),
    columns=(
        Column("name", _("姓名"), link=True),
        Column("username", _("账号")),
        Column("beside", _("岗位")),
        Column("is_active", _("状态"), show="state", words=LETS_IN, tones={True: "ok", False: "off"}, phone="end"),
        Column("last_login", _("最近登录"), show="moment", phone=""),
        Column("created_at", _("开设"), show="moment", phone="", chosen=False),
    ),
    search=(ByText("name"), ByPrefix("username", str.lower)), search_hint=_("姓名或账号"),
    filters=(OpenFilter(), PostFilter(), AtFilter()),
    default_sort="username", sorts=("name", "username", "last_login", "created_at"), beside=_beside, detail="desk-account",
    add=Add(_("开设账号"), "desk-account-new", "accounts.change"),
    views=((_("没有岗位的账号"), "state=bare"), (_("已停用"), "state=closed")),
)  # fmt: skip

asked_register = Register(
    key="post-requests", title=_("任命申请"), model=PostAsked, right="posts.approve", icon="user-check", unit=_("件"),
    rows=lambda actor: PostAsked.objects.visible_to(actor),
    columns=(
        Column("account__name", _("姓名"), link=True),
        Column("role", _("岗位"), words=ROLES),
        Column("path", _("地方"), show="place"),
        Column("state", _("状态"), show="state", words=ASKED, tones=TONES, phone="end"),
        Column("since", _("起"), show="day", phone=""),
        Column("asked_at", _("提出"), show="moment", phone=""),
        Column("reason", _("理由"), phone=""),
    ),
    filters=(Choice("state", ASKED, _("状态")), Choice("role", ROLES, _("岗位")), DaysFilter("since", _("起"))),
    default_sort="-asked_at", sorts=("asked_at", "since"), related=("account",), detail="desk-post-request",
    views=((_("待批准"), "state=asked"),),
)  # fmt: skip


@gate.right("accounts.see")
@never_cache
@require_safe
def account(request: HttpRequest, number: int) -> HttpResponse:
    """One account: how it comes in, the posts it holds and held, what was done about it."""
    by = actor_of(request)
    row = find(by, number)
    posts = list(PostHeld.objects.filter(account=number).order_by("-since", "-pk"))
    detail = Detail(
        title=row.name, number=row.username,
        state=State(_("可登录"), "ok") if row.is_active else State(_("已停用"), "off"),
        facts=_facts(row), steps=MOVES.steps(row, by), timeline=_happened(row, posts),
        related=(_posts(posts, by), *_asked(row)), facts_title=_("账号"),
    )  # fmt: skip
    return render_detail(request, detail, register=register, row=row)


def _facts(row: Account) -> list[Fact]:
    factor = SecondFactor.objects.filter(account=row.pk).exclude(confirmed_at=None).exists()
    invited = (
        Invitation.objects.filter(account=row.pk, used_at=None, until__gt=timezone.now()).order_by("-until").first()
    )
    login = f"{timezone.localtime(row.last_login):%Y-%m-%d %H:%M}" if row.last_login else _t("还没有登录过")
    return [
        Fact(_("账号"), row.username),
        Fact(_("最近登录"), login),
        Fact(_("密码"), _t("已设置") if row.has_usable_password() else _t("还没有设置")),
        Fact(_("验证器"), _t("已绑定") if factor else _t("没有绑定")),
        *([Fact(_("邀请有效至"), f"{timezone.localtime(invited.until):%Y-%m-%d %H:%M}")] if invited else []),
        Fact(_("开设"), f"{timezone.localtime(row.created_at):%Y-%m-%d}"),
    ]


def _posts(posts: Sequence[PostHeld], by: Actor) -> Table:
    names = columns.place_names(post.path for post in posts)
    today = timezone.localdate()
    rows = []
    for post in posts:
        held = post.until is None or post.until > today
        may = held and by.reaches(post.path, *holders("posts.change"))
        way = (_t("免去"), reverse("desk-post-end", args=[post.pk])) if may else ""
        rows.append((_t(ROLES.get(post.role, post.role)), names.get(post.path, ""), post.since.isoformat(),
                     post.until.isoformat() if post.until else "", way))  # fmt: skip
    return Table(
        _("岗位"),
        (_("岗位"), _("地方"), _("起"), _("止"), _("办理")),
        rows,
        empty=_("没有岗位，登录后看不到任何数据。"),
    )


def _asked(row: Account) -> tuple[Table, ...]:
    waiting = list(PostAsked.objects.filter(account=row.pk, state="asked").order_by("asked_at"))
    if not waiting:
        return ()
    names = columns.place_names(one.path for one in waiting)
    rows = [
        ((_t(ROLES.get(one.role, one.role)), reverse("desk-post-request", args=[one.pk])), names.get(one.path, ""),
         one.since.isoformat(), one.reason)
        for one in waiting
    ]  # fmt: skip
    return (Table(_("等待批准的任命"), (_("岗位"), _("地方"), _("起"), _("理由")), rows),)


def _happened(row: Account, posts: Sequence[PostHeld]) -> list[Event]:
    """What was done about the account, by whom, newest first: from the audit, for the account itself keeps no history."""
    subjects = [f"account:{row.pk}", *(f"postheld:{post.pk}" for post in posts)]
    entries = list(AuditEntry.objects.filter(subject__in=subjects, act__in=HAPPENED).order_by("-pk")[:100])
    who = dict(Account.objects.filter(pk__in={one.account for one in entries if one.account}).values_list("pk", "name"))
    return [
        Event(timezone.localtime(one.at), who.get(one.account or 0, _t("系统")), _said(one.act, one.note))
        for one in entries
    ]


def _said(act: str, note: str) -> str:
    title = str(HAPPENED[act])
    return f"{title}（{_t(ROLES[note])}）" if note in ROLES else title


@gate.right("posts.approve", "accounts.see", "posts.change")
@never_cache
@require_safe
def post_request(request: HttpRequest, number: int) -> HttpResponse:
    """A post somebody asked for, to be decided on by another."""
    by = actor_of(request)
    row = find_asked(by, number)
    names = dict(
        Account.objects.filter(pk__in=[one for one in (row.asked_by, row.decided_by) if one]).values_list("pk", "name")
    )
    href = reverse("desk-account", args=[row.account_id]) if by.holds(*holders("accounts.see")) else ""
    facts = [
        Fact(_("姓名"), row.account.name, href=href), Fact(_("账号"), row.account.username),
        Fact(_("岗位"), _t(ROLES.get(row.role, row.role))), Fact(_("地方"), columns.place_names([row.path]).get(row.path, "")),
        Fact(_("起"), row.since.isoformat()), Fact(_("止"), row.until.isoformat() if row.until else ""),
        Fact(_("理由"), row.reason), Fact(_("提出人"), names.get(row.asked_by or 0, "")),
        Fact(_("决定人"), names.get(row.decided_by or 0, "")), Fact(_("不同意的理由"), row.decided_because),
    ]  # fmt: skip
    detail = Detail(
        title=_t(ROLES.get(row.role, row.role)), state=State(ASKED[row.state], TONES[row.state]), facts=facts,
        steps=ASKED_MOVES.steps(row, by), crumbs=((asked_register.title, reverse("desk-post-requests")),)
        if by.holds(*holders("posts.approve")) else (),
    )  # fmt: skip
    return render_detail(request, detail)


@gate.right("accounts.see")
@never_cache
@require_safe
def post(request: HttpRequest, number: int) -> HttpResponse:
    """One post of an account."""
    by = actor_of(request)
    row = find_post(by, number)
    home = reverse("desk-account", args=[row.account_id])
    held = row.until is None or row.until > timezone.localdate()
    detail = Detail(
        title=f"{row.account.name} · {_t(ROLES.get(row.role, row.role))}",
        state=State(_("在任"), "ok") if held else State(_("已免去"), "off"),
        facts=[
            Fact(_("账号"), row.account.username, href=home), Fact(_("地方"), columns.place_names([row.path]).get(row.path, "")),
            Fact(_("起"), row.since.isoformat()), Fact(_("止"), row.until.isoformat() if row.until else ""),
        ],
        steps=POST_MOVES.steps(row, by), crumbs=((register.title, reverse("desk-accounts")), (row.account.name, home)),
    )  # fmt: skip
    return render_detail(request, detail)


def _to_decide(by: Actor) -> int:
    waiting = PostAsked.objects.at(*by.paths(*holders("posts.approve"))).filter(state="asked")
    return waiting.exclude(Q(asked_by=by.account) | Q(account=by.account)).count()


WAITING = (
    Waiting(
        _("任命等您批准"),
        _("件"),
        "posts.approve",
        _to_decide,
        lambda by: f"{reverse('desk-post-requests')}?state=asked",
    ),
)

urlpatterns = [
    path("desk/accounts/new/", account_forms.open_an_account, name="desk-account-new"),
    path("desk/accounts/<int:number>/", account, name="desk-account"),
    path("desk/accounts/<int:number>/invite/", account_forms.invite, name="desk-account-invite"),
    path("desk/post-requests/<int:number>/", post_request, name="desk-post-request"),
    path("desk/posts/<int:number>/", post, name="desk-post"),
    *MOVES.addresses(),
    *POST_MOVES.addresses(),
    *ASKED_MOVES.addresses(),
]
