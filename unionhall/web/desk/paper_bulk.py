"""The step of the list of matters that makes papers for many of them at once; a job does it (jobs.tasks.case_papers)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from unionhall import catalogue
from unionhall.cases.paper_moves import MOST_AT_ONCE
from unionhall.cases.papers import Paper
from unionhall.cases.reach import may_see
from unionhall.cases.service import CaseService
from unionhall.jobs.tasks.case_papers import papers_of_many
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours
from unionhall.web.desk.forms import DeskForm
from unionhall.web.desk.register import Bulk


class BulkForm(DeskForm):
    paper = forms.ChoiceField(label=_("哪一种文书"))
    kind = forms.ChoiceField(label=_("文件格式"), choices=(("pdf", "PDF"), ("docx", "Word")), initial="pdf")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = {paper.key: _named(paper) for paper in _papers(self.actor)}
        self.fields["paper"].choices = [("", "—"), *seen.items()]  # type: ignore[attr-defined]


def _papers(actor: Actor | None) -> list[Paper]:
    """The papers of the services this account sees."""
    services = [one for one in catalogue.SERVICES if isinstance(one, CaseService)]
    return [paper for one in services if actor is not None and may_see(actor, one.key) for paper in one.papers]


def _named(paper: Paper) -> str:
    return _t("%(paper)s（全部列在一份里）") % {"paper": _t(paper.title)} if paper.many else _t(paper.title)


def _never(key: int, by: Actor, values: Mapping[str, Any]) -> None:
    raise NotYours(f"case:{key}")  # a job makes them


BULK = Bulk(
    "papers", _("制作文书"), _never, "cases.change", form=BulkForm, task=papers_of_many, most=MOST_AT_ONCE,
    ask=_("每件一份，各有文号，打成一个压缩包；要手写的地方留空。不在这种文书的状态里的事项不制作，结果里逐件说明。"),
)  # fmt: skip
