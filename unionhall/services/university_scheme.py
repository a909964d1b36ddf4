"""农民工大学生助推计划: migrant workers put through university, over years, to graduation.

An item is a course of study, a session is a year's intake. Each year's help is a result of its own, so somebody helped for
three years is one person and three payments.
"""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import Field, OfferService, Result

service = OfferService(
    key="training.university",
    title="农民工大学生",
    title_en="migrant workers at university",
    row=10,
    form=(Field("school", "就读院校", required=True), Field("subject", "专业")),
    counts=("people", "sessions"),
    asked_always=("migrant",),
    results=(Result("funded", "学年资助", amount="yuan"), Result("graduated", "毕业", proof=True, after=("funded", ""))),
    on_record=True,
    by=("labour", "aid", "organisation", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="funded", title="资助农民工大学生", title_en="migrant workers funded", unit="名", unit_en="people", act="funded",
            count="people", definition="当期得到学年资助的农民工人数，资助几年也只计一次。",
            definition_en="Distinct migrant workers whose studies were paid for in the period.",
        ),
        Flow(
            slug="enrolled", title="农民工大学生入学", title_en="migrant workers enrolled", unit="名", unit_en="people", act="used",
            count="people", definition="当期入学的农民工人数。", definition_en="Distinct migrant workers enrolled in the period.",
        ),
        Flow(
            slug="intakes", title="农民工大学生招收批次", title_en="intakes", unit="批", unit_en="intakes", act="held",
            definition="当期招收的批次。", definition_en="Intakes of the period.",
        ),
        Flow(
            slug="graduated", title="农民工大学生毕业", title_en="migrant workers graduated", unit="名", unit_en="people",
            act="graduated", count="people", definition="当期毕业的人数，以毕业证书日期为准。",
            definition_en="Distinct people graduated in the period, by the day of the certificate.",
        ),
    ),
)  # fmt: skip
