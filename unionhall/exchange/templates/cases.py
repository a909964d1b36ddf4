"""Matters of past years: 劳动争议调解登记, 救助发放登记, 困难职工建档登记."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Any, NamedTuple

from unionhall import catalogue
from unionhall.cases import actions, registers
from unionhall.cases.models import Case
from unionhall.cases.service import CaseService
from unionhall.cases.station_rules import SERVICES
from unionhall.cases.union_building import FOUNDING
from unionhall.cases.vocabulary import CHANNELS, DISPUTE_CAUSES, DISPUTE_RESULTS, GRANT_FORMS, GRANTS, HARDSHIPS
from unionhall.exchange import kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_past, check_span, standing_of
from unionhall.exchange.references import Employers, People, Places
from unionhall.exchange.template import Column, Row, Template
from unionhall.kernel.actor import Actor
from unionhall.ledger.models import Fund

_PAYING = [one for one in catalogue.SERVICES if isinstance(one, CaseService) and actions.PAID in one.workflow.states]
_GRANTS = {**GRANTS, **{service.key: service.title for service in _PAYING if service.key not in GRANTS}}
"""Every service that pays, in the order of the union's code numbers; one declared since comes after them."""

_NAME = Column("name", "姓名", kinds.person_name(), required=True, aliases=("职工姓名",))
_DOCUMENT = Column(
    "document",
    "证件号码",
    kinds.document(),
    required=True,
    aliases=("身份证号", "身份证号码"),
    explain="本列须为文本格式",
)
_PLACE = Column("place", "地方代码", kinds.code(12), explain="办理的地方；不填为全区")
_EMPLOYER = Column(
    "uscc",
    "用人单位代码",
    kinds.uscc_shape(),
    aliases=("统一社会信用代码", "单位代码"),
    explain="18位；本列须为文本格式",
)

DISPUTE_COLUMNS = (
    Column("code", "案号", kinds.code(40), required=True, aliases=("编号",)),
    Column("name", "申请人姓名", kinds.person_name(), required=True, aliases=("申请人", "姓名")),
    _DOCUMENT,
    _EMPLOYER,
    _PLACE,
    Column("cause", "案由", kinds.words(DISPUTE_CAUSES), required=True, words=DISPUTE_CAUSES, example="劳动报酬"),
    Column("headcount", "人数", kinds.whole(1, 100_000), aliases=("涉及人数",), explain="涉及职工人数，不填为 1"),
    Column("channel", "渠道", kinds.words(CHANNELS), words=CHANNELS, aliases=("来源",), example="来访"),
    Column("opened_on", "申请日期", kinds.day(), required=True, example="2015-03-02"),
    Column("accepted_on", "受理日期", kinds.day()),
    Column("closed_on", "结案日期", kinds.day(), explain="与结果一起填；未结的都不填"),
    Column("result", "结果", kinds.words(DISPUTE_RESULTS), words=DISPUTE_RESULTS, example="达成协议"),
    Column("claimed", "请求金额", kinds.money(), explain="元"),
    Column("agreed", "协议金额", kinds.money(), explain="元；达成协议的填写"),
)

GRANT_COLUMNS = (
    Column("code", "编号", kinds.code(24), required=True, explain="同一类别内不重复；同一编号只发放一次"),
    Column(
        "kind", "救助类别", kinds.words(_GRANTS), required=True, aliases=("类别",), words=_GRANTS, example="医疗救助"
    ),
    _NAME,
    _DOCUMENT,
    Column("beneficiary", "受益人姓名", kinds.person_name(), explain="不是本人的填写，如助学的子女"),
    Column("beneficiary_document", "受益人证件号码", kinds.document(), explain="本列须为文本格式"),
    _EMPLOYER,
    _PLACE,
    Column("requested_on", "申请日期", kinds.day()),
    Column("approved_on", "批准日期", kinds.day()),
    Column("paid_on", "发放日期", kinds.day(), required=True, example="2015-09-01"),
    Column("claimed", "申请金额", kinds.money(), explain="元"),
    Column("paid", "发放金额", kinds.money(), required=True, explain="元；实物按折价", example="2000"),
    Column("fund", "资金来源", kinds.text(40), required=True, explain="“资金”表里的资金名称", example="送温暖资金"),
    Column("form", "形式", kinds.words(GRANT_FORMS), words=GRANT_FORMS, explain="不填为现金", example="现金"),
)

FILE_COLUMNS = (
    Column("code", "档案编号", kinds.code(40), required=True, aliases=("编号",)),
    _NAME,
    _DOCUMENT,
    Column("uscc", "用人单位代码", kinds.uscc_shape(), required=True, aliases=("统一社会信用代码", "单位代码")),
    Column("place", "地方代码", kinds.code(12), required=True),
    Column("cause", "困难类别", kinds.words(HARDSHIPS), words=HARDSHIPS, example="相对困难"),
    Column("filed_on", "建档日期", kinds.day(), required=True, example="2014-11-01"),
    Column("closed_on", "撤档日期", kinds.day()),
)


_OWN_FORM = frozenset(("mediation", "aid.file"))
_PLAIN = {
    one.key: one
    for one in catalogue.SERVICES
    if isinstance(one, CaseService)
    and one.key not in (*_OWN_FORM, *SERVICES)
    and actions.PAID not in one.workflow.states
}
"""Services of cases without a register of their own here: no money, and what is known is when it came and how it ended. What was
found of a station in past years comes with the register of stations.
"""

MATTER_COLUMNS = (
    Column("kind", "业务", kinds.words({key: one.title for key, one in _PLAIN.items()}), required=True,
           words={key: one.title for key, one in _PLAIN.items()}, example="劳动监察"),
    Column("code", "编号", kinds.code(40), required=True, explain="同一业务内不重复"),
    _PLACE,
    Column("name", "职工姓名", kinds.person_name(), aliases=("姓名",), explain="没有具体职工的不填"),
    Column("document", "证件号码", kinds.document(), aliases=("身份证号", "身份证号码"), explain="与姓名一起填；本列须为文本格式"),
    _EMPLOYER,
    Column("cause", "类别", kinds.text(20), explain="这项业务登记表上的类别"),
    Column("headcount", "人数", kinds.whole(1, 100_000), aliases=("涉及人数",), explain="涉及职工人数，不填为 1"),
    Column("opened_on", "登记日期", kinds.day(), required=True, example="2015-03-02"),
    Column("reached", "办理到", kinds.text(20), required=True, aliases=("结果", "状态"), explain="这项业务的办理环节，如：已召开、单位已改正",
           example="已立案"),
    Column("reached_on", "办理日期", kinds.day(), aliases=("办结日期",), explain="到这一环节的日期；刚登记的不填"),
)  # fmt: skip


class _Found(NamedTuple):
    path: str
    employer: int | None
    fund: int | None = None


class _CasesLoader(KeyedLoader):
    """What the three registers share: places, employers, and persons who need not be members."""

    model = Case
    key_column = "code"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places, self.employers, self.people = Places(), Employers(), People()

    def documents(self, row: Row) -> list[tuple[str, str]]:
        """(number, name) of everyone the row names."""
        return [(row.document, row.name)]

    def matter(self, row: Row, found: Any, people: dict[str, int]) -> actions.Matter:
        raise NotImplementedError

    def prepare(self, rows: Sequence[Row]) -> None:
        self.people.prepare(number for row in rows for number, _ in self.documents(row))

    def add(self, new: Sequence[tuple[Row, Any]], batch: int) -> None:
        people = self._ids([row for row, _ in new], batch)
        actions.record([self.matter(row, found, people) for row, found in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, Any]], batch: int) -> None:
        people = self._ids([row for _, row, _ in changed], batch)
        matters = [(number, self.matter(row, found, people)) for number, row, found in changed]
        actions.correct(matters, by=self.actor, batch=batch)

    def _ids(self, rows: Sequence[Row], batch: int) -> dict[str, int]:
        named = [one for row in rows for one in self.documents(row)]
        return self.people.ids(named, self.today, by=self.actor, batch=batch)

    def _employer(self, row: Row, remarks: Remarks) -> int | None:
        employer = self.employers.find(row.uscc, remarks)
        return employer.id if employer is not None else None


class DisputesLoader(_CasesLoader):
    """Disputes, found by number."""

    def key(self, row: Row) -> Hashable:
        return row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Case.objects.filter(service="mediation"), "number")

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _Found:
        self.people.known_or_new(row.number, row.document, row.name, remarks, "name")
        check_span(remarks, "accepted_on", row.opened_on, row.accepted_on, "申请日期")
        check_span(
            remarks,
            "closed_on",
            row.accepted_on or row.opened_on,
            row.closed_on,
            "受理日期" if row.accepted_on else "申请日期",
        )
        for column, day in (
            ("opened_on", row.opened_on),
            ("accepted_on", row.accepted_on),
            ("closed_on", row.closed_on),
        ):
            check_past(remarks, column, day, self.today)
        if bool(row.result) != (row.closed_on is not None):
            remarks.refuse("closed_on" if row.result else "result", "结果和结案日期要一起填；未结的都不填")
        if row.result in ("agreed", "failed") and row.accepted_on is None:
            remarks.refuse("accepted_on", f"“{DISPUTE_RESULTS[row.result]}”的案件要有受理日期")
        if row.agreed is not None and row.result != "agreed":
            remarks.refuse("agreed", "只有达成协议的案件才填协议金额")
        if row.agreed is not None and row.claimed is not None and row.agreed > row.claimed:
            remarks.doubt("agreed", "协议金额大于请求金额，请核对单位是否为元")
        return _Found(self.places.path(row.place, row.opened_on, remarks), self._employer(row, remarks))

    def matter(self, row: Row, found: _Found, people: dict[str, int]) -> actions.Matter:
        told = registers.Dispute(
            row.code, found.path, row.cause, row.opened_on, people[row.document], found.employer, row.headcount or 1,
            row.channel, row.accepted_on, row.closed_on, row.result, row.claimed, row.agreed,
        )  # fmt: skip
        return registers.dispute(told, row.digest)


class GrantsLoader(_CasesLoader):
    """Payments of aid and bonuses, found by kind and number."""

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.funds = dict(Fund.objects.values_list("name", "pk"))

    def key(self, row: Row) -> Hashable:
        return row.kind, row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Case.objects.filter(service__in=list(_GRANTS)), "service", "number")

    def documents(self, row: Row) -> list[tuple[str, str]]:
        named = [(row.document, row.name)]
        return [*named, (row.beneficiary_document, row.beneficiary)] if row.beneficiary_document else named

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _Found:
        self.people.known_or_new(row.number, row.document, row.name, remarks, "name")
        if row.beneficiary_document and not row.beneficiary:
            remarks.refuse("beneficiary", "填了受益人证件号码就要填受益人姓名")
        elif row.beneficiary_document:
            self.people.known_or_new(row.number, row.beneficiary_document, row.beneficiary, remarks, "beneficiary")
        check_span(remarks, "approved_on", row.requested_on, row.approved_on, "申请日期")
        check_span(
            remarks,
            "paid_on",
            row.approved_on or row.requested_on,
            row.paid_on,
            "批准日期" if row.approved_on else "申请日期",
        )
        check_past(remarks, "paid_on", row.paid_on, self.today)
        if row.paid == 0:
            remarks.refuse("paid", "发放金额应大于零")
        if row.claimed is not None and row.paid > row.claimed:
            remarks.doubt("paid", "发放金额大于申请金额，请核对单位是否为元")
        fund = self.funds.get(row.fund)
        if fund is None:
            remarks.refuse("fund", f"没有“{row.fund}”这项资金，请核对，或先导入资金")
        return _Found(self.places.path(row.place, row.paid_on, remarks), self._employer(row, remarks), fund)

    def matter(self, row: Row, found: _Found, people: dict[str, int]) -> actions.Matter:
        assert found.fund is not None
        told = registers.Grant(
            row.kind, row.code, found.path, row.paid_on, row.paid, found.fund, people[row.document],
            people[row.beneficiary_document] if row.beneficiary_document else None, found.employer, row.requested_on,
            row.approved_on, row.claimed, row.form or "cash", row.beneficiary,
        )  # fmt: skip
        return registers.grant(told, row.digest)


class FilesLoader(_CasesLoader):
    """Hardship files, found by number."""

    def key(self, row: Row) -> Hashable:
        return row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Case.objects.filter(service="aid.file"), "number")

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _Found:
        self.people.known_or_new(row.number, row.document, row.name, remarks, "name")
        check_past(remarks, "filed_on", row.filed_on, self.today)
        check_span(remarks, "closed_on", row.filed_on, row.closed_on, "建档日期")
        return _Found(self.places.path(row.place, row.filed_on, remarks), self._employer(row, remarks))

    def matter(self, row: Row, found: _Found, people: dict[str, int]) -> actions.Matter:
        assert found.employer is not None
        told = registers.HardshipFile(
            row.code, found.path, row.cause, row.filed_on, people[row.document], found.employer, row.closed_on
        )
        return registers.hardship_file(told, row.digest)


class MattersLoader(_CasesLoader):
    """Any other matters, found by service and number."""

    def key(self, row: Row) -> Hashable:
        return row.kind, row.code

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Case.objects.filter(service__in=list(_PLAIN)), "service", "number")

    def documents(self, row: Row) -> list[tuple[str, str]]:
        return [(row.document, row.name)] if row.document else []

    def look(self, row: Row, remarks: Remarks, number: int | None) -> _Found:
        if bool(row.document) != bool(row.name):
            remarks.refuse("document" if row.name else "name", "姓名和证件号码要一起填，或者都不填")
        elif row.document:
            self.people.known_or_new(row.number, row.document, row.name, remarks, "name")
        service = _PLAIN[row.kind]
        if row.kind == FOUNDING and not row.uscc:
            remarks.refuse("uscc", "组建工会是一家单位的事项，请填单位")
        if row.cause and row.cause not in service.causes.values():
            known = "、".join(service.causes.values())
            remarks.refuse(
                "cause", f"“{service.title}”的类别有：{known}" if known else f"“{service.title}”不分类别，请不要填"
            )
        states = {service.workflow.title(state): state for state in service.workflow.states}
        if row.reached not in states:
            remarks.refuse("reached", f"“{service.title}”的环节有：{'、'.join(states)}")
        elif service.making is not None and states[row.reached] in service.making.states:
            remarks.refuse("reached", f"办到“{row.reached}”的不从这里导入：工会、覆盖单位、会员各有登记表")
        elif (states[row.reached] == service.workflow.initial) != (row.reached_on is None):
            remarks.refuse("reached_on", "写明办到这一环节的日期；刚登记、还没有办理的不填")
        check_span(remarks, "reached_on", row.opened_on, row.reached_on, "登记日期")
        for column, day in (("opened_on", row.opened_on), ("reached_on", row.reached_on)):
            check_past(remarks, column, day, self.today)
        return _Found(self.places.path(row.place, row.opened_on, remarks), self._employer(row, remarks))

    def matter(self, row: Row, found: _Found, people: dict[str, int]) -> actions.Matter:
        service = _PLAIN[row.kind]
        states = {service.workflow.title(state): state for state in service.workflow.states}
        causes = {title: key for key, title in service.causes.items()}
        told = registers.PlainMatter(
            row.kind, row.code, found.path, row.opened_on, states[row.reached], row.reached_on, causes.get(row.cause, ""),
            people[row.document] if row.document else None, found.employer, row.headcount or 1,
        )  # fmt: skip
        return registers.plain(told, row.digest)


TEMPLATES = (
    Template(
        "hardship", "困难职工建档登记", "hardship files", FILE_COLUMNS,
        "一行一份档案。撤档的保留在表里，填写撤档日期。证件号码加密保存。", FilesLoader,
    ),
    Template(
        "aid", "救助发放登记", "aid payments", GRANT_COLUMNS,
        "一行是一次发放。按发放日期和发放金额计数，从“资金来源”支出；同一类别同一编号只支付一次。", GrantsLoader,
    ),
    Template(
        "disputes", "劳动争议调解登记", "labour disputes", DISPUTE_COLUMNS,
        "一行一件争议，不论涉及多少人。受理按受理日期、成功按结案日期计；请求金额和协议金额分别计数。", DisputesLoader,
    ),
    Template(
        "matters", "其他事项登记", "other matters", MATTER_COLUMNS,
        "一行一件：劳动监察、三方会议、法律援助、有事即谈等没有专门登记表的业务。中间环节没有日期的不计数。", MattersLoader,
    ),
)  # fmt: skip
