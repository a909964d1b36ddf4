"""创新·合理化建议·首席员工: what was awarded; submission and adoption are counted by a later part."""

from unionhall.honours.service import HonourService, granted

service = HonourService(
    key="innovation",
    title="群众性经济技术创新",
    title_en="innovation and proposals",
    row=32,
    figures=(
        granted("results", "优秀创新成果", "excellent innovation results", "项", level="district", names=("优秀创新成果",)),
        granted("proposals", "优秀合理化建议", "excellent rationalisation proposals", "条", level="district", names=("优秀合理化建议",)),
        granted("organisers", "创新工程优秀组织单位", "excellent organising units", "个", level="district", names=("创新工程优秀组织单位",)),
        granted("chiefs", "优秀首席员工", "excellent chief employees", "名", level="district", names=("优秀首席员工",), people=True),
    ),
)  # fmt: skip
