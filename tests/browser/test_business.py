"""The union's business at the desk in a real browser: every list, detail and form, also after a mistake."""

from typing import Any

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_pages import well_made

pytestmark = pytest.mark.browser

PAGES = {
    "street": {
        "cards": "/desk/cards/", "card": "/desk/cards/ >> tbody a", "roster": "/desk/cards/roster/",
        "agreements": "/desk/agreements/?held=all", "agreement": "/desk/agreements/?held=all >> tbody a",
        "cases": "/desk/cases/", "case": "/desk/cases/ >> tbody a", "case-choose": "/desk/cases/add/", "situation": "/desk/situation/?year=2015&quarter=",
        "offers": "/desk/offers/", "offer": "/desk/offers/ >> tbody a", "uses": "/desk/uses/", "use": "/desk/uses/ >> tbody a",
    },
    "station": {
        "todo": "/desk/", "inbox": "/desk/inbox/", "late": "/desk/inbox/ >> tbody tr:nth-child(2) a", "soon": "/desk/inbox/ >> tbody tr:nth-child(4) a", "limits": "/desk/time-limits/",
        "case-assign": "/desk/inbox/ >> tbody a >> assign",
    },
    "finance": {
        "funds": "/desk/funds/", "fund": "/desk/funds/ >> tbody a", "entries": "/desk/entries/", "entry": "/desk/entries/ >> tbody a",
        "budget": "/desk/funds/ >> tbody a >> budget", "earmarks": "/desk/funds/ >> tbody a >> earmarks", "trial": "/desk/trial/",
        "closings": "/desk/closings/", "orders": "/desk/orders/", "receipt": "/desk/entries/?way=out >> tbody a >> receipt",
    },
    "organisation": {
        "goals": "/board/figures/mediation.agreed/goals/", "goals-all": "/board/goals/", "figure": "/board/figures/card.making/",
    },
}  # fmt: skip
WRONG = {
    "station": {"note-wrong": "/desk/inbox/ >> tbody a >> note"},
    "street": {
        "case-wrong": "/desk/cases/add/mediation/", "agreement-wrong": "/desk/agreements/add/", "card-wrong": "/desk/cards/ >> tbody a >> cancel",
        "use-wrong": "/desk/offers/ >> tbody a >> use", "correct-wrong": "/desk/cases/ >> tbody a >> correct",
    },
    "finance": {"fund-wrong": "/desk/funds/ >> tbody a >> in", "reverse-wrong": "/desk/entries/ >> tbody a >> reverse", "budget-wrong": "/desk/funds/ >> tbody a >> budget"},
}  # fmt: skip

TYPED = {
    "case-wrong": ("#id_member", "没有这个人"),
    "agreement-wrong": ("#id_title", "工资专项协议"),
    "fund-wrong": ("#id_what", "区财政"),
}
"""What is typed before a form is sent that lacks the rest; it must still stand there afterwards."""

_signed_in: dict[tuple[str, str], list[Any]] = {}
"""(server, user) -> cookies: the product lets nobody give a password for one name more than five times in a quarter hour."""


def sign_in(visit: Visit, username: str) -> None:
    context, whom = visit.page.context, (visit.address, username)
    if whom in _signed_in:
        context.add_cookies(_signed_in[whom])
        return
    visit.open("/sign-in/")
    visit.page.fill("#id_username", username)
    visit.page.fill("#id_password", "wanghe-2015")
    visit.page.click("main button")
    visit.page.wait_for_url("**/desk/")
    _signed_in[whom] = [cookie for cookie in context.cookies() if not cookie["name"].startswith("desk-")]


def follow(visit: Visit, way: str) -> None:
    """ "/desk/cards/ >> tbody a >> cancel": open the list, its first row, and the step of that name."""
    address, *further = way.split(" >> ")
    visit.open(address)
    if further:
        href = visit.page.locator(further[0]).first.get_attribute("href") or ""
        visit.open(href if len(further) == 1 else f"{href.partition('?')[0]}{further[1]}/")


@pytest.mark.parametrize("user", PAGES)
def test_every_page_is_well_made(visit: Visit, user: str, shots: object) -> None:
    sign_in(visit, user)
    for name, way in PAGES[user].items():
        follow(visit, way)
        assert visit.page.locator("h1").inner_text(), name
        well_made(visit, f"business-{name}")


@pytest.mark.parametrize("user", WRONG)
def test_a_mistake_is_said_and_nothing_typed_is_lost(visit: Visit, user: str, shots: object) -> None:
    sign_in(visit, user)
    for name, way in WRONG[user].items():
        follow(visit, way)
        field, text = TYPED.get(name, ("", ""))
        if field:
            visit.page.fill(field, text)
        visit.page.locator("main form.card .btn-primary, main form.card .btn-danger").last.click()
        visit.page.wait_for_load_state()
        assert visit.page.locator(".summary").count() == 1, name
        visit.begins_at_the_summary()
        assert not field or visit.page.input_value(field) == text, name
        visit.complaints = [text for text in visit.complaints if "422" not in text]
        well_made(visit, f"business-{name}")


def test_goals_are_set_and_seen_on_the_board(visit: Visit, shots: object) -> None:
    sign_in(visit, "organisation")
    page = visit.open("/board/figures/card.making/goals/?year=2015")
    page.fill("#id_goal", "95")
    page.fill("#id_reason", f"试 {visit.shape}")
    page.click("main form.card .btn-primary")
    page.wait_for_load_state()
    visit.open("/board/figures/card.making/?year=2015")
    assert "目标 95.00" in page.inner_text("main")
    well_made(visit, "business-goal-seen")
