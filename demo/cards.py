"""Mutual-service cards: which members hold one, since when, and the files that went to the bank and came back."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from demo.chance import coprime, mix, salt
from demo.people import admitted, person
from demo.world import Group, World

BATCH_HEADERS = ("姓名", "证件号码", "同意办卡日期", "申请日期")
REPLY_HEADERS = ("证件号码", "姓名", "卡号", "结果", "退回原因", "制卡日期", "发放日期", "激活日期")
_REASONS = ("姓名与证件号码不一致", "证件已过有效期", "本人在本行已有同类卡")
_CARD = salt("card")
_YEARS = ((0.07, 2010), (0.19, 2011), (0.36, 2012), (0.57, 2013), (0.80, 2014), (1.0, 2015))
"""Up to which share of the holders the cards of a year go, unless a member was admitted later."""
_ISO = [date.fromordinal(day).isoformat() for day in range(date(2009, 1, 1).toordinal(), date(2016, 2, 1).toordinal())]
_ISO_FIRST = date(2009, 1, 1).toordinal()
_BIN = "622000"


class Card(NamedTuple):
    """Days are ordinals. `made` 0: the bank sent the request back."""

    consented: int
    requested: int
    made: int
    delivered: int
    activated: int  # 0: not yet


class Cards:
    """Ranks shuffle the members: the first `plan.cards` ranks hold a card, the next `plan.cards_rejected` were refused."""

    def __init__(self, world: World) -> None:
        self.size, self.made, self.rejected = world.members, world.plan.cards, world.plan.cards_rejected
        self._step = coprime(1_299_709, self.size)
        self._shift = self.size // 3
        self._back = pow(self._step, -1, self.size) if self.size > 1 else 0
        self._starts = [(share * self.made, date(year, 1, 8).toordinal()) for share, year in _YEARS]

    def rank(self, key: int) -> int:
        return (key * self._step + self._shift) % self.size

    def holder(self, rank: int) -> int:
        """The member number of a rank."""
        return (rank - self._shift) * self._back % self.size

    def card(self, key: int, joined: int) -> Card | None:
        """The member's card, or None where none was asked for. All are with their holders by 2015-12-28."""
        rank = self.rank(key)
        if rank >= self.made + self.rejected:
            return None
        draw = mix(_CARD, key)
        start = next((start for upto, start in self._starts if rank < upto), self._starts[-1][1])
        draw, days = divmod(draw, 331)
        draw, soon = divmod(draw, 16)
        requested = max(start + days, joined + 3 + soon)
        draw, earlier = divmod(draw, 3)
        consented = max(joined, requested - earlier)
        if rank >= self.made:
            return Card(consented, requested, 0, 0, 0)
        draw, bank = divmod(draw, 5)
        draw, hand = divmod(draw, 5)
        made = requested + 4 + bank
        delivered = made + 1 + hand
        draw, active = divmod(draw, 16)
        return Card(consented, requested, made, delivered, delivered + draw % 5 if active else 0)


def card_number(key: int) -> str:
    """19 digits with a Luhn check, one for each member."""
    serial = (key * 777_767_777 + 31_415_926_535) % 10**12
    high, low = divmod(serial, 10**6)
    return f"{_BIN}{serial:012d}{-(_BIN_SUM + _luhn(high) + _luhn(low)) % 10}"


def _luhn(six: int) -> int:
    """The Luhn sum of six of the 18 digits before the check: every second one from the left counts double."""
    return _PAIRS[six // 10_000] + _PAIRS[six // 100 % 100] + _PAIRS[six % 100]


_PAIRS = [n // 10 + (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)[n % 10] for n in range(100)]
_BIN_SUM = _luhn(int(_BIN))


def asked(world: World, groups: Iterable[Group]) -> Iterator[tuple[int, str, str, Card]]:
    """(member number, name, document number, card) of everyone in these groups for whom a card was asked."""
    cards = Cards(world)
    for group in groups:
        for place in range(group.size):
            key = group.first + place
            if cards.rank(key) < cards.made + cards.rejected:
                one = person(key)
                card = cards.card(key, admitted(key, place, group, one.birth))
                assert card is not None
                yield key, one.name, one.number, card


def batch_rows(world: World, groups: Iterable[Group]) -> Iterator[tuple[str, ...]]:
    """Rows of a `card_batch` file."""
    for _, name, number, card in asked(world, groups):
        yield name, number, _ISO[card.consented - _ISO_FIRST], _ISO[card.requested - _ISO_FIRST]


def reply_rows(world: World, groups: Iterable[Group]) -> Iterator[tuple[str, ...]]:
    """Rows of a `card_reply` file."""
    for key, name, number, card in asked(world, groups):
        if card.made:
            active = _ISO[card.activated - _ISO_FIRST] if card.activated else ""
            made, handed = _ISO[card.made - _ISO_FIRST], _ISO[card.delivered - _ISO_FIRST]
            yield number, name, card_number(key), "成功", "", made, handed, active
        else:
            yield number, name, "", "退回", _REASONS[key % 3], "", "", ""
