"""The packages that hold tables, from the ground up."""

CONCEPTS = (
    "unionhall.organisations.apps.Config",
    "unionhall.people.apps.Config",
    "unionhall.journal.apps.Config",
    "unionhall.indicators.apps.Config",
    "unionhall.ledger.apps.Config",
    "unionhall.messages.apps.Config",
    "unionhall.access.apps.Config",
    "unionhall.cases.apps.Config",
    "unionhall.offers.apps.Config",
    "unionhall.agreements.apps.Config",
    "unionhall.honours.apps.Config",
)
DOORS = (
    "unionhall.exchange.apps.Config",
    "unionhall.jobs.apps.Config",
    "unionhall.web.apps.Config",
)
