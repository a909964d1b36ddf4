"""Somebody at a desk with a file: the steps of an import, as the pages and the worker take them."""

from pathlib import Path
from typing import Any

from django.conf import settings
from python_calamine import load_workbook

from tests.exchange import dirty
from tests.exchange.sheets import roster_rows, write_roster
from tests.world import World
from unionhall.exchange import mapping, uploads
from unionhall.exchange.models import Upload
from unionhall.exchange.template import Template
from unionhall.exchange.templates import by_name
from unionhall.jobs.models import FAILED, Job
from unionhall.jobs.tasks import imports
from unionhall.jobs.worker import run_until_empty
from unionhall.kernel.actor import Actor


class Desk:
    def __init__(self, here: World, folder: Path, officer: Actor, template: str = "members") -> None:
        self.here, self.folder, self.officer = here, folder, officer
        self.template: Template = by_name(template)
        self.home: Path = settings.HOME
        self.path = folder / "名册.xlsx"

    def roster(self, count: int, **more: Any) -> list[dict[str, Any]]:
        """Good rows of the joint union."""
        return roster_rows(count, union="U02", uscc="", **more)

    def doubtful(self, count: int) -> list[dict[str, Any]]:
        """Rows whose number begins with a division there never was."""
        rows = self.roster(count)
        for at, row in enumerate(rows):
            row["document_number"] = dirty.number(1 + 2 * at, "19800101", "119999")
        return rows

    def place_of(self, key: str) -> int:
        return [column.key for column in self.template.columns].index(key)

    def received(self, path: Path) -> Upload:
        return uploads.record(uploads.take(self.template, path, path.name, by=self.officer), by=self.officer)

    def pasted(self, rows: list[dict[str, Any]], *, headed: bool = True) -> Upload:
        keys = [column.key for column in self.template.columns]
        lines = ["\t".join(str(row[key]) for key in keys) for row in rows]
        head = "\t".join(column.header for column in self.template.columns)
        text = "\r\n".join([head, *lines] if headed else lines)
        path = self.folder / "p.csv"
        taken = uploads.take_pasted(self.template, text, headed=headed, by=self.officer, path=path)
        return uploads.record(taken, by=self.officer)

    def check(self, upload: Upload) -> Upload:
        """Columns as guessed, then the job."""
        proposal = mapping.propose(self.template, uploads.head(upload), by=self.officer, path=upload.path)
        chosen = {one.key: one.under for one in proposal.choices}
        upload = uploads.choose(upload.pk, proposal.row, chosen, by=self.officer)
        imports.start_check(upload, by=self.officer)
        return self.worked(upload)

    def checked(self, rows: list[dict[str, Any]]) -> Upload:
        return self.check(self.received(write_roster(self.path, rows)))

    def brought_in(self, upload: Upload) -> Upload:
        upload, _ = uploads.confirm(upload.pk, by=self.officer)
        imports.start_bringing_in(upload, by=self.officer)
        return self.worked(upload)

    def run_twice(self, upload: Upload) -> None:
        imports.start_bringing_in(upload, by=self.officer)
        imports.start_bringing_in(upload, by=self.officer)
        self.worked(upload)

    def withdrawn(self, upload: Upload, reason: str) -> None:
        assert upload.batch is not None
        imports.start_withdrawal(upload.batch, by=self.officer, reason=reason, place=upload.path)
        self.worked(upload)

    def worked(self, upload: Upload) -> Upload:
        run_until_empty()
        failed = Job.objects.filter(state=FAILED).first()
        assert failed is None, failed.message
        return Upload.objects.select_related("batch").get(pk=upload.pk)

    def rows_of(self, path: Path) -> int:
        return len(load_workbook(path).get_sheet_by_index(0).to_python()) - 1
