"""Sending card requests to the bank: which place, up to which day, in which form; the file is made by a job."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unionhall.access import approvals
from unionhall.jobs.queue import enqueue
from unionhall.jobs.tasks.cards import FORMS, MOST, card_batch, waiting, what
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations.models import Place
from unionhall.organisations.roles import holders
from unionhall.people.models import Card
from unionhall.web import gate
from unionhall.web.acting import actor_of
from unionhall.web.desk.cards import register
from unionhall.web.desk.forms import DeskForm, Done, Drawn, answer
from unionhall.web.sudo import sudo


class BatchForm(DeskForm):
    place = forms.ChoiceField(label=_("哪里的京卡"))
    until = forms.DateField(label=_("申请日期截至"), initial=timezone.localdate)
    kind = forms.ChoiceField(label=_("文件格式"), choices=list(FORMS.items()), initial="csv")
    reason = forms.CharField(
        label=_("送审理由"),
        max_length=200,
        required=False,
        help_text=_("500 人及以上要先由另一位同事审批，这里写给审批人看的理由。"),
    )


@gate.right("cards.change")
@never_cache
@sudo
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest) -> HttpResponse:
    """The numbers in the file are opened for the bank: the password must have been given a moment ago."""
    actor = actor_of(request)
    spots = _places(actor)

    def form(*args: Any, **kwargs: Any) -> DeskForm:
        made = BatchForm(*args, **kwargs)
        made.fields["place"].choices = [(path, f"{name}（{count}）") for path, name, count in spots]
        return made

    facts = ((_("等送银行的京卡"), _t("%(count)d 张") % {"count": spots[0][2] if spots else 0}),)
    intro = _(
        "生成送银行的名单文件，名单里的卡记为“已送银行”。文件加密保存，只有您能下载。银行回盘请到导入页，用“银行制卡回盘”表。"
    )
    crumbs = ((register.title, reverse("desk-cards")),)
    drawn = Drawn(_("送银行办卡"), button=_("生成批次文件"), intro=intro, crumbs=crumbs, facts=facts, icon="send")
    return answer(request, form, drawn, _send, reverse("desk-cards"))


def _send(by: Actor, said: Mapping[str, Any]) -> Done:
    place, until = said["place"], said["until"]
    count = waiting(by, place, until.isoformat()).count()
    if not count:
        raise Refused(_t("这个地方没有等着送银行的京卡。"), code="place")
    people = min(count, MOST)
    if approvals.needed(people):
        asked = _approval(by, place, until, people, said["reason"])
        if asked is not None:
            return asked
    title = _t("送银行办卡 %(count)d 张") % {"count": people}
    job = enqueue(card_batch, by=by, title=title, place=place, path=place, until=until.isoformat(), form=said["kind"])
    return Done(_t("批次文件正在生成，好了可以在这里下载。"), then=reverse("desk-job", args=[job.pk]))


def _approval(by: Actor, place: str, until: date, people: int, reason: str) -> Done | None:
    """The second officer's word: None when it is there, else what was asked."""
    wanted = what(place, until.isoformat())
    standing = approvals.standing(what=wanted, by=by)
    if standing is not None and standing.state == "approved":
        return None
    if standing is not None and standing.state == "waiting":
        raise Refused(_t("这一批正等另一位同事审批，同意后再来生成。"))
    title = _t("送银行办卡 %(count)d 张") % {"count": people}
    if not reason.strip():
        raise Refused(_t("500 人及以上要先由另一位同事审批，请写明送审理由。"), code="reason")
    approvals.ask(what=wanted, title=title, path=place, people=people, reason=reason, by=by)
    return Done(_t("已送另一位同事审批，同意后再来生成。"))


def _places(actor: Actor) -> list[tuple[str, str, int]]:
    """(path, name, cards waiting) of my places and those right below, the ones above first."""
    mine = [at for at in actor.paths(*holders("cards.change")) if actor.reaches(at, *holders("exports.do"))]
    if not mine:
        return []
    tops = (
        list(Place.objects.filter(path__in=mine).order_by("path"))
        if "" not in mine
        else list(Place.objects.filter(parent=None))
    )
    below = list(Place.objects.filter(parent__in=tops, until=None).order_by("path"))
    counted = Card.objects.at(*mine).filter(state="requested").order_by().values_list("path").annotate(n=Count("pk"))
    waits = dict(counted)
    return [
        (spot.path, spot.name, sum(n for at, n in waits.items() if at.startswith(spot.path)))
        for spot in (*tops, *below)
    ]


urlpatterns = [path("desk/cards/batch/", batch, name="desk-card-batch")]
