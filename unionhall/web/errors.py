"""What a person sees when a page cannot be given: what happened, what to do, whom to ring, and a number to quote.

These pages ask nothing of the database, the session or the static files: any of them may be what has failed. The trace
number stands in the log beside the reason, and on the audit rows of whatever the request had done.

A page is given whole; to htmx, the fragment of it that fits into a page; to a program, the same as JSON.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from unionhall.kernel.errors import NotYours, Refused
from unionhall.web.frame import PHONE
from unionhall.web.language import chosen
from unionhall.web.refusals import in_words
from unionhall.web.trace import trace_of

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("unionhall.web")

CSRF = 419
"""Not in the standard, but what people who look it up find as "page expired"."""

NOTICE = "#notice"
"""Where a page that uses htmx shows a fragment of this kind."""


def _words(status: int) -> tuple[str, str]:
    return {
        400: (_("这个请求读不懂"), _("网址可能不完整。请从首页重新进入。")),
        401: (_("请先登录"), _("登录已经到期，或者还没有登录。请登录后再试。")),
        403: (_("这里不对您开放"), _("您的岗位没有这一项权限。需要时请联系给您安排岗位的组织部门。")),
        404: (_("没有这个页面"), _("网址可能有误，内容可能已经移走，也可能不在您的岗位范围内。")),
        405: (_("这个网址不能这样用"), _("请从页面上的按钮或链接进入。")),
        413: (_("提交的内容太大"), _("请把文件或内容分成几份，再分次提交。")),
        CSRF: (_("页面停留太久，已经过期"), _("为了您的安全没有提交。请返回上一页，刷新后再提交一次。")),
        422: (_("这一步办不了"), ""),
        429: (_("操作太频繁"), _("请过几分钟再试。")),
        500: (_("系统出了差错"), _("这不是您的问题。差错已经记下，请稍后再试。")),
        503: (_("系统正在维护"), _("请过几分钟再来。您已经提交的内容不受影响。")),
    }[status]


def page(request: HttpRequest, status: int, *, what: str = "", failed: bool = False) -> HttpResponse:
    """One error page. `what` replaces the standing advice; `failed` logs the exception being handled."""
    trace = trace_of(request)
    language = chosen(request)
    with translation.override(language):
        title, advice = _words(status)
        said = {
            "status": status,
            "title": title,
            "advice": what or advice,
            "trace": trace,
            "phone": PHONE,
            "language": language,
        }
        response = _rendered(request, said)
    # The path only: a query may carry what a person typed.
    log.log(
        logging.ERROR if status >= 500 else logging.WARNING, "%s %s %s", trace, status, request.path, exc_info=failed
    )
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = language
    if status == 503:
        response.headers["Retry-After"] = "120"
    return response


def _rendered(request: HttpRequest, said: dict[str, object]) -> HttpResponse:
    if request.headers.get("HX-Request"):
        fragment = HttpResponse(render_to_string("web/_error.html", said))
        fragment.headers["HX-Retarget"], fragment.headers["HX-Reswap"] = NOTICE, "innerHTML"
        return fragment
    if wants_json(request):
        shown = ("status", "title", "advice", "trace", "phone")
        return JsonResponse({name: said[name] for name in shown}, json_dumps_params={"ensure_ascii": False})
    return HttpResponse(render_to_string("web/error.html", said))


def wants_json(request: HttpRequest) -> bool:
    """Does a program ask, which reads JSON and no page?"""
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return page(request, 413 if too_much else 400)


def unknown(request: HttpRequest) -> HttpResponse:
    """For a program that did not say who it is; a person is led to the sign-in page instead."""
    return page(request, 401)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def too_often(request: HttpRequest, seconds: int, what: str = "") -> HttpResponse:
    """Asked more often than allowed; `seconds` until it may be tried again."""
    response = page(request, 429, what=what)
    response.headers["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500, failed=True)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, CSRF)


class ErrorPagesMiddleware:
    """Turns the two errors that are meant for people, and a database that does not answer, into pages.

    While a file `maintenance` lies in settings.HOME, every page says that the system is being maintained.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (settings.HOME / "maintenance").exists():
            return page(request, 503)
        if _unreadable(request):
            return page(request, 400)
        response = self.answer(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            told = page(request, 405)
            told.headers["Allow"] = response.headers.get("Allow", "")
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return page(request, 422, what=in_words(exception))
        if isinstance(exception, NotYours):
            return page(request, 404)
        if isinstance(exception, OperationalError | InterfaceError):
            return page(request, 503, failed=True)
        if isinstance(exception, DataError | ValueError) and _with_nul(request.POST):
            return page(request, 422, what=_("填写的内容里有看不见的控制字符。请返回上一页，删去后重新填写这一项。"))
        return None


def _unreadable(request: HttpRequest) -> bool:
    """Does the address carry a NUL? No name, number or word has one, and PostgreSQL takes none."""
    return "\0" in request.path_info or _with_nul(request.GET)


def _with_nul(given: QueryDict) -> bool:
    return any("\0" in text for _name, texts in given.lists() for text in texts)
