"""Records named in a form: employers by their codes, a member found by name or number. What is not mine is not there."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import name_key, parse_document, parse_mobile, parse_uscc
from unionhall.organisations.models import Employer
from unionhall.people.models import Membership, Person
from unionhall.storage.sealed import indexer
from unionhall.web.desk import finding

MOST = 500
NAMED = 3


def chosen_employers(text: str, actor: Actor, *, field: str = "employers") -> list[int]:
    """Ids of the employers whose unified codes stand in `text`, one a line; Refused names the lines that fit none."""
    lines = list(
        dict.fromkeys(line.strip() for line in text.replace(",", "\n").replace("，", "\n").splitlines() if line.strip())
    )
    if len(lines) > MOST:
        raise Refused(_("一次最多 %(most)d 个单位，更多的请用导入。") % {"most": MOST}, code=field)
    codes, wrong = [], []
    for line in lines:
        try:
            codes.append(parse_uscc(line))
        except Refused:
            wrong.append(line)
    if wrong:
        raise Refused(_("不是统一社会信用代码：%(lines)s。") % {"lines": _some(wrong)}, code=field)
    found = dict(Employer.objects.visible_to(actor).filter(uscc__in=codes).values_list("uscc", "pk"))
    lost = [code for code in codes if code not in found]
    if lost:
        raise Refused(_("没有这些单位，或不在您的岗位范围内：%(codes)s。") % {"codes": _some(lost)}, code=field)
    return [found[code] for code in codes]


def one_employer(text: str, actor: Actor, *, field: str = "employer") -> int | None:
    """The employer of this code; None when nothing was typed."""
    if not text.strip():
        return None
    return chosen_employers(text, actor, field=field)[0]


def _some(lines: Sequence[Any]) -> str:
    shown = "、".join(str(line) for line in lines[:NAMED])
    return shown if len(lines) <= NAMED else f"{shown} …"


def one_member(text: str, actor: Actor, *, field: str = "member") -> Membership | None:
    """The open membership of the person whose identity number, mobile or whole name this is; None when nothing was typed.

    Refused: nobody of mine, or a name that several bear. Numbers are found by their blind index and kept nowhere.
    """
    text = text.strip()
    if not text:
        return None
    held = Membership.objects.visible_to(actor).filter(until=None).select_related("person", "union")
    if finding.numberish(text):
        where = Q(person__in=_bearers(text))
    else:
        where = Q(person__name_key=name_key(text))
    found = list(held.filter(where)[:2])
    if not found:
        raise Refused(_("您的岗位范围内没有这位在册会员，请核对姓名或号码。"), code=field)
    if len(found) > 1:
        raise Refused(_("同名的会员不止一位，请改填手机号或证件号码。"), code=field)
    return found[0]


def _bearers(text: str) -> list[int]:
    """Ids of the persons whose identity number or mobile this is."""
    for column, read in (("mobile", parse_mobile), ("number", _document)):
        try:
            index = indexer(Person, column)(read(text))
        except Refused:
            continue
        return list(Person.objects.filter(**{f"{column}_index": index}).values_list("pk", flat=True)[:10])
    return []


def _document(text: str) -> str:
    return parse_document(text, today=timezone.localdate()).number
