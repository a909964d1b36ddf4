"""三级服务体系: the tree of places the union works in."""

from unionhall.indicators.figures import Stock
from unionhall.indicators.service import Service
from unionhall.organisations.models import Place

COLUMNS = (("代码", "code"), ("名称", "name"), ("启用", "since"), ("撤销", "until"))


def _places(slug: str, title: str, title_en: str, kinds: tuple[str, ...], also: tuple[str, ...] = ()) -> Stock:
    return Stock(
        slug=slug,
        title=title,
        title_en=title_en,
        unit="个",
        unit_en="places",
        definition=f"该日在用的{title.removesuffix('数')}，撤并后不再计入。",
        definition_en=f"{title_en[:1].upper()}{title_en[1:]} in use on the day.",
        register=lambda period: Place.objects.on(period.last).filter(kind__in=kinds),
        of="区划树",
        columns=COLUMNS,
        also=also,
    )


service = Service(
    key="tree",
    title="三级服务体系",
    title_en="three-tier service system",
    row=1,
    figures=(
        _places("streets", "街道数", "streets and towns", ("street", "town"), also=("街道",)),
        _places("communities", "社区数", "communities and villages", ("community", "village")),
    ),
)
