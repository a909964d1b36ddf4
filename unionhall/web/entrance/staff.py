"""Staff come in: name and password, device, recovery codes; and out."""

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from unionhall.access import standing
from unionhall.access.actions import passwords, second, sessions
from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Account
from unionhall.web import browsers, gate
from unionhall.web.acting import actor_of, visitor
from unionhall.web.entrance import demonstration, steps
from unionhall.web.entrance.forms import (
    AgainForm,
    CodeForm,
    DoorForm,
    KeptForm,
    NewPasswordForm,
    RecoveryForm,
    SignInForm,
)
from unionhall.web.entrance.pictures import enrolment
from unionhall.web.entrance.showing import given, show
from unionhall.web.refusals import in_words
from unionhall.web.sudo import proved

INVITED = "invited"
"""In the session: the invitation whose link was opened, so that its word leaves the address bar."""


@gate.public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """A name and its password."""
    if request.user.is_authenticated and request.method != "POST":
        return redirect(steps.onward(request) or steps.home(actor_of(request)))
    if steps.onward(request).startswith(reverse("me")) and request.method != "POST":
        return redirect(f"{reverse('sign-in-worker')}?{urlencode({'next': steps.onward(request)})}")
    form = SignInForm(given(request))
    if request.method == "POST" and form.is_valid():
        proof = passwords.prove_password(
            form.cleaned_data["username"], form.cleaned_data["password"], browsers.address_of(request),
            by=visitor(request), now=timezone.now(),
        )  # fmt: skip
        if proof.wait:
            return steps.wait(request, proof.wait)
        if proof.account is not None:
            return steps.begin(request, proof.account, steps.onward(request))
        form.add_error(None, _("用户名或密码不对。请核对后再试，注意大小写。"))
    return show(
        request, "web/sign_in.html", form, next=steps.onward(request), demo_accounts=demonstration.accounts(),
    )  # fmt: skip


@gate.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the device, or a recovery code in its place."""
    held = steps.entering(request)
    if held is None:
        return redirect("sign-in")
    state, account = held
    if standing.device(account.pk) is None or state.second:
        return steps.go_on(request)
    recovery = "recovery" in request.GET
    form: DoorForm = (RecoveryForm if recovery else CodeForm)(given(request))
    if request.method == "POST" and form.is_valid():
        proof = second.prove(
            account.pk, form.cleaned_data["code"], by=steps.as_owner(request, account), now=timezone.now()
        )
        if proof.wait:
            return steps.wait(request, proof.wait)
        if proof.right:
            state.second, state.how = True, "recovery" if proof.recovery else "second"
            steps.keep(request, state)
            return steps.go_on(request)
        form.add_error(
            None,
            _("恢复码不对，或者已经用过。")
            if recovery
            else _("验证码不对，或者已经用过。请看手机上现在显示的 6 位数。"),
        )
    return show(request, "web/sign_in_code.html", form, recovery=recovery, name=account.username)


@gate.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """The first time: set up a device, and prove with a code that it was done."""
    held = steps.entering(request)
    if held is None:
        return redirect("sign-in")
    state, account = held
    by = steps.as_owner(request, account)
    seed = second.seed_to_show(account.pk, by=by, now=timezone.now())
    if standing.device(account.pk) is not None or seed is None:
        return steps.go_on(request)
    form = CodeForm(given(request))
    if request.method == "POST" and form.is_valid():
        proof = second.confirm(account.pk, form.cleaned_data["code"], by=by, now=timezone.now())
        if proof.wait:
            return steps.wait(request, proof.wait)
        if proof.right:
            state.second, state.how = True, "second"
            steps.keep(request, state)
            return steps.go_on(request)
        form.add_error(None, _("验证码不对。请看手机上现在显示的 6 位数，并核对手机的时间。"))
    return show(request, "web/sign_in_enrol.html", form, **enrolment(account, seed))


@gate.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """Ten recovery codes, shown until their owner says they are kept."""
    held = steps.entering(request)
    if held is None:
        return redirect("sign-in")
    state, account = held
    by = steps.as_owner(request, account)
    codes = second.codes_to_show(account.pk, by=by) if state.second else []
    if not codes:
        return steps.go_on(request)
    form = KeptForm(given(request))
    if request.method == "POST" and form.is_valid():
        second.codes_kept(account.pk, by=by)
        return steps.go_on(request)
    return show(request, "web/sign_in_recovery.html", form, codes=codes, name=account.username)


@gate.public
@never_cache
@sensitive_post_parameters("password", "repeated")
@require_http_methods(["GET", "HEAD", "POST"])
def renew_password(request: HttpRequest) -> HttpResponse:
    """A password that is too old is changed before anything else; after the device was proved, where there is one."""
    held = steps.entering(request)
    if held is None:
        return redirect("sign-in")
    state, account = held
    proved_all = state.second or (standing.device(account.pk) is None and not standing.needs_device())
    if not proved_all or not standing.too_old(account, timezone.now()):
        return steps.go_on(request)
    form = NewPasswordForm(given(request))
    if request.method == "POST" and form.is_valid() and _chosen(request, account, form):
        return steps.go_on(request)
    return show(request, "web/sign_in_password.html", form, because="old", name=account.username)


@gate.public
@never_cache
def open_invitation(request: HttpRequest, word: str) -> HttpResponse:
    """The link of an invitation: remembered, and out of the address bar."""
    found = standing.invitation(word, timezone.now())
    request.session.flush()
    if found is not None:
        request.session[INVITED] = found.pk
    return redirect("sign-in-invited")


@gate.public
@never_cache
@sensitive_post_parameters("password", "repeated")
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest) -> HttpResponse:
    """Whoever opened an invitation's link chooses the password of its account, and comes in with it."""
    found = standing.invitation_numbered(request.session.get(INVITED), timezone.now())
    if found is None:
        return render(request, "web/sign_in_over.html", status=410)
    form = NewPasswordForm(given(request))
    if request.method == "POST" and form.is_valid():
        try:
            account = passwords.accept_invitation(
                found.pk, form.cleaned_data["password"], by=visitor(request), now=timezone.now()
            )
        except Refused as refused:
            form.add_error("password", in_words(refused))
        else:
            return steps.begin(request, account, "")
    return show(request, "web/sign_in_password.html", form, because="invited", name=found.account.username)


@gate.signed_in
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """The password once more, before something that asks for it; a worker asks for a code once more."""
    onward = steps.onward(request)
    by = actor_of(request)
    if by.person is not None:
        return redirect(f"{reverse('sign-in-worker')}?{urlencode({'again': 1, 'next': onward})}")
    account = Account.objects.get(pk=by.account)
    form = AgainForm(given(request))
    if request.method == "POST" and form.is_valid():
        proof = passwords.prove_password(
            account.username, form.cleaned_data["password"], browsers.address_of(request), by=by, now=timezone.now()
        )
        if proof.wait:
            return steps.wait(request, proof.wait)
        if proof.account is not None:
            request.session.cycle_key()
            proved(request)
            sessions.came_in(account.pk, by=by, how="again")
            return redirect(onward or steps.home(by))
        form.add_error(None, _("密码不对。请核对后再试，注意大小写。"))
    return show(request, "web/sign_in_again.html", form, next=onward, name=account.username)


@gate.public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """By POST only: a link or an image elsewhere signs nobody out."""
    with transaction.atomic():
        if request.user.is_authenticated:
            sessions.went_out(by=actor_of(request))
        logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def _chosen(request: HttpRequest, account: Account, form: DoorForm) -> bool:
    """The new password set, or the form told why not."""
    try:
        passwords.choose_password(
            account.pk, form.cleaned_data["password"], by=steps.as_owner(request, account), now=timezone.now()
        )
    except Refused as refused:
        form.add_error("password", in_words(refused))
        return False
    return True
