"""工会服务站队伍: who is on post, and how many posts are granted."""

from unionhall.indicators.figures import Ratio, Stock
from unionhall.indicators.service import Service
from unionhall.organisations.models import Establishment, Staff

COLUMNS = (("工号", "number"), ("姓名", "masked"), ("服务站", "station.name"), ("到岗", "since"), ("离岗", "until"))
ESTABLISHMENT_COLUMNS = (
    ("服务站", "station.name"),
    ("类别", "kind"),
    ("编制", "posts"),
    ("起", "since"),
    ("止", "until"),
)
STATION_KINDS = ("social_worker", "assistant")


def _on_post(slug: str, title: str, title_en: str, kinds: tuple[str, ...], also: tuple[str, ...] = ()) -> Stock:
    return Stock(
        slug=slug, title=title, title_en=title_en, unit="名", unit_en="staff", also=also,
        definition=f"该日在岗的{title}。", definition_en=f"{title_en[:1].upper()}{title_en[1:]} on post on the day.",
        register=lambda period: Staff.objects.on(period.last).filter(kind__in=kinds), of="站工作人员登记", columns=COLUMNS,
    )  # fmt: skip


service = Service(
    key="staff",
    title="工会工作者队伍",
    title_en="staff teams",
    row=5,
    figures=(
        _on_post("social_workers", "专职工会社工", "full-time union social workers", ("social_worker",)),
        _on_post("assistants", "退休返聘助理员", "rehired retired assistants", ("assistant",)),
        Ratio(
            slug="staffing", title="站人员满编率", title_en="station staffing rate",
            definition="该日在岗的社工与助理员 ÷ 该日有效的编制数。",
            definition_en="Social workers and assistants on post over the establishment in force, on the day.",
            base="服务站编制",
            numerator=_on_post("n", "在岗人员", "staff on post", STATION_KINDS),
            denominator=Stock(
                slug="d", title="编制", title_en="establishment", unit="名", unit_en="posts",
                definition="该日有效的编制数合计。", definition_en="Posts granted, in force on the day.",
                register=lambda period: Establishment.objects.on(period.last).filter(kind__in=STATION_KINDS),
                of="服务站编制", counting="sum", column="posts", columns=ESTABLISHMENT_COLUMNS,
            ),
        ),
    ),
)  # fmt: skip
