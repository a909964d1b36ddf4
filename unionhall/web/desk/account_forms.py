"""Forms for one account and for one post: opened and invited, renamed, closed; given posts, decided on, relieved of them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.access import account_moves
from unionhall.access.actions import passwords, second
from unionhall.access.entry import SecondFactor
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations import places
from unionhall.organisations.accounts import Account, PostAsked, PostHeld
from unionhall.organisations.actions import account_life, appointments
from unionhall.organisations.actions.posts import PostRow
from unionhall.organisations.roles import ROLES, holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.detail import Step
from unionhall.web.desk.forms import DeskForm, Done, Drawn, problems
from unionhall.web.desk.moves import Move, Moves, RowForm
from unionhall.web.desk.pickers import PlaceField
from unionhall.web.desk.standing_words import titles
from unionhall.web.desk.undo import Inverse, TakeBack
from unionhall.web.refusals import in_words
from unionhall.web.sudo import sudo

KEEP, GIVE, DECIDE = "accounts.change", "posts.change", "posts.approve"


def find(actor: Actor, number: int) -> Account:
    """The account, when the actor may see it; accounts belong to the district as a whole."""
    row = Account.objects.visible_to(actor).filter(pk=number).first()
    if row is None:
        raise Http404(f"account {number}")
    row.path = places.top()
    found: Account = row
    return found


def find_post(actor: Actor, number: int) -> PostHeld:
    """The post, when the actor may see its account."""
    mine = Account.objects.visible_to(actor).values("pk")
    row = PostHeld.objects.filter(account__in=mine, pk=number).select_related("account").first()
    if row is None:
        raise Http404(f"post {number}")
    found: PostHeld = row
    return found


def find_asked(actor: Actor, number: int) -> PostAsked:
    """The request, for who decides on it, sees the accounts, or made it."""
    row = PostAsked.objects.visible_to(actor).select_related("account").filter(pk=number).first()
    if row is None:
        raise Http404(f"request {number}")
    found: PostAsked = row
    return found


class OpenForm(DeskForm):
    name = forms.CharField(label=_("姓名"), max_length=64)
    username = forms.CharField(
        label=_("账号"), max_length=32, help_text=_("小写字母开头，可用数字、点和横线，例如 zhang-wei")
    )


class NameForm(RowForm):
    name = forms.CharField(label=_("姓名"), max_length=64)


class AppointForm(RowForm):
    role = forms.ChoiceField(label=_("岗位"), choices=[("", _("请选择")), *titles(ROLES)])
    path = PlaceField(right=GIVE, label=_("管到哪个地方"), help_text=_("岗位管这个地方和它下面所有的地方"))
    since = forms.DateField(label=_("起始日期"), initial=timezone.localdate)
    until = forms.DateField(label=_("终止日期"), required=False, help_text=_("从这一天起不再担任；没有定的不填"))
    reason = forms.CharField(
        label=_("理由"), max_length=100, required=False, help_text=_("管全区数据的岗位要另一位同事批准，必须写")
    )


class EndForm(RowForm):
    on = forms.DateField(
        label=_("终止日期"), initial=timezone.localdate, help_text=_("从这一天起不再担任；填今天，下一次点击就不再有效")
    )


class DeclineForm(RowForm):
    reason = forms.CharField(label=_("理由"), max_length=100, required=False)


def _rename(row: Account, by: Actor, said: Mapping[str, Any]) -> Done:
    account_life.correct_name(row.pk, said["name"], by=by)
    return Done(_t("姓名已更正。"))


def _close(row: Account, by: Actor, said: Mapping[str, Any]) -> Done:
    account_moves.close_account(row.pk, by=by)
    return Done(_t("账号已停用。"), undo=Inverse("account.close", {"account": row.pk}))


def _reopen(row: Account, by: Actor, said: Mapping[str, Any]) -> Done:
    account_life.reopen_account(row.pk, by=by)
    return Done(_t("账号已恢复。"))


def _unlock(row: Account, by: Actor, said: Mapping[str, Any]) -> Done:
    passwords.unlock(row.pk, by=by)
    return Done(_t("已解除锁定，可以再试密码。"))


def _reset(row: Account, by: Actor, said: Mapping[str, Any]) -> Done:
    second.reset(row.pk, by=by)
    return Done(_t("验证器已重置，下次登录时重新绑定。"))


def _appoint(row: Account, by: Actor, said: Mapping[str, Any]) -> Done:
    stated = PostRow(row.pk, said["role"], said["path"], said["since"], said["until"])
    post = appointments.appoint(stated, said["reason"], by=by)
    return Done(_t("已任命。") if post is not None else _t("已提出，等另一位同事批准。"))


def _end(row: PostHeld, by: Actor, said: Mapping[str, Any]) -> Done:
    appointments.remove_post(row.pk, on=said["on"], by=by)
    return Done(_t("岗位已免去。"), then=reverse("desk-account", args=[row.account_id]))


def _grant(row: PostAsked, by: Actor, said: Mapping[str, Any]) -> Done:
    appointments.grant_asked(row.pk, by=by)
    return Done(_t("已批准，岗位生效。"))


def _decline(row: PostAsked, by: Actor, said: Mapping[str, Any]) -> Done:
    appointments.decline_asked(row.pk, said["reason"], by=by)
    return Done(_t("已退回。"))


def _closed(row: Account, by: Actor) -> str:
    return "" if row.is_active else _t("账号已经停用。")


def _open(row: Account, by: Actor) -> str:
    return _t("账号没有停用。") if row.is_active else ""


def _mine(row: Account, by: Actor) -> str:
    return _closed(row, by) or (_t("不能给自己办，请由另一位同事办理。") if row.pk == by.account else "")


def _no_factor(row: Account, by: Actor) -> str:
    bound = SecondFactor.objects.filter(account=row.pk).exists()
    return _mine(row, by) or ("" if bound else _t("没有绑定验证器。"))


def _over(row: PostHeld, by: Actor) -> str:
    return _t("岗位已经免去。") if row.until is not None and row.until <= timezone.localdate() else ""


def _decided(row: PostAsked, by: Actor) -> str:
    return _t("这项申请已经办过了。") if row.state != "asked" else ""


def _not_another(row: PostAsked, by: Actor) -> str:
    if row.asked_by == by.account or row.account_id == by.account:
        return _decided(row, by) or _t("自己提出的、给自己的岗位，由另一位同事批准。")
    return _decided(row, by)


def _who(row: Account) -> tuple[tuple[Any, Any], ...]:
    return ((_("姓名"), row.name), (_("账号"), row.username))


def _which(row: Any) -> tuple[tuple[Any, Any], ...]:
    name = _t(ROLES.get(row.role, row.role))
    return (
        (_("姓名"), row.account.name),
        (_("账号"), row.account.username),
        (_("岗位"), name),
        (_("起"), row.since.isoformat()),
    )


class AccountMoves(Moves):
    """Besides the moves that are forms: the invitation, whose page shows a word once and redirects nowhere."""

    def steps(self, row: Account, by: Actor) -> list[Step]:
        found = super().steps(row, by)
        if any(step.key == "rename" for step in found):
            why = _closed(row, by)
            href = reverse("desk-account-invite", args=[row.pk])
            found.insert(1, Step("invite", _("发邀请"), not why, why, href, icon="send"))
        return found


MOVES = AccountMoves("account", "desk/accounts/", _("账号与岗位"), find, (
    Move(key="appoint", title=_("安排岗位"), right=GIVE, form=AppointForm, act=_appoint, why_not=_mine, icon="user-plus", facts=_who,
         wrap=sudo, intro=_("管全区数据的岗位和系统管理、安全审计岗位，要由另一位同事批准后才生效。"), button=_("提交")),
    Move(key="rename", title=_("更正姓名"), right=KEEP, form=NameForm, act=_rename, why_not=_closed,
         initial=lambda row: {"name": row.name}),
    Move(key="unlock", title=_("解除锁定"), right=KEEP, act=_unlock, why_not=_closed, icon="lock", facts=_who,
         intro=_("密码或验证码连错几次会锁 15 分钟；这里可以提前解除。")),
    Move(key="reset", title=_("重置验证器"), right=KEEP, act=_reset, why_not=_no_factor, icon="refresh", facts=_who, wrap=sudo,
         danger=True, intro=_("手机丢了或换了才重置。重置后已登录的地方全部退出，本人下次登录重新绑定。")),
    Move(key="close", title=_("停用账号"), right=KEEP, act=_close, why_not=_mine, icon="user-x", facts=_who, wrap=sudo,
         danger=True, button=_("停用"), intro=_("停用后立即不能登录，已登录的也退出。记录和岗位都保留。")),
    Move(key="reopen", title=_("恢复账号"), right=KEEP, act=_reopen, why_not=_open, icon="user-check", facts=_who, wrap=sudo),
), "desk-accounts")  # fmt: skip

POST_MOVES = Moves("post", "desk/posts/", _("账号与岗位"), find_post, (
    Move(key="end", title=_("免去岗位"), right=GIVE, form=EndForm, act=_end, why_not=_over, icon="user-minus", danger=True,
         facts=_which, button=_("免去")),
), "desk-accounts", lambda row: row.account.name)  # fmt: skip

ASKED_MOVES = Moves("post-request", "desk/post-requests/", _("任命申请"), find_asked, (
    Move(key="grant", title=_("批准"), right=DECIDE, act=_grant, why_not=_not_another, icon="check", facts=_which, wrap=sudo,
         intro=_("批准后这个账号就能看到这个地方全部的数据。请确认是本人、确需这个岗位。")),
    Move(key="decline", title=_("不同意或撤回"), right=DECIDE, form=DeclineForm, act=_decline, why_not=_decided, icon="x",
         facts=_which),
), "desk-post-requests", lambda row: row.account.name)  # fmt: skip


@gate.right(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sudo
def open_an_account(request: HttpRequest) -> HttpResponse:
    """Open an account; what comes back is the page with its invitation, shown this once."""
    drawn = Drawn(_("开设账号"), button=_("开设并发邀请"), icon="user-plus", crumbs=((_("账号与岗位"), reverse("desk-accounts")),),
                  intro=_("账号开好后得到一条邀请链接，交给本人自己设密码。开设账号的人不能给它安排岗位，岗位由组织部门安排。"))  # fmt: skip
    form = OpenForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            number, word = account_moves.open_and_invite(
                said["username"], said["name"], by=actor_of(request), now=timezone.now()
            )
            return _invited(request, number, word)
        except Refused as refused:
            form.add_error(refused.code if refused.code in form.fields else None, in_words(refused))
    context = {"form": form, "drawn": drawn, "back": reverse("desk-accounts"), "problems": problems(form)}
    return render(request, "web/desk/form.html", context, status=422 if request.method == "POST" else 200)


@gate.right(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sudo
def invite(request: HttpRequest, number: int) -> HttpResponse:
    """Ask first, then make a new invitation: the ones before it count no more."""
    by = actor_of(request)
    row = find(by, number)
    by.must_reach(places.top(), *holders(KEEP))
    if request.method == "POST":
        with transaction.atomic():
            word = passwords.invite(number, by=by, now=timezone.now())
        return _invited(request, number, word)
    here = reverse("desk-account", args=[number])
    drawn = Drawn(_("发邀请"), button=_("生成邀请链接"), icon="send", facts=_who(row), crumbs=((row.name, here),),
                  intro=_("本人用链接自己设密码，三天内有效，用过一次就失效；以前发的链接随即作废。"))  # fmt: skip
    return render(
        request, "web/desk/form.html", {"form": DeskForm(actor=by), "drawn": drawn, "back": here, "problems": []}
    )


def _invited(request: HttpRequest, number: int, word: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("sign-in-invitation", args=[word]))
    context = {"account": find(actor_of(request), number), "link": link, "back": reverse("desk-account", args=[number])}
    return render(request, "web/desk/standing/invited.html", context)


def _undo_close(by: Actor, kept: Mapping[str, Any]) -> str:
    account_life.reopen_account(kept["account"], by=by)
    return reverse("desk-account", args=[kept["account"]])


INVERSES: Mapping[str, TakeBack] = {"account.close": _undo_close}
