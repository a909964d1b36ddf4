"""募捐: money given for one matter, handed over to its family to the last yuan; the balance is published."""

from unionhall.cases.drive_moves import SERVICE, TITLE
from unionhall.indicators.figures import Flow
from unionhall.indicators.service import Service

service = Service(
    key=SERVICE,
    title=TITLE,
    title_en="donations",
    row=21,
    figures=(
        Flow(
            slug="drives", title="发起募捐", title_en="donation drives", unit="项", unit_en="drives", act="opened",
            definition="当期为救助事项发起的募捐，一件事项一次。", definition_en="Drives opened in the period, each for one matter.",
        ),
        Flow(
            slug="given", title="捐款总额", title_en="donations given", unit="元", unit_en="yuan", act="given", count="fen",
            definition="当期收到的捐款合计，以收款日期为准，作废的不计。", definition_en="Gifts received in the period, without those voided.",
        ),
        Flow(
            slug="handed", title="转交善款", title_en="donations handed over", unit="元", unit_en="yuan", act="handed", count="fen",
            definition="当期转交给受助家庭的捐款合计，以转交日期为准。", definition_en="Donations handed to families in the period.",
        ),
    ),
)  # fmt: skip
