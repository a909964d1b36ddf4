"""两癌筛查, whole: signed up, promoted when another gives the card back, screened; the figures move by exactly that."""

from datetime import date, timedelta

from tests.offers.cast import NOW, STARTS, a_session, a_worker, an_offer, state
from tests.world import Member, World, a_member
from unionhall import catalogue
from unionhall.jobs.sealing import sealed_findings
from unionhall.jobs.verification import len_of, places_counted
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.period import Period
from unionhall.offers.attendance_moves import attend, check_in
from unionhall.offers.codes import door_code
from unionhall.offers.models import Participation, Session
from unionhall.offers.place_moves import sign_up
from unionhall.offers.queue_moves import give_back
from unionhall.offers.session_moves import close_session
from unionhall.offers.terms_moves import Wanted, set_conditions
from unionhall.people.models import Person

YEAR = Period.year(2015)
NAMES = ("cards", "issued", "screened", "screenings", "units", "sessions")


def a_woman(here: World, name: str) -> Member:
    member = a_member(here, name)
    Person.objects.filter(pk=member.person).update(sex="female")
    return member


def figures(place: str) -> tuple[int, ...]:
    """The six numbers, each held against its records."""
    told = []
    for name in NAMES:
        figure = catalogue.figure(f"womens.screening.{name}")
        value = figure.value(place, YEAR)
        assert value == len_of(figure, place, YEAR)  # type: ignore[arg-type]
        told.append(value)
    return tuple(told)  # type: ignore[arg-type]


def test_a_card_given_back_is_anothers_and_issued_is_not_screened(here: World) -> None:
    offer = an_offer(here, "两癌筛查", service="womens.screening")
    set_conditions(offer, [Wanted("member"), Wanted("not_this_year")], on=date(2015, 1, 1), by=SYSTEM)
    session = a_session(offer, 2, queues=True)
    wang, sun, qian = (a_woman(here, name) for name in ("王芳", "孙敏", "钱静"))
    first, second, third = (sign_up(session, now=NOW, by=a_worker(one)) for one in (wang, sun, qian))
    assert [state(row) for row in (first, second, third)] == ["signed", "signed", "waiting"]
    assert figures(here.root) == (2, 2, 0, 0, 0, 0)

    give_back(second.pk, now=NOW + timedelta(hours=1), by=a_worker(sun))
    assert state(third) == "signed"
    assert figures(here.root) == (2, 2, 0, 0, 0, 0)

    check_in(session, door_code(session, STARTS), now=STARTS, by=a_worker(qian))
    assert figures(here.root) == (2, 2, 1, 1, 1, 0)
    attend(session, [first.pk], verified_by="roster", now=STARTS, by=SYSTEM)
    assert close_session(session, now=STARTS + timedelta(hours=2), by=SYSTEM) == 2
    assert figures(here.root) == (2, 2, 2, 2, 1, 1)
    assert figures(here.bridge) == (2, 2, 2, 2, 1, 0)
    assert figures(here.willow) == (0, 0, 0, 0, 0, 0)
    rate = catalogue.figure("womens.screening.rate")
    assert rate.show(rate.value(here.root, YEAR)).startswith("100")


def test_verify_finds_every_row_as_the_actions_left_it_and_a_count_changed_by_hand(here: World) -> None:
    session = a_session(an_offer(here), 2, queues=True, hold_minutes=60)
    li, wang, zhao = (a_member(here, name) for name in ("小李", "王芳", "赵建国"))
    rows = [sign_up(session, now=NOW, by=a_worker(one), key=f"k{one.person}") for one in (li, wang, zhao)]
    give_back(rows[0].pk, now=NOW, by=a_worker(li))
    attend(session, [rows[1].pk], verified_by="roster", now=STARTS, by=SYSTEM)
    assert [told for told, right in (*sealed_findings(), *places_counted()) if not right] == []

    Session.objects.filter(pk=session).update(taken=1)
    wrong = [told for told, right in places_counted() if not right]
    assert wrong == ["名额 offers_session：1 行与报名记录不符"]
    Participation.objects.filter(pk=rows[1].pk).update(quantity=50)
    assert any("offers.participation" in told for told, right in sealed_findings() if not right)
