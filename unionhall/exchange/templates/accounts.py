"""Accounts with their posts, and funds: 岗位与账号, 资金."""

from collections.abc import Hashable, Sequence
from datetime import date

from unionhall.exchange import before, kinds
from unionhall.exchange.keyed import KeyedLoader, Remarks, Standing, check_span, overlaps, standing_of
from unionhall.exchange.references import Places
from unionhall.exchange.template import Column, Row, Template
from unionhall.kernel.actor import Actor
from unionhall.ledger import actions as ledger
from unionhall.ledger.models import Fund
from unionhall.organisations import actions
from unionhall.organisations.models import Account, PostHeld
from unionhall.organisations.roles import ROLES

POST_COLUMNS = (
    Column("account", "账号", kinds.code(64), required=True, aliases=("登录名", "用户名"), example="zhangsan"),
    Column("name", "姓名", kinds.person_name(), required=True,
           explain="已有账号的姓名写错了的，改姓名、其余不变，再导入一次"),
    Column("role", "岗位", kinds.words(ROLES), required=True, words=ROLES, example="服务站站长"),
    Column("place", "地方代码", kinds.code(12), required=True, explain="管到哪个地方；管全区的填区的代码"),
    Column("since", "起始日期", kinds.day(), required=True, example="2015-01-01"),
    Column("until", "终止日期", kinds.day(), explain="从这一天起不再担任"),
)  # fmt: skip

FUND_COLUMNS = (
    Column("name", "资金名称", kinds.text(40), required=True, aliases=("名称",), example="送温暖资金"),
    Column("purpose", "用途", kinds.text(200)),
    Column("place", "地方代码", kinds.code(12), required=True, explain="由哪个地方管理；区里管的填区的代码"),
)


class PostsLoader(KeyedLoader):
    """Accounts are opened as they are met, without a password; a post is found by account, role, place and first day."""

    model = PostHeld
    key_column = "account"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places = Places()
        self.names = dict(Account.objects.values_list("username", "name"))
        self.stated: dict[str, str] = {}
        self.renamed: set[str] = set()
        self.spans: dict[tuple[str, str, str], dict[date, date | None]] = {}
        held = PostHeld.objects.values_list("account__username", "role", "path", "since", "until")
        for account, role, path, since, until in held:
            self.spans.setdefault((account, role, path), {})[since] = until
        self.holders = {account for account, _, _ in self.spans}

    def key(self, row: Row) -> tuple[str, str, str, date]:
        return row.account, row.role, self.places.path(row.place, None, Remarks()), row.since

    def standing(self, rows: Sequence[Row]) -> Standing:
        found = standing_of(PostHeld.objects.all(), "account__username", "role", "path", "since")
        for key in (self.key(row) for row in rows if self.names.get(row.account, row.name) != row.name):
            if key in found:  # the post is as this row says, the name of its holder is not
                found[key] = (found[key][0], None)
        return found

    def prepare(self, rows: Sequence[Row]) -> None:
        """A name is put right by a row of a post the account has, or when it has none; nobody else's account is taken."""
        for row in rows:
            if self.names.get(row.account) == row.name:
                self.stated[row.account] = row.name
            self.stated.setdefault(row.account, row.name)
            _, role, path, since = self.key(row)
            if since in self.spans.get((row.account, role, path), {}):
                self.renamed.add(row.account)
        self.renamed |= {row.account for row in rows} - self.holders

    def look(self, row: Row, remarks: Remarks, number: int | None) -> str:
        check_span(remarks, "until", row.since, row.until)
        name = self.stated[row.account]
        if row.account not in self.renamed:
            name = self.names.get(row.account, name)
        if name != row.name:
            remarks.refuse("account", f"账号 {row.account} 已是“{name}”的，请换一个账号")
        path = self.places.path(row.place, row.since, remarks)
        spans = self.spans.setdefault((row.account, row.role, path), {})
        other = overlaps(list(spans.items()), row.since, row.until)
        if other is not None:
            remarks.refuse("since", f"自 {other.isoformat()} 起已担任这个岗位，时间重叠，请核对")
        elif not remarks.refused:
            spans[row.since] = row.until
        return path

    def add(self, new: Sequence[tuple[Row, str]], batch: int) -> None:
        self._rename([row for row, _ in new], batch)
        accounts = {
            row.account: actions.open_account(row.account, row.name, by=self.actor)
            for row in {row.account: row for row, _ in new}.values()
        }
        actions.give_posts(
            [
                actions.PostRow(accounts[row.account], row.role, path, row.since, row.until, row.digest)
                for row, path in new
            ],
            by=self.actor,
            batch=batch,
        )

    def change(self, changed: Sequence[tuple[int, Row, str]], batch: int) -> None:
        self._rename([row for _, row, _ in changed], batch)
        for number, row, _ in changed:
            actions.end_post(number, on=row.until, by=self.actor, digest=row.digest)

    def _rename(self, rows: Sequence[Row], batch: int) -> None:
        """Accounts outlive the file they came with; a name it put right goes back with its withdrawal."""
        wrong = {row.account: row.name for row in rows if self.names.get(row.account, row.name) != row.name}
        numbers = dict(Account.objects.filter(username__in=wrong).values_list("username", "pk"))
        before.keep(batch, Account, numbers.values(), only=("name",))  # never the password
        for account, name in wrong.items():
            actions.rename_account(numbers[account], name, by=self.actor, batch=batch)
        self.names |= wrong


class FundsLoader(KeyedLoader):
    """Funds, found by name."""

    model = Fund
    key_column = "name"

    def __init__(self, actor: Actor, today: date) -> None:
        super().__init__(actor, today)
        self.places = Places()

    def key(self, row: Row) -> Hashable:
        return row.name

    def standing(self, rows: Sequence[Row]) -> Standing:
        return standing_of(Fund.objects.all(), "name")

    def look(self, row: Row, remarks: Remarks, number: int | None) -> str:
        return self.places.path(row.place, None, remarks)

    def add(self, new: Sequence[tuple[Row, str]], batch: int) -> None:
        ledger.open_funds([_fund(row, path) for row, path in new], by=self.actor, batch=batch)

    def change(self, changed: Sequence[tuple[int, Row, str]], batch: int) -> None:
        ledger.change_funds([(number, _fund(row, path)) for number, row, path in changed], by=self.actor, batch=batch)


def _fund(row: Row, path: str) -> ledger.FundRow:
    return ledger.FundRow(row.name, row.purpose, path, row.digest)


TEMPLATES = (
    Template(
        "posts",
        "岗位与账号",
        "posts and accounts",
        POST_COLUMNS,
        "一行是一个人在一个地方担任一个岗位的一段时间。账号没有密码，由系统管理员另行设置；看得到什么由岗位和地方决定。",
        PostsLoader,
    ),
    Template(
        "funds",
        "资金",
        "funds",
        FUND_COLUMNS,
        "专款专用的资金，一行一项。救助发放登记里的“资金来源”填这里的名称。",
        FundsLoader,
    ),
)
