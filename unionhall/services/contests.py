"""竞赛练兵: contests and drills; who entered, what they scored in each round, and where they came."""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import Field, OfferService, Result

service = OfferService(
    key="contests",
    title="竞赛练兵",
    title_en="contests",
    row=11,
    form=(Field("trade", "工种"), Field("with_whom", "共同主办")),
    counts=("person_times", "people", "units", "sessions"),
    kinds=(("cooking", "烹饪"), ("exercise", "广播操"), ("office", "办公技能"), ("service", "服务技能"), ("other", "其他技能")),
    results=(
        Result("scored", "成绩", choices=(("preliminary", "初赛"), ("theory", "决赛理论"), ("practice", "决赛实操")), amount="points"),
        Result("ranked", "名次", amount="whole"),
    ),
    judged=("scored", "ranked"),
    on_record=True,
    by=("labour", "organisation", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="held", title="竞赛练兵场次", title_en="contests held", unit="场", unit_en="contests", act="held",
            definition="当期举办的竞赛和练兵。", definition_en="Contests and drills held in the period.",
        ),
        Flow(
            slug="cooking", title="烹饪技能大赛", title_en="cooking contests", unit="场", unit_en="contests", act="held",
            kinds=("cooking",), definition="当期举办的烹饪技能大赛。", definition_en="Cooking contests held in the period.",
        ),
        Flow(
            slug="entries", title="竞赛参赛", title_en="entries", unit="人次", unit_en="entries", act="used",
            definition="当期参赛的人次，一人参加两项计两次。", definition_en="Entries of the period.",
        ),
        Flow(
            slug="people", title="参赛职工", title_en="workers who entered", unit="名", unit_en="people", act="used", count="people",
            definition="当期参赛的人数，同一人只计一次。", definition_en="Distinct people who entered in the period.",
        ),
        Flow(
            slug="units", title="参赛单位", title_en="employers with entries", unit="家", unit_en="employers", act="used",
            count="employers", definition="当期有职工参赛的用人单位数。", definition_en="Distinct employers of those who entered.",
        ),
        Flow(
            slug="scores", title="竞赛评分", title_en="scores given", unit="项", unit_en="scores", act="scored",
            definition="当期登记的成绩，初赛、决赛各计一项。", definition_en="Scores recorded in the period, each round its own.",
        ),
        Flow(
            slug="ranked", title="竞赛获得名次", title_en="places won", unit="名", unit_en="people", act="ranked", count="people",
            definition="当期竞赛中获得名次的人数，同一人只计一次。", definition_en="Distinct people who won a place in the period.",
        ),
    ),
)  # fmt: skip
