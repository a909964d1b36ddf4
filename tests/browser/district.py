"""A district large enough to look at: fifteen streets on the map, four years of records, three ways to sign in.

    python -m tests.browser.district [members]

fills the database of the environment, which must be migrated and empty. Everything is made up.
"""

import json
import random
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django
from django.conf import settings
from django.db import transaction

YEARS = (2012, 2013, 2014, 2015)
SINCE = date(2010, 1, 1)
PASSWORD = "wanghe-2015"
STREETS = (
    ("德邻", 1, 1), ("新桥", 1, 2), ("展望路", 2, 1), ("荷花池", 2, 3), ("月河", 3, 1), ("金桥", 3, 2), ("长安里", 3, 3),
    ("安门内", 4, 2), ("椿园", 4, 3), ("栅栏", 4, 4), ("安门外", 5, 1), ("牛角巷", 5, 2), ("陶亭", 5, 3), ("天桥北", 5, 4),
    ("白纸店", 6, 2),
)  # fmt: skip
ACCOUNTS = (
    ("leader", "区总领导", "leader", ""),
    ("street", "街道总工会", "street", "S01"),
    ("station", "服务站社工", "station_worker", "S01"),
    ("device", "街道总工会二", "street", "S02"),  # whose second factor a test sets up
    ("organisation", "组织部", "organisation", ""),
    ("finance", "财务部", "finance", ""),
    ("admin", "系统管理员", "system_admin", ""),
    ("merchant", "商户", "merchant", ""),
    ("labour", "劳动和荣誉部", "labour", ""),
    ("rights", "权益部", "rights", ""),
    ("lawyer", "律师", "lawyer", ""),
    ("lawyer2", "律师二", "lawyer", ""),
    ("scorer", "评委", "scorer", ""),
    ("scorer2", "评委二", "scorer", ""),
    ("counsellor", "心理咨询师", "counsellor", ""),
    ("aid", "帮扶部", "aid", ""),
)


def build(members: int = 900) -> None:
    """Places, unions, people, cards, uses, disputes, aid, agreements, honours and accounts."""
    chance = random.Random(20151231)
    with transaction.atomic():
        paths = _tree()
        unions, employers = _unions(paths)
        people = _people(members, paths, unions, employers, chance)
        _journal(people, paths, employers, chance)
        _registers(paths, unions, employers, chance)
        _accounts(paths)
        worker = _worker(paths, unions, employers)
        _business(paths, employers, worker)
        _matters(paths, worker, employers)
        _counter()
        _notices(worker)
        _openings(paths, worker)
        doings.build(paths["W00"], worker.person)
        kin.build(paths["W00"])
        _published(paths)


def _tree() -> dict[str, str]:
    rows = [PlaceRow("W00", "望河区", "district", "", SINCE)]
    for number, (name, row, column) in enumerate(STREETS, 1):
        rows.append(PlaceRow(f"S{number:02d}", f"{name}街道", "street", "W00", SINCE, tile_row=row, tile_column=column))
        rows += [
            PlaceRow(f"S{number:02d}{at}", f"{name}{at}社区", "community", f"S{number:02d}", SINCE) for at in (1, 2, 3)
        ]
    record_places(rows, by=SYSTEM)
    return dict(Place.objects.values_list("code", "path"))


def _unions(paths: dict[str, str]) -> tuple[dict[str, int], dict[str, list[int]]]:
    rows, firms, at = [UnionRow("U0", "望河区总工会", "district_federation", paths["W00"], "", SINCE)], [], []
    for code, path in sorted(paths.items()):
        if len(code) == 4:
            rows.append(UnionRow(f"U{code}", f"{code}社区联合工会", "community_joint", path, "U0", SINCE))
            for one in range(6):
                firms.append(
                    EmployerRow(
                        world.a_uscc(len(firms) + 1),
                        f"望河第{len(firms) + 1}商贸有限公司",
                        path,
                        "private",
                        "F52",
                        20 + one,
                    )
                )
                at.append(code)
    ids = record_unions(rows, by=SYSTEM)
    made = record_employers(firms, by=SYSTEM)
    unions = {row.code[1:]: number for row, number in zip(rows, ids, strict=True)}
    employers: dict[str, list[int]] = {}
    for code, number in zip(at, made, strict=True):
        employers.setdefault(code, []).append(number)
    covers = [
        CoverRow(unions[code], number, paths[code], date(2015, 2, 1))
        for code, some in employers.items()
        for number in some[:5]
    ]
    record_cover(covers, by=SYSTEM)
    for use in ("unionisation", "membership", "bargaining"):
        register = open_register("法人单位名册", date(2014, 12, 31), use, by=SYSTEM)
        record_entries(
            [EntryRow(register, one, paths[code], 9) for code, some in employers.items() for one in some], by=SYSTEM
        )
    return unions, employers


def _people(
    members: int, paths: dict[str, str], unions: dict[str, int], employers: dict[str, list[int]], chance: random.Random
) -> list[tuple[int, str]]:
    """(person id, path) of everyone; nine in ten hold a card."""
    codes = sorted(unions)[1:]
    ids = bulk.ids(Person, members)
    seal, index, seal_card = sealer(Person, "number"), indexer(Person, "number"), sealer(Card, "number")
    people, places, standing, cards = [], [], [], []
    for at, number in enumerate(ids):
        identity = f"110101{19500101 + at % 40 * 10000}{at % 1000:03d}{at // 1000 % 10}"[:18]
        code = chance.choice(codes)
        places.append((number, paths[code]))
        name = chance.choice("赵钱孙李周吴郑王") + chance.choice(("建国", "秀英", "伟", "芳", "敏", "海志"))
        people.append(
            (
                number,
                name,
                name,
                "citizen",
                seal(number, identity),
                index(f"{identity}{at}"),
                "male",
                date(1980, 1, 1),
                "",
                "",
                "",
            )
        )
        since = date(chance.choice((2011, 2012, 2013, 2014, 2015)), chance.randint(1, 12), chance.randint(1, 28))
        standing.append(
            (number, unions[code], chance.choice(employers[code]), "active", "", "", "", paths[code], since)
        )
        if chance.random() < 0.907:
            cards.append((number, paths[code], since, f"6217{at:012d}00"))
    bulk.insert(
        Person,
        (
            "id",
            "name",
            "name_key",
            "document",
            "number",
            "number_index",
            "sex",
            "birth",
            "ethnicity",
            "education",
            "hukou",
        ),
        people,
    )
    bulk.insert(
        Membership,
        ("person_id", "union_id", "employer_id", "state", "job", "contract", "ended_because", "path", "since"),
        standing,
    )
    made = bulk.ids(Card, len(cards))
    rows = [
        (card, person, "active", seal_card(card, number), index(number), since, since, since, "", path)
        for card, (person, path, since, number) in zip(made, cards, strict=True)
    ]
    bulk.insert(
        Card,
        (
            "id",
            "person_id",
            "state",
            "number",
            "number_index",
            "requested_on",
            "made_on",
            "delivered_on",
            "rejected_because",
            "path",
        ),
        rows,
    )
    return places


def _journal(
    people: list[tuple[int, str]], paths: dict[str, str], employers: dict[str, list[int]], chance: random.Random
) -> None:
    entries = []

    def some(service: str, act: str, year: int, count: int, **more: object) -> None:
        for at in range(count):
            person, path = chance.choice(people)
            on = date(year, 1, 1) + timedelta(days=chance.randrange(365))
            entries.append(Entry(service, act, path, on, f"{service}:{year}{at}", person=person, **more))  # type: ignore[arg-type]

    each = max(len(people) // 2, 40)
    for at, year in enumerate(YEARS):
        some("card.items", "used", year, int(each * (1 + 0.28 * at)))
        some("member", "admitted", year, each // 6)
        some("mediation", "accepted", year, each // 5 + 20 * at, headcount=2)
        some("mediation", "agreed", year, each // 6 + 15 * at, fen=350_000)
        some("mediation", "settled_claim", year, each // 6 + 15 * at, fen=900_000)
        some("aid.medical", "paid", year, 9, fen=300_000)
        some("aid.festival", "paid", year, 60, fen=100_000)
        some("aid.study", "paid", year, 3, fen=400_000)
        some("honour", "granted", year, 3, kind="national:劳模、先进工作者")
        some("honour", "granted", year, 22, kind="district:劳动奖章")
    for code, some_employers in employers.items():
        for number in some_employers[:5]:
            entries.append(
                Entry(
                    "union",
                    "covered",
                    paths[code],
                    date(2015, 2, 1),
                    f"cover:{number}",
                    kind="community_joint",
                    employer=number,
                )
            )
    write_many(entries, by=SYSTEM)


def _registers(
    paths: dict[str, str], unions: dict[str, int], employers: dict[str, list[int]], chance: random.Random
) -> None:
    streets = [code for code in sorted(paths) if len(code) == 3 and code != "W00"]
    stations = record_stations(
        [
            StationRow(f"Z{code}", f"{code}工会服务站", paths[code], SINCE, area=140, accepted_on=date(2014, 5, 20))
            for code in streets
        ],
        by=SYSTEM,
    )
    establish(
        [
            EstablishmentRow(one, "social_worker", paths[code], 8, SINCE)
            for one, code in zip(stations, streets, strict=True)
        ],
        by=SYSTEM,
    )
    staff = [
        StaffRow(f"G{code}{at}", "周敏", "social_worker", one, paths[code], date(2013, 6, 1))
        for one, code in zip(stations, streets, strict=True)
        for at in range(chance.randint(6, 8))
    ]
    record_staff(staff, by=SYSTEM)
    open_offers(
        [OfferRow("card.items", f"XM{at:03d}", f"服务项目{at}", paths["W00"], SINCE) for at in range(158)], by=SYSTEM
    )
    for service in ("agreement.wage", "agreement.collective"):
        codes = sorted(employers)
        made = record_agreements(
            [
                AgreementRow(service, f"{service}-{code}", f"{code}专项协议", paths[code], date(2015, 3, 1), date(2015, 3, 1), date(2018, 3, 1),
                             level="area", union_id=unions[code], filed_on=date(2015, 3, 9))
                for code in codes
            ],
            by=SYSTEM,
        )  # fmt: skip
        covers = [
            AgreementCoverRow(service, agreement, number, paths[code], date(2015, 3, 1), date(2018, 3, 1))
            for agreement, code in zip(made, codes, strict=True)
            for number in employers[code][:5]
        ]
        record_covers(covers, by=SYSTEM)


def _worker(paths: dict[str, str], unions: dict[str, int], employers: dict[str, list[int]]) -> "world.Member":
    """A member with a telephone and a card, to come in as."""
    code = sorted(unions)[1]
    union = At(unions[code], paths[code], "community_joint")
    person, number, mobile = world.a_person("李秀英")
    admit([Standing(person, union, employers[code][0], "active", "", "", date(2014, 3, 8))], by=SYSTEM)
    worker = world.Member(person, 0, "李秀英", number, mobile, paths[code])
    world.a_card(worker)
    return worker


def _business(paths: dict[str, str], employers: dict[str, list[int]], worker: "world.Member") -> None:
    """What lists of matters, uses and money show: a dispute under way, a hardship grant paid, an item used."""
    told = registers.Dispute(
        "AJ00001", worker.path, "pay", date(2015, 4, 1), worker.person, employers[min(employers)][0], 3, "visit", date(2015, 4, 2),
        fen_claimed=800_000,
    )  # fmt: skip
    cases.record([registers.dispute(told)], by=SYSTEM)
    (fund,) = open_funds([FundRow("送温暖", "困难职工救助", paths["W00"])], by=SYSTEM)
    world.some_aid(fund, worker, fen=10_000)
    item = Offer.objects.order_by("pk")[0].pk
    world.a_use(item, worker, date(2015, 6, 1))


def _matters(paths: dict[str, str], worker: "world.Member", employers: dict[str, list[int]]) -> None:
    """What a station of these days has before it: late, soon due, new, and one given back; notes, and more time asked for."""
    clerk = Account.objects.get(username="station")
    today = datetime.now(UTC).date()
    by = clerk.actor(today)
    opened = []
    for cause, days in (("pay", 30), ("termination", 4), ("insurance", 1), ("injury", 6)):
        told = {"claim": "支付拖欠的工资", "cause": cause, "headcount": 8, "fen_claimed": 4_680_000}
        on = today - timedelta(days=days)
        opened.append(
            cases.open_case(
                "mediation",
                path=worker.path,
                on=on,
                values=told,
                by=by,
                person=worker.person,
                employer=employers[min(employers)][0],
            ).pk
        )
    late, soon, _new, back = opened
    for case, days in ((late, 29), (soon, 3)):
        cases.move(case, "accept", on=today - timedelta(days=days), values={}, by=by)
    note_moves.write_down(late, "call", "电话联系单位人事，约定下周二 14:00 在站内调解。", by=by)
    handling_moves.assign(late, clerk.pk, by=by)
    handling_moves.give_back(back, reason="请补交劳动合同复印件。", on=today - timedelta(days=5), by=by)
    clock = Deadline.objects.get(case=soon, clock="mediate")
    clock_moves.ask_extension(clock.pk, days=10, reason="双方同意延期", now=datetime.now(UTC), by=by)


def _counter() -> None:
    """A merchant at the counters of two items, whom a summer's members came to; one month's statement was put forward."""
    assert catalogue.SERVICES  # declared by being imported
    fund = Fund.objects.get(name="送温暖").pk
    merchant, organiser = (Account.objects.get(username=name) for name in ("merchant", "organisation"))
    by = Actor(merchant.pk, merchant.name)
    haircut, laundry = list(Offer.objects.order_by("pk")[1:3])
    set_terms(haircut.pk, Terms(fen_each=1_500, fund=fund), by=SYSTEM)
    set_terms(laundry.pk, Terms(fen_each=800, fund=fund, most_each=1, per="month"), by=SYSTEM)
    for item in (haircut, laundry):
        give_counter(item.pk, merchant.pk, venue="畅柳园店", on=SINCE, by=SYSTEM)
    for serial, person in enumerate(Person.objects.order_by("pk")[:9]):
        now = datetime(2015, 6 + serial // 5, 3 + serial, 2, 30, tzinfo=UTC)
        redeem((haircut, laundry)[serial % 2].pk, person.pk, key=f"{serial}", now=now, by=by)
    put_forward(haircut.pk, 2015, 6, now=datetime(2015, 7, 2, tzinfo=UTC), by=organiser.actor(date(2015, 7, 2)))


def _openings(paths: dict[str, str], worker: "world.Member") -> None:
    """What is open to her, from now on: an outing she has a place at, a full one she waits for, a screening she is not meant
    for, a benefit, and a film an hour from now."""
    now = datetime.now(UTC)
    assert catalogue.SERVICES  # declared by being imported
    titles = ("亲子植物课堂", "职工广播操教练班", "两癌免费筛查", "理发优惠", "周末电影")
    services = ("card.items", "card.items", "womens.screening", "card.items", "card.items")
    rows = [
        OfferRow(service, f"KF{n}", title, paths["W00"], now.date() - timedelta(days=30), provider="望河文体中心")
        for n, (title, service) in enumerate(zip(titles, services, strict=True))
    ]
    outing, class_, screening, haircut, film = open_offers(rows, by=SYSTEM)
    set_terms(outing, Terms("认识身边的二十种植物，家长和孩子一起做标本。", most_each=2, per="year"), by=SYSTEM)
    set_terms(screening, Terms(details={"hospital": "望河医院", "checks": "both"}), by=SYSTEM)
    set_terms(haircut, Terms("剪、洗、吹。", pays_fen=1_000), by=SYSTEM)
    set_conditions(outing, [Wanted("member"), Wanted("card")], on=now.date() - timedelta(days=30), by=SYSTEM)
    _give_counter(haircut)

    def a_session(offer: int, number: str, hours: int, places: int, **rest: Any) -> int:
        starts = (now + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)
        return open_session(
            offer, Slot(number, starts, starts + timedelta(hours=3), places, "月河街道文化中心", **rest), by=SYSTEM
        )

    first = a_session(outing, "第一期", 26, 12, most_children=2)
    a_session(outing, "第二期", 24 * 8, 30, most_children=2)
    full = a_session(class_, "周六班", 72, 1, queues=True, hold_minutes=60)
    a_session(screening, "上午", 48, 200)
    soon = a_session(film, "夜场", 1, 80)
    me, other = Actor(None, worker.name, person=worker.person), Person.objects.exclude(pk=worker.person).earliest("pk")
    sign_up(first, now=now, by=me, party=Party(0, 1))
    sign_up(full, now=now, by=SYSTEM, person=other.pk)
    sign_up(full, now=now, by=me)
    sign_up(soon, now=now, by=me)


def _give_counter(offer: int) -> None:
    merchant = Account.objects.get(username="merchant")
    give_counter(offer, merchant.pk, venue="畅柳园理发店（月河街 3 号）", on=SINCE, by=SYSTEM)


def _notices(worker: "world.Member") -> None:
    """Two called-off outings, one of them read, for the worker; a decided export for the organisation department."""
    for session in ("6 月 6 日 9:00，月河街道文化中心", "6 月 13 日 9:00，月河街道文化中心"):
        number = messages.queue(
            CANCELLED, person=worker.person, key=f"cancelled:{session}"[:54], by=SYSTEM,
            fields={"offer": "亲子植物课堂", "session": session, "reason": "当天有暴雨预警"},
        )  # fmt: skip
        if session.startswith("6 月 6 日"):
            me = Actor(None, worker.name, person=worker.person)
            messages.read(number, by=me, now=datetime(2015, 6, 2, tzinfo=UTC))
    account = Account.objects.get(username="organisation")
    fields = {"title": "会员名册", "people": "1,204", "officer": "演示区总领导"}
    messages.queue(EXPORT_ALLOWED, account=account.pk, key="allowed:1", fields=fields, by=SYSTEM)


def _accounts(paths: dict[str, str]) -> None:
    shown = []
    for username, title, role, code in ACCOUNTS:
        account = Account.objects.create_user(username, PASSWORD, name=f"演示{title}")
        give_post(PostRow(account.pk, role, paths[code or "W00"], SINCE), by=SYSTEM)
        shown.append({"username": username, "password": PASSWORD, "title": title})
    (settings.HOME / "demo_accounts.json").write_text(json.dumps(shown, ensure_ascii=False), "utf-8")


def _published(paths: dict[str, str]) -> None:
    for revision, count, reason in ((1, 190, ""), (2, 195, "三件争议补录结案日期")):
        PublishedFact.objects.create(
            publication=1, indicator="mediation.agreed", definition_version=1, path=paths["W00"], start=date(2015, 1, 1),
            end=date(2016, 1, 1), numerator=count, records=count, evidence=b"", revision=revision, difference=5 * (revision - 1),
            reason=reason, published_at=datetime(2016, 1, 20, tzinfo=UTC),
        )  # fmt: skip


if __name__ == "__main__":
    django.setup()

from tests import world  # noqa: E402 - the models need the apps, which a script sets up itself
from tests.browser import doings, kin  # noqa: E402
from unionhall import catalogue  # noqa: E402
from unionhall.access.notices import EXPORT_ALLOWED  # noqa: E402
from unionhall.agreements.actions import AgreementCoverRow, AgreementRow, record_agreements, record_covers  # noqa: E402
from unionhall.cases import actions as cases  # noqa: E402
from unionhall.cases import clock_moves, handling_moves, note_moves, registers  # noqa: E402
from unionhall.cases.clock_models import Deadline  # noqa: E402
from unionhall.indicators.models import PublishedFact  # noqa: E402
from unionhall.journal.actions import Entry, write_many  # noqa: E402
from unionhall.kernel.actor import SYSTEM, Actor  # noqa: E402
from unionhall.ledger.actions import FundRow, open_funds  # noqa: E402
from unionhall.ledger.models import Fund  # noqa: E402
from unionhall.messages import actions as messages  # noqa: E402
from unionhall.offers.actions import OfferRow, open_offers  # noqa: E402
from unionhall.offers.attendance_moves import redeem  # noqa: E402
from unionhall.offers.models import Offer  # noqa: E402
from unionhall.offers.notices import CANCELLED  # noqa: E402
from unionhall.offers.place_moves import Party, sign_up  # noqa: E402
from unionhall.offers.session_moves import Slot, open_session  # noqa: E402
from unionhall.offers.statement_moves import put_forward  # noqa: E402
from unionhall.offers.terms_moves import Terms, Wanted, give_counter, set_conditions, set_terms  # noqa: E402
from unionhall.organisations.actions import (  # noqa: E402
    CoverRow,
    EmployerRow,
    EntryRow,
    EstablishmentRow,
    PlaceRow,
    PostRow,
    StaffRow,
    StationRow,
    UnionRow,
    establish,
    give_post,
    open_register,
    record_cover,
    record_employers,
    record_entries,
    record_places,
    record_staff,
    record_stations,
    record_unions,
)
from unionhall.organisations.models import Account, Place  # noqa: E402
from unionhall.people.actions import At, Standing, admit  # noqa: E402
from unionhall.people.models import Card, Membership, Person  # noqa: E402
from unionhall.storage import bulk  # noqa: E402
from unionhall.storage.sealed import indexer, sealer  # noqa: E402

if __name__ == "__main__":
    build(int(sys.argv[1]) if len(sys.argv) > 1 else 900)
