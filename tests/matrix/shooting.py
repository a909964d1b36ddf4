"""Nasty values to every parameter of every address: arguments, queries, form fields, files.

Parameters are found, not listed: the arguments from the resolver; queries and fields from the links and forms of the
pages themselves, and from what a view was heard to ask of a request. Each parameter gets so many values alone; then come
pairs drawn by the seed. Nothing may answer 5xx, show its insides, or take longer than SLOW.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from django import http
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers import wsgi
from django.db import transaction
from django.http import QueryDict
from django.http import request as requests
from django.test import Client

from tests.matrix.forms import Form, Forms
from tests.matrix.policy import PAGES, Page
from tests.matrix.scene import Scene
from tests.matrix.values import BETRAYS, FILES, NASTY
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.roles import ROLES
from unionhall.web.gate import addresses
from unionhall.web.sudo import PROVED_AT

SLOW = 10.0
"""Seconds an answer may take; a page of figures nobody has counted yet takes a second or two on a busy machine."""

UNASKED = ("page", "q", "sort", "next", "place", "year")
"""Queries many pages know: to a page that does not ask for them they go all at once."""

UNKNOWN = "parameters it does not ask for"

PROVEN_FOR = 300.0
"""Seconds after which whoever shoots gives their password again, so that no page asks them for it instead of answering."""

CSRF = "csrfmiddlewaretoken"
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Shot:
    """One request: who asks, how, where, and what is sent."""

    visitor: str
    method: str
    address: str
    sent: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return f"{self.visitor} {self.method} {self.address[:160]} {str(self.sent)[:200]}"


@dataclass(frozen=True)
class Target:
    """A parameter: a value for it gives a shot; `values` are the ones to try."""

    name: str
    kind: str
    shoot: Callable[[Any], Shot]
    values: tuple[Any, ...] = NASTY


class Range:
    """Knows every parameter there is to shoot at, and shoots."""

    def __init__(self, scene: Scene, sign_in: dict[str, Callable[[Client], None]]) -> None:
        self.scene = scene
        self.clients: dict[str, Client] = {}
        self.cookies: dict[str, str] = {}
        self.slowest = (0.0, "")
        self.statuses: Counter[int] = Counter()
        self.asked_again = 0
        self.found = set[tuple[str, str]]()
        for visitor, into in sign_in.items():
            client = Client(raise_request_exception=False)
            into(client)
            self.clients[visitor], self.cookies[visitor] = client, client.cookies.output(header="", sep=";")
        self.prove()
        self.targets = [target for name, route in _named() for target in self._targets(name, route)]

    def prove(self) -> None:
        """Everybody who is signed in gives their password again."""
        self.proven = time.perf_counter()
        for client in self.clients.values():
            if settings.SESSION_COOKIE_NAME in client.cookies:
                session = client.session
                session[PROVED_AT] = int(time.time())
                session.save()

    def visitor_for(self, page: Page) -> str:
        if page.opens == "worker" and "worker" in self.clients:
            return "worker"
        return "anonymous" if page.opens == "public" else "everyone"

    def _targets(self, name: str, route: str) -> Iterator[Target]:
        page = PAGES.get(name, Page("signed_in"))
        visitor = self.visitor_for(page)
        sane = {
            argument: str(page.at.get(argument) or self.scene.key((page.of.split() or [""])[0], "own", "nobody") or 1)
            for argument in ARGUMENT.findall(route)
        }
        query = dict(parse_qsl(page.query.format(path=self.scene.paths["own"])))
        address = _filled(route, sane)
        method = "GET" if "GET" in page.methods.split() else "POST"
        for argument in sane:
            yield Target(name, f"argument {argument}", _in_argument(visitor, method, route, sane, argument, query))
        text, heard = (
            self.look(visitor, Shot(visitor, "GET", _asked(address, query))) if method == "GET" else ("", set())
        )
        seen = Forms()
        seen.feed(text)
        if method == "GET":
            yield from _queries(name, visitor, address, query, seen, heard)
        else:
            yield Target(name, UNKNOWN, lambda value: Shot(visitor, "POST", address, _all(value)), NASTY[::4])
        posts = [form for form in seen.forms if form.method == "post"]
        if method == "POST" or page.sent or "POST" in page.methods.split():
            posts.append(Form("post", "", {key: str(value) for key, value in page.sent.items()}))
        yield from self._fields(name, visitor, address, posts)

    def _fields(self, name: str, visitor: str, address: str, posts: list[Form]) -> Iterator[Target]:
        """The fields of these forms, and those the view asks for beside them; each once, on whichever pages it stands."""
        for form in posts:
            to = urlsplit(form.action).path or address
            if (to, "") in self.found and set(form.fields) <= {key for at, key in self.found if at == to}:
                continue
            sane = Form("post", to, {key: value for key, value in form.fields.items() if key != CSRF})
            _text, heard = self.look(visitor, _in_form(visitor, to, sane, "")(""))
            self.found |= {(to, ""), (to, CSRF)}
            for key in sorted({*sane.fields, *heard} - {CSRF}):
                if (to, key) in self.found:
                    continue
                self.found.add((to, key))
                values = FILES if sane.fields.get(key, "") is None else NASTY
                yield Target(name, f"field {key} of {to}", _in_form(visitor, to, sane, key), values)

    def look(self, visitor: str, shot: Shot) -> tuple[str, set[str]]:
        """What a page answers, if it is a page, and which parameters its view asks for."""
        with taken_back(), listening() as heard:
            client = self.clients[visitor]
            answer = client.post(shot.address, _multi(shot.sent)) if shot.method == "POST" else client.get(shot.address)
            html = "text/html" in answer.headers.get("Content-Type", "") and not answer.streaming
            text = answer.content.decode("utf-8", "replace") if html else ""
        self._come_back(visitor)
        request = answer.wsgi_request
        about = request.POST if shot.method == "POST" else request.GET
        return text, {key for asked, key in heard if asked is about}

    def _come_back(self, visitor: str) -> None:
        client = self.clients[visitor]
        if client.cookies.output(header="", sep=";") != self.cookies[visitor]:
            client.cookies = SimpleCookie(self.cookies[visitor].strip())

    def shots(self, each: int, pairs: int, seed: int) -> Iterator[Shot]:
        """`each` values to every parameter alone, or all it has; then `pairs` of a value and another."""
        drawn = random.Random(seed)
        for target in self.targets:
            few = len(target.values) <= each
            for value in target.values if few else drawn.sample(target.values, each):
                yield target.shoot(value)
        for _turn in range(pairs):
            target = drawn.choice(self.targets)
            yield _and_another(target.shoot(drawn.choice(target.values)), drawn)

    def fault(self, shot: Shot) -> str:
        """What is wrong with the answer to a shot; "" when nothing is."""
        client = self.clients[shot.visitor]
        begun = time.perf_counter()
        if begun - self.proven > PROVEN_FOR:
            self.prove()
        with taken_back():
            if shot.method == "POST":
                answer = client.post(shot.address, _multi(shot.sent))
            else:
                answer = client.get(shot.address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        took = time.perf_counter() - begun
        self.slowest = max(self.slowest, (took, str(shot)))
        self.statuses[answer.status_code] += 1
        self.asked_again += answer.headers.get("Location", "").startswith("/sign-in/again")
        self._come_back(shot.visitor)
        if answer.status_code >= 500:
            return f"{answer.status_code}"
        text = body.decode("utf-8", "replace")
        said = [word for word in BETRAYS if word in text]
        if said and "html" in answer.headers.get("Content-Type", ""):
            return f"says {said}"
        to = answer.headers.get("Location", "")
        if urlsplit(to).netloc or to.startswith(("//", "\\")):
            return f"leads to {to}"
        return f"took {took:.1f} s" if took > SLOW else ""


def _named() -> list[tuple[str, str]]:
    return [(one.name or route, route) for route, one in addresses()]


def _filled(route: str, arguments: dict[str, str]) -> str:
    return "/" + ARGUMENT.sub(lambda found: quote(arguments[found[1]], safe="", errors="replace"), route)


def _encoded(query: dict[str, str]) -> str:
    return urlencode(query, errors="replace")


def _in_argument(
    visitor: str, method: str, route: str, sane: dict[str, str], argument: str, query: dict[str, str]
) -> Callable[[Any], Shot]:
    return lambda value: Shot(visitor, method, f"{_filled(route, sane | {argument: value})}?{_encoded(query)}")


def _in_query(visitor: str, address: str, query: dict[str, str], key: str) -> Callable[[Any], Shot]:
    return lambda value: Shot(visitor, "GET", f"{address}?{_encoded(query | {key: value})}")


def _in_form(visitor: str, address: str, form: Form, key: str) -> Callable[[Any], Shot]:
    def shoot(value: Any) -> Shot:
        sent = {name: said for name, said in form.fields.items() if said is not None and name != CSRF}
        rest = ((name, said) for name, said in sent.items() if name != key)
        return Shot(visitor, "POST", address, (*rest, (key, value)) if key else tuple(rest))

    return shoot


def _asked(address: str, query: dict[str, str]) -> str:
    return f"{address}?{_encoded(query)}"


def _queries(
    name: str, visitor: str, address: str, query: dict[str, str], seen: Forms, heard: set[str]
) -> Iterator[Target]:
    keys = set(query) | heard
    for form in seen.forms:
        if form.method == "get" and urlsplit(form.action).path in ("", address):
            keys |= set(form.fields)
    for link in seen.links:
        if urlsplit(link).path in ("", address):
            keys |= {key for key, _value in parse_qsl(urlsplit(link).query, keep_blank_values=True)}
    for key in sorted(keys):
        yield Target(name, f"query {key}", _in_query(visitor, address, query, key))
    rest = {key: "" for key in UNASKED if key not in keys}
    shoot = lambda value: Shot(visitor, "GET", _asked(address, query | dict.fromkeys(rest, value)))  # noqa: E731
    yield Target(name, UNKNOWN, shoot, NASTY[::4])


def _all(value: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((key, value) for key in UNASKED)


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written meanwhile is not kept; a step that wants to stand outermost may."""
    outermost = transaction.atomic()
    outermost._from_testcase = True  # as Django's own test cases do
    with outermost:
        yield
        transaction.set_rollback(True)


@contextmanager
def listening() -> Iterator[list[tuple[QueryDict, str]]]:
    """Every (query or form, name) a program asks for meanwhile."""
    heard: list[tuple[QueryDict, str]] = []

    class Listening(QueryDict):
        def __getitem__(self, key: str) -> Any:
            heard.append((self, key))
            return super().__getitem__(key)

        def getlist(self, key: str, default: Any = None) -> Any:
            heard.append((self, key))
            return super().getlist(key, default)

        def __contains__(self, key: object) -> bool:
            heard.append((self, str(key)))
            return super().__contains__(key)

    with ExitStack() as stack:
        for module in (http, requests, wsgi):
            stack.enter_context(mock.patch.object(module, "QueryDict", Listening))
        yield heard


def _and_another(shot: Shot, drawn: random.Random) -> Shot:
    """The same shot with a second nasty value: in another field of the form, or as one more query."""
    value = drawn.choice(NASTY)
    if shot.method == "POST" and len(shot.sent) > 1:
        at = drawn.randrange(len(shot.sent) - 1)
        sent = list(shot.sent)
        if isinstance(sent[at][1], str):
            sent[at] = (sent[at][0], value)
        return Shot(shot.visitor, shot.method, shot.address, tuple(sent))
    key = drawn.choice((*UNASKED, value or "x"))
    mark = "&" if "?" in shot.address else "?"
    return Shot(shot.visitor, shot.method, f"{shot.address}{mark}{_encoded({key: value})}", shot.sent)


def _multi(sent: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    # Lone surrogates cannot travel; everything else goes as it is.
    return {
        name: SimpleUploadedFile(value[0], value[1])
        if isinstance(value, tuple)
        else value.encode("utf-8", "replace").decode()
        for name, value in sent
    }


def everyone(scene: Scene) -> Callable[[Client], None]:
    """Signs in somebody who holds every post at the district, which no action would give anybody."""
    account = scene.accounts["nobody"]
    PostHeld.objects.bulk_create(
        PostHeld(account=account, role=role, path=scene.paths["parent"], since="2010-01-01") for role in ROLES
    )
    return lambda client: client.force_login(account)


def sign_ins(scene: Scene) -> dict[str, Callable[[Client], None]]:
    """Who shoots: nobody in particular, a worker, and somebody with every right."""
    return {
        "anonymous": lambda client: None,
        "worker": lambda client: client.force_login(scene.accounts["worker"]),
        "everyone": everyone(scene),
    }


def run(targets: Range, shots: Iterable[Shot], told: Callable[[str], None] = lambda _line: None) -> list[str]:
    """Shoot; what was wrong, each kind of fault at each parameter's page once."""
    faults: dict[str, str] = {}
    for at, shot in enumerate(shots, 1):
        if fault := targets.fault(shot):
            page = re.sub(r"\d+", "0", urlsplit(shot.address).path)[:60]
            if faults.setdefault(f"{fault[:40]} {page} {shot.method}", f"{fault}: {shot}").startswith(fault):
                told(f"{fault}: {shot}") if len(faults) < 200 else None
        if at % 5_000 == 0:
            told(f"{at} requests, {len(faults)} kinds of fault")
    return list(faults.values())
