"""Coming, redeeming at a counter, taking it back; what it costs; what people say; what a counsellor keeps."""

from datetime import date, timedelta

import pytest

from tests.offers.cast import NOW, STARTS, a_session, a_worker, an_offer, state, taken
from tests.world import World, a_fund, a_member, an_officer, five_people
from unionhall import catalogue
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.period import Period
from unionhall.ledger import actions as ledger
from unionhall.offers.attendance_moves import attend, check_in, person_of, redeem, show_code, undo
from unionhall.offers.codes import door_code
from unionhall.offers.cost_moves import pay_month, pay_session
from unionhall.offers.models import Participation
from unionhall.offers.place_moves import Party, sign_up
from unionhall.offers.said_moves import give_feedback
from unionhall.offers.session_moves import cancel_session, close_session
from unionhall.offers.statement_moves import approve, put_forward
from unionhall.offers.terms_moves import Terms, give_counter, set_terms
from unionhall.offers.use_moves import void

YEAR = Period.year(2015)
AUGUST = NOW + timedelta(days=61)


def a_merchant(here: World, offer: int) -> Actor:
    """An account that holds no post over any place and stands at one counter."""
    merchant = an_officer("merchant", here.root)
    assert merchant.account is not None
    give_counter(offer, merchant.account, venue="望河影院", on=date(2015, 1, 1), by=SYSTEM)
    return Actor(merchant.account, merchant.name)


def uses() -> int:
    return Line.objects.standing().filter(act="used").count()


def test_who_came_is_counted_with_who_came_along_apart(here: World) -> None:
    session = a_session(an_offer(here), 10, most_adults=1, most_children=2)
    li, wang = five_people(here)[:2]
    row = sign_up(session, now=NOW, by=a_worker(li), party=Party(adults=1, children=2))
    other = sign_up(session, now=NOW, by=a_worker(wang))
    with pytest.raises(Refused, match="开始前两小时"):
        attend(session, [row.pk], verified_by="roster", now=NOW, by=SYSTEM)
    assert attend(session, [row.pk, other.pk], verified_by="roster", now=STARTS, by=SYSTEM) == 2
    assert attend(session, [row.pk], verified_by="roster", now=STARTS, by=SYSTEM) == 0
    used = Line.objects.standing().get(act="used", person=li.person)
    assert (used.headcount, used.employer_id, used.on) == (4, here.diner, date(2015, 6, 8))
    along = Line.objects.standing().filter(act="accompanied").values_list("kind", "headcount")
    assert sorted(along) == [("adult", 1), ("child", 2)]
    assert catalogue.figure("card.items.uses").value(here.root, YEAR) == 2
    assert taken(session) == 5


def test_a_worker_checks_in_with_the_code_at_the_door(here: World) -> None:
    session = a_session(an_offer(here), 10)
    li = a_worker(a_member(here, "小李"))
    place = sign_up(session, now=NOW, by=li)
    code = door_code(session, STARTS)
    with pytest.raises(Refused, match="签到码不对"):
        check_in(session, f"{(int(code) + 1) % 10**8:08d}", now=STARTS, by=li)
    with pytest.raises(Refused, match="签到码不对"):
        check_in(session, code, now=STARTS + timedelta(minutes=3), by=li)
    with pytest.raises(Refused, match="没有名额"):
        check_in(session, code, now=STARTS, by=a_worker(a_member(here, "王芳")))
    assert check_in(session, code, now=STARTS + timedelta(minutes=1), by=li).pk == place.pk
    assert check_in(session, "whatever", now=STARTS, by=li).pk == place.pk
    assert uses() == 1


def test_the_code_of_a_card_is_good_for_two_minutes_and_its_holders_own(here: World) -> None:
    li, wang = five_people(here)[:2]
    merchant = a_merchant(here, an_offer(here))
    code = show_code(li.person, now=NOW, by=a_worker(li))
    other = show_code(wang.person, now=NOW, by=a_worker(wang))
    assert len(code) == 8 and code != other
    assert person_of(code, now=NOW + timedelta(seconds=119), by=merchant) == li.person
    with pytest.raises(Refused, match="无效或已过期"):
        person_of(code, now=NOW + timedelta(seconds=120), by=merchant)
    with pytest.raises(NotYours):
        show_code(li.person, now=NOW, by=a_worker(wang))
    with pytest.raises(NotYours):
        person_of(code, now=NOW, by=a_worker(wang))
    newer = show_code(li.person, now=NOW, by=a_worker(li))
    assert person_of(newer, now=NOW, by=merchant) == li.person


def test_a_merchant_redeems_once_a_tap_up_to_the_limit_and_takes_it_back(here: World) -> None:
    offer, other = an_offer(here), an_offer(here, "游泳")
    set_terms(offer, Terms(most_each=1, per="month"), by=SYSTEM)
    li = a_member(here, "小李")
    merchant = a_merchant(here, offer)
    use = redeem(offer, li.person, key="k1", now=NOW, by=merchant)
    assert redeem(offer, li.person, key="k1", now=NOW, by=merchant).pk == use.pk
    with pytest.raises(Refused, match="每月每人限 1 次"):
        redeem(offer, li.person, key="k2", now=NOW, by=merchant)
    with pytest.raises(NotYours):
        redeem(other, li.person, key="k3", now=NOW, by=merchant)
    assert uses() == 1
    undo(use.pk, now=NOW + timedelta(minutes=5), by=merchant)
    assert (state(use), uses()) == ("undone", 0)
    redeem(offer, li.person, key="k2", now=NOW + timedelta(minutes=6), by=merchant)
    redeem(offer, li.person, key="k4", now=NOW + timedelta(days=30), by=merchant)
    assert uses() == 2


def test_a_redemption_is_not_taken_back_later_or_by_another(here: World) -> None:
    offer = an_offer(here)
    li = a_member(here, "小李")
    merchant, stranger = a_merchant(here, offer), a_merchant(here, an_offer(here, "游泳"))
    use = redeem(offer, li.person, key="k1", now=NOW, by=merchant)
    with pytest.raises(NotYours):
        undo(use.pk, now=NOW, by=stranger)
    with pytest.raises(Refused, match="超过 5 分钟"):
        undo(use.pk, now=NOW + timedelta(minutes=5, seconds=1), by=merchant)
    assert uses() == 1


def test_a_place_signed_up_for_is_redeemed_and_is_theirs_again_when_taken_back(here: World) -> None:
    offer = an_offer(here)
    session = a_session(offer, 1)
    li, wang = five_people(here)[:2]
    place = sign_up(session, now=NOW, by=a_worker(li))
    merchant = a_merchant(here, offer)
    with pytest.raises(Refused, match="没有可核销的名额"):
        redeem(offer, wang.person, key="k0", now=STARTS, by=merchant)
    assert redeem(offer, li.person, key="k1", now=STARTS, by=merchant).pk == place.pk
    assert redeem(offer, li.person, key="k1", now=STARTS, by=merchant).pk == place.pk
    undo(place.pk, now=STARTS, by=merchant)
    assert (state(place), uses(), taken(session)) == ("signed", 0, 1)
    assert redeem(offer, li.person, key="k2", now=STARTS, by=merchant).pk == place.pk
    with pytest.raises(Refused, match="不能取消"):
        cancel_session(session, reason="下雨", now=STARTS, by=SYSTEM)


def test_a_session_is_paid_once_for_those_who_came(here: World) -> None:
    fund = a_fund(here, "文体")
    session = a_session(an_offer(here), 5, fen_each=3_000, fund=fund)
    rows = [sign_up(session, now=NOW, by=a_worker(member)) for member in five_people(here)[:3]]
    attend(session, [row.pk for row in rows[:2]], verified_by="roster", now=STARTS, by=SYSTEM)
    finance = an_officer("finance", here.root)
    with pytest.raises(Refused, match="场次结束以后"):
        pay_session(session, on=date(2015, 6, 9), by=finance)
    close_session(session, now=STARTS + timedelta(hours=2), by=SYSTEM)
    with pytest.raises(NotYours):
        pay_session(session, on=date(2015, 6, 9), by=an_officer("women", here.root))
    assert pay_session(session, on=date(2015, 6, 9), by=finance) == 6_000
    assert ledger.balance(fund) == -6_000
    with pytest.raises(Refused, match="没有要结算"):
        pay_session(session, on=date(2015, 6, 9), by=finance)
    paid = Line.objects.standing().get(act="paid")
    assert (paid.fen, paid.headcount, paid.subject) == (6_000, 2, f"session:{session}")


def test_a_month_of_redemptions_is_paid_and_can_be_undone_no_more(here: World) -> None:
    fund, offer = a_fund(here, "文体"), an_offer(here)
    set_terms(offer, Terms(fen_each=1_500, fund=fund), by=SYSTEM)
    merchant = a_merchant(here, offer)
    used = [redeem(offer, member.person, key="k", now=NOW, by=merchant) for member in five_people(here)[:2]]
    finance = an_officer("finance", here.root)
    put_forward(offer, 2015, 6, now=AUGUST, by=an_officer("labour", here.root))
    approve(offer, 2015, 6, now=AUGUST, by=finance)
    assert pay_month(offer, 2015, 6, on=date(2015, 7, 1), by=finance) == 3_000
    with pytest.raises(Refused, match="已经结算"):
        undo(used[0].pk, now=NOW, by=merchant)


def test_who_was_there_says_how_it_was(here: World) -> None:
    session = a_session(an_offer(here), 5)
    li = a_worker(a_member(here, "小李"))
    place = sign_up(session, now=NOW, by=li)
    with pytest.raises(Refused, match="参加以后"):
        give_feedback(place.pk, 5, "很好", by=li)
    attend(session, [place.pk], verified_by="roster", now=STARTS, by=SYSTEM)
    for score in (0, 6):
        with pytest.raises(Refused, match="一到五分"):
            give_feedback(place.pk, score, "", by=li)
    give_feedback(place.pk, 5, "座位太挤", by=li)
    with pytest.raises(NotYours):
        give_feedback(place.pk, 1, "", by=a_worker(a_member(here, "王芳")))
    row = Participation.objects.get(pk=place.pk)
    assert (row.score, "座位" in str(row.comment)) == (5, False)


def test_a_use_declared_void_counts_for_no_figure_and_no_limit_and_a_sign_up_is_no_use(here: World) -> None:
    offer, li = an_offer(here), a_member(here, "小李")
    set_terms(offer, Terms(most_each=1, per="year"), by=SYSTEM)
    use = redeem(offer, li.person, key="k1", now=NOW, by=a_merchant(here, offer))
    void(use.pk, by=SYSTEM, reason="核销错了人")
    assert (state(use), uses()) == ("undone", 0)
    redeem(offer, li.person, key="k2", now=NOW, by=SYSTEM)

    session = a_session(an_offer(here), 5, most_children=1)
    place = sign_up(session, now=NOW, by=a_worker(li), party=Party(children=1))
    assert place not in Participation.objects.uses()
    attend(session, [place.pk], verified_by="roster", now=STARTS, by=SYSTEM)
    assert place in Participation.objects.uses()
    void(place.pk, by=SYSTEM, reason="没有来")
    assert (state(place), taken(session)) == ("absent", 2)
    assert not Line.objects.standing().filter(subject=place.subject, act__in=("used", "accompanied")).exists()
    assert place in Participation.objects.uses()
