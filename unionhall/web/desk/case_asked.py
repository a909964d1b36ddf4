"""What a step asks for besides money and reasons, as fields: labels, hints and how much is written."""

from django import forms
from django.utils.translation import gettext_lazy as _

from unionhall.cases.actions import NOTED

ASKED = {
    "visitors": (_("巡查人员"), _("两人以上，写出每个人的姓名，用顿号隔开。")),
    "finding": (_("查明的情况"), _("加密保存；查看要写明理由。")),
    "elsewhere": (_("是否已经在调解、仲裁或诉讼中"), ""),
    "body": (_("移送到哪个机构"), ""),
    "agenda": (_("商定的议题"), ""),
    "minutes": (_("会议纪要"), _("加密保存；查看要写明理由。")),
    "attended": (_("到会的人"), _("哪些人、各多少人，例如：分会主席 6 人、职工代表 20 人。")),
    "opinions": (_("职工的意见"), _("一行一条，不写姓名。")),
    "draft": (_("办法草案的要点"), _("一行一条。")),
    "assembly": (_("哪一次会议通过"), _("例如：第三届职工代表大会第二次会议。")),
}
"""What a step asks for besides money and reasons -> its label and what to write."""
LONG = ("opinions", "draft")
"""What of it takes several lines."""


def field(name: str) -> forms.Field:
    """The field of something only some services' steps ask for."""
    label, hint = ASKED.get(name, (name, ""))
    if name == "elsewhere":
        return forms.ChoiceField(label=label, choices=[("", "—"), ("no", _("没有")), ("yes", _("有"))])
    if name in NOTED:
        area = forms.Textarea(attrs={"rows": 6, "data-secret": ""})
        return forms.CharField(label=label, help_text=hint, max_length=2000, widget=area)
    if name in LONG:
        return forms.CharField(label=label, help_text=hint, max_length=1000, widget=forms.Textarea(attrs={"rows": 6}))
    return forms.CharField(label=label, help_text=hint, max_length=200)
