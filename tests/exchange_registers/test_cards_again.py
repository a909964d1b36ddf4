"""Old batches of card requests brought in once more."""

from datetime import date

import pytest

from tests.exchange_registers.answers import only_reason, verdicts
from tests.exchange_registers.conftest import Bring
from tests.world import Member, World, a_member
from unionhall.people.models import Card

pytestmark = pytest.mark.django_db


def asked(member: Member, on: str) -> dict[str, str]:
    return {"姓名": member.name, "证件号码": member.number, "同意办卡日期": on, "申请日期": on}


def sent_back(member: Member, because: str, on: str) -> dict[str, str]:
    return {"证件号码": member.number, "结果": "退回", "退回原因": because, "制卡日期": on}


def test_a_batch_rejected_years_ago_asks_for_nothing_when_it_comes_again(here: World, bring: Bring) -> None:
    li = a_member(here, "小李", since=date(2012, 3, 8))
    for year, because in (("2013", "照片"), ("2014", "签名")):
        assert verdicts(bring("card_batch", asked(li, f"{year}-04-02"))) == {"new": 1}
        assert verdicts(bring("card_reply", sent_back(li, because, f"{year}-05-01"))) == {"changed": 1}
    for year in ("2013", "2014", "2013"):
        assert verdicts(bring("card_batch", asked(li, f"{year}-04-02"))) == {"unchanged": 1}
    assert verdicts(bring("card_batch", asked(li, "2015-04-02"))) == {"new": 1}
    assert verdicts(bring("card_batch", asked(li, "2013-04-02"))) == {"unchanged": 1}
    outcome = bring("card_batch", asked(li, "2015-04-03"))
    assert only_reason(outcome) == (None, "此人已有一张卡（2015-04-02 申请），一人一卡；换卡请办理补换")
    assert Card.objects.filter(person=li.person).count() == 3
