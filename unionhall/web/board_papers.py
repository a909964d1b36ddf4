"""The board on paper: one figure's page at once, a place's yearly report as a job."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from unionhall.exchange.papers import FORMATS
from unionhall.jobs.queue import enqueue
from unionhall.jobs.tasks.papers import yearly_report
from unionhall.web import asked, disclosure, gate, sheets
from unionhall.web.acting import actor_of
from unionhall.web.board import own_place, places_of
from unionhall.web.counted import Reading


@gate.right("board.see")
@never_cache
@require_safe
def figure_file(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """One figure at one of my places, whole: by place and by month, as CSV, Word or PDF."""
    if form not in sheets.TYPES:
        raise Http404(f"form {form!r}")
    reading = Reading()
    one = asked.figure(key)
    place, year = own_place(request, reading, places_of(request, reading)), asked.year(request, reading)
    period = asked.period(year)
    parts = disclosure.Split(list(reading.by_place(one, place.path, period)), [], None)
    months = disclosure.Split(list(reading.by_month(one, place.path, period)), [], None)
    earlier = reading.value(one, place.path, period.a_year_earlier())
    sheet = sheets.Sheet(
        one, place, period, reading.value(one, place.path, period), earlier, parts, months, public=False
    )
    return sheets.download(sheet, form, reading.stamp)


@gate.right("board.see")
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Ask for the yearly report of a place of mine (`?place=&year=`): every figure with its parts takes longer than a page may."""
    reading = Reading()
    form = request.POST.get("form", "")
    if form not in FORMATS:
        raise Http404(f"form {form!r}")
    place, year = own_place(request, reading, places_of(request, reading)), asked.year(request, reading)
    title = _("%(year)s 年工作统计报告（%(form)s）") % {"year": year, "form": form}
    job = enqueue(
        yearly_report, by=actor_of(request), title=title, place=place.path, path=place.path, year=year, form=form
    )
    messages.success(request, _("报告正在生成，好了可以在这里下载。"))
    return HttpResponseRedirect(reverse("desk-job", args=[job.pk]))
