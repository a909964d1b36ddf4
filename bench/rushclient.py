"""One client process of bench.rush: threads that ask for a place for one member after another.

    python -m bench.rushclient ARM SESSION THREADS FILE

ARM: "ours", the product's action; "control", the same that counts without asking; "by hand", bare psycopg; "told", ours, each
answer written at once ("person place;", place 0 when refused), for those who are going to be killed.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

import psycopg  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Q  # noqa: E402

from bench import clients  # noqa: E402
from unionhall import catalogue  # noqa: E402
from unionhall.kernel.actor import Actor  # noqa: E402
from unionhall.kernel.errors import Refused  # noqa: E402
from unionhall.offers import place_moves  # noqa: E402

Ask = Callable[[int], int]
"""person -> the id of their place, 0 when there is none left."""


def ours(session: int) -> Ask:
    def ask(person: int) -> int:
        by, now = Actor(None, "工人", person=person), datetime.now(UTC)
        try:
            return place_moves.sign_up(session, now=now, by=by, key=f"{session}-{person}").pk
        except Refused as refused:
            if refused.code != "full":
                raise
            return 0

    return ask


def by_hand(session: int) -> Ask:
    """The floor. `place` of the audit entry is filled, so that nothing tries to link what carries no seal."""
    there = connection.settings_dict
    link = psycopg.connect(
        host=there["HOST"], port=there["PORT"] or 5432, user=there["USER"], password=there["PASSWORD"], dbname=there["NAME"],
        autocommit=True, prepare_threshold=None,
    )  # fmt: skip
    cursor = link.cursor()

    def ask(person: int) -> int:
        now = datetime.now(UTC)
        cursor.execute("SELECT offer_id, path, starts_at, taken < places FROM offers_session WHERE id = %s", [session])
        offer, path, starts_at, left = cursor.fetchone()  # type: ignore[misc]
        if not left:
            return 0
        with link.transaction():
            cursor.execute(
                _PARTICIPATION, [offer, person, path, starts_at.date(), f"H{session}-{person}", session, now]
            )
            (number,) = cursor.fetchone()  # type: ignore[misc]
            cursor.execute(
                _LINE, ["card.items", "signed", "RUSH", path, now.date(), person, f"participation:{number}", now]
            )
            cursor.execute(
                _AUDIT, [now, person, "offer.sign_up", f"participation:{number}", path, person, bytes(80), bytes(16)]
            )
            cursor.execute(
                "UPDATE offers_session SET taken = taken + 1 WHERE id = %s AND taken < places AND cancelled_at IS NULL",
                [session],
            )
            if not cursor.rowcount:
                raise psycopg.Rollback
            return int(number)
        return 0

    return ask


_PARTICIPATION = """
    INSERT INTO offers_participation (offer_id, person_id, path, "on", number, quantity, verified_by, session_id, state, asked_at)
    VALUES (%s, %s, %s, %s, %s, 1, '', %s, 'signed', %s) RETURNING id
"""
_LINE = """
    INSERT INTO journal_line (service, act, kind, path, "on", person_id, headcount, fen, quantity, subject, at, reason)
    VALUES (%s, %s, %s, %s, %s, %s, 1, 0, 1, %s, %s, '')
"""
_AUDIT = """
    INSERT INTO journal_auditentry (at, person, posts, act, subject, path, about, trace, note, rows, mac, place)
    VALUES (%s, %s, '', %s, %s, %s, %s, '', '', %s, %s, -nextval('journal_auditentry_id_seq'))
"""


def unasked(session: int) -> Ask:
    """The control: whoever read that there is room counts, whatever was counted since."""
    place_moves._room = lambda needs: Q(taken__gte=0)  # type: ignore[assignment]
    return ours(session)


def told(session: int) -> Ask:
    plain = ours(session)

    def ask(person: int) -> int:
        place = plain(person)
        sys.stdout.write(f"{person} {place};\n")
        sys.stdout.flush()
        return place

    return ask


ARMS = {"ours": ours, "by hand": by_hand, "control": unasked, "told": told}


def main(arm: str, session: int, threads: int, file: Path) -> None:
    assert catalogue.SERVICES
    people = json.loads(file.read_text())
    answers: list[tuple[float, float, bool]] = []

    def asked(ask: Ask) -> Callable[[int], None]:
        def one(person: int) -> None:
            start = time.monotonic()
            got = ask(person)
            answers.append((start, time.monotonic(), bool(got)))

        return one

    asks: list[Any] = [ARMS[arm](session) for _ in range(threads)]
    clients.at_work([asked(ask) for ask in asks], people)
    if arm != "told":
        print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
