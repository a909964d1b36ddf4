"""The lists of the desk, what waits in them, and what can be taken back. Their addresses follow from this (`routes`).

A new list adds its line to REGISTERS; its own pages (detail, forms) go to PAGES, what waits in it to WAITING, its inverses
to INVERSES.
"""

from collections.abc import Mapping

from django.urls import URLPattern

from unionhall.web.desk import (
    agreements,
    auditing,
    books,
    budgets,
    card_batch,
    cards,
    case_chain,
    case_clocks,
    case_forms,
    case_handling,
    case_parties,
    case_referrals,
    cases,
    contests,
    counters,
    duties,
    funds,
    goods,
    imports,
    jobs,
    looking,
    members,
    notices,
    offers,
    orders,
    payees,
    picking,
    receipts,
    results,
    roster,
    session_days,
    session_steps,
    sessions,
    standing,
    statements,
    terms,
    wordings,
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
    cases.mine,
    offers.register,
    offers.uses,
    sessions.register,
    roster.register,
    duties.register,
    funds.register,
    funds.entries,
    orders.register,
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
    case_handling.urlpatterns,
    case_clocks.urlpatterns,
    case_parties.urlpatterns,
    case_chain.urlpatterns,
    case_referrals.urlpatterns,
    offers.urlpatterns,
    session_days.urlpatterns,
    sessions.urlpatterns,
    session_steps.urlpatterns,
    results.urlpatterns,
    contests.urlpatterns,
    roster.urlpatterns,
    duties.urlpatterns,
    terms.urlpatterns,
    goods.urlpatterns,
    counters.urlpatterns,
    statements.urlpatterns,
    funds.urlpatterns,
    budgets.urlpatterns,
    orders.urlpatterns,
    receipts.urlpatterns,
    payees.urlpatterns,
    books.urlpatterns,
    imports.urlpatterns,
    jobs.urlpatterns,
    looking.urlpatterns,
    auditing.urlpatterns,
    notices.urlpatterns,
    wordings.urlpatterns,
    *standing.PAGES,
)

WAITING: tuple[Waiting, ...] = (
    *members.WAITING,
    *cards.WAITING,
    *agreements.WAITING,
    *statements.WAITING,
    *books.WAITING,
    *orders.WAITING_HERE,
    *looking.WAITING,
    *standing.WAITING,
)

INVERSES: Mapping[str, TakeBack] = {**members.INVERSES, **cards.INVERSES, **standing.INVERSES}
