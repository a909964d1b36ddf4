"""工会社会组织基地: the centres and associations at the base."""

from unionhall.indicators.figures import Stock
from unionhall.indicators.service import Service
from unionhall.organisations.models import SocialOrganisation

_COLUMNS = (("编号", "code"), ("名称", "name"), ("入驻", "since"), ("退出", "until"))

service = Service(
    key="social.base",
    title="社会组织基地",
    title_en="base of social organisations",
    row=33,
    figures=(
        Stock(
            slug="centres", title="基地中心", title_en="centres at the base", unit="个", unit_en="centres",
            definition="期末入驻的中心。", definition_en="Centres at the base on the last day.",
            register=lambda period: SocialOrganisation.objects.on(period.last).filter(kind="centre"), of="社会组织登记",
            columns=_COLUMNS,
        ),
        Stock(
            slug="associations", title="基地协会组织", title_en="associations at the base", unit="家", unit_en="associations",
            also=("基地首批协会",), definition="期末入驻的协会组织。", definition_en="Associations at the base on the last day.",
            register=lambda period: SocialOrganisation.objects.on(period.last).filter(kind="association"), of="社会组织登记",
            columns=_COLUMNS,
        ),
        Stock(
            slug="fields", title="协会组织大类", title_en="fields of associations", unit="类", unit_en="fields",
            definition="期末入驻的协会涉及的领域类数；一类计在其中最早登记的协会所在的地方。",
            definition_en="Fields the associations at the base on the last day are there for, each counted where its first one is.",
            register=lambda period: SocialOrganisation.objects.on_with_first_of_field(period.last), of="社会组织登记",
            columns=_COLUMNS,
        ),
    ),
)  # fmt: skip
