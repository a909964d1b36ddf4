"""Pages of the desk against a bare Django page, in one process through the whole stack. Django must be set up."""

import re
import statistics
import time
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from bench import deskdistrict
from unionhall import urls
from unionhall.organisations.accounts import Account
from unionhall.people.models import Membership
from unionhall.web import counted, gate

ROWS = """<!doctype html><title>bare</title><table>{% for row in rows %}<tr><td><a href="/{{ row.pk }}/">{{ row.person.name }}</a></td>
<td>{{ row.state }}</td><td>{{ row.path }}</td><td>{{ row.since|date:"Y-m-d" }}</td></tr>{% endfor %}</table>"""


@gate.signed_in
def bare(request: HttpRequest) -> HttpResponse:
    """What anybody would write first: one query for fifty rows, one plain template, nothing around it."""
    rows = Membership.objects.select_related("person").order_by("-id")[:50]
    return HttpResponse(engines["django"].from_string(ROWS).render({"rows": rows}, request))


urlpatterns = [path("bench/bare/", bare, name="bare"), *urls.urlpatterns]

UNHASHED = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

PAGES = {
    "first page": "?reset=1",
    "one street": "?place=101005",
    "two streets or": "?place=101005&place=101009",
    "a state": "?state=retained",
    "state and street": "?state=retained&place=101005",
    "confirmed this year": "?confirmed=year",
    "not confirmed yet": "?confirmed=before",
    "ended": "?held=ended",
    "ended or not": "?held=all",
    "admitted in a month": "?since=2015-03-01..2015-03-31",
    "oldest first": "?sort=since",
    "page 20": "?page=20",
}
LOOKED_FOR = {"a common surname": "王", "a name": "王伟芳", "nobody": "欧阳某某"}


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Page -> median milliseconds, of the bare page beside it, queries, and whether the answer was right."""
    found = {}
    with override_settings(ROOT_URLCONF="bench.deskrounds", ALLOWED_HOSTS=["testserver"], STORAGES=UNHASHED):
        client = signed_in("all")
        pages = {name: f"/desk/members/{query}" for name, query in PAGES.items()}
        pages |= {name: _looked_for(client, words) for name, words in LOOKED_FOR.items()}
        pages["by mobile"] = _posted(client, deskdistrict.a_mobile(1234))
        pages["by identity number"] = _posted(client, deskdistrict.a_number(4321))
        pages["deep, by key"] = _deep(client)
        for who in ("all", "street", "community"):
            asking = signed_in(who)
            for name, address in (
                pages.items() if who == "all" else [(f"first page of a {who}", "/desk/members/?reset=1")]
            ):
                found[name] = beside_bare(asking, address, rounds)
    return found


def signed_in(username: str) -> Client:
    """A browser in which this officer is signed in."""
    client = Client()
    client.force_login(Account.objects.get(username=username))
    return client


def _posted(client: Client, number: str) -> str:
    """Where a number typed into the search box leads."""
    answer = client.post("/desk/members/find/", {"q": number, "held": "all"})
    assert answer.status_code == 302, answer.status_code
    assert number not in answer["Location"]
    assert "共 1 " in client.get(answer["Location"]).content.decode()
    return str(answer["Location"])


def _looked_for(client: Client, words: str) -> str:
    """Where words typed into the search box lead."""
    answer = client.post("/desk/members/find/", {"q": words})
    assert answer.status_code == 302, answer.status_code
    assert "w=" in answer["Location"]
    return str(answer["Location"])


def _deep(client: Client) -> str:
    """A page far down, reached by the key of a row in the middle."""
    middle = Membership.objects.filter(until=None).order_by("-since", "-id")[150_000].pk
    return f"/desk/members/?page=3001&after={middle}"


def beside_bare(client: Client, address: str, rounds: int) -> dict[str, float]:
    """A page's median milliseconds and queries, of the bare page asked for in turns with it, and of its first answer."""
    counted.forget()
    with CaptureQueriesContext(connection) as queries:
        first = _timed(lambda: client.get(address))
    asked = len(queries)
    ours, theirs = [], []
    for _round in range(rounds):
        ours.append(_timed(lambda: client.get(address)))
        theirs.append(_timed(lambda: client.get("/bench/bare/")))
    return {"ms": statistics.median(ours), "bare": statistics.median(theirs), "first": first, "queries": asked}


def _timed(ask: Callable[[], HttpResponse]) -> float:
    started = time.perf_counter()
    answer = ask()
    took = (time.perf_counter() - started) * 1000
    assert answer.status_code == 200, answer.status_code
    assert not re.search(rb"<h1[^>]*>\s*</h1>", answer.content)
    return took
