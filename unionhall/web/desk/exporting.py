"""A list as a workbook: made by the worker, fetched from the page of jobs; of many people, with a second officer's yes."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.access import approvals
from unionhall.jobs.queue import enqueue
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.organisations.roles import holders
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk import tasks, views_saved
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.desk.listing import address, columns_of
from unionhall.web.desk.menu import may
from unionhall.web.desk.register import Asked, Register


class WhyForm(DeskForm):
    """What a large export is for: the second officer decides by it."""

    reason = forms.CharField(label=_("导出用途"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


def export_view(register: Register) -> Callable[..., HttpResponse]:
    @gate.right(tasks.EXPORT)
    @never_cache
    def desk_export(request: HttpRequest) -> HttpResponse:
        if not may(request, register.right):
            raise PermissionDenied
        return asked_for(request)

    @require_http_methods(["GET", "HEAD", "POST"])
    def asked_for(request: HttpRequest) -> HttpResponse:
        return _export(request, register)

    return desk_export


def _export(request: HttpRequest, register: Register) -> HttpResponse:
    by = actor_of(request)
    query = (request.POST if request.method == "POST" else request.GET).get("query", "")[:1500]
    asked = Asked(register, by, QueryDict(query))
    names = [column.name for column in columns_of(register, views_saved.columns(register.key, by))]
    count = asked.rows(counting=True).count()
    back = address(register, asked.query or "reset=1")
    if not count:
        messages.warning(request, _t("没有符合条件的记录，不用导出。"))
        return HttpResponseRedirect(back)
    what = tasks.what(asked, names)
    if register.people and approvals.needed(count):
        standing = approvals.standing(what=what, by=by)
        if standing is not None and standing.state == "waiting":
            messages.info(request, _t("这份导出已经申请，正在等另一位同事审批。"))
            return HttpResponseRedirect(reverse("desk-approvals"))
        if standing is None or standing.state != "approved":
            return _ask(request, register, asked, what, count, by, back)
    if request.method != "POST":
        return HttpResponseRedirect(back)
    with transaction.atomic():
        private = {"query": asked.query, "columns": names}
        title = _t("导出：%(list)s") % {"list": register.title}
        job = enqueue(
            tasks.export_list, by=by, title=title, place=_place(register, by), private=private, register=register.key
        )
    return HttpResponseRedirect(reverse("desk-job", args=[job.pk]))


def _ask(
    request: HttpRequest, register: Register, asked: Asked, what: str, count: int, by: Actor, back: str
) -> HttpResponse:
    """The form that asks another officer for their yes."""
    title = _t("导出：%(list)s") % {"list": register.title}
    drawn = Drawn(
        _("申请导出"), button=_("提交申请"), icon="shield-check", crumbs=((register.title, back),),
        intro=_("一次导出 500 人以上的资料，须由另一位同事同意；同意后 24 小时内可导出一次。"),
        facts=((_("导出内容"), register.title), (_("人数"), f"{count:,}")), hidden=(("query", asked.query),),
    )  # fmt: skip

    def act(by: Actor, said: Mapping[str, Any]) -> Done:
        approvals.ask(what=what, title=title, path=_place(register, by), people=count, reason=said["reason"], by=by)
        return Done(_t("已提交申请，请等另一位同事审批。"))

    if request.method == "POST" and "reason" not in request.POST:
        return HttpResponseRedirect(f"{request.path}?{_query(asked)}")
    return answer(request, WhyForm, drawn, act, reverse("desk-approvals"))


def _query(asked: Asked) -> str:
    given = QueryDict(mutable=True)
    given["query"] = asked.query
    return given.urlencode()


def _place(register: Register, by: Actor) -> str:
    """The lowest place with everything in it that the actor may take out of this list."""
    paths = by.paths(*(holders(tasks.EXPORT) & holders(register.right)))
    return audit.above(paths)
