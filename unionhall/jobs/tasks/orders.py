"""The file of an order that goes to the bank: made sealed for who asked, with the accounts opened for it and for nothing else."""

from django.utils import timezone
from django_tasks import task

from unionhall.access import reveal
from unionhall.exchange.export import Mark, csv_for_bank, xlsx_bytes
from unionhall.jobs.context import Context
from unionhall.jobs.queue import READING
from unionhall.kernel.errors import Refused
from unionhall.kernel.money import yuan
from unionhall.ledger import order_moves

FORMS = {"xlsx": "Excel", "csv": "CSV（GB18030）"}
HEADERS = ("序号", "收款人", "收款账号", "开户银行", "金额（元）", "用途")
FIELD = "people.payeeaccount.number"


@task(takes_context=True, queue_name=READING)
def payment_file(context: Context, order: int, form: str) -> dict[str, int | str]:
    """Mark the order as sent, open the account numbers (one line each in the book of looks) and write the file.

    All of it commits together with "done", so there is no order marked as sent whose file nobody has. The second officer
    such a file needs is the one who decided on the order (ledger.orders.needs_two).
    """
    by = context.actor()
    if form not in FORMS:
        raise Refused("没有这种格式。")
    context.begin()
    lines = order_moves.send(order, by=by)
    context.progress(0, len(lines), "读取账号")
    payees = [line.payee_id for line in lines]
    numbers = reveal.open_many(FIELD, payees, by=by, purpose=f"第 {order} 批支付送银行")
    cells = [
        [str(line.pk), line.payee.holder, numbers[line.payee_id], line.payee.bank, f"{yuan(line.fen):f}", line.title]
        for line in lines
    ]
    name = f"payments-{order}-{timezone.localdate().isoformat()}.{form}"
    mark = Mark(by.name, timezone.now(), by.trace)
    context.keep(name, csv_for_bank(HEADERS, cells) if form == "csv" else xlsx_bytes(HEADERS, cells, mark=mark))
    context.progress(len(lines), len(lines))
    return {"payments": len(lines), "file": name}
