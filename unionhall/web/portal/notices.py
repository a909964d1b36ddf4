"""A worker's notices, and what they want to be reached by."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhall.kernel.errors import Refused
from unionhall.messages import actions
from unionhall.messages.adapters import can_send
from unionhall.messages.models import Preference
from unionhall.people.models import Person
from unionhall.web import gate, inbox
from unionhall.web.acting import actor_of
from unionhall.web.refusals import in_words

MY_WAYS = {"participation": "me-place", "offer": "me-offer"}
"""What a notice is about -> the worker's page that shows it."""


@gate.worker
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Mine, the newest first."""
    page, told = inbox.page_of(request)
    return render(request, "web/portal/notices.html", {"tab": "notices", "page": page, "notices": told})


@gate.worker
@never_cache
@require_safe
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """One of mine; it is read from now on."""
    told = inbox.opened(request, number)
    way = inbox.way_to(told.subject, MY_WAYS)
    return render(request, "web/portal/notice.html", {"tab": "notices", "notice": told, "way": way})


@gate.worker
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All of mine are read."""
    actions.read_all(by=actor_of(request), now=timezone.now())
    return redirect("me-notices")


class WaysForm(forms.Form):
    """Channels beside the inbox. A mailbox left empty stays as it is."""

    sms = forms.BooleanField(label=gettext_lazy("短信"), required=False)
    wechat = forms.BooleanField(label=gettext_lazy("微信"), required=False)
    email = forms.BooleanField(label=gettext_lazy("电子邮件"), required=False)
    mailbox = forms.CharField(
        label=gettext_lazy("邮箱地址"), required=False, max_length=120,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "email"}),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("用哪种语言"), choices=(("zh-hans", "中文"), ("en", "English")),
        widget=forms.Select(attrs={"class": "form-select"}), error_messages={"required": gettext_lazy("请选择语言。")},
    )  # fmt: skip


@gate.worker
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ways(request: HttpRequest) -> HttpResponse:
    """What I want to be reached by."""
    by = actor_of(request)
    row = Preference.objects.visible_to(by).first()
    person = Person.objects.visible_to(by).first()
    form = WaysForm(request.POST if request.method == "POST" else None, initial=_initial(row), label_suffix="")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wanted = actions.Wanted(
            said["sms"], said["wechat"], said["email"], said["language"], mailbox=said["mailbox"] or None
        )
        try:
            actions.choose(wanted, by=by, now=timezone.now())
        except Refused as refused:
            form.add_error(refused.code if refused.code in form.fields else None, in_words(refused))
        else:
            messages.success(request, _("通知方式已保存。"))
            return redirect("me-notices")
    told = {
        "tab": "notices", "form": form, "person": person, "row": row,
        "can": {channel: can_send(channel) for channel in ("sms", "wechat", "email")},
    }  # fmt: skip
    return render(request, "web/portal/ways.html", told, status=422 if form.errors else 200)


def _initial(row: Preference | None) -> dict[str, object]:
    if row is None:
        return {"sms": True, "language": "zh-hans"}
    return {"sms": row.sms, "wechat": row.wechat, "email": row.email, "language": row.language}
