"""The parts of docs/ that are written from the code: glossary, figures, templates, commands.

python tools/docs.py            write them
python tools/docs.py --check    say which differ from what the code says, and exit with 1
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
DOCS = HERE / "docs"
sys.path.insert(0, str(HERE))
os.environ["DJANGO_SETTINGS_MODULE"] = "unionhall.settings"
os.environ["UNIONHALL_SECRET_KEY"] = "only-to-write-the-docs"
os.environ["UNIONHALL_HOME"] = tempfile.gettempdir()

import click  # noqa: E402 - the environment had to be set first
import django  # noqa: E402

django.setup()

from tools import docs_rights  # noqa: E402
from unionhall import catalogue  # noqa: E402
from unionhall.agreements import vocabulary as agreements  # noqa: E402
from unionhall.cases import vocabulary as cases  # noqa: E402
from unionhall.cases.service import CaseService  # noqa: E402
from unionhall.exchange.templates import TEMPLATES  # noqa: E402
from unionhall.honours import vocabulary as honours  # noqa: E402
from unionhall.indicators.figures import COUNTING, MODES, Counted, Figure, Ratio, Stock  # noqa: E402
from unionhall.jobs.cli import unionhall  # noqa: E402
from unionhall.kernel.identifiers import KINDS  # noqa: E402
from unionhall.organisations import roles, vocabulary  # noqa: E402

GENERATED = "<!-- Written by `make docs` from the code: change the code, not this file. -->\n"

HOUSE = (
    ("actor", "办理人", "who acts, holding which posts at which places today"),
    ("post", "岗位", "a role held at a place, from a day until a day"),
    ("place", "地方", "district, street or town, community, cell: one node of the tree"),
    ("digit path", "数字路径", "where a thing lies in the tree: three digits a step, `101004012`"),
    ("union", "工会", "a union of any kind, from its founding until it is merged or abolished"),
    ("cover", "覆盖", "a union covers an employer, from a day until a day; many to many"),
    ("employer", "用人单位", "a legal person that employs workers"),
    ("register", "名册", "a dated list of employers that is the base of a rate"),
    ("establishment", "编制", "how many posts of a kind a station is granted"),
    ("station", "工会服务站", "serves places; it is not a place itself"),
    ("membership", "会籍", "a person's, dated from the committee's approval"),
    ("card", "京卡·互助服务卡", "the mutual-service card: voluntary, and never a key"),
    ("case", "事项", "something a worker or employer brings, moved through states by people"),
    ("offer", "服务项目", "something the union opens to workers or units"),
    ("participation", "参与", "one person at one offer on one day: person-times"),
    ("agreement", "协议", "a dated promise between parties that covers employers"),
    ("honour", "荣誉", "a title given after review, held until it is revoked"),
    (
        "journal line",
        "办事日志",
        "one thing done: service, act, place, day, person, amount; never changed, only voided",
    ),
    ("figure", "数字", "counted over records; its number and the list of its records are one query"),
    ("flow", "当期发生数", "counts journal lines dated in the period"),
    ("stock", "时点数", "counts register rows that hold on the period's last day"),
    ("rate", "比率", "one figure over another, its base; never averaged, never added"),
    (
        "published fact",
        "公布的数字",
        "what was published, under which definition; followed by revisions, never changed",
    ),
    ("batch", "批次", "one import of one file: all of it is in, or nothing; it can be withdrawn"),
    ("fund", "资金", "a purse with a purpose; postings to it always sum to zero"),
    ("fen", "分", "1/100 yuan; all money is whole fen"),
    ("sealed", "密封", "encrypted in the table, bound to its row and column, masked in the program"),
    ("blind index", "盲索引", "a keyed digest by which equal sealed values are found"),
)


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(headers) + " |"
    yield "|" + "---|" * len(headers)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""


def glossary() -> Iterator[str]:
    """docs/glossary.md"""
    yield "# Glossary 词汇表\n"
    yield GENERATED
    yield "Identifiers are English, what people read is Chinese. A word in a table may be stored, so its key never changes."
    yield "In a workbook a vocabulary column takes the Chinese word, its number in the list (from 1) or the key.\n"
    yield "## The house 总体\n"
    yield from table(("word", "中文", "is"), HOUSE)
    yield "## Services 业务\n"
    yield from table(
        ("key", "中文", "English", "row"), ((s.key, s.title, s.title_en, s.row) for s in catalogue.SERVICES)
    )
    yield "## States of cases 事项的状态\n"
    for service in catalogue.SERVICES:
        if isinstance(service, CaseService):
            states = "、".join(f"{service.workflow.title(state)} `{state}`" for state in service.workflow.states)
            yield f"- {service.title} `{service.key}`: {states}"
    yield ""
    for title, words in _vocabularies():
        yield f"## {title}\n"
        yield from table(
            ("number", "key", "中文"), ((n, f"`{key}`", word) for n, (key, word) in enumerate(words.items(), 1))
        )


def _vocabularies() -> Iterator[tuple[str, Mapping[str, str]]]:
    yield "Identity documents 证件", KINDS
    yield "Posts 岗位", roles.ROLES
    for module, owner in ((vocabulary, ""), (cases, "Cases: "), (agreements, "Agreements: "), (honours, "Honours: ")):
        for name, words in vars(module).items():
            if name.isupper() and isinstance(words, dict):
                yield f"{owner}{name.replace('_', ' ').lower()}", words


def figures() -> Iterator[str]:
    """docs/figures.md"""
    everything = catalogue.figures()
    yield "# Figures 指标目录\n"
    yield GENERATED
    yield f"{len(everything)} figures of {len(catalogue.SERVICES)} services. Each answers `value(place, period)` and"
    yield "`lines(place, period)` over one queryset: the number is the count (or sum) of its records.\n"
    for service in catalogue.SERVICES:
        yield f"## {service.title} {service.title_en} · `{service.key}`\n"
        if not service.figures:
            yield "No figures of its own.\n"
        for figure in service.figures:
            yield from _figure(figure)


def _figure(figure: Figure) -> Iterator[str]:
    yield f"### {figure.title}（{figure.unit}）\n"
    yield f"`{figure.key}` · {figure.title_en} · version {figure.version}\n"
    yield f"{figure.definition}\n"
    yield f"{figure.definition_en}\n"
    yield f"- kind 类型: {_kind(figure)}，{MODES[figure.mode]}，{COUNTING[figure.counting]}"
    yield f"- parts add up 各部分可相加: {'yes 是' if figure.adds else 'no 否'}" + (
        ""
        if isinstance(figure, Stock | Ratio)
        else f"; months add up 各月可相加: {'yes 是' if figure.adds_over_time else 'no 否'}"
    )
    yield f"- counted over 数据来源: {figure.source}"
    if isinstance(figure, Ratio):
        yield f"- base 基数: {figure.base}"
        for name, part in (("numerator 分子", figure.numerator), ("denominator 分母", figure.denominator)):
            yield f"- {name}: {part.title}（{part.unit}，{COUNTING[part.counting]}） {part.definition}"
    if figure.also:
        yield f"- also printed as 又称: {'、'.join(figure.also)}"
    for old in figure.history:
        yield f"- version {old.version}: {old.text}"
    yield ""


def _kind(figure: Figure) -> str:
    if isinstance(figure, Ratio):
        return "ratio 比率"
    assert isinstance(figure, Counted)
    return "stock 时点" if isinstance(figure, Stock) else "flow 发生"


def templates() -> Iterator[str]:
    """docs/officers/templates.md"""
    yield "# Templates 模板\n"
    yield GENERATED
    yield "In the order in which a new district brings them in. `unionhall template NAME` writes the blank workbook."
    yield "Headers are found by name, in any order and with any of the other names given; `*` is required.\n"
    for template in TEMPLATES:
        yield f"## {template.title} · `{template.name}`\n"
        yield f"{template.explain}\n"
        yield from table(
            ("列", "内容", "也认", "说明"),
            (
                (
                    f"{column.header}{'*' if column.required else ''}",
                    "、".join(column.words.values()) if column.words else getattr(column.read, "says", ""),
                    "、".join(column.aliases),
                    "；".join(filter(None, (column.explain, column.example and f"例：{column.example}"))),
                )
                for column in template.columns
            ),
        )


def commands() -> Iterator[str]:
    """docs/operators/commands.md"""
    yield "# Commands\n"
    yield GENERATED
    yield "`unionhall COMMAND`, in a checkout `.venv/bin/unionhall COMMAND`; the same as `python -m unionhall COMMAND`."
    yield "It acts with the right of the machine: whoever may run it already holds the database and the keys.\n"
    yield "Exit status: 0 done · 1 refused, or something is not as it should be · 2 called wrongly · 3 done, with rows given back.\n"
    context = click.Context(unionhall, info_name="unionhall")
    for name in unionhall.list_commands(context):
        command = unionhall.get_command(context, name)
        assert command is not None
        yield f"## unionhall {name}\n"
        inner = click.Context(command, info_name=name, parent=context, terminal_width=100, max_content_width=100)
        yield f"```text\n{command.get_help(inner)}\n```\n"
        for part, below in command.commands.items() if isinstance(command, click.Group) else ():
            deeper = click.Context(below, info_name=part, parent=inner, terminal_width=100, max_content_width=100)
            yield f"```text\n{below.get_help(deeper)}\n```\n"


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "glossary.md": glossary,
    "figures.md": figures,
    "officers/templates.md": templates,
    "operators/commands.md": commands,
    "developers/security.md": lambda: docs_rights.security(GENERATED),
}


def main() -> None:
    stale = []
    for name, page in PAGES.items():
        path = DOCS / name
        text = "\n".join(page()).rstrip() + "\n"
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(f"docs/{name}")
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"wrote docs/{name}")
    if stale and "--check" in sys.argv[1:]:
        sys.exit(f"{', '.join(stale)}: not what the code says; run `make docs`")


if __name__ == "__main__":
    main()
