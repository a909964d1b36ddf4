"""The words of a worker's own data, which the registers keep as keys, so that the catalogue of translations holds them."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from unionhall.exchange.membersheet import SEXES, STATES
from unionhall.kernel.identifiers import KINDS
from unionhall.people.card_moves import STATES as CARD_STATES
from unionhall.people.models import Card, Membership, Person

WORDS = (
    _("正常"), _("保留"), _("已转出"), _("已退会"), _("去世"), _("男"), _("女"),
    _("已申请"), _("已送银行"), _("已制卡"), _("已发放"), _("已激活"), _("已换发"), _("已注销"),
    _("居民身份证"), _("港澳台居民居住证"), _("港澳居民来往内地通行证"), _("台湾居民来往大陆通行证"), _("外国人永久居留身份证"), _("护照"),
)  # fmt: skip
"""A test finds those that are missing."""


def membership_state(row: Membership) -> str:
    """How it stands, or why it ended."""
    return gettext(STATES[row.ended_because or row.state])


def card_state(row: Card) -> str:
    """Where it is."""
    return gettext(CARD_STATES[row.state])


def document(person: Person) -> str:
    """The kind of document."""
    return gettext(KINDS[person.document])


def sex(person: Person) -> str:
    """Empty when it is not known."""
    return gettext(SEXES[person.sex]) if person.sex in SEXES else ""
