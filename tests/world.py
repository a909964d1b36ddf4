"""One small cast, built through the actions: 望河区 with two streets, its unions and employers, and a few people.

    here = a_district()                       # places, stations, unions and employers; see World
    li = a_member(here, "小李")                # admitted at the first joint union; a Member
    officer = an_officer("station_worker", here.willow)

Nothing here is real. Every number has right check digits, and every name can be asked for twice in two tests but only
once in one.
"""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import NamedTuple

from stdnum import luhn

from unionhall.agreements.actions import AgreementCoverRow, AgreementRow, record_agreements, record_covers
from unionhall.cases import registers
from unionhall.cases.actions import record
from unionhall.honours.actions import HonourRow, grant
from unionhall.kernel.actor import SYSTEM, Actor, Post
from unionhall.kernel.identifiers import parse_citizen
from unionhall.kernel.identifiers.citizen import check_character
from unionhall.kernel.identifiers.uscc import organisation_check, uscc_check
from unionhall.ledger.actions import FundRow, open_funds
from unionhall.offers.actions import OfferRow, Use, open_offers, record_uses
from unionhall.organisations.accounts import Account
from unionhall.organisations.actions import (
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
    open_account,
    open_register,
    record_cover,
    record_employers,
    record_entries,
    record_places,
    record_staff,
    record_stations,
    record_unions,
)
from unionhall.organisations.models import Place
from unionhall.people.actions import (
    At,
    Identity,
    Reply,
    Request,
    Standing,
    add_persons,
    admit,
    record_replies,
    request_cards,
)
from unionhall.people.models import Person
from unionhall.storage.sealed import indexer

FOUNDED = date(2010, 1, 1)
"""The day the district, its streets and its unions begin."""
LISTED = date(2014, 12, 31)
"""The day of the three dated lists of employers."""
TODAY = date(2015, 12, 31)

_serials = count(1)


@dataclass(frozen=True)
class World:
    """Digit paths of places; ids of stations, unions, employers and lists."""

    root: str
    willow: str  # 柳荫街道
    bridge: str  # 石桥街道
    willow_lane: str  # 柳荫里社区, in the first street
    drum_tower: str  # 鼓楼前社区, in the first street
    bridge_east: str  # 石桥东社区, in the second street
    stations: tuple[int, int]
    federation: int
    own_union: At  # 红星机械厂工会, independent, in the first community
    joint_union: At  # 石桥东社区联合工会
    factory: int  # 红星机械厂: its own union
    diner: int  # 望河小馆: under the joint union
    courier: int  # 快腿物流: under no union
    registers: dict[str, int]  # use -> the list of LISTED


class Member(NamedTuple):
    """A person with an open membership."""

    person: int
    membership: int
    name: str
    number: str
    mobile: str
    path: str


def a_district() -> World:
    """The district as of TODAY: two streets, three communities, a station each, two unions, three employers, three lists."""
    codes = ("W00", "W01", "W02", "W0101", "W0102", "W0201")
    rows = [
        PlaceRow("W00", "望河区", "district", "", FOUNDED),
        PlaceRow("W01", "柳荫街道", "street", "W00", FOUNDED, tile_row=1, tile_column=1),
        PlaceRow("W02", "石桥街道", "street", "W00", FOUNDED, tile_row=1, tile_column=2),
        PlaceRow("W0101", "柳荫里社区", "community", "W01", FOUNDED),
        PlaceRow("W0102", "鼓楼前社区", "community", "W01", FOUNDED),
        PlaceRow("W0201", "石桥东社区", "community", "W02", FOUNDED),
    ]
    record_places(rows, by=SYSTEM)
    found = dict(Place.objects.values_list("code", "path"))
    root, willow, bridge, willow_lane, drum_tower, bridge_east = (found[code] for code in codes)
    stations = _stations(willow, bridge)
    federation, own, joint = _unions(root, willow_lane, bridge_east)
    factory, diner, courier = _employers(willow_lane, bridge_east, drum_tower)
    covers = [CoverRow(own, factory, willow_lane, FOUNDED), CoverRow(joint, diner, bridge_east, date(2015, 3, 2))]
    record_cover(covers, by=SYSTEM)
    return World(
        root, willow, bridge, willow_lane, drum_tower, bridge_east, stations, federation,
        At(own, willow_lane, "independent"), At(joint, bridge_east, "joint"), factory, diner, courier,
        _registers({factory: willow_lane, diner: bridge_east, courier: drum_tower}),
    )  # fmt: skip


def _stations(willow: str, bridge: str) -> tuple[int, int]:
    first, second = record_stations(
        [
            StationRow("Z01", "柳荫工会服务站", willow, FOUNDED, address="柳荫街1号", area=120, rooms=("调解室", "书屋"),
                       accepted_on=date(2015, 5, 20)),
            StationRow("Z02", "石桥工会服务站", bridge, FOUNDED, area=80),
        ],
        by=SYSTEM,
    )  # fmt: skip
    granted = [
        EstablishmentRow(first, "social_worker", willow, 3, FOUNDED),
        EstablishmentRow(second, "social_worker", bridge, 1, FOUNDED),
    ]
    establish(granted, by=SYSTEM)
    staff = [
        StaffRow("G001", "周敏", "social_worker", first, willow, date(2014, 6, 1)),
        StaffRow("G002", "吴刚", "social_worker", first, willow, date(2014, 6, 1), until=date(2015, 9, 1)),
        StaffRow("G003", "郑洁", "social_worker", second, bridge, date(2015, 2, 1)),
    ]
    record_staff(staff, by=SYSTEM)
    return first, second


def _unions(root: str, willow_lane: str, bridge_east: str) -> tuple[int, int, int]:
    federation, own, joint = record_unions(
        [
            UnionRow("U00", "望河区总工会", "district_federation", root, "", FOUNDED),
            UnionRow("U01", "红星机械厂工会", "independent", willow_lane, "U00", FOUNDED),
            UnionRow("U02", "石桥东社区联合工会", "community_joint", bridge_east, "U00", date(2012, 4, 1)),
        ],
        by=SYSTEM,
    )
    return federation, own, joint


def _employers(willow_lane: str, bridge_east: str, drum_tower: str) -> tuple[int, int, int]:
    factory, diner, courier = record_employers(
        [
            EmployerRow(a_uscc(1), "红星机械厂", willow_lane, "state", "C34", 120),
            EmployerRow(a_uscc(2), "望河小馆", bridge_east, "private", "H62", 12),
            EmployerRow(a_uscc(3), "快腿物流", drum_tower, "private", "G60", 45),
        ],
        by=SYSTEM,
    )
    return factory, diner, courier


def _registers(employers: dict[int, str]) -> dict[str, int]:
    workers = (120, 12, 45)
    opened = {}
    for use in ("unionisation", "membership", "bargaining"):
        opened[use] = open_register("法人单位名册", LISTED, use, by=SYSTEM)
        entries = [
            EntryRow(opened[use], employer, path, at_work)
            for (employer, path), at_work in zip(employers.items(), workers, strict=True)
        ]
        record_entries(entries, by=SYSTEM)
    return opened


def a_uscc(serial: int) -> str:
    """A unified social credit code that no one holds, both check characters right."""
    eight = f"MA{serial:06d}"
    body = f"91990000{eight}{organisation_check(eight)}"
    return body + uscc_check(body)


def a_number(serial: int, birth: date = date(1985, 6, 1), *, sex: str = "male") -> str:
    """A citizen number with right check digit; `serial` below 500."""
    body = f"110101{birth:%Y%m%d}{serial * 2 % 1000 + (sex == 'male'):03d}"
    return body + check_character(body)


def a_mobile(serial: int) -> str:
    return f"139{serial:08d}"


def a_card_number(serial: int) -> str:
    body = f"621700{serial:012d}"
    return body + luhn.calc_check_digit(body)


def a_person(name: str = "小李", *, number: str = "", mobile: str = "") -> tuple[int, str, str]:
    """A person with sealed numbers: id, identity number, mobile."""
    serial = next(_serials)
    number = number or a_number(serial % 500, date(1960 + serial // 500 % 40, 6, 1))
    mobile = mobile or a_mobile(serial)
    read = parse_citizen(number, today=TODAY)
    stated = Identity(
        name, "citizen", number, indexer(Person, "number")(number), mobile, indexer(Person, "mobile")(mobile),
        read.sex, read.birth, "汉族", "大专", "city_urban",
    )  # fmt: skip
    return add_persons([stated], by=SYSTEM)[0], number, mobile


def a_member(
    here: World,
    name: str = "小李",
    *,
    at: At | None = None,
    since: date = date(2014, 3, 8),
    employer: int | None = None,
) -> Member:
    """A person admitted to a union: the joint one, employed by the diner, unless told otherwise."""
    union = at or here.joint_union
    works_for = employer or (here.factory if union == here.own_union else here.diner)
    person, number, mobile = a_person(name)
    (membership,) = admit([Standing(person, union, works_for, "active", "", "", since)], by=SYSTEM)
    return Member(person, membership, name, number, mobile, union.path)


def five_people(here: World) -> list[Member]:
    """小李 and 王芳 at the joint union, 赵建国, 买买提·吐尔逊 and 欧阳晓 at the factory's own."""
    joint = [a_member(here, name) for name in ("小李", "王芳")]
    own = [a_member(here, name, at=here.own_union) for name in ("赵建国", "买买提·吐尔逊", "欧阳晓")]
    return joint + own


def a_card(member: Member, *, made_on: date = date(2014, 5, 1), delivered_on: date | None = date(2014, 5, 20)) -> int:
    """The member's mutual-service card: asked for, made and, unless told otherwise, delivered."""
    asked = Request(member.person, member.path, "joint", date(2014, 4, 1), date(2014, 4, 10))
    (card,) = request_cards([asked], by=SYSTEM)
    number = a_card_number(next(_serials))
    record_replies([Reply(card, member.person, member.path, number, made_on, delivered_on, None, None)], by=SYSTEM)
    return card


def an_item(here: World, code: str = "XM001", title: str = "电影票", *, since: date = date(2015, 1, 1)) -> int:
    """A service item on the card, open from `since`."""
    return open_offers([OfferRow("card.items", code, title, here.root, since)], by=SYSTEM)[0]


def a_use(item: int, member: Member, on: date) -> int:
    """The member uses the item."""
    return record_uses([Use(item, member.person, on, f"LS{next(_serials):06d}", verified_by="card")], by=SYSTEM)[0]


def a_dispute(here: World, member: Member, *, opened_on: date = date(2015, 4, 1), agreed: int | None = 500_000) -> int:
    """A dispute over pay at the diner; settled for `agreed` fen ten days later, or still open when that is None."""
    told = registers.Dispute(
        number=f"AJ{next(_serials):05d}", path=here.bridge_east, cause="pay", opened_on=opened_on, person=member.person,
        employer=here.diner, accepted_on=opened_on, closed_on=opened_on.replace(day=11) if agreed else None,
        result="agreed" if agreed else "", fen_claimed=800_000, fen_agreed=agreed,
    )  # fmt: skip
    return record([registers.dispute(told)], by=SYSTEM)[0]


def a_fund(here: World, name: str = "送温暖") -> int:
    return open_funds([FundRow(name, "困难职工救助", here.root)], by=SYSTEM)[0]


def some_aid(
    fund: int, member: Member, *, service: str = "aid.medical", paid_on: date = date(2015, 6, 1), fen: int = 300_000
) -> int:
    """A grant paid to the member from the fund."""
    told = registers.Grant(
        service=service, number=f"JZ{next(_serials):05d}", path=member.path, paid_on=paid_on, fen_paid=fen, fund=fund,
        person=member.person, requested_on=paid_on.replace(day=1), form="cash",
    )  # fmt: skip
    return record([registers.grant(told)], by=SYSTEM)[0]


def an_agreement(here: World, *, service: str = "agreement.wage", since: date = date(2015, 1, 1)) -> int:
    """A two-year agreement of the joint union that covers the diner."""
    until = since.replace(year=since.year + 2)
    (agreement,) = record_agreements(
        [
            AgreementRow(service, f"HT{next(_serials):05d}", "石桥东社区工资专项协议", here.bridge_east, since, since, until,
                         level="area", union_id=here.joint_union.id, filed_on=since)
        ],
        by=SYSTEM,
    )  # fmt: skip
    record_covers([AgreementCoverRow(service, agreement, here.diner, here.bridge_east, since, until)], by=SYSTEM)
    return agreement


def an_honour(
    here: World, member: Member, *, title: str = "劳动奖章", level: str = "district", on: date = date(2015, 4, 28)
) -> int:
    """A title given to the member."""
    row = HonourRow(
        f"RY{next(_serials):05d}", title, level, "person", member.name, here.root, on, person_id=member.person
    )
    return grant([row], by=SYSTEM)[0]


def an_officer(role: str, at: str, *, name: str = "", today: date = TODAY) -> Actor:
    """An officer with an account of their own and one post, ready to act today."""
    username = f"{role}-{next(_serials)}"
    account = open_account(username, name or f"干部{role}", by=SYSTEM)
    give_post(PostRow(account, role, at, FOUNDED), by=SYSTEM)
    return Account.objects.get(pk=account).actor(today)


def officers(here: World, *roles: str) -> dict[str, Actor]:
    """One officer per role at the district."""
    return {role: an_officer(role, here.root) for role in roles}


def a_stranger() -> Actor:
    """Someone signed in who holds no post at all."""
    return Actor(None, "路人")


def an_actor(role: str, path: str) -> Actor:
    """An actor without an account, for what knows no database."""
    return Actor(None, role, (Post(role, path),))
