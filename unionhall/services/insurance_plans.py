"""互助保障计划: the plans of each year, and who is insured under them. What was paid out of them is a claim of its own."""

from unionhall.indicators.figures import Flow
from unionhall.offers.policies import MEDICAL, PLANS, PREMIUM
from unionhall.offers.service import OfferService

service = OfferService(
    key=PLANS,
    title="互助保障计划",
    title_en="mutual insurance plans",
    row=20,
    kinds=((PREMIUM, "保费型"), (MEDICAL, "医疗互助")),
    counts=(),
    by=("aid", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="insured", title="保费型互助投保", title_en="enrolments under premium plans", unit="人次", unit_en="enrolments",
            act="insured", kinds=(PREMIUM,),
            definition="当期开始保障的保费型投保人次：一人投保几个计划就计几次，是人次，不是人。",
            definition_en="Enrolments under premium plans that begin in the period; one person under several plans counts for each.",
        ),
        Flow(
            slug="premiums", title="保费型互助保费", title_en="premiums of those plans", unit="万元", unit_en="10,000 yuan",
            act="insured", kinds=(PREMIUM,), count="fen",
            definition="当期开始保障的保费型投保的保费合计，不论由谁缴纳。",
            definition_en="Premiums of the enrolments that begin in the period, whoever pays them.",
        ),
    ),
)  # fmt: skip
