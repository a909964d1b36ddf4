"""An agreement at the desk: recorded with its cover, widened, renewed, ended early; the figures follow each time."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.desk_business.conftest import day, figure, page, refused, send
from tests.world import World
from unionhall.agreements import agreement_moves
from unionhall.agreements.models import Agreement, AgreementCover
from unionhall.indicators.values import Rate
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.kernel.errors import NotYours, Refused

AtDesk = Callable[..., Client]
FORM = {
    "service": "agreement.wage", "level": "area", "number": "HT-1", "title": "石桥东社区工资专项协议", "union": "U02",
    "signed_on": "2015-05-01", "since": "2015-05-01", "until": "2017-05-01", "workers": "12", "employers": world.a_uscc(2),
}  # fmt: skip


def test_a_recorded_agreement_counts_from_its_first_day(here: World, at_desk: AtDesk) -> None:
    assert figure("bargaining.wage_rate", here.bridge, day("2015-05-01")) == Rate(0, 1)
    text = send(at_desk("rights", here.root), "/desk/agreements/add/", **FORM)
    assert "协议已登记" in text and "望河小馆" in text
    assert figure("agreement.wage.in_force", here.bridge, day("2015-04-30")) == 0
    assert figure("agreement.wage.in_force", here.bridge, day("2015-05-01")) == 1
    assert figure("agreement.wage.employers", here.bridge, day("2015-05-01")) == 1
    assert figure("bargaining.wage_rate", here.bridge, day("2015-05-01")) == Rate(1, 1)
    assert figure("agreement.wage.in_force", here.bridge, day("2017-05-01")) == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"employers": "123"}, "不是统一社会信用代码"),
        ({"employers": world.a_uscc(99)}, "没有这些单位"),
        ({"union": "U99"}, "没有这个编号的工会"),
        ({"until": "2015-05-01"}, "届满日期要晚于生效日期"),
        ({"until": "2019-05-01"}, "一年至三年"),
        ({"since": "2015-04-01"}, "生效日期不能早于签订日期"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(here: World, at_desk: AtDesk, wrong: dict[str, str], said: str) -> None:
    text = refused(at_desk("rights", here.root), "/desk/agreements/add/", **(FORM | wrong))
    assert said in text
    assert "石桥东社区工资专项协议" in text
    assert not Agreement.objects.exists()


def test_a_street_cannot_cover_an_employer_of_another(here: World) -> None:
    agreement = world.an_agreement(here)
    officer = world.an_officer("street", here.bridge)
    with pytest.raises(NotYours):
        agreement_moves.cover(agreement, [here.factory], by=officer, since=date(2015, 6, 1))


def test_cover_grows_and_ends(here: World, at_desk: AtDesk) -> None:
    agreement = world.an_agreement(here)
    client = at_desk("rights", here.root)
    send(client, f"/desk/agreements/{agreement}/cover/", since="2015-06-01", employers=world.a_uscc(1))
    assert figure("agreement.wage.employers", here.root, day("2015-06-01")) == 2
    cover = AgreementCover.objects.get(employer=here.factory)
    send(client, f"/desk/agreements/covers/{cover.pk}/end/", on="2015-09-01")
    assert figure("agreement.wage.employers", here.root, day("2015-08-31")) == 2
    assert figure("agreement.wage.employers", here.root, day("2015-09-01")) == 1
    assert "都已受这份协议覆盖" in refused(
        client, f"/desk/agreements/{agreement}/cover/", since="2015-06-01", employers=world.a_uscc(2)
    )


def test_the_next_term_follows_the_one_before(here: World) -> None:
    agreement = world.an_agreement(here, since=date(2014, 1, 1))
    new = agreement_moves.renew(
        agreement, by=SYSTEM, number="HT-2", signed_on=date(2015, 12, 1), since=date(2016, 1, 1), until=date(2018, 1, 1)
    )
    assert Agreement.objects.get(pk=new).renews_id == agreement
    for on in ("2015-12-31", "2016-01-01"):
        assert figure("agreement.wage.in_force", here.root, day(on)) == 1
        assert figure("agreement.wage.employers", here.root, day(on)) == 1
    with pytest.raises(Refused, match="已经续签过"):
        agreement_moves.renew(
            agreement,
            by=SYSTEM,
            number="HT-3",
            signed_on=date(2016, 1, 1),
            since=date(2016, 2, 1),
            until=date(2018, 1, 1),
        )


def test_an_early_renewal_ends_the_old_term(here: World) -> None:
    agreement = world.an_agreement(here)  # 2015 and 2016
    agreement_moves.renew(
        agreement, by=SYSTEM, number="HT-2", signed_on=date(2015, 9, 1), since=date(2015, 9, 1), until=date(2017, 9, 1)
    )
    assert Agreement.objects.get(pk=agreement).until == date(2015, 9, 1)
    assert figure("agreement.wage.in_force", here.root, day("2015-09-01")) == 1


def test_an_agreement_ended_early_counts_no_more_and_keeps_its_reason(here: World, at_desk: AtDesk) -> None:
    agreement = world.an_agreement(here)
    client = at_desk("women", here.root)
    refused(client, f"/desk/agreements/{agreement}/end/", on="2015-07-01", because="")
    text = send(client, f"/desk/agreements/{agreement}/end/", on="2015-07-01", because="企业注销")
    assert "提前终止" in text and "企业注销" in text
    assert figure("agreement.wage.in_force", here.root, day("2015-06-30")) == 1
    assert figure("agreement.wage.in_force", here.root, day("2015-07-01")) == 0
    assert figure("agreement.wage.employers", here.root, day("2015-07-01")) == 0
    assert Line.objects.get(subject=f"agreement:{agreement}", act="ended").on == date(2015, 7, 1)


def test_what_runs_out_in_ninety_days_is_found(here: World, at_desk: AtDesk) -> None:
    today = timezone.localdate()
    soon = world.an_agreement(here, since=today.replace(day=1, year=today.year - 2))
    Agreement.objects.filter(pk=soon).update(until=date.fromordinal(today.toordinal() + 30), title="快到期的协议")
    later = world.an_agreement(here, since=today.replace(day=1))
    Agreement.objects.filter(pk=later).update(title="刚签的协议")
    client = at_desk("rights", here.root)
    text = page(client, "/desk/agreements/?due=soon")
    assert "快到期的协议" in text and "刚签的协议" not in text
    assert "90 天内届满" in page(client, "/desk/")


def test_what_has_ended_is_listed_when_asked_for(here: World, at_desk: AtDesk) -> None:
    world.an_agreement(here)  # to the end of 2016
    client = at_desk("rights", here.root)
    for held, listed in (("", False), ("?held=ended", True), ("?held=all", True)):
        assert ("石桥东社区工资专项协议" in page(client, f"/desk/agreements/{held}")) is listed, held


def test_who_may_not_change_sees_why(here: World, at_desk: AtDesk) -> None:
    agreement = world.an_agreement(here)
    text = page(at_desk("leader", here.root), f"/desk/agreements/{agreement}/")
    assert "您的岗位不办理这里的协议" in text
    page(at_desk("leader", here.root), f"/desk/agreements/{agreement}/end/", 403)
    page(at_desk("station_worker", here.willow), f"/desk/agreements/{agreement}/", 404)
    page(at_desk("station_worker", here.willow), f"/desk/agreements/{agreement}/end/", 404)


def test_few_queries(here: World, at_desk: AtDesk, django_assert_max_num_queries: Any) -> None:
    numbers = [world.an_agreement(here) for _at in range(6)]
    client = at_desk("rights", here.root)
    for address in (
        "/desk/agreements/?held=all",
        f"/desk/agreements/{numbers[0]}/",
        f"/desk/agreements/{numbers[0]}/renew/",
    ):
        with django_assert_max_num_queries(15):
            page(client, address)
