"""The lists of the desk, what waits in them, and what can be taken back. Their addresses follow from this (`routes`).

A new list adds its line to REGISTERS; its own pages (detail, forms) go to PAGES, what waits in it to WAITING, its inverses
to INVERSES.
"""

from collections.abc import Mapping

from django.urls import URLPattern

from unionhall.web.desk import (
    agreements,
    auditing,
    card_batch,
    cards,
    case_forms,
    cases,
    funds,
    imports,
    jobs,
    looking,
    members,
    offers,
    picking,
    standing,
)
from unionhall.web.desk.imports import ending as batches
from unionhall.web.desk.register import Register
from unionhall.web.desk.todo import Waiting
from unionhall.web.desk.undo import TakeBack

REGISTERS: tuple[Register, ...] = (
    members.register,
    cards.register,
    agreements.register,
    cases.register,
    offers.register,
    offers.uses,
    funds.register,
    funds.entries,
    batches.register,
    auditing.register,
    *standing.REGISTERS,
)

PAGES: tuple[list[URLPattern], ...] = (
    members.urlpatterns,
    picking.urlpatterns,
    cards.urlpatterns,
    card_batch.urlpatterns,
    agreements.urlpatterns,
    case_forms.urlpatterns,
    offers.urlpatterns,
    funds.urlpatterns,
    imports.urlpatterns,
    jobs.urlpatterns,
    looking.urlpatterns,
    auditing.urlpatterns,
    *standing.PAGES,
)

WAITING: tuple[Waiting, ...] = (
    *members.WAITING,
    *cards.WAITING,
    *agreements.WAITING,
    *cases.WAITING,
    *looking.WAITING,
    *standing.WAITING,
)

INVERSES: Mapping[str, TakeBack] = {**members.INVERSES, **cards.INVERSES, **standing.INVERSES}
