"""An officer's own notices, and the mailbox they may want them sent to."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionhall.kernel.actor import Actor
from unionhall.messages import actions
from unionhall.messages.adapters import can_send
from unionhall.messages.models import Preference
from unionhall.web import gate, inbox
from unionhall.web.acting import actor_of
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer


@gate.signed_in
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Mine, the newest first."""
    page, told = inbox.page_of(request)
    return render(request, "web/desk/notices/list.html", {"page": page, "notices": told})


@gate.signed_in
@never_cache
@require_safe
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """One of mine; it is read from now on."""
    told = inbox.opened(request, number)
    return render(request, "web/desk/notices/notice.html", {"notice": told, "way": inbox.way_to(told.subject)})


@gate.signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All of mine are read."""
    actions.read_all(by=actor_of(request), now=timezone.now())
    return redirect("desk-notices")


class WaysForm(DeskForm):
    email = forms.BooleanField(label=_("也发到我的邮箱"), required=False)
    mailbox = forms.CharField(
        label=_("邮箱地址"), required=False, max_length=120, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("不改就空着。邮件里只有一句提醒，内容登录以后看。"),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("用哪种语言"), choices=(("zh-hans", "中文"), ("en", "English")))


@gate.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ways(request: HttpRequest) -> HttpResponse:
    """What I want to be reached by, besides this inbox."""
    by = actor_of(request)
    row = Preference.objects.visible_to(by).first()

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        wanted = actions.Wanted(
            row.sms if row else True, row.wechat if row else False, said["email"], said["language"],
            mailbox=said["mailbox"] or None,
        )  # fmt: skip
        actions.choose(wanted, by=by, now=timezone.now())
        return Done(_t("通知方式已保存。"))

    intro = "" if can_send("email") else _("本系统还没有接入邮件服务器：现在填好，接入以后生效。")
    facts = ((_("现在的邮箱"), _("已登记") if row and row.mailbox else _("没有登记")),)
    drawn = Drawn(_("通知方式"), intro=intro, crumbs=((_("通知"), reverse("desk-notices")),), facts=facts, icon="bell")
    initial = {"email": bool(row and row.email), "language": row.language if row else "zh-hans"}
    return answer(request, WaysForm, drawn, act, reverse("desk-notices"), initial=initial)


urlpatterns: list[URLPattern] = [
    path("desk/notices/", notices, name="desk-notices"),
    path("desk/notices/read/", read_all, name="desk-notices-read"),
    path("desk/notices/ways/", ways, name="desk-ways"),
    path("desk/notices/<int:number>/", notice, name="desk-notice"),
]
