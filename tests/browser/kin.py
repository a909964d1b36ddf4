"""孙彩贺's family in the district that is looked at: the boy fell ill, 40,000 yuan in a month; what has come of it so far."""

from datetime import date

from django.utils import timezone

from tests import world
from unionhall.cases import aid_moves, drive_moves, registers
from unionhall.cases.actions import move, open_case, record
from unionhall.kernel.actor import SYSTEM, Actor, Post
from unionhall.ledger.models import Fund
from unionhall.offers.actions import OfferRow, open_offers
from unionhall.offers.policy_moves import PolicyRow, record_policies
from unionhall.organisations.models import Account, Employer, Union
from unionhall.people import household_moves
from unionhall.people.actions import At, Standing, admit

ASKED, OWN, BEYOND = "SUN-0001", "SUN-0002", "SUN-0003"
"""The family's request; one an aid officer wrote down themselves; one that is approved beyond the cap."""
DRIVE = "为一位职工5岁的孩子筹医疗费"


def build(root: str) -> None:
    today = timezone.localdate()
    first = date(today.year, 1, 1)
    union = Union.objects.filter(kind="community_joint").order_by("pk")[0]
    person, _number, _mobile = world.a_person("孙彩贺", number=world.a_number(499), mobile=world.a_mobile(99_999_001))
    admit([Standing(person, At(union.pk, union.path, "joint"), None, "active", "", "", date(2014, 3, 3))], by=SYSTEM)
    for name, relation in (("李秀梅", "spouse"), ("孙小宝", "child")):
        household_moves.add_member(
            person, name=name, number="", relation=relation, on=first, path=union.path, by=SYSTEM
        )
    for kind, amount, service in (
        ("cap", 2_000_000, "aid.medical"),
        ("cap", 3_000_000, ""),
        ("allowance", 71_000, ""),
        ("relative", 200, ""),
    ):
        aid_moves.lay_down(kind, amount, service=service, since=date(2015, 1, 1), reason="望河区帮扶办法", by=SYSTEM)
    fund = Fund.objects.get(name="送温暖").pk
    told = registers.Grant("aid.medical", "SUN-0000", union.path, first, 1_500_000, fund, person, requested_on=first)
    record([registers.grant(told)], by=SYSTEM)
    _insured(root, union.path, person, fund, first)
    aid = Account.objects.get(username="aid").pk
    officer = Actor(aid, "帮扶部", SYSTEM.posts)
    for number, cause, who in ((ASKED, "illness", SYSTEM), (OWN, "disability", officer), (BEYOND, "accident", SYSTEM)):
        case = open_case(
            "aid.medical", path=union.path, on=today, values={"reason": "孩子患川崎病，药品自费", "fen_claimed": 4_000_000},
            by=who, person=person, number=number, cause=cause,
        )  # fmt: skip
        move(case.pk, "verify", on=today, values={}, by=Actor(None, "社工", (Post("station_worker", union.path),)))
        if number == ASKED:
            _donated(case.pk, today)
    file = registers.HardshipFile("SUN-D1", union.path, "deep", date(2015, 3, 2), person, _employer())
    record([registers.hardship_file(file)], by=SYSTEM)


def _employer() -> int:
    return int(Employer.objects.order_by("pk").values_list("pk", flat=True)[0])


def _insured(root: str, path: str, person: int, fund: int, first: date) -> None:
    last = date(first.year + 1, 1, 1)
    row = OfferRow("insurance.plans", "BF-01", "职工住院医疗互助保障计划", root, first, last, "互助会", "premium")
    (plan,) = open_offers([row], by=SYSTEM)
    record_policies([PolicyRow(plan, person, path, "1", first, last, "union", 3_000)], by=SYSTEM)
    claim = registers.Claim(
        "insurance.premium",
        "SUN-L1",
        path,
        "BF-01",
        first,
        first,
        320_000,
        fund,
        person,
        None,
        first,
        first,
        400_000,
        320_000,
    )
    record([registers.claim(claim)], by=SYSTEM)


def _donated(case: int, today: date) -> None:
    drive = drive_moves.open_drive(case, DRIVE, 4_000_000, on=today, by=SYSTEM)
    for at, yuan in enumerate((1_000, 2_000, 500, 800, 700, 200)):
        drive_moves.receive(
            drive.pk, yuan * 100, way="cash", voucher=f"S{at}", donor="同事", anonymous=at % 2 == 0, on=today, by=SYSTEM
        )
    drive_moves.hand_over(drive.pk, 300_000, voucher="Z1", on=today, by=SYSTEM)
