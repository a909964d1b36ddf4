"""What officers set about notices: their own words from a day on, and the hours in which no telephone rings."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests import world
from tests.messages.people import OUTING, as_worker, tell
from tests.world import World
from unionhall import catalogue
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.messages import actions, standing
from unionhall.messages.kinds import EN, ZH, Kind, Words, faults, fill
from unionhall.messages.models import Notice, QuietHours, Wording
from unionhall.messages.reading import told
from unionhall.offers.notices import CANCELLED

pytestmark = pytest.mark.django_db
TODAY = date(2015, 6, 1)
OURS = Words("出游：{where}", "亲爱的{name}：去{where}！", "出游有消息，请登录。")


@pytest.fixture
def publicity(here: World) -> Actor:
    return world.an_officer("publicity", here.root)


def test_an_officers_words_hold_from_their_day_and_what_was_told_before_stays(here: World, publicity: Actor) -> None:
    li = world.a_member(here, "李秀英")
    tell(li.person, "before")
    actions.reword(OUTING, ZH, OURS, by=publicity, on=TODAY)
    tell(li.person, "after")
    said = [told(row, ZH, by=as_worker(li.person)).title for row in Notice.objects.order_by("pk")]
    assert said == ["去香山", "出游：香山"]
    english = [told(row, EN, by=as_worker(li.person)).title for row in Notice.objects.order_by("pk")]
    assert english == ["To 香山", "To 香山"], "only one language was reworded"


def test_words_are_dated_and_can_be_taken_back(publicity: Actor) -> None:
    actions.reword(OUTING, ZH, OURS, by=publicity, on=TODAY)
    later = TODAY + timedelta(days=9)
    actions.reword(OUTING, ZH, OURS._replace(title="再改"), by=publicity, on=later)
    assert standing.words([OUTING], later)[OUTING.key, ZH].title == "再改"
    assert standing.words([OUTING], later - timedelta(days=1))[OUTING.key, ZH] == OURS
    assert standing.words([OUTING], TODAY - timedelta(days=1))[OUTING.key, ZH] == OUTING.words[ZH]
    assert actions.own_words(OUTING, ZH, by=publicity, on=later + timedelta(days=1))
    assert standing.words([OUTING], later + timedelta(days=1))[OUTING.key, ZH] == OUTING.words[ZH]
    assert not actions.own_words(OUTING, ZH, by=publicity, on=later + timedelta(days=2))
    assert Wording.objects.count() == 2


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (OURS._replace(title=" "), "title"),
        (OURS._replace(title="长" * 61), "title"),
        (OURS._replace(text="{who} 去哪里"), "text"),
        (OURS._replace(text="去{where"), "text"),
        (OURS._replace(text="去{where.__class__}"), "text"),
        (OURS._replace(short="短" * 61), "short"),
        (OURS._replace(short="{name}，请登录"), "short"),
    ],
)
def test_words_that_would_not_do_are_refused_and_say_where(publicity: Actor, words: Words, part: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.reword(OUTING, ZH, words, by=publicity, on=TODAY)
    assert (refused.value.code, Wording.objects.count()) == (part, 0)


def test_only_who_carries_the_right_over_the_district_sets_words_and_hours(here: World) -> None:
    for by in (world.an_officer("finance", here.root), world.an_officer("publicity", here.willow), as_worker(1)):
        with pytest.raises(NotYours):
            actions.reword(OUTING, ZH, OURS, by=by, on=TODAY)
        with pytest.raises(NotYours):
            actions.own_words(OUTING, ZH, by=by, on=TODAY)
        with pytest.raises(NotYours):
            actions.set_quiet_hours(0, 0, by=by, on=TODAY)


def at(clock: str, day: int = 1) -> datetime:
    """A moment of June 2015 in Beijing."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2015, 6, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_the_night_is_from_ten_to_eight_until_an_officer_says_otherwise(here: World, publicity: Actor) -> None:
    quiet = {clock: standing.is_quiet(at(clock)) for clock in ("21:59", "22:00", "00:00", "07:59", "08:00", "12:00")}
    assert quiet == {"21:59": False, "22:00": True, "00:00": True, "07:59": True, "08:00": False, "12:00": False}
    actions.set_quiet_hours(12 * 60, 14 * 60, by=publicity, on=date(2015, 6, 3))
    assert [standing.is_quiet(at("12:30", day)) for day in (2, 3)] == [False, True]
    assert [standing.is_quiet(at("23:00", day)) for day in (2, 3)] == [True, False]
    actions.set_quiet_hours(0, 0, by=publicity, on=date(2015, 6, 3))
    assert not any(standing.is_quiet(at(f"{hour:02d}:00", 3)) for hour in range(24))
    assert QuietHours.objects.filter(until=None).count() == 1
    with pytest.raises(Refused):
        actions.set_quiet_hours(0, 1440, by=publicity, on=date(2015, 6, 3))


def test_every_kind_of_the_house_holds_together() -> None:
    assert [fault for kind in catalogue.NOTICES for fault in faults(kind)] == []


def test_a_kind_that_does_not_is_found() -> None:
    telling = {ZH: CANCELLED.words[ZH]._replace(short="{offer}取消了"), EN: CANCELLED.words[EN]}
    wrong = Kind(key="x" * 25, title="x", title_en="x", fields=CANCELLED.fields, in_short=frozenset("y"), words=telling)
    said = faults(wrong)
    assert len(said) == 3
    assert "24 characters" in said[0] and "in_short" in said[1] and "zh-hans short" in said[2]
    assert faults(Kind(key="x", title="x", title_en="x", fields={}, words={ZH: Words("a", "a", "a")})) == [
        "x: no words in en"
    ]


def test_a_value_with_braces_is_not_filled_in_again() -> None:
    assert fill("{a}", {"a": "{b}", "b": "x"}) == "{b}"
