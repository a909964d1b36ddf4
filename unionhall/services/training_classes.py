"""订单式培训: an employer's order, a class, attendance, a test, a certificate, and what became of it in use and pay.

An item is a course, a session is one run of it (班次). Who failed the test has no certificate; what a class did for use and
pay is asked afterwards and counted apart.
"""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import Field, OfferService, Result

service = OfferService(
    key="training.classes",
    title="订单式培训",
    title_en="training to order",
    row=10,
    form=(Field("ordered_by", "订单单位"), Field("school", "承办院校"), Field("hours", "学时")),
    counts=("person_times", "people", "units", "sessions"),
    kinds=(
        ("general", "通用能力培训"), ("order", "定向岗位培训"), ("startup", "创业岗位技能培训"), ("bargaining", "集体协商培训"),
        ("city", "参加市总培训"),
    ),
    results=(
        Result("tested", "考试", choices=(("passed", "合格"), ("failed", "不合格")), amount="points"),
        Result("certified", "证书", proof=True, certificate=True, after=("tested", "passed")),
        Result("followed", "培训后回访", choices=(("used", "已上岗使用"), ("raised", "使用且待遇提高"), ("none", "尚未使用"))),
    ),
    on_record=True,
    by=("labour", "aid", "organisation", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="general", title="通用能力培训", title_en="general training", unit="人次", unit_en="attendances", act="used",
            kinds=("general",), headline=True, definition="当期参加通用能力培训的人次，一人参加几班计几次。",
            definition_en="Attendances of general courses in the period; one person in two classes counts twice.",
        ),
        Flow(
            slug="attendances", title="培训人次", title_en="training attendances", unit="人次", unit_en="attendances", act="used",
            definition="当期参加各类培训班的人次。", definition_en="Attendances of classes of every kind in the period.",
        ),
        Flow(
            slug="people", title="参加培训的职工", title_en="workers trained", unit="名", unit_en="people", act="used",
            count="people", definition="当期至少参加一次培训的人数，同一人只计一次。",
            definition_en="Distinct people who attended a class in the period.",
        ),
        Flow(
            slug="units", title="培训覆盖单位", title_en="employers whose workers were trained", unit="家", unit_en="employers",
            act="used", kinds=("general",), count="employers",
            definition="当期有职工参加通用能力培训的用人单位数，同一单位只计一次；单位是职工参加当天会籍所在的单位。",
            definition_en="Distinct employers of those at general courses in the period, by their membership that day.",
        ),
        Flow(
            slug="runs", title="培训班次", title_en="classes held", unit="班次", unit_en="classes", act="held",
            definition="当期开办的培训班次。", definition_en="Classes of every kind held in the period, by their first day.",
        ),
        Flow(
            slug="order_runs", title="定向岗位培训", title_en="classes for posts on order", unit="班次", unit_en="classes", act="held",
            kinds=("order",), definition="当期开办的定向岗位培训班次。",
            definition_en="Classes for posts an employer ordered, held in the period.",
        ),
        Flow(
            slug="startup_runs", title="创业岗位技能培训", title_en="classes for start-ups", unit="班次", unit_en="classes", act="held",
            kinds=("startup",), definition="当期开办的创业岗位技能培训班次。",
            definition_en="Classes in the skills of a start-up, held in the period.",
        ),
        Flow(
            slug="bargaining", title="协商培训", title_en="bargaining training", unit="人次", unit_en="attendances", act="used",
            kinds=("bargaining",), definition="当期参加区内集体协商培训的人次，不含参加市总培训的。",
            definition_en="Attendances of the district's own classes in collective bargaining; the city's are apart.",
        ),
        Flow(
            slug="city", title="参加市总集体协商培训", title_en="sent to the city's bargaining training", unit="人", unit_en="people",
            act="used", kinds=("city",), count="people", definition="当期参加市总工会集体协商培训的人数，同一人只计一次。",
            definition_en="Distinct people at the city federation's bargaining training in the period.",
        ),
        Flow(
            slug="passed", title="培训考试合格", title_en="tests passed", unit="人次", unit_en="tests", act="tested",
            kinds=("passed",), definition="当期考试合格的人次，以考试日期为准。", definition_en="Tests passed in the period.",
        ),
        Flow(
            slug="certificates", title="培训证书", title_en="certificates given", unit="本", unit_en="certificates", act="certified",
            definition="当期颁发的培训证书。", definition_en="Certificates given in the period.",
        ),
        Flow(
            slug="in_use", title="培训后上岗使用", title_en="trained and in use", unit="名", unit_en="people", act="followed",
            kinds=("used", "raised"), count="people",
            definition="当期回访中已上岗使用所学的人数，同一人只计一次，含待遇提高的。",
            definition_en="Distinct people found in the period to use what they learnt, better paid or not.",
        ),
        Flow(
            slug="raised", title="培训后待遇提高", title_en="trained and better paid", unit="名", unit_en="people", act="followed",
            kinds=("raised",), count="people", definition="当期回访中待遇提高的人数，同一人只计一次。",
            definition_en="Distinct people found in the period to be better paid after the class.",
        ),
    ),
)  # fmt: skip
