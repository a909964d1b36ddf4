"""京卡会员服务: service items on the card, and their real-name uses."""

from unionhall.indicators.figures import Flow, Ratio, Stock
from unionhall.kernel.period import Period
from unionhall.offers.models import Offer, Offers
from unionhall.offers.service import OfferService
from unionhall.people.models import Membership

OFFER_COLUMNS = (("编号", "code"), ("项目", "title"), ("服务商", "provider"), ("起", "since"), ("止", "until"))
MEMBER_COLUMNS = (("姓名", "person.masked"), ("工会", "union.name"), ("入会", "since"))


def items_open_in(period: Period) -> Offers:
    """Items on the card, of no other service, that were open on at least one day of the period."""
    return Offer.objects.open_in(period).filter(service="card.items")


service = OfferService(
    key="card.items",
    title="京卡会员服务",
    title_en="card services",
    row=9,
    counts=("person_times", "people"),
    figures=(
        Flow(
            slug="uses", title="实名制服务职工", title_en="real-name service uses", unit="人次", unit_en="uses", act="used",
            also=("京卡服务职工", "京卡活动参加"), headline=True,
            definition="当期凭卡或实名核验的服务使用记录数。一人使用几次就计几次，是人次，不是人。",
            definition_en="Uses verified by card or real name in the period. Person-times, not persons.",
        ),
        Stock(
            slug="items", title="会员服务项目", title_en="service items", unit="项", unit_en="items",
            also=("京卡会员项目", "搭载服务项目"),
            definition="当期至少开放过一天的服务项目数。", definition_en="Items open on at least one day of the period.",
            register=items_open_in, of="服务项目登记", columns=OFFER_COLUMNS,
        ),
        Flow(
            slug="users", title="使用服务的会员", title_en="members who used a service", unit="人", unit_en="members",
            act="used", count="people",
            definition="当期至少使用过一次服务的人数，同一人只计一次。",
            definition_en="Distinct persons with at least one use in the period.",
        ),
        Ratio(
            slug="participation", title="职工参与率", title_en="participation rate",
            definition="当期至少使用过一次服务的人数（去重）÷ 期末在册会员数。人次除以会员数不是参与率。",
            definition_en="Distinct persons with a use in the period over members on its last day; person-times over members is not a rate.",
            base="期末在册会员",
            numerator=Flow(
                slug="n", title="使用服务的会员", title_en="members who used a service", unit="人", unit_en="members",
                act="used", count="people", service="card.items",
                definition="当期至少使用过一次服务的人数。", definition_en="Distinct persons with a use in the period.",
            ),
            denominator=Stock(
                slug="d", title="在册会员", title_en="members", unit="人", unit_en="members",
                definition="期末在册会员。", definition_en="Members on the last day.",
                register=lambda period: Membership.objects.on(period.last), of="会籍登记", columns=MEMBER_COLUMNS,
            ),
        ),
    ),
)  # fmt: skip
