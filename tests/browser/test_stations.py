"""A station in a real browser: set up, checked item by item, accepted, given stars, and read of by everybody."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_business import sign_in
from tests.browser.test_joining import change_to, fill, forget_refusals
from tests.browser.test_pages import well_made

pytestmark = pytest.mark.browser


def answer_all(visit: Visit, words: str, but: str = "") -> None:
    """Every item is met, and shown by these words; one is not."""
    page = visit.page
    for field in page.locator("select[name^=met_]").all():
        field.select_option("no" if field.get_attribute("name") == f"met_{but}" else "yes")
    for line in page.locator("input[name^=evidence_]").all():
        line.fill("还在制作" if line.get_attribute("name") == f"evidence_{but}" else words)
    page.locator("main form.card .btn-primary").last.click()
    page.wait_for_load_state()


def test_a_station_from_the_plan_to_two_stars(visit: Visit, shots: object) -> None:
    name, page = f"德邻{visit.shape}新站", visit.page
    sign_in(visit, "street")
    visit.open("/desk/stations/new/")
    page.select_option(
        "#id_path", label=next(text for text in page.locator("#id_path option").all_inner_texts() if "德邻" in text)
    )
    fill(visit, name=name, address="德邻大街8号", since="2020-03-02")
    station = page.url
    well_made(visit, "station-new")
    page.goto(f"{station}standard/")
    well_made(visit, "station-begin")
    fill(visit, on="2026-01-05")
    case = page.url
    well_made(visit, "standard-planned")
    change_to(visit, "station")
    page.goto(f"{case}step/set_up/")
    fill(visit, on="2026-01-06")
    visit.begins_at_the_summary()
    assert "开放时间" in page.inner_text(".summary")
    forget_refusals(visit)
    well_made(visit, "standard-wrong")
    change_to(visit, "street")
    page.goto(f"{station}correct/")
    fill(visit, hours="周一至周五 9:00—17:30", windows="综合窗口、法律援助窗口")
    change_to(visit, "station")
    page.goto(f"{case}step/set_up/")
    fill(visit, on="2026-01-06")
    page.goto(f"{case}check/")
    well_made(visit, "standard-check")
    page.locator("main form.card .btn-primary").last.click()
    visit.begins_at_the_summary()
    forget_refusals(visit)
    well_made(visit, "standard-check-wrong")
    answer_all(visit, "照片在档", but="board_rules")
    well_made(visit, "standard-checked")
    page.goto(f"{case}step/self_check/")
    fill(visit, on="2026-02-02")

    change_to(visit, "organisation")
    page.goto(f"{case}check/")
    well_made(visit, "standard-district")
    answer_all(visit, "", but="board_rules")
    page.goto(f"{case}step/district_check/")
    fill(visit, on="2026-02-09")
    assert "上墙：工作制度" in page.inner_text(".summary")
    forget_refusals(visit)
    page.goto(f"{case}step/send_back/")
    fill(visit, on="2026-02-09", reason="制度没有上墙")
    change_to(visit, "station")
    page.goto(f"{case}check/")
    answer_all(visit, "都已上墙")
    page.goto(f"{case}step/self_check/")
    fill(visit, on="2026-02-16")
    change_to(visit, "organisation")
    page.goto(f"{case}check/")
    answer_all(visit, "")
    page.goto(f"{case}step/district_check/")
    fill(visit, on="2026-02-17")
    page.goto(f"{case}step/accept/")
    well_made(visit, "standard-accept")
    fill(visit, on="2026-03-02", accepted_no="京工验〔2026〕12号")
    assert "已达标" in page.inner_text("main")
    well_made(visit, "standard-met")
    visit.open("/desk/station-items/")
    well_made(visit, "station-items")
    visit.open("/desk/station-items/sign/")
    well_made(visit, "station-item")

    page.goto(f"{station}star/")
    fill(visit, on="2026-03-09")
    case = page.url
    change_to(visit, "street")
    page.goto(f"{case}step/declare/")
    fill(visit, on="2026-03-09")
    change_to(visit, "organisation")
    page.goto(f"{case}step/review/")
    fill(visit, on="2026-04-01", review_no="京工评〔2026〕1号")
    page.goto(f"{case}step/award/")
    well_made(visit, "star-award")
    fill(visit, on="2026-04-02", stars="2", star_until="2026-04-02", award_no="京工星〔2026〕2号")
    assert "有效期应在办理日期以后" in page.inner_text(".summary")
    forget_refusals(visit)
    well_made(visit, "star-award-wrong")
    fill(visit, star_until="2029-04-02")
    assert "已授星" in page.inner_text("main")
    well_made(visit, "star-awarded")
    page.goto(station)
    assert "二星，有效期至 2029-04-02" in page.inner_text("main")
    well_made(visit, "station-with-stars")
    page.context.clear_cookies()
    visit.open("/stations/")
    told = page.locator("article", has_text=name).inner_text()
    assert "2 星，有效期至 2029-04-02" in told and "周一至周五" in told and "2026-03-02 通过验收" in told
    well_made(visit, "stations-public")
