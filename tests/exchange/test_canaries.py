"""After an import no identity number, card number or mobile lies in plaintext in the database or what was logged."""

import logging
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from tests.exchange.sheets import rewrite, roster_rows, write_roster
from tests.world import a_card_number, a_district
from unionhall.exchange.run import run_import
from unionhall.exchange.templates import by_name
from unionhall.kernel.actor import SYSTEM
from unionhall.organisations.models import Employer
from unionhall.people.models import Card, Membership, Person

ON = date(2015, 12, 31)


def what_is_kept() -> bytes:
    """Every byte the database keeps: the file and its log on SQLite; on PostgreSQL a dump, and every byte column as it is."""
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        return b"".join(p.read_bytes() for p in (path, path.with_name(path.name + "-wal")) if p.exists())
    kept = [dump()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            kept += [bytes(cell) for row in cursor.fetchall() for cell in row if isinstance(cell, bytes | memoryview)]
    return b"\n".join(kept)


def dump() -> bytes:
    """What `pg_dump` writes of the tests' database; its rows as text where that program is not at hand."""
    if shutil.which("pg_dump") is None:
        with connection.cursor() as cursor:
            rows = []
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                rows += [row[0].encode() for row in cursor.fetchall()]
            return b"\n".join(rows)
    told = connection.settings_dict
    environment = {"PGPASSWORD": str(told["PASSWORD"]), "PATH": os.environ["PATH"]}
    where = {"--host": told["HOST"], "--port": told["PORT"], "--username": told["USER"], "--dbname": told["NAME"]}
    command = ["pg_dump", "--no-password", *(f"{option}={value}" for option, value in where.items() if value)]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout


@pytest.mark.django_db(transaction=True)
def test_nothing_sensitive_lies_open(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    a_district()
    rows = roster_rows(20)
    rows[7] |= {
        "document_number": rows[7]["document_number"][:17] + "?"
    }  # a faulty row must not be told to a log either
    run_import(by_name("members"), write_roster(tmp_path / "m.xlsx", rows), by=SYSTEM, on=ON)
    changed = [row | {"job": "领班"} for row in rows]
    run_import(by_name("members"), write_roster(tmp_path / "n.xlsx", changed), by=SYSTEM, on=ON)
    good = [row for place, row in enumerate(rows) if place != 7]
    asked = [[row["name"], row["document_number"], date(2015, 4, 1), date(2015, 4, 2)] for row in good]
    rewrite(tmp_path / "b.xlsx", ["姓名", "证件号码", "同意办卡日期", "申请日期"], asked)
    run_import(by_name("card_batch"), tmp_path / "b.xlsx", by=SYSTEM, on=ON)
    cards = [a_card_number(800 + place) for place in range(len(good))]
    replies = [[row["document_number"], card, "成功", date(2015, 5, 1)] for row, card in zip(good, cards, strict=True)]
    rewrite(tmp_path / "r.xlsx", ["证件号码", "卡号", "结果", "制卡日期"], replies)
    run_import(by_name("card_reply"), tmp_path / "r.xlsx", by=SYSTEM, on=ON)
    assert (Membership.objects.count(), Card.objects.filter(state="made").count()) == (19, 19)

    canaries = [row["document_number"] for row in rows] + [row["mobile"] for row in rows] + cards
    control = "13999990000"
    Employer.objects.update(name=control)
    kept, said = what_is_kept(), caplog.text + "".join(capfd.readouterr())
    assert control.encode() in kept, "the search itself finds nothing"
    assert Person.objects.get(name=rows[0]["name"]).name.encode() in kept
    for canary in canaries:
        assert canary.encode() not in kept
        assert canary not in said
