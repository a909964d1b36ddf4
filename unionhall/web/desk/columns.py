"""What a list shows of a row: each column turns one value into a ready piece of HTML.

Fifty rows are put together here and not in a template, which would take four times as long (design/performance.md §4).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeData, SafeString
from django.utils.translation import gettext

from unionhall.kernel.clock import SOON
from unionhall.kernel.money import yuan
from unionhall.organisations.models import Place

SHOWS = ("text", "day", "due", "moment", "number", "yuan", "place", "state", "masked", "yes")
PHONE = ("title", "line", "end", "")
"""Where a column stands in the two lines a row has on a phone: the bold first line, the second line, at its end; not at all."""
TONES = ("wait", "go", "look", "ok", "off", "bad")
"""The colours and shapes of states: waiting, under way, to be looked at again, done, closed, wrong."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` is the attribute of the row ("person__name" follows keys), and its key in addresses.

    `show` says how the value is written: "text"; "day" (date), "due" (a date something is due by), "moment" (local time); "number"; "yuan" (of fen); "place"
    (the name of a digit path); "state" (a word with shape and colour, `tones`: value -> one of TONES); "masked" (a sealed
    value's mask); "yes" (a boolean). `words` maps stored keys to titles; `says`, when given, tells the title from the
    row, where one key is called otherwise in another. `value`, when given, reads the value off the row instead of `name`. `phone` is one of PHONE; `chosen` False: shown only to who asks for the column.
    """

    name: str
    title: Any
    link: bool = False
    show: str = "text"
    words: Mapping[str, Any] | None = None
    says: Callable[[Any], Any] | None = None
    tones: Mapping[str, str] | None = None
    value: Callable[[Any], Any] | None = None
    phone: str = "line"
    chosen: bool = True
    _path: tuple[str, ...] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        if self.show not in SHOWS or self.phone not in PHONE:
            raise ValueError(f"column {self.name}: show={self.show!r}, phone={self.phone!r}")
        if self.tones and set(self.tones.values()) - set(TONES):
            raise ValueError(f"column {self.name}: tones are {TONES}")
        object.__setattr__(self, "_path", tuple(self.name.split("__")))

    @property
    def css(self) -> str:
        """The classes of its cells."""
        numeric = (
            " n"
            if self.show in ("number", "yuan")
            else " num"
            if self.show in ("day", "due", "moment", "masked")
            else ""
        )
        return f"p-{'title' if self.link else self.phone or 'none'}{numeric}"

    def read(self, row: Any) -> Any:
        if self.value is not None:
            return self.value(row)
        for step in self._path:
            row = getattr(row, step)
            if row is None:
                return None
        return row

    def text(self, row: Any, places: Mapping[str, str]) -> str:
        """The value in words, as a list and an export write it."""
        return self._written(row, self.read(row), places)

    def html(self, row: Any, places: Mapping[str, str]) -> str:
        """The same, escaped, a state in its colour."""
        value = self.read(row)
        shown = _escaped(self._written(row, value, places))
        if self.show == "state" and shown:
            return f'<span class="st st-{(self.tones or {}).get(value, "off")}">{shown}</span>'
        if self.show == "due" and shown:
            return f'<span class="due {due_css(value)}">{shown}</span>'
        return shown

    def _written(self, row: Any, value: Any, places: Mapping[str, str]) -> str:
        if value is None or value == "":
            return ""
        if self.says is not None:
            return str(self.says(row))
        if self.words is not None:
            return gettext(str(self.words.get(value, value)))
        return _WRITTEN[self.show](value, places)


def _escaped(text: str) -> str:
    # Django's own also looks for lazy strings; four hundred cells have none.
    return text if isinstance(text, SafeData) else escape(text)


def due_css(due: date) -> str:
    """The colour and shape of a last day: late, soon, or neither."""
    left = (due - timezone.localdate()).days
    return "due-late" if left < 0 else "due-soon" if left <= SOON else ""


def due_words(value: date) -> str:
    """A last day in words: how late, how soon, or the day itself."""
    left = (value - timezone.localdate()).days
    if left < 0:
        return gettext("超期 %(n)d 天") % {"n": -left}
    if left == 0:
        return gettext("今天到期")
    return gettext("还剩 %(n)d 天") % {"n": left} if left <= SOON else value.isoformat()


def _day(value: date, _places: Mapping[str, str]) -> str:
    return value.isoformat()


def _moment(value: datetime, _places: Mapping[str, str]) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


_WRITTEN: dict[str, Callable[[Any, Mapping[str, str]], str]] = {
    "text": lambda value, _places: str(value),
    "state": lambda value, _places: str(value),
    "masked": lambda value, _places: str(value),
    "day": _day,
    "due": lambda value, _places: due_words(value),
    "moment": _moment,
    "number": lambda value, _places: f"{value:,}",
    "yuan": lambda value, _places: f"{yuan(value):,}",
    "place": lambda value, places: places.get(value, value),
    "yes": lambda value, _places: gettext("是") if value else gettext("否"),
}


def place_names(paths: Iterable[str]) -> dict[str, str]:
    """Path -> "柳荫街道 · 柳荫里社区" for each; the district itself is only named where a row lies in it directly."""
    wanted = set(paths)
    asked = {path[:end] for path in wanted for end in range(3, len(path) + 1, 3)}
    if not asked:
        return {}
    names = dict(Place.objects.filter(path__in=asked).values_list("path", "name"))
    return {
        path: " · ".join(names[path[:end]] for end in range(min(6, len(path)), len(path) + 1, 3) if path[:end] in names)
        for path in wanted
    }


def body(
    rows: Sequence[Any],
    columns: Sequence[Column],
    places: Mapping[str, str],
    *,
    link: Callable[[Any], str] | None,
    tick: bool,
    named: Column | None,
) -> SafeString:
    """The rows of a table. `link` gives a row's address; with `tick` each row begins with a box named after `named`."""
    out: list[str] = []
    choose = gettext("选择")
    for row in rows:
        out.append("<tr>")
        if tick:
            label = _escaped(named.text(row, places)) if named else row.pk
            out.append(
                f'<td class="p-tick"><input class="form-check-input" type="checkbox" name="sel" value="{row.pk}" '
                f'aria-label="{choose} {label}"></td>'
            )
        for column in columns:
            shown = column.html(row, places)
            if column.link and link is not None:
                shown = f'<a href="{_escaped(link(row))}">{shown or row.pk}</a>'
            out.append(f'<td class="{column.css}">{shown}</td>')
        out.append("</tr>")
    return SafeString("".join(out))
