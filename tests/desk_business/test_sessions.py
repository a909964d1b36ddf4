"""Sessions at the desk: opened, filled, changed, checked in at the door, closed and paid; called off with word to all."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.desk_business.conftest import page, send
from tests.offers.cast import an_offer, state, taken
from tests.portal.conftest import a_slot
from tests.world import Member, World
from unionhall.journal.models import Line
from unionhall.kernel.actor import SYSTEM
from unionhall.ledger.actions import FundRow, balance, open_funds, post
from unionhall.messages.models import Notice
from unionhall.offers import place_moves
from unionhall.offers.models import Offer, OfferCondition, Participation, Session
from unionhall.offers.terms_moves import Terms, set_terms
from unionhall.web.desk.filters import Days

pytestmark = pytest.mark.django_db

AtDesk = Callable[..., Client]


def typed(hours: float) -> str:
    """An instant so many hours from now, as a browser sends it."""
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def signed(session: int, *people: Member) -> list[Participation]:
    return [place_moves.sign_up(session, now=timezone.now(), by=SYSTEM, person=one.person) for one in people]


def test_a_session_is_opened_with_all_its_terms_and_shown_in_the_list_and_the_month(
    here: World, at_desk: AtDesk
) -> None:
    open_funds([FundRow("文体", "职工文体活动", here.root)], by=SYSTEM)
    offer = an_offer(here, "植物课堂")
    client = at_desk("labour", here.root)
    address = f"/desk/offers/{offer}/sessions/add/"
    assert 'value="C001"' in page(client, address)
    said: dict[str, Any] = {
        "number": "C001", "starts_at": typed(48), "ends_at": typed(50), "venue": "文化中心", "places": "12", "closes_at": typed(24),
        "cancel_until": typed(36), "queues": "on", "hold_minutes": "30", "most_children": "2", "fen_each": "15.50", "fund": "文体",
        "opens_at": "", "most_adults": "",
    }  # fmt: skip
    assert "场次已开放" in send(client, address, **said)
    row = Session.objects.get()
    assert (row.places, row.queues, row.hold_minutes, row.most_children, row.fen_each) == (12, True, 30, 2, 1_550)
    assert "植物课堂" in page(client, "/desk/sessions/") and "报名中" in page(client, "/desk/sessions/?when=ahead")
    assert "植物课堂" in page(client, f"/desk/sessions/month/?month={timezone.localtime(row.starts_at):%Y-%m}")
    assert "植物课堂" not in page(client, "/desk/sessions/month/?month=2001-02")
    for odd in ("2026-13", "x", "2026", "99999-01", "-"):
        assert client.get("/desk/sessions/month/", {"month": odd}).status_code == 200


def test_what_is_wrong_in_a_session_is_said_beside_it_and_kept(here: World, at_desk: AtDesk) -> None:
    offer = an_offer(here)
    client = at_desk("labour", here.root)
    said = {"number": "C9", "starts_at": typed(48), "ends_at": typed(47), "venue": "文化中心"}
    answer = client.post(f"/desk/offers/{offer}/sessions/add/", said)
    text = answer.content.decode()
    assert answer.status_code == 422 and "结束时间要晚于开始时间" in text and 'value="文化中心"' in text
    answer = client.post(f"/desk/offers/{offer}/sessions/add/", said | {"starts_at": "明天早上"})
    assert answer.status_code == 422 and "请按 2026-03-01 09:30" in answer.content.decode()
    assert not Session.objects.exists()


def test_the_first_and_the_last_day_there_is_narrow_a_roster_to_all_of_it(here: World, at_desk: AtDesk) -> None:
    (row,) = signed(a_slot(an_offer(here), 10), world.a_member(here, "钱大海"))
    client = at_desk("labour", here.root)
    whole = page(client, "/desk/roster/?reset=1&day-from=0001-01-01&day-to=9999-12-31")
    assert f"/desk/roster/{row.pk}/" in whole
    assert f"/desk/roster/{row.pk}/" not in page(client, "/desk/roster/?reset=1&day-to=0001-01-01")


def test_last_years_sessions_are_opened_again_moved_by_whole_days(here: World, at_desk: AtDesk) -> None:
    offer = an_offer(here)
    for n in range(3):
        a_slot(offer, 10 + n, hours=-24 * (300 - 7 * n))
    client = at_desk("labour", here.root)
    first = timezone.localdate(Session.objects.earliest("starts_at").starts_at) + timedelta(weeks=52)
    assert f'value="{first.isoformat()}"' in page(client, f"/desk/offers/{offer}/sessions/copy/")
    assert "照去年开放了 3 场" in send(client, f"/desk/offers/{offer}/sessions/copy/", first=first.isoformat())
    rows = list(Session.objects.order_by("starts_at"))
    assert len(rows) == 6 and [row.places for row in rows[3:]] == [10, 11, 12]
    assert all(
        new.starts_at - old.starts_at == timedelta(weeks=52) for old, new in zip(rows[:3], rows[3:], strict=True)
    )
    answer = client.post(f"/desk/offers/{offer}/sessions/copy/", {"first": "2001-01-01"})
    assert answer.status_code == 422 and "比原来晚" in answer.content.decode()


def test_an_officer_signs_somebody_up_takes_them_off_and_makes_room(here: World, at_desk: AtDesk) -> None:
    session = a_slot(an_offer(here), 1, queues=True)
    one, other = world.a_member(here, "钱大海"), world.a_member(here, "孙小红")
    client = at_desk("street", here.root)
    client = at_desk("labour", here.root)
    assert "已报上名" in send(client, f"/desk/sessions/{session}/sign/", member="钱大海")
    assert "排进了候补" in send(client, f"/desk/sessions/{session}/sign/", member=other.mobile)
    answer = client.post(f"/desk/sessions/{session}/sign/", {"member": "没有这个人"})
    assert answer.status_code == 422 and "没有" in answer.content.decode()
    roster = page(client, f"/desk/roster/?session={session}")
    assert ("钱大海" not in roster and "钱*海" in roster) or "钱**" in roster
    send(client, f"/desk/sessions/{session}/places/", places="2")
    assert taken(session) == 2 and state(Participation.objects.get(person=other.person)) == "signed"
    row = Participation.objects.get(person=one.person)
    assert "名额已经退回" in send(client, f"/desk/roster/{row.pk}/back/", reason="本人来电")
    assert state(row) == "cancelled" and taken(session) == 1
    answer = client.post(f"/desk/sessions/{session}/places/", {"places": "0"})
    assert answer.status_code == 422


def test_all_who_match_are_ticked_off_and_the_session_is_closed_and_paid(here: World, at_desk: AtDesk) -> None:
    (fund,) = open_funds([FundRow("文体", "职工文体活动", here.root)], by=SYSTEM)
    post("desk:start", fund, (("income", -100_000), ("cash", 100_000)), on=date(2015, 1, 1), path=here.root, by=SYSTEM)
    session = a_slot(
        an_offer(here), None, hours=-3, closes_at=timezone.now() - timedelta(hours=2), fen_each=1_000, fund=fund
    )
    Session.objects.filter(pk=session).update(closes_at=timezone.now() + timedelta(hours=1))
    rows = signed(session, *(world.a_member(here, f"职工{n}") for n in range(4)))
    client, finance = at_desk("labour", here.root), at_desk("finance", here.root)
    send_bulk(client, f"session={session}&state=signed", whole=False, sel=[row.pk for row in rows[:1]])
    assert [state(row) for row in rows] == ["attended", "signed", "signed", "signed"]
    send_bulk(client, f"session={session}&state=signed", whole=True)
    assert {state(row) for row in rows} == {"attended"}
    assert "到场 4 人" in send(client, f"/desk/sessions/{session}/close/")
    assert Line.objects.standing().filter(act="held").count() == 1
    assert client.get(f"/desk/sessions/{session}/pay/").status_code == 403
    assert "已结算 40.00 元" in send(finance, f"/desk/sessions/{session}/pay/", on=timezone.localdate().isoformat())
    assert balance(fund) == 96_000
    assert client.get(f"/desk/sessions/{session}/door/").status_code == 404, "nobody checks in at what is over"


def send_bulk(client: Client, query: str, *, whole: bool, sel: list[int] | None = None) -> None:
    """Mark as come: those ticked, or all that the list finds; asked once more first."""
    sent = {"do": "come", "query": query, "all": "1" if whole else "", "sel": sel or []}
    asked = client.post("/desk/roster/bulk/", sent)
    key = re.search(r'name="key" value="([^"]+)"', asked.content.decode())
    count = re.search(r'name="count" value="(\d+)"', asked.content.decode())
    assert asked.status_code == 200 and key is not None
    done = client.post(
        "/desk/roster/bulk/", sent | {"key": key[1], "confirmed": "1"} | ({"count": count[1]} if count else {})
    )
    assert done.status_code == 302, done.content.decode()[-2000:]


def test_the_screen_at_the_door_shows_what_telephones_read(here: World, at_desk: AtDesk) -> None:
    session = a_slot(an_offer(here), None, hours=1)
    client = at_desk("labour", here.root)
    text = page(client, f"/desk/sessions/{session}/door/")
    assert re.search(r"\d{4} \d{4}</p>", text) and 'hx-trigger="every 30s"' in text
    assert at_desk("labour", here.bridge).get(f"/desk/sessions/{session}/door/").status_code == 404


def test_calling_off_tells_everybody_and_says_how_many(here: World, at_desk: AtDesk) -> None:
    session = a_slot(an_offer(here), 1, queues=True)
    signed(session, world.a_member(here, "钱大海"), world.a_member(here, "孙小红"))
    client = at_desk("labour", here.root)
    answer = client.post(f"/desk/sessions/{session}/cancel/", {"reason": ""})
    assert answer.status_code == 422
    assert "通知了 2 人" in send(client, f"/desk/sessions/{session}/cancel/", reason="暴雨")
    assert Notice.objects.count() == 2
    text = page(client, f"/desk/sessions/{session}/")
    assert "已取消" in text and "暴雨" in text and "这一场已经取消" in text


def test_terms_and_conditions_are_set_in_words(here: World, at_desk: AtDesk) -> None:
    offer = an_offer(here, "两癌筛查", service="womens.screening")
    client = at_desk("women", here.root)
    form = page(client, f"/desk/offers/{offer}/terms/")
    assert "筛查医院" in form
    said = {"text": "当天出结果", "most_each": "1", "per": "year", "pays_fen": "", "fen_each": "", "fund": ""}
    answer = client.post(f"/desk/offers/{offer}/terms/", said)
    assert answer.status_code == 422 and "当天出结果" in answer.content.decode()
    send(client, f"/desk/offers/{offer}/terms/", **said, form_hospital="望河医院", form_checks="both")
    row = Offer.objects.get(pk=offer)
    assert row.details == {"hospital": "望河医院", "checks": "both"} and (row.most_each, row.per) == (1, "year")
    answer = client.post(f"/desk/offers/{offer}/whom/", {"conditions": ["age_from"], "age_from": ""})
    assert answer.status_code == 422 and "请填写它的值" in answer.content.decode()
    send(client, f"/desk/offers/{offer}/whom/", conditions=["member", "age_from", "union"], age_from="35", union="U00")
    kept = dict(OfferCondition.objects.filter(until=None).values_list("condition", "value"))
    assert kept == {"member": "", "age_from": "35", "union": str(here.federation)}
    assert 'value="35"' in page(client, f"/desk/offers/{offer}/whom/") and "女职工" in page(
        client, f"/desk/offers/{offer}/whom/"
    )


def test_who_does_not_run_an_item_sees_it_and_changes_nothing(here: World, at_desk: AtDesk) -> None:
    offer = an_offer(here, "两癌筛查", service="womens.screening")
    set_terms(offer, Terms(details={"hospital": "望河医院"}), by=SYSTEM)
    session = a_slot(offer, 5)
    labour = at_desk("labour", here.root)  # a department, and not the one whose business this is
    assert page(labour, f"/desk/sessions/{session}/")
    for address in (
        f"/desk/offers/{offer}/terms/", f"/desk/offers/{offer}/whom/", f"/desk/offers/{offer}/sessions/add/",
        f"/desk/offers/{offer}/sessions/copy/", f"/desk/sessions/{session}/places/", f"/desk/sessions/{session}/cancel/",
        f"/desk/sessions/{session}/close/", f"/desk/sessions/{session}/sign/", f"/desk/sessions/{session}/door/",
    ):  # fmt: skip
        assert labour.get(address).status_code == 404, address
    elsewhere = at_desk("station_worker", here.bridge)
    assert elsewhere.get(f"/desk/sessions/{session}/").status_code == 404, (
        "a session of the district's is not the street's"
    )


def test_pages_of_sessions_ask_the_database_little(
    here: World, at_desk: AtDesk, django_assert_max_num_queries: Any
) -> None:
    offer = an_offer(here)
    sessions = [a_slot(offer, 30, hours=24 + n) for n in range(40)]
    rows = signed(sessions[0], *(world.a_member(here, f"职工{n}") for n in range(12)))
    client = at_desk("labour", here.root)
    month = f"{timezone.localtime(Session.objects.earliest('starts_at').starts_at):%Y-%m}"
    for address, most in (
        ("/desk/sessions/", 15), (f"/desk/sessions/month/?month={month}", 10), (f"/desk/sessions/{sessions[0]}/", 18),
        (f"/desk/roster/?session={sessions[0]}", 15), (f"/desk/roster/{rows[0].pk}/", 15), (f"/desk/sessions/{sessions[0]}/door/", 10),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            page(client, address)


def test_sessions_of_a_day_are_those_from_its_midnight_to_the_next(here: World) -> None:
    """A last day that is asked for is a whole one, and the end of time is no error."""
    session = a_slot(an_offer(here), 5)
    Session.objects.filter(pk=session).update(starts_at=datetime(2026, 3, 5, 15, 59, tzinfo=UTC))  # 23:59 here
    days = Days("day", "", field="starts_at", moment=True)

    def found(span: str) -> bool:
        return bool(days.narrow(Session.objects.filter(pk=session), [span]).exists())

    assert found("2026-03-05..2026-03-05") and found("..2026-03-05") and found("2026-03-05..")
    assert not found("2026-03-06..") and not found("..2026-03-04")
    assert found("2026-03-05..9999-12-31")
