"""Names of persons: 2 to 50 characters, rare characters (生僻字) of every Unihan plane, the dot of minority names."""

import re
import unicodedata

from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers.text import narrow

SHORTEST, LONGEST = 2, 50

# The planes of rare characters run to U+3FFFF: newer extensions than Python's own table knows are let in by range.
# Escapes, because whatever normalises this file would silently move a range that ends in a compatibility character.
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,50}")
"""Nearly every name: what needs no settling."""
_DOTS = re.compile(r" *[\u00b7\u2022\u2027\u30fb\uff65\u2219\u22c5\u0387\u16eb\u25cf] *")
_FULL_STOP = re.compile(rf"(?<=[{_HAN}]) *\. *(?=[{_HAN}])")
_GAP = re.compile(rf"(?<=[{_HAN}]) +(?=[{_HAN}])")
_SPACES = re.compile(r"\s+")
# A variation selector only chooses a glyph of the same character; two cards of one person may differ in it.
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_KEY_DROPS = re.compile(r"[·\s.'’\-]+")
_IS_HAN = re.compile(f"[{_HAN}]")
_LATIN_MARKS = " .'’-"
_SURNAMES = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容"
    "仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐"
    "段干百里呼延东郭南门羊舌微生梁丘左丘东门西门"
)
_TWO_CHARACTER_SURNAMES = frozenset(_SURNAMES[at : at + 2] for at in range(0, len(_SURNAMES), 2))


def parse_name(text: str) -> str:
    """The name in `text`: spaces between Chinese characters removed, every kind of dot made "·", Unicode NFC.

    Latin names are allowed (foreigners), with space, full stop, apostrophe and hyphen. Length counts characters.
    Raises `Refused`: name.empty, name.length, name.digit, name.lost, name.private, name.form.
    """
    if PLAIN_NAME.fullmatch(text):
        return text
    name = _settle(text)
    if not name:
        raise Refused("请填写姓名", code="name.empty")
    if not SHORTEST <= len(name) <= LONGEST:
        raise Refused(
            "姓名应为{shortest}至{longest}个字，现为{name}个字，请核对",
            code="name.length",
            shortest=SHORTEST,
            longest=LONGEST,
            name=len(name),
        )
    for character in name:
        if not (_IS_HAN.match(character) or character == "·" or _spells(character)):
            raise _reason(character)
    if name[0] in "·-.'’" or name[-1] in "·-" or "··" in name:
        raise Refused("姓名中间的点只能放在两段之间，请核对", code="name.form")
    return name


def name_key(text: str) -> str:
    """What two spellings of one name share: no dots, spaces, hyphens or apostrophes, case folded. Never a key alone."""
    if PLAIN_NAME.fullmatch(text):
        return text
    return _KEY_DROPS.sub("", _settle(text)).casefold()


def mask_name(name: str) -> str:
    """张* · 欧阳** · 买**·***: the surname (or the first character) stays, separators stay, the rest is hidden."""
    kept = 2 if len(name) > 2 and name[:2] in _TWO_CHARACTER_SURNAMES else 1
    return name[:kept] + "".join(character if character in "· -" else "*" for character in name[kept:])


def _settle(text: str) -> str:
    name = _VARIATION.sub("", unicodedata.normalize("NFC", narrow(text)))
    name = _DOTS.sub("·", _SPACES.sub(" ", name))
    return _GAP.sub("", _FULL_STOP.sub("·", name))


def _spells(character: str) -> bool:
    return character in _LATIN_MARKS or unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lo", "Lm", "Mn", "Mc")


def _reason(character: str) -> Refused:
    if character in "?？\ufffd□":
        return Refused("姓名里有字没有读出来（显示为问号或方框），请用生僻字输入法重新填写", code="name.lost")
    category = unicodedata.category(character)
    if category == "Co":
        return Refused("姓名里有自造字，别处读不出来；请用国标生僻字重新填写", code="name.private")
    if category.startswith("N"):
        return Refused("姓名里不能有数字“{character}”，请核对", code="name.digit", character=character)
    return Refused("姓名里不能有“{character}”，请核对", code="name.form", character=character)
