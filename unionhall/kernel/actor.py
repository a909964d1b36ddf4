"""Who acts, and with which posts at which places."""

from dataclasses import dataclass, field

from unionhall.kernel.errors import NotYours
from unionhall.kernel.paths import within


@dataclass(frozen=True, slots=True)
class Post:
    """A role held at a place: the union's "station worker of 101004"."""

    role: str
    path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at a door, holding posts today. Built by the door for one request, command or job; never stored.

    `person` is set for a worker who signed in as themselves: no posts, only what is their own. `trace` is the number of
    the request or job, as error pages and audit rows show it.
    """

    account: int | None
    name: str
    posts: tuple[Post, ...] = field(default=())
    person: int | None = None
    trace: str = ""

    def reaches(self, path: str, *roles: str) -> bool:
        """Does one of my posts (of these roles, if any are named) stand at or above this place?"""
        return any(within(path, post.path) and (not roles or post.role in roles) for post in self.posts)

    def must_reach(self, path: str, *roles: str) -> None:
        """Raise NotYours unless `reaches`."""
        if not self.reaches(path, *roles):
            raise NotYours(path)

    def holds(self, *roles: str) -> bool:
        """Do I hold a post of one of these roles, wherever it stands?"""
        return any(post.role in roles for post in self.posts)

    def paths(self, *roles: str) -> tuple[str, ...]:
        """The places my posts (of these roles) stand at, without those already below another."""
        mine = sorted({post.path for post in self.posts if not roles or post.role in roles})
        return tuple(path for path in mine if not any(path != other and within(path, other) for other in mine))


SYSTEM = Actor(account=None, name="系统", posts=(Post("system", ""),))
"""The machine itself: the command line, run by whoever already holds the server."""
