"""Who may reach what: only the place of a post and what lies below it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionhall.kernel.actor import SYSTEM, Actor, Post
from unionhall.kernel.errors import NotYours

STREET, COMMUNITY, OTHER = "101004", "101004012", "101005"
PATHS = st.lists(st.integers(1, 998), min_size=1, max_size=4).map(lambda steps: "".join(f"{s:03d}" for s in steps))
POSTS = st.lists(st.builds(Post, st.sampled_from(["street", "aid", "leader"]), PATHS), max_size=6).map(tuple)


def test_a_post_reaches_its_place_and_below() -> None:
    officer = Actor(1, "王干部", (Post("street", STREET),))
    assert officer.reaches(STREET) and officer.reaches(COMMUNITY)
    assert not officer.reaches(OTHER) and not officer.reaches("101")


def test_a_named_role_must_be_the_one_that_stands_above() -> None:
    officer = Actor(1, "王干部", (Post("street", STREET), Post("aid", OTHER)))
    assert officer.reaches(COMMUNITY, "street", "aid")
    assert not officer.reaches(COMMUNITY, "aid")


def test_must_reach_says_no_without_saying_what_is_there() -> None:
    officer = Actor(1, "王干部", (Post("street", STREET),))
    officer.must_reach(COMMUNITY, "street")
    with pytest.raises(NotYours):
        officer.must_reach(COMMUNITY, "finance")
    with pytest.raises(NotYours):
        Actor(2, "路人").must_reach(COMMUNITY)


def test_the_machine_reaches_everything_as_system_only() -> None:
    assert SYSTEM.reaches(COMMUNITY, "system")
    assert not SYSTEM.reaches(COMMUNITY, "finance")


def test_places_below_another_of_ones_own_are_not_told_twice() -> None:
    officer = Actor(1, "王干部", (Post("street", STREET), Post("aid", COMMUNITY), Post("aid", OTHER)))
    assert officer.paths() == (STREET, OTHER)
    assert officer.paths("aid") == (COMMUNITY, OTHER)
    assert Actor(2, "路人").paths() == ()


@given(posts=POSTS, path=PATHS)
def test_the_paths_of_an_actor_are_just_what_the_actor_reaches(posts: tuple[Post, ...], path: str) -> None:
    actor = Actor(1, "王干部", posts)
    assert actor.reaches(path) == any(path.startswith(mine) for mine in actor.paths())
    assert len(actor.paths()) == len(set(actor.paths()))


def test_an_actor_cannot_be_changed_on_the_way() -> None:
    with pytest.raises(AttributeError):
        SYSTEM.name = "别人"  # type: ignore[misc]
