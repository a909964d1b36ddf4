"""What word is sent about: each kind declared once, in both languages, by the package that sends it.

    CANCELLED = Kind(key="offer.cancelled", …, fields={"offer": "活动名称", "on": "日期"}, words={…})

`{offer}` in a text is a merge field: the value comes with the message. The title and text are for the inbox, read after
signing in. The short text goes out through gateways and lies on locked screens: it names no matter of anybody's, so only
the fields in `in_short` may stand in it. All kinds are listed in `unionhall.catalogue.NOTICES`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

ZH, EN = "zh-hans", "en"
LANGUAGES = (ZH, EN)
LONGEST = {"title": 60, "text": 1000}
LONGEST_SHORT = {ZH: 60, EN: 140}
"""One short message has 70 Chinese characters or 160 Latin ones; the gateway puts its signature in front."""
_FIELD = re.compile(r"\{([^{}]*)\}")


class Words(NamedTuple):
    """How a kind is told in one language."""

    title: str
    text: str
    short: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Something word is sent about. `key` is at most 24 characters; `fields`: merge field -> what it is, in Chinese.

    `urgent`: passes the quiet hours and is never gathered. Else several to one person are gathered into one message: the
    first waits so long (`gather`) for others. `lasts`: how long a telephone may still be told; the inbox keeps it.
    """

    key: str
    title: str
    title_en: str
    words: Mapping[str, Words]
    fields: Mapping[str, str]
    in_short: frozenset[str] = frozenset()
    urgent: bool = False
    gather: timedelta = timedelta(minutes=5)
    lasts: timedelta = timedelta(days=3)


DIGEST = Kind(
    key="digest",
    title="几条通知并作一条",
    title_en="Several notices in one",
    fields={"count": "条数"},
    in_short=frozenset(("count",)),
    words={
        ZH: Words("新通知", "您有 {count} 条新通知。", "您有 {count} 条工会的新通知，请登录查看。"),
        EN: Words(
            "New notices",
            "You have {count} new notices.",
            "You have {count} new notices from your union. Please sign in to read them.",
        ),
    },
)
"""What several gathered messages become on a telephone; in the inbox each stays its own."""


def fill(text: str, values: Mapping[str, str]) -> str:
    """A text with its merge fields. `KeyError`: a field the message came without."""
    return _FIELD.sub(lambda found: values[found[1]], text)


def wrong_words(kind: Kind, language: str, words: Words) -> tuple[str, str]:
    """(which part, what is wrong with it, in Chinese); two empty texts when these words will do."""
    limits = {**LONGEST, "short": LONGEST_SHORT[language]}
    for part, allowed in (("title", kind.fields), ("text", kind.fields), ("short", kind.in_short)):
        said = getattr(words, part)
        if not said.strip():
            return part, "这一项不能空着，请填写。"
        if len(said) > limits[part]:
            return part, f"最多 {limits[part]} 个字，现在是 {len(said)} 个，请缩短。"
        strange = [name for name in _FIELD.findall(said) if name not in allowed]
        if strange or "{" in _FIELD.sub("", said) or "}" in _FIELD.sub("", said):
            may = "、".join(f"{{{name}}}" for name in allowed) or "没有"
            return part, f"这里可用的合并字段：{may}。请改掉其他花括号。"
    return "", ""


def faults(kind: Kind) -> list[str]:
    """What does not hold together in a declaration; read by a system check."""
    found = [f"{kind.key}: no words in {language}" for language in LANGUAGES if language not in kind.words]
    if not 0 < len(kind.key) <= 24:
        found.append(f"{kind.key}: a key has 1 to 24 characters")
    if not kind.in_short <= kind.fields.keys():
        found.append(f"{kind.key}: in_short names a field that is none")
    for language, words in kind.words.items():
        part, wrong = wrong_words(kind, language, words)
        if wrong:
            found.append(f"{kind.key} {language} {part}: {wrong}")
    return found
