"""Money that came into the funds: 资金拨入登记."""

from collections.abc import Hashable, Sequence
from datetime import date
from typing import NamedTuple

from unionhall.exchange import kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_past
from unionhall.exchange.template import Column, Judged, Row, Template, Verdict
from unionhall.kernel.actor import Actor
from unionhall.ledger import actions as ledger
from unionhall.ledger import fund_moves
from unionhall.ledger.models import Entry, Fund, Posting

COLUMNS = (
    Column("voucher", "凭证号", kinds.code(40), required=True, explain="不重复，不含冒号和井号；本列须为文本格式", example="2015-拨-001"),
    Column("fund", "资金名称", kinds.text(40), required=True, aliases=("资金", "资金来源"), explain="“资金”表里的资金名称", example="送温暖资金"),
    Column("on", "日期", kinds.day(), required=True, aliases=("到账日期", "拨入日期"), example="2015-01-05"),
    Column("source", "来源", kinds.text(fund_moves.LONGEST), required=True, aliases=("拨款单位",), example="市总工会拨款"),
    Column("amount", "金额", kinds.money(), required=True, explain="元", example="100000"),
)  # fmt: skip


class _Stands(NamedTuple):
    """What the ledger holds under a voucher."""

    posting: int
    batch: int | None
    fund: int
    on: date
    moves: frozenset[tuple[str, int]]


class IncomesLoader(KeyedLoader):
    """Incomes, found by voucher. What the treasurer wrote at the desk under a voucher is never changed by a file."""

    model = Posting
    key_column = "voucher"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.funds = {fund.name: fund for fund in Fund.objects.all()}
        self.stands: dict[str, _Stands] = {}

    def key(self, row: Row) -> Hashable:
        return row.voucher

    def standing(self, rows: Sequence[Row]) -> Standing:
        """The ledger keeps no digest of a row: a posting that says what the row says stands as the row left it."""
        held = ledger.standing_of_many([fund_moves.cause_of(row.voucher) for row in rows])
        moves: dict[int, list[Entry]] = {}
        for entry in Entry.objects.filter(posting__in=[posting.pk for posting in held.values()]):
            moves.setdefault(entry.posting_id, []).append(entry)
        found: Standing = {}
        for row in rows:
            posting = held.get(fund_moves.cause_of(row.voucher))
            if posting is None:
                continue
            told = moves[posting.pk]
            stands = _Stands(
                posting.pk,
                posting.batch,
                told[0].fund_id,
                posting.on,
                frozenset((one.account, one.fen) for one in told),
            )
            self.stands[row.voucher] = stands
            found[row.voucher] = (posting.pk, row.digest if self._says(row, stands) else None)
        return found

    def _says(self, row: Row, stands: _Stands) -> bool:
        fund = self.funds.get(row.fund)
        moves = frozenset(fund_moves.income(row.source, row.amount))
        return fund is not None and (fund.pk, row.on, moves) == (stands.fund, stands.on, stands.moves)

    def look(self, row: Row, remarks: Remarks, number: int | None) -> ledger.Movement | None:
        fund = self.funds.get(row.fund)
        if fund is None:
            remarks.refuse("fund", f"没有“{row.fund}”这项资金，请先登记资金")
        if row.amount <= 0:
            remarks.refuse("amount", "金额应大于零")
        if ":" in row.voucher or "#" in row.voucher:
            remarks.refuse("voucher", "凭证号不含冒号和井号，请改写")
        check_past(remarks, "on", row.on, self.today)
        stands = self.stands.get(row.voucher)
        if stands is not None and stands.batch is None:
            remarks.refuse("voucher", "这个凭证号已在资金页面上登记，内容不同；请核对，写错了的在资金页面冲销")
        if fund is None or remarks.refused:
            return None
        return fund_moves.movement(fund, row.amount, voucher=row.voucher, source=row.source, on=row.on)

    def write(self, judged: Sequence[Judged], batch: int) -> None:
        """Nothing of the ledger is kept to be restored: it is reversed, and posted again when the batch is withdrawn."""
        new = [one.note[1] for one in judged if one.verdict is Verdict.NEW]
        changed = [one.note[1] for one in judged if one.verdict is Verdict.CHANGED]
        if new:
            ledger.post_many(new, by=self.actor, batch=batch)
        if changed:
            ledger.repost(changed, reason="更正登记", by=self.actor, batch=batch)


TEMPLATES = (
    Template(
        "incomes",
        "资金拨入登记",
        "incomes of funds",
        COLUMNS,
        "一行是一笔进到资金里的钱，按凭证号区分。先登记拨入，再导入发放，收支明细里的余额才对得上账。",
        IncomesLoader,
    ),
)
