"""A new key is taken into use and an old one out of it, while people work; what it held is sealed anew, nothing is lost."""

import io
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import world
from tests.world import World
from unionhall.exchange import strongroom
from unionhall.jobs import files
from unionhall.jobs import resealing_moves as resealing
from unionhall.jobs.commands import keys as command
from unionhall.jobs.models import Job
from unionhall.jobs.sealing import sealed_findings
from unionhall.journal import audit
from unionhall.kernel import keys as kernel_keys
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import Refused
from unionhall.kernel.keys import KeyFileError, SealBroken, load_keys
from unionhall.people.actions import change_persons
from unionhall.people.actions.persons import Identity
from unionhall.people.models import Person
from unionhall.storage import sealed
from unionhall.storage.sealed import indexer, keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def key_file(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A key file of this test's own, with the same keys as the others' until it is rotated; and a home without files."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    path = tmp_path / "keys.json"
    shutil.copy(settings.KEY_FILE, path)
    settings.KEY_FILE = path
    sealed.keys.cache_clear()
    yield path
    sealed.keys.cache_clear()


@pytest.fixture
def people(key_file: Path, here: World) -> list[world.Member]:
    """Five people and a card; none of them is waiting to be sealed into the chain."""
    five = world.five_people(here)
    world.a_card(five[0])
    audit.seal_waiting()
    return five


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command.command, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def _held_by(kid: str) -> int:
    return resealing.count()[kid]


def _numbers() -> list[str]:
    """Every identity number, opened with nothing but what the key file holds now."""
    service = load_keys(django_settings.KEY_FILE)
    rows = Person.objects.order_by("pk")
    return [service.open("people_person.number", row.pk, row.number.envelope).decode() for row in rows]


def _mobile(row: Person) -> str:
    return keys().open("people_person.mobile", row.pk, row.mobile.envelope).decode()


def _indexes() -> list[bytes]:
    return [bytes(one) for one in Person.objects.order_by("pk").values_list("number_index", flat=True)]


def _wrong() -> list[str]:
    return [what for what, right in sealed_findings() if not right]


def test_a_key_is_rotated_everything_is_sealed_anew_and_the_old_one_goes(people: list[world.Member]) -> None:
    before, indexes, (old,) = _numbers(), _indexes(), keys().kids
    held = _held_by(old)
    assert held == 11, "five numbers, five mobiles, a card"
    assert call("rotate")[0] == 0
    assert _numbers() == before, "what the old key sealed still opens"
    with pytest.raises(Refused, match="reseal"):
        call("retire", old)
    status, said = call("reseal")
    assert status == 0 and "people.person：5" in said and "people.card：1" in said
    assert (_held_by(old), _held_by("k2")) == (0, held)
    status, said = call("retire", old)
    assert status == 0 and f"keys-{old}.retired.json" in said
    sealed.keys.cache_clear()
    assert keys().kids == ("k2",)
    assert (_numbers(), _indexes()) == (before, indexes)
    assert _wrong() == []
    assert "k2" in call("show")[1]


def test_a_retired_key_comes_back_for_a_backup_and_none_of_another_house_does(
    people: list[world.Member], key_file: Path, tmp_path: Path
) -> None:
    (old,), kept = keys().kids, Person.objects.get(pk=people[0].person).number.envelope
    for step in (("rotate",), ("reseal",), ("retire", old)):
        assert call(*step)[0] == 0
    retired = key_file.with_name(f"keys-{old}.retired.json")
    with pytest.raises(SealBroken):
        load_keys(key_file).open("people_person.number", people[0].person, kept)
    assert call("restore", str(retired))[0] == 0
    assert load_keys(key_file).active == "k2"
    assert load_keys(key_file).open("people_person.number", people[0].person, kept).decode() == people[0].number
    (tmp_path / "other").mkdir()
    kernel_keys.create_keys(tmp_path / "other" / "keys.json")
    with pytest.raises(KeyFileError, match="不是从这个密钥文件停用"):
        call("restore", str(tmp_path / "other" / "keys.json"))


def test_the_key_in_use_and_one_that_is_not_there_cannot_be_retired(people: list[world.Member], key_file: Path) -> None:
    before = key_file.read_text()
    (active,) = keys().kids
    with pytest.raises(Refused, match="11"):
        call("retire", active)
    with pytest.raises(KeyFileError, match="不在密钥文件中"):
        call("retire", "k9")
    with pytest.raises(KeyFileError, match="正在使用"):
        kernel_keys.retire(key_file, active)
    assert key_file.read_text() == before


def test_a_row_somebody_changed_behind_the_house_is_named_and_not_vouched_for(people: list[world.Member]) -> None:
    victim, giver = people[0].person, people[1].person
    changed = Person.objects.get(pk=giver).mobile.envelope
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET mobile = %s WHERE id = %s", [changed, victim])
        cursor.execute("UPDATE people_person SET name = '王小二' WHERE id = %s", [people[2].person])
    call("rotate")
    status, said = call("reseal")
    assert status == 3
    assert f"people.person {victim} 被改动" in said and f"people.person {people[2].person} 被改动" in said
    assert Person.objects.get(pk=victim).mobile.envelope == changed
    (wrong,) = _wrong()
    assert str(victim) in wrong and str(people[2].person) in wrong, "verify says so after as before"


def test_with_a_broken_chain_nothing_is_touched(people: list[world.Member]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_auditentry SET note = 'x' WHERE act = 'person.add'")
    (old,) = keys().kids
    call("rotate")
    with pytest.raises(Refused, match="审计链有"):
        call("reseal")
    assert _held_by(old) == 11


def test_broken_off_it_goes_on_where_it_was(people: list[world.Member], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "AT_ONCE", 2)
    (old,), real, turns = keys().kids, resealing._anew, iter(range(99))

    def killed(*about: Any) -> Any:
        if next(turns) == 4:
            raise KeyboardInterrupt
        return real(*about)

    call("rotate")
    monkeypatch.setattr(resealing, "_anew", killed)
    with pytest.raises(KeyboardInterrupt):
        resealing.reseal(by=SYSTEM)
    half = _held_by(old)
    assert 0 < half < 11
    done = resealing.reseal(by=SYSTEM)
    assert (_held_by(old), done.left, _wrong()) == (0, [], [])


def test_files_are_sealed_anew_too(people: list[world.Member], tmp_path: Path) -> None:
    long = b"0123456789" * 250_000
    token = strongroom.seal(io.BytesIO(long))
    job = Job.objects.create(task="x", title="导出", run_after=timezone.now())
    for name, value in files.seal(job.pk, "名册.xlsx", long).items():
        setattr(job, name, value)
    job.save()
    (old,) = keys().kids
    assert _held_by(old) == 11 + 3 + 3, "pieces of a megabyte"
    call("rotate")
    assert "2 个文件" in call("reseal")[1]
    assert call("retire", old)[0] == 0
    sealed.keys.cache_clear()
    assert b"".join(strongroom.blocks(token)) == long
    assert b"".join(files.opened_file(job)) == long
    assert sorted(path.suffix for path in (tmp_path / "files" / "uploads").iterdir()) == [".sealed"]


def test_a_damaged_file_is_named_and_left(people: list[world.Member], tmp_path: Path) -> None:
    token = strongroom.seal(io.BytesIO(b"x" * 100))
    path = tmp_path / "files" / "uploads" / f"{token}.sealed"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    before = path.read_bytes()
    call("rotate")
    status, said = call("reseal")
    assert status == 3 and token in said and path.read_bytes() == before


def test_another_cipher_is_a_reason_as_well(people: list[world.Member], settings: Settings) -> None:
    settings.CIPHER = "sm4-gcm"
    sealed.keys.cache_clear()
    before = _numbers()
    assert resealing.reseal(by=SYSTEM).rows == 6
    assert _numbers() == before
    assert not keys().needs_resealing(Person.objects.get(pk=people[0].person).number.envelope)


def test_a_running_process_learns_of_the_new_key_when_it_meets_it(key_file: Path) -> None:
    running = load_keys(key_file)
    fresh = kernel_keys.rotate(key_file)
    envelope = fresh.seal("people_person.number", 1, b"x")
    assert running.open("people_person.number", 1, envelope) == b"x"
    assert running.active == "k2" and not running.needs_resealing(running.seal("people_person.number", 2, b"y"))


def test_a_running_process_seals_with_the_new_key_within_ten_seconds(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = load_keys(key_file)
    kernel_keys.rotate(key_file)
    assert running.key_of(running.seal("people_person.number", 1, b"x")) == "k1"
    now = time.monotonic()
    monkeypatch.setattr("unionhall.kernel.keys.time.monotonic", lambda: now + kernel_keys.LOOKED_AGAIN + 0.1)
    assert running.key_of(running.sealer("people_person.number")(1, "x")) == "k2"
    key_file.unlink()
    monkeypatch.setattr("unionhall.kernel.keys.time.monotonic", lambda: now + 60)
    assert running.key_of(running.seal("people_person.number", 1, b"x")) == "k2", "the file may lie in the safe by now"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_who_works_meanwhile_loses_nothing(people: list[world.Member], monkeypatch: pytest.MonkeyPatch) -> None:
    """Four threads restate the mobiles of the same five people while these are sealed anew, two rows at a time."""
    monkeypatch.setattr(resealing, "AT_ONCE", 2)
    last: dict[int, str] = {}
    stop, lock = threading.Event(), threading.Lock()

    def work(at: int) -> None:
        try:
            turn = 0
            while not stop.is_set():
                member, turn = people[(at + turn) % 5], turn + 1
                mobile = world.a_mobile(at * 100_000 + turn)
                with lock:  # so that it is known which was the last
                    row = Person.objects.get(pk=member.person)
                    stated = Identity(row.name, row.document, member.number, bytes(row.number_index), mobile,
                                      indexer(Person, "mobile")(mobile), row.sex, row.birth)  # fmt: skip
                    change_persons([(member.person, stated)], by=SYSTEM)
                    last[member.person] = mobile
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(at,)) for at in range(4)]
    for one in workers:
        one.start()
    (old,) = keys().kids
    try:
        for _ in range(5):
            call("rotate")
            assert resealing.reseal(by=SYSTEM).left == []
    finally:
        stop.set()
        for one in workers:
            one.join(60)
    assert len(last) == 5
    resealing.reseal(by=SYSTEM)
    assert _held_by(keys().active) == 11 and _held_by(old) == 0
    assert {row.pk: _mobile(row) for row in Person.objects.all()} == last
    assert _wrong() == []
