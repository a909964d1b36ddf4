"""The generated district is consistent in itself: counts, sums, references, identifiers."""

from collections import Counter
from datetime import date

import pytest

from demo import (
    activities,
    agreements,
    aid,
    cards,
    disputes,
    founding,
    honours,
    insurance,
    offers,
    people,
    places,
    posts,
    stations,
)
from demo.chance import allocate
from demo.employers import employer_rows
from demo.expected import expected
from demo.plan import Plan
from demo.unions import cover_rows, union_rows
from demo.world import world
from unionhall.kernel.identifiers import KINDS, parse_bankcard, parse_document, parse_mobile, parse_name, uscc_valid
from unionhall.organisations.roles import ROLES

SCALE = 0.01
TODAY = date(2016, 1, 1)
KEY_OF = {title: key for key, title in KINDS.items()}


@pytest.fixture(scope="module")
def the():
    return world(SCALE)


@pytest.fixture(scope="module")
def roster(the):
    return list(people.member_rows(the.groups))


def test_parts_add_up_exactly_and_none_is_below_the_least():
    assert allocate(10, [1, 1, 1]) == [4, 3, 3]
    assert sum(allocate(997, [0.1, 7, 2.5, 900], 3)) == 997
    assert min(allocate(12, [0, 0, 1], 4)) == 4
    with pytest.raises(ValueError, match="cannot be parted"):
        allocate(2, [1, 1, 1], 1)


def test_a_district_too_small_is_refused():
    with pytest.raises(ValueError, match="at least"):
        Plan(0.001)


def test_the_plan_at_full_size_holds_the_published_bases():
    plan = Plan(1.0)
    assert (plan.members, plan.cards, plan.uses) == (230_584, 209_301, 182_377)
    assert (plan.unionised_2014, plan.listed_2014) == (15_240, 15_400)
    assert f"{100 * plan.unionised_2014 / plan.listed_2014:.2f}" == "98.96"
    names = [known.name for known in places.STREETS]
    full = Counter(one.street for one in places.communities(1.0))
    assert (len(names), sum(full.values()), full[names.index("德胜")]) == (15, 255, 23)
    assert agreements.counts(plan, 255) == (671, 4, 3)


def test_every_member_has_a_valid_document_that_agrees_with_sex_and_birth(roster):
    numbers = set()
    for row in roster:
        assert parse_name(row[0]) == row[0]
        found = parse_document(row[2], KEY_OF[row[1]], today=TODAY)
        assert found.doubt is None
        assert found.sex in (None, {"男": "male", "女": "female"}[row[3]])
        assert found.birth in (None, date.fromisoformat(row[4]))
        numbers.add(found.number)
        if row[8]:
            assert parse_mobile(row[8]) == row[8]
    assert len(numbers) == len(roster) == Plan(SCALE).members


def test_no_two_members_share_a_mobile_or_a_name_and_a_day_of_birth(roster):
    mobiles = [row[8] for row in roster if row[8]]
    assert len(set(mobiles)) == len(mobiles)
    assert len({(row[0], row[4]) for row in roster}) == len(roster)


def test_the_roster_looks_like_real_life():
    rows = list(people.member_rows(world(0.1).groups))
    kinds = Counter(row[1] for row in rows)
    assert set(kinds) == set(KINDS.values())
    assert any("·" in row[0] for row in rows)
    assert any(ord(character) > 0xFFFF for row in rows for character in row[0])
    assert any(len(row[2]) == 15 for row in rows)
    assert any(row[2][0] in "０１２３４５６７８９" for row in rows)


def test_nobody_is_admitted_before_the_union_covers_the_employer_or_before_nineteen(the, roster):
    unions = {one.code: one.since for one in the.unions}
    covered = {one.uscc: one.since for one in the.employers}
    for row in roster:
        joined, born = date.fromisoformat(row[13]), date.fromisoformat(row[4])
        assert joined >= unions[row[9]]
        assert not row[10] or joined >= covered[row[10]]
        assert joined.year - born.year >= 19


def test_the_years_of_admission_are_as_planned(roster):
    plan, years = Plan(SCALE), Counter(row[13][:4] for row in roster)
    assert (years["2014"], years["2015"]) == (plan.members_2014, plan.members_2015)
    assert max(years) == "2015"


def test_employers_unions_and_covers_refer_to_each_other(the):
    codes = {row[0] for row in places.tree_rows(SCALE)}
    employers, unions = list(employer_rows(the.employers)), list(union_rows(the.unions))
    assert {row[7] for row in employers} | {row[3] for row in unions} <= codes
    assert all(uscc_valid(row[3]) for row in employers)
    assert all(uscc_valid(row[9]) for row in unions if row[9])
    numbers = [row[0] for row in unions]
    assert len(set(numbers)) == len(numbers)
    assert {row[4] for row in unions if row[4]} <= set(numbers)
    covers = list(cover_rows(the.unions, the.employers))
    assert {row[0] for row in covers} <= set(numbers)
    assert {row[1] for row in covers} <= {row[3] for row in employers}
    assert len({row[:2] for row in covers}) == len(covers)
    founded = {row[0]: row[5] for row in unions}
    assert all(row[2] >= founded[row[0]] and (row[3] is None or row[3] > row[2]) for row in covers)


def test_new_covers_of_2014_are_the_published_kinds_only(the):
    kinds = {one.code: one.kind for one in the.unions}
    new = Counter(kinds[row[0]] for row in cover_rows(the.unions, the.employers) if row[2].year == 2014)
    joint = new.pop("社区联合工会") + new.pop("联合工会", 0)
    assert (new.pop("独立基层工会"), joint, +new) == (Plan(SCALE).thing(51), Plan(SCALE).thing(2_207), Counter())


def test_cards_are_asked_for_made_and_delivered_in_order(the):
    asked = list(cards.asked(the, the.groups))
    joined = {key: the.member(key).joined.toordinal() for key, *_ in asked}
    end = date(2015, 12, 31).toordinal()
    for key, _, _, card in asked:
        assert joined[key] <= card.consented <= card.requested
        assert not card.made or card.requested <= card.made <= card.delivered <= end
        assert not card.activated or card.activated >= card.delivered
    numbers = [parse_bankcard(cards.card_number(key)) for key, *_ in asked]
    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 19 and number.startswith("622000") for number in numbers)
    assert sum(bool(card.made) for *_, card in asked) == Plan(SCALE).cards


def test_batch_and_reply_speak_of_the_same_members(the):
    batch, reply = list(cards.batch_rows(the, the.groups)), list(cards.reply_rows(the, the.groups))
    assert [row[:2] for row in batch] == [(row[1], row[0]) for row in reply]
    assert {row[3] for row in reply} == {"成功", "退回"}
    assert all(bool(row[2]) == (row[3] == "成功") != bool(row[4]) for row in reply)


def test_each_use_is_by_a_holder_on_a_day_the_card_and_the_item_were_there(the):
    holders = {}
    for row in cards.reply_rows(the, the.groups):
        if row[3] == "成功":
            holders[row[2]] = holders[row[0]] = (row[0], row[6])
    items = {item[0]: item for item in offers.items(the.plan)}
    rows = list(offers.use_rows(the, 0, 1))
    for serial, code, card, number, day, _, how in rows:
        assert bool(card) != bool(number)
        assert (how == "名册") == bool(number)
        assert "2015-01-01" <= day <= "2015-12-31" and holders[card or number][1] <= day, serial
        since, until = items[code][5], items[code][6]
        assert since.isoformat() <= day and (until is None or day < until.isoformat()), serial
    assert len({row[0] for row in rows}) == len(rows) == the.plan.uses
    assert len({holders[row[2] or row[3]][0] for row in rows}) == the.plan.users


def test_the_parts_of_the_uses_make_the_whole(the):
    whole = list(offers.use_rows(the, 0, 1))
    assert [row for part in range(4) for row in offers.use_rows(the, part, 4)] == whole


def test_stations_are_staffed_as_established(the):
    rows, staff = stations.stations(the.plan), list(stations.staff_rows(the.plan))
    assert len(rows) == 17
    assert max(row[8] for row in rows) == date(2014, 12, 3)
    taoranting = next(row for row in rows if row[1] == "陶然亭街道工会服务站")
    assert (taoranting[4], len(taoranting[5].split("、")), taoranting[8]) == (100, 6, date(2014, 12, 3))
    for row in rows:
        mine = [one for one in staff if one[3] == row[0] and one[5] is None]
        assert sum(one[2] == "专职工会社会工作者" for one in mine) == row[10]
        assert sum(one[2] == "退休返聘助理员" for one in mine) == row[11]
        assert all(one[4] >= row[6] for one in staff if one[3] == row[0])


def test_posts_name_roles_and_places_that_are_there():
    codes, rows = {row[0] for row in places.tree_rows(SCALE)}, list(posts.post_rows(SCALE))
    assert {row[2] for row in rows} <= set(ROLES.values())
    assert {row[3] for row in rows} <= codes
    assert all(parse_name(row[1]) == row[1] for row in rows)


def test_files_and_payments_are_to_members_of_the_roster(the, roster):
    known = {parse_document(row[2], KEY_OF[row[1]], today=TODAY).number: row for row in roster}
    files = list(aid.hardship_rows(SCALE))
    paid = list(aid.aid_rows(SCALE))
    for row in [*files, *((one[0], one[2], one[3], one[6], one[7]) for one in paid)]:
        assert (known[row[2]][0], known[row[2]][10]) == (row[1], row[3])
    assert len({row[0] for row in paid}) == len(paid)
    assert all(row[8] <= row[9] <= row[10] and row[12] > 0 for row in paid)
    assert {row[13] for row in paid} <= {row[0] for row in posts.fund_rows()}
    students = {row[5] for row in paid if row[1] == "助学"}
    assert all(parse_document(number, today=TODAY).doubt is None and number not in known for number in students)
    assert all(row[6] >= date(2015, 1, 1) or row[7] < date(2015, 1, 1) for row in files)


def test_disputes_close_after_they_open_and_agree_on_no_more_than_was_claimed(the, roster):
    known = {parse_document(row[2], KEY_OF[row[1]], today=TODAY).number: row for row in roster}
    rows = list(disputes.dispute_rows(the))
    assert len({row[0] for row in rows}) == len(rows)
    for row in rows:
        assert (known[row[2]][0], known[row[2]][10]) == (row[1], row[3])
        assert date(2011, 1, 1) <= row[8] <= row[9] and (row[10] is None or row[9] <= row[10] <= date(2015, 12, 31))
        assert (row[11] == "达成协议") == (row[13] is not None) and (row[13] is None or row[13] <= row[12])


def test_agreements_cover_who_they_say(the):
    listed = {one.uscc for one in the.employers if one.listed_2015}
    rows, covers = list(agreements.agreement_rows(SCALE)), list(agreements.agreement_cover_rows(SCALE))
    numbers = {(row[1], row[0]): row for row in rows}
    assert len(numbers) == len(rows)
    assert all((row[1], row[13]) in numbers for row in rows if row[13])
    assert all(row[6] <= row[9] < row[10] for row in rows)
    assert {row[4] for row in rows} <= {one.code for one in the.unions}
    assert {row[2] for row in covers} <= listed
    assert len({row[:3] for row in covers}) == len(covers)
    for number, kind, _, since, until in covers:
        agreement = numbers[kind, number]
        assert agreement[9].isoformat() <= since < agreement[10].isoformat()
        assert until in ("", agreement[10].isoformat())


def test_honours_are_to_different_people(the, roster):
    known = {parse_document(row[2], KEY_OF[row[1]], today=TODAY).number: row[0] for row in roster}
    rows = [row for row in honours.honour_rows(SCALE) if row[3] == "个人"]
    assert all(known[row[5]] == row[4] for row in rows)
    assert len({row[5] for row in rows}) == len(rows)


def test_expected_figures_follow_from_the_plan_at_a_small_scale():
    plan, found = Plan(SCALE), expected(SCALE)
    assert found["members_2015-12-31"] == plan.members
    assert found["members_2014-12-31"] == plan.members - plan.members_2015
    assert found["cards_made_2015-12-31"] == found["cards_delivered_2015-12-31"] == plan.cards
    assert (found["uses_2015"], found["users_2015"], found["items_2015"]) == (plan.uses, plan.users, plan.thing(158))
    assert (found["new_independent_2014"], found["new_joint_2014"]) == (plan.thing(51), plan.thing(2_207))
    assert found["covered_collective_2015-12-31"] == found["covered_wage_2015-12-31"] == plan.bargaining_covered
    assert found["bargaining_2015-12-31_d"] == plan.bargaining
    assert found["festival_fen_2011_2015"] == 17_048_100_00 * SCALE
    assert found["festival_fen_2015"] == 933_300_00 * SCALE
    assert found["disputes_claimed_fen_2011_2015"] == round(disputes.CLAIMED_FEN * SCALE)
    assert found["honour:劳模、先进工作者:市_2015"] == 1
    unionised, listed = found["unionisation_2014-12-31_n"], found["unionisation_2014-12-31_d"]
    assert (unionised, listed) == (plan.unionised_2014, plan.listed_2014)
    assert found["membership_2014-12-31_n"] / found["membership_2014-12-31_d"] == pytest.approx(0.9665, abs=3e-4)


def test_everybody_at_a_session_is_there_once_and_on_a_day_of_it(the, roster):
    known = {parse_document(row[2], KEY_OF[row[1]], today=TODAY).number for row in roster}
    serials = set()
    for item in activities.programme(SCALE):
        assert len({held.number for held in item.sessions}) == len(item.sessions)
        for held in item.sessions:
            assert item.since <= held.on <= held.last < item.until <= date(2016, 4, 1)
            assert len({one.number for one in held.came}) == len(held.came)
            for one in held.came:
                assert one.number in known or one.name
                assert one.on is not None or one.signed_on is not None
                assert one.signed_on is None or one.on is None or one.signed_on <= one.on <= held.last
                serials.add(one.serial)
    outcomes = [one for item in activities.programme(SCALE) for one in item.outcomes]
    assert {one.serial for one in outcomes} <= serials
    assert len({(one.result, one.code) for one in outcomes}) == len(outcomes)
    assert all(one.uscc and one.proof for one in outcomes if one.choice == "招聘会录用")


def test_women_are_screened_and_migrants_studied_and_model_workers_were_cared_for(the, roster):
    by_number = {parse_document(row[2], KEY_OF[row[1]], today=TODAY).number: row for row in roster}
    models = {row[5] for row in honours.honour_rows(SCALE) if row[1] == honours.MODEL and row[7].year < 2011}
    among = {
        "女职工两癌筛查": lambda number: by_number[number][3] == "女",
        "农民工大学生": lambda number: by_number[number][7].endswith("农业"),
        "劳模疗休养与体检": lambda number: number in models,
    }
    seen = set()
    for item in activities.programme(SCALE):
        for one in (one for held in item.sessions for one in held.came if item.service in among):
            assert among[item.service](one.number), (item.title, one)
            seen.add(item.service)
    assert seen == set(among)


def test_the_lists_of_people_come_whole_in_their_parts(the):
    whole = list(activities.attendance_rows(SCALE, 0, 1))
    assert [row for part in range(3) for row in activities.attendance_rows(SCALE, part, 3)] == whole
    assert len(whole) == sum(len(held.came) for item in activities.programme(SCALE) for held in item.sessions)


def test_the_insured_are_members_once_under_a_plan_and_claims_are_within_it():
    policies = list(insurance.policy_rows(SCALE))
    assert len({(row[1], row[3]) for row in policies}) == len(policies) == Plan(SCALE).thing(insurance.INSURED)
    plans = {str(row[1]) for row in insurance.plan_rows()}
    claims = list(insurance.claim_rows(SCALE))
    assert {row[1] for row in (*policies, *claims)} <= plans
    assert len({(row[1], row[3], row[6]) for row in claims}) == len(claims)
    held = {(row[1], row[3]) for row in policies}
    for _, plan, _, number, _, _, event, filed, approved, paid, asked, agreed, given, _ in claims:
        assert date(2015, 1, 1) <= event < filed < approved < paid <= date(2015, 12, 31)
        assert 0 < given <= agreed <= asked
        assert str(plan).startswith("YL") or (plan, number) in held


@pytest.mark.slow
def test_expected_figures_at_full_size_are_the_published_ones():
    found = expected(1.0)
    published = {
        "members_2015-12-31": 230_584, "members_admitted_2014": 9_684, "cards_made_2015-12-31": 209_301,
        "cards_delivered_2015-12-31": 209_301, "uses_2015": 182_377, "items_2015": 158, "new_independent_2014": 51,
        "new_joint_2014": 2_207, "community_joint_unions_2014-12-31": 255, "community_workers_founded_2014": 15,
        "industry_founded_2015": 2, "three_in_one_2014-12-31": 1_623, "demonstration_2014-12-31": 5,
        "grid_pilot_2014-12-31": 2, "stations": 17, "stations_accepted_2014-12-03": 17, "stars_2015": 3,
        "social_workers_2015-12-31": 131, "assistants_2015-12-31": 15, "posts": 146, "agreements_2015-12-31": 1_859,
        "covered_2015-12-31": 15_797, "covered_collective_2015-12-31": 15_797, "covered_wage_2015-12-31": 15_797,
        "bargaining_2015-12-31_d": 16_286, "disputes_settled_2011_2015": 1_481,
        "disputes_claimed_fen_2011_2015": 1_435_800_000, "hardship_workers_2015": 228, "hardship_employers_2015": 41,
        "festival_fen_2015": 93_330_000, "festival_fen_2011_2015": 1_704_810_000, "study_people_2015": 93,
        "study_fen_2015": 16_130_000, "emergency_people_2015": 5, "emergency_fen_2015": 1_860_000,
        "insured_2015": 52_486, "premium_claims_people_2015": 854, "medical_claims_people_2015": 32_767,
        "medical_claims_fen_2015": 829_000_000, "bonus_fen_2015": 199_000_000, "tripartite_2015": 3,
        "honour:劳模、先进工作者:全国_2015": 4, "honour:劳模、先进工作者:市_2015": 56,
        "honour:模范集体:市_2015": 11, "honour:劳动奖状:区_2015": 5, "honour:工人先锋号:区_2015": 10,
        "honour:劳动奖章:区_2015": 40, "honour:优秀创新成果:区_2015": 20, "honour:优秀合理化建议:区_2015": 40,
        "honour:优秀首席员工:区_2015": 11, "honour:创新工程优秀组织单位:区_2015": 10, "honour:经审先进单位:全国_2015": 1,
    }  # fmt: skip
    assert {key: found[key] for key in published} == published
    rates = {
        "unionisation": (found["unionisation_2014-12-31_n"], found["unionisation_2014-12-31_d"]),
        "membership": (found["membership_2014-12-31_n"], found["membership_2014-12-31_d"]),
        "making": (found["cards_made_2015-12-31"], found["members_2015-12-31"]),
    }
    assert {key: f"{100 * n / d:.2f}" for key, (n, d) in rates.items()} == {
        "unionisation": "98.96", "membership": "96.65", "making": "90.77",
    }  # fmt: skip


@pytest.mark.slow
def test_what_was_held_at_full_size_is_what_was_published():
    found = expected(1.0)
    published = {
        "came:订单式培训:通用能力培训": 41_000, "held:订单式培训:定向岗位培训_2015": 7, "held:订单式培训:创业岗位技能培训_2015": 3,
        "came:订单式培训:参加市总培训_2015": 101, "funded_people": 312, "held:竞赛练兵:烹饪_2015": 1, "quantity:图书资料发放:经验汇编_2015": 5_000,
        "held:单身联谊:": 95, "came:单身联谊:": 4_205, "held:招聘会:大型招聘会_2015": 9, "held:招聘会:洽谈会_2015": 2,
        "booths:招聘会:大型招聘会_2015": 456 - found["booths:招聘会:洽谈会_2015"], "came:劳模疗休养与体检:疗休养": 6_132,
        "came:劳模疗休养与体检:体检": 846, "held:毕业生就业帮扶:职业培训_2015": 3, "held:毕业生就业帮扶:就业见习_2015": 2,
    }  # fmt: skip
    assert {key: found[key] for key in published} == published
    sums = {
        "quantity:送清凉": 95_000, "安置:招聘会": 5_544, "held:招聘会": 42, "given:女职工两癌筛查": 6_060,
    }  # fmt: skip
    for start, total in sums.items():
        assert (
            sum(n for key, n in found.items() if key.startswith(f"{start}:") and not key.endswith("_2015")) == total
        ), start
    placed = sum(n for key, n in found.items() if key.startswith("安置:招聘会:") and key.endswith("_2015"))
    spent = sum(n for key, n in found.items() if key.startswith("fen:送清凉:") and key.endswith("_2015"))
    assert (placed, spent) == (1_118, 816_000_00)


def test_living_matters_are_of_employers_without_a_union_and_of_people_who_are_no_members(roster):
    full = world(1.0)
    rows = list(founding.founding_rows(full))
    bare = {one.uscc for one in full.employers if one.since is None}
    assert len(rows) == len(founding.WAYS) and {row[5] for row in rows} <= bare
    assert "已登记成立" not in {row[9] for row in rows}, "none adds to what was published"
    asked = list(founding.joining_rows(full))
    assert len({row[4] for row in asked}) == founding.ASKED
    assert not {row[4] for row in asked} & {row[2] for row in roster}
    for row in asked:
        assert parse_document(str(row[4]), today=TODAY)
