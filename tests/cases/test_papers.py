"""Papers: from a dated text, with the next number of the register; void ones keep theirs; the same paper is the same bytes."""

import io
import json
import subprocess
import zipfile
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from tests import world
from tests.world import World
from unionhall import catalogue
from unionhall.cases import handling_moves, merge_fields, paper_moves, paper_values
from unionhall.cases import service as services
from unionhall.cases.actions import move, open_case
from unionhall.cases.models import Case, IssuedPaper, PaperText
from unionhall.cases.papers import Paper, wrong_text
from unionhall.exchange.papers.letter import Letter, letter, parts_of
from unionhall.exchange.papers.letter_word import docx_of_letter
from unionhall.exchange.papers.pdf import pdf_of_letter
from unionhall.journal.models import AuditEntry
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.money import capitals

ACCEPTED = "mediation.accepted"
YEAR = timezone.localdate().year
WRITTEN = {"主要事实": "欠薪两个月", "协议内容": "五月一日前付清。\n不再提出其他请求。", "履行方式和期限": "银行转账"}


def a_dispute(here: World, worker: Actor, member: world.Member) -> Case:
    return open_case(
        "mediation", path=here.bridge_east, on=date(2015, 4, 1), values={"claim": "支付欠薪", "fen_claimed": 800_050}, by=worker,
        person=member.person, employer=here.diner, cause="pay",
    )  # fmt: skip


def an_accepted_dispute(here: World, name: str = "钱大海") -> tuple[Case, Actor]:
    worker = world.an_officer("station_worker", here.bridge)
    case = a_dispute(here, worker, world.a_member(here, name))
    return move(case.pk, "accept", on=date(2015, 4, 2), values={}, by=worker), worker


def body_of(paper: IssuedPaper) -> str:
    found: str = json.loads(IssuedPaper.objects.get(pk=paper.pk).content._open())["body"]
    return found


def test_a_notice_of_acceptance_says_who_what_and_by_which_article(here: World) -> None:
    case, worker = an_accepted_dispute(here)
    paper = paper_moves.issue(case.pk, ACCEPTED, {}, by=worker)
    body = body_of(paper)
    assert "钱大海、望河小馆：" in body and "因劳动报酬发生的争议" in body and "于2015年4月1日申请调解" in body
    assert "企业劳动争议协商调解规定 第二十九条" in body and "2015年4月17日以前结束" in body
    assert paper.number == f"工调受字〔{YEAR}〕1号"
    assert "{" not in body
    entry = AuditEntry.objects.get(act="paper.issue")
    assert (entry.subject, entry.about) == (paper.subject, case.person_id)


def test_what_a_paper_says_lies_sealed(here: World) -> None:
    case, worker = an_accepted_dispute(here)
    paper = paper_moves.issue(case.pk, ACCEPTED, {}, by=worker)
    kept = IssuedPaper.objects.filter(pk=paper.pk).values().get()
    assert "钱大海" not in str({name: value for name, value in kept.items() if name != "content"})
    assert "钱大海".encode() not in bytes(kept["content"])


def test_an_agreement_names_the_sum_in_figures_and_in_capitals(here: World) -> None:
    case, worker = an_accepted_dispute(here)
    move(case.pk, "settle", on=date(2015, 4, 9), values={"fen_agreed": 1_030_405}, by=worker)
    body = body_of(paper_moves.issue(case.pk, "mediation.agreed", WRITTEN, by=worker))
    assert "支付 10,304.05 元（大写：人民币壹万零叁佰零肆元零伍分）" in body
    assert "请求金额 8,000.50 元（大写：人民币捌仟元零伍角整）" in body
    assert "五月一日前付清。\n不再提出其他请求。" in body


def test_papers_made_before_are_given_whom_their_entry_names(here: World) -> None:
    """The migration: not who the matter has today, for that may be somebody else."""
    case, worker = an_accepted_dispute(here)
    paper = paper_moves.issue(case.pk, ACCEPTED, {}, by=worker)
    another = world.a_member(here, "孙六").person
    Case.objects.filter(pk=case.pk).update(person=another)
    IssuedPaper.objects.update(person=None)
    migration = import_module("unionhall.cases.migrations.0010_paper_person")
    migration.name_whom(apps, SimpleNamespace(connection=connection))
    paper.refresh_from_db()
    assert paper.person_id == case.person_id != another


def test_each_paper_is_made_in_its_states_and_with_all_that_is_to_be_written(here: World) -> None:
    case, worker = an_accepted_dispute(here)
    with pytest.raises(Refused, match="达成协议"):
        paper_moves.issue(case.pk, "mediation.agreed", WRITTEN, by=worker)
    move(case.pk, "settle", on=date(2015, 4, 9), values={"fen_agreed": 1}, by=worker)
    with pytest.raises(Refused, match="协议内容") as no:
        paper_moves.issue(case.pk, "mediation.agreed", WRITTEN | {"协议内容": " \n "}, by=worker)
    assert no.value.code == "协议内容"
    assert not IssuedPaper.objects.exists()


def test_numbers_follow_each_other_and_a_void_paper_keeps_its_own(here: World) -> None:
    case, worker = an_accepted_dispute(here)
    first = paper_moves.issue(case.pk, ACCEPTED, {}, by=worker)
    with pytest.raises(Refused, match="理由"):
        paper_moves.void(first.pk, reason=" ", by=worker)
    paper_moves.void(first.pk, reason="写错了单位", by=worker)
    second = paper_moves.issue(case.pk, ACCEPTED, {}, by=worker)
    assert [first.number, second.number] == [f"工调受字〔{YEAR}〕{n}号" for n in (1, 2)]
    first.refresh_from_db()
    assert first.void_at is not None and first.void_reason == "写错了单位"
    with pytest.raises(Refused, match="已经作废"):
        paper_moves.void(first.pk, reason="又来", by=worker)


def test_a_department_lays_down_its_text_and_what_was_made_keeps_its_words(here: World) -> None:
    case, worker = an_accepted_dispute(here)
    old = paper_moves.issue(case.pk, ACCEPTED, {}, by=worker)
    rights, today = world.an_officer("rights", here.root), timezone.localdate()
    text = "{职工}：\n你的申请已经受理，{今天汉字}。"
    paper_moves.lay_down(ACCEPTED, "受理告知书", "望工调受字〔{年}〕{号}号", text, since=today, by=rights)
    new = paper_moves.issue(case.pk, ACCEPTED, {}, by=worker)
    assert (new.title, new.number) == ("受理告知书", f"望工调受字〔{YEAR}〕1号")
    assert body_of(new) == f"钱大海：\n你的申请已经受理，{merge_fields.day_in_words(today)}。"
    assert new.text is not None and "准备好劳动合同" in body_of(old)

    later = paper_moves.lay_down(
        ACCEPTED, "受理通知书", "工调受字〔{年}〕{号}号", "好。", since=today + timedelta(days=9), by=rights
    )
    assert paper_values.wording(services.find("mediation").paper(ACCEPTED), today).title == "受理告知书"  # type: ignore[arg-type]
    assert PaperText.objects.get(until=None).pk == later
    assert paper_moves.issue(case.pk, ACCEPTED, {}, by=worker).number == f"望工调受字〔{YEAR}〕2号"


@pytest.mark.parametrize(
    ("part", "said", "why"),
    [
        ("body", "{身份证号}", "没有“身份证号”这样的合并字段"), ("body", "{职工", "没有“{”"), ("body", "{{职工}}", "没有"),
        ("body", "{职工.__class__}", "没有"), ("body", " ", "不能空着"), ("body", "字" * 4001, "最多 4000"),
        ("numbering", "工调字{年}", "{号}"), ("numbering", "{号}{号}{年}", "{号}"), ("title", "{职工}", "标题"),
    ],
)  # fmt: skip
def test_a_text_with_what_it_may_not_have_is_refused_with_what_it_may(
    here: World, part: str, said: str, why: str
) -> None:
    rights = world.an_officer("rights", here.root)
    good = {"title": "受理通知书", "numbering": "工〔{年}〕{号}号", "body": "好。"}
    with pytest.raises(Refused) as no:
        paper_moves.lay_down(ACCEPTED, **(good | {part: said}), since=timezone.localdate(), by=rights)
    assert no.value.code == part and why in no.value.message
    if "没有" in why:
        assert "{职工}" in no.value.message
    assert not PaperText.objects.exists()


def test_a_text_is_not_laid_down_for_days_that_are_past_or_taken(here: World) -> None:
    rights, today = world.an_officer("rights", here.root), timezone.localdate()
    with pytest.raises(Refused, match="从今天或以后"):
        paper_moves.lay_down(ACCEPTED, "a", "{年}{号}", "b", since=today - timedelta(days=1), by=rights)
    paper_moves.lay_down(ACCEPTED, "a", "{年}{号}", "b", since=today, by=rights)
    with pytest.raises(Refused, match="已经定好"):
        paper_moves.lay_down(ACCEPTED, "a", "{年}{号}", "c", since=today, by=rights)


def test_only_the_department_lays_down_and_only_who_handles_makes(here: World) -> None:
    case, worker = an_accepted_dispute(here)
    for officer in (worker, world.an_officer("aid", here.root), world.an_officer("street", here.bridge)):
        with pytest.raises(NotYours):
            paper_moves.lay_down(ACCEPTED, "a", "{年}{号}", "b", since=timezone.localdate(), by=officer)
    for officer in (world.an_officer("station_worker", here.willow), world.an_officer("leader", here.root)):
        with pytest.raises(NotYours):
            paper_moves.issue(case.pk, ACCEPTED, {}, by=officer)
    with pytest.raises(NotYours):
        paper_moves.issue(case.pk, "aid.approval", {}, by=worker)


def test_a_notice_about_many_names_nobody(here: World) -> None:
    aid = world.an_officer("aid", here.root)
    told = {"reason": "母亲患病"}
    cases = []
    for name, fen in (("钱大海", 300_000), ("欧阳晓", 250_000)):
        member = world.a_member(here, name)
        case = open_case(
            "aid.medical", path=member.path, on=date(2015, 4, 1), values=told, by=aid, person=member.person
        )
        Case.objects.filter(pk=case.pk).update(state="approved", fen_agreed=fen)
        cases.append(case.pk)
    paper = paper_moves.issue_notice(cases, "aid.notice", by=aid)
    body = body_of(paper)
    assert "|1|钱**|石桥东社区|3,000.00|\n|2|欧阳*|石桥东社区|2,500.00|" in body and "下列 2 件“医疗救助”" in body
    assert "钱大海" not in body and (paper.case, paper.people) == (None, 2)
    assert IssuedPaper.objects.visible_to(aid).count() == 1
    assert not IssuedPaper.objects.visible_to(world.an_officer("rights", here.root)).exists()

    Case.objects.filter(pk=cases[1]).update(state="verified")
    with pytest.raises(Refused, match="只有“已批准”的事项"):
        paper_moves.issue_notice(cases, "aid.notice", by=aid)


def test_papers_go_with_a_matter_that_is_passed_on(here: World) -> None:
    case, worker = an_accepted_dispute(here)
    paper = paper_moves.issue(case.pk, ACCEPTED, {}, by=worker)
    handling_moves.pass_on(case.pk, here.willow, reason="单位在那里", by=world.an_officer("rights", here.root))
    there = world.an_officer("station_worker", here.willow)
    assert IssuedPaper.objects.visible_to(there).get().path == here.willow
    assert not IssuedPaper.objects.visible_to(worker).exists()
    paper_moves.void(paper.pk, reason="换站重做", by=there)


def test_the_first_texts_of_every_service_hold_together() -> None:
    kinds = [paper for service in catalogue.SERVICES for paper in getattr(service, "papers", ())]
    assert {paper.title for paper in kinds} >= {
        "受理通知书", "调解协议书", "调解终止通知书", "转案函", "困难职工救助审批表", "拟救助名单公示", "关于职工反映事项的答复",
    }  # fmt: skip
    for paper in kinds:
        filled = merge_fields.fill(paper.body, paper_values.examples(paper, "望河区总工会", date(2015, 4, 11)))
        assert "{" not in filled and "}" not in filled, paper.key
    with pytest.raises(ValueError, match="没有“谁”"):
        Paper("x", "x", (), "{年}{号}", "{谁}")


CONTENT = {
    "title": "调解协议书", "number": "工调字〔2015〕12号", "signed": "望河区总工会", "on": "2015-04-11",
    "body": "钱大海、望河小馆：\n" + "双方自愿达成协议。" * 60 + "\n一、争议的主要事实\n|姓名|钱大海|编号|1|\n|理由|<b>&|",
}  # fmt: skip


def test_the_same_paper_is_the_same_pdf_and_is_set_as_papers_are(tmp_path: Path) -> None:
    made = pdf_of_letter(letter(CONTENT))
    assert made == pdf_of_letter(letter(CONTENT))
    assert made != pdf_of_letter(letter(CONTENT | {"on": "2015-04-12"}))
    file = tmp_path / "paper.pdf"
    file.write_bytes(made)
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    assert "调解协议书" in text and "工调字〔2015〕12号" in text and "<b>&" in text
    bare = text.replace(" ", "")
    assert "—1—" in bare and "—2—" in bare
    assert text.index("望河区总工会") < text.index("（印章）") < text.index("2015年4月11日")
    marked = pdf_of_letter(letter(CONTENT, "周敏 · 2015-04-11 09:30 · T1"))
    file.write_bytes(marked)
    assert "周敏" not in subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    assert "T1" in subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout


def test_the_word_form_has_the_same_words_and_the_same_page() -> None:
    made = docx_of_letter(letter(CONTENT, "周敏 · T1"))
    document = Document(io.BytesIO(made))
    lines = [line.text for line in document.paragraphs]
    assert lines[:3] == ["调解协议书", "工调字〔2015〕12号", "钱大海、望河小馆："]
    assert lines[-2:] == ["望河区总工会", "2015年4月11日"]
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["理由", "<b>&", "<b>&", "<b>&"]
    title, text = document.paragraphs[0].runs[0], document.paragraphs[3]
    assert title.font.size is not None and title.font.size.pt == 22 and text.runs[0].font.size.pt == 16  # type: ignore[union-attr]
    xml = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    assert 'w:firstLineChars="200"' in xml and "仿宋_GB2312" in xml and "方正小标宋简体" in xml
    assert document.sections[0].left_margin.mm == pytest.approx(28, abs=0.1)  # type: ignore[union-attr]
    assert document.core_properties.comments == "周敏 · T1"


def test_what_was_damaged_is_not_printed() -> None:
    with pytest.raises(Refused, match="已损坏"):
        letter({"title": "x"})


@given(
    values=st.fixed_dictionaries({name: st.text(max_size=30) for name in ("职工", "单位", "原因")}),
    text=st.lists(st.sampled_from(["{职工}", "{单位}", "{原因}", "字", "\n", "|", "："]), max_size=20).map("".join),
)
def test_no_value_makes_a_field_or_a_cell_of_its_own(values: dict[str, str], text: str) -> None:
    safe = {name: merge_fields.one_line(value) for name, value in values.items()}
    assert all("|" not in value and len(value.splitlines()) <= 1 for value in safe.values())
    filled = merge_fields.fill(text, safe)
    assert filled.count("\n") == max(len(text.splitlines()) - 1, 0)
    assert filled.count("|") == text.count("|")
    assert isinstance(Letter("", "", tuple(parts_of(filled)), "", ""), Letter)


@given(fen=st.integers(0, 10**17))
def test_capitals_say_the_sum_and_nothing_else(fen: int) -> None:
    """Read back by the rules of cheques, the words are the figure."""
    assert _read(capitals(fen)) == fen


_DIGITS = {digit: at for at, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}


def _whole(said: str) -> int:
    """A whole number in words: what stands before 万亿, before 亿, before 万, and the rest."""
    for mark, unit in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        above, found, below = said.partition(mark)
        if found:
            return _whole(above) * unit + _whole(below)
    total = digit = 0
    for mark in said:
        if mark in _DIGITS:
            digit = _DIGITS[mark]
        else:
            total, digit = total + digit * {"拾": 10, "佰": 100, "仟": 1000}[mark], 0
    return total + digit


def _read(said: str) -> int:
    assert "零零" not in said
    yuan, _, rest = said.partition("元") if "元" in said else ("", "", said)
    fen = _whole(yuan.removeprefix("零")) * 100
    for mark, unit in (("角", 10), ("分", 1)):
        if mark in rest:
            fen += _DIGITS[rest[rest.index(mark) - 1]] * unit
    assert rest.endswith(("分", "整"))
    return fen


def test_days_in_words() -> None:
    days = {
        date(2015, 4, 11): "二〇一五年四月十一日",
        date(2020, 10, 30): "二〇二〇年十月三十日",
        date(2021, 12, 20): "二〇二一年十二月二十日",
    }
    assert {on: merge_fields.day_in_words(on) for on in days} == days


def test_wrong_text_is_silent_about_a_good_one() -> None:
    paper = services.find("aid.medical").paper("aid.notice")
    assert paper is not None and wrong_text(paper, paper.title, paper.numbering, paper.body) == ("", "")
    assert wrong_text(paper, "x", "{年}{号}", "没有名单")[0] == "body"
    assert wrong_text(paper, "x", "{年}{号}", "{名单}\n{职工}")[0] == "body"
