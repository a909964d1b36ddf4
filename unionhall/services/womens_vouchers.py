"""女职工优惠券: vouchers with a face value, given out and redeemed apart; what is redeemed costs the fund its face value."""

from unionhall.indicators.figures import Flow
from unionhall.offers.service import Field, OfferService

service = OfferService(
    key="womens.vouchers",
    title="女职工优惠券",
    title_en="women's vouchers",
    row=15,
    form=(Field("face_value", "面值（元）", required=True),),
    counts=("given", "quantity", "people", "money"),
    asked_always=("woman",),
    by=("women", "street", "station_head", "station_worker"),
    figures=(
        Flow(
            slug="given", title="发放女职工优惠券", title_en="vouchers given", unit="张", unit_en="vouchers", act="signed",
            definition="当期发出、没有退回的优惠券张数。", definition_en="Vouchers given out in the period and not given back.",
        ),
        Flow(
            slug="redeemed", title="兑换女职工优惠券", title_en="vouchers redeemed", unit="张", unit_en="vouchers", act="used",
            count="quantity", definition="当期兑换的优惠券张数。发出不等于兑换。",
            definition_en="Vouchers redeemed in the period. Given is not redeemed.",
        ),
        Flow(
            slug="people", title="兑换优惠券的女职工", title_en="women who redeemed a voucher", unit="名", unit_en="women",
            act="used", count="people", definition="当期兑换优惠券的人数，同一人只计一次。",
            definition_en="Distinct women who redeemed a voucher in the period.",
        ),
        Flow(
            slug="value", title="女职工优惠券面值", title_en="face value redeemed", unit="元", unit_en="yuan", act="paid",
            count="fen", definition="当期按面值结算的兑换金额，以支付日期为准。",
            definition_en="What was paid for redeemed vouchers at their face value, by day of payment.",
        ),
    ),
)  # fmt: skip
