"""Nasty values to every parameter of every address: arguments, queries, form fields, files.

Parameters are found, not listed: the arguments from the resolver, the queries from the links and forms of the pages
themselves, the fields from the forms a page shows. First every value goes to every parameter alone; what remains of the
number asked for are pairs drawn by the seed. Nothing may answer 5xx, show its insides, or take longer than SLOW.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.matrix.policy import PAGES, Page
from tests.matrix.scene import Scene
from tests.matrix.values import BETRAYS, FILES, NASTY
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.roles import ROLES
from unionhall.web.gate import addresses

SLOW = 10.0
"""Seconds an answer may take; a page of figures nobody has counted yet takes a second or two on a busy machine."""

ASKED = ("page", "q", "sort", "next", "place", "year")
"""Queries tried everywhere, whether a page shows them or not."""

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass
class Form:
    """A form of a page: where it goes, and its fields as they stand (name -> value; None: a file)."""

    method: str
    action: str
    fields: dict[str, str | None] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of a page, and the queries of its links to itself."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "a" and "?" in (said.get("href") or ""):
            self.links.append(said["href"] or "")
        elif tag == "form":
            self._open = Form((said.get("method") or "get").lower(), said.get("action") or "")
            self.forms.append(self._open)
        elif self._open is not None and tag == "option" and self._select and value:
            if "selected" in said or not self._open.fields.get(self._select):
                self._open.fields[self._select] = value
        elif self._open is not None and name:
            self._take(tag, name, value, said)

    def _take(self, tag: str, name: str, value: str, said: dict[str, str | None]) -> None:
        assert self._open is not None
        if tag == "select":
            self._select = name
            self._open.fields.setdefault(name, "")
        elif tag == "textarea":
            self._area = name
            self._open.fields[name] = ""
        elif tag == "input" and said.get("type") == "file":
            self._open.fields[name] = None
        elif tag == "button" or (tag == "input" and (said.get("type") != "radio" or "checked" in said)):
            self._open.fields.setdefault(name, value)

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._area:
            self._open.fields[self._area] = data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag in ("select", "textarea"):
            self._select = self._area = ""


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
        for visitor, into in sign_in.items():
            client = Client(raise_request_exception=False)
            into(client)
            self.clients[visitor], self.cookies[visitor] = client, client.cookies.output(header="", sep=";")
        self.targets = [target for name, route in _named() for target in self._targets(name, route)]

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
        text = self.text(visitor, address, query) if method == "GET" else ""
        seen = Forms()
        seen.feed(text)
        yield from _queries(name, visitor, address, query, seen)
        posts = [form for form in seen.forms if form.method == "post"]
        if method == "POST" or page.sent:
            posts.append(
                Form("post", "", {key: str(value) for key, value in page.sent.items()} or {"id": "1", "next": "/"})
            )
        for form in posts:
            to = urlsplit(form.action).path or address
            for key in form.fields:
                if key == "csrfmiddlewaretoken":
                    continue
                shoot = _in_form(visitor, to, form, key)
                yield Target(name, f"field {key} of {to}", shoot, FILES if form.fields[key] is None else NASTY)

    def text(self, visitor: str, address: str, query: dict[str, str]) -> str:
        with transaction.atomic():
            answer = self.clients[visitor].get(f"{address}?{urlencode(query)}")
            transaction.set_rollback(True)
        html = "text/html" in answer.headers.get("Content-Type", "") and not answer.streaming
        return answer.content.decode("utf-8", "replace") if html else ""

    def shots(self, most: int, seed: int) -> Iterator[Shot]:
        """`most` shots: when fewer are wanted than there are, a sample; when more, each and then each followed by another."""
        singles = [(target, value) for target in self.targets for value in target.values]
        drawn = random.Random(seed)
        if most < len(singles):
            singles = drawn.sample(singles, most)
        for target, value in singles:
            yield target.shoot(value)
        for _turn in range(most - len(singles)):
            target, value = drawn.choice(self.targets), drawn.choice(NASTY)
            shot = target.shoot(value if target.values is NASTY else drawn.choice(target.values))
            yield _and_another(shot, drawn)

    def fault(self, shot: Shot) -> str:
        """What is wrong with the answer to a shot; "" when nothing is."""
        client = self.clients[shot.visitor]
        begun = time.perf_counter()
        with transaction.atomic():
            if shot.method == "POST":
                answer = client.post(shot.address, _multi(shot.sent))
            else:
                answer = client.get(shot.address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        took = time.perf_counter() - begun
        self.slowest = max(self.slowest, (took, str(shot)))
        self.statuses[answer.status_code] += 1
        if client.cookies.output(header="", sep=";") != self.cookies[shot.visitor]:
            client.cookies = SimpleCookie(self.cookies[shot.visitor].strip())
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
        sent = {name: said for name, said in form.fields.items() if said is not None and name != "csrfmiddlewaretoken"}
        return Shot(visitor, "POST", address, (*((n, v) for n, v in sent.items() if n != key), (key, value)))

    return shoot


def _queries(name: str, visitor: str, address: str, query: dict[str, str], seen: Forms) -> Iterator[Target]:
    keys = set(ASKED) | set(query)
    for form in seen.forms:
        if form.method == "get" and urlsplit(form.action).path in ("", address):
            keys |= set(form.fields)
    for link in seen.links:
        if urlsplit(link).path in ("", address):
            keys |= {key for key, _value in parse_qsl(urlsplit(link).query, keep_blank_values=True)}
    for key in sorted(keys):
        yield Target(name, f"query {key}", _in_query(visitor, address, query, key))


def _and_another(shot: Shot, drawn: random.Random) -> Shot:
    """The same shot with a second nasty value: in another field of the form, or as one more query."""
    value = drawn.choice(NASTY)
    if shot.method == "POST" and len(shot.sent) > 1:
        at = drawn.randrange(len(shot.sent) - 1)
        sent = list(shot.sent)
        if isinstance(sent[at][1], str):
            sent[at] = (sent[at][0], value)
        return Shot(shot.visitor, shot.method, shot.address, tuple(sent))
    key = drawn.choice((*ASKED, value or "x"))
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
    """Who shoots: nobody in particular, and somebody with every right."""
    return {"anonymous": lambda client: None, "everyone": everyone(scene)}


def run(targets: Range, most: int, seed: int, told: Callable[[str], None] = lambda _line: None) -> list[str]:
    """Shoot; what was wrong, each kind of fault at each parameter's page once."""
    faults: dict[str, str] = {}
    for at, shot in enumerate(targets.shots(most, seed), 1):
        if fault := targets.fault(shot):
            page = re.sub(r"\d+", "0", urlsplit(shot.address).path)[:60]
            if faults.setdefault(f"{fault[:40]} {page} {shot.method}", f"{fault}: {shot}").startswith(fault):
                told(f"{fault}: {shot}") if len(faults) < 200 else None
        if at % 5_000 == 0:
            told(f"{at} requests, {len(faults)} kinds of fault")
    return list(faults.values())
