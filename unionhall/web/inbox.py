"""What the worker's inbox and the officer's share: a page of notices, one opened, and the way to what it is about."""

from collections.abc import Mapping

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language

from unionhall.kernel.errors import NotYours
from unionhall.messages import actions as messages
from unionhall.messages.models import Notice
from unionhall.messages.reading import Told, told
from unionhall.web.acting import actor_of

A_PAGE = 20

WAYS: Mapping[str, str] = {
    "approval": "desk-approval", "case": "desk-case", "membership": "desk-member", "card": "desk-card",
    "participation": "desk-use", "offer": "desk-offer", "job": "desk-job",
}  # fmt: skip
"""What a notice is about -> the page of the desk that shows it."""


def page_of(request: HttpRequest) -> tuple[Page[Notice], list[Told]]:
    """The asked page of one's own notices, the newest first."""
    by = actor_of(request)
    page = Paginator(Notice.objects.visible_to(by).order_by("-pk"), A_PAGE).get_page(request.GET.get("page"))
    return page, [told(row, get_language() or "", by=by) for row in page]


def opened(request: HttpRequest, number: int) -> Told:
    """One of one's own; from now on it is read, if it was looked at and not only asked about (HEAD)."""
    by = actor_of(request)
    row = Notice.objects.visible_to(by).filter(pk=number).first()
    if row is None:
        raise NotYours(f"notice:{number}")
    if request.method == "GET" and row.read_at is None:
        messages.read(number, by=by, now=timezone.now())
    return told(row, get_language() or "", by=by)


def way_to(subject: str, ways: Mapping[str, str] = WAYS) -> str:
    """The address of what a notice is about; "" when there is no page for it."""
    kind, _colon, number = subject.partition(":")
    if kind not in ways or not number.isdecimal():
        return ""
    try:
        return reverse(ways[kind], args=[int(number)])
    except NoReverseMatch:
        return ""
