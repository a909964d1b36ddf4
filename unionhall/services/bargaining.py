"""集体协商: the two kinds counted together, and how many of the employers able to bargain have signed."""

from unionhall.agreements.service import (
    BASE_COLUMNS,
    able_to_bargain,
    documents_in_force,
    employers_covered,
    signed_of_base,
)
from unionhall.indicators.figures import Ratio, Stock
from unionhall.indicators.service import Service

BOTH = ("agreement.collective", "agreement.wage")


def _rate(slug: str, title: str, title_en: str, kinds: tuple[str, ...], also: tuple[str, ...] = ()) -> Ratio:
    return Ratio(
        slug=slug, title=title, title_en=title_en, also=also,
        definition="该日受有效协议覆盖的应签企业 ÷ 应签企业。应签企业：最近一次应签名单所列、且该日已建会的企业。",
        definition_en="Employers able to bargain that an agreement in force covers, over all employers able to bargain.",
        base="应签企业名单（用途：签订率）中已建会的企业",
        numerator=Stock(
            slug="n", title="已签企业", title_en="employers that signed", unit="家", unit_en="employers",
            definition="应签企业中该日受有效协议覆盖的。", definition_en="Of the base, those covered on the day.",
            register=lambda period: signed_of_base(kinds, period), of="应签企业名单与协议覆盖", columns=BASE_COLUMNS,
        ),
        denominator=Stock(
            slug="d", title="应签企业", title_en="employers able to bargain", unit="家", unit_en="employers",
            definition="最近一次应签名单所列、且该日已建会的企业。", definition_en="On the newest list, and unionised on the day.",
            register=able_to_bargain, of="应签企业名单", columns=BASE_COLUMNS,
        ),
    )  # fmt: skip


service = Service(
    key="bargaining",
    title="集体协商",
    title_en="collective bargaining",
    row=22,
    figures=(
        documents_in_force("集体合同、工资专项协议", "collective contracts and wage agreements", BOTH, headline=True),
        employers_covered("协议覆盖企业", "employers covered", BOTH),
        _rate("collective_rate", "集体合同签订率", "collective-contract signing rate", BOTH[:1]),
        _rate("wage_rate", "工资专项协议签订率", "wage-agreement signing rate", BOTH[1:], also=("工资协议签订率",)),
    ),
)
