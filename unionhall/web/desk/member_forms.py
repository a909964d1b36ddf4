"""The forms about one member, and how what they say is judged: by the same checks as a row of the members' roster."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionhall.exchange.membersheet import COLUMNS, CONTRACTS, HUKOU, SEXES
from unionhall.exchange.scope import Scope
from unionhall.exchange.template import Judged, Verdict
from unionhall.exchange.templates.people import TEMPLATE
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import KINDS
from unionhall.people.actions import ENDS, Identity
from unionhall.people.membership_moves import SOURCES, Work
from unionhall.people.models import Membership, Person
from unionhall.storage.sealed import indexer
from unionhall.web.desk.forms import DeskForm
from unionhall.web.desk.picking import EmployerField, UnionField, choices, shown
from unionhall.web.refusals import in_words

_READ = {column.key: column.read for column in COLUMNS}
_FIELD_OF = {"document_number": "number", "uscc": "employer"}
"""Column of the roster -> field of the form, where they differ."""


class MemberForm(DeskForm):
    """Who the member is and where they work. Each text is read as the roster's column of that name reads a cell."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    sex = forms.ChoiceField(label=gettext_lazy("性别"), required=False, help_text=gettext_lazy("有身份证的可不填"))
    birth = forms.DateField(label=gettext_lazy("出生日期"), required=False, help_text=gettext_lazy("有身份证的可不填"))
    mobile = forms.CharField(label=gettext_lazy("手机号码"), max_length=32, required=False)
    ethnicity = forms.CharField(label=gettext_lazy("民族"), max_length=16, required=False)
    education = forms.CharField(label=gettext_lazy("学历"), max_length=16, required=False)
    hukou = forms.ChoiceField(label=gettext_lazy("户籍性质"), required=False)
    employer = EmployerField(label=gettext_lazy("单位"), required=False)
    job = forms.CharField(label=gettext_lazy("岗位"), max_length=64, required=False)
    contract = forms.ChoiceField(label=gettext_lazy("合同类型"), required=False)
    since = forms.DateField(label=gettext_lazy("批准入会日期"), help_text=gettext_lazy("工会委员会批准的日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("sex", SEXES), ("hukou", HUKOU), ("contract", CONTRACTS)):
            self.fields[name].choices = choices(words)
        self.fields["mobile"].widget.attrs |= {"inputmode": "tel", "data-secret": "1", "autocomplete": "off"}

    def read(self, name: str, key: str = "") -> None:
        """Settle one text as the roster's column reads it; what it refuses is this field's error."""
        text = self.cleaned_data.get(name)
        if text:
            try:
                self.cleaned_data[name] = _READ[key or name](text)
            except Refused as refused:
                self.add_error(name, in_words(refused))

    def clean(self) -> dict[str, Any]:
        for name in ("name", "mobile", "ethnicity", "education", "job"):
            self.read(name)
        return self.cleaned_data


class AdmitForm(MemberForm):
    """A new member."""

    document = forms.ChoiceField(
        label=gettext_lazy("证件类型"), required=False, help_text=gettext_lazy("不填时按号码识别")
    )
    number = forms.CharField(label=gettext_lazy("证件号码"), max_length=40)
    union = UnionField(label=gettext_lazy("工会"))
    accept = forms.BooleanField(label=gettext_lazy("以上已逐项核对，仍要登记"), required=False)
    field_order = ("name", "document", "number", "sex", "birth", "mobile", "union", "employer", "job", "contract", "since",
                   "ethnicity", "education", "hukou", "accept")  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].choices = choices(KINDS, _("按号码识别"))
        self.fields["number"].widget.attrs |= {"data-secret": "1", "autocomplete": "off"}
        self.fields["accept"].widget = forms.HiddenInput()
        self.judged: Judged | None = None

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        self.read("number", "document_number")
        if not self.errors:
            self._judge(said)
        if self.judged is None and isinstance(self.fields["accept"].widget, forms.HiddenInput):
            # Said of something else than what will be sent next.
            self.data = self.data.copy()
            self.data.pop("accept", None)
        return said

    def _judge(self, said: Mapping[str, Any]) -> None:
        """What the roster's loader says of this as a row of its own."""
        told = {
            "name": said["name"], "document": said["document"], "document_number": said["number"], "sex": said["sex"],
            "birth": said["birth"], "ethnicity": said["ethnicity"], "education": said["education"],
            "hukou": said["hukou"], "mobile": said["mobile"], "union": said["union"].code,
            "uscc": said["employer"].uscc if said["employer"] else "", "job": said["job"], "contract": said["contract"],
            "since": said["since"], "state": "active",
        }  # fmt: skip
        row = TEMPLATE.row(1, *(told.get(column.key, column.read.empty) for column in COLUMNS), b"")
        try:
            row = TEMPLATE.check(row) if TEMPLATE.check else row
        except Refused as refused:
            self.add_error(_field(refused.code, self), in_words(refused))
            return
        assert self.actor is not None
        loader = TEMPLATE.loader(self.actor, timezone.localdate())
        (one,) = loader.judge([TEMPLATE.row._make(row)])
        Scope(self.actor, TEMPLATE.name).refuse(loader, [one])
        if one.verdict == Verdict.NEW or (one.accepted == Verdict.NEW and said.get("accept")):
            self.judged = one
        elif one.verdict in (Verdict.CHANGED, Verdict.UNCHANGED) or one.accepted == Verdict.CHANGED:
            self.add_error("number", _("此证件号码已有在册会籍，一人只有一个会籍。请在会员列表里按证件号查找。"))
        else:
            for key, sentence in one.reasons:
                self.add_error(_field(key, self), sentence)
            if one.accepted == Verdict.NEW:  # it may be right all the same: ask whether it was looked at
                self.fields["accept"].widget = forms.CheckboxInput()

    @property
    def identity(self) -> Identity:
        """The person as judged: the number settled, sex and birth by the number."""
        assert self.judged is not None
        row, note = self.judged.row, self.judged.note
        return Identity(row.name, row.document.rstrip("?"), row.document_number, note.number_index, row.mobile,
                        note.mobile_index, row.sex, row.birth, row.ethnicity, row.education, row.hukou)  # fmt: skip


def _field(key: str | None, form: forms.Form) -> str | None:
    name = _FIELD_OF.get(key or "", key)
    return name if name in form.fields else None


class CorrectForm(MemberForm):
    """A member's particulars stated anew. What the identity number itself says of them cannot be changed here."""

    field_order = ("name", "sex", "birth", "mobile", "employer", "job", "contract", "since", "ethnicity", "education",
                   "hukou")  # fmt: skip

    def __init__(self, *args: Any, row: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["mobile"].help_text = gettext_lazy("不改就不填")
        if row.person.document == "citizen":
            for name in ("sex", "birth"):
                self.fields[name].disabled = True
                self.fields[name].help_text = gettext_lazy("由身份证号码确定")
        if row.follows_id is not None:
            self.fields["since"].disabled = True
            self.fields["since"].help_text = gettext_lazy("这段会籍由上一段接续而来")

    @staticmethod
    def initial_of(row: Membership) -> dict[str, Any]:
        person = row.person
        return {
            "name": person.name, "sex": person.sex, "birth": person.birth, "ethnicity": person.ethnicity,
            "education": person.education, "hukou": person.hukou, "employer": shown(row.employer), "job": row.job,
            "contract": row.contract, "since": row.since,
        }  # fmt: skip

    @property
    def identity(self) -> Identity:
        said, person = self.cleaned_data, self.row.person
        mobile = said["mobile"]
        index = indexer(Person, "mobile")(mobile) if mobile else None
        return Identity(said["name"], person.document, "", bytes(person.number_index), mobile, index, said["sex"],
                        said["birth"], said["ethnicity"], said["education"], said["hukou"])  # fmt: skip


def work(said: Mapping[str, Any]) -> Work:
    """Where a form says the member works."""
    return Work(said["employer"].pk if said["employer"] else None, said["job"], said["contract"])


def _today() -> date:
    return timezone.localdate()


class OnForm(DeskForm):
    """The day something holds from."""

    on = forms.DateField(label=gettext_lazy("日期"), initial=_today)


class TransferForm(OnForm):
    """Where the member goes."""

    union = UnionField(label=gettext_lazy("转到哪个工会"))
    employer = EmployerField(label=gettext_lazy("新单位"), required=False)
    field_order = ("union", "employer", "on")


class ConfirmForm(OnForm):
    """Who confirmed the membership, and when."""

    source = forms.ChoiceField(label=gettext_lazy("由谁确认"), widget=forms.RadioSelect)
    field_order = ("source", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = choices(SOURCES)[1:]


class EndForm(OnForm):
    """Why a membership ends."""

    because = forms.ChoiceField(label=gettext_lazy("原因"), widget=forms.RadioSelect)
    field_order = ("because", "on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {key: {"transferred": _("转出本区"), "left": _("退会"), "deceased": _("去世")}[key] for key in ENDS}
        self.fields["because"].choices = list(titles.items())
