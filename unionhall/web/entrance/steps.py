"""The way in, step by step. Nobody is signed in before the last one, so no page of the house has to know of the others.

Staff: password · device, or setting one up · its recovery codes kept · a new password where the old one is too old · in.
What was proved so far stands in the session, on the server, for fifteen minutes.
"""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from unionhall.access import standing
from unionhall.access.actions import second, sessions
from unionhall.kernel.actor import Actor
from unionhall.organisations.models import Account
from unionhall.organisations.roles import COUNSELLOR, LAWYER, MERCHANT, SCORER
from unionhall.web import browsers, errors
from unionhall.web.sessions import ADDRESS, DEVICE, WORKER
from unionhall.web.sudo import proved
from unionhall.web.trace import trace_of

KEY = "entering"
GOOD_FOR = timedelta(minutes=15)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Entering:
    """How far somebody has come: whose password was given and when, whether the device was proved, and where they want to go."""

    account: int
    at: float
    onward: str
    second: bool = False
    how: str = "password"


def begin(request: HttpRequest, account: Account, onward: str) -> HttpResponse:
    """The first step is done. Whatever this browser's session held before is gone."""
    request.session.flush()
    keep(request, Entering(account.pk, timezone.now().timestamp(), onward))
    return go_on(request)


def keep(request: HttpRequest, entering: Entering) -> None:
    request.session[KEY] = asdict(entering)


def entering(request: HttpRequest) -> tuple[Entering, Account] | None:
    """How far this browser has come, and as whom; None when it has not begun, or began too long ago."""
    held = request.session.get(KEY)
    if not held:
        return None
    found = Entering(**held)
    account = Account.objects.filter(pk=found.account, is_active=True).first()
    if account is None or timezone.now().timestamp() - found.at >= GOOD_FOR.total_seconds():
        return None
    return found, account


def go_on(request: HttpRequest) -> HttpResponse:
    """To the next step, or in."""
    held = entering(request)
    if held is None:
        return redirect("sign-in")
    state, account = held
    factor = standing.device(account.pk)
    if factor is not None and not state.second:
        return redirect("sign-in-code")
    if factor is None and standing.needs_device():
        second.begin(account.pk, by=as_owner(request, account), now=timezone.now())
        return redirect("sign-in-enrol")
    if factor is not None and factor.unseen is not None:
        return redirect("sign-in-recovery")
    if standing.too_old(account, timezone.now()):
        return redirect("sign-in-password")
    if factor is None:
        messages.warning(request, _("这个账号只用密码登录。请点自己的名字，在“我的登录”里绑定验证器，多一道保护。"))
    return let_in(request, account, how=state.how, onward=state.onward)


def let_in(request: HttpRequest, account: Account, *, how: str, onward: str, person: int | None = None) -> HttpResponse:
    """Signed in: under a new key, with what is known of the browser."""
    request.session.pop(KEY, None)
    request.session[DEVICE] = browsers.device(request)
    request.session[ADDRESS] = browsers.masked(browsers.address_of(request))
    # The cookie of a shared office computer goes with the browser's window; a worker's stays on their telephone.
    request.session.set_expiry(0 if person is None else int(WORKER.most.total_seconds()))
    login(request, account, BACKEND)
    proved(request)
    by = replace(account.actor(timezone.localdate()), person=person, trace=trace_of(request))
    sessions.came_in(account.pk, by=by, how=how)
    return redirect(onward or home(by))


def stay(request: HttpRequest, account: int) -> None:
    """Still signed in, under a new key, after one's own password changed."""
    update_session_auth_hash(request, Account.objects.get(pk=account))


def home(actor: Actor) -> str:
    """Where one goes who wanted nothing in particular: a worker to their own page, a merchant to the
    counter, a leader to the board, staff to the desk.
    """
    if actor.person is not None:
        return resolve_url("me")
    if stands_at_a_counter(actor):
        return resolve_url("shop")
    if is_a_counsellor(actor):
        return resolve_url("counsel")
    if is_a_judge(actor):
        return resolve_url("judge")
    if is_a_lawyer(actor):
        return resolve_url("lawyer")
    return resolve_url("board" if actor.holds("leader") else settings.LOGIN_REDIRECT_URL)


def stands_at_a_counter(actor: Actor) -> bool:
    """A merchant's account that is nothing else: its pages are the counter's."""
    return actor.person is None and {post.role for post in actor.posts} == {MERCHANT}


def is_a_counsellor(actor: Actor) -> bool:
    """A counsellor's account that is nothing else: its pages are the counsellor's."""
    return actor.person is None and {post.role for post in actor.posts} == {COUNSELLOR}


def is_a_judge(actor: Actor) -> bool:
    """A judge's account that is nothing else: its pages are the judge's."""
    return actor.person is None and {post.role for post in actor.posts} == {SCORER}


def is_a_lawyer(actor: Actor) -> bool:
    """A lawyer's account that is nothing else: its pages are its matters and its duties."""
    return actor.person is None and {post.role for post in actor.posts} == {LAWYER}


def onward(request: HttpRequest) -> str:
    """Where the address says to go on to, if it is in this house; empty otherwise."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else ""


def as_owner(request: HttpRequest, account: Account) -> Actor:
    """The account itself, before it is in: it holds no post yet."""
    return Actor(account.pk, account.name, trace=trace_of(request))


def wait(request: HttpRequest, seconds: int) -> HttpResponse:
    """Tried too often: how long it takes. The same words whether there is such an account or not."""
    told = _("试的次数太多，为了安全先停一停。请过 %(minutes)d 分钟再试。") % {"minutes": -(-seconds // 60)}
    if seconds > 2 * 3600:
        told = _("试的次数太多，为了安全先停一停。请过 %(hours)d 小时再试。") % {"hours": -(-seconds // 3600)}
    return errors.too_often(request, seconds, what=told)
