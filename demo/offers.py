"""Service items on the card and their uses in 2015, each by a member who held a card that day."""

from collections.abc import Iterator
from datetime import date, timedelta

from demo.cards import Cards, card_number
from demo.chance import allocate, coprime, mix, salt, stream
from demo.people import admitted, person
from demo.places import street_code
from demo.plan import Plan
from demo.world import World

ITEM_HEADERS = ("项目编号", "项目名称", "类别", "服务商", "地方代码", "开始日期", "结束日期")
USE_HEADERS = ("流水号", "项目编号", "卡号", "证件号码", "使用日期", "数量", "核验方式")
OPEN_2015 = 158
OVER_BEFORE = 46
_KINDS = (
    ("文体活动", ("电影观摩券", "游泳健身券", "羽毛球场次", "话剧观摩", "书画展览")),
    ("健康关爱", ("健康讲座", "中医义诊", "心理咨询", "口腔检查", "视力检查")),
    ("技能培训", ("公开课", "计算机课", "英语角", "摄影课", "烹饪课")),
    ("生活优惠", ("洗衣优惠", "理发优惠", "眼镜优惠", "购书优惠", "家电维修")),
    ("法律服务", ("法律咨询", "合同讲堂", "维权讲座", "公证优惠", "律师问诊")),
)
_USE = salt("uses")
_FIRST, _LAST = date(2015, 1, 5).toordinal(), date(2015, 12, 31).toordinal()
_DAYS = [date.fromordinal(day).isoformat() for day in range(_FIRST, _LAST + 1)]
Item = tuple[str, str, str, str, str, date, date | None]


def items(plan: Plan) -> list[Item]:
    """Service items: those open in 2015 first, then those that ended before it."""
    random = stream("items")
    found: list[Item] = []
    for number in range(1, plan.thing(OPEN_2015) + plan.thing(OVER_BEFORE) + 1):
        kind, titles = _KINDS[number % len(_KINDS)]
        title = titles[number // len(_KINDS) % len(titles)]
        since = date(2011, 1, 1) + timedelta(days=random.randrange(1_400))
        until: date | None = None
        if number > plan.thing(OPEN_2015):
            since = date(2011, 1, 1) + timedelta(days=random.randrange(1_000))
            until = since + timedelta(days=200 + random.randrange(150))
        elif number % 4 == 2:  # every fourth is open for a part of the year only
            since = date(2015, 1, 1) + timedelta(days=random.randrange(240))
            until = since + timedelta(days=30 + random.randrange(90))
        elif number % 4 == 3:
            until = date(2016, 3, 1) + timedelta(days=random.randrange(300))
        street = -1 if number % 5 else number // 5 % 15
        found.append(
            (
                f"XM{number:04d}",
                f"{title}（第{number}项）",
                kind,
                f"示例服务商{number % 37 + 1:02d}",
                street_code(street),
                since,
                until,
            )
        )
    return found


def _open(plan: Plan) -> tuple[list[tuple[str, int, int]], list[str]]:
    """The items of 2015 as (code, first day, last day), and those open all year."""
    some = items(plan)[: plan.thing(OPEN_2015)]
    dated = [(one[0], one[5].toordinal(), one[6].toordinal() - 1 if one[6] else _LAST) for one in some]
    return dated, [code for code, first, last in dated if first <= _FIRST and last >= _LAST]


def times(plan: Plan) -> list[int]:
    """How often each of the members who used anything did so; some use many services."""
    random = stream("times")
    keen = max(1, plan.users // 5)
    extra = allocate(plan.uses - plan.users, [random.expovariate(1) for _ in range(keen)])
    return [1 + more for more in extra] + [1] * (plan.users - keen)


def use_rows(world: World, part: int, parts: int) -> Iterator[tuple[str, ...]]:
    """Rows of the part-th of so many `uses` workbooks, each about as long as the others."""
    dated, all_year = _open(world.plan)
    cards = Cards(world)
    counts = times(world.plan)
    step = coprime(104_729, cards.made)
    first, last = world.plan.uses * part // parts, world.plan.uses * (part + 1) // parts
    serial = 0
    for user, count in enumerate(counts):
        if serial + count > first and serial < last:
            key = cards.holder(user * step % cards.made)
            group = world.group_of(key)
            one = person(key)
            card = cards.card(key, admitted(key, key - group.first, group, one.birth))
            assert card is not None
            since = max(card.delivered, _FIRST)
            number = card_number(key)
            for place in range(max(serial, first), min(serial + count, last)):
                draw, day = divmod(mix(_USE, place), _LAST - since + 1)
                day += since
                draw, choice = divmod(draw, len(dated))
                code, opens, ends = dated[choice]
                if not opens <= day <= ends:
                    code = all_year[draw % len(all_year)]
                draw, how = divmod(draw, 8)
                by_card, by_roster = (number, "") if how < 6 else ("", one.number), how >= 6
                yield (
                    f"SY2015{place + 1:07d}", code, *by_card, _DAYS[day - _FIRST], "1" if draw % 20 else "2",
                    "名册" if by_roster else "扫码" if how > 3 else "刷卡",
                )  # fmt: skip
        serial += count
