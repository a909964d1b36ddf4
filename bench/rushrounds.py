"""The rounds of bench.rush: a district, sessions, client processes let go at once, and what came of it. Django is set up."""

import argparse
import random
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from django.db import connection
from django.db.models import F, Sum

from bench import clients as clients_of
from bench import deskdistrict
from unionhall import catalogue
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.keys import create_keys
from unionhall.offers.actions import OfferRow, open_offers
from unionhall.offers.models import HOLDING, Participation, Session
from unionhall.offers.session_moves import Slot, open_session
from unionhall.people.models import Membership
from unionhall.settings import KEY_FILE

PROCESSES = 8
ARMS = ("ours", "by hand")
CONSTRAINT = 'ALTER TABLE "offers_session" DROP CONSTRAINT "session_not_oversold"'


def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Every run, as numbers."""
    assert catalogue.SERVICES
    Path(KEY_FILE).parent.mkdir(parents=True, exist_ok=True)
    if not Path(KEY_FILE).exists():
        create_keys(KEY_FILE)
    deskdistrict.UNIONS, deskdistrict.EMPLOYERS = 100, 300  # who belongs to which makes no difference here
    deskdistrict.build(options.members)
    people = list(Membership.objects.filter(until=None).values_list("person_id", flat=True))
    random.Random(1).shuffle(people)
    offer = open_offers([OfferRow("card.items", "RUSH", "暑期观影", "101", date(2020, 1, 1))], by=SYSTEM)[0]
    if options.kills:
        return [killed(offer, people, options)]
    told: list[dict[str, Any]] = []
    arms = ARMS if connection.vendor == "postgresql" else ARMS[:1]
    for clients in (int(text) for text in options.clients.split(",")):
        # In turns, so that what else the machine does falls on both.
        rounds = [
            [measured(arm, offer, people, clients, options.places) for arm in arms] for _ in range(options.rounds)
        ]
        pair = [middle(runs) for runs in zip(*rounds, strict=True)]
        told += [*pair, compared(*pair)] if len(pair) > 1 else pair
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(CONSTRAINT)
        told.append(middle([measured("control", offer, people, 16, options.places) for _ in range(options.rounds)]))
    return told


def a_session(offer: int, places: int) -> int:
    now = datetime.now(UTC)
    number = f"C{Session.objects.count()}"
    return open_session(offer, Slot(number, now + timedelta(days=9), now + timedelta(days=10), places), by=SYSTEM)


def measured(arm: str, offer: int, people: list[int], clients: int, places: int) -> dict[str, Any]:
    """Everybody asks once; rates, and quantiles of the time an ask takes, of those granted and of those refused apart."""
    session = a_session(offer, places)
    answers = let_go(arm, session, people, clients)
    begun = min(start for start, _, _ in answers)
    granted = [(start, end) for start, end, got in answers if got]
    sold_out = max(end for _, end in granted)
    refused = [(start, end) for start, end, got in answers if not got and start >= sold_out]
    ended = max(end for _, end, _ in answers)
    told: dict[str, Any] = {"arm": arm, "clients": clients, "oversold": len(granted) - places}
    told["granted_rate"] = len(granted) / (sold_out - begun)
    told["refused_rate"] = len(refused) / (ended - sold_out) if refused else 0.0
    for name, part in (("granted", granted), ("refused", refused)):
        took = sorted((end - start) * 1000 for start, end in part) or [0.0, 0.0]
        told[f"{name}_p50"], told[f"{name}_p99"] = median(took), quantiles(took, n=100)[98]
    slot = Session.objects.get(pk=session)
    rows = Participation.objects.filter(session=session, state__in=HOLDING)
    if arm == "ours" and not slot.taken == rows.count() == len(granted):
        raise SystemExit(f"{slot.taken} counted, {rows.count()} rows, {len(granted)} told")
    return told


def middle(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The median of several runs; but of what was oversold, all of it."""
    told = {name: median(run[name] for run in runs) if name != "arm" else value for name, value in runs[0].items()}
    return told | {"oversold": sum(run["oversold"] for run in runs)}


def compared(ours: dict[str, Any], floor: dict[str, Any]) -> dict[str, Any]:
    return {
        "clients": ours["clients"],
        **{f"{name}_ratio": ours[f"{name}_rate"] / floor[f"{name}_rate"] for name in ("granted", "refused")},
        **{f"{name}_spread": ours[f"{name}_p99"] / ours[f"{name}_p50"] for name in ("granted", "refused")},
    }


def let_go(arm: str, session: int, people: list[int], clients: int) -> list[tuple[float, float, bool]]:
    """Start the client processes, let all of them go at once; (start, end, was it granted) of every ask."""
    processes = min(clients, PROCESSES)
    told = clients_of.let_go("bench.rushclient", (arm, session, clients // processes), people, processes)
    return [(start, end, bool(got)) for answers in told for start, end, got in answers]


def killed(offer: int, people: list[int], options: argparse.Namespace) -> dict[str, Any]:
    """Clients are killed in the middle, and others ask again for the same people with the same keys."""
    session, chance = a_session(offer, options.places), random.Random(2)
    answered: dict[int, int] = {}
    kills = hit = 0
    with tempfile.TemporaryDirectory() as there:
        parts = [people[at::4] for at in range(4)]
        while kills < options.kills or len(answered) < len(people):
            running = []
            for at, part in enumerate(parts):
                left = [person for person in part if person not in answered]
                if left:
                    running.append(
                        clients_of.started("bench.rushclient", ("told", session, 1), left, Path(there) / f"{at}")
                    )
            if not running:
                break  # everybody was answered: there is nobody left to kill
            for one in running:
                clients_of.wait_ready([one])
                clients_of.go([one])
            # Killed after so many answers, not after so long: on a fast machine there are some left to be killed too.
            few = max(len(people) // (3 * options.kills), 2)
            after = [chance.randint(1, few) if kills < options.kills else None for _ in running]
            with ThreadPoolExecutor(len(running)) as watchers:
                for told, alive in watchers.map(_until_killed, running, after):
                    answered |= told
                    hit += alive
            kills += sum(many is not None for many in after)
    return {"kills": kills, "hit": hit, "places": options.places} | _checked(session, answered)


def _until_killed(client: "subprocess.Popen[str]", after: int | None) -> tuple[dict[int, int], bool]:
    """person -> place (0: refused) a client told of whole, killed after so many; and whether it was still asking then."""
    assert client.stdout is not None
    told: dict[int, int] = {}
    alive = False
    for line in client.stdout:
        person, place = line.split() if line.count(" ") == 1 and line.rstrip("\n").endswith(";") else ("", "")
        if person:
            told[int(person)] = int(place.rstrip(";"))
        if len(told) == after:
            alive = client.poll() is None
            client.send_signal(signal.SIGKILL)
            after = None
    client.wait()
    return told, alive


def _checked(session: int, answered: dict[int, int]) -> dict[str, Any]:
    slot = Session.objects.get(pk=session)
    rows = Participation.objects.filter(session=session, state__in=HOLDING)
    taken = rows.aggregate(n=Sum(F("adults") + F("children") + 1))["n"] or 0
    standing = dict(rows.values_list("pk", "person_id"))
    told = {person: place for person, place in answered.items() if place}
    lines = Line.objects.standing().filter(act="signed", subject__in=[f"participation:{pk}" for pk in standing]).count()
    return {
        "granted": len(standing), "told": len(told), "oversold": max(taken - (slot.places or 0), 0) + abs(slot.taken - taken),
        "lost": sum(standing.get(place) != person for person, place in told.items()),
        "twice": len(standing) - len(set(standing.values())), "torn": abs(len(standing) - lines),
    }  # fmt: skip
