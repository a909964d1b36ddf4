"""A drive for one matter: every gift lies in its own fund, the family is handed what was given, and the balance is public."""

from datetime import date

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import world
from tests.aid.cast import Family, a_family, asked_for
from unionhall import catalogue
from unionhall.cases import drive_moves
from unionhall.cases.drive_models import Drive, Gift
from unionhall.cases.drives import sums
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.ledger import actions as ledger
from unionhall.ledger import undo_moves
from unionhall.ledger.models import Posting
from unionhall.web.desk import family as page

YEAR = Period.year(2015)
ON = date(2015, 3, 10)


def a_drive(family: Family, *, title: str = "为一位职工的孩子筹医疗费") -> Drive:
    return drive_moves.open_drive(asked_for(family).pk, title, 4_000_000, on=ON, by=family.aid)


def a_gift(
    family: Family, drive: Drive, fen: int, voucher: str, *, donor: str = "周先生", anonymous: bool = False
) -> int:
    return drive_moves.receive(
        drive.pk, fen, way="bank", voucher=voucher, donor=donor, anonymous=anonymous, on=ON, by=family.finance
    )


def test_gifts_are_handed_over_to_the_last_yuan(here: world.World) -> None:
    family = a_family(here)
    drive = a_drive(family)
    a_gift(family, drive, 300_000, "S1")
    a_gift(family, drive, 200_000, "S2", donor="", anonymous=True)
    with pytest.raises(Refused, match="超过这次募捐的余额"):
        drive_moves.hand_over(drive.pk, 500_001, voucher="Z1", on=ON, by=family.finance)
    drive_moves.hand_over(drive.pk, 450_000, voucher="Z1", on=ON, by=family.finance)
    with pytest.raises(Refused, match="已经登记过一次转交"):
        drive_moves.hand_over(drive.pk, 10_000, voucher="Z1", on=ON, by=family.finance)
    told = sums([drive.pk])[drive.pk]
    assert (told.gifts, told.given, told.handed, told.left) == (2, 500_000, 450_000, 50_000)
    assert ledger.balance(drive.fund_id) == 50_000
    assert catalogue.figure("donations.given").value(here.root, YEAR) == 500_000
    assert catalogue.figure("donations.handed").value(here.root, YEAR) == 450_000


def test_the_fund_of_a_drive_pays_nothing_else(here: world.World) -> None:
    family = a_family(here)
    drive = a_drive(family)
    a_gift(family, drive, 300_000, "S1")
    with pytest.raises(Refused):
        ledger.post_many([ledger.payment("x:1", drive.fund_id, 100, "aid.medical", ON, drive.path)], by=family.finance)


def test_a_mistake_is_voided_and_reversed(here: world.World) -> None:
    family = a_family(here)
    drive = a_drive(family)
    gift = a_gift(family, drive, 300_000, "S1")
    handed = drive_moves.hand_over(drive.pk, 300_000, voucher="Z1", on=ON, by=family.finance)
    with pytest.raises(Refused, match="要先作废那次转交"):
        drive_moves.void_gift(gift, reason="写错", by=family.finance)
    drive_moves.void_handover(handed, reason="家庭退回", by=family.finance)
    drive_moves.void_gift(gift, reason="写错", by=family.finance)
    with pytest.raises(Refused, match="已经作废"):
        drive_moves.void_gift(gift, reason="写错", by=family.finance)
    assert ledger.balance(drive.fund_id) == 0 == sums([drive.pk])[drive.pk].given
    assert catalogue.figure("donations.given").value(here.root, YEAR) == 0


def test_the_books_do_not_take_a_gift_back_behind_the_drive(here: world.World) -> None:
    family = a_family(here)
    a_gift(family, a_drive(family), 300_000, "S1")
    posting = Posting.objects.get(cause__startswith="gift:")
    with pytest.raises(Refused, match="募捐的页面"):
        undo_moves.take_back(posting.pk, reason="x", by=family.finance)


def test_one_matter_one_drive_and_no_name_in_public(here: world.World) -> None:
    family = a_family(here)
    with pytest.raises(Refused, match="不能写受助人的姓名"):
        a_drive(family, title="为孙彩贺的孩子募捐")
    drive = a_drive(family)
    with pytest.raises(Refused, match="只募捐一次"):
        drive_moves.open_drive(drive.case_id, "再来一次", 100, on=ON, by=family.aid)


def test_a_closed_drive_takes_no_more_and_hands_over_the_rest(here: world.World) -> None:
    family = a_family(here)
    drive = a_drive(family)
    a_gift(family, drive, 100, "S1")
    drive_moves.close_drive(drive.pk, reason="目标已到", on=ON, by=family.aid)
    with pytest.raises(Refused, match="不再收款"):
        a_gift(family, drive, 100, "S2")
    drive_moves.hand_over(drive.pk, 100, voucher="Z1", on=ON, by=family.finance)


def test_who_opens_who_receives_who_hands_over(here: world.World) -> None:
    family = a_family(here)
    case = asked_for(family)
    for who in (family.clerk, family.finance):
        with pytest.raises(NotYours):
            drive_moves.open_drive(case.pk, "筹医疗费", 100, on=ON, by=who)
    drive = drive_moves.open_drive(case.pk, "筹医疗费", 100, on=ON, by=family.aid)
    with pytest.raises(NotYours):
        drive_moves.receive(drive.pk, 1, way="cash", voucher="S1", donor="x", anonymous=False, on=ON, by=family.clerk)
    a_gift(family, drive, 100, "S1")
    for who in (family.clerk, family.aid):
        with pytest.raises(NotYours):
            drive_moves.hand_over(drive.pk, 1, voucher="Z1", on=ON, by=who)
        with pytest.raises(NotYours):
            drive_moves.void_gift(Gift.objects.get().pk, reason="x", by=who)
    with pytest.raises(NotYours):
        drive_moves.close_drive(drive.pk, reason="x", on=ON, by=family.finance)


def test_what_was_handed_over_counts_in_the_years_help_until_it_is_taken_back(here: world.World) -> None:
    family = a_family(here)
    drive = a_drive(family)
    a_gift(family, drive, 300_000, "S1")
    handed = drive_moves.hand_over(drive.pk, 300_000, voucher="Z1", on=ON, by=family.finance)
    shown = page.tables(drive.case, family.aid, on=ON)
    assert "3,000.00" in str(shown[1].title) and len(shown[2].rows) == 1
    drive_moves.void_handover(handed, reason="家庭退回", by=family.finance)
    shown = page.tables(drive.case, family.aid, on=ON)
    assert "0.00" in str(shown[1].title) and "3,000" not in str(shown[1].title) and shown[2].rows == []


def test_the_public_sees_sums_and_nobody(here: world.World, client: Client) -> None:
    family = a_family(here)
    drive = a_drive(family)
    a_gift(family, drive, 500_000, "S1", donor="周先生")
    shown = client.get("/donations/").content.decode()
    assert drive.title in shown and "5,000" in shown and "少于 5" in shown
    for name in ("孙彩贺", "孙＊＊", "周先生", "周＊＊", drive.case.number):
        assert name not in shown


STEPS = st.lists(
    st.tuples(st.sampled_from(("gift", "hand", "void gift", "void hand")), st.integers(1, 500)), max_size=12
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_given_is_always_handed_over_and_balance(here: world.World, steps: list[tuple[str, int]]) -> None:
    """Whatever is done in whatever order, the tables and the ledger say the same, and nothing is handed over that was not given."""
    family = a_family(here)
    drive = a_drive(family)
    for serial, (what, number) in enumerate(steps):
        try:
            if what == "gift":
                a_gift(family, drive, number, f"S{serial}")
            elif what == "hand":
                drive_moves.hand_over(drive.pk, number, voucher=f"Z{serial}", on=ON, by=family.finance)
            else:
                rows = drive.gifts.all() if what == "void gift" else drive.handovers.all()
                row = rows.order_by("pk")[number % max(rows.count(), 1) :].first()
                void = drive_moves.void_gift if what == "void gift" else drive_moves.void_handover
                if row is not None:
                    void(row.pk, reason="x", by=family.finance)
        except Refused:
            pass
        told = sums([drive.pk])[drive.pk]
        assert told.given == told.handed + ledger.balance(drive.fund_id)
        assert told.left >= 0
