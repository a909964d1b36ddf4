"""A district at full size for the desk's bench: 230,584 members in 15 streets, written in bulk. Django must be set up."""

import random
from datetime import date, timedelta

from django.core.management import call_command
from django.db import connection, transaction

from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.identifiers import name_key
from unionhall.kernel.identifiers.citizen import check_character
from unionhall.organisations.accounts import Account
from unionhall.organisations.actions import PlaceRow, PostRow, give_post, open_account, record_places
from unionhall.organisations.models import Employer, Place, Union
from unionhall.people.models import Membership, Person
from unionhall.storage import bulk
from unionhall.storage.loading import into_empty
from unionhall.storage.sealed import indexer, sealer

MEMBERS = 230_584
STREETS, COMMUNITIES = 15, 17
UNIONS, EMPLOYERS = 3_000, 9_000
FOUNDED = date(2000, 1, 1)
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文华建国志海云飞龙梅兰红玉春"


def build(members: int = MEMBERS) -> str:
    """The district; the user name of an officer of its organisation department and of one of a street are fixed."""
    call_command("migrate", verbosity=0)
    chance = random.Random(7)
    paths = _places()
    with transaction.atomic():
        unions = _unions(paths)
        employers = _employers(paths)
        _members(members, unions, employers, chance)
        for username, role, path in (("all", "organisation", "101"), ("street", "street", "101003"),
                                     ("community", "union_officer", "101003004")):  # fmt: skip
            account = open_account(username, username, by=SYSTEM)
            give_post(PostRow(account, role, path, FOUNDED), by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE"
        )  # as their upkeep leaves them
    return str(Account.objects.get(username="all").pk)


def a_number(serial: int) -> str:
    """A citizen number with a right check digit; each serial its own."""
    birth = date(1950, 1, 1) + timedelta(days=serial // 500 % 18_000)
    body = f"110101{birth:%Y%m%d}{serial % 500 * 2 % 1000:03d}"
    return body + check_character(body)


def a_mobile(serial: int) -> str:
    return f"13{serial:09d}"


def _places() -> list[str]:
    rows = [PlaceRow("D", "望河区", "district", "", FOUNDED)]
    rows += [PlaceRow(f"S{at:02d}", f"第{at}街道", "street", "D", FOUNDED) for at in range(1, STREETS + 1)]
    rows += [
        PlaceRow(f"C{at:02d}{of:02d}", f"第{at}街道第{of}社区", "community", f"S{at:02d}", FOUNDED)
        for at in range(1, STREETS + 1)
        for of in range(1, COMMUNITIES + 1)
    ]
    record_places(rows, by=SYSTEM)
    return list(Place.objects.filter(kind="community").order_by("path").values_list("path", flat=True))


def _unions(paths: list[str]) -> list[tuple[int, str]]:
    numbers = bulk.ids(Union, UNIONS)
    rows = [
        (number, f"U{at:05d}", f"第{at}联合工会", "joint", paths[at % len(paths)], FOUNDED)
        for at, number in enumerate(numbers)
    ]
    bulk.insert(Union, ("id", "code", "name", "kind", "path", "since", "uscc", "approval_no", "ended_because"),
                [(*row, "", "", "") for row in rows])  # fmt: skip
    return [(row[0], row[4]) for row in rows]


def _employers(paths: list[str]) -> list[int]:
    numbers = bulk.ids(Employer, EMPLOYERS)
    bulk.insert(Employer, ("id", "uscc", "uscc_override", "name", "ownership", "industry", "workers", "path"), [
        (number, f"91990000MA{at:07d}X", "", f"第{at}有限公司", "private", "C34", 30, paths[at % len(paths)])
        for at, number in enumerate(numbers)
    ])  # fmt: skip
    return numbers


def _members(members: int, unions: list[tuple[int, str]], employers: list[int], chance: random.Random) -> None:
    with into_empty(Person, Membership):
        people, rows = bulk.ids(Person, members), bulk.ids(Membership, members)
        seal_number, seal_mobile = sealer(Person, "number"), sealer(Person, "mobile")
        number_of, mobile_of = indexer(Person, "number"), indexer(Person, "mobile")
        bulk.insert(Person, ("id", "name", "name_key", "document", "number", "number_index", "mobile", "mobile_index", "sex",
                             "birth", "ethnicity", "education", "hukou"), [
            (pk, name, name_key(name), "citizen", seal_number(pk, a_number(at)), number_of(a_number(at)),
             seal_mobile(pk, a_mobile(at)), mobile_of(a_mobile(at)), "female", date(1980, 1, 1), "汉族", "大专", "city_urban")
            for at, pk in enumerate(people)
            for name in (a_name(at, chance),)
        ])  # fmt: skip
        columns = ("id", "person_id", "union_id", "path", "employer_id", "state", "job", "contract", "since", "until",
                   "confirmed_on", "ended_because")  # fmt: skip
        bulk.insert(Membership, columns, [
            _membership(pk, people[at], unions[at % UNIONS], employers[at % EMPLOYERS], chance)
            for at, pk in enumerate(rows)
        ])  # fmt: skip


def a_name(serial: int, chance: random.Random) -> str:
    given = chance.choice(GIVEN) + (chance.choice(GIVEN) if chance.random() < 0.8 else "")
    return SURNAMES[serial % len(SURNAMES)] + given


def _membership(
    pk: int, person: int, union: tuple[int, str], employer: int, chance: random.Random
) -> tuple[object, ...]:
    since = FOUNDED + timedelta(days=chance.randrange(8_500))
    ended = chance.random() < 0.05
    until = since + timedelta(days=chance.randrange(1, 900)) if ended else None
    state = "retained" if chance.random() < 0.01 else "active"
    confirmed = date(2026, 1, 1) + timedelta(days=chance.randrange(300)) if chance.random() < 0.6 else None
    return (pk, person, union[0], union[1], employer, state, "", "", since, until, confirmed, "left" if ended else "")
