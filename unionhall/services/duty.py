"""值班律师和调解员: duty rosters at the stations' windows; what counts are the hours somebody was there."""

from unionhall.indicators.figures import Flow
from unionhall.indicators.service import Service
from unionhall.offers.duty_models import LAWYER, MEDIATOR

service = Service(
    key="duty",
    title="律师、调解员值班",
    title_en="lawyers' and mediators' duty",
    row=27,
    figures=(
        Flow(
            slug="lawyers", title="律师值班", title_en="lawyers' duties", unit="次", unit_en="duties", act="on_duty", kinds=(LAWYER,),
            definition="当期律师实际到岗并签退的值班次数，以值班日期为准。",
            definition_en="Duties of lawyers who signed in and out, by the day of the duty.",
        ),
        Flow(
            slug="lawyer_hours", title="律师值班时长", title_en="lawyers' hours on duty", unit="小时", unit_en="hours", act="on_duty",
            kinds=(LAWYER,), count="quantity",
            definition="当期律师值班的时长：从签到到签退，早到晚走的不计。",
            definition_en="Hours of lawyers on duty, from signing in to signing out, within the hours of the duty.",
        ),
        Flow(
            slug="mediators", title="调解员值班", title_en="mediators' duties", unit="次", unit_en="duties", act="on_duty",
            kinds=(MEDIATOR,), definition="当期调解员实际到岗并签退的值班次数，以值班日期为准。",
            definition_en="Duties of mediators who signed in and out, by the day of the duty.",
        ),
        Flow(
            slug="mediator_hours", title="调解员值班时长", title_en="mediators' hours on duty", unit="小时", unit_en="hours",
            act="on_duty", kinds=(MEDIATOR,), count="quantity",
            definition="当期调解员值班的时长：从签到到签退，早到晚走的不计。",
            definition_en="Hours of mediators on duty, from signing in to signing out, within the hours of the duty.",
        ),
    ),
)  # fmt: skip
