"""京卡·互助服务卡: asked for, made, delivered; making and delivery are different figures."""

from django.db.models import Exists, OuterRef, QuerySet

from unionhall.indicators.figures import Ratio, Stock
from unionhall.indicators.service import Service
from unionhall.kernel.period import Period
from unionhall.people.models import Card, Membership

COLUMNS = (
    ("姓名", "person.masked"),
    ("卡号", "number"),
    ("制卡", "made_on"),
    ("发放", "delivered_on"),
    ("激活", "activated_on"),
)
MEMBER_COLUMNS = (("姓名", "person.masked"), ("工会", "union.name"), ("入会", "since"))


def members_with_a_card(period: Period) -> QuerySet[Membership]:
    """Members on the day who hold a card valid on it: a part of its base, at the same places; not the cards of those who left."""
    held = Card.objects.valid_on(period.last).filter(person=OuterRef("person"))
    return Membership.objects.on(period.last).filter(Exists(held))


def _cards(slug: str, title: str, title_en: str, definition: str, definition_en: str, **more: object) -> Stock:
    fields = {"register": lambda period: Card.objects.valid_on(period.last), **more}
    return Stock(
        slug=slug, title=title, title_en=title_en, unit="张", unit_en="cards", definition=definition,
        definition_en=definition_en, of="京卡登记", columns=COLUMNS, day_field="made_on",
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


_MADE = (
    "该日有效的卡：银行已制卡，未换发、未注销。一人至多一张，换发不重复计。",
    "Cards made by the day and neither replaced nor cancelled; one a person.",
)

service = Service(
    key="card",
    title="京卡·互助服务卡",
    title_en="mutual-service card",
    row=8,
    figures=(
        _cards("made", "办理京卡", "cards made", *_MADE, also=("京卡办理",), headline=True),
        Ratio(
            slug="making", title="办卡率", title_en="card-making rate",
            definition="该日在册会员中持有有效卡的人数 ÷ 该日在册会员数。",
            definition_en="Members who hold a valid card over all members, both on the day.",
            base="在册会员",
            numerator=Stock(
                slug="n", title="办卡会员", title_en="members with a card", unit="人", unit_en="members",
                definition="该日在册、且持有该日有效的卡的会员；已不在册的人所持的卡不计。",
                definition_en="Members on the day who hold a card valid on it; cards of those who have left are not counted.",
                register=members_with_a_card, of="会籍登记与京卡登记", columns=MEMBER_COLUMNS,
            ),
            denominator=Stock(
                slug="d", title="在册会员", title_en="members", unit="人", unit_en="members",
                definition="该日在册会员。", definition_en="Members on the day.",
                register=lambda period: Membership.objects.on(period.last), of="会籍登记", columns=MEMBER_COLUMNS,
            ),
        ),
        Ratio(
            slug="delivery", title="发卡率", title_en="card-delivery rate",
            definition="该日有效的卡中已发到会员手中的 ÷ 该日有效的卡。",
            definition_en="Valid cards handed to their holders over valid cards made.",
            base="已制成的有效卡",
            numerator=_cards(
                "n", "已发放的卡", "cards delivered", "该日有效且已发放的卡。", "Valid cards handed over by the day.",
                register=lambda period: Card.objects.valid_on(period.last).filter(delivered_on__lte=period.last),
            ),
            denominator=_cards("d", "有效的卡", "cards made", *_MADE),
        ),
    ),
)  # fmt: skip
