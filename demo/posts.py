"""Accounts with their posts, and the funds. The names are those of posts, not of people."""

from collections.abc import Iterable, Iterator
from datetime import date

from demo.places import DISTRICT, STREETS, communities, street_code

POST_HEADERS = ("账号", "姓名", "岗位", "地方代码", "起始日期", "终止日期")
FUND_HEADERS = ("资金名称", "用途", "地方代码")
_SINCE = date(2012, 1, 1)


def post_rows(scale: float) -> Iterator[tuple[object, ...]]:
    """Rows of the `posts` workbook."""
    for account, name, role in (
        ("leader", "演示领导", "区总领导"),
        ("organisation", "演示组织部", "组织部"),
        ("rights", "演示权益部", "权益部"),
        ("aid", "演示帮扶部", "帮扶部"),
        ("labour", "演示劳动和荣誉部", "劳动和荣誉部"),
        ("finance", "演示财务部", "财务部"),
        ("audit", "演示经审", "经审"),
    ):
        yield account, name, role, DISTRICT, _SINCE, None
    for number, street in enumerate((0, 12), 1):
        name = STREETS[street].name
        yield f"street-{number:02d}", f"演示{name}街道总工会", "街道总工会", street_code(street), _SINCE, None
        yield f"station-{number:02d}", f"演示{name}服务站社工", "服务站社工", street_code(street), _SINCE, None
    for account, name, role in (
        ("merchant", "演示商户", "商户"),
        ("counsellor", "演示心理咨询师", "心理咨询师"),
        ("scorer", "演示评分代表", "评分代表"),
    ):
        yield account, name, role, DISTRICT, _SINCE, None
    first = communities(scale)[0]
    yield "union-01", f"演示{first.name}联合工会干部", "基层工会干部", first.code, _SINCE, None
    yield "admin", "演示系统管理员", "系统管理员", DISTRICT, _SINCE, None
    yield "security", "演示安全审计员", "安全审计员", DISTRICT, _SINCE, None


FUNDS = {
    "节日慰问": ("送温暖", "两节送温暖，困难劳模和困难职工"),
    "助学": ("金秋助学", "困难职工子女助学"),
    "应急救助": ("应急救助", "突发事件的应急专项救助"),
    "医疗救助": ("医疗救助", "大病职工医疗救助"),
    "生活救助": ("生活救助", "困难职工生活救助"),
    "就业帮扶": ("就业帮扶", "困难职工及子女就业帮扶"),
    "劳模专项奖励": ("劳模专项奖励", "劳模专项奖励资金"),
}
"""Kind of aid -> the fund it is paid from and what that fund is for."""


OTHER_FUNDS = {
    "送清凉": "送清凉物资和慰问",
    "女职工关爱": "女职工关爱行动",
    "劳模服务": "劳模疗休养和体检",
    "互助保障": "职工互助保障赔付",
}
"""Funds that activities are paid from, and what each is for."""


INCOME_HEADERS = ("凭证号", "资金名称", "日期", "来源", "金额")
_SOURCE = "区财政和上级工会拨款"
_ROUND = 10_000


def income_rows(spent: Iterable[tuple[str, date, int]]) -> Iterator[tuple[object, ...]]:
    """Rows of the `incomes` workbook: each fund is given at the beginning of a year what it pays out in it (fund, day and yuan of
    each payment), rounded up.
    """
    years: dict[tuple[int, str], int] = {}
    for fund, on, yuan in spent:
        years[on.year, fund] = years.get((on.year, fund), 0) + yuan
    for serial, ((year, fund), yuan) in enumerate(sorted(years.items()), 1):
        yield f"{year}-拨-{serial:03d}", fund, date(year, 1, 5), _SOURCE, -(-yuan // _ROUND) * _ROUND


def fund_rows() -> Iterator[tuple[object, ...]]:
    """Rows of the `funds` workbook."""
    for name, purpose in (*FUNDS.values(), *OTHER_FUNDS.items()):
        yield name, purpose, DISTRICT
