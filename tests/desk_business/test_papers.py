"""Papers at the desk: made from the matter's page, taken out with a line in the book of looks, void, and their texts."""

import dataclasses
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests import world
from tests.desk_business.conftest import page, refused, send, words_of
from tests.world import World
from unionhall.access.models import AccessRow
from unionhall.cases.actions import move, open_case
from unionhall.cases.models import Case, IssuedPaper, PaperText
from unionhall.jobs import files, queue
from unionhall.jobs.models import DONE, Job
from unionhall.jobs.tasks import case_papers
from unionhall.jobs.worker import run_until_empty
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import SYSTEM
from unionhall.web.desk.paper_bulk import BULK

AtDesk = Callable[..., Client]


@pytest.fixture
def accepted(here: World) -> Case:
    member = world.a_member(here, "钱大海")
    case = open_case(
        "mediation", path=here.bridge_east, on=date(2015, 4, 1), values={"claim": "支付欠薪"}, by=SYSTEM, person=member.person,
        employer=here.diner, cause="pay",
    )  # fmt: skip
    return move(case.pk, "accept", on=date(2015, 4, 2), values={}, by=world.an_officer("station_worker", here.bridge))


def test_a_paper_from_the_matters_page_to_the_printer(here: World, at_desk: AtDesk, accepted: Case) -> None:
    client = at_desk("station_worker", here.bridge)
    at = f"/desk/cases/{accepted.pk}/papers/mediation.accepted/"
    assert at in page(client, f"/desk/cases/{accepted.pk}/")
    drawn = words_of(page(client, at))
    assert "文书将写成这样" in drawn and "望河小馆" in drawn and "制作时编号" in drawn
    assert "钱**、望河小馆" in drawn and "钱大海" not in drawn
    text = send(client, at)
    paper = IssuedPaper.objects.get()
    assert paper.number in text and "钱大海" not in text
    assert paper.number in page(client, f"/desk/cases/{accepted.pk}/") and paper.number in page(client, "/desk/papers/")

    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = client.post(f"/desk/papers/{paper.pk}/file.{form}")
        assert answer.status_code == 200 and answer.content.startswith(begins)
        assert f".{form}" in answer.headers["Content-Disposition"]
    looks = AccessRow.objects.filter(about=accepted.person_id)
    assert looks.count() == 2 and all(paper.number in look.purpose for look in looks)
    assert client.get(f"/desk/papers/{paper.pk}/file.pdf").status_code == 405


def test_a_void_paper_is_printed_no_more(here: World, at_desk: AtDesk, accepted: Case) -> None:
    client = at_desk("station_worker", here.bridge)
    send(client, f"/desk/cases/{accepted.pk}/papers/mediation.accepted/")
    paper = IssuedPaper.objects.get()
    refused(client, f"/desk/papers/{paper.pk}/void/", reason="")
    text = send(client, f"/desk/papers/{paper.pk}/void/", reason="写错了单位")
    assert "已作废" in text and "写错了单位" in text and paper.number in text
    assert client.post(f"/desk/papers/{paper.pk}/file.pdf").status_code in (409, 422)
    assert not AccessRow.objects.exists()


def test_other_stations_and_departments_find_no_paper(here: World, at_desk: AtDesk, accepted: Case) -> None:
    send(at_desk("station_worker", here.bridge), f"/desk/cases/{accepted.pk}/papers/mediation.accepted/")
    paper = IssuedPaper.objects.get()
    for role, at in (("station_worker", here.willow), ("aid", here.root)):
        client = at_desk(role, at)
        page(client, f"/desk/papers/{paper.pk}/", 404)
        page(client, f"/desk/cases/{accepted.pk}/papers/mediation.accepted/", 404)
        assert client.post(f"/desk/papers/{paper.pk}/file.pdf").status_code == 404
    leader = at_desk("leader", here.root)
    assert paper.number in page(leader, f"/desk/papers/{paper.pk}/")
    assert leader.post(f"/desk/papers/{paper.pk}/file.pdf").status_code == 403


def test_an_agreement_asks_for_its_terms(here: World, at_desk: AtDesk, accepted: Case) -> None:
    client = at_desk("station_worker", here.bridge)
    move(
        accepted.pk,
        "settle",
        on=date(2015, 4, 9),
        values={"fen_agreed": 500_000},
        by=world.an_officer("station_worker", here.bridge),
    )
    at = f"/desk/cases/{accepted.pk}/papers/mediation.agreed/"
    assert "请填写“协议内容”" in refused(client, at, w0="欠薪两个月", w1="", w2="转账")
    send(client, at, w0="欠薪两个月", w1="付清欠薪。", w2="转账")
    assert "付清欠薪。" in json.loads(IssuedPaper.objects.get().content._open())["body"]


def test_a_new_text_is_seen_before_it_counts(here: World, at_desk: AtDesk) -> None:
    rights, at = at_desk("rights", here.root), "/desk/paper-texts/mediation.accepted/"
    assert at in page(rights, "/desk/paper-texts/") and at not in page(at_desk("aid", here.root), "/desk/paper-texts/")
    assert "可用的合并字段" in page(rights, at)
    today = timezone.localdate()
    said = {
        "title": "受理告知书",
        "numbering": "望工〔{年}〕{号}号",
        "body": "{职工}：\n已经受理。",
        "since": today.isoformat(),
    }
    assert "没有“谁”这样的合并字段" in refused(rights, at, **(said | {"body": "{谁}"}))
    looked = rights.post(at, said)
    text = looked.content.decode()
    assert looked.status_code == 200 and "预览" in text and "李小明：" in text and f"望工〔{today.year}〕12号" in text
    assert not PaperText.objects.exists()
    seen = text.partition('name="seen" value="')[2].partition('"')[0]
    assert len(seen) == 64
    changed = rights.post(at, said | {"seen": seen, "body": "{职工}：\n另一段。"})
    assert changed.status_code == 200 and not PaperText.objects.exists()
    assert rights.post(at, said | {"seen": seen}).status_code == 302
    assert PaperText.objects.get().body == "{职工}：\n已经受理。"
    assert "受理告知书" in page(rights, "/desk/paper-texts/") and "定过的文本" in page(rights, at)


def test_who_does_not_lay_a_text_down_reads_it(here: World, at_desk: AtDesk) -> None:
    client, at = at_desk("station_worker", here.bridge), "/desk/paper-texts/mediation.accepted/"
    assert "李小明、望河小馆：" in page(client, at)
    assert client.post(at, {"title": "x"}).status_code == 404
    page(at_desk("aid", here.root), at, 404)


def _bundle(client: Client) -> dict[str, bytes]:
    """Do what waits; the files of the last job's bundle, by name."""
    run_until_empty()
    job = Job.objects.latest("pk")
    assert job.state == DONE, job.message
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(files.opened_file(job))))
    return {name: bundle.read(name) for name in bundle.namelist()}


def _answers(bundle: dict[str, bytes]) -> list[list[str]]:
    book = load_workbook(io.BytesIO(bundle["结果.xlsx"]))
    return [[str(cell or "") for cell in row] for row in book.worksheets[0].iter_rows(min_row=3, values_only=True)]


def test_papers_for_all_that_match_are_a_jobs_bundle_with_a_result_for_each(
    here: World, at_desk: AtDesk, accepted: Case
) -> None:
    member = world.a_member(here, "欧阳晓")
    early = open_case(
        "mediation", path=here.bridge_east, on=date(2015, 4, 1), values={"claim": "x"}, by=SYSTEM, person=member.person, cause="pay"
    )  # fmt: skip
    client = at_desk("station_worker", here.bridge)
    asked = {"do": "papers", "query": "service=mediation", "all": "1"}
    assert "作为后台任务办理" in client.post("/desk/cases/bulk/", asked).content.decode()
    sent = asked | {"confirmed": "1", "count": "2", "paper": "mediation.accepted", "kind": "pdf"}
    answer = client.post("/desk/cases/bulk/", sent)
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/desk/jobs/")
    assert not IssuedPaper.objects.exists()
    bundle = _bundle(client)
    paper = IssuedPaper.objects.get()
    assert [name for name in bundle if name.endswith(".pdf")] == [f"001-受理通知书-{paper.number}.pdf"]
    assert sorted(_answers(bundle)) == sorted([
        [accepted.number, paper.number, "已制作"], [early.number, "", "“受理通知书”要在“已受理”时制作。"],
    ])  # fmt: skip
    assert AccessRow.objects.filter(about=accepted.person_id, row=paper.pk).count() == 1
    assert not AccessRow.objects.filter(about=member.person).exists()
    assert AuditEntry.objects.filter(act="paper.bundle").count() == 1


def test_a_job_done_again_makes_no_paper_twice(
    here: World, at_desk: AtDesk, accepted: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = at_desk("station_worker", here.bridge)
    sent = {
        "do": "papers",
        "query": "",
        "sel": str(accepted.pk),
        "confirmed": "1",
        "paper": "mediation.accepted",
        "kind": "docx",
    }
    client.post("/desk/cases/bulk/", sent)

    def broken(*_: object) -> bytes:
        raise OSError("no type")

    with monkeypatch.context() as patched:
        patched.setitem(case_papers.FORMS, "docx", broken)
        run_until_empty()
    job = Job.objects.latest("pk")
    assert job.state != DONE and IssuedPaper.objects.count() == 1
    Job.objects.filter(pk=job.pk).update(state="failed", ended_at=timezone.now())
    queue.retry(Job.objects.get(pk=job.pk), by=SYSTEM)
    assert len(_bundle(client)) == 2
    assert IssuedPaper.objects.count() == 1


def test_a_public_notice_of_all_that_match_is_one_paper(here: World, at_desk: AtDesk) -> None:
    for name in ("钱大海", "欧阳晓"):
        member = world.a_member(here, name)
        case = open_case(
            "aid.medical",
            path=member.path,
            on=date(2015, 4, 1),
            values={"reason": "x"},
            by=SYSTEM,
            person=member.person,
        )
        Case.objects.filter(pk=case.pk).update(state="approved", fen_agreed=300_000)
    client = at_desk("aid", here.root)
    sent = {
        "do": "papers",
        "query": "",
        "all": "1",
        "confirmed": "1",
        "count": "2",
        "paper": "aid.notice",
        "kind": "pdf",
    }
    client.post("/desk/cases/bulk/", sent)
    bundle = _bundle(client)
    paper = IssuedPaper.objects.get()
    assert [row[1:] for row in _answers(bundle)] == [[paper.number, "已制作"]] * 2
    text = page(client, f"/desk/papers/{paper.pk}/")
    assert "拟救助名单公示" in text and paper.number in text
    assert client.post(f"/desk/papers/{paper.pk}/file.pdf").content.startswith(b"%PDF")


def test_too_many_at_once_and_who_handles_nothing(
    here: World, at_desk: AtDesk, accepted: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = at_desk("station_worker", here.bridge)
    asked = {"do": "papers", "query": "", "all": "1"}
    few = dataclasses.replace(BULK, most=1)
    monkeypatch.setattr("unionhall.web.desk.bulk.bulks", lambda request, register: [few])
    assert client.post("/desk/cases/bulk/", asked).status_code == 200
    world.a_dispute(here, world.a_member(here, "欧阳晓"))
    assert "一次最多 1 条" in client.post("/desk/cases/bulk/", asked, follow=True).content.decode()
    assert at_desk("leader", here.root).post("/desk/cases/bulk/", asked).status_code == 403
