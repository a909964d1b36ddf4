"""职工维权全过程: what disputes come to over mediation, legal aid, arbitration and court together, each counted once.

It keeps no matters of its own: its lines are written for every chain of matters (cases.chain_moves; decision 0019).
"""

from unionhall.cases.chains import BEGUN, HELPED, RECOVERED, RIGHTS
from unionhall.indicators.figures import Flow
from unionhall.indicators.service import Service

service = Service(
    key=RIGHTS,
    title="职工维权全过程",
    title_en="workers' rights, start to end",
    row=26,
    figures=(
        Flow(
            slug="workers", title="维权职工", title_en="workers whose rights were defended", unit="人", unit_en="workers", act=HELPED,
            count="people",
            definition="当期由工会受理调解或给予法律援助的职工人数，以首次受理日期为准。同一人只计一次；同一争议先后调解、援助、仲裁、诉讼的，也只计一次。"
            "只计名册里的职工。",
            definition_en="Distinct workers of the roster whose dispute the union took up in the period, for mediation or legal aid, by the "
            "first acceptance; a dispute that went on to arbitration or court counts its workers once.",
        ),
        Flow(
            slug="disputes", title="维权争议", title_en="disputes taken up, start to end", unit="件", unit_en="disputes", act=BEGUN,
            definition="当期由工会受理调解或给予法律援助的争议件数，以首次受理日期为准；同一争议转到别的环节，仍是一件。",
            definition_en="Disputes the union took up in the period, by the first acceptance; one that was handed on is still one.",
        ),
        Flow(
            slug="recovered", title="挽回损失", title_en="money won for workers", unit="万元", unit_en="10,000 yuan", act=RECOVERED,
            count="fen",
            definition="当期经调解、法律援助、仲裁或诉讼为职工争取到的金额。同一争议只计一次：后来的结果多出的部分计在后来那天，"
            "后来的结果较少的，原来的数随之减少；协议没有履行的，只计已经支付的部分。",
            definition_en="Money won for workers by mediation, legal aid, arbitration or court in the period, once for a dispute: what a later "
            "result adds counts on its day, a lower one lowers what stood before; of a broken agreement only what was paid counts.",
        ),
    ),
)  # fmt: skip
