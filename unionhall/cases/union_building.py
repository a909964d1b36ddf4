"""Founding unions and joining them: which union an employer's workers join, and what the law asks on the way. Nothing here writes.

The moves are declared in services/founding.py and services/joining.py; what they make is made by `founding_moves`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from unionhall.cases.models import Case
from unionhall.cases.vocabulary import CHAIRS, NO_REASON_TO_STOP, TERMS_OF_OFFICE, WAYS_TO_FOUND, WHY_NO_UNION
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import narrow, squeeze
from unionhall.organisations.models import Cover, Employer, Union
from unionhall.organisations.vocabulary import JOINT_KINDS
from unionhall.people.membership_moves import UNDONE
from unionhall.people.models import Membership

FOUNDING, JOINING = "founding", "joining"
LONGEST_JOB = 60
PRIMARY = ("independent", "direct", *JOINT_KINDS, "community_workers")
"""Unions that have members of their own, in the order in which one is joined; a federation has none."""


def union_for(employer: int | None, day: date) -> Union | None:
    """The union a worker of this employer joins on a day: its own before a joint one; None when none covers it."""
    standing = Q(union__until=None) | Q(union__until__gt=day)
    covers = Cover.objects.on(day).filter(standing, employer=employer, union__kind__in=PRIMARY).select_related("union")
    unions: list[Union] = [cover.union for cover in covers.order_by("since", "pk")]
    return min(unions, key=lambda union: PRIMARY.index(union.kind), default=None)


def named(text: str) -> Employer:
    """The employer a worker names by its whole name or its unified code. Refused: none, or several of one name."""
    text = text.strip()
    if not text:
        raise Refused("请填写单位全称或统一社会信用代码。", code="employer")
    found = list(
        Employer.objects.filter(Q(uscc=squeeze(text).upper()) | Q(name=text) | Q(name=narrow(text))).order_by("pk")[:2]
    )
    if not found:
        raise Refused(
            "登记里没有这家单位。请照营业执照填全称或 18 位统一社会信用代码；还是没有的，请带证件到就近的工会服务站。",
            code="employer",
        )
    if len(found) > 1:
        raise Refused("有几家单位都叫这个名称，请填统一社会信用代码。", code="employer")
    one: Employer = found[0]
    return one


def job_of(text: str) -> str:
    """What somebody says they do. Refused: too long a tale of it."""
    text = text.strip()
    if len(text) > LONGEST_JOB:
        raise Refused("岗位最多 {longest} 个字，请写得短一些。", code="job", longest=LONGEST_JOB)
    return text


def membership_of(person: int | None) -> Membership | None:
    """Somebody's open membership."""
    return Membership.objects.filter(person=person, until=None).select_related("union").first()


def under_way(service: str, **whose: int | None) -> Case | None:
    """The open matter of this employer or person."""
    return Case.objects.filter(service=service, closed_on=None, **whose).order_by("pk").first()


def may_found(case: Case) -> None:
    """May this founding begin? Refused: no employer, one that is covered, or where it is under way. Two who begin with one
    employer at once wait for each other.
    """
    row = Employer.objects.select_for_update(no_key=True).filter(pk=case.employer_id).first()
    if row is None:
        raise Refused("组建工会是一家单位的事项，请填写单位。", code="employer")
    if (union := union_for(row.pk, case.opened_on)) is not None:
        raise Refused("{name}已由{union}覆盖，不用再建会。", code="employer", name=row.name, union=union.name)
    if (first := under_way(FOUNDING, employer=row.pk)) is not None:
        raise Refused(
            "{name}的建会正在办理，编号 {number}，请在那件事项里继续。",
            code="employer",
            name=row.name,
            number=first.number,
        )


def may_join(case: Case) -> None:
    """May this joining begin? Refused: nobody who asks, or a member already."""
    if case.person_id is None:
        raise Refused("入会由职工本人在手机上申请；纸面申请的，请在“会员”里登记。", code="person")
    if (held := membership_of(case.person_id)) is not None:
        raise Refused("已是{union}的会员，不用再入会。", code="person", union=held.union.name)


_STANDS = _("工会或会籍已经登记，事项不能重新办理；要变更，请到工会或会员的页面。")


def cover_stands(case: Case) -> str:
    """Why a founding is not opened again: its employer came under the union by it; "" once that was undone."""
    covers = Cover.objects.filter(employer=case.employer_id, union=case.details.get("union"))
    return _STANDS if covers.exclude(until=F("since")).exists() else ""


def membership_stands(case: Case) -> str:
    """Why a joining is not opened again: the membership it made, unless it was undone."""
    kept = Membership.objects.filter(pk=case.details.get("membership")).exclude(ended_because=UNDONE)
    return _STANDS if kept.exists() else ""


def why_known(case: Any, values: Mapping[str, Any]) -> None:
    """Guard of a contact. Refused: a finding that is none of the list."""
    if values["cause"] not in WHY_NO_UNION or values["cause"] == "unknown":
        raise Refused("请从列表中选择联系的结果。", code="cause")


def may_stop(case: Any, values: Mapping[str, Any]) -> None:
    """Guard of giving up. Refused: for no reason that ends it."""
    if values["cause"] not in WHY_NO_UNION or values["cause"] in NO_REASON_TO_STOP:
        raise Refused("请选择不再跟进的原因；愿意建会的单位请继续办理。", code="cause")


def application_whole(case: Any, values: Mapping[str, Any]) -> None:
    """Guard of an application. Refused: no workers, or no way."""
    if values["way"] not in WAYS_TO_FOUND:
        raise Refused("请选择单独建会，还是加入联合工会。", code="way")
    if not 1 <= int(values["headcount"]) <= 1_000_000:
        raise Refused("职工人数至少 1 人，请核对。", code="headcount")


def elected(case: Any, values: Mapping[str, Any]) -> None:
    """Guard of an election's result: two thirds of those entitled took part, more than half of them chose the chair
    (工会基层组织选举工作条例), who is nobody the law keeps out. Refused, too, where a joint union covers.
    """
    if case.details.get("way") == "joint":
        raise Refused("申请的是加入联合工会，不用选举；请办理“由联合工会覆盖”。")
    entitled, present, votes = (int(values[name]) for name in ("entitled", "present", "votes"))
    if not 1 <= present <= entitled:
        raise Refused("实到人数应在 1 人到应到人数之间，请核对。", code="present")
    if not 0 <= votes <= present:
        raise Refused("得票数不能多于实到人数，请核对。", code="votes")
    if present * 3 < entitled * 2:
        raise Refused("到会的不足应到会员的三分之二，选举无效，请重新召开会员大会或会员代表大会。", code="present")
    if votes * 2 <= entitled:
        raise Refused("得票没有超过应到人数的半数，主席没有选出，请重新选举。", code="votes")
    _chair(values)
    if str(values["term"]) not in TERMS_OF_OFFICE:
        raise Refused("一届任期是三年或五年（工会法第十六条）。", code="term")


def _chair(values: Mapping[str, Any]) -> None:
    said = values["chair_is"]
    if said not in CHAIRS:
        raise Refused("请核对主席的身份并选择。", code="chair_is")
    if said == "relative":
        raise Refused(
            "企业主要负责人的近亲属不得作为本企业基层工会委员会成员的人选（工会法第十条），请重新选举。",
            code="chair_is",
        )
    if said == "legal":
        raise Refused("法定代表人不得担任工会主席（北京市实施《工会法》办法第十四条），请重新选举。", code="chair_is")


def joint_one(case: Any, values: Mapping[str, Any]) -> None:
    """Guard of coming under a joint union. Refused: another way was asked for, or no joint union that stands."""
    if case.details.get("way") == "own":
        raise Refused("申请的是单独建会；请先登记选举结果，再批准登记。")
    if not Union.objects.filter(pk=values["union"], until=None, kind__in=JOINT_KINDS).exists():
        raise Refused("请选择一个在册的联合工会或社区联合工会。", code="union")
