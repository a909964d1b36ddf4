"""One client process of bench.matters: threads that pay one grant after another.

    python -m bench.mattersclient ARM THREADS FILE

ARM: "ours", the product's action; "by hand", bare psycopg.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import django

django.setup()

import psycopg  # noqa: E402
from django.db import connection  # noqa: E402

from bench import clients  # noqa: E402
from unionhall import catalogue  # noqa: E402
from unionhall.cases import actions  # noqa: E402
from unionhall.kernel.actor import Actor, Post  # noqa: E402
from unionhall.ledger.models import Fund  # noqa: E402

Pay = Callable[[int], None]
ON = date(2026, 3, 20)


def ours() -> Pay:
    funds = list(Fund.objects.order_by("pk").values_list("name", flat=True))
    by = Actor(None, "财务", (Post("finance", "101"),))

    def pay(case: int) -> None:
        actions.move(case, "pay", on=ON, values={"fund": funds[case % len(funds)]}, by=by)

    return pay


def by_hand() -> Pay:
    """The floor: five statements. `place` of the audit entry is filled, so that nothing tries to link what carries no seal."""
    there = connection.settings_dict
    link = psycopg.connect(
        host=there["HOST"], port=there["PORT"] or 5432, user=there["USER"], password=there["PASSWORD"], dbname=there["NAME"],
        autocommit=True, prepare_threshold=None,
    )  # fmt: skip
    cursor = link.cursor()
    funds = list(Fund.objects.order_by("pk").values_list("pk", flat=True))

    def pay(case: int) -> None:
        now = datetime.now(UTC)
        with link.transaction():
            cursor.execute(
                "SELECT state, service, number, path, person_id, fen_agreed FROM cases_case WHERE id = %s FOR UPDATE",
                [case],
            )
            state, service, number, path, person, fen = cursor.fetchone()  # type: ignore[misc]
            if state != "approved" or not fen:
                raise SystemExit("not to be paid")
            cursor.execute(
                "UPDATE cases_case SET state = 'paid', result = 'paid', closed_on = %s, fen_paid = %s WHERE id = %s",
                [ON, fen, case],
            )
            cursor.execute(_LINE, [service, path, ON, person, fen, f"case:{case}", now])
            fund = funds[case % len(funds)]
            cursor.execute(
                _POSTING,
                [f"{service}:{number}:paid", ON, now, path, fund, fen, path, fund, f"paid:{service}", fen],
            )
            cursor.execute(_AUDIT, [now, f"case:{case}", path, person, bytes(80), bytes(16)])

    return pay


_LINE = """
    INSERT INTO journal_line (service, act, kind, path, "on", person_id, headcount, fen, quantity, subject, at, reason)
    VALUES (%s, 'paid', 'cash', %s, %s, %s, 1, %s, 1, %s, %s, '')
"""
_POSTING = """
    WITH posted AS (
        INSERT INTO ledger_posting (cause, "on", at, reason) VALUES (%s, %s, %s, '') RETURNING id
    )
    INSERT INTO ledger_entry (path, posting_id, fund_id, account, fen)
    SELECT %s, id, %s::bigint, 'cash', -%s::bigint FROM posted
    UNION ALL SELECT %s, id, %s::bigint, %s, %s::bigint FROM posted
"""
_AUDIT = """
    INSERT INTO journal_auditentry (at, posts, act, subject, path, about, trace, note, rows, mac, place)
    VALUES (%s, '', 'case.move', %s, %s, %s, '', '', %s, %s, -nextval('journal_auditentry_id_seq'))
"""

ARMS = {"ours": ours, "by hand": by_hand}


def main(arm: str, threads: int, file: Path) -> None:
    assert catalogue.SERVICES
    cases = json.loads(file.read_text())
    pays: list[Pay] = [ARMS[arm]() for _ in range(threads)]
    began: list[float] = []

    def timed(pay: Pay) -> Pay:
        def paid(case: int) -> None:
            began.append(time.monotonic())
            pay(case)

        return paid

    clients.at_work([timed(pay) for pay in pays], cases)
    print(json.dumps([min(began), time.monotonic()]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
