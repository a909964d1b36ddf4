"""What came of taking part, and who stood at fairs: 参会单位, 活动结果."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

from unionhall.exchange import kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_past, check_span, standing_of
from unionhall.exchange.references import Employers
from unionhall.exchange.template import Column, Row, Template
from unionhall.exchange.templates.activities import DECLARED, ITEM, SERVICE, SESSION, Items
from unionhall.exchange.templates.offers import SERVICES
from unionhall.kernel.actor import Actor
from unionhall.offers import history_moves, service
from unionhall.offers.models import Booth, Outcome, Participation

RESULTS = {key: one.title for declared in DECLARED for key, one in declared.results.items()}
"""Every declared result; what two services declare under one key is one thing."""
FAIRS = {one.key: one.title for one in DECLARED if "booths" in one.counts}
_HUNDREDTHS = 100

BOOTH_COLUMNS = (
    Column("service", "业务", kinds.words(FAIRS), required=True, words=FAIRS, aliases=("业务名称",)),
    ITEM,
    SESSION,
    Column("uscc", "单位代码", kinds.uscc_shape(), required=True, aliases=("统一社会信用代码", "用人单位代码")),
    Column("posts", "岗位数", kinds.whole(0, 100_000), aliases=("招聘人数",), explain="提供的岗位数；不填为 0"),
)  # fmt: skip

OUTCOME_COLUMNS = (
    SERVICE,
    ITEM,
    Column("serial", "流水号", kinds.code(32), required=True, explain="“参加名单”里的流水号"),
    Column("result", "结果", kinds.words(RESULTS), required=True, words=RESULTS),
    Column(
        "code", "结果编号", kinds.code(32), required=True, aliases=("证书编号",), explain="同一业务同一结果内不重复"
    ),
    Column("on", "日期", kinds.day(), required=True, aliases=("结果日期",), example="2015-06-30"),
    Column("choice", "类别", kinds.text(24), aliases=("渠道", "轮次"), explain="业务规定了类别的填写，如安置渠道"),
    Column("amount", "数值", kinds.money(), aliases=("成绩", "名次", "金额"), explain="成绩、名次或金额（元）"),
    Column(
        "uscc", "单位代码", kinds.uscc_shape(), aliases=("统一社会信用代码", "用人单位代码"), explain="安置到的单位"
    ),
    Column("proof", "凭证", kinds.text(64), aliases=("证明材料",), explain="劳动合同、社保、证书等的编号"),
)


class BoothsLoader(KeyedLoader):
    """Employers at fairs, found by fair and credit code."""

    model = Booth
    key_column = "uscc"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.books, self.employers = Items(actor), Employers()

    def key(self, row: Row) -> Hashable:
        return row.service, row.item, row.session, row.uscc

    def standing(self, rows: Sequence[Row]) -> Standing:
        names = ("session__offer__service", "session__offer__code", "session__number", "employer__uscc")
        return standing_of(Booth.objects.all(), *names)

    def look(self, row: Row, remarks: Remarks, number: int | None) -> history_moves.BoothRow | None:
        found, employer = self.books.slot(row, remarks), self.employers.find(row.uscc, remarks)
        if found is None or employer is None:
            return None
        return history_moves.BoothRow(found[1].id, employer.id, found[1].path, row.posts or 0, row.digest)

    def add(self, new: Sequence[tuple[Row, history_moves.BoothRow]], batch: int) -> None:
        history_moves.record_booths([found for _, found in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, history_moves.BoothRow]], batch: int) -> None:
        history_moves.change_booths([(number, found) for number, _, found in changed], by=self.actor, batch=batch)


class _Part(NamedTuple):
    id: int
    path: str
    on: date


class OutcomesLoader(KeyedLoader):
    """Results, found by service, kind and number."""

    model = Outcome
    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.books, self.employers = Items(actor), Employers()
        self.parts: dict[tuple[int, str], _Part] = {}

    def key(self, row: Row) -> Hashable:
        return row.service, row.result, row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Outcome.objects.all(), "service", "kind", "number")

    def prepare(self, rows: Sequence[Row]) -> None:
        serials: dict[int, list[str]] = {}
        for row in rows:
            item = self.books.items.get((row.service, row.item))
            if item is not None:
                serials.setdefault(item.id, []).append(row.serial)
        self.parts = {}
        for offer, numbers in serials.items():
            part = Participation.objects.filter(offer=offer, number__in=numbers)
            for number, *rest in part.values_list("number", "pk", "path", "on"):
                self.parts[offer, number] = _Part(*rest)

    def look(self, row: Row, remarks: Remarks, number: int | None) -> history_moves.OutcomeRow | None:
        item, employer = self.books.item(row, remarks), self.employers.find(row.uscc, remarks)
        check_past(remarks, "on", row.on, self.today)
        part = self.parts.get((item.id, row.serial)) if item is not None else None
        if item is not None and part is None:
            remarks.refuse("serial", f"参加名单里没有流水号 {row.serial}，请核对，或先导入参加名单")
        elif part is not None:
            check_span(remarks, "on", part.on, row.on, "参加日期")
        declared = service.find(row.service).results.get(row.result)
        if declared is None:
            remarks.refuse("result", f"{SERVICES[row.service]}不登记“{RESULTS[row.result]}”这种结果")
            return None
        choice, amount = _choice(row, declared, remarks), _amount(row, declared, remarks)
        if declared.proof and not row.proof:
            remarks.refuse("proof", f"“{declared.title}”要填凭证")
        if declared.employer and not row.uscc:
            remarks.refuse("uscc", f"“{declared.title}”要填单位代码")
        if part is None:
            return None
        return history_moves.OutcomeRow(
            row.service, row.result, row.code, part.id, part.path, row.on, choice, amount,
            employer.id if employer is not None else None, row.proof, row.digest,
        )  # fmt: skip

    def add(self, new: Sequence[tuple[Row, history_moves.OutcomeRow]], batch: int) -> None:
        history_moves.record_outcomes([found for _, found in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, history_moves.OutcomeRow]], batch: int) -> None:
        history_moves.change_outcomes([(number, found) for number, _, found in changed], by=self.actor, batch=batch)


def _choice(row: Row, declared: service.Result, remarks: Remarks) -> str:
    choices = {**{title: key for key, title in declared.choices}, **{key: key for key, _ in declared.choices}}
    if not choices:
        if row.choice:
            remarks.refuse("choice", f"“{declared.title}”不分类别，请留空")
        return ""
    if row.choice not in choices:
        remarks.refuse(
            "choice", f"“{declared.title}”的类别请从中选一个：{'、'.join(title for _, title in declared.choices)}"
        )
    return choices.get(row.choice, "")


def _amount(row: Row, declared: service.Result, remarks: Remarks) -> int | None:
    amount: int | None = row.amount
    if bool(declared.amount) != (amount is not None):
        said = "要填数值" if declared.amount else "没有数值，请留空"
        remarks.refuse("amount", f"“{declared.title}”{said}")
        return None
    if declared.amount == "whole" and amount is not None:
        if amount % _HUNDREDTHS:
            remarks.refuse("amount", f"“{declared.title}”应是整数")
        return amount // _HUNDREDTHS
    return amount


TEMPLATES = (
    Template(
        "booths", "参会单位", "employers at fairs", BOOTH_COLUMNS,
        "一行是一家单位参加一场招聘会，即一个次；同一单位参加两场是两行。", BoothsLoader,
    ),
    Template(
        "outcomes", "活动结果", "outcomes", OUTCOME_COLUMNS,
        "参加之后的结果，一行一项：考试、证书、成绩、名次、求职意向、安置、回访等；安置要有单位和凭证。", OutcomesLoader,
    ),
)  # fmt: skip
