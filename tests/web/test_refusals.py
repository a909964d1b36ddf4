"""What a rule says no with reaches its reader in their language, with the names and numbers it tells of."""

import pickle
import string
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from tests import world
from unionhall.kernel.errors import Refused
from unionhall.web.refusals import in_words

CATALOGUE = Path(__file__).parents[2] / "unionhall" / "locale" / "en" / "LC_MESSAGES" / "django.po"
LANGUAGE = settings.LANGUAGE_COOKIE_NAME


def holes(text: str) -> set[tuple[str, str]]:
    """The names in braces with how each number is written out; a day is written as its language does."""
    parts = string.Formatter().parse(text)
    return {(name, "" if "%" in (form or "") else form or "") for _, name, form, _ in parts if name is not None}


def test_a_refusal_is_a_chinese_sentence_with_what_it_tells_of() -> None:
    refused = Refused(
        "还要填写：{missing}；{people:,} 人，{day} 起。", missing=["姓名", "日期"], people=1200, day=date(2015, 3, 1)
    )
    assert str(refused) == refused.message == "还要填写：姓名、日期；1,200 人，2015-03-01 起。"
    assert refused.at("name").code == "name"
    assert refused.at("name").message == refused.message


def test_it_comes_whole_from_another_process() -> None:
    came = pickle.loads(pickle.dumps(Refused("{day} 还没有到。", code="on", day=date(2015, 3, 1))))
    assert (came.message, came.code, came.told) == ("2015-03-01 还没有到。", "on", {"day": date(2015, 3, 1)})


def test_a_sentence_that_tells_of_nothing_keeps_its_braces() -> None:
    assert Refused("请写成 {年}{号}。").message == "请写成 {年}{号}。"


def test_it_is_said_in_english_and_so_are_the_words_in_it() -> None:
    with override("en"):
        said = in_words(Refused("还要填写：{missing}。", missing=["姓名", "日期"]))
        assert said == "Please also fill in: Name, Date."
        assert in_words(Refused("没有这样一句话：{name}", name="小李")) == "没有这样一句话：小李"
    assert in_words(Refused("还要填写：{missing}。", missing=["姓名", "日期"])) == "还要填写：姓名、日期。"


def test_every_english_sentence_tells_of_the_same() -> None:
    told = [entry for entry in polib.pofile(str(CATALOGUE)) if "{" in entry.msgid and "%(" not in entry.msgid]
    assert len(told) > 200
    wrong = [entry.msgid for entry in told if holes(entry.msgid) != holes(entry.msgstr)]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "请填写凭证号，最多 40 个字，不含冒号和井号。"), ("en", "no colon and no hash")],
)
def test_the_page_refuses_in_the_language_its_reader_chose(
    here: world.World, as_officer: Callable[..., Client], language: str, words: str
) -> None:
    client, fund = as_officer("finance", here.root), world.a_fund(here)
    client.cookies[LANGUAGE] = language
    sent = {"voucher": "A:1", "amount": "5", "on": "2015-01-05", "what": "市总"}
    answer = client.post(reverse("desk-fund-in", args=[fund]), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
