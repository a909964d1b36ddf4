"""The bank's answer to an order of payments: a table of line numbers and results, read by the guarded reader."""

from pathlib import Path

from unionhall.exchange import kinds
from unionhall.exchange.reading import Reading
from unionhall.exchange.template import Column, Loader, Template
from unionhall.kernel.errors import Refused
from unionhall.ledger.order_moves import MOST, Answer

RESULTS = {"paid": "成功", "returned": "退回"}
_ALSO = {
    "支付成功": "paid",
    "已支付": "paid",
    "交易成功": "paid",
    "退票": "returned",
    "失败": "returned",
    "支付失败": "returned",
}

FORM = Template(
    name="bank.reply",
    title="银行支付回盘",
    title_en="The bank's reply on payments",
    columns=(
        Column("line", "序号", kinds.whole(1, 9_000_000_000), required=True, aliases=("业务序号", "明细序号"), example="1024"),
        Column("amount", "金额（元）", kinds.money(), aliases=("金额", "交易金额"), example="3000.00"),
        Column("result", "结果", kinds.words(RESULTS, _ALSO), required=True, aliases=("处理结果", "交易状态"), words=RESULTS, example="成功"),
        Column("code", "原因代码", kinds.text(16), aliases=("返回码", "错误代码"), example=""),
        Column("reason", "原因", kinds.text(200), aliases=("失败原因", "退票原因"), example=""),
    ),
    explain="银行对一个支付批次逐笔的答复，序号就是送银行文件里的序号。",
    loader=Loader,
)  # fmt: skip


def read(path: Path) -> list[Answer]:
    """The answers of a file. Raises `Refused` for a row that does not read, by its number, and for too many rows."""
    answers: list[Answer] = []
    with Reading(FORM, path) as reading:
        reading.head()
        for chunk in reading.chunks():
            if chunk.bad:
                number, reasons, _cells = chunk.bad[0]
                raise Refused("回盘第 {number} 行：{reasons}", code="file", number=number, reasons=reasons[0][1])
            answers += [
                Answer(line, result == "paid", code, reason, amount)
                for _number, line, amount, result, code, reason in zip(*chunk.columns, strict=True)
            ]
            if len(answers) > MOST:
                raise Refused("一批最多 {most} 笔，回盘里更多，请核对是不是这一批。", code="file", most=MOST)
            reading.want(chunk, set())
    if not answers:
        raise Refused("回盘里没有一行结果，请核对文件。", code="file")
    return answers
