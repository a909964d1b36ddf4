"""Lawyers of the union's legal aid: whom a matter may be given to. Nothing here writes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from unionhall.cases.vocabulary import LEGAL_RESULTS, MEANS
from unionhall.kernel.errors import Refused
from unionhall.organisations.accounts import PostHeld
from unionhall.organisations.roles import LAWYER


def lawyers_at(path: str, day: date) -> dict[int, str]:
    """Account -> name of those who hold the lawyer's post at or above a place on a day, by name."""
    posts = PostHeld.objects.over(path, (LAWYER,), day).select_related("account").order_by("account__name", "pk")
    return {one.account_id: one.account.name for one in posts}


def is_one(case: Any, values: Mapping[str, Any]) -> None:
    """Guard of giving a matter to a lawyer. Refused: an account that is none at this place, or has it already."""
    said = str(values["lawyer"])
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0
    if number not in lawyers_at(case.path, timezone.localdate()):
        raise Refused("请从列表中选择一位在这里有律师岗位的人。", code="lawyer")
    if number == case.lawyer_id:
        raise Refused("这件事已经指派给这位律师。", code="lawyer")


def given(case: Any, values: Mapping[str, Any]) -> None:
    """The matter is theirs now; papers name them."""
    case.lawyer_id = int(values["lawyer"])
    names = lawyers_at(case.path, timezone.localdate())
    case.details = {**case.details, "lawyer": names[case.lawyer_id]}


def means_known(case: Any, values: Mapping[str, Any]) -> None:
    """Guard of deciding to help. Refused: an exemption that does not fit what the matter is about."""
    means = values["means"]
    if means not in MEANS:
        raise Refused("请从列表中选择经济困难状况怎样认定。", code="means")
    wanted = {"migrant_pay": ("pay", "劳动报酬"), "migrant_injury": ("injury", "工伤")}.get(means)
    if wanted is not None and case.cause != wanted[0]:
        raise Refused("这一项免予核查只用于“{wanted}”的案件，请核对类别。", code="means", wanted=wanted[1])


def result_known(case: Any, values: Mapping[str, Any]) -> None:
    """Guard of closing. Refused: a result that is none, or money where nothing was won."""
    if values["result"] not in LEGAL_RESULTS:
        raise Refused("请从列表中选择结果。", code="result")
    if values["result"] == "lost" and values["fen_agreed"]:
        raise Refused("请求没有得到支持的，金额填 0。", code="fen_agreed")
