"""Papers as a service declares them: what each is called, in which states of a matter it is made, and its first text.

    papers=(Paper("mediation.accepted", "受理通知书", ("accepted",), "工调字〔{年}〕{号}号", texts.ACCEPTED),)

The text a paper is made from is a dated row an officer lays down (cases.paper_moves.lay_down); until there is one, the
declaration's. A line of a text is a paragraph. Lines of cells between upright strokes ("|姓名|{职工}|") are a table, and one
that ends its first paragraph with a colon is whom it is for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from unionhall.cases.merge_fields import FIELDS, LIST, Merge, strange

SERIAL = "号"
LONGEST = {"title": 40, "numbering": 40, "body": 4000}
LONGEST_WRITTEN = 2000


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper. `states`: those of a matter in which it is made; `numbering`: its number in the register, with {年}
    and {号}; papers of one numbering are numbered together.

    `asks`: fields of its own, which the officer writes when it is made -> what to write. `many`: one paper about many
    matters, named by masked names. `handed`: made out to the worker, who reads it on their telephone, too; the others are the
    union's own, or somebody else's. Some services may share one.
    """

    key: str
    title: str
    states: tuple[str, ...]
    numbering: str
    body: str
    asks: Mapping[str, str] = field(default_factory=dict)
    many: bool = False
    handed: bool = False

    def __post_init__(self) -> None:
        if self.many and self.handed:
            raise ValueError(f"paper {self.key}: what is about many is made out to nobody")
        part, wrong = wrong_text(self, self.title, self.numbering, self.body)
        if wrong:
            raise ValueError(f"paper {self.key}, {part}: {wrong}")

    def fields(self) -> dict[str, Merge]:
        """Every field its text may use."""
        if self.many:
            general = {name: FIELDS[name] for name in ("文号", "业务", "工会", "年", "今天", "今天汉字")}
            general |= {
                LIST: Merge("名单，独占一行", "|1|李**|石桥东社区|3,000.00|"),
                "件数": Merge("名单里有几件", "12"),
            }
        else:
            general = dict(FIELDS)
        return general | {name: Merge(f"制作时填写：{hint}", f"（{hint}）") for name, hint in self.asks.items()}


def wrong_text(paper: Paper, title: str, numbering: str, body: str) -> tuple[str, str]:
    """(which part, what is wrong with it, in Chinese); two empty texts when it will do."""
    for part, said in (("title", title), ("numbering", numbering), ("body", body)):
        if not said.strip():
            return part, "这一项不能空着，请填写。"
        if len(said) > LONGEST[part]:
            return part, f"最多 {LONGEST[part]} 个字，现在是 {len(said)} 个，请缩短。"
    if "{" in title or "}" in title:
        return "title", "标题里不用合并字段。"
    if strange(numbering, {"年": 0, SERIAL: 0}) or numbering.count(f"{{{SERIAL}}}") != 1 or "{年}" not in numbering:
        return "numbering", "编号格式里要有一个 {年} 和一个 {号}，没有别的花括号，例如：工调字〔{年}〕{号}号。"
    allowed = paper.fields()
    if unknown := strange(body, allowed):
        may = "、".join(f"{{{name}}}" for name in allowed)
        return "body", f"没有“{'、'.join(unknown)}”这样的合并字段。可用的有：{may}。"
    if paper.many and [line.strip() for line in body.splitlines()].count(f"{{{LIST}}}") != 1:
        return "body", f"正文里要有一行只写 {{{LIST}}}，名单就放在那里。"
    return "", ""
