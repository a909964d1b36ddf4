"""劳模先进: the register of honours. Nomination, review and notice come with a later part."""

from unionhall.honours.service import HonourService, granted

MODEL = ("劳模、先进工作者",)

service = HonourService(
    key="honour",
    title="劳模先进",
    title_en="model workers and honours",
    row=31,
    figures=(
        granted("model_national", "全国劳模、先进工作者", "national model and advanced workers", "名", level="national", names=MODEL, people=True, also=("全国劳模",)),
        granted("model_city", "市级劳模、先进工作者", "city model and advanced workers", "名", level="city", names=MODEL, people=True, also=("市劳模、先进工作者",)),
        granted("collective_city", "市级模范集体", "city model collectives", "个", level="city", names=("模范集体",), also=("市模范集体",)),
        granted("certificate", "劳动奖状", "district labour certificates", "个", level="district", names=("劳动奖状",)),
        granted("pioneer_team", "工人先锋号", "district worker pioneer teams", "个", level="district", names=("工人先锋号",)),
        granted("medal", "劳动奖章", "district labour medals", "名", level="district", names=("劳动奖章",), people=True),
        granted("audit", "全国经审先进单位", "national advanced audit units", "项", level="national", names=("经审先进单位",)),
    ),
)  # fmt: skip
