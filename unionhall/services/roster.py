"""实名制: the real-name roster of members."""

from django.db.models import F, QuerySet

from unionhall.indicators.figures import Flow, Ratio, Stock
from unionhall.indicators.service import Service
from unionhall.kernel.period import Period
from unionhall.organisations.models import RegisterEntry
from unionhall.organisations.places import newest_register
from unionhall.people.models import Membership

COLUMNS = (
    ("姓名", "person.masked"),
    ("工会", "union.name"),
    ("单位", "employer.name"),
    ("入会", "since"),
    ("止", "until"),
)
ENTRY_COLUMNS = (
    ("单位", "employer.name"),
    ("名单", "register.name"),
    ("名单日期", "register.as_of"),
    ("职工人数", "workers"),
)


def base(period: Period) -> QuerySet[RegisterEntry]:
    return RegisterEntry.objects.filter(register=newest_register("membership", period.last))


def members_of_base(period: Period) -> QuerySet[Membership]:
    """Members on the day who work for an employer on the list, with where the list has that employer (`listed_at`).

    A joint union may lie in another street than its employers: counted by the list, the members of a street are workers
    of its base.
    """
    listed = Membership.objects.on(period.last).filter(
        employer__listed__register=newest_register("membership", period.last)
    )
    return listed.annotate(listed_at=F("employer__listed__path"))


service = Service(
    key="member",
    title="会员实名制",
    title_en="real-name roster",
    row=7,
    figures=(
        Stock(
            slug="members", title="实名制会员", title_en="members by real name", unit="人", unit_en="members",
            also=("实名制采集会员", "会员"), headline=True,
            definition="该日在册会员：委员会已批准入会，未转出、未退会。一人同一日只有一个会籍，所以按会籍计就是按人计。",
            definition_en="Members on the day: admitted by the committee and neither transferred nor left.",
            register=lambda period: Membership.objects.on(period.last), of="会籍登记", columns=COLUMNS,
        ),
        Flow(
            slug="new", title="新发展会员", title_en="new members", unit="人", unit_en="members", act="admitted",
            also=("新增会员",), headline=True,
            definition="当期经委员会批准入会的会员；转入不算新发展。",
            definition_en="Members admitted by a committee in the period; transfers are not admissions.",
        ),
        Ratio(
            slug="membership", title="职工入会率", title_en="membership rate",
            definition="名单内企业的在册会员 ÷ 名单内企业的职工人数。名单为该日及以前最近一次发布的法人单位名册。",
            definition_en="Members working for employers on the list, over the workers of those employers.",
            base="法人单位名册（用途：入会率）的职工人数",
            numerator=Stock(
                slug="n", title="名单内企业的会员", title_en="members at listed employers", unit="人", unit_en="members",
                definition="该日在册、所在单位在名单内的会员；属于哪个地方，以名单所载单位的地方为准。",
                definition_en="Members whose employer is on the list, at the place the list has that employer.",
                register=members_of_base, of="会籍登记与法人单位名册", columns=COLUMNS, placed_by="listed_at",
            ),
            denominator=Stock(
                slug="d", title="名单内企业的职工", title_en="workers of listed employers", unit="人", unit_en="workers",
                definition="名单所载职工人数合计。", definition_en="Head-counts on the list, added up.",
                register=base, of="法人单位名册", counting="sum", column="workers", columns=ENTRY_COLUMNS,
            ),
        ),
    ),
)  # fmt: skip
