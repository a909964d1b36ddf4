"""Papers on one's own telephone: what was made out to one, while it holds, to keep; and nothing else of the register."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document

from tests import world
from tests.portal.test_offers import page
from tests.world import Member, World
from unionhall.access import reveal
from unionhall.access.looking import AccessRow
from unionhall.cases import actions, paper_moves, party_moves
from unionhall.cases import service as services
from unionhall.cases.models import Case, IssuedPaper
from unionhall.cases.party_moves import New
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours
from unionhall.messages.models import Notice

pytestmark = pytest.mark.django_db

HEADING = "给您的文书"


@pytest.fixture
def clerk(here: World) -> Actor:
    return world.an_officer("station_worker", here.bridge, today=timezone.localdate())


@pytest.fixture
def case(here: World, li: Member, clerk: Actor) -> Case:
    """李秀英's dispute, taken up today."""
    today = timezone.localdate()
    row = actions.open_case(
        "mediation", path=here.bridge_east, on=today, values={"claim": "付工资"}, by=clerk, person=li.person, cause="pay", employer=here.diner
    )  # fmt: skip
    return actions.move(row.pk, "accept", on=today, values={}, by=clerk)


def at(case: Case, paper: IssuedPaper, form: str = "docx") -> str:
    return f"/me/matters/{case.pk}/papers/{paper.pk}/file.{form}"


def test_what_was_made_out_to_her_is_listed_and_kept(case: Case, clerk: Actor, phone: Client) -> None:
    assert HEADING not in page(phone, f"/me/matters/{case.pk}/")
    paper = paper_moves.issue(case.pk, "mediation.accepted", {}, by=clerk)
    text = page(phone, f"/me/matters/{case.pk}/")
    assert HEADING in text and "受理通知书" in text and paper.number in text and str(paper.made_on) in text
    assert "决定受理" not in text, "what it says is in the file"
    word = phone.post(at(case, paper))
    assert word.status_code == 200 and "no-store" in word.headers["Cache-Control"]
    said = "\n".join(one.text for one in Document(io.BytesIO(word.content)).paragraphs)
    assert "李秀英、望河小馆：" in said and paper.number in said
    printed = phone.post(at(case, paper, "pdf"))
    assert printed.content.startswith(b"%PDF") and printed.headers["Content-Type"] == "application/pdf"


def test_that_she_took_it_is_in_the_book_of_looks_and_no_news_to_her(
    case: Case, clerk: Actor, phone: Client, li: Member
) -> None:
    paper = paper_moves.issue(case.pk, "mediation.accepted", {}, by=clerk)
    page(phone, f"/me/matters/{case.pk}/")
    assert not AccessRow.objects.exists(), "to see that there is one opens nothing"
    assert phone.post(at(case, paper)).status_code == 200
    row = AccessRow.objects.get()
    assert (row.person, row.about, row.field) == (li.person, li.person, "cases.issuedpaper.content")
    assert (row.row, row.purpose, row.posts) == (paper.pk, "本人查看", "")
    assert AuditEntry.objects.filter(act="secret.reveal", subject=f"issuedpaper:{paper.pk}", about=li.person).exists()
    assert not AccessRow.objects.about(li.person).exists()
    officer = world.an_officer("station_worker", case.path, today=timezone.localdate())
    reveal.reveal("cases.issuedpaper.content", paper.pk, by=officer, purpose="打印送达")
    assert "打印送达" in page(phone, "/me/readings/")


def test_she_is_told_of_it_once_and_of_what_is_not_hers_not_at_all(
    case: Case, clerk: Actor, phone: Client, li: Member
) -> None:
    paper = paper_moves.issue(case.pk, "mediation.accepted", {}, by=clerk)
    told = Notice.objects.get(kind="case.paper")
    assert (told.person_id, told.subject) == (li.person, case.subject)
    assert "有一份文书发给您" in page(phone, "/me/notices/")
    paper_moves.void(paper.pk, reason="写错了", by=clerk)
    actions.move(case.pk, "transfer", on=timezone.localdate(), values={"reason": "不属于本会"}, by=clerk)
    others = {"接收单位": "区人力资源和社会保障局", "随附材料": "申请书"}
    paper_moves.issue(case.pk, "mediation.passed", others, by=clerk)
    assert Notice.objects.filter(kind="case.paper").count() == 1


def test_by_get_nothing_is_opened(case: Case, clerk: Actor, phone: Client) -> None:
    paper = paper_moves.issue(case.pk, "mediation.accepted", {}, by=clerk)
    assert phone.get(at(case, paper)).status_code == 405
    assert phone.post(at(case, paper, "html")).status_code == 404
    assert not AccessRow.objects.exists()


def test_a_void_paper_is_there_no_more(case: Case, clerk: Actor, phone: Client) -> None:
    paper = paper_moves.issue(case.pk, "mediation.accepted", {}, by=clerk)
    paper_moves.void(paper.pk, reason="写错了", by=clerk)
    assert HEADING not in page(phone, f"/me/matters/{case.pk}/")
    assert phone.post(at(case, paper)).status_code == 404
    again = paper_moves.issue(case.pk, "mediation.accepted", {}, by=clerk)
    text = page(phone, f"/me/matters/{case.pk}/")
    assert again.number in text and paper.number not in text


def test_what_goes_to_others_or_stays_in_the_house_is_not_hers(
    here: World, case: Case, clerk: Actor, phone: Client, li: Member
) -> None:
    actions.move(case.pk, "transfer", on=timezone.localdate(), values={"reason": "不属于本会"}, by=clerk)
    passed = paper_moves.issue(
        case.pk, "mediation.passed", {"接收单位": "区人力资源和社会保障局", "随附材料": "申请书"}, by=clerk
    )
    assert passed.person_id == li.person
    assert HEADING not in page(phone, f"/me/matters/{case.pk}/")
    assert phone.post(at(case, passed)).status_code == 404
    assert services.handed() == {
        "mediation.accepted", "mediation.agreed", "mediation.ended", "legal.decided", "speakup.answered", "insurance.settled",
    }  # fmt: skip


def test_anothers_paper_is_not_there(
    here: World, case: Case, clerk: Actor, wang: Member, phone_of: Callable[[Member], Client]
) -> None:
    paper = paper_moves.issue(case.pk, "mediation.accepted", {}, by=clerk)
    stranger = phone_of(wang)
    assert stranger.post(at(case, paper)).status_code == 404
    mine = actions.open_case(
        "legal", path=here.bridge_east, on=timezone.localdate(), values={"facts": "欠薪", "wants": "advice"}, by=clerk,
        person=wang.person, cause="pay",
    )  # fmt: skip
    assert stranger.post(at(mine, paper)).status_code == 404, "nor by way of a matter of one's own"
    with pytest.raises(NotYours):
        reveal.reveal("cases.issuedpaper.content", paper.pk, by=Actor(None, "王芳", person=wang.person), purpose="x")
    assert not AccessRow.objects.exists()


def test_of_many_a_paper_is_theirs_whose_name_it_bears(
    here: World, case: Case, clerk: Actor, li: Member, wang: Member, phone_of: Callable[[Member], Client]
) -> None:
    """Who is asked and told after somebody left reads what is made from then on, and not what bears the other's name."""
    party_moves.add_many(case.pk, [New(wang.person, fen_claimed=100)], on=timezone.localdate(), by=clerk)
    hers = paper_moves.issue(case.pk, "mediation.accepted", {}, by=clerk)
    beside = phone_of(wang)
    assert HEADING not in page(beside, f"/me/matters/{case.pk}/")
    assert beside.post(at(case, hers)).status_code == 404
    assert phone_of(li).post(f"/me/matters/{case.pk}/leave/").status_code == 302
    case.refresh_from_db()
    assert case.person_id == wang.person
    assert HEADING not in page(beside, f"/me/matters/{case.pk}/")
    assert beside.post(at(case, hers)).status_code == 404
    now = paper_moves.issue(case.pk, "mediation.accepted", {}, by=clerk)
    assert now.number in page(beside, f"/me/matters/{case.pk}/")
    assert beside.post(at(case, now)).status_code == 200
