"""Every post at every address with every method, on a row of each scope: what must come, and what came."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from zlib import crc32

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from tests.matrix.policy import (
    BY_POST,
    CONFINED,
    DEPARTMENTS,
    FROM_ABOVE,
    KINDS,
    OWNED,
    PAGES,
    RIGHTS,
    RUN_BY,
    TO_ACCOUNTS,
    TO_WORKERS,
    Page,
)
from tests.matrix.scene import REACHED, SCOPES, Scene
from unionhall.organisations.roles import ROLES
from unionhall.web.gate import addresses
from unionhall.web.sudo import PROVED_AT

METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS")
SAFE = ("GET", "HEAD", "OPTIONS")
ABOVE = "^"
"""Ends the name of a visitor whose post stands over the whole district instead of at one street."""

VISITORS = (*ROLES, "leader^", "organisation^", "system_admin^", "security_auditor^", "nobody", "worker", "anonymous")
"""Twenty posts at a street, four at the district, an account without one, a worker, and whoever did not sign in."""

FEW = ("anonymous", "nobody", "worker", "lawyer", "merchant", "system_admin", "security_auditor", "publicity", "union_officer", "finance",
       "labour", "rights", "leader", "station_worker", "organisation", "aid")  # fmt: skip
"""Visitors among whom every right has somebody who carries it and somebody who does not."""


PROVEN_FOR = 300.0
"""Seconds after which those who are to have given their password lately give it again."""


class Cell(NamedTuple):
    """One trial. `kind` and `scope` say which row; both are "" at an address that names none."""

    visitor: str
    name: str
    method: str
    kind: str = ""
    scope: str = ""


class NumberShown(Exception):
    """An identity, mobile or card number stood unmasked in a reply."""


class Outcome(NamedTuple):
    """`kind`: in, sign-in, again, 403, 404, 405, or something no cell expects. `shown`: canaries in the reply."""

    kind: str
    shown: frozenset[tuple[str, str]]
    status: int


@dataclass(frozen=True)
class Finding:
    """A cell that came out otherwise than the policy says."""

    cell: Cell
    said: str

    def __str__(self) -> str:
        row = f"{self.cell.kind} {self.cell.scope}".strip() or "no row"
        return f"{self.cell.visitor} {self.cell.method} {self.cell.name} on {row}: {self.said}"


def routes() -> dict[str, URLPattern]:
    """Every address of the house by its name."""
    return {one.name or route: one for route, one in addresses()}


def holds(visitor: str, opens: str) -> bool:
    """Does this visitor carry one of these rights? "a+b" asks for both."""
    role = visitor.removesuffix(ABOVE)
    return any(all(role in RIGHTS[right] for right in one.split("+")) for one in opens.split())


def sees(visitor: str, kind: str, scope: str) -> bool:
    """May this visitor see the row of this kind at this scope?"""
    if kind in OWNED:
        if visitor == "worker" and kind in TO_ACCOUNTS:
            return False
        return visitor != "anonymous" and (scope == "own" or (kind == "job" and visitor.startswith("system_admin")))
    if visitor == "worker":
        return kind in TO_WORKERS or (scope == "own" and kind in ABOUT_ONESELF)
    role = visitor.removesuffix(ABOVE)
    reached = role != visitor or scope in REACHED or (scope == "parent" and kind in FROM_ABOVE)
    if not reached or (kind in BY_POST and role not in BY_POST[kind].split()):
        return False
    if not any(all(role in RIGHTS[right] for right in choice.split()) for choice in KINDS[kind].split("|")):
        return False
    return role not in CONFINED or kind not in DEPARTMENTS or role in DEPARTMENTS[kind]


ABOUT_ONESELF = frozenset(
    (
        "person",
        "membership",
        "card",
        "dispute",
        "aid",
        "file",
        "bonus",
        "correction",
        "participation",
        "honour",
        "paper",
    )
)
"""Kinds of rows of which a worker has their own; the worker of the scene is the person at "own"."""

BESIDE_ONESELF = frozenset(("union", "employer"))
"""What a worker reads beside their own rows: where they are a member, where they work."""


DECIDED_BEFORE = ("sign-in", "403", "405", "again")
"""What is answered before the row of an address is looked at: tried with one row, and so for all five."""

LIKE_EACH_OTHER = ("PUT", "DELETE", "HEAD", "OPTIONS")
"""Methods no gate tells apart: it stands in front of the view, and asks for nothing but who is there."""


def cells(
    names: Iterable[str], visitors: Iterable[str] = VISITORS, methods: Iterable[str] = METHODS, *, every: bool = False
) -> Iterator[Cell]:
    """Every trial of these addresses. Where the row makes no difference one request stands for the cells of all scopes;
    where the gate refuses, one of the methods it does not tell apart for all of them, another at each address and visitor;
    and what HEAD answers, which is GET without its body, is asked for within reach and beyond it. `every`: none stands for
    another.
    """
    methods, known = tuple(methods), routes()
    for name in (name for name in names if name in known):
        kinds = PAGES[name].of.split()
        for visitor in visitors:
            chosen = LIKE_EACH_OTHER[crc32(f"{visitor} {name}".encode()) % len(LIKE_EACH_OTHER)]
            for method in methods:
                for kind in kinds or ("",):
                    first = Cell(visitor, name, method, kind, "own" if kind else "")
                    comes, alike = expected(first), method in LIKE_EACH_OTHER
                    if alike and method != chosen and not every and comes in ("sign-in", "403", "405"):
                        continue
                    yield first
                    if kind and comes not in DECIDED_BEFORE:
                        scopes = ("sibling",) if method == "HEAD" and not every else SCOPES[1:]
                        yield from (first._replace(scope=scope) for scope in scopes)


def count(names: Iterable[str]) -> int:
    """How many cells these addresses have: visitors × methods × kinds of row × scopes."""
    known = routes()
    return sum(
        len(VISITORS) * len(METHODS) * len(PAGES[name].of.split() or ("",)) * len(SCOPES)
        for name in names
        if name in known
    )


def _at_the_gate(page: Page, visitor: str) -> str:
    """How the gate refuses; "" when it opens."""
    if page.opens == "public":
        return ""
    if visitor == "anonymous":
        return "sign-in"
    if page.opens in ("worker", "merchant", "counsellor", "scorer", "lawyer"):
        return "" if visitor == page.opens else "403"
    return "" if page.opens == "signed_in" or holds(visitor, page.opens) else "403"


def expected(cell: Cell, *, proven: bool = True) -> str:
    """What the policy says must come; `proven`: to somebody who gave their password a moment ago."""
    page = PAGES[cell.name]
    if refusal := _at_the_gate(page, cell.visitor):
        return refusal
    if page.staff and cell.visitor == "worker":
        return "in"
    if page.again and not proven:
        return "again"
    if cell.method not in page.methods.split():
        return "405"
    role = cell.visitor.removesuffix(ABOVE)
    there = (not page.needs or holds(role, page.needs)) and not page.hollow
    if page.business:
        there = there and (role not in CONFINED or role in DEPARTMENTS[page.business])
    if page.sends and cell.method == "POST":
        there = there and holds(role, page.sends)
    there = there and (not page.top or role != cell.visitor)
    if page.opens == "offers.change" and cell.kind in RUN_BY:
        there = there and role in RUN_BY[cell.kind]
    if cell.kind:
        there = there and sees(cell.visitor, cell.kind, cell.scope)
    return "in" if there else "404"


def hidden(scene: Scene, cell: Cell) -> dict[tuple[str, str], str]:
    """The canaries this visitor may not read on this page: rows out of reach, or of a kind no right of theirs shows."""
    shows = PAGES[cell.name].shows.split()
    out = {}
    for (kind, scope), name in scene.names.items():
        near = scope in REACHED or cell.visitor.endswith(ABOVE)
        if sees(cell.visitor, kind, scope) or (kind in shows and near and cell.visitor.removesuffix(ABOVE) in ROLES):
            continue
        if kind in ("person", "membership") and near and holds(cell.visitor, "records.see"):
            continue  # a masked name stands beside every matter and card of its bearer
        if (
            kind in ("person", "membership")
            and scope == "own"
            and cell.visitor == PAGES[cell.name].opens in ("merchant", "counsellor", "scorer", "lawyer")
        ):
            continue  # the masked name of whom they redeemed for, or talk with
        if kind in PAGES[cell.name].tells.split():
            continue
        if cell.visitor == "worker" and scope == "own" and kind in BESIDE_ONESELF:
            continue
        out[kind, scope] = name
    return out


class Trial:
    """Signs every visitor in once and tries cells; what a request wrote is taken back before the next.

    `proven`: they gave their password a moment ago, so pages that ask for it again do not.
    """

    def __init__(self, scene: Scene, visitors: Iterable[str] = VISITORS, *, proven: bool = True) -> None:
        self.scene = scene
        self.proven, self.proved_at = proven, 0.0
        self.routes = routes()
        self.clients: dict[str, Client] = {}
        self.cookies: dict[str, str] = {}
        self.requests = 0
        self._hidden: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
        for visitor in visitors:
            self._sign_in(visitor)

        self.prove()

    def prove(self) -> None:
        """Everybody gives their password again, when that was a while ago."""
        if self.proven and time.time() - self.proved_at > PROVEN_FOR:
            self.proved_at = time.time()
            for visitor in self.clients.keys() & self.scene.accounts.keys():
                session = self.clients[visitor].session
                session[PROVED_AT] = int(self.proved_at)
                session.save()

    def _sign_in(self, visitor: str) -> None:
        client = Client(raise_request_exception=False)
        if visitor in self.scene.accounts:
            client.force_login(self.scene.accounts[visitor])
        self.clients[visitor] = client
        self.cookies[visitor] = client.cookies.output(header="", sep=";")

    def address(self, cell: Cell) -> str:
        """The address with its arguments and query."""
        page = PAGES[cell.name]
        asked = {}
        for argument in self.routes[cell.name].pattern.converters:
            asked[argument] = page.at.get(argument, self.scene.key(cell.kind, cell.scope, cell.visitor))
        query = page.query.format(path=self.scene.paths.get(cell.scope, ""))
        return reverse(cell.name, kwargs=asked) + (f"?{query}" if query else "")

    def outcome(self, cell: Cell) -> Outcome:
        """Try one cell."""
        self.prove()
        client, page = self.clients[cell.visitor], PAGES[cell.name]
        address = self.address(cell)
        self.requests += 1
        block = transaction.atomic()
        block._from_testcase = True  # as django.test does: what commits by itself in the product may stand within it
        with block:
            if cell.method == "POST":
                answer = client.post(address, dict(page.sent))
            else:
                answer = client.generic(cell.method, address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        if client.cookies.output(header="", sep=";") != self.cookies[cell.visitor]:
            client.cookies = SimpleCookie(self.cookies[cell.visitor].strip())
        text = body.decode("utf-8", "replace")
        shown = frozenset(key for key, name in self.scene.names.items() if name in text)
        own = self.scene.theirs if cell.visitor == "worker" else ()
        if any(secret in text for secret in self.scene.secrets if secret not in own):
            raise NumberShown(f"{cell}: a whole number stands in the reply")
        return Outcome(_kind(answer, page), shown, answer.status_code)

    def finding(self, cell: Cell) -> Finding | None:
        """What is wrong with a cell; None when it is as the policy says."""
        wanted, came = expected(cell, proven=self.proven), self.outcome(cell)
        page = PAGES[cell.name]
        either = wanted == "again" and cell.method not in page.methods.split() and came.kind == "405"
        if came.kind != wanted and not either:
            return Finding(cell, f"{came.kind} ({came.status}) instead of {wanted}")
        key = (cell.visitor, cell.name)
        if key not in self._hidden:
            self._hidden[key] = hidden(self.scene, cell)
        leaked = came.shown & self._hidden[key].keys()
        if leaked:
            return Finding(cell, f"shows {sorted(leaked)}")
        if wanted == "in" and cell.method == "GET" and page.lists:
            due = {(page.lists, scope) for scope in SCOPES if sees(cell.visitor, page.lists, scope)}
            if missing := (due & self.scene.names.keys()) - came.shown:
                return Finding(cell, f"does not show {sorted(missing)}")
        return None


def _kind(answer: Any, page: Page) -> str:
    status = answer.status_code
    if status in (302, 303):
        to = answer.headers["Location"]
        if page.opens == "public":
            return "in"
        if to.startswith("/sign-in/again"):
            return "again"
        return "sign-in" if to == "/sign-in/" or to.startswith("/sign-in/?next=") else "in"
    if status in (200, 204, 422, *page.empty_is):
        return "in"
    return str(status)
