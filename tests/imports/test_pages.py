"""The pages of imports, driven as a browser without script would."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import world
from tests.exchange.sheets import rewrite, write_roster
from tests.imports.sitting import Desk
from unionhall.exchange.models import Batch, Mapping, Upload
from unionhall.exchange.template import Verdict
from unionhall.jobs.worker import run_until_empty
from unionhall.organisations.models import Account
from unionhall.people.models import Membership


class Sitting(Desk):
    """A desk with a browser."""

    def __init__(self, here: world.World, folder: Path, role: str = "street", at: str = "") -> None:
        super().__init__(here, folder, world.an_officer(role, at or here.bridge))
        self.client = Client()
        self.client.force_login(Account.objects.get(pk=self.officer.account))

    def upload(self, path: Path, name: str = "", template: str = "members") -> Any:
        file = SimpleUploadedFile(name or path.name, path.read_bytes())
        return self.client.post(reverse("desk-import-new", args=[template]), {"file": file})

    def get(self, name: str, *args: Any, **more: Any) -> str:
        answer = self.client.get(reverse(name, args=args), more or None)
        assert answer.status_code == 200, (answer.status_code, answer.content[:300])
        return answer.content.decode()

    def post(self, name: str, *args: Any, **said: Any) -> Any:
        return self.client.post(reverse(name, args=args), said)

    def mapped(self, number: int, **changes: str) -> Any:
        """The columns as the page proposes them, and what is changed by hand."""
        page = self.get("desk-import-columns", number)
        chosen = {}
        for name, options in re.findall(r'<select[^>]*name="column-([a-z_]+)">(.*?)</select>', page, re.DOTALL):
            picked = re.search(r'<option value="([^"]*)" selected', options)
            chosen[f"column-{name}"] = picked[1] if picked else ""
        return self.post("desk-import-columns", number, **chosen | {f"column-{k}": v for k, v in changes.items()})


@pytest.fixture
def sitting(here: world.World, tmp_path: Path) -> Sitting:
    return Sitting(here, tmp_path)


def test_from_the_file_to_the_result_without_script(sitting: Sitting) -> None:
    rows = sitting.roster(6)
    rows[0]["mobile"] = "1391022"
    assert "会员实名制登记表" in sitting.get("desk-imports")
    answer = sitting.upload(write_roster(sitting.path, rows))
    assert answer.status_code == 302
    number = Upload.objects.get().pk
    assert sitting.mapped(number).status_code == 302
    assert "正在核对" in sitting.get("desk-import", number)
    run_until_empty()
    page = sitting.get("desk-import", number)
    assert "1391022" in page
    assert "导入 5 行" in page
    form = sitting.get("desk-import-row", number, 2)
    assert 'aria-invalid="true"' in form
    cells = dict(re.findall(r'name="(cell-[a-z_]+)" value="([^"]*)"', form))
    wrong = sitting.client.post(reverse("desk-import-row", args=[number, 2]), cells | {"cell-mobile": "139"})
    assert wrong.status_code == 422
    assert 'href="#cell-mobile"' in wrong.content.decode()
    right = sitting.client.post(
        reverse("desk-import-row", args=[number, 2]), cells | {"cell-mobile": world.a_mobile(9)}
    )
    assert right.status_code == 302
    assert "导入 6 行" in sitting.get("desk-import", number)
    assert sitting.post("desk-import-confirm", number).status_code == 302
    run_until_empty()
    page = sitting.get("desk-import", number)
    assert "已经导入" in page
    assert "计入指标" in page
    assert Membership.objects.count() == 6


def test_a_header_nobody_knows_is_said_by_hand_and_remembered(sitting: Sitting) -> None:
    rows = sitting.roster(2)
    keys = [column.key for column in sitting.template.columns]
    headers = [{"name": "大名", "mobile": "怎么找到他"}.get(c.key, c.header) for c in sitting.template.columns]
    rewrite(sitting.path, headers, ([row[key] for key in keys] for row in rows))
    sitting.upload(sitting.path)
    first = Upload.objects.get().pk
    page = sitting.get("desk-import-columns", first)
    assert "必填的“姓名”没有认出来" in page
    refused = sitting.mapped(first)
    assert refused.status_code == 422
    assert "还没有对上列" in refused.content.decode()
    assert sitting.mapped(first, name="大名", mobile="怎么找到他").status_code == 302
    run_until_empty()
    assert Upload.objects.get().new == 2
    assert Mapping.objects.count() == 1
    rows = sitting.roster(4)
    rewrite(sitting.path, headers, ([row[key] for key in keys] for row in rows))
    sitting.upload(sitting.path)
    second = Upload.objects.order_by("-pk")[0].pk
    page = sitting.get("desk-import-columns", second)
    assert "按上次的选择" in page
    assert sitting.mapped(second).status_code == 302
    colleague = Sitting(sitting.here, sitting.folder)
    colleague.upload(sitting.path)
    assert "按上次的选择" in colleague.get("desk-import-columns", Upload.objects.order_by("-pk")[0].pk)


def test_one_header_cannot_be_two_columns(sitting: Sitting) -> None:
    sitting.upload(write_roster(sitting.path, sitting.roster(1)))
    answer = sitting.mapped(Upload.objects.get().pk, ethnicity="姓名")
    assert answer.status_code == 422
    assert "一列只能对一项" in answer.content.decode()


def test_the_header_row_can_be_told(sitting: Sitting) -> None:
    keys = [column.key for column in sitting.template.columns]
    strange = [f"甲{place}" for place, _ in enumerate(keys)]
    title = ["望河区职工花名册"] * len(keys)
    rewrite(sitting.path, title, [strange, *([row[key] for key in keys] for row in sitting.roster(2))])
    sitting.upload(sitting.path)
    number = Upload.objects.get().pk
    assert "甲3" in sitting.get("desk-import-columns", number, row=2)
    chosen = {f"column-{key}": f"甲{place}" for place, key in enumerate(keys)}
    answer = sitting.client.post(reverse("desk-import-columns", args=[number]) + "?row=2", chosen | {"row": "2"})
    assert answer.status_code == 302
    run_until_empty()
    assert Upload.objects.get().new == 2


def test_a_wrong_file_is_told_on_the_page(sitting: Sitting) -> None:
    sitting.path.write_bytes(b"%PDF-1.7 no table")
    answer = sitting.upload(sitting.path)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#id_file"' in page
    assert "PDF 文件，不是表格" in page
    assert not Upload.objects.exists()


def test_too_large_a_file_is_answered_before_it_is_read(sitting: Sitting, settings: Any) -> None:
    settings.LARGEST_UPLOAD = 1_000
    sitting.path.write_bytes(b"a,b\n" * 2_000_000)
    answer = sitting.upload(sitting.path, "a.csv")
    assert answer.status_code == 413
    assert not list((sitting.home / "files" / "open").glob("*.upload*"))


def test_the_form_sent_twice_takes_the_file_once(sitting: Sitting) -> None:
    page = sitting.get("desk-import-new", "members")
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    content = write_roster(sitting.path, sitting.roster(1)).read_bytes()
    answers = [
        sitting.client.post(
            reverse("desk-import-new", args=["members"]), {"key": key[1], "file": SimpleUploadedFile("a.xlsx", content)}
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Upload.objects.count() == 1


def test_confirmed_by_two_people_it_comes_in_once(sitting: Sitting) -> None:
    upload = sitting.checked(sitting.roster(3))
    other = Sitting(sitting.here, sitting.folder, "organisation", sitting.here.root)
    for one in (sitting, sitting, other):
        assert one.post("desk-import-confirm", upload.pk).status_code == 302
    run_until_empty()
    assert Batch.objects.count() == 1
    assert "不会重复导入" in other.get("desk-import", upload.pk)


def test_another_sees_masks_and_changes_nothing(sitting: Sitting) -> None:
    rows = sitting.roster(2)
    rows[0]["uscc"] = "123"
    upload = sitting.checked(rows)
    assert upload.refused == 1
    other = Sitting(sitting.here, sitting.folder, "organisation", sitting.here.root)
    assert rows[1]["document_number"] not in other.get("desk-import", upload.pk)
    assert other.client.get(reverse("desk-import-row", args=[upload.pk, 2])).status_code == 404
    assert other.client.get(reverse("desk-import-faults", args=[upload.pk])).status_code == 404
    assert sitting.client.get(reverse("desk-import-faults", args=[upload.pk])).status_code == 200


def test_a_neighbour_street_finds_nothing(sitting: Sitting) -> None:
    upload = sitting.brought_in(sitting.checked(sitting.roster(2)))
    neighbour = Sitting(sitting.here, sitting.folder, "street", sitting.here.willow)
    for name in ("desk-import", "desk-import-columns", "desk-import-progress", "desk-import-faults"):
        assert neighbour.client.get(reverse(name, args=[upload.pk])).status_code == 404, name
    for name in ("confirm", "check", "cancel", "reopen", "discard", "accept"):
        assert neighbour.post(f"desk-import-{name}", upload.pk).status_code == 404, name
    assert neighbour.client.get(reverse("desk-batch", args=[upload.batch_id])).status_code == 404
    assert neighbour.post("desk-batch-withdraw", upload.batch_id, reason="不归我").status_code == 404
    assert upload.file_name not in neighbour.get("desk-batches")


def test_a_batch_is_withdrawn_with_its_reason(sitting: Sitting) -> None:
    upload = sitting.brought_in(sitting.checked(sitting.roster(2)))
    assert upload.file_name in sitting.get("desk-batches")
    assert sitting.post("desk-batch-withdraw", upload.batch_id, reason=" ").status_code == 422
    assert sitting.post("desk-batch-withdraw", upload.batch_id, reason="名册拿错了").status_code == 302
    assert "正在撤回" in sitting.get("desk-batch", upload.batch_id)
    run_until_empty()
    assert Membership.objects.count() == 0
    page = sitting.get("desk-batch", upload.batch_id)
    assert "名册拿错了" in page
    assert "已撤回" in page


def test_a_cancelled_check_says_so_and_can_be_begun_again(sitting: Sitting) -> None:
    sitting.upload(write_roster(sitting.path, sitting.roster(2)))
    number = Upload.objects.get().pk
    sitting.mapped(number)
    assert sitting.post("desk-import-cancel", number).status_code == 302
    run_until_empty()
    assert "已经取消" in sitting.get("desk-import", number)
    assert sitting.post("desk-import-check", number).status_code == 302
    run_until_empty()
    assert Upload.objects.get().state == "checked"


def test_an_import_cancelled_goes_back_to_its_preview(sitting: Sitting) -> None:
    upload = sitting.checked(sitting.roster(2))
    sitting.post("desk-import-confirm", upload.pk)
    sitting.post("desk-import-cancel", upload.pk)
    run_until_empty()
    assert "回到核对结果" in sitting.get("desk-import", upload.pk)
    assert Membership.objects.count() == 0
    sitting.post("desk-import-reopen", upload.pk)
    assert "导入 2 行" in sitting.get("desk-import", upload.pk)


def test_htmx_gets_the_row_and_the_counts(sitting: Sitting) -> None:
    upload = sitting.checked(sitting.doubtful(2))
    page = sitting.get("desk-import", upload.pk)
    assert "全部采用（2 行）" in page
    answer = sitting.client.post(
        reverse("desk-import-accept", args=[upload.pk]), {"row": "2", "yes": "1"}, headers={"HX-Request": "true"}
    )
    said = answer.content.decode()
    assert said.startswith('<tr id="row-2"')
    assert "已采用" in said
    assert "导入 1 行" in said
    assert "<html" not in said


def test_a_changed_row_says_what_changes(sitting: Sitting) -> None:
    rows = sitting.roster(2)
    sitting.brought_in(sitting.checked(rows))
    rows[0] |= {"job": "焊工", "mobile": world.a_mobile(12345)}
    upload = sitting.checked(rows)
    assert (upload.changed, upload.unchanged) == (1, 1)
    page = sitting.get("desk-import", upload.pk, tab=Verdict.CHANGED.value)
    assert "焊工" in page
    assert world.a_mobile(12345) not in page


def test_blank_workbooks_are_given(sitting: Sitting) -> None:
    answer = sitting.client.get(reverse("desk-import-blank", args=["members"]))
    assert answer.content.startswith(b"PK")
    assert sitting.client.get(reverse("desk-import-blank", args=["tree"])).status_code == 404
    assert sitting.client.get(reverse("desk-import-new", args=["posts"])).status_code == 404
