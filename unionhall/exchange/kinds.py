"""How a cell is read: one small class per kind. It knows no database; instances travel to the reading process.

A reader takes what the sheet holds (str, float, int, bool, date, datetime, None) and returns a clean value, or raises
`Refused` with the exact reason. An empty cell gives the reader's own empty value (`""`, `None` or `()`); whether it may
be empty is the column's affair.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from unionhall.kernel import money as kernel_money
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import (
    PLAIN_NAME,
    narrow,
    parse_bankcard,
    parse_document,
    parse_mobile,
    parse_name,
    parse_uscc,
    squeeze,
)

EXACT = 10**15
"""A spreadsheet keeps 15 significant digits: a longer number cell has lost its tail."""
_LOST = "表格把号码存成了数字，后几位已丢失；请把该列设为文本，再重新填写"
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE | re.ASCII)
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+", re.ASCII)
_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|GETTING_DATA)")
_BLANKS = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_DAY = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*日?", re.ASCII)
_DAY_AND_TIME = re.compile(r"(\S+)[ T]0{1,2}:00(:00(\.0+)?)?Z?")
_EIGHT = re.compile(r"\d{8}", re.ASCII)
_SERIAL = re.compile(r"(\d{1,5})(?:\.0+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+(?:\.0+)?", re.ASCII)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_EIGHTEEN = re.compile(r"\d{17}[\dX]", re.ASCII)
_SEVERAL = re.compile(r"[、,，;；/|\n]+")
_EPOCH = date(1899, 12, 30)
EARLIEST, LATEST = date(1901, 1, 1), date(2100, 12, 31)
EARLIEST_SERIAL = 9_133
"""1 January 1925 as Excel counts days. A smaller number is a year, or a year and a month, that somebody typed."""


def today() -> date:
    """The local day of the union, Asia/Shanghai."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def plain(raw: Any) -> str:
    """Any cell as the text a person would have typed; a number cell that lost digits and an error cell are refused."""
    if isinstance(raw, str):
        if _ERRORS.fullmatch(raw):
            raise Refused("单元格是公式错误 {raw}，请改成值", raw=raw)
        return raw
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float | int):
        if raw != raw or abs(raw) >= EXACT:
            raise Refused(_LOST)
        return str(int(raw)) if raw == int(raw) else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ")
    return raw.isoformat() if isinstance(raw, date | time) else str(raw)


class Reader:
    """Reads one cell. `repeats`: values come again and again in a column, so what was read is remembered.

    `as_text`: blank workbooks format the column as text, so that the spreadsheet keeps the value as typed.
    """

    repeats: ClassVar[bool] = True
    as_text: ClassVar[bool] = True
    empty: ClassVar[Any] = ""
    at_sight: ClassVar[re.Pattern[str] | None] = None
    """Text that is its own clean value: nearly every cell of a column, told without calling the reader."""
    says: ClassVar[str] = "文字"

    def __call__(self, raw: Any) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class text(Reader):  # noqa: N801 - declared like a function: text(40)
    """A line of text: spaces at the ends, line breaks and invisible marks taken off, NFC; width kept as written."""

    max_length: int

    def __call__(self, raw: Any) -> str:
        value = _CONTROL.sub(" ", plain(raw)) if not (type(raw) is str and raw.isalnum()) else raw
        if not value.isascii():
            value = unicodedata.normalize("NFC", value)
        value = _BLANKS.sub(" ", value).strip()
        if len(value) > self.max_length:
            raise Refused("最多{max_length}个字，现为{value}个字，请缩短", max_length=self.max_length, value=len(value))
        return value


@dataclass(frozen=True)
class code(Reader):  # noqa: N801
    """An id kept as text: half-width, no white space; dashes stay. 1001.0 is "1001"; 4.1E+17 is refused."""

    max_length: int
    upper: bool = False
    says: ClassVar[str] = "编号（文本）"

    def __call__(self, raw: Any) -> str:
        value = _BLANKS.sub("", narrow(plain(raw)))
        if isinstance(raw, float) and raw != int(raw):
            raise Refused("编号不应有小数，请把该列设为文本后重新填写")
        if _SCIENTIFIC.fullmatch(value):
            raise Refused(_LOST)
        whole_ = _WHOLE_FLOAT.fullmatch(value)
        value = whole_[1] if whole_ else value
        if len(value) > self.max_length:
            raise Refused("编号最多{max_length}位，现为{value}位，请核对", max_length=self.max_length, value=len(value))
        return value.upper() if self.upper else value


@dataclass(frozen=True)
class day(Reader):  # noqa: N801
    """A local day, or None: a date cell, an Excel serial, 2015-03-01, 2015/3/1, 2015.3.1, 2015年3月1日, 20150301."""

    as_text: ClassVar[bool] = False
    empty: ClassVar[Any] = None
    says: ClassVar[str] = "日期，如 2015-03-01"

    def __call__(self, raw: Any) -> date | None:
        if isinstance(raw, datetime):
            found = raw.date()
        elif isinstance(raw, date):
            found = raw
        elif isinstance(raw, time):
            raise Refused("这里是时间，请填日期，如 2015-03-01")
        elif isinstance(raw, float | int) and not isinstance(raw, bool):
            # A serial's fraction is a time of day.
            found = _day_of_digits(plain(raw).partition(".")[0] if EARLIEST_SERIAL <= raw < 100_000 else plain(raw))
        else:
            words_ = narrow(plain(raw))
            if not words_:
                return None
            found = _day_of_text(words_)
        if not EARLIEST <= found <= LATEST:
            raise Refused("日期 {found} 不合理（应在1901年至2100年之间），请核对", found=found.isoformat())
        return found


def _day_of_text(words_: str) -> date:
    at_midnight = _DAY_AND_TIME.fullmatch(words_)
    found = _DAY.fullmatch(at_midnight[1] if at_midnight else words_)
    if found is None:
        return _day_of_digits(words_)
    return _real_day(words_, int(found[1]), int(found[2]), int(found[3]))


def _day_of_digits(digits: str) -> date:
    if _EIGHT.fullmatch(digits):
        return _real_day(digits, int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    serial = _SERIAL.fullmatch(digits)
    if serial is None or int(serial[1]) < EARLIEST_SERIAL:
        raise Refused("“{digits}”不是日期，请填到日，如 2015-03-01", digits=digits)
    return _EPOCH + timedelta(days=int(serial[1]))


def _real_day(words_: str, year: int, month: int, day_: int) -> date:
    try:
        return date(year, month, day_)
    except ValueError:
        raise Refused("没有“{words}”这一天，请核对", words=words_) from None


@dataclass(frozen=True)
class whole(Reader):  # noqa: N801
    """A whole number from `least` to `most`, or None."""

    least: int = 0
    most: int = 2_000_000_000
    as_text: ClassVar[bool] = False
    empty: ClassVar[Any] = None
    says: ClassVar[str] = "整数"

    def __call__(self, raw: Any) -> int | None:
        value = kernel_money.ungrouped(narrow(plain(raw)))
        if not value:
            return None
        if not _WHOLE.fullmatch(value):
            raise Refused("“{value}”不是整数，请核对", value=value)
        number = int(value.partition(".")[0])
        if not self.least <= number <= self.most:
            raise Refused(
                "应在{least}至{most}之间，现为{number}，请核对", least=self.least, most=self.most, number=number
            )
        return number


@dataclass(frozen=True)
class money(Reader):  # noqa: N801
    """An amount in yuan, read into fen, or None. Never negative unless `signed`."""

    signed: bool = False
    as_text: ClassVar[bool] = False
    empty: ClassVar[Any] = None
    says: ClassVar[str] = "金额（元）"

    def __call__(self, raw: Any) -> int | None:
        if isinstance(raw, bool | date | datetime | time):
            raise Refused("这里应填金额（元），例如 1200.50")
        # What Excel shows as 0.3 it keeps as 0.30000000000000004: 15 significant digits are what was typed.
        value = f"{raw:.15g}" if isinstance(raw, float) else narrow(plain(raw))
        if not value:
            return None
        amount = kernel_money.fen(value)
        if amount < 0 and not self.signed:
            raise Refused("金额不能是负数，请核对")
        return amount


@dataclass(frozen=True)
class words(Reader):  # noqa: N801
    """One word of a list: its Chinese title, its code number from 1, or its English key; "" when empty."""

    mapping: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)
    says: ClassVar[str] = "从列表中选"
    as_text: ClassVar[bool] = False

    @cached_property
    def _known(self) -> dict[str, str]:
        known = {str(number): key for number, key in enumerate(self.mapping, 1)}
        known |= {f"{number:02d}": key for number, key in enumerate(self.mapping, 1)}
        known |= {key.casefold(): key for key in self.mapping}
        known |= {squeeze(title): key for key, title in self.mapping.items()}
        return known | {squeeze(word): key for word, key in self.also.items()}

    def __call__(self, raw: Any) -> str:
        written = narrow(plain(raw))
        word = _BLANKS.sub("", written)
        if not word:
            return ""
        found = self._known.get(word) or self._known.get(squeeze(word)) or self._known.get(word.casefold())
        if found is None:
            raise Refused(
                "没有“{written}”这一项，请从列表中选：{mapping}", written=written, mapping=list(self.mapping.values())
            )
        return found


@dataclass(frozen=True)
class words_many(Reader):  # noqa: N801
    """Several words of a list joined by 、 , ; or /; a tuple of keys in the order written, each once."""

    mapping: Mapping[str, str]
    empty: ClassVar[Any] = ()
    says: ClassVar[str] = "从列表中选，几项之间用顿号"

    def __call__(self, raw: Any) -> tuple[str, ...]:
        one = words(self.mapping)
        return tuple(dict.fromkeys(one(part) for part in _SEVERAL.split(plain(raw)) if part.strip()))


@dataclass(frozen=True)
class texts(Reader):  # noqa: N801
    """Several free words joined by 、 , ; or /; a tuple, each once."""

    max_length: int
    empty: ClassVar[Any] = ()
    says: ClassVar[str] = "文字，几项之间用顿号"

    def __call__(self, raw: Any) -> tuple[str, ...]:
        one = text(self.max_length)
        return tuple(dict.fromkeys(one(part) for part in _SEVERAL.split(plain(raw)) if part.strip()))


@dataclass(frozen=True)
class _Parsed(Reader):
    """A kernel parser behind a cell; "" when empty."""

    @staticmethod
    def parse(value: str, /) -> str:
        """The settled value; raises `Refused`."""
        raise NotImplementedError

    def __call__(self, raw: Any) -> str:
        value = plain(raw)
        return self.parse(value) if value and not value.isspace() else ""


@dataclass(frozen=True)
class person_name(_Parsed):  # noqa: N801
    """A person's name, settled (`kernel.identifiers.parse_name`)."""

    parse = staticmethod(parse_name)
    repeats: ClassVar[bool] = False
    at_sight: ClassVar[re.Pattern[str] | None] = PLAIN_NAME
    says: ClassVar[str] = "姓名"


@dataclass(frozen=True)
class mobile(_Parsed):  # noqa: N801
    """A mobile number, 11 digits."""

    parse = staticmethod(parse_mobile)
    repeats: ClassVar[bool] = False
    at_sight: ClassVar[re.Pattern[str] | None] = _MOBILE
    says: ClassVar[str] = "11位手机号（文本）"


@dataclass(frozen=True)
class bankcard(_Parsed):  # noqa: N801
    """A bank card number that passes its Luhn check."""

    parse = staticmethod(parse_bankcard)
    repeats: ClassVar[bool] = False
    says: ClassVar[str] = "银行卡号（文本）"


@dataclass(frozen=True)
class uscc(_Parsed):  # noqa: N801
    """A unified social credit code, both check characters right."""

    parse = staticmethod(parse_uscc)
    says: ClassVar[str] = "18位统一社会信用代码（文本）"


@dataclass(frozen=True)
class uscc_shape(_Parsed):  # noqa: N801
    """A credit code whose form is right; a wrong check character is left to the template (an exception may be stated)."""

    @staticmethod
    def parse(value: str, /) -> str:
        try:
            return parse_uscc(value)
        except Refused as refused:
            if refused.code != "uscc.check":
                raise
            return squeeze(value).upper()

    says: ClassVar[str] = "18位统一社会信用代码（文本）"


@dataclass(frozen=True)
class document(_Parsed):  # noqa: N801
    """An identity number of any kind, settled as people keep it (15 digits widened, upper case); the kind is inferred."""

    @staticmethod
    def parse(value: str, /) -> str:
        return parse_document(value, today=today()).number

    repeats: ClassVar[bool] = False
    says: ClassVar[str] = "证件号码（文本）"


@dataclass(frozen=True)
class document_shape(_Parsed):  # noqa: N801
    """An identity number not yet judged, because another column says its kind: half-width, upper case, no spaces."""

    @staticmethod
    def parse(value: str, /) -> str:
        number = squeeze(value).upper()
        if _SCIENTIFIC.fullmatch(number):
            raise Refused(_LOST)
        return number

    repeats: ClassVar[bool] = False
    at_sight: ClassVar[re.Pattern[str] | None] = _EIGHTEEN
    says: ClassVar[str] = "证件号码（文本）"
