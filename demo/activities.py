"""What the union held for its workers: classes, contests, fairs, trips, packs and the rest, with everybody who came by name.

One programme for all services of this kind: items, their sessions, who was at each, the employers at fairs, and what came of
it. The totals are the published ones; how they fall on years, sessions and people is drawn.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import NamedTuple

from demo.chance import allocate, coprime, mix, salt, stream
from demo.honours import model_workers
from demo.people import admitted, is_rural, other, person
from demo.places import DISTRICT, STREETS, street_code
from demo.unions import between
from demo.world import World, world

ITEM_HEADERS = ("业务", "项目编号", "项目名称", "类别", "服务商", "地方代码", "开始日期", "结束日期")
SESSION_HEADERS = ("业务", "项目编号", "场次编号", "举办日期", "结束日期", "地点", "支出金额", "资金来源")
ATTENDANCE_HEADERS = (
    "业务",
    "项目编号",
    "场次编号",
    "流水号",
    "姓名",
    "证件号码",
    "报名日期",
    "参加日期",
    "数量",
    "随行儿童",
    "核验方式",
)
BOOTH_HEADERS = ("业务", "项目编号", "场次编号", "单位代码", "岗位数")
OUTCOME_HEADERS = ("业务", "项目编号", "流水号", "结果", "结果编号", "日期", "类别", "数值", "单位代码", "凭证")
SOCIAL_HEADERS = ("编号", "名称", "类别", "领域", "地方代码", "入驻日期")
ROOM_HEADERS = ("编号", "名称", "类别", "地址", "单位代码", "地方代码", "启用日期")
YEARS = (2011, 2012, 2013, 2014, 2015)
END = date(2015, 12, 31)
BASE_SINCE = date(2015, 4, 7)
SERVICES = {
    "training.classes": "订单式培训", "training.university": "农民工大学生", "contests": "竞赛练兵", "culture.activities": "文体活动",
    "culture.elibrary": "电子阅览卡", "culture.books": "图书资料发放", "counselling": "心理咨询", "matchmaking": "单身联谊",
    "womens.screening": "女职工两癌筛查", "womens.courses": "女职工课程", "womens.vouchers": "女职工优惠券", "goods.cooling": "送清凉",
    "goods.warming": "送温暖物资", "employment.fairs": "招聘会", "employment.graduates": "毕业生就业帮扶", "health.fitness": "职工体质测试",
    "models.care": "劳模疗休养与体检", "social.activities": "社会组织活动",
}  # fmt: skip
"""Each service as the workbooks call it."""
CENTRES = ("职工体质测试中心", "职工发展心理体验示范中心", "职工培训中心")
ASSOCIATIONS = (
    ("职工疗休养部", "文化"), ("职工文体协会", "体育"), ("再就业培训中心", "就业"), ("职工体联", "体育"), ("职工文协", "文化"),
    ("职工婚姻家庭协会", "帮困"), ("工会志愿者协会", "帮困"), ("职工技术交流协会", "就业"), ("工资集体协商指导中心", "维权"),
    ("送温暖基金会", "帮困"), ("互助保险代办处", "帮困"), ("公益律师协会", "维权"),
)  # fmt: skip
COOLING_PACKS = {2012: 22_000, 2013: 23_000, 2014: 25_000, 2015: 25_000}
COOLING_YUAN = {2012: 448_000, 2013: 472_000, 2014: 506_000, 2015: 816_000}
FAIRS = {2011: (7, 0), 2012: (7, 1), 2013: (7, 1), 2014: (6, 2), 2015: (9, 2)}
"""Year -> large fairs and talks."""
PLACED = {2011: 1_010, 2012: 1_096, 2013: 1_150, 2014: 1_170, 2015: 1_118}
BOOTHS = {2011: 120, 2012: 130, 2013: 140, 2014: 150, 2015: 456}
GRADUATES = {"优先吸纳": 67, "批量组织": 45, "自主创业": 22, "结对帮扶": 32}
_DRAW = salt("activities")
Row = tuple[object, ...]


class Came(NamedTuple):
    """One person at a session. `on` None: the place was given, nobody came."""

    serial: str
    number: str
    signed_on: date | None
    on: date | None
    quantity: int = 1
    children: int = 0
    name: str = ""


class Outcome(NamedTuple):
    """What came of it."""

    serial: str
    result: str
    code: str
    on: date
    choice: str = ""
    amount: float | None = None
    uscc: str = ""
    proof: str = ""


class Held(NamedTuple):
    """A session with everybody at it."""

    number: str
    on: date
    last: date
    came: list[Came]
    yuan: int = 0
    fund: str = ""
    booths: Sequence[tuple[str, int]] = ()


class Item(NamedTuple):
    """An item with its sessions, and what came of taking part in it."""

    service: str
    code: str
    title: str
    kind: str
    sessions: list[Held]
    outcomes: list[Outcome]
    provider: str = ""
    street: int = -1

    @property
    def since(self) -> date:
        first = min(
            min((one.signed_on or one.on or held.on for one in held.came), default=held.on) for held in self.sessions
        )
        return min(first, *(held.on for held in self.sessions))

    @property
    def until(self) -> date:
        last = max(max((one.on or held.last for one in held.came), default=held.last) for held in self.sessions)
        return max(last, *(held.last for held in self.sessions)) + timedelta(days=1)


class Pool:
    """Members in an order of their own, taken one after another: nobody twice before everybody was taken."""

    def __init__(self, the: World, name: str, keys: Sequence[int] | None = None) -> None:
        self.the = the
        self.keys = keys
        self.size = len(keys) if keys is not None else the.members
        self.step = coprime(7_919 + mix(_DRAW, len(name)) % 50_000, self.size)
        self.at = stream(name).randrange(self.size)

    def take(self, count: int, day: date, among: Callable[[int, str], bool] | None = None) -> list[str]:
        """Numbers of so many members admitted by a day; of those who are among (key, sex) such. Fewer, if there are no more."""
        found: list[str] = []
        end = day.toordinal()
        for _ in range(self.size):
            if len(found) == count:
                break
            self.at = (self.at + self.step) % self.size
            key = self.keys[self.at] if self.keys is not None else self.at
            group = self.the.group_of(key)
            one = person(key)
            if admitted(key, key - group.first, group, one.birth) <= end and (among is None or among(key, one.sex)):
                found.append(one.number)
        return found


class _Writer:
    """Numbers items, sessions, people and results as the programme is drawn."""

    def __init__(self, the: World) -> None:
        self.the = the
        self.items: list[Item] = []
        self.serial = 0
        self.results = 0

    def item(self, service: str, title: str, kind: str = "", *, provider: str = "", street: int = -1) -> Item:
        self.items.append(
            Item(SERVICES[service], f"HD{len(self.items) + 1:04d}", title, kind, [], [], provider, street)
        )
        return self.items[-1]

    def held(self, item: Item, on: date, numbers: Sequence[str], *, last: date | None = None, yuan: int = 0, fund: str = "",
             booths: Sequence[tuple[str, int]] = (), quantities: Sequence[int] = (), family: bool = False) -> Held:  # fmt: skip
        came = []
        for at, number in enumerate(numbers):
            children = mix(_DRAW, self.serial) % 3 if family else 0
            came.append(Came(self._serial(), number, None, on, quantities[at] if quantities else 1, children))
        return self._add(item, Held(f"C{len(item.sessions) + 1:03d}", on, last or on, came, yuan, fund, booths))

    def issued(
        self, item: Item, on: date, numbers: Sequence[str], come: float, *, last: date, yuan: int = 0, fund: str = ""
    ) -> Held:
        """Places given on a day; a part of them came, on a day until the last."""
        came = []
        for number in numbers:
            draw = mix(_DRAW, self.serial)
            day = on + timedelta(days=7 + draw % max(1, (last - on).days - 7)) if draw % 1000 < come * 1000 else None
            came.append(Came(self._serial(), number, on, day))
        return self._add(item, Held(f"C{len(item.sessions) + 1:03d}", on, last, came, yuan, fund))

    def outcome(self, item: Item, one: Came, result: str, on: date, choice: str = "", amount: float | None = None,
                uscc: str = "", proof: str = "") -> None:  # fmt: skip
        self.results += 1
        code = f"JG{self.results:06d}"
        item.outcomes.append(
            Outcome(one.serial, result, code, min(on, END), choice, amount, uscc, proof and f"{proof}{code}")
        )

    def _serial(self) -> str:
        self.serial += 1
        return f"CJ{self.serial:07d}"

    def _add(self, item: Item, held: Held) -> Held:
        item.sessions.append(held)
        return held


@lru_cache(maxsize=1)
def programme(scale: float) -> list[Item]:
    """Everything that was held, item by item."""
    writer = _Writer(world(scale))
    for part in (
        _training, _classes, _university, _contests, _culture, _books, _counselling, _matchmaking, _screening, _women, _cooling,
        _warming, _fairs, _graduates, _fitness, _care, _social,
    ):  # fmt: skip
        part(writer, stream(f"activities {part.__name__}"))
    return [item for item in writer.items if item.sessions]


def _thing(writer: _Writer, number: float) -> int:
    return writer.the.plan.thing(number)


def _spread(random: Random, total: int, years: Sequence[int] = YEARS) -> dict[int, int]:
    """A total over years, no two alike."""
    return dict(zip(years, allocate(total, [1 + random.random() / 2 for _ in years]), strict=True))


def _sizes(random: Random, total: int, count: int) -> list[int]:
    """How many are at each of so many sessions."""
    count = max(1, min(count, total))
    return allocate(total, [1 + random.random() for _ in range(count)], 1)


def _day(random: Random, year: int, first: tuple[int, int] = (3, 2), last: tuple[int, int] = (11, 27)) -> date:
    return between(random, date(year, *first), date(year, *last))


def _training(writer: _Writer, random: Random) -> None:
    """General courses, each class for the workers of one employer."""
    the = writer.the
    groups = sorted((group for group in the.groups if group.uscc and group.before), key=lambda group: -group.before)
    groups = groups[: _thing(writer, 74)]
    courses = [
        writer.item("training.classes", title, "通用能力培训") for title in ("沟通与协作", "办公软件", "安全生产知识")
    ]
    shares = allocate(_thing(writer, 41_000), [group.before**0.5 for group in groups], 1)
    for group, total in zip(groups, shares, strict=True):
        pool = Pool(the, f"training {group.uscc}", range(group.first, group.first + group.before))
        left = total
        while left:
            day = _day(random, random.choice(YEARS))
            numbers = pool.take(min(left, 60), day)
            if not numbers:  # nobody there had joined by then
                day = _day(random, 2014)
                numbers = pool.take(min(left, 60), day)
            writer.held(random.choice(courses), day, numbers)
            left -= len(numbers)


def _classes(writer: _Writer, random: Random) -> None:
    """Classes to order and for start-ups with test, certificate and follow-up; classes in bargaining."""
    pool = Pool(writer.the, "classes")
    for title, kind, runs in (
        ("养老护理员定向班", "定向岗位培训", {2013: 4, 2014: 5, 2015: 7}), ("小微创业班", "创业岗位技能培训", {2013: 2, 2014: 2, 2015: 3}),
    ):  # fmt: skip
        course = writer.item("training.classes", title, kind)
        for year, count in runs.items():
            for _ in range(_thing(writer, count)):
                day = _day(random, year, last=(9, 28))
                held = writer.held(course, day, pool.take(random.randrange(18, 32), day), last=day + timedelta(days=20))
                for one in held.came:
                    _after_a_class(writer, random, course, one, held.last)
    course = writer.item("training.classes", "集体协商骨干培训", "集体协商培训")
    for size in _sizes(random, _thing(writer, 1_060), _thing(writer, 14)):
        day = _day(random, 2015)
        writer.held(course, day, pool.take(size, day))
    course = writer.item("training.classes", "市总集体协商培训", "参加市总培训")
    city = Pool(writer.the, "city")
    for at, size in enumerate(_sizes(random, _thing(writer, 101), 2)):
        day = date(2015, 5 + 4 * at, 18)
        writer.held(course, day, city.take(size, day), last=day + timedelta(days=2))


def _after_a_class(writer: _Writer, random: Random, course: Item, one: Came, last: date) -> None:
    score = 45 + random.randrange(110) / 2
    passed = score >= 60
    writer.outcome(course, one, "考试", last, "合格" if passed else "不合格", score)
    if passed:
        writer.outcome(course, one, "证书", last + timedelta(days=14), proof="培证")
        if random.random() < 0.7:
            what = random.choice(("已上岗使用", "使用且待遇提高", "使用且待遇提高", "尚未使用"))
            writer.outcome(course, one, "培训后回访", last + timedelta(days=80), what)


def _university(writer: _Writer, random: Random) -> None:
    """Intakes of five years, helped for up to three, until they graduate."""
    pool = Pool(writer.the, "university")
    course = writer.item("training.university", "工商管理专科")
    for year, size in _spread(random, _thing(writer, 312)).items():
        day = date(year, 9, 1)
        numbers = pool.take(size, day, lambda key, _: is_rural(key)) if size else []
        if not numbers:
            continue
        held = writer.held(course, day, numbers)
        for one in held.came:
            for later in range(year, min(year + 3, 2016)):
                writer.outcome(course, one, "学年资助", date(later, 10, 20), "", 1_500 + 100 * random.randrange(6))
            if year <= 2012 and random.random() < 0.9:
                writer.outcome(course, one, "毕业", date(year + 3, 7, 5), proof="毕业证")


def _contests(writer: _Writer, random: Random) -> None:
    pool = Pool(writer.the, "contests")
    for title, kind, day, size in (
        ("职工广播操比赛", "广播操", date(2014, 9, 19), 120), ("窗口服务技能比武", "服务技能", date(2014, 10, 24), 64),
        ("烹饪技能大赛", "烹饪", date(2015, 10, 16), 96), ("办公技能大赛", "办公技能", date(2015, 11, 13), 60),
    ):  # fmt: skip
        contest = writer.item("contests", f"{day.year}年{title}", kind)
        held = writer.held(contest, day, pool.take(_thing(writer, size), day), last=day + timedelta(days=7))
        first = [(60 + random.randrange(80) / 2, one) for one in held.came]
        for score, one in first:
            writer.outcome(contest, one, "成绩", day, "初赛", score)
        final = sorted(first, key=lambda pair: (-pair[0], pair[1].serial))[:12]
        sums = []
        for _, one in final:
            theory, practice = (70 + random.randrange(60) / 2 for _ in range(2))
            writer.outcome(contest, one, "成绩", held.last, "决赛理论", theory)
            writer.outcome(contest, one, "成绩", held.last, "决赛实操", practice)
            sums.append((theory + practice, one))
        for place, (_, one) in enumerate(sorted(sums, key=lambda pair: (-pair[0], pair[1].serial))[:6], 1):
            writer.outcome(contest, one, "名次", held.last, "", place)


def _culture(writer: _Writer, random: Random) -> None:
    pool = Pool(writer.the, "culture")
    for title, kind, count in (
        ("职工书画展", "文化", 5),
        ("职工羽毛球赛", "体育", 6),
        ("书香分享会", "读书", 6),
        ("亲子手工坊", "亲子", 5),
    ):
        for year in (2014, 2015):
            item = writer.item("culture.activities", f"{year}年{title}", kind)
            for _ in range(_thing(writer, count)):
                day = _day(random, year)
                writer.held(item, day, pool.take(random.randrange(15, 34), day), family=kind == "亲子")
    meeting = writer.item("culture.activities", "庆祝五一国际劳动节表彰大会", "表彰大会")
    day = date(2015, 4, 29)
    writer.held(meeting, day, pool.take(_thing(writer, 462), day))
    cards = writer.item("culture.elibrary", "职工电子阅览卡")
    for at, size in enumerate(_sizes(random, _thing(writer, 640), 4)):
        day = date(2015, 2 + 2 * at, 10)
        writer.issued(cards, day, pool.take(size, day), 0.8, last=day + timedelta(days=60))


def _books(writer: _Writer, random: Random) -> None:
    """Copies, signed for by one person of each union."""
    pool = Pool(writer.the, "books")
    for title, kind, copies, hands, month in (
        ("工资集体协商经验与范例", "经验汇编", 5_000, 200, 3), ("做一个幸福的职业女性", "女职工图书", 1_100, 40, 3),
        ("做一个健康的职业女性", "女职工图书", 1_050, 40, 6),
    ):  # fmt: skip
        item = writer.item("culture.books", title, kind)
        day = date(2015, month, 20)
        people = pool.take(_thing(writer, hands), day)
        parts = allocate(max(_thing(writer, copies), len(people)), [1 + random.random() for _ in people], 1)
        writer.held(item, day, people, quantities=parts)


def _counselling(writer: _Writer, random: Random) -> None:
    pool = Pool(writer.the, "counselling")
    for title, kind, count, least, most in (
        ("心理咨询预约", "个体咨询", 70, 1, 2), ("减压团体辅导", "团体辅导", 8, 8, 15), ("每周悦读会", "悦读会", 48, 5, 10),
    ):  # fmt: skip
        item = writer.item("counselling", title, kind)
        for at in range(_thing(writer, count)):
            day = date(2015, 1, 8) + timedelta(days=7 * at) if kind == "悦读会" else _day(random, 2015, (1, 8))
            writer.held(item, day, pool.take(random.randrange(least, most), day))


def _matchmaking(writer: _Writer, random: Random) -> None:
    pool = Pool(writer.the, "matchmaking")
    sizes = _sizes(random, _thing(writer, 4_205), _thing(writer, 95))
    for year, count in _spread(random, len(sizes), (2012, 2013, 2014, 2015)).items():
        item = writer.item("matchmaking", f"{year}年单身联谊")
        for _ in range(count):
            day = _day(random, year)
            writer.held(item, day, pool.take(sizes.pop(), day))


def _screening(writer: _Writer, random: Random) -> None:
    pool = Pool(writer.the, "screening")
    for year, size in _spread(random, _thing(writer, 6_060), (2013, 2014, 2015)).items():
        item = writer.item("womens.screening", f"{year}年女职工两癌筛查")
        for share in _sizes(random, size, _thing(writer, 8)) if size else ():
            day = _day(random, year, last=(8, 28))
            women = pool.take(share, day, lambda _, sex: sex == "女")
            writer.issued(item, day, women, 0.9, last=day + timedelta(days=90))


def _women(writer: _Writer, random: Random) -> None:
    pool = Pool(writer.the, "women")
    for title, kind in (
        ("女性维权讲座", "女性维权"),
        ("心理健康讲座", "心理健康"),
        ("养生保健讲座", "养生保健"),
        ("法律知识讲座", "法律知识"),
    ):
        item = writer.item("womens.courses", title, kind)
        for _ in range(_thing(writer, 6)):
            day = _day(random, 2015)
            writer.held(item, day, pool.take(random.randrange(20, 32), day, lambda _, sex: sex == "女"))
    vouchers = writer.item("womens.vouchers", "女职工购书券（面值50元）")
    day = date(2015, 3, 6)
    women = pool.take(_thing(writer, 400), day, lambda _, sex: sex == "女")
    held = writer.issued(vouchers, day, women, 0.82, last=date(2015, 6, 30))
    used = sum(one.on is not None for one in held.came)
    if used:
        vouchers.sessions[-1] = held._replace(yuan=50 * used, fund="女职工关爱")


def _cooling(writer: _Writer, random: Random) -> None:
    """Packs go to units where the groups are many; one person of the unit signs for them."""
    pool = Pool(writer.the, "cooling")
    for year, packs in COOLING_PACKS.items():
        shares = allocate(_thing(writer, packs), [4, 2, 3, 2])
        money = allocate(round(COOLING_YUAN[year] * writer.the.plan.scale), [4, 2, 3, 2])
        for group, share, yuan in zip(
            ("农民工", "劳务派遣工", "出租车司机", "其他一线职工"), shares, money, strict=True
        ):
            if not share:
                continue
            item = writer.item("goods.cooling", f"{year}年清凉包（{group}）", group)
            counts = _sizes(random, share, _thing(writer, 5))
            for count, cost in zip(counts, allocate(yuan, counts), strict=True):
                day = _day(random, year, (6, 20), (8, 20))
                people = pool.take(max(1, min(count, round(count / 45))), day)
                parts = allocate(count, [1 + random.random() for _ in people], 1)
                writer.held(item, day, people, quantities=parts, yuan=cost, fund="送清凉")


def _warming(writer: _Writer, random: Random) -> None:
    pool = Pool(writer.the, "warming")
    item = writer.item("goods.warming", "2015年送温暖物资")
    for _ in range(_thing(writer, 6)):
        day = between(random, date(2015, 1, 12), date(2015, 2, 13))
        people = pool.take(random.randrange(15, 30), day)
        writer.held(item, day, people, yuan=180 * len(people), fund="送温暖")


def _fairs(writer: _Writer, random: Random) -> None:
    the = writer.the
    pool = Pool(the, "fairs")
    employers = [group.uscc for group in the.groups if group.uscc]
    for year, (large, talks) in FAIRS.items():
        kinds = ["大型招聘会"] * _thing(writer, large) + (["洽谈会"] * _thing(writer, talks) if talks else [])
        placed = _sizes(random, _thing(writer, PLACED[year]), len(kinds))
        booths = _sizes(random, _thing(writer, BOOTHS[year]), len(kinds))
        items = {kind: writer.item("employment.fairs", f"{year}年{kind}", kind) for kind in dict.fromkeys(kinds)}
        for at, kind in enumerate(kinds):
            day = _day(random, year, last=(10, 30))
            here = random.sample(employers, min(booths[at % len(booths)] if at < len(booths) else 1, len(employers)))
            stands = [(uscc, 2 + random.randrange(30)) for uscc in here]
            count = placed[at] if at < len(placed) else 0
            held = writer.held(items[kind], day, pool.take(round(count * 1.1) + 1, day), booths=stands)
            if len(held.came) < count:
                raise ValueError("not enough job seekers")
            for place, one in enumerate(held.came):
                uscc = here[place % len(here)]
                if year == 2015:
                    writer.outcome(items[kind], one, "求职意向", day, uscc=uscc)
                if place < count:
                    channel = "推荐录用" if place % 5 == 4 else "招聘会录用"
                    start = min(day + timedelta(days=5 + random.randrange(40)), date(year, 12, 31))
                    writer.outcome(items[kind], one, "安置", start, channel, uscc=uscc, proof="合同")
                    if year == 2015 and place % 4 == 0:
                        writer.outcome(
                            items[kind],
                            one,
                            "就业回访",
                            start + timedelta(days=90),
                            "稳定就业" if place % 12 else "已离职",
                        )


def _graduates(writer: _Writer, random: Random) -> None:
    """Children of families in hardship, who were helped through their studies before (aid.py)."""
    del random
    serial = 0

    def students(count: int) -> list[tuple[str, str]]:
        nonlocal serial
        serial += count
        return [other(at, date(1993, 9, 1), date(1996, 8, 31)) for at in range(serial - count + 1, serial + 1)]

    def held(item: Item, day: date, some: Sequence[tuple[str, str]]) -> Held:
        slot = writer.held(item, day, [number for _, number in some])
        named = [one._replace(name=name) for one, (name, _) in zip(slot.came, some, strict=True)]
        item.sessions[-1] = slot._replace(came=named)
        return item.sessions[-1]

    matching = writer.item("employment.graduates", "2015年毕业生就业对接", "就业对接")
    everybody: list[tuple[str, str]] = []
    for month, (channel, count) in zip((3, 4, 5, 6), GRADUATES.items(), strict=True):
        some = students(_thing(writer, count))
        everybody += some
        slot = held(matching, date(2015, month, 12), some)
        for one in slot.came:
            writer.outcome(
                matching, one, "安置", date(2015, 7, 6), channel, proof="营业执照" if channel == "自主创业" else "合同"
            )
    training = writer.item("employment.graduates", "毕业生职业培训", "职业培训")
    for month in range(3, 3 + _thing(writer, 3)):
        held(training, date(2015, month, 25), everybody[month::5] or everybody)
    trainee = writer.item("employment.graduates", "毕业生就业见习", "就业见习")
    for month in range(5, 5 + _thing(writer, 2)):
        held(trainee, date(2015, month, 8), everybody[month::6] or everybody)


def _fitness(writer: _Writer, random: Random) -> None:
    pool = Pool(writer.the, "fitness")
    item = writer.item("health.fitness", "职工体质测试", provider=CENTRES[0])
    for _ in range(_thing(writer, 10)):
        day = _day(random, 2015)
        writer.held(item, day, pool.take(random.randrange(30, 50), day))


def _care(writer: _Writer, random: Random) -> None:
    """Trips and exams of those who were model workers before these years."""
    mine = model_workers(writer.the, before=2011)
    for title, kind, total, size, cost in (
        ("劳模疗休养", "疗休养", 6_132, 40, 900),
        ("劳模免费体检", "体检", 846, 45, 600),
    ):
        for year, count in _spread(random, _thing(writer, total)).items():
            if not count:
                continue
            item = writer.item("models.care", f"{year}年{title}", kind)
            random.shuffle(mine)
            at = 0
            while count:
                group = min(count, size, len(mine))
                people = [mine[(at + place) % len(mine)] for place in range(group)]
                at, count = at + group, count - group
                day = _day(random, year, (5, 4), (11, 20))
                last = day + timedelta(days=4) if kind == "疗休养" else day
                numbers = [one.number for one in people]
                writer.held(item, day, numbers, last=last, yuan=cost * group, fund="劳模服务")


def _social(writer: _Writer, random: Random) -> None:
    pool = Pool(writer.the, "social")
    items = []
    for name, field in ASSOCIATIONS:
        items.append(writer.item("social.activities", f"{name}系列活动", field, provider=name))
    before = _sizes(random, _thing(writer, 10_320), _thing(writer, 66))
    after = _sizes(random, _thing(writer, 700), _thing(writer, 24))
    for sizes, first, last in (
        (before, date(2014, 3, 10), date(2015, 4, 3)),
        (after, date(2015, 4, 10), date(2015, 12, 18)),
    ):
        for at, size in enumerate(sizes):
            day = between(random, first, last)
            writer.held(items[at % len(items)], day, pool.take(size, day))


def item_rows(scale: float) -> Iterator[Row]:
    """Rows of the second `items` workbook."""
    for item in programme(scale):
        yield (
            item.service,
            item.code,
            item.title,
            item.kind,
            item.provider,
            street_code(item.street),
            item.since,
            item.until,
        )


def session_rows(scale: float) -> Iterator[Row]:
    """Rows of the `sessions` workbook."""
    for item in programme(scale):
        for held in item.sessions:
            last = held.last if held.last != held.on else None
            yield item.service, item.code, held.number, held.on, last, "示例活动场地", held.yuan or None, held.fund


def attendance_rows(scale: float, part: int, parts: int) -> Iterator[Row]:
    """Rows of the part-th of so many `attendance` workbooks; a session stands whole in one of them."""
    slots = [(item, held) for item in programme(scale) for held in item.sessions]
    total = sum(len(held.came) for _, held in slots)
    at = 0
    for item, held in slots:
        if total * part <= at * parts < total * (part + 1):
            for one in held.came:
                yield (
                    item.service, item.code, held.number, one.serial, one.name, one.number, one.signed_on, one.on,
                    one.quantity if one.quantity != 1 else None, one.children or None, "名册",
                )  # fmt: skip
        at += len(held.came)


def booth_rows(scale: float) -> Iterator[Row]:
    """Rows of the `booths` workbook."""
    for item in programme(scale):
        for held in item.sessions:
            for uscc, posts in held.booths:
                yield item.service, item.code, held.number, uscc, posts


def outcome_rows(scale: float) -> Iterator[Row]:
    """Rows of the `outcomes` workbook."""
    for item in programme(scale):
        for one in item.outcomes:
            yield (
                item.service,
                item.code,
                one.serial,
                one.result,
                one.code,
                one.on,
                one.choice,
                one.amount,
                one.uscc,
                one.proof,
            )


def social_rows() -> Iterator[Row]:
    """Rows of the `social` workbook: three centres and twelve associations, there before the base was opened."""
    for at, name in enumerate(CENTRES, 1):
        yield f"SH{at:02d}", name, "中心", None, DISTRICT, date(2014, 1, 15)
    for at, (name, field) in enumerate(ASSOCIATIONS, len(CENTRES) + 1):
        yield f"SH{at:02d}", name, "协会", field, DISTRICT, date(2014, 3, 1)


def room_rows(the: World) -> Iterator[Row]:
    """Rows of the `rooms` workbook."""
    random = stream("rooms")
    employers = [one for one in the.employers if one.members and one.street >= 0]
    for at in range(1, the.plan.thing(46) + 1):
        one = random.choice(employers)
        name = STREETS[one.street].name
        since = between(random, date(2013, 3, 4), date(2015, 11, 27))
        yield (
            f"MY{at:03d}",
            f"{name}母婴关爱室{at:03d}",
            "母婴关爱室",
            f"{name}示例路{at}号",
            one.uscc,
            street_code(one.street),
            since,
        )
