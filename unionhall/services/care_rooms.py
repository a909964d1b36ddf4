"""母婴关爱室: rooms for mothers and babies, at employers and public places."""

from unionhall.indicators.figures import Stock
from unionhall.indicators.service import Service
from unionhall.organisations.models import CareRoom

service = Service(
    key="womens.rooms",
    title="母婴关爱室",
    title_en="mother-and-baby rooms",
    row=15,
    figures=(
        Stock(
            slug="rooms", title="母婴关爱室", title_en="mother-and-baby rooms", unit="间", unit_en="rooms",
            definition="期末在用的母婴关爱室。", definition_en="Mother-and-baby rooms in use on the last day.",
            register=lambda period: CareRoom.objects.on(period.last).filter(kind="mother_baby"), of="关爱室登记",
            columns=(("编号", "code"), ("名称", "name"), ("地址", "address"), ("启用", "since")),
        ),
    ),
)  # fmt: skip
