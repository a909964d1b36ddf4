"""An import is all or nothing, costs nothing the second time, and can be taken back whole."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.exchange.sheets import roster_rows, write_roster
from tests.world import TODAY, World, a_card, a_district, a_member, a_mobile
from unionhall.exchange.models import Batch, Before
from unionhall.exchange.run import dry_run, run_import, withdraw
from unionhall.exchange.template import Verdict
from unionhall.exchange.templates import by_name
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.people.models import Duplicate, Membership, Person

MEMBERS = by_name("members")


def standing() -> list[dict[str, Any]]:
    """Every row of the people, sealed columns as their envelopes: what must be the same before and after."""
    rows = [*Person.objects.order_by("id").values(), *Membership.objects.order_by("id").values()]
    return [{name: bytes(v) if isinstance(v, bytes | memoryview) else v for name, v in row.items()} for row in rows]


def test_the_same_file_again_is_all_unchanged_and_writes_nothing(here: World, tmp_path: Path) -> None:
    path = write_roster(tmp_path / "r.xlsx", roster_rows(50))
    first = run_import(MEMBERS, path, by=SYSTEM, on=TODAY)
    was = standing(), Line.objects.count(), Batch.objects.count(), Before.objects.count()
    again = run_import(MEMBERS, path, by=SYSTEM, on=TODAY)
    assert +first.counts == {Verdict.NEW: 50}
    assert +again.counts == {Verdict.UNCHANGED: 50}
    assert again.batch is None
    assert (standing(), Line.objects.count(), Batch.objects.count(), Before.objects.count()) == was


def test_each_admission_is_one_line_at_the_union(here: World, tmp_path: Path) -> None:
    outcome = run_import(MEMBERS, write_roster(tmp_path / "r.xlsx", roster_rows(7)), by=SYSTEM, on=TODAY)
    lines = Line.objects.filter(batch=outcome.batch, service="member", act="admitted")
    assert lines.count() == 7
    assert set(lines.values_list("path", "kind", "on")) == {
        (here.joint_union.path, "community_joint", date(2015, 3, 1))
    }


def test_chunks_end_as_one_file_would(here: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = roster_rows(40)
    rows[33] = rows[2] | {"job": "会计"}
    rows[39] = rows[5]
    path = write_roster(tmp_path / "r.xlsx", rows)
    whole = dry_run(MEMBERS, path, by=SYSTEM, on=TODAY)
    monkeypatch.setattr("unionhall.exchange.run.CHUNK", 3)
    parts = run_import(MEMBERS, path, by=SYSTEM, on=TODAY)
    assert (parts.counts, parts.faults) == (whole.counts, whole.faults)
    assert +parts.counts == {Verdict.NEW: 38, Verdict.DOUBTFUL: 1, Verdict.REFUSED: 1}
    assert parts.faults[0].cells[11] == "会计"


def test_an_empty_cell_states_nothing(here: World, tmp_path: Path) -> None:
    (row,) = roster_rows(1)
    run_import(MEMBERS, write_roster(tmp_path / "a.xlsx", [row]), by=SYSTEM, on=TODAY)
    phone = Person.objects.get().mobile_index
    bare = row | {"mobile": "", "ethnicity": "", "job": "领班"}
    outcome = run_import(MEMBERS, write_roster(tmp_path / "b.xlsx", [bare]), by=SYSTEM, on=TODAY)
    person = Person.objects.get()
    assert +outcome.counts == {Verdict.CHANGED: 1}
    assert (person.ethnicity, bytes(person.mobile_index or b"")) == ("汉族", bytes(phone or b"x"))
    assert Membership.objects.get().job == "领班"


def test_a_member_leaves_and_comes_back(here: World, tmp_path: Path) -> None:
    (row,) = roster_rows(1)
    run_import(MEMBERS, write_roster(tmp_path / "a.xlsx", [row]), by=SYSTEM, on=TODAY)
    left = date(2015, 9, 30)
    gone = write_roster(tmp_path / "b.xlsx", [row | {"state": "已退会", "changed_on": left}])
    assert +run_import(MEMBERS, gone, by=SYSTEM, on=TODAY).counts == {Verdict.CHANGED: 1}
    assert (Membership.objects.get().ended_because, Membership.objects.get().until) == ("left", left)
    assert Line.objects.get(service="member", act="left").on == left
    assert +run_import(MEMBERS, gone, by=SYSTEM, on=TODAY).counts == {Verdict.UNCHANGED: 1}
    another = write_roster(tmp_path / "d.xlsx", [row | {"state": "已退会", "changed_on": date(2015, 8, 1)}])
    assert +run_import(MEMBERS, another, by=SYSTEM, on=TODAY).counts == {Verdict.REFUSED: 1}
    back = write_roster(tmp_path / "c.xlsx", [row | {"since": date(2016, 5, 1)}])
    assert +run_import(MEMBERS, back, by=SYSTEM, on=date(2016, 6, 1)).counts == {Verdict.NEW: 1}
    assert Membership.objects.filter(until=None).count() == 1
    assert Person.objects.count() == 1


def test_a_roster_of_changes_puts_each_on_its_own_day(here: World, tmp_path: Path) -> None:
    rows = roster_rows(6)
    run_import(MEMBERS, write_roster(tmp_path / "a.xlsx", rows), by=SYSTEM, on=TODAY)
    days = [date(2015, 4, 1), date(2015, 5, 2), date(2015, 6, 3), date(2015, 7, 4), date(2015, 8, 5)]
    said = [{"state": "已退会"}, {"state": "去世"}, {"state": "保留"}, {"union": "U01"}, {"state": "已转出"}]
    changed = [row | word | {"changed_on": day} for row, word, day in zip(rows, said, days, strict=False)]
    outcome = run_import(MEMBERS, write_roster(tmp_path / "b.xlsx", changed), by=SYSTEM, on=TODAY, accept_doubtful=True)
    assert +outcome.counts == {Verdict.CHANGED: 5}
    assert sorted(Membership.objects.exclude(until=None).values_list("until", flat=True)) == days
    assert sorted(Line.objects.filter(service="member").exclude(act="admitted").values_list("on", flat=True)) == days
    assert set(Membership.objects.exclude(follows=None).values_list("since", flat=True)) == {days[2], days[3]}


def test_one_name_and_one_phone_are_offered_for_merging(here: World, tmp_path: Path) -> None:
    one, other = roster_rows(2, name="王芳", mobile=a_mobile(4321))
    run_import(MEMBERS, write_roster(tmp_path / "r.xlsx", [one, other]), by=SYSTEM, on=TODAY)
    pair = Duplicate.objects.get()
    assert {pair.one.name, pair.other.name} == {"王芳"}


def test_withdrawing_new_rows_leaves_what_was_there(here: World, tmp_path: Path) -> None:
    a_member(here, "小李")
    was = standing()
    outcome = run_import(MEMBERS, write_roster(tmp_path / "r.xlsx", roster_rows(30, name="王芳")), by=SYSTEM, on=TODAY)
    assert outcome.batch is not None
    withdraw(outcome.batch, by=SYSTEM, reason="发错文件")
    assert standing() == was
    assert not Line.objects.standing().filter(batch=outcome.batch).exists()
    assert Batch.objects.get(pk=outcome.batch).state == "withdrawn"


def test_withdrawing_changes_puts_back_every_value(here: World, tmp_path: Path) -> None:
    rows = roster_rows(12)
    first = run_import(MEMBERS, write_roster(tmp_path / "a.xlsx", rows), by=SYSTEM, on=TODAY)
    was, lines = standing(), Line.objects.standing().count()
    changed = [row | {"job": "领班", "mobile": a_mobile(700 + n)} for n, row in enumerate(rows)]
    changed[3] |= {"state": "已退会", "changed_on": date(2015, 9, 1)}
    changed[4] |= {"state": "保留"}
    changed[5] |= {"union": "U01"}
    second = run_import(MEMBERS, write_roster(tmp_path / "b.xlsx", changed), by=SYSTEM, on=TODAY, accept_doubtful=True)
    assert +second.counts == {Verdict.CHANGED: 12}
    assert first.batch is not None and second.batch is not None
    with pytest.raises(Refused, match=f"第 {second.batch} 批又改了"):
        withdraw(first.batch, by=SYSTEM, reason="发错文件")
    withdraw(second.batch, by=SYSTEM, reason="发错文件")
    assert standing() == was
    assert Line.objects.standing().count() == lines
    assert +run_import(MEMBERS, tmp_path / "a.xlsx", by=SYSTEM, on=TODAY).counts == {Verdict.UNCHANGED: 12}


def test_what_later_records_stand_on_is_not_taken_away(here: World, tmp_path: Path) -> None:
    outcome = run_import(MEMBERS, write_roster(tmp_path / "r.xlsx", roster_rows(3)), by=SYSTEM, on=TODAY)
    membership = Membership.objects.filter(batch=outcome.batch).select_related("person")[0]
    member = a_member(here, "小李")._replace(person=membership.person_id, path=membership.path)
    a_card(member)
    assert outcome.batch is not None
    was = standing()
    with pytest.raises(Refused, match="后来的记录"):
        withdraw(outcome.batch, by=SYSTEM, reason="发错文件")
    assert standing() == was


def test_a_withdrawal_wants_a_reason_and_happens_once(here: World, tmp_path: Path) -> None:
    outcome = run_import(MEMBERS, write_roster(tmp_path / "r.xlsx", roster_rows(2)), by=SYSTEM, on=TODAY)
    assert outcome.batch is not None
    with pytest.raises(Refused, match="理由"):
        withdraw(outcome.batch, by=SYSTEM, reason=" ")
    withdraw(outcome.batch, by=SYSTEM, reason="发错文件")
    with pytest.raises(Refused, match="已经撤回"):
        withdraw(outcome.batch, by=SYSTEM, reason="发错文件")
    with pytest.raises(Refused, match="没有第 987654 批"):
        withdraw(987654, by=SYSTEM, reason="发错文件")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_tables_of_any_usual_kind(here: World, tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [["姓名", "身份证号", "所属工会", "入会时间"]]
    rows += [[r["name"], r["document_number"], "石桥东社区联合工会", "2015/3/1"] for r in roster_rows(5, name="王芳")]
    path = tmp_path / "r.csv"
    path.write_text("\r\n".join(separator.join(map(str, row)) for row in rows), encoding=encoding)
    assert +run_import(MEMBERS, path, by=SYSTEM, on=TODAY).counts == {Verdict.NEW: 5}
    assert set(Person.objects.values_list("name", flat=True)) == {"王芳"}


_IMPORT = """
import sys, time
import django
django.setup()
from datetime import date
from pathlib import Path
from django.db import transaction
from unionhall.exchange import run
from unionhall.exchange.templates import by_name
from unionhall.kernel.actor import SYSTEM

run.CHUNK = 50
def progress(rows):
    print(rows, flush=True)
    time.sleep(float(sys.argv[2]))
print(run.run_import(by_name("members"), Path(sys.argv[1]), by=SYSTEM, on=date(2015, 12, 31), progress=progress).batch, flush=True)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [50, 200, 400])
def test_an_import_killed_in_the_middle_leaves_nothing_and_runs_again(tmp_path: Path, after: int) -> None:
    a_district()
    path = write_roster(tmp_path / "r.xlsx", roster_rows(400))
    name = connection.settings_dict["NAME"]
    url = (
        f"sqlite:///{name}"
        if connection.vendor == "sqlite"
        else os.environ["TEST_DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    )
    connection.close()
    environment = os.environ | {"UNIONHALL_DATABASE_URL": url, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", _IMPORT, str(path)]
    with subprocess.Popen([*command, "0.3"], env=environment, stdout=subprocess.PIPE, text=True) as importing:
        assert importing.stdout is not None
        for told in importing.stdout:
            if int(told) >= after:
                break
        importing.send_signal(signal.SIGKILL)
    assert importing.returncode == -signal.SIGKILL
    if connection.vendor == "postgresql":
        time.sleep(0.5)  # the server notices that the client has gone
    assert (Person.objects.count(), Membership.objects.count(), Batch.objects.count()) == (0, 0, 0)
    assert not Line.objects.filter(service="member").exists()
    connection.close()
    done = subprocess.run([*command, "0"], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.split()[-1].isdigit()
    assert (Person.objects.count(), Batch.objects.get().new) == (400, 400)
    if connection.vendor == "sqlite":
        with sqlite3.connect(name) as plain:
            assert plain.execute("pragma integrity_check").fetchone() == ("ok",)
