"""What happened to one record, from the journal; and the figures its lines are counted in."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from unionhall import catalogue
from unionhall.indicators.figures import Figure, Flow
from unionhall.journal.models import AuditEntry, Line
from unionhall.kernel.actor import Actor
from unionhall.kernel.money import yuan
from unionhall.kernel.period import Period
from unionhall.organisations.models import Account
from unionhall.web import drawing, opening, words
from unionhall.web.desk import detail
from unionhall.web.desk.detail import Event

MOST = 100

AUDITED = {
    "card.take_back": _("撤销误登的发放或激活"), "case.correct": _("更正登记"), "case.unpaid": _("款项已冲销，退回待发放"),
    "agreement.change": _("更正协议登记"), "agreement.cover": _("增加覆盖单位"), "cover.change": _("更改覆盖单位"),
    "offer.use.void": _("作废使用记录"),
}  # fmt: skip
"""Acts the journal has no line for, in words. What has one is told by its line."""


def lines_of(subject: str) -> list[Line]:
    """The journal's lines about one record, the latest first, the voiding ones left out: what they voided says so."""
    found = Line.objects.filter(subject=subject).exclude(act="void").select_related("voided_by")
    return list(found.order_by("-on", "-pk")[:MOST])


def events(subject: str, lines: Sequence[Line]) -> list[Event]:
    """The timeline: what was done on which day and by whom, what was voided and why, and corrections no line tells of."""
    audited = list(AuditEntry.objects.filter(subject=subject, act__in=AUDITED).order_by("-at")[:MOST])
    who = _names([line.by for line in lines] + [entry.account for entry in audited])
    machine = gettext("系统")
    found = [
        Event(
            line.on, who.get(line.by, machine if line.by is None else "—"), said(line), void=line.voided_by is not None
        )
        for line in lines
    ]
    told = [
        Event(timezone.localtime(entry.at).date(), who.get(entry.account, machine), gettext(AUDITED[entry.act]))
        for entry in audited
    ]
    return sorted(found + told, key=lambda event: event.on, reverse=True)


def said(line: Line) -> str:
    """One line in words: the act, its kind, the amount, and the reason or why it was voided."""
    parts = [words.act(line.service, line.act), words.kind(line.service, line.act, line.kind)]
    if line.fen:
        parts.append(gettext("%(yuan)s 元") % {"yuan": f"{yuan(line.fen):,}"})
    if line.reason:
        parts.append(line.reason)
    if line.voided_by is not None and line.voided_by.reason:
        parts.append(gettext("作废：%(reason)s") % {"reason": line.voided_by.reason})
    return " · ".join(part for part in parts if part)


def counted_in(lines: Iterable[Line], actor: Actor) -> list[detail.Figure]:
    """The figures these lines count in, each with the way to the records of that place and year; each once."""
    flows = [one for one in catalogue.figures().values() if isinstance(one, Flow)]
    found: dict[str, detail.Figure] = {}
    for line in lines:
        if line.voided_by_id is not None:
            continue
        for one in flows:
            if (
                one.key not in found
                and _counts(one, line)
                and opening.may_open(actor, one, line.path, Period.day(line.on))
            ):
                found[one.key] = _way(one, line.path, line.on.year)
    return list(found.values())


def in_stock(keys: Sequence[str], path: str, actor: Actor) -> list[detail.Figure]:
    """The figures a register row counts in today, those whose records this actor may open."""
    known, today = catalogue.figures(), timezone.localdate()
    mine = [known[key] for key in keys if opening.may_open(actor, known[key], path, Period.day(today))]
    return [_way(one, path, today.year) for one in mine]


def _way(one: Figure, path: str, year: int) -> detail.Figure:
    return detail.Figure(words.title(one), drawing.address(reverse("records", args=[one.key]), place=path, year=year))


def _counts(one: Flow, line: Line) -> bool:
    return one.service == line.service and one.act == line.act and (not one.kinds or line.kind in one.kinds)


def _names(accounts: Iterable[int | None]) -> dict[int | None, str]:
    wanted = {account for account in accounts if account is not None}
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "name"))
