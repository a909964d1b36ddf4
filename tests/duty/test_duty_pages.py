"""Duties through the doors: arranged at the desk, signed in and out by the lawyer, handed over, and shown to everybody."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import world
from tests.desk_business.conftest import page, send
from tests.offers.test_duties import station
from tests.shop.conftest import signed_in
from tests.world import World
from unionhall.kernel.actor import SYSTEM, Actor
from unionhall.offers.duty_models import LAWYER, Duty
from unionhall.offers.duty_moves import ask_swap, give_duty

pytestmark = pytest.mark.django_db

__all__ = ["station"]


def a_lawyer(here: World, name: str) -> Actor:
    return world.an_officer("lawyer", here.root, name=name, today=timezone.localdate())


def a_duty(station: int, by: Actor, *, hours: float = 0) -> int:
    starts = timezone.now() + timedelta(hours=hours)
    assert by.account is not None
    return give_duty(station, LAWYER, by.account, starts, starts + timedelta(hours=3), window="法律援助窗口", by=SYSTEM)


def typed(hours: float) -> str:
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def test_the_desk_arranges_and_calls_off(here: World, station: int) -> None:
    zhou = a_lawyer(here, "周律师")
    desk = signed_in(world.an_officer("rights", here.root, today=timezone.localdate()))
    assert "还没有排值班" in page(desk, "/desk/duties/?reset=1")
    said = {
        "station": str(station),
        "window": "法律援助窗口",
        "kind": "lawyer",
        "account": str(zhou.account),
        "starts_at": typed(24),
        "ends_at": typed(27),
    }
    bad = desk.post("/desk/duties/add/", said | {"ends_at": typed(23)})
    text = bad.content.decode()
    assert bad.status_code == 422 and "最多 12 小时" in text and "法律援助窗口" in text, text[text.find("summary") :][
        :600
    ]
    assert "值班已排" in send(desk, "/desk/duties/add/", **said)
    row = Duty.objects.get()
    assert "周律师" in page(desk, "/desk/duties/") and "未开始" in page(desk, f"/desk/duties/{row.pk}/")
    assert "周律师" in page(Client(), "/on-duty/") and "法律援助窗口" in page(Client(), "/on-duty/")
    send(desk, f"/desk/duties/{row.pk}/off/", reason="台风")
    assert "台风" in page(desk, f"/desk/duties/{row.pk}/") and "周律师" not in page(Client(), "/on-duty/")
    looking = signed_in(world.an_officer("finance", here.root, today=timezone.localdate()))
    assert looking.get("/desk/duties/add/").status_code == 403 and "取消值班" in page(
        looking, f"/desk/duties/{row.pk}/"
    )


def test_the_lawyer_signs_in_and_out(here: World, station: int) -> None:
    zhou, wu = a_lawyer(here, "周律师"), a_lawyer(here, "吴律师")
    duty, theirs = a_duty(station, zhou, hours=-0.1), a_duty(station, wu)
    client = signed_in(zhou)
    text = page(client, "/duty/")
    assert f"/duty/{duty}/in/" in text and f"/duty/{theirs}/in/" not in text
    assert "还没有到岗" in page(Client(), "/on-duty/")
    assert client.post(f"/duty/{theirs}/in/").status_code == 404
    client.post(f"/duty/{duty}/in/")
    assert "正在值班" in page(Client(), "/on-duty/") and f"/duty/{duty}/out/" in page(client, "/duty/")
    client.post(f"/duty/{duty}/out/")
    assert "0 分钟" in page(client, "/duty/") and Duty.objects.get(pk=duty).left_at is not None


def test_a_colleague_takes_a_duty_over_on_their_own_page(here: World, station: int) -> None:
    zhou, wu = a_lawyer(here, "周律师"), a_lawyer(here, "吴律师")
    duty = a_duty(station, zhou, hours=24)
    mine, theirs = signed_in(zhou), signed_in(wu)
    assert "吴律师" in page(mine, "/duty/")
    mine.post(f"/duty/{duty}/ask/", {"account": "x"})
    assert "没有律师的岗位" in page(mine, "/duty/") and Duty.objects.get().asked is None
    mine.post(f"/duty/{duty}/ask/", {"account": str(wu.account)})
    assert "已请 吴律师 接班" in page(mine, "/duty/") and "请您接班" in page(theirs, "/duty/")
    theirs.post(f"/duty/{duty}/answer/", {"answer": "no"})
    assert wu.account is not None
    ask_swap(duty, wu.account, now=timezone.now(), by=zhou)
    theirs.post(f"/duty/{duty}/answer/", {"answer": "yes"})
    assert Duty.objects.get().account == wu.account and f"/duty/{duty}/" not in page(mine, "/duty/")
    assert "吴律师" in page(Client(), "/on-duty/")
