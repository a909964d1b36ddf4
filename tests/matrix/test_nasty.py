"""A sample of the nasty values; the whole is `python -m tests.matrix.nasty`, on both databases."""

import logging
import random
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from tests.matrix.forms import Forms
from tests.matrix.policy import PAGES
from tests.matrix.scene import set_up
from tests.matrix.shooting import Range, run, sign_ins
from tests.matrix.values import NASTY
from unionhall import urls
from unionhall.organisations.models import Place
from unionhall.web import gate

SAMPLE = 2_000


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_there_are_sixty_values_and_none_twice() -> None:
    assert len(set(NASTY)) == len(NASTY) >= 60


def test_nothing_breaks(db: None) -> None:
    scene = set_up()
    targets = Range(scene, sign_ins(scene))
    names = {target.name for target in targets.targets}
    assert names == set(PAGES)
    # Over PostgreSQL only what hangs on the database can come out otherwise: fewer find it.
    many = SAMPLE if connection.vendor == "sqlite" else SAMPLE // 3
    shots = random.Random(7).sample(list(targets.shots(each=60, pairs=5_000, seed=7)), many)
    assert run(targets, shots) == []
    assert targets.statuses.total() == many
    assert targets.asked_again == 0, "who is asked for the password again tries no page"


@gate.public
def careless(request: HttpRequest) -> HttpResponse:
    """A page as a beginner writes it: breaks, tells, echoes and is led astray."""
    asked = request.GET.get("year", "0")
    if asked == "":
        raise Http404
    if asked.startswith("//"):
        return HttpResponse(status=302, headers={"Location": asked})
    Place.objects.filter(pk=int(asked) if asked.isdigit() else 0).first()
    return HttpResponse(f"<p>{asked}</p>")


urlpatterns = [*urls.urlpatterns, path("careless/", careless, name="careless")]


@pytest.mark.urls("tests.matrix.test_nasty")
def test_a_careless_page_is_found_out(db: None) -> None:
    """A control: the same shots at a page with four faults find all four."""
    scene = set_up()
    targets = Range(scene, {"anonymous": lambda client: None, "everyone": lambda client: None})
    targets.targets = [one for one in targets.targets if one.name == "careless" and one.kind == "query year"]
    found = [
        fault for target in targets.targets for value in target.values if (fault := targets.fault(target.shoot(value)))
    ]
    assert any(fault.startswith("500") for fault in found)
    assert any("<script>zqzq" in fault for fault in found)
    assert any("onfocus=zqzq" in fault for fault in found)
    assert any(fault.startswith("leads to") for fault in found)


def test_the_fields_of_a_form_are_found() -> None:
    seen = Forms()
    seen.feed(
        '<a href="?q=1&sort=name">x</a><form method="post" action="/do/"><input name="a" value="1"><textarea name="b">t</textarea>'
        '<select name="c"><option value="">-</option><option value="2">x</option></select><input type="file" name="d">'
        '<button name="e" value="go">go</button></form>'
    )
    (form,) = seen.forms
    assert (form.method, form.action) == ("post", "/do/")
    assert form.fields == {"a": "1", "b": "t", "c": "2", "d": None, "e": "go"}
    assert seen.links == ["?q=1&sort=name"]


def test_who_shoots_has_every_right(db: None) -> None:
    scene = set_up()
    into = sign_ins(scene)["everyone"]
    client = Client()
    into(client)
    assert client.get("/board/?year=2015").status_code == 200
