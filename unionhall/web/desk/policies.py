"""Who is insured under which plan, as the enrolment lists say. A list comes in as a whole, by import; a plan is a service item."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionhall.offers.policies import MEDICAL, PREMIUM
from unionhall.offers.policy_models import PAYERS, Policy
from unionhall.web.desk.columns import Column
from unionhall.web.desk.filters import Choice, Days, Picked, PlaceFilter
from unionhall.web.desk.finding import ByPrefix
from unionhall.web.desk.register import Add, Register


def _holds() -> Q:
    today = timezone.localdate()
    return Q(since__lte=today) & (Q(until=None) | Q(until__gt=today))


def _plan(row: Policy) -> Any:
    return row.offer.title


register = Register(
    key="policies", title=_("互助投保"), model=Policy, right="offers.see", icon="shield-check", unit=_("人次"),
    rows=lambda actor: Policy.objects.visible_to(actor),
    columns=(
        Column("number", _("编号")),
        Column("person", _("职工")),
        Column("plan", _("计划"), value=_plan, phone="end"),
        Column("payer", _("缴费方"), words=PAYERS, phone=""),
        Column("fen", _("保费（元）"), show="yuan", phone=""),
        Column("path", _("地方"), show="place", phone=""),
        Column("since", _("保障自"), show="day", phone=""),
        Column("until", _("保障至"), show="day", phone=""),
    ),
    search=(ByPrefix("number"),), search_hint=_("编号"),
    filters=(
        Picked("kind", _("类别"), {PREMIUM: (_("保费型"), Q(offer__kind=PREMIUM)), MEDICAL: (_("医疗互助"), Q(offer__kind=MEDICAL))}),
        Picked("holds", _("是否在保"), {"now": (_("在保"), _holds)}), Choice("payer", PAYERS, _("缴费方")), PlaceFilter(),
        Days("since", _("保障起始日期")),
    ),
    default_sort="-since", sorts=("since", "until", "number"), related=("person", "offer"), people=True,
    links=(Add(_("导入投保名单"), "desk-imports", "imports.do"),),
    empty=_("还没有投保名单。计划在服务项目里开设，名单从导入页导入。"),
)  # fmt: skip
