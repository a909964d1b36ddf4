"""What holds for every figure of the catalogue, at any place, over any period, in any district."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.indicators.district import District, build, counted
from unionhall import catalogue
from unionhall.indicators import published
from unionhall.indicators.figures import Counted, Flow, Rate, Ratio
from unionhall.indicators.territory import below, moves
from unionhall.kernel.errors import Refused
from unionhall.kernel.paths import level
from unionhall.kernel.period import Period
from unionhall.organisations.models import PlaceBecame

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def in_districts(many: int) -> Callable[[Callable[[District], None]], Callable[[], None]]:
    """Run a test in so many random districts, each in a transaction that is rolled back."""

    def around(test: Callable[[District], None]) -> Callable[[], None]:
        @settings(
            max_examples=examples(many), deadline=None, phases=[Phase.generate]
        )  # a seed does not shrink to anything
        @given(seed=st.integers(0, 10**9))
        def once(seed: int) -> None:
            with transaction.atomic():
                test(build(seed))
                transaction.set_rollback(True)

        return once

    return around


def by_hand(figure: Counted, path: str, period: Period) -> int:
    """The records opened one by one."""
    lines = list(figure.lines(path, period))
    if figure.counting == "sum":
        return sum(getattr(line, figure.column) or 0 for line in lines)
    return len(lines)


@in_districts(8)
def test_value_is_its_lines(here: District) -> None:
    for figure in counted():
        for _ in range(2):
            path, period = here.place(), here.period()
            assert figure.value(path, period) == by_hand(figure, path, period), (figure.key, path, period)


@in_districts(6)
def test_lines_of_distinct_people_name_each_once_and_all_their_records(here: District) -> None:
    for figure in counted():
        if figure.counting in ("people", "employers"):
            who = "person" if figure.counting == "people" else "employer"
            path, period = here.place(), here.period()
            lines = list(figure.lines(path, period))
            assert len({line["who"] for line in lines}) == len(lines)
            held = figure.rows(path, period).exclude(**{who: None})
            assert sum(line["times"] for line in lines) == held.count()


@in_districts(6)
def test_a_rate_is_two_counts_and_never_an_average(here: District) -> None:
    for figure in catalogue.figures().values():
        if not isinstance(figure, Ratio):
            continue
        path, period = here.place(), here.period()
        value = figure.value(path, period)
        above, base = figure.numerator.value(path, period), figure.denominator.value(path, period)
        assert value == Rate(above, base)
        assert len(figure.lines(path, period)) == by_hand(figure.numerator, path, period)
        with pytest.raises(Refused, match="不能相加"):
            figure.together([value, value])


@in_districts(10)
def test_parts_add_up_where_declared_and_are_refused_elsewhere(here: District) -> None:
    for figure in catalogue.figures().values():
        path, period = here.place(), here.period()
        cells = [value for _, value in figure.by_place(path, period)]
        if isinstance(figure, Ratio):
            continue
        whole = figure.value(path, period)
        assert isinstance(whole, int)
        if figure.adds:
            assert sum(cells) == whole == figure.together(cells), (figure.key, path, period)  # type: ignore[arg-type]
        else:
            # Whoever is in two parts is counted in both: the parts are at least the whole, and none is more than it.
            assert sum(cells) >= whole >= max([0, *cells]), (figure.key, path, period)  # type: ignore[arg-type,operator]
            with pytest.raises(Refused, match="不能相加"):
                figure.together(cells)


@in_districts(3)
def test_months_add_up_where_declared(here: District) -> None:
    for figure in catalogue.figures().values():
        period = Period.year(here.day().year)
        months = figure.by_month("101", period)
        assert [month for month, _ in months] == list(period.months())
        for month, value in months[::5]:
            assert value == figure.value("101", month), figure.key
        if figure.adds_over_time:
            assert sum(value for _, value in months) == figure.value("101", period)  # type: ignore[misc]


@in_districts(8)
def test_one_query_for_all_places_gives_the_number_of_each(here: District) -> None:
    moved = moves()
    for figure in catalogue.figures().values():
        path, period = here.place(), here.period()
        places = below(path, period, moved)
        whole = figure.whole(path, period, places, moved=moved)
        assert whole.value == figure.value(path, period)
        named = [(place.path, value) for place, value in figure.by_place(path, period) if place]
        assert [value for _, value in named] == list(whole.parts)
        asked = here.chance.sample(here.paths, 4)
        found = figure.of_places(asked, period, moved=moved)
        assert found == {one: figure.value(one, period) for one in asked}, (figure.key, asked, period)


@in_districts(6)
def test_evidence_of_many_places_is_that_of_each(here: District) -> None:
    moved = moves()
    for figure in catalogue.figures().values():
        period, asked = here.period(), here.chance.sample([*here.paths, ""], 4)
        together = published.evidence(figure, asked, period, moved=moved)
        for path in asked:
            assert together[path] == published.evidence(figure, [path], period, moved=moved)[path], (figure.key, path)
            if not isinstance(figure, Ratio):
                assert isinstance(figure, Counted)
                assert together[path][0] == figure.rows(path, period).count()


def home(path: str, day: date, at_level: int, became: dict[str, tuple[str, date]]) -> str:
    """Told anew, one record at a time: the place of a level that a record made at `path` counts to on `day`.

    Going up from where it was made: each place on the way is the one it has become by that day.
    """
    digits = (at_level + 1) * 3

    def now(place: str) -> str:
        while place in became and became[place][1] <= day:
            place = became[place][0]
        return place

    at = path
    if len(at) < digits:
        return at
    at = now(at)
    while len(at) > digits:
        at = now(at[:-3])
    return at


@in_districts(25)
def test_every_record_counts_to_one_place_of_each_level(here: District) -> None:
    became = {old: (new, on) for old, new, on in PlaceBecame.objects.values_list("old__path", "new__path", "on")}
    for figure in here.chance.sample(counted(), 20):
        if figure.counting != "rows":
            continue
        period = here.period()
        rows = [
            (getattr(row, getattr(figure, "placed_by", "path")), row.on if isinstance(figure, Flow) else period.last)
            for row in figure.rows("", period)
        ]
        for at_level in (0, 1, 2, 3):
            told = Counter(home(path, day, at_level, became) for path, day in rows)
            counted_to = figure.parts("", period, at_level)
            whole = {path: n for path, n in told.items() if level(path) == at_level}
            assert {path: n for path, n in counted_to.items() if level(path) == at_level} == whole, (figure.key, period)
            for path in here.chance.sample(here.paths, 3):
                if level(path) == at_level:
                    assert figure.value(path, period) == told[path], (figure.key, path, period)
