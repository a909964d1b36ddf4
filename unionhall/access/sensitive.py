"""Every sealed field of the house: which may be opened, by whom a look at it is known, and which are never shown.

A test fails for a sealed column that is in neither list; the field matrix reads them.
"""

from typing import NamedTuple

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unionhall.storage.sealed import SealedField

RIGHT = "secrets.reveal"
"""The right that opens a sealed value, for a purpose, with a line in the book of looks."""


class Sensitive(NamedTuple):
    """A field that may be opened. `field` is "app.model.name"; `about` and `places` lead from its row to the person and to
    the digit paths by which the row is reached; `given`, to the account it was given to by name, who may open it without
    any right. `file_right`: no page opens it, only a file made by who has this right.
    """

    field: str
    title: Promise
    about: str
    places: str
    file_right: str = ""
    given: str = ""

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.field.rpartition(".")[0])

    @property
    def column(self) -> str:
        """ "table.column", as `Secret` names it to its witness."""
        column = self.model._meta.get_field(self.field.rpartition(".")[2])
        assert isinstance(column, SealedField)
        return column.sealed_as


REVEALABLE = (
    Sensitive("people.person.number", _("证件号码"), "pk", "memberships__path"),
    Sensitive("people.person.mobile", _("手机号"), "pk", "memberships__path"),
    Sensitive("people.card.number", _("会员卡号"), "person_id", "path"),
    Sensitive("cases.case.sealed_details", _("案件密封内容"), "person_id", "path", given="lawyer"),
    Sensitive("cases.note.text", _("办理记录"), "case__person_id", "path", given="case__lawyer"),
    Sensitive("cases.reckoning.told", _("家庭收入核算"), "case__person_id", "path"),
    Sensitive("cases.gift.donor", _("捐赠人"), "drive__case__person_id", "path"),
    Sensitive("people.householdmember.name", _("家庭成员姓名"), "household__head_id", "household__path"),
    Sensitive("people.householdmember.number", _("家庭成员证件号码"), "household__head_id", "household__path"),
    Sensitive("people.payeeaccount.number", _("收款账号"), "person_id", "path", file_right="payees.open"),
    Sensitive("cases.issuedpaper.content", _("文书内容"), "person_id", "path"),
    Sensitive("exchange.casefile.name", _("事项材料"), "case__person_id", "case__path", given="case__lawyer"),
)

REFERRED = Sensitive("cases.referral", _("转介给别处的材料"), "", "")
"""What was shown by a referral, as the book of looks names it: fields of a matter its handler chose."""

CLOSED: dict[str, str] = {
    "access.secondfactor.seed": "read by the sign-in only",
    "access.secondfactor.unseen": "shown once, to its owner only",
    "cases.referral.asked": "what a referral asks: read by who it was given to, in the book of looks of whom it tells of",
    "exchange.upload.head": "the first rows of an import, shown to its owner while columns are matched; gone with the upload",
    "exchange.shown.content": "rows of an import its owner looks over; gone with the upload",
    "exchange.fix.cells": "cells of an import its owner is mending; gone with the upload",
    "jobs.job.private": "what a job must know to do its work; emptied when it ends",
    "offers.note.text": "what a counsellor keeps for themselves: read by the account that wrote it, and nobody else",
    "offers.profile.contact": "read by its owner, and by who they said yes to and who said yes to them",
    "offers.profile.words": "read by its owner, and by those at the same event who take part, too",
    "offers.participation.comment": "what somebody said of where they were; for the eyes of who runs it",
    "outbox.message.destination": "read by whoever delivers the message",
    "outbox.message.text": "read by whoever delivers the message",
    "outbox.notice.content": "what somebody is told, opened for them alone",
    "outbox.preference.mailbox": "where somebody's mail goes; read by whoever delivers it",
    "outbox.preference.wechat_id": "what a follower is known by; read by whoever delivers the message",
}
"""Sealed fields no page opens for anybody but the machinery that needs them."""


def find(field: str) -> Sensitive:
    """The field of this name; raises `LookupError` when there is none that may be opened."""
    for one in REVEALABLE:
        if one.field == field:
            return one
    raise LookupError(f"no field to reveal: {field}")


def sealed_fields() -> list[str]:
    """ "app.model.name" of every sealed column there is."""
    return sorted(
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    )
