"""The number of a request: the same on the error page, in the log and on every audit row the request wrote."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What a person can read over the phone: no 0/O, 1/I."""

PERMISSIONS = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
"""What a page may ask of a device: the camera, for a merchant who scans a card; nothing else."""


def number() -> str:
    """A new trace number: eight letters and digits, one of 2^40."""
    return "".join(secrets.choice(LETTERS) for _place in range(8))


def trace_of(request: HttpRequest) -> str:
    """The number of this request."""
    if not hasattr(request, "trace"):
        request.trace = number()  # type: ignore[attr-defined]
    return request.trace  # type: ignore[attr-defined,no-any-return]


class TraceMiddleware:
    """Numbers every request before anything can fail, and says the number in the header X-Trace."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # One's own, never one a client sends: a log is not to be confused by a number chosen outside.
        trace = trace_of(request)
        response = self.answer(request)
        response.headers["X-Trace"] = trace
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
