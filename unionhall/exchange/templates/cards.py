"""Mutual-service cards: the batch sent to the bank, and the bank's reply."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from unionhall.exchange import before, kinds
from unionhall.exchange.keyed import Remarks, check_past
from unionhall.exchange.references import People
from unionhall.exchange.template import Column, Judged, Loader, Row, Template, Verdict
from unionhall.kernel.actor import Actor
from unionhall.people import actions
from unionhall.people.actions import Reply, Request
from unionhall.people.models import Card, Membership
from unionhall.storage.sealed import indexer

RESULTS = {"made": "成功", "rejected": "退回"}
_AT_ONCE = 10_000
_NUMBER = ("身份证号", "身份证号码", "公民身份号码", "证件号")


class Held(NamedTuple):
    """A person's latest card, as judging needs it."""

    id: int
    person: int
    path: str
    state: str
    number_index: bytes | None
    consented_on: date | None
    requested_on: date
    made_on: date | None
    delivered_on: date | None
    activated_on: date | None
    until: date | None
    because: str

    @property
    def open(self) -> bool:
        return self.until is None and self.state != "rejected"


_HELD = ("id", "person_id", "path", "state", "number_index", "consented_on", "requested_on", "made_on", "delivered_on",
         "activated_on", "until", "rejected_because")  # fmt: skip


class _CardLoader(Loader):
    """Rows that are about one card of one person each."""

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.people = People()
        self.rows: dict[str, int] = {}

    def known(self) -> set[bytes]:
        return {bytes(digest) for digest in Card.objects.filter(digest__isnull=False).values_list("digest", flat=True)}

    def judge(self, rows: Sequence[Row]) -> list[Judged]:
        self.people.prepare(row.document_number for row in rows)
        persons = [person.id for person in self.people.found.values()]
        cards = _cards_of(persons)
        self.cards = _latest(cards)
        self.look_up(rows, persons, cards)
        return [self._judge(row) for row in rows]

    def look_up(self, rows: Sequence[Row], persons: list[int], cards: Sequence[Held]) -> None:
        """What else the rows of a chunk need; `cards` are all these persons have or had."""

    def look(self, row: Row, person: int, card: Held | None, remarks: Remarks) -> tuple[Verdict, object]:
        raise NotImplementedError

    def _judge(self, row: Row) -> Judged:
        remarks = Remarks()
        first = self.rows.setdefault(row.document_number, row.number)
        if first != row.number:
            remarks.refuse("document_number", f"与第{first}行是同一人，请只保留一行")
        person = self.people.known(row.document_number, row.name, remarks, "document_number")
        if person is None or remarks.refused:
            return Judged(row, Verdict.REFUSED, tuple(remarks.refused))
        verdict, note = self.look(row, person, self.cards.get(person), remarks)
        if remarks.refused:
            return Judged(row, Verdict.REFUSED, tuple(remarks.refused + remarks.doubted))
        if remarks.doubted and verdict is not Verdict.UNCHANGED:
            return Judged(row, Verdict.DOUBTFUL, tuple(remarks.doubted), accepted=verdict, note=note)
        return Judged(row, verdict, note=note)


class BatchLoader(_CardLoader):
    """Cards asked for: every person with consent, a standing membership and no card yet."""

    def look_up(self, rows: Sequence[Row], persons: list[int], cards: Sequence[Held]) -> None:
        self.asked = {(card.person, card.consented_on, card.requested_on) for card in cards}
        self.at: dict[int, tuple[str, str]] = {}
        for at in range(0, len(persons), _AT_ONCE):
            standing = Membership.objects.filter(person__in=persons[at : at + _AT_ONCE], until=None)
            self.at |= {
                person: (path, kind) for person, path, kind in standing.values_list("person", "path", "union__kind")
            }

    def look(self, row: Row, person: int, card: Held | None, remarks: Remarks) -> tuple[Verdict, object]:
        # Any card, not only the latest: an old batch brought in again asks for nothing new.
        if (person, row.consented_on, row.requested_on) in self.asked:
            return Verdict.UNCHANGED, None
        if card is not None and card.open:
            remarks.refuse(None, f"此人已有一张卡（{card.requested_on.isoformat()} 申请），一人一卡；换卡请办理补换")
        if row.consented_on > row.requested_on:
            remarks.refuse("consented_on", f"同意办卡日期晚于申请日期 {row.requested_on.isoformat()}，未经同意不能申请")
        check_past(remarks, "requested_on", row.requested_on, self.today)
        if person not in self.at:
            remarks.refuse("document_number", "此人没有正在生效的会籍，不能办卡")
            return Verdict.REFUSED, None
        return Verdict.NEW, Request(person, *self.at[person], row.consented_on, row.requested_on, row.digest)

    def write(self, judged: Sequence[Judged], batch: int) -> None:
        actions.request_cards([one.note for one in judged], by=self.actor, batch=batch)


class ReplyLoader(_CardLoader):
    """What the bank said: made with a number, or rejected with a reason; later files may add delivery and activation."""

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.index = indexer(Card, "number")
        self.numbers: dict[bytes, int] = {}

    def look_up(self, rows: Sequence[Row], persons: list[int], cards: Sequence[Held]) -> None:
        self.indexes = {row.card: self.index(row.card) for row in rows if row.card}
        wanted = list(self.indexes.values())
        self.owners: dict[bytes, int] = {}
        for at in range(0, len(wanted), _AT_ONCE):
            held = Card.objects.filter(number_index__in=wanted[at : at + _AT_ONCE])
            self.owners |= {bytes(index): card for index, card in held.values_list("number_index", "id")}

    def look(self, row: Row, person: int, card: Held | None, remarks: Remarks) -> tuple[Verdict, object]:
        if card is None:
            remarks.refuse("document_number", "没有为此人申请过卡，请先导入办卡批次")
            return Verdict.REFUSED, None
        number = self.indexes.get(row.card)
        if row.result == "rejected":
            self._look_rejected(row, card, remarks)
            note = Reply(
                card.id,
                person,
                card.path,
                "",
                None,
                None,
                None,
                row.made_on or card.requested_on,
                row.because,
                row.digest,
            )
            same = card.state == "rejected" and card.because == row.because
            return (Verdict.UNCHANGED if same else Verdict.CHANGED), note
        self._look_made(row, card, number, remarks)
        note = Reply(card.id, person, card.path, row.card, row.made_on, row.delivered_on or card.delivered_on,
                     row.activated_on or card.activated_on, None, "", row.digest)  # fmt: skip
        was = (card.number_index, card.made_on, card.delivered_on, card.activated_on)
        now = (number, note.made_on, note.delivered_on, note.activated_on)
        return (Verdict.UNCHANGED if was == now else Verdict.CHANGED), note

    def write(self, judged: Sequence[Judged], batch: int) -> None:
        before.keep(batch, Card, [one.note.card for one in judged])
        actions.record_replies([one.note for one in judged], by=self.actor, batch=batch)

    def _look_rejected(self, row: Row, card: Held, remarks: Remarks) -> None:
        if not row.because:
            remarks.refuse("because", "退回的要写明退回原因")
        if row.card:
            remarks.refuse("card", "退回的不应有卡号，请核对结果")
        if card.made_on is not None:
            remarks.refuse("result", f"这张卡已于 {card.made_on.isoformat()} 制成，不能再登记退回")

    def _look_made(self, row: Row, card: Held, number: bytes | None, remarks: Remarks) -> None:
        if number is None or row.made_on is None:
            remarks.refuse("card" if number is None else "made_on", "制卡成功的要有卡号和制卡日期")
            return
        if card.state == "rejected" or card.until is not None:
            remarks.refuse("result", "此人最近一次申请已退回或已停用，请先重新申请")
        if self.owners.get(number, card.id) != card.id or self.numbers.setdefault(number, card.id) != card.id:
            remarks.refuse("card", "这个卡号已是另一人的，请按卡面核对")
        if card.number_index is not None and card.number_index != number:
            remarks.refuse("card", "此人的卡已有另一个卡号；换卡请办理补换")
        steps = [("requested_on", "申请", card.requested_on), ("made_on", "制卡", row.made_on),
                 ("delivered_on", "发放", row.delivered_on), ("activated_on", "激活", row.activated_on)]  # fmt: skip
        done = [step for step in steps if step[2] is not None]
        for (_, earlier, on), (key, later, after) in pairwise(done):
            if after < on:
                remarks.refuse(key, f"{later}日期 {after.isoformat()} 早于{earlier}日期 {on.isoformat()}，请核对")
        check_past(remarks, done[-1][0], done[-1][2], self.today)


def _cards_of(persons: list[int]) -> list[Held]:
    """Every card these persons have or had, in the order in which they were asked for."""
    cards = []
    for at in range(0, len(persons), _AT_ONCE):
        rows = Card.objects.filter(person__in=persons[at : at + _AT_ONCE]).order_by("id").values_list(*_HELD)
        for values in rows.iterator(_AT_ONCE):
            card = Held._make(values)
            cards.append(card if card.number_index is None else card._replace(number_index=bytes(card.number_index)))
    return cards


def _latest(cards: Sequence[Held]) -> dict[int, Held]:
    """Each person's open card, or the last there was."""
    latest: dict[int, Held] = {}
    for card in cards:
        if card.person not in latest or not latest[card.person].open:
            latest[card.person] = card
    return latest


_WHO = (
    Column("name", "姓名", kinds.person_name(), required=True, explain="与会员名册一致", example="张三"),
    Column("document_number", "证件号码", kinds.document(), required=True, aliases=_NUMBER, explain="本列须为文本格式",
           example="（按证件填写）"),
)  # fmt: skip

TEMPLATES = (
    Template(
        "card_batch", "京卡办卡批次", "Card requests", (
            *_WHO,
            Column("consented_on", "同意办卡日期", kinds.day(), required=True, aliases=("同意日期",), example="2014-03-01",
                   explain="会员本人同意的日期；办卡自愿"),
            Column("requested_on", "申请日期", kinds.day(), required=True, aliases=("办卡申请日期",), example="2014-03-10"),
        ),
        "送银行办卡的名单，每人一行。须是在册会员，并经本人同意；一人一卡。", BatchLoader,
    ),
    Template(
        "card_reply", "银行制卡回盘", "The bank's reply", (
            _WHO[1],
            Column("name", "姓名", kinds.person_name(), explain="可不填；填了就核对", example="张三"),
            Column("card", "卡号", kinds.bankcard(), aliases=("银行卡号", "京卡卡号"), explain="本列须为文本格式"),
            Column("result", "结果", kinds.words(RESULTS, {"制卡成功": "made", "失败": "rejected"}), required=True,
                   aliases=("制卡结果",), words=RESULTS, example="成功"),
            Column("because", "退回原因", kinds.text(100), aliases=("失败原因",), explain="结果为退回时必填"),
            Column("made_on", "制卡日期", kinds.day(), example="2014-04-01", explain="退回的填退回日期，不填按申请日期记"),
            Column("delivered_on", "发放日期", kinds.day(), aliases=("发卡日期",), example="2014-05-01"),
            Column("activated_on", "激活日期", kinds.day(), example="2014-05-20"),
        ),
        "银行对每张卡的答复。以后补来发放、激活日期的，用同一表再导入一次，空格不改动原值。", ReplyLoader,
    ),
)  # fmt: skip
