"""The rounds of bench.counter: members with cards, a merchant, a server, and requests in turns. Django is set up."""

import http.client
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from django.test import Client
from django.utils import timezone

from bench import deskdistrict
from unionhall import catalogue
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.keys import create_keys
from unionhall.offers.actions import OfferRow, open_offers
from unionhall.offers.attendance_moves import show_code
from unionhall.offers.models import Participation
from unionhall.offers.terms_moves import Terms, give_counter, set_terms
from unionhall.organisations.accounts import Account
from unionhall.organisations.actions import PostRow, give_post
from unionhall.people.models import Membership
from unionhall.settings import KEY_FILE

WARM = 20
TOKEN = "a" * 32


def run(rounds: int, members: int, port: int) -> dict[str, float]:
    """Median milliseconds of a redemption ("ours"), the bare POST and the empty one."""
    assert catalogue.SERVICES
    Path(KEY_FILE).parent.mkdir(parents=True, exist_ok=True)
    if not Path(KEY_FILE).exists():
        create_keys(KEY_FILE)
    deskdistrict.UNIONS, deskdistrict.EMPLOYERS = 20, 60
    deskdistrict.build(members)
    people = list(
        Membership.objects.filter(until=None).order_by("pk").values_list("person_id", flat=True)[: rounds + WARM]
    )
    offer = open_offers([OfferRow("card.items", "HX", "理发", "101", date(2020, 1, 1))], by=SYSTEM)[0]
    other = open_offers([OfferRow("card.items", "BARE", "空", "101", date(2020, 1, 1))], by=SYSTEM)[0]
    set_terms(offer, Terms(most_each=5, per="month"), by=SYSTEM)
    merchant = Account.objects.create_user("counter", "counter-counter", name="商户")
    give_post(PostRow(merchant.pk, "merchant", "101", date(2020, 1, 1)), by=SYSTEM)
    give_counter(offer, merchant.pk, venue="", on=date(2020, 1, 1), by=SYSTEM)
    browser = Client()
    browser.force_login(merchant)
    cookies = "; ".join(f"{name}={one.value}" for name, one in browser.cookies.items())
    later = timezone.now() + timedelta(hours=1)
    codes = [show_code(person, now=later, by=Actor(None, "工人", person=person)) for person in people]
    took: dict[str, list[float]] = {"ours": [], "bare": [], "empty": []}
    with _served(port):
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for code in codes:
            # The bare one first: a redemption uses the code up.
            for arm, address, item in (
                ("bare", "/bench/bare/", other),
                ("empty", "/bench/empty/", other),
                ("ours", "/shop/", offer),
            ):
                took[arm].append(_sent(asking, address, cookies, {"item": item, "code": code}))
    redeemed = Participation.objects.filter(offer=offer).count()
    if redeemed != len(codes):
        raise SystemExit(f"{redeemed} redeemed of {len(codes)}")
    return {arm: median(times[WARM:]) for arm, times in took.items()} | {"redeemed": redeemed}


def _sent(asking: http.client.HTTPConnection, address: str, cookies: str, said: dict[str, object]) -> float:
    """Milliseconds until the answer is there, which must lead on."""
    body = urlencode({**said, "key": uuid.uuid4().hex})
    headers = {
        "Cookie": f"{cookies}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    began = time.perf_counter()
    asking.request("POST", address, body, headers)
    answer = asking.getresponse()
    answer.read()
    took = (time.perf_counter() - began) * 1000
    if answer.status != 302 or "sign-in" in (answer.headers["Location"] or ""):
        raise SystemExit(f"{address}: {answer.status} {answer.headers['Location']}")
    return took


@contextmanager
def _served(port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen([*command, "bench.counterserver:application"], stdout=sys.stderr)
    try:
        for _attempt in range(150):
            try:
                with_it = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                with_it.request("GET", "/robots.txt")
                with_it.getresponse().read()
                break
            except OSError:  # not listening yet
                time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(10)
