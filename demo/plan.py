"""How much of everything there is at a scale. At scale 1 the published figures of 2014 and 2015 come out."""

from dataclasses import dataclass

SMALLEST = 0.005
"""Below it there are not enough members for one community-worker union a street."""


@dataclass(frozen=True)
class Plan:
    """Counts at one scale; each at least 1. `thing` scales a number given for the whole district."""

    scale: float

    def __post_init__(self) -> None:
        if self.scale < SMALLEST:
            raise ValueError(f"the scale must be at least {SMALLEST}, not {self.scale}")

    def thing(self, number: float) -> int:
        return max(1, round(number * self.scale))

    @property
    def members(self) -> int:
        return self.thing(230_584)

    @property
    def members_2014(self) -> int:
        """Admitted in 2014."""
        return self.thing(9_684)

    @property
    def members_2015(self) -> int:
        return self.thing(8_112)

    @property
    def cards(self) -> int:
        return self.thing(209_301)

    @property
    def cards_rejected(self) -> int:
        return self.thing(350)

    @property
    def uses(self) -> int:
        return self.thing(182_377)

    @property
    def users(self) -> int:
        """Distinct members behind the uses."""
        return self.thing(131_000)

    @property
    def bargaining(self) -> int:
        """Employers on the list of those that should sign (签订率, 2015-12-31)."""
        return self.thing(16_286)

    @property
    def bargaining_covered(self) -> int:
        return self.thing(15_797)

    @property
    def state(self) -> int:
        return self.thing(800)

    @property
    def joined_2015(self) -> int:
        """On the list of 2014 without a union, brought under one in 2015."""
        return self.thing(100)

    @property
    def new_2015(self) -> int:
        """Founded, and unionised, after the list of 2014."""
        return self.thing(206)

    @property
    def closed(self) -> int:
        """Small employers of the list of 2014 that closed in 2015."""
        return self.thing(60)

    @property
    def unionised_2014(self) -> int:
        """Unionised employers on the non-public legal-person list of 2014-12-31: 15,240 at scale 1."""
        return self.bargaining - self.state - self.joined_2015 - self.new_2015 + self.closed

    @property
    def listed_2014(self) -> int:
        """All employers on that list: 15,400 at scale 1, of which 98.96 % are unionised."""
        return max(round(self.unionised_2014 / 0.98961), self.unionised_2014 + self.joined_2015)
