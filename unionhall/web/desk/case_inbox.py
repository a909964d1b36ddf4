"""The matters that wait for whoever opens the desk this morning, the ones due first at the top."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from unionhall.cases import inbox
from unionhall.cases.models import Case
from unionhall.kernel.clock import SOON
from unionhall.web import words
from unionhall.web.acting import actor_of
from unionhall.web.desk import cases
from unionhall.web.desk.columns import due_css, due_words
from unionhall.web.desk.menu import may

SHOWN = 12
"""Matters on the page; all of them are one link away."""


def waiting(request: HttpRequest) -> dict[str, Any]:
    """Counts and the first rows; empty for who handles no matters."""
    if not may(request, cases.register.right):
        return {}  # a lawyer, whose matters are at their own door
    rows, today, adds = inbox.mine(actor_of(request)), timezone.localdate(), may(request, "cases.change")
    counts = inbox.counts(rows, today, today + timedelta(days=SOON))
    first = inbox.first(rows.filter(waiting_since=None), SHOWN)
    at = reverse("desk-inbox")
    cards = [
        {"title": _t("已超期"), "count": counts.late, "href": f"{at}?due=late", "bad": True},
        {"title": _t("三天内到期"), "count": counts.soon, "href": f"{at}?due=soon"},
        {"title": _t("待受理"), "count": counts.new, "href": f"{at}?state=received"},
        {"title": _t("等补充材料"), "count": counts.papers, "href": f"{at}?due=papers"},
    ]
    return {
        "counts": counts,
        "cards": cards,
        "rows": [_row(one) for one in first],
        "may_add": adds,
    }


def _row(row: Case) -> dict[str, Any]:
    service = cases.SERVICES[row.service]
    cause = cases.cause_title(row)
    under = [
        words.title(service) if cause else "",
        str(row.person or ""),
        row.employer.name if row.employer else "",
        row.number,
    ]
    return {
        "due": due_words(row.due_on) if row.due_on else _day(row.opened_on), "css": due_css(row.due_on) if row.due_on else "",
        "title": cause or words.title(service), "under": " · ".join(one for one in under if one), "state": cases.state_title(row),
        "tone": cases.tone(row), "href": reverse("desk-case", args=[row.pk]),
    }  # fmt: skip


def _day(opened: date) -> str:
    return _t("%(day)s 登记") % {"day": opened.isoformat()}
