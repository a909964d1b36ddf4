"""Eleven couriers claim their wages: from the station's door over a holiday to the arbitrators, each of them and each yuan once."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import REPOSITORY, SHAPES, Visit, _environment
from tests.browser.test_pages import well_made

pytestmark = pytest.mark.browser

NAMES = ["周快腿", "吴小风", "郑大步", "王追风", "冯夜行", "陈早班", "褚雨天", "卫电瓶", "蒋楼梯", "沈准时", "韩长街"]
EACH, PAID, AWARDED = 8_000, 3_000, 93_000
"""Yuan: promised to each of them, paid to each of five, what they get in all by the award."""

PREPARED = """
import json, sys, django; django.setup()
from datetime import date
from tests import world
from unionhall.catalogue import SERVICES, figure
from unionhall.kernel.period import Period
from unionhall.organisations.models import Account, Cover, Union
from unionhall.kernel.actor import SYSTEM
from unionhall.people.actions import At, Standing, admit
shape, names = int(sys.argv[1]), sys.argv[2:]
path = Account.objects.get(username="station").actor(date.today()).paths()[0]
cover = Cover.objects.filter(path__startswith=path, until=None).order_by("pk")[0]
at = At(cover.union_id, cover.union.path, cover.union.kind)
mobiles = []
for at_, name in enumerate(names):
    serial = 88_000_000 + shape * 100 + at_
    person, _number, mobile = world.a_person(
        name, number=world.a_number(at_ + 1, date(1991 + shape, 2, 3)), mobile=world.a_mobile(serial))
    admit([Standing(person, at, cover.employer_id, "active", "", "", date(2024, 3, 8))], by=SYSTEM)
    mobiles.append(mobile)
print(json.dumps({"mobiles": mobiles, "place": at.path}))
"""
_FIGURES = """
import json, sys, django; django.setup()
from unionhall.catalogue import figure
from unionhall.kernel.period import Period
year, found = Period.year(2025), {}
for key in ("mediation.accepted", "mediation.workers", "rights.disputes", "rights.workers", "rights.recovered"):
    one = figure(key)
    value, lines = one.value(sys.argv[1], year), one.lines(sys.argv[1], year)
    counted = sum(getattr(line, one.column) for line in lines) if one.counting == "sum" else len(lines)
    assert value == counted, (key, value, counted)
    found[key] = value
print(json.dumps(found))
"""
Asked = Callable[..., Any]


@pytest.fixture
def ask(server: str, served_home: Path, database: str) -> Asked:
    """Have something done, or told, beside the served product: over its own database."""

    def asked(script: str, *said: object) -> Any:
        command = [sys.executable, "-c", script, *map(str, said)]
        done = subprocess.run(
            command, cwd=REPOSITORY, env=_environment(served_home, database), check=True, capture_output=True, text=True
        )
        return json.loads(done.stdout.splitlines()[-1])

    return asked


def sign_in(visit: Visit) -> None:
    visit.open("/sign-in/")
    visit.page.fill("#id_username", "station")
    visit.page.fill("#id_password", "wanghe-2015")
    visit.page.click("main button")
    visit.page.wait_for_url("**/desk/**")


def send(visit: Visit) -> None:
    visit.page.click("main form .card-footer button")


def mistaken(visit: Visit, said: str, picture: str) -> None:
    assert said in visit.page.locator(".summary").inner_text()
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    well_made(visit, picture)


def registered(visit: Visit, couriers: dict[str, Any]) -> str:
    """At the desk: one brings it, the others are pasted. The address of the matter."""
    page, (first, *others) = visit.page, couriers["mobiles"]
    visit.open("/desk/cases/add/mediation/")
    page.fill("#id_member", first)
    page.select_option("#id_place", couriers["place"])
    page.fill("#id_on", "2025-09-26")
    page.select_option("#id_cause_key", "pay")
    page.fill("#id_fen_claimed", "9000")
    page.fill("#id_form_claim", "支付七、八月的配送费")
    send(visit)
    page.wait_for_url("**/desk/cases/*/")
    address = page.url.removeprefix(visit.address)
    visit.open(f"{address}parties/")
    page.fill("#id_who", "\n".join([*(f"{one} 9000" for one in others), "13900000000 9000"]))
    page.fill("#id_on", "2025-09-26")
    well_made(visit, "couriers-parties")
    send(visit)
    page.wait_for_url(f"**{address}")
    said = page.locator("main, .said, .alert").all_inner_texts()
    assert any("登记了 10 人" in text for text in said) or "登记了 10 人" in page.content()
    assert "第 11 行" in page.content()
    return address


def taken_up(visit: Visit, address: str) -> None:
    """Refused until some speak for the others; then both clocks of fifteen days run, over the holiday."""
    page = visit.page
    assert "集体 · 11 人" in page.inner_text("main") and "推举 3 至 5 名代表" in page.inner_text("main")
    well_made(visit, "couriers-collective")
    visit.open(f"{address}step/accept/")
    page.fill("#id_on", "2025-09-28")
    send(visit)
    mistaken(visit, "11 名职工的集体争议", "couriers-refused")
    visit.open(f"{address}speakers/")
    send(visit)
    mistaken(visit, "代表", "couriers-nobody-speaks")
    for at in range(3):
        page.locator("input[name=named]").nth(at).check()
    well_made(visit, "couriers-speakers")
    send(visit)
    visit.open(f"{address}step/accept/")
    page.fill("#id_on", "2025-09-28")  # a Sunday that is worked
    send(visit)
    clocks = page.locator(".clocks").inner_text()
    # Fifteen days after Friday the 26th is a Saturday worked after the holiday; after the 28th, the Monday that follows.
    assert "2025-10-11" in clocks and "2025-10-13" in clocks
    well_made(visit, "couriers-clocks")


def settled(visit: Visit, address: str) -> None:
    """Each is promised eight thousand; five get three thousand, then nothing more comes."""
    page = visit.page
    visit.open(f"{address}step/settle/")
    page.fill("#id_on", "2025-10-10")
    for one in page.locator("input[name^=agreed_]").all():
        one.fill(str(EACH))
    well_made(visit, "couriers-settle")
    send(visit)
    assert f"{EACH * 11:,}.00 元" in page.inner_text("main")
    visit.open(f"{address}paid/")
    page.fill("#id_on", "2025-10-20")
    page.locator("input[name^=paid_]").first.fill(str(EACH + 1))
    send(visit)
    mistaken(visit, "超过", "couriers-paid-wrong")
    for one in page.locator("input[name^=paid_]").all()[:5]:
        one.fill(str(PAID))
    send(visit)
    assert f"{PAID * 5:,}.00" in page.inner_text("main")
    visit.open(f"{address}step/breach/")
    page.fill("#id_on", "2025-11-03")
    page.fill("#id_reason", "单位账户已被冻结")
    send(visit)
    assert f"{EACH * 11 - PAID * 5:,}.00 元" in page.inner_text("main")


def arbitrated(visit: Visit, address: str, number: str) -> None:
    """Taken to the arbitrators, who award what they get in all."""
    page = visit.page
    visit.open(f"{address}outside/")
    page.select_option("#id_kind", "arbitration")
    page.fill("#id_body", "望河区劳动人事争议仲裁委员会")
    page.fill("#id_number", number)
    page.fill("#id_on", "2025-11-04")
    well_made(visit, "couriers-outside")
    send(visit)
    page.click("text=登记结果")
    page.select_option("#id_result", "won")
    page.fill("#id_on", "2025-12-18")
    page.fill("#id_fen", "1")
    send(visit)
    mistaken(visit, "不能比已经支付的还少", "couriers-result-wrong")
    page.fill("#id_fen", str(AWARDED))
    send(visit)
    page.wait_for_url(f"**{address}")
    assert number in page.inner_text("main") and "挽回损失" in page.inner_text("main")
    well_made(visit, "couriers-end")


def test_eleven_couriers_and_their_wages(visit: Visit, ask: Asked, shots: object) -> None:
    shape = list(SHAPES).index(visit.shape)
    couriers = ask(PREPARED, shape, *NAMES)
    before = ask(_FIGURES, couriers["place"])
    sign_in(visit)
    address = registered(visit, couriers)
    taken_up(visit, address)
    settled(visit, address)
    between = ask(_FIGURES, couriers["place"])
    assert between["rights.recovered"] - before["rights.recovered"] == PAID * 5 * 100, "what was paid was won"
    arbitrated(visit, address, f"望劳人仲〔2025〕{shape + 1} 号")
    after = ask(_FIGURES, couriers["place"])
    assert {key: after[key] - before[key] for key in after} == {
        "mediation.accepted": 1, "mediation.workers": 11, "rights.disputes": 1, "rights.workers": 11,
        "rights.recovered": AWARDED * 100,
    }  # fmt: skip
    visit.open("/desk/cases/?many=collective")
    assert "集体 · 11 人" in visit.page.content()
    well_made(visit, "couriers-list")


def test_a_lawyer_is_asked_and_sees_what_was_chosen(visit: Visit, shots: object) -> None:
    sign_in(visit)
    page = visit.page
    visit.open("/desk/inbox/")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/desk/cases/*/**")
    page.locator("a[href$='/refer/']").click()
    send(visit)
    mistaken(visit, "转介给谁", "refer-wrong")
    lawyer = page.locator("#id_to option", has_text="演示律师 ").first.get_attribute("value")
    page.select_option("#id_to", lawyer)
    page.check("input[value=employer]")
    page.check("input[value='form.claim']")
    page.fill("#id_asked", "请看时效过了没有")
    page.fill("#id_until", (datetime.now(UTC) + timedelta(days=7)).date().isoformat())
    well_made(visit, "refer")
    send(visit)
    assert "已转介" in page.content() and "演示律师" in page.inner_text("main")
    page.context.clear_cookies()
    visit.open("/sign-in/")
    page.fill("#id_username", "lawyer")
    page.fill("#id_password", "wanghe-2015")
    page.click("main button")
    page.wait_for_load_state()
    visit.open("/desk/referrals/")
    well_made(visit, "referrals")
    page.locator("main .list-group a").last.click()
    said = page.inner_text("main")
    assert "有限公司" in said and "请看时效过了没有" in said and "李" not in said
    well_made(visit, "referral")
    page.click("main form button")
    mistaken(visit, "请写下意见", "referral-wrong")
    page.fill("#text", "时效没有过，可以申请仲裁。")
    page.click("main form button")
    page.wait_for_load_state()
    assert "意见已送给承办人" in page.content()
