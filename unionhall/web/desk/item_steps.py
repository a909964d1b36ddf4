"""What may be done next with an item: its sessions, its terms, whom it is for, its goods."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionhall.kernel.actor import Actor
from unionhall.offers import service
from unionhall.offers.models import Offer
from unionhall.web.desk.detail import Step


def steps(item: Offer, actor: Actor) -> list[Step]:
    """What may be done with an item's terms, sessions and goods, for its own page."""
    declared = service.find(item.service)
    runs, why = actor.reaches(item.path, *declared.runs()), _("由开放它的单位办理。")
    over = item.until is not None and item.until <= timezone.localdate()
    ended = _("项目已结束。") if runs else why
    told = [
        Step("sessions", _("场次"), True, "", f"{reverse('desk-sessions')}?offer={item.pk}", "calendar-event"),
        Step("session", _("开放场次"), runs and not over, ended, reverse("desk-session-add", args=[item.pk]), "plus"),
        Step("copy", _("照去年的场次"), runs and not over, ended, reverse("desk-session-copy", args=[item.pk]), "copy"),
        Step("terms", _("项目说明"), runs, why, reverse("desk-offer-terms", args=[item.pk]), "edit"),
        Step("whom", _("参加条件"), runs, why, reverse("desk-offer-whom", args=[item.pk]), "users"),
    ]
    if "quantity" in declared.counts:
        told.append(
            Step("goods", _("物品分配与签收"), True, "", reverse("desk-offer-goods", args=[item.pk]), "list-check")
        )
    return told
