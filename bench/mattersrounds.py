"""The rounds of bench.matters: a station's open matters, grants to be paid, clients let go at once. Django is set up."""

import argparse
import statistics
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import override_settings

from bench import deskdistrict, deskrounds
from bench.clients import let_go
from unionhall import catalogue
from unionhall.cases.actions import CaseRow, Happening, Matter, record
from unionhall.cases.models import Case
from unionhall.cases.vocabulary import DISPUTE_CAUSES
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.keys import create_keys
from unionhall.ledger.actions import CASH, FundRow, balance, open_funds, post
from unionhall.ledger.models import Fund
from unionhall.organisations.actions import PostRow, give_post, open_account
from unionhall.people.models import Membership
from unionhall.settings import KEY_FILE

STATION, MEMBERS = "101003004", 5_000
PROCESSES, FUNDS, FEN = 8, 8, 50_000
ARMS = ("ours", "by hand")
ASKED, APPROVED = date(2026, 3, 2), date(2026, 3, 9)
PAGES = {"what waits this morning": "/desk/", "the inbox": "/desk/inbox/", "its late ones": "/desk/inbox/?due=late"}


def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Every measurement, as numbers."""
    assert catalogue.SERVICES
    Path(KEY_FILE).parent.mkdir(parents=True, exist_ok=True)
    if not Path(KEY_FILE).exists():
        create_keys(KEY_FILE)
    deskdistrict.UNIONS, deskdistrict.EMPLOYERS = 100, 300  # who belongs to which makes no difference here
    deskdistrict.build(MEMBERS)
    people = list(Membership.objects.filter(until=None).order_by("pk").values_list("person_id", flat=True))
    open_matters(options.matters, people)
    told = pages(options.rounds * 11)
    if connection.vendor == "postgresql":
        for at in range(FUNDS):
            open_funds([FundRow(f"资金{at}", "困难职工救助", "101")], by=SYSTEM)
        for fund in Fund.objects.values_list("pk", flat=True):
            post(f"in:{fund}", fund, (("in:x", -(10**12)), (CASH, 10**12)), on=ASKED, path="101", by=SYSTEM)
        told += [moves(int(text), people, options) for text in options.clients.split(",")]
    return told


def open_matters(many: int, people: list[int]) -> None:
    """Disputes open at one station, brought over a year: half accepted, most of them late by now."""
    causes, rows = list(DISPUTE_CAUSES), []
    for at in range(many):
        on, taken = date(2025, 12, 1) + timedelta(at % 360), at % 2
        told = CaseRow(
            "mediation", f"M{at:06d}", STATION, "accepted" if taken else "received", on, cause=causes[at % len(causes)],
            person_id=people[at % len(people)], accepted_on=on if taken else None,
        )  # fmt: skip
        rows.append(Matter(told, (Happening("received", on, told.cause),)))
    record(rows, by=SYSTEM)
    account = open_account("station", "小王", by=SYSTEM)
    give_post(PostRow(account, "station_worker", STATION, deskdistrict.FOUNDED), by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def pages(rounds: int) -> list[dict[str, Any]]:
    told = []
    with override_settings(ROOT_URLCONF="bench.deskrounds", ALLOWED_HOSTS=["testserver"], STORAGES=deskrounds.UNHASHED):
        client = deskrounds.signed_in("station")
        for page, address in PAGES.items():
            told.append({"page": page, **deskrounds.beside_bare(client, address, rounds)})
    return told


def moves(clients: int, people: list[int], options: argparse.Namespace) -> dict[str, Any]:
    """Grants paid a second by so many clients, of each arm in turns; the median of the rounds."""
    rates: dict[str, list[float]] = {arm: [] for arm in ARMS}
    for _round in range(options.rounds):
        for arm in ARMS:
            rates[arm].append(measured(arm, clients, grants(options.moves, people)))
    return {"clients": clients, **{arm: statistics.median(found) for arm, found in rates.items()}}


def grants(many: int, people: list[int]) -> list[int]:
    """Grants that were approved and wait for their payment."""
    before = Case.objects.filter(service="aid.medical").count()
    rows = [
        CaseRow(
            "aid.medical", f"G{before + at:06d}", STATION, "approved", ASKED, person_id=people[at % len(people)],
            accepted_on=APPROVED, fen_claimed=FEN, fen_agreed=FEN,
        )
        for at in range(many)
    ]  # fmt: skip
    return record([Matter(row, (Happening("approved", APPROVED, fen=FEN),)) for row in rows], by=SYSTEM)


def measured(arm: str, clients: int, cases: list[int]) -> float:
    """Start the client processes and let all of them go at once; grants a second, and every one of them is paid."""
    processes = min(clients, PROCESSES)
    held = sum(balance(fund) for fund in Fund.objects.values_list("pk", flat=True))
    times = let_go("bench.mattersclient", (arm, clients // processes), cases, processes)
    paid = Line.objects.filter(act="paid", subject__in=[f"case:{pk}" for pk in cases]).count()
    left = held - sum(balance(fund) for fund in Fund.objects.values_list("pk", flat=True))
    if not paid == len(cases) == Case.objects.filter(pk__in=cases, state="paid").count() or left != FEN * len(cases):
        raise SystemExit(f"{len(cases)} grants, {paid} lines, {left} fen left the funds")
    return len(cases) / (max(end for _, end in times) - min(start for start, _ in times))
