"""困难职工建档: the file every lasting aid starts from."""

from unionhall.cases.service import CaseService, Field
from unionhall.cases.vocabulary import HARDSHIPS
from unionhall.indicators.figures import Flow
from unionhall.kernel.workflow import Move, Workflow

service = CaseService(
    key="aid.file",
    title="困难职工建档",
    title_en="hardship files",
    row=19,
    causes=HARDSHIPS,
    form=(Field("income", "家庭年收入", required=True, sealed=True), Field("cause", "致困原因", required=True, sealed=True)),
    workflow=Workflow(
        "received",
        Move("announce", "received", "announced", by="street", title="公示"),
        Move("file", "received", "filed", by="street", title="建档"),
        Move("file", "announced", "filed", by="street", title="建档"),
        Move("decline", "received", "declined", by="street", asks=("reason",), title="不予建档"),
        Move("decline", "announced", "declined", by="street", asks=("reason",), title="公示有异议，不予建档"),
        Move("close", "filed", "closed", by="street", asks=("reason",), title="撤档"),
        titles={"received": "已申请", "announced": "公示中", "filed": "在档", "declined": "不予建档", "closed": "已撤档"},
    ),
    figures=(
        Flow(
            slug="workers", title="建档困难职工", title_en="hardship workers filed", unit="名", unit_en="workers", act="filed",
            count="people",
            definition="当期建立困难档案的职工人数，同一人只计一次。", definition_en="Distinct workers filed in the period.",
        ),
        Flow(
            slug="units", title="困难职工所属单位", title_en="employers of filed workers", unit="家", unit_en="employers",
            act="filed", count="employers",
            definition="当期建档职工所在的单位数，同一单位只计一次。",
            definition_en="Distinct employers of the workers filed in the period.",
        ),
    ),
)  # fmt: skip
