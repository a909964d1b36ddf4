"""Rules every page keeps: language by choice, the content policy, files as vendored, messages in English."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tests.world import World
from tools import messages, vendor
from unionhall import catalogue
from unionhall.indicators.figures import Ratio, Stock
from unionhall.web import words

TEMPLATES = Path(words.__file__).parent / "templates"


def test_a_browser_does_not_choose_the_language_a_reader_does(client: Client, here: World) -> None:
    assert "数说望河区工会" in client.get("/", headers={"accept-language": "en-GB,en"}).content.decode()
    answer = client.post("/language/", {"language": "en", "next": "/?year=2015"})
    assert answer.headers["Location"] == "/?year=2015"
    answer = client.get("/")
    assert "trade unions in figures" in answer.content.decode()
    assert answer.headers["Content-Language"] == "en"
    client.post("/language/", {"language": "zh-hans"})
    assert "数说望河区工会" in client.get("/").content.decode()


@pytest.mark.parametrize("asked", ["fr", "xx", "", "../en"])
def test_another_language_stays_chinese(client: Client, here: World, asked: str) -> None:
    client.cookies["django_language"] = asked
    assert "数说望河区工会" in client.get("/").content.decode()


def test_a_link_does_not_switch_the_language(client: Client, here: World) -> None:
    client.get("/language/?language=en&next=/")
    assert "数说望河区工会" in client.get("/").content.decode()


@pytest.mark.once
def test_pages_in_english_are_english(busy: World, as_officer: Callable[..., Client]) -> None:
    """Names of places stay as they are; every other word of a page is English."""
    client = as_officer("leader", busy.root)
    client.cookies["django_language"] = "en"
    pages = [f"/figures/{key}/?year=2015" for key in catalogue.figures()]
    for address in [*pages, "/?year=2015", "/board/?year=2015", "/board/figures/card.making/?year=2015"]:
        text = re.sub(r"<[^>]*>", " ", client.get(address).content.decode())
        text = re.sub(r"望河区|柳荫街道|石桥街道|柳荫里社区|鼓楼前社区|石桥东社区|中文|干部leader", "", text)
        assert not re.findall(r"[\u4e00-\u9fff]+", text), address


def test_the_words_the_catalogue_shares_are_all_known() -> None:
    """A new column or register of a service needs its entry in web/words.py, and its English."""
    known = {*words.HEADERS, *words.REGISTERS, *words.BASES}
    for one in catalogue.figures().values():
        parts = (one.numerator, one.denominator) if isinstance(one, Ratio) else (one,)
        if isinstance(one, Ratio):
            assert one.base in known
        for part in parts:
            assert set(part.headers) <= known
            assert not isinstance(part, Stock) or part.of in known


def test_every_message_is_in_english_and_compiled() -> None:
    assert messages.faults() == []


def test_vendored_files_are_as_listed() -> None:
    assert vendor.wrong() == []


@pytest.mark.parametrize("package", vendor.packages(), ids=lambda package: package["name"])
def test_a_vendored_package_has_its_licence(package: dict[str, object]) -> None:
    assert package["licence"] == "MIT"
    assert "LICENSE" in package["sha256"]  # type: ignore[operator]


def test_the_content_policy_is_exactly_this(client: Client, here: World) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert sorted(part.strip() for part in policy.split(";")) == [
        "base-uri 'none'", "default-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "img-src 'self' data:",
        "object-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'",
    ]  # fmt: skip


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_no_template_carries_script_or_another_host(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"\son[a-z]+=[\"']", text)
    assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", text)
    assert "|safe" not in text


@pytest.mark.parametrize("address", ["/robots.txt", "/favicon.ico", "/sign-in/", "/figures.csv?year=2015"])
def test_small_pages_answer(client: Client, here: World, address: str) -> None:
    assert client.get(address).status_code in (200, 301)


def test_machines_are_kept_from_officers_pages(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /board/" in text
    assert "records" in text


@pytest.mark.parametrize(
    "address", ["/", "/figures/card.made/", "/board/", "/figures/card.made/records/", "/figures.csv"]
)
def test_pages_that_only_show_take_no_posts(busy: World, as_officer: Callable[..., Client], address: str) -> None:
    assert as_officer("leader", busy.root).post(address).status_code == 405
