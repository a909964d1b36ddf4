"""The figures of the generated district, counted here from what the generator writes, never from an import.

What a report computes after the import has to equal them, at any scale; at scale 1 they are the published ones.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from demo import activities, agreements, aid, cards, disputes, honours, insurance, meetings, offers, stations
from demo.employers import NONE, Employer
from demo.people import admitted, person
from demo.unions import Union
from demo.world import World, world

END_2014, END_2015 = date(2014, 12, 31), date(2015, 12, 31)
Figures = dict[str, int]


@lru_cache(maxsize=2)
def expected(scale: float = 1.0) -> Figures:
    """Figure -> number; "_n" and "_d" are numerator and denominator of a rate, "_fen" is money.

    Keys end in the day or the year they are for: members_2015-12-31, uses_2015, disputes_settled_2011_2015.
    """
    the = world(scale)
    return {
        **_membership(the),
        **_cards(the),
        **_employers(the),
        **_unions(the),
        **_stations(the),
        **_uses(the),
        **_agreements(scale),
        **_disputes(the),
        **{f"tripartite_{year}": count for year, count in meetings.HELD.items()},
        **_aid(scale),
        **_honours(scale),
        **_insurance(scale),
        **_activities(scale),
    }


def _joined(the: World) -> Iterable[tuple[str, int]]:
    """(credit code or "", day of admission) of every member."""
    for group in the.groups:
        for place in range(group.size):
            key = group.first + place
            yield group.uscc, admitted(key, place, group, person(key).birth)


def _membership(the: World) -> Figures:
    listed = {one.uscc for one in the.employers if one.listed_2014}
    found: Counter[str] = Counter()
    end = END_2014.toordinal()
    for uscc, day in _joined(the):
        found[f"members_admitted_{date.fromordinal(day).year}"] += 1
        found["members_2015-12-31"] += 1
        if day <= end:
            found["members_2014-12-31"] += 1
            found["membership_2014-12-31_n"] += uscc in listed
    found["membership_2014-12-31_d"] = sum(one.workers_2014 for one in the.employers if one.listed_2014)
    return {
        key: number for key, number in found.items() if not key.startswith("members_admitted_") or key[-4:] >= "2014"
    }


def _cards(the: World) -> Figures:
    asked = [card for *_, card in cards.asked(the, the.groups)]
    found = {
        "cards_asked": len(asked),
        "cards_rejected": sum(not card.made for card in asked),
    }
    for end in (END_2014, END_2015):
        day = end.toordinal()
        found[f"cards_made_{end}"] = sum(0 < card.made <= day for card in asked)
        found[f"cards_delivered_{end}"] = sum(0 < card.delivered <= day for card in asked)
    return found


def _covered(one: Employer, day: date) -> bool:
    return one.since is not None and one.since <= day and (one.until is None or one.until > day)


def _employers(the: World) -> Figures:
    found = {
        "unionisation_2014-12-31_n": sum(one.listed_2014 and _covered(one, END_2014) for one in the.employers),
        "unionisation_2014-12-31_d": sum(one.listed_2014 for one in the.employers),
        "bargaining_2015-12-31_d": sum(one.listed_2015 and _covered(one, END_2015) for one in the.employers),
        "employers": len(the.employers),
    }
    for year in (2014, 2015):
        new = [one for one in the.employers if one.since is not None and one.since.year == year]
        found[f"new_independent_{year}"] = sum(one.under == "independent" for one in new)
        found[f"new_joint_{year}"] = sum(one.under == "joint" for one in new)
    for end in (END_2014, END_2015):
        found[f"employers_with_union_{end}"] = sum(one.under != NONE and _covered(one, end) for one in the.employers)
    return found


_KINDS = {
    "社区联合工会": "community_joint",
    "社区工作者工会": "community_workers",
    "联合工会": "joint",
    "独立基层工会": "independent",
    "街道总工会": "street_federations",
    "直属基层工会": "direct",
    "行业工会联合会": "industry",
}
_TAGS = {"会站家合一": "three_in_one", "示范单位": "demonstration", "网格试点": "grid_pilot"}


def _unions(the: World) -> Figures:
    found: Counter[str] = Counter({"unions": len(the.unions), "communities": len(the.communities)})
    for one in the.unions:
        for end in (END_2014, END_2015):
            found[f"{_KINDS.get(one.kind, 'other')}_unions_{end}"] += one.since <= end
            for tag in one.tags:
                assert one.tagged is not None
                found[f"{_TAGS[tag]}_{end}"] += one.tagged <= end
    found["community_workers_founded_2014"] = _founded(the.unions, "社区工作者工会", 2014)
    found["industry_founded_2015"] = _founded(the.unions, "行业工会联合会", 2015)
    return dict(found)


def _founded(unions: Iterable[Union], kind: str, year: int) -> int:
    return sum(one.kind == kind and one.since.year == year for one in unions)


def _stations(the: World) -> Figures:
    rows = stations.stations(the.plan)
    staff = list(stations.staff_rows(the.plan))
    found = {
        "stations": len(rows),
        "stations_accepted_2014-12-03": sum(str(row[8]) <= "2014-12-03" for row in rows),
        "stars_2015": sum(row[9] is not None for row in rows),
        "posts": sum(int(str(row[10])) + int(str(row[11])) for row in rows),
    }
    for end in (END_2014, END_2015):
        on = [row[2] for row in staff if str(row[4]) <= str(end) and (row[5] is None or str(row[5]) > str(end))]
        found[f"social_workers_{end}"] = on.count("专职工会社会工作者")
        found[f"assistants_{end}"] = on.count("退休返聘助理员")
    return found


def _uses(the: World) -> Figures:
    items = offers.items(the.plan)
    users: set[str] = set()
    count = 0
    by_number = {person(key).number: card for key, card in _holders(the)}
    for _, _, card, number, *_ in offers.use_rows(the, 0, 1):
        count += 1
        users.add(card or by_number[number])
    open_ = sum(item[5] <= END_2015 and (item[6] is None or item[6] > date(2015, 1, 1)) for item in items)
    return {"items_2015": open_, "uses_2015": count, "users_2015": len(users)}


def _holders(the: World) -> Iterable[tuple[int, str]]:
    known = cards.Cards(the)
    return ((key, cards.card_number(key)) for key in map(known.holder, range(known.made)))


def _agreements(scale: float) -> Figures:
    found = {}
    for end in (END_2014, END_2015):
        standing = [one for one in agreements.agreements(scale) if one.since <= end < one.until]
        found[f"agreements_{end}"] = len(standing)
        both: set[str] = set()
        for kind, key in ((agreements.COLLECTIVE, "collective"), (agreements.WAGE, "wage")):
            covered = {
                employer.uscc
                for one in standing
                if one.kind == kind
                for employer in one.covered
                if employer.since is not None and employer.since <= end
            }
            found[f"agreements_{key}_{end}"] = sum(one.kind == kind for one in standing)
            found[f"covered_{key}_{end}"] = len(covered)
            both |= covered
        found[f"covered_{end}"] = len(both)
    return found


def _disputes(the: World) -> Figures:
    rows = list(disputes.dispute_rows(the))
    settled = [row for row in rows if row[11] == "达成协议"]
    return {
        "disputes": len(rows),
        "disputes_settled_2011_2015": len(settled),
        "disputes_settled_2015": sum(str(row[10])[:4] == "2015" for row in settled),
        "disputes_claimed_fen_2011_2015": sum(round(float(str(row[12])) * 100) for row in settled),
        "disputes_agreed_fen_2011_2015": sum(round(float(str(row[13])) * 100) for row in settled),
    }


def _aid(scale: float) -> Figures:
    filed = aid.files(scale)[2015]
    found: Counter[str] = Counter(
        hardship_workers_2015=len({one.member.number for one in filed}),
        hardship_employers_2015=len({one.member.uscc for one in filed}),
    )
    names = {
        "节日慰问": "festival",
        "助学": "study",
        "应急救助": "emergency",
        "医疗救助": "medical",
        "劳模专项奖励": "bonus",
    }
    people: dict[str, set[object]] = {}
    for _, kind, _, number, _, student, _, _, _, _, paid, _, amount, *_ in aid.aid_rows(scale):
        key = names.get(str(kind))
        if key is not None:
            found[f"{key}_fen_2011_2015"] += 100 * int(str(amount))
            if str(paid)[:4] == "2015":
                found[f"{key}_fen_2015"] += 100 * int(str(amount))
                people.setdefault(key, set()).add(student or number)
    return {**found, **{f"{key}_people_2015": len(some) for key, some in people.items()}}


def _honours(scale: float) -> Figures:
    """honour:TITLE:LEVEL_2015 -> grants; every one to somebody or something else."""
    found: Counter[str] = Counter()
    for row in honours.honour_rows(scale):
        if str(row[7])[:4] == "2015":
            found[f"honour:{row[1]}:{row[2]}_2015"] += 1
    return dict(found)


def _insurance(scale: float) -> Figures:
    people: dict[str, set[object]] = {"premium": set(), "medical": set()}
    found: Counter[str] = Counter(insured_2015=sum(1 for _ in insurance.policy_rows(scale)))
    for row in insurance.claim_rows(scale):
        kind = "premium" if str(row[1]).startswith("BF") else "medical"
        people[kind].add(row[3])
        found[f"{kind}_claims_fen_2015"] += 100 * int(str(row[12]))
    return {**found, **{f"{kind}_claims_people_2015": len(some) for kind, some in people.items()}}


def _activities(scale: float) -> Figures:
    """Of each service and kind: held, attended, packs or copies, fen spent; until 2015-12-31, and "_2015" of that year."""
    found: Counter[str] = Counter()
    funded: set[str] = set()
    for item in activities.programme(scale):
        name = f"{item.service}:{item.kind}"
        owner = {one.serial: one.number for held in item.sessions for one in held.came}
        for held in item.sessions:
            _count(found, f"held:{name}", held.on, 1)
            _count(found, f"fen:{name}", held.last, 100 * held.yuan)
            _count(found, f"booths:{name}", held.on, len(held.booths))
            for one in held.came:
                if one.on is not None:
                    _count(found, f"came:{name}", one.on, 1)
                    _count(found, f"quantity:{name}", one.on, one.quantity)
                if one.signed_on is not None:
                    _count(found, f"given:{name}", one.signed_on, 1)
        for outcome in item.outcomes:
            _count(found, f"{outcome.result}:{name}:{outcome.choice}", outcome.on, 1)
            if outcome.result == "学年资助":
                funded.add(owner[outcome.serial])
    return {**found, "funded_people": len(funded)}


def _count(found: Counter[str], key: str, day: date, number: int) -> None:
    found[key] += number
    if day.year == 2015:
        found[f"{key}_2015"] += number
