"""What a person sees when a page cannot be given: what happened, what to do, whom to ring, and a number to quote.

These pages ask nothing of the database, the session or the static files: any of them may be what has failed. The trace
number stands in the log beside the reason.
"""

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from unionhall.kernel.errors import NotYours, Refused
from unionhall.web.frame import PHONE
from unionhall.web.language import chosen

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("unionhall.web")

CSRF = 419
"""Not in the standard, but what people who look it up find as "page expired"."""


def trace_number() -> str:
    """Eight letters and digits a person can read over the phone: no 0/O, 1/I."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _place in range(8))


def _words(status: int) -> tuple[str, str]:
    return {
        400: (_("这个请求读不懂"), _("网址可能不完整。请从首页重新进入。")),
        403: (_("这里不对您开放"), _("您的岗位没有这一项权限。需要时请联系本单位的系统管理员。")),
        404: (_("没有这个页面"), _("网址可能有误，内容可能已经移走，也可能不在您的岗位范围内。")),
        CSRF: (_("页面停留太久，已经过期"), _("为了您的安全没有提交。请返回上一页，刷新后再提交一次。")),
        422: (_("这一步办不了"), ""),
        500: (_("系统出了差错"), _("这不是您的问题。差错已经记下，请稍后再试。")),
        503: (_("系统正在维护"), _("请过几分钟再来。您已经提交的内容不受影响。")),
    }[status]


def page(request: HttpRequest, status: int, *, what: str = "", failed: bool = False) -> HttpResponse:
    """One error page. `what` replaces the standing advice; `failed` logs the exception being handled."""
    trace = trace_number()
    language = chosen(request)
    with translation.override(language):
        title, advice = _words(status)
        body = render_to_string(
            "web/error.html",
            {
                "status": status,
                "title": title,
                "advice": what or advice,
                "trace": trace,
                "phone": PHONE,
                "language": language,
            },
        )
    # The path only: a query may carry what a person typed.
    log.log(
        logging.ERROR if status >= 500 else logging.WARNING, "%s %s %s", trace, status, request.path, exc_info=failed
    )
    response = HttpResponse(body, status=status, headers={"Cache-Control": "no-store", "Content-Language": language})
    if status == 503:
        response.headers["Retry-After"] = "120"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


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
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return page(request, 422, what=exception.message)
        if isinstance(exception, NotYours):
            return page(request, 404)
        if isinstance(exception, OperationalError | InterfaceError):
            return page(request, 503, failed=True)
        return None
