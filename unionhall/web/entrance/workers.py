"""Workers come in as themselves: mobile, code and, the first time, who they are."""

import secrets
from dataclasses import asdict, dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from unionhall.access.actions import codes
from unionhall.kernel.errors import Refused
from unionhall.messages.adapters import can_send
from unionhall.organisations.models import Account
from unionhall.web import browsers, gate
from unionhall.web.acting import actor_of, visitor
from unionhall.web.entrance import demonstration, steps
from unionhall.web.entrance.forms import CodeForm, MobileForm, WhoForm
from unionhall.web.entrance.showing import given, show
from unionhall.web.refusals import in_words

KEY = "mobile"


@dataclass
class Asking:
    """The code this browser asked for, the word that binds it to this browser, and whether it was right."""

    code: int
    binding: str
    at: int
    onward: str
    right: bool = False


@gate.public
@never_cache
@sensitive_post_parameters("mobile")
@require_http_methods(["GET", "HEAD", "POST"])
def mobile(request: HttpRequest) -> HttpResponse:
    """A mobile, to send a code to. Whether anybody here has it is not said."""
    if request.user.is_authenticated and request.method != "POST" and "again" not in request.GET:
        return redirect(steps.onward(request) or steps.home(actor_of(request)))
    form = MobileForm(given(request))
    open_ = settings.DEMO or can_send()
    if request.method == "POST" and open_ and form.is_valid():
        binding = secrets.token_urlsafe(24)
        try:
            asked = codes.ask(
                form.cleaned_data["mobile"],
                binding,
                browsers.address_of(request),
                by=visitor(request),
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error("mobile", in_words(refused))
        else:
            if asked.code is None:
                return steps.wait(request, asked.wait)
            request.session[KEY] = asdict(Asking(asked.code, binding, asked.at, steps.onward(request)))
            return redirect("sign-in-worker-code")
    told = {"next": steps.onward(request), "open": open_, "made_up": demonstration.worker()}
    return show(request, "web/sign_in_worker.html", form, **told)


@gate.public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code that was sent, if it was."""
    asking = _asking(request)
    if asking is None:
        return redirect("sign-in-worker")
    form = CodeForm(given(request))
    if request.method == "POST" and form.is_valid():
        by, now = visitor(request), timezone.now()
        answer = codes.answer(asking.code, form.cleaned_data["code"], asking.binding, by=by, now=now)
        if answer.wait:
            return steps.wait(request, answer.wait)
        if answer.right:
            asking.right = True
            request.session[KEY] = asdict(asking)
            return _in_or_ask(request, asking)
        over = _("这个验证码不能用了：已过 5 分钟、已经用过，或试满了 5 次。请重新获取。")
        form.add_error(None, over if answer.over else _("验证码不对。请看最新收到的短信。"))
    sent = codes.shown(asking.code, asking.binding, by=visitor(request)) if settings.DEMO else None
    return show(request, "web/sign_in_worker_code.html", form, sent=sent)


@gate.public
@never_cache
@sensitive_post_parameters("last_four")
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Whose mobile it is: asked the first time, after long, and where several people have one."""
    asking = _asking(request)
    if asking is None or not asking.right:
        return redirect("sign-in-worker")
    form = WhoForm(given(request))
    if request.method == "POST" and form.is_valid():
        found = codes.who(
            asking.code, asking.binding, form.cleaned_data["last_four"], by=visitor(request), now=timezone.now()
        )
        if found.wait:
            return steps.wait(request, found.wait)
        if found.account is not None:
            return _let_in(request, asking, found.account)
        if not found.asks:
            return redirect("sign-in-worker")
        form.add_error(None, _("和登记的不一致。请核对后再填；还是不行，请带证件到工会服务站更正手机号。"))
    return show(request, "web/sign_in_worker_who.html", form, made_up=demonstration.worker())


def _asking(request: HttpRequest) -> Asking | None:
    held = request.session.get(KEY)
    return Asking(**held) if held else None


def _in_or_ask(request: HttpRequest, asking: Asking) -> HttpResponse:
    found = codes.who(asking.code, asking.binding, None, by=visitor(request), now=timezone.now())
    return redirect("sign-in-worker-who") if found.account is None else _let_in(request, asking, found.account)


def _let_in(request: HttpRequest, asking: Asking, account: Account) -> HttpResponse:
    codes.came(asking.at, browsers.address_of(request), by=visitor(request), now=timezone.now())
    request.session.flush()
    return steps.let_in(request, account, how="code", onward=asking.onward, person=account.worker.person_id)
