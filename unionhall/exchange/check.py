"""Setting printed figures against the records: one verdict for every row of a table of published figures.

The table has the columns id, period, mode, indicator_zh, qualifier, value, unit, counted_from, definition. Rules:

Which figure. The printed name is a figure's title or one of its other names (`also`); or, with the name of a place taken
from its front (with or without 区/街道/镇…), it is one, and is asked at that place; or its end is one, the longest, and
what stands in front of that end says nothing more than where: the district itself (全区), the first of its kind (首家,
borne out when there is one), or, before a name that begins with its level (市劳模), the city or province it is in, which is
known from the district federation's full name. Anything else in front (农民工会员, 女职工劳动奖章, also 北京市劳动奖章, which
is the city's to give) makes another figure of it: the row has none, and the note names the near one.

Which period. A day (2014-12-31) is that day; a month or year that month or year; no date at all the report's year. A
figure of things done, printed as cumulative or as of a day, is counted from the beginning to the period's last day.

Equal by the printed qualifier, exactly computed: "=" the same after rounding a rate half up to the decimals printed
(money and counts are never rounded); "over" (余) more than printed, by a fifth at most; "nearly" (近) less, by a fifth at
most; "about" (约) within a twentieth; "at_least" (以上) not less.

Verdicts. A target is `later`, with the part that keeps targets. A row whose figure is found is `equal` or `differs`. A
row without a figure is `not-a-figure` when it tells a story, a setting or an event; `later` when the records it is
counted from come with a later part; else `not-a-figure`.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from math import ceil
from pathlib import Path
from typing import NamedTuple

from unionhall import catalogue
from unionhall.indicators.figures import Figure, Ratio
from unionhall.indicators.territory import Moves, moves
from unionhall.indicators.values import Rate, Value
from unionhall.kernel.errors import Refused
from unionhall.kernel.money import fen
from unionhall.kernel.period import Period
from unionhall.organisations.models import Place, Union

COLUMNS = ("id", "period", "mode", "indicator_zh", "qualifier", "value", "unit", "counted_from", "definition")
MARKS = {"=": "", "over": ">", "nearly": "<", "about": "≈", "at_least": "≥", "text": ""}
WIDE, NARROW = Decimal("0.2"), Decimal("0.05")
MONEY = ("元", "万元")
NO_FIGURE = {"story": "叙述个案，不是统计指标", "config": "是设定，不是统计指标", "event": "是事件日期，不是统计指标"}
_PLACE_WORDS = ("街道", "区", "镇", "乡", "社区", "村")
_OURS = ("", "全", "本", "我")
_FIRST = ("首家", "首个")
_WIDER = re.compile(r".+?(?:自治区|自治州|地区|省|市|盟)")
_A_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_A_MONTH = re.compile(r"(?<!\d)(\d{4})-(0[1-9]|1[0-2])(?![-\d])")
_A_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_A_RECORD = re.compile(r"[A-Z][A-Za-z]+")


class Checked(NamedTuple):
    """One row and what became of it; a line of the answer is its fields joined by tabs."""

    id: str
    published: str
    computed: str
    verdict: str  # equal, differs, later, not-a-figure
    note: str

    def __str__(self) -> str:
        return "\t".join(" ".join(field.split()) for field in self)


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed figure."""

    id: str
    period: str
    mode: str
    name: str
    qualifier: str
    value: str
    unit: str
    counted_from: str
    definition: str


class Asked(NamedTuple):
    """A figure a printed name was found to mean, where, and how it was found ("" when by its own name)."""

    figure: Figure
    path: str
    how: str


def check(csv_path: Path, year: int) -> list[Checked]:
    """A verdict for every row, in the order of the file."""
    rows = list(read(csv_path))
    names, moved = Names(), moves()
    return [_checked(row, names, year, moved) for row in rows]


def read(csv_path: Path) -> Iterator[Printed]:
    """The rows of a table of published figures. Refused: no such file, not this table."""
    if not csv_path.is_file():
        raise Refused("没有文件 {csv_path}，请核对路径。", csv_path=csv_path)
    with csv_path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
        if missing:
            raise Refused("{name} 缺少列：{missing}。", name=csv_path.name, missing=list(missing))
        for row in table:
            yield Printed(*((row[name] or "").strip() for name in COLUMNS))


class Names:
    """Every name figures and places go by."""

    def __init__(self) -> None:
        self.figures: dict[str, Figure] = {}
        for figure in catalogue.figures().values():
            for name in (figure.title, *figure.also):
                self.figures.setdefault(name, figure)
        self.places: dict[str, str] = {}
        for name, path in Place.objects.order_by("path").values_list("name", "path"):
            for short in {name, *(name.removesuffix(word) for word in _PLACE_WORDS)}:
                if len(short) > 1:
                    self.places.setdefault(short, path)
        root = Place.objects.filter(parent=None).order_by("path").first()
        self.root = root.path if root else ""
        self.ours = {ours + root.name[-1] for ours in _OURS} if root else set()
        self.wider = _wider(root) if root else set()

    def find(self, name: str) -> Asked | None:
        """The figure a printed name means, or None."""
        if name in self.figures:
            return Asked(self.figures[name], self.root, "")
        fronts = sorted((place for place in self.places if name.startswith(place)), key=len, reverse=True)
        for place in fronts:
            rest = name.removeprefix(place)
            if rest in self.figures:
                return Asked(self.figures[rest], self.places[place], f"在{place}")
        end = self.near(name)
        if end and self._says_only_where(name.removesuffix(end), end):
            return Asked(self.figures[end], self.root, f"按“{end}”")
        return None

    def near(self, name: str) -> str:
        """The longest name of a figure that a printed name ends in; "" when there is none."""
        return max((known for known in self.figures if name.endswith(known)), key=len, default="")

    def _says_only_where(self, front: str, end: str) -> bool:
        if front in self.ours or front in _FIRST:
            return True
        return any(front + end[:1] == wider for wider in self.wider)


def _wider(root: Place) -> set[str]:
    """The city and province the district is in, as its federation's full name says: 某市某区总工会."""
    found = set()
    for name in Union.objects.filter(path=root.path, kind="district_federation").values_list("name", flat=True):
        front, here, _ = name.partition(root.name)
        parts = _WIDER.findall(front) if here else []
        found |= {"".join(parts[at:to]) for at in range(len(parts)) for to in range(at + 1, len(parts) + 1)}
    return found


def _checked(row: Printed, names: Names, year: int, moved: Moves) -> Checked:
    published = f"{MARKS.get(row.qualifier, row.qualifier)}{row.value}{' ' if row.unit else ''}{row.unit}"
    if row.mode == "target":
        return Checked(row.id, published, "", "later", _later(["Target"], row.name) or "目标值")
    asked = names.find(row.name)
    if asked is None:
        return Checked(row.id, published, "", *_without_figure(row, names.near(row.name)))
    period = period_of(row, asked.figure, year)
    value = asked.figure.value(asked.path, period, moved=moved)
    verdict = "equal" if agrees(row, asked.figure, value) else "differs"
    return Checked(
        row.id, published, _computed(asked.figure, value), verdict, _note(row, asked, period, value, verdict)
    )


def period_of(row: Printed, figure: Figure, year: int) -> Period:
    """The period a row speaks of, as this figure is to be asked."""
    named = _named_period(row.period) or Period.year(year)
    standing = row.mode in ("cumulative", "stock") or row.period.startswith("as-of")
    return Period.until(named.last) if figure.mode == "flow" and standing else named


def _named_period(text: str) -> Period | None:
    day = _A_DAY.search(text)
    if day:
        try:
            return Period.day(date(int(day[1]), int(day[2]), int(day[3])))
        except ValueError:
            raise Refused("“{text}”里没有这一天，请核对。", text=text) from None
    month = _A_MONTH.search(text)
    if month:
        return Period.month(int(month[1]), int(month[2]))
    named = _A_YEAR.search(text)
    return Period.year(int(named[0])) if named else None


def agrees(row: Printed, figure: Figure, value: Value) -> bool:
    """Does the counted value bear out what is printed, by its qualifier?"""
    if row.qualifier == "text":
        return figure.show(value) == row.value
    printed, counted = _printed(row, figure), _counted(row, figure, value)
    if printed is None or counted is None:
        return False
    if row.qualifier == "over":
        return printed < counted <= printed * (1 + WIDE)
    if row.qualifier == "nearly":
        return printed * (1 - WIDE) <= counted < printed
    if row.qualifier == "about":
        return abs(counted - printed) <= printed * NARROW
    return counted >= printed if row.qualifier == "at_least" else counted == printed


def _printed(row: Printed, figure: Figure) -> Decimal | None:
    if row.unit in MONEY and figure.unit in MONEY:
        return Decimal(fen(row.value, unit=row.unit))
    try:
        return Decimal(row.value.replace(",", ""))
    except InvalidOperation:
        return None


def _counted(row: Printed, figure: Figure, value: Value) -> Decimal | None:
    if isinstance(value, Rate):
        return value.rounded(len(row.value.partition(".")[2]))
    if value is None or (figure.unit in MONEY) != (row.unit in MONEY):
        return None
    return Decimal(value)


def _computed(figure: Figure, value: Value) -> str:
    return f"{figure.exact(value).replace(',', '')} {figure.unit}"


def _note(row: Printed, asked: Asked, period: Period, value: Value, verdict: str) -> str:
    figure = asked.figure
    when = f"截至 {period.last.isoformat()}" if figure.mode == "stock" else str(period)
    told = [f"{asked.how}{figure.title}，{when}"]
    if isinstance(value, Rate):
        told.append(f"{value.numerator} ÷ {value.denominator}")
    if row.mode == "flow" and figure.mode == "stock":
        told.append("印作当期数，按时点数计")
    if row.mode == "stock" and figure.mode == "flow":
        told.append("印作时点数，按累计发生数计")
    if row.unit != figure.unit:
        told.append(f"印作“{row.unit}”，按“{figure.unit}”计")
    if verdict == "differs":
        told.append(_why(row, figure, value))
    return "；".join(told)


def _why(row: Printed, figure: Figure, value: Value) -> str:
    """What the printed number would need; the definition it is counted by."""
    if isinstance(value, Rate) and isinstance(figure, Ratio) and row.qualifier == "=" and value.denominator:
        printed = _printed(row, figure)
        if printed is not None:
            needed = ceil(printed * value.denominator / 100)
            return f"要达到 {row.value}% 须有 {needed} {figure.numerator.unit}（{figure.numerator.title}）；口径：{figure.definition}"
    return f"口径：{figure.definition}"


def _without_figure(row: Printed, near: str) -> tuple[str, str]:
    """Verdict and note of a row no figure answers; `near` is the figure's name its own ends in."""
    if row.mode in NO_FIGURE:
        return "not-a-figure", f"{NO_FIGURE[row.mode]}：{row.definition}"
    later = _later(_A_RECORD.findall(re.sub(r"\([^)]*\)", "", row.counted_from)), row.name)
    if later:
        return "later", later
    nearest = f"（“{near}”是另一个数）" if near else ""
    return "not-a-figure", f"没有以此为题的指标{nearest}：{row.definition or row.counted_from}"


def _later(records: Sequence[str], name: str) -> str:
    """ "part N: system", of the later system that is named in what is printed, or else that keeps the first such record."""
    coming = [system for system in catalogue.SYSTEMS if system.part > catalogue.THIS_PART]
    for system in coming:
        if any(word in name for word in re.split("[与·、]", system.title) if len(word) > 2):
            return f"part {system.part}: {system.title}"
    for record in records:
        for system in coming:
            if record in system.records:
                return f"part {system.part}: {system.title}"
    return ""
