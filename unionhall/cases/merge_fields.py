"""What may stand in braces in the text of a paper or of an answer: a closed list, replaced word by word and by nothing else.

    fill("兹有{职工}……", values)

A text is an officer's, so there is no engine behind it: no condition, no filter, no loop can be written in it. The names
are Chinese because officers type them; each says what it becomes, with an example for the preview.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

_BRACES = re.compile(r"\{([^{}]*)\}")
BLANK = "＿＿＿＿＿＿"
"""What is not known is left to be written by hand."""
LIST = "名单"
"""The rows of a notice about many; it stands on a line of its own."""


class Merge(NamedTuple):
    """What a field becomes, and how that looks."""

    meaning: str
    example: str


FIELDS: dict[str, Merge] = {
    "文号": Merge("本文书在登记簿里的编号", "工调字〔2015〕12号"),
    "编号": Merge("事项编号", "2015-000017"),
    "业务": Merge("业务名称", "劳动争议调解"),
    "事由": Merge("事项的类别", "劳动报酬"),
    "职工": Merge("职工姓名", "李小明"),
    "受益人": Merge("受益人姓名", "李晓"),
    "单位": Merge("用人单位名称", "望河小馆"),
    "涉及人数": Merge("涉及的职工人数", "3"),
    "登记日期": Merge("登记的日期", "2015年4月1日"),
    "受理日期": Merge("受理的日期", "2015年4月3日"),
    "办结日期": Merge("办结的日期", "2015年4月11日"),
    "请求金额": Merge("请求的金额（元）", "8,000.00"),
    "请求金额大写": Merge("请求的金额，人民币大写", "捌仟元整"),
    "商定金额": Merge("协议或批准的金额（元）", "5,000.00"),
    "商定金额大写": Merge("协议或批准的金额，人民币大写", "伍仟元整"),
    "期限": Merge("正在走的期限到哪一天", "2015年4月16日"),
    "期限名称": Merge("正在走的期限叫什么", "结束调解"),
    "期限依据": Merge("期限的法律和条款", "《劳动争议调解仲裁法》第十四条"),
    "原因": Merge("办理时写明的原因", "双方分歧较大"),
    "律师": Merge("指派的律师", "王律师"),
    "经济状况": Merge("经济困难状况怎样认定", "请求支付劳动报酬的进城务工人员，免予核查经济困难状况（《法律援助法》第四十二条）"),
    "承办人": Merge("现在的承办人", "周敏"),
    "地方": Merge("事项所在的街道或社区", "石桥东社区"),
    "服务站": Merge("最近的工会服务站", "石桥工会服务站"),
    "服务站地址": Merge("服务站的地址", "石桥街2号"),
    "工会": Merge("落款的总工会", "望河区总工会"),
    "年": Merge("制作文书的年份", "2015"),
    "今天": Merge("制作文书的日期", "2015年4月11日"),
    "今天汉字": Merge("制作文书的日期，汉字", "二〇一五年四月十一日"),
}  # fmt: skip


def day(on: date | None) -> str:
    """2015年4月1日, as official papers date themselves (GB/T 9704-2012, 7.3.5.4)."""
    return f"{on.year}年{on.month}月{on.day}日" if on is not None else BLANK


_ZERO = "〇一二三四五六七八九"


def day_in_words(on: date) -> str:
    """二〇一五年四月十一日."""
    year = "".join(_ZERO[int(digit)] for digit in str(on.year))
    return f"{year}年{_small(on.month)}月{_small(on.day)}日"


def _small(number: int) -> str:
    """1 to 99 in words."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else _ZERO[tens]) + "十" if tens else "") + (_ZERO[ones] if ones else "")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields replaced, once: what a value says in braces stays as it is. `KeyError`: one without a value.

    In a line of cells a value of several paragraphs stays one cell.
    """
    return "\n".join(_filled(line, values) for line in text.splitlines())


def _filled(line: str, values: Mapping[str, str]) -> str:
    cells = line.startswith("|")
    return _BRACES.sub(lambda found: one_line(values[found[1]]) if cells else values[found[1]], line)


def used(text: str) -> list[str]:
    """The fields of a text, each once, in their order."""
    return list(dict.fromkeys(_BRACES.findall(text)))


def strange(text: str, allowed: Mapping[str, object]) -> list[str]:
    """Fields that do not exist, and braces that make none."""
    found = [name for name in used(text) if name not in allowed]
    rest = _BRACES.sub("", text)
    return found + [brace for brace in "{}" if brace in rest]


def one_line(value: str) -> str:
    """A value that stands within a sentence or a cell: it begins no line and no cell of its own."""
    return " ".join(value.replace("|", "｜").split())


def many_lines(value: str) -> str:
    """What an officer wrote in several paragraphs: they stay paragraphs, and become no table."""
    return "\n".join(" ".join(line.split()) for line in value.replace("|", "｜").splitlines() if line.strip())
