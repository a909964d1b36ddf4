"""My own way in: where I am signed in, my password, my device."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhall.access import passwords as rules
from unionhall.access import standing
from unionhall.access.actions import passwords, second, sessions
from unionhall.access.models import Session
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Account
from unionhall.web import browsers, gate
from unionhall.web.acting import actor_of
from unionhall.web.entrance import steps
from unionhall.web.entrance.forms import ChangePasswordForm, CodeForm, KeptForm
from unionhall.web.entrance.pictures import enrolment
from unionhall.web.entrance.showing import given, show
from unionhall.web.refusals import in_words
from unionhall.web.sessions import digest
from unionhall.web.sudo import sudo

View = Callable[..., HttpResponse]


def of_staff(view: View) -> View:
    """Workers have neither a password nor a device: what is theirs is on the page these steps start from."""

    @wraps(view)
    def led(request: HttpRequest) -> HttpResponse:
        return redirect("my-sign-in") if actor_of(request).person is not None else view(request)

    return led


@gate.signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Where I am signed in; for staff, the password and the device as well."""
    by = actor_of(request)
    here = digest(request.session.session_key or "")
    rows = list(Session.objects.visible_to(by).open(timezone.now()).order_by("-seen"))
    told = {"sessions": [(row, bytes(row.key) == here) for row in rows], "others": len(rows) > 1, "tab": "key"}
    if by.person is None and by.account is not None:
        factor = standing.device(by.account)
        told |= {
            "staff": True, "factor": factor, "codes_left": standing.codes_left(factor) if factor else 0,
            "needs_device": standing.needs_device(), "lasts": rules.profile().days,
        }  # fmt: skip
    return render(request, _frame_of(by), told)


def _frame_of(by: Actor) -> str:
    """The page within the pages of whoever looks at it."""
    if by.person is not None:
        return "web/portal/mine.html"
    if steps.stands_at_a_counter(by):
        return "web/shop/mine.html"
    if steps.is_a_judge(by):
        return "web/judge/mine.html"
    if steps.is_a_lawyer(by):
        return "web/lawyer/key.html"
    return "web/counsel/mine.html" if steps.is_a_counsellor(by) else "web/sign_in_mine.html"


@gate.signed_in
@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """Sign another browser of mine out."""
    try:
        sessions.end(number, by=actor_of(request))
    except Refused as refused:
        messages.warning(request, in_words(refused))
    else:
        messages.success(request, _("已退出那次登录。"))
    return redirect("my-sign-in")


@gate.signed_in
@require_POST
def end_all(request: HttpRequest) -> HttpResponse:
    """Sign every browser of mine out but this one."""
    by = actor_of(request)
    if by.account is not None:
        gone = sessions.end_all(by.account, by=by, because="everywhere", keep=digest(request.session.session_key or ""))
        messages.success(request, _("已退出其他 %(count)d 处登录。") % {"count": gone})
    return redirect("my-sign-in")


@gate.signed_in
@of_staff
@sensitive_post_parameters("old", "password", "repeated")
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """My password, changed by whoever knows the old one; every other browser of mine is signed out."""
    account = _account(request)
    form = ChangePasswordForm(given(request))
    if request.method == "POST" and form.is_valid():
        by, now = actor_of(request), timezone.now()
        old = passwords.prove_password(
            account.username, form.cleaned_data["old"], browsers.address_of(request), by=by, now=now
        )
        if old.wait:
            return steps.wait(request, old.wait)
        if old.account is None:
            form.add_error("old", _("现在的密码不对。请核对后再试，注意大小写。"))
        else:
            here = digest(request.session.session_key or "")
            try:
                passwords.choose_password(account.pk, form.cleaned_data["password"], by=by, now=now, keep=here)
            except Refused as refused:
                form.add_error("password", in_words(refused))
            else:
                steps.stay(request, account.pk)
                messages.success(request, _("密码已改，其他地方的登录都已退出。"))
                return redirect("my-sign-in")
    return show(request, "web/sign_in_change.html", form, name=account.username, rules=rules.profile())


@gate.signed_in
@of_staff
@require_POST
@sudo
def begin_device(request: HttpRequest) -> HttpResponse:
    """Set up a device, the first or one in place of another."""
    by = actor_of(request)
    second.begin(_account(request).pk, by=by, now=timezone.now())
    return redirect("my-device")


@gate.signed_in
@of_staff
@sudo
@require_http_methods(["GET", "HEAD", "POST"])
def device(request: HttpRequest) -> HttpResponse:
    """The device being set up, to be confirmed with a code of it."""
    account, by, now = _account(request), actor_of(request), timezone.now()
    seed = second.seed_to_show(account.pk, by=by, now=now)
    if seed is None:
        return redirect("my-sign-in")
    form = CodeForm(given(request))
    if request.method == "POST" and form.is_valid():
        proof = second.confirm(account.pk, form.cleaned_data["code"], by=by, now=now)
        if proof.wait:
            return steps.wait(request, proof.wait)
        if proof.right:
            return redirect("my-recovery-codes")
        form.add_error(None, _("验证码不对。请看手机上现在显示的 6 位数，并核对手机的时间。"))
    return show(request, "web/sign_in_enrol.html", form, mine=True, **enrolment(account, seed))


@gate.signed_in
@of_staff
@require_POST
@sudo
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes in place of the old."""
    second.renew_codes(_account(request).pk, by=actor_of(request))
    return redirect("my-recovery-codes")


@gate.signed_in
@of_staff
@sudo
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Recovery codes, shown until I say they are kept."""
    account, by = _account(request), actor_of(request)
    codes = second.codes_to_show(account.pk, by=by)
    if not codes:
        return redirect("my-sign-in")
    form = KeptForm(given(request))
    if request.method == "POST" and form.is_valid():
        second.codes_kept(account.pk, by=by)
        return redirect("my-sign-in")
    return show(request, "web/sign_in_recovery.html", form, mine=True, codes=codes, name=account.username)


def _account(request: HttpRequest) -> Account:
    return Account.objects.get(pk=actor_of(request).account)
