"""The tree: one district, its 15 streets in the order and on the tiles of the map, and numbered communities."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

DISTRICT = "110102"
DISTRICT_NAME = "西城区"
SINCE = date(1990, 1, 1)
_DIGITS = "零一二三四五六七八九"


class Street(NamedTuple):
    """Name, GB/T 10114 number within the district, row and column on the tile map, communities at scale 1."""

    name: str
    number: str
    row: int
    column: int
    communities: int


STREETS = (
    Street("德胜", "010", 1, 1, 23),
    Street("新街口", "003", 1, 2, 21),
    Street("展览路", "009", 2, 1, 22),
    Street("什刹海", "012", 2, 3, 25),
    Street("月坛", "007", 3, 1, 26),
    Street("金融街", "011", 3, 2, 19),
    Street("西长安街", "001", 3, 3, 13),
    Street("广安门内", "017", 4, 2, 18),
    Street("椿树", "015", 4, 3, 7),
    Street("大栅栏", "013", 4, 4, 9),
    Street("广安门外", "020", 5, 1, 28),
    Street("牛街", "018", 5, 2, 10),
    Street("陶然亭", "016", 5, 3, 8),
    Street("天桥", "014", 5, 4, 8),
    Street("白纸坊", "019", 6, 2, 18),
)
TREE_HEADERS = (
    "地方代码",
    "名称",
    "类别",
    "上级代码",
    "启用日期",
    "撤销日期",
    "图上行",
    "图上列",
    "并入代码",
    "并入日期",
    "并入原因",
)


class Community(NamedTuple):
    """A community: the street it lies in (position in STREETS), its 12-digit code and its name."""

    street: int
    code: str
    name: str


def street_code(street: int) -> str:
    """The code of a street by its position; -1 is the district itself."""
    return DISTRICT if street < 0 else DISTRICT + STREETS[street].number


def street_name(street: int) -> str:
    return DISTRICT_NAME if street < 0 else f"{STREETS[street].name}街道"


def communities(scale: float) -> list[Community]:
    """Communities in tree order: 255 at scale 1, at least one a street."""
    found = []
    for street, known in enumerate(STREETS):
        for number in range(1, max(1, round(known.communities * min(scale, 1.0))) + 1):
            name = f"{known.name}第{_chinese(number)}社区"
            found.append(Community(street, f"{street_code(street)}{number:03d}", name))
    return found


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + ("" if ones == 0 else _DIGITS[ones])


def tree_rows(scale: float) -> Iterator[tuple[object, ...]]:
    """Rows of the `tree` workbook."""
    tail = (None, None, None)
    yield DISTRICT, DISTRICT_NAME, "区", None, SINCE, None, None, None, *tail
    for street, known in enumerate(STREETS):
        yield street_code(street), street_name(street), "街道", DISTRICT, SINCE, None, known.row, known.column, *tail
    for one in communities(scale):
        yield one.code, one.name, "社区", street_code(one.street), SINCE, None, None, None, *tail
