"""The 17 service stations of the 15 streets, their establishment and their staff."""

from collections.abc import Iterator
from datetime import date

from demo.chance import allocate, stream
from demo.people import other
from demo.places import STREETS, street_code, street_name
from demo.plan import Plan
from demo.unions import between

STATION_HEADERS = (
    "站编号",
    "站名",
    "地方代码",
    "地址",
    "面积",
    "功能室",
    "成立日期",
    "撤销日期",
    "验收日期",
    "星级申报日期",
    "社工编制",
    "助理员编制",
    "编制起始日期",
    "开放时间",
    "服务窗口",
)
STAFF_HEADERS = ("工号", "姓名", "人员类别", "站编号", "到岗日期", "离岗日期")
SECOND = (2, 10)
"""Streets with a second station: 展览路 and 广安门外, the two largest."""
TAORANTING = 12
_ROOMS = ("劳动争议调解室", "职工诉求接待室", "心理咨询室", "档案室", "创新成果展示室", "会计核算室")
_WINDOWS = ("综合窗口", "帮扶窗口", "法律援助窗口", "会员服务卡窗口")


def stations(plan: Plan) -> list[tuple[object, ...]]:
    """Rows of the `stations` workbook; all accepted in 2014, 陶然亭 on 2014-12-03 as the last, three stars declared in 2015."""
    random = stream("stations")
    where = [*range(len(STREETS)), *SECOND]
    weights = [STREETS[street].communities + 6 for street in where]
    workers = allocate(max(len(where), plan.thing(131)), weights, 1)
    assistants = allocate(plan.thing(15), [1.0 if at < len(STREETS) else 0.01 for at in range(len(where))])
    found: list[tuple[object, ...]] = []
    for at, street in enumerate(where):
        name = f"{street_name(street)}工会服务站" if at < len(STREETS) else f"{street_name(street)}第二工会服务站"
        special = street == TAORANTING
        area = 100 if special else 60 + random.randrange(40) * 5
        rooms = _ROOMS if special else _ROOMS[: 3 + random.randrange(3)]
        accepted = date(2014, 12, 3) if special else between(random, date(2014, 1, 13), date(2014, 11, 28))
        star = between(random, date(2015, 4, 1), date(2015, 11, 30)) if street in (0, 5, 12) else None
        opened = between(random, date(2009, 9, 1), date(2011, 12, 30))
        found.append((
            f"ZD{at + 1:02d}", name, street_code(street), f"{STREETS[street].name}示例路{at + 1}号", area, "、".join(rooms), opened,
            None, accepted, star, workers[at], assistants[at], date(2013, 1, 1),
            "周一至周五 9:00—17:30，节假日休息", "、".join(_WINDOWS[: 2 + at % 3]),
        ))  # fmt: skip
    return found


def staff_rows(plan: Plan) -> Iterator[tuple[object, ...]]:
    """Rows of the `staff` workbook: every post filled on 2015-12-31, one in twelve only in 2015; some who left earlier."""
    random = stream("staff")
    serial = 0

    def someone(kind: str, station: object, since: date, until: date | None = None) -> tuple[object, ...]:
        nonlocal serial
        serial += 1
        name, _ = other(100_000 + serial, date(1960, 1, 1), date(1991, 12, 31))
        return f"SG{serial:04d}", name, kind, station, since, until

    for station in stations(plan):
        for kind, posts in (("专职工会社会工作者", station[10]), ("退休返聘助理员", station[11])):
            assert isinstance(posts, int)
            for _ in range(posts):
                since = between(random, date(2012, 1, 4), date(2013, 12, 27))
                if serial % 12 == 5:
                    since = between(random, date(2015, 2, 2), date(2015, 10, 30))
                    yield someone(
                        kind, station[0], date(2012, 3, 1), between(random, date(2014, 6, 2), date(2014, 12, 26))
                    )
                yield someone(kind, station[0], since)
        if station[0] in ("ZD01", "ZD06", "ZD11"):
            yield someone("工资集体协商指导员", station[0], between(random, date(2012, 4, 2), date(2014, 4, 30)))
            yield someone("律师", station[0], between(random, date(2013, 4, 1), date(2014, 4, 30)))
