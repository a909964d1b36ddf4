"""建会入会: founding unions and bringing employers under them.

An employer under a joint union is "brought in" by the cover, not by a founding, so new unions are counted over covers:
the 51 employers with a union of their own and the 2,207 under joint ones are one figure (工会法 第十一条).
"""

from django.db.models import Exists, OuterRef, QuerySet

from unionhall.indicators.figures import Flow, Ratio, Stock
from unionhall.indicators.service import Service
from unionhall.kernel.period import Period
from unionhall.organisations.models import Cover, RegisterEntry, Union, UnionTag
from unionhall.organisations.places import newest_register
from unionhall.organisations.vocabulary import JOINT_KINDS

UNION_COLUMNS = (("编号", "code"), ("名称", "name"), ("批准日期", "since"), ("撤销日期", "until"))
TAG_COLUMNS = (("工会", "union.name"), ("编号", "union.code"), ("起", "since"), ("止", "until"))
ENTRY_COLUMNS = (
    ("单位", "employer.name"),
    ("名单", "register.name"),
    ("名单日期", "register.as_of"),
    ("职工人数", "workers"),
)
COVER_COLUMNS = (("单位", "employer.name"), ("工会", "union.name"), ("起", "since"), ("止", "until"))


def listed(period: Period) -> QuerySet[RegisterEntry]:
    """The base: employers on the newest legal-person list kept for the unionisation rate by the day."""
    return RegisterEntry.objects.filter(register=newest_register("unionisation", period.last))


def unionised(period: Period) -> QuerySet[RegisterEntry]:
    """Employers on that list that a union covers on the day."""
    covered = Cover.objects.on(period.last).filter(employer=OuterRef("employer"))
    return listed(period).filter(Exists(covered))


def _unions(slug: str, title: str, title_en: str, kind: str) -> Stock:
    return Stock(
        slug=slug,
        title=title,
        title_en=title_en,
        unit="个",
        unit_en="unions",
        definition=f"该日存续的{title}：已批准建会，未撤销、未合并。成立日期以批准日期为准，一个组织只有一个成立日期。",
        definition_en=f"{title_en[:1].upper()}{title_en[1:]} standing on the day: approved, neither merged nor abolished.",
        register=lambda period: Union.objects.on(period.last).filter(kind=kind),
        of="工会组织登记",
        columns=UNION_COLUMNS,
    )


def _tagged(slug: str, title: str, title_en: str, tag: str, also: tuple[str, ...] = ()) -> Stock:
    return Stock(
        slug=slug,
        title=title,
        title_en=title_en,
        unit="个",
        unit_en="unions",
        definition=f"该日带有“{title}”标记的工会组织数。",
        definition_en=f"Unions marked on the day as: {title_en}.",
        register=lambda period: UnionTag.objects.on(period.last).filter(tag=tag),
        of="工会组织标记",
        columns=TAG_COLUMNS,
        also=also,
    )


service = Service(
    key="union",
    title="建会入会",
    title_en="union building",
    row=2,
    figures=(
        Ratio(
            slug="unionisation",
            title="企业建会率",
            title_en="unionisation rate",
            headline=True,
            definition="名单内已建会的企业 ÷ 名单内全部企业。名单为该日及以前最近一次发布的法人单位名册。",
            definition_en="Employers on the list that a union covers, over all employers on the list (the newest by the day).",
            base="法人单位名册（用途：建会率）",
            numerator=Stock(
                slug="n", title="名单内已建会企业", title_en="listed employers with a union", unit="家", unit_en="employers",
                definition="名单内该日至少受一家工会覆盖的企业。", definition_en="Listed employers covered by a union on the day.",
                register=unionised, of="法人单位名册与工会覆盖", columns=ENTRY_COLUMNS,
            ),
            denominator=Stock(
                slug="d", title="名单内企业", title_en="listed employers", unit="家", unit_en="employers",
                definition="名单内全部企业。", definition_en="All employers on the list.",
                register=listed, of="法人单位名册", columns=ENTRY_COLUMNS,
            ),
        ),
        Stock(
            slug="employers", title="建会单位", title_en="employers with a union", unit="家", unit_en="employers",
            definition="该日至少受一家工会覆盖的单位数，同一单位只计一次。",
            definition_en="Distinct employers covered by at least one union on the day.",
            register=lambda period: Cover.objects.on(period.last), of="工会覆盖单位", counting="employers",
            columns=COVER_COLUMNS,
        ),
        Flow(
            slug="new", title="新增工会组织", title_en="new union organisations", unit="家", unit_en="employers",
            act="covered", kinds=("independent", *JOINT_KINDS), count="employers", headline=True,
            definition="当期新纳入工会的单位数：独立建会的单位与联合工会新涵盖的单位合计，同一单位只计一次。计单位，不计组织个数。",
            definition_en="Employers newly brought under a union in the period, by a union of their own or a joint one.",
        ),
        Flow(
            slug="independent", title="独立建会", title_en="new independent unions", unit="家", unit_en="unions",
            act="founded", kinds=("independent",), also=("新增独立建会",),
            definition="当期批准成立的独立基层工会。", definition_en="Independent unions approved in the period.",
        ),
        Flow(
            slug="joint", title="联合工会涵盖建会", title_en="employers brought under joint unions", unit="家",
            unit_en="employers", act="covered", kinds=JOINT_KINDS, count="employers",
            definition="当期开始受联合工会、社区联合工会覆盖的单位数，同一单位只计一次。",
            definition_en="Distinct employers whose cover by a joint or community joint union began in the period.",
        ),
        Flow(
            slug="new_workers", title="新增职工", title_en="workers of newly unionised employers", unit="人",
            unit_en="workers", act="covered", kinds=("independent", *JOINT_KINDS), count="headcount",
            definition="当期新纳入工会的单位的职工人数合计（以纳入时登记的人数为准）。",
            definition_en="Workers of employers newly brought under a union, by head-count at that time.",
        ),
        Flow(
            slug="industry", title="行业工会联合会", title_en="industry union federations founded", unit="家",
            unit_en="unions", act="founded", kinds=("industry_federation",),
            definition="当期批准成立的行业工会联合会。", definition_en="Industry federations approved in the period.",
        ),
        _unions("community_joint", "社区联合工会", "community joint unions", "community_joint"),
        _unions("community_workers", "社区工作者工会", "community-worker unions", "community_workers"),
        _tagged("three_in_one", "会站家合一", "union, station and home in one", "three_in_one"),
        _tagged("demonstration", "社区联合工会示范单位", "demonstration unions", "demonstration"),
        _tagged("grid_pilot", "全响应网格化试点", "full-response grid pilots", "grid_pilot"),
    ),
)  # fmt: skip
