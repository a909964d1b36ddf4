"""Every form the exchange takes in, in the order in which a new district brings them in."""

from unionhall.exchange.template import Template
from unionhall.exchange.templates import (
    accounts,
    activities,
    agreements,
    cards,
    cases,
    employers,
    honours,
    incomes,
    insurance,
    offers,
    outcomes,
    people,
    places,
    social,
    stations,
    unions,
)
from unionhall.kernel.errors import Refused

TEMPLATES: tuple[Template, ...] = (
    *places.TEMPLATES,
    *accounts.TEMPLATES,
    *incomes.TEMPLATES,
    *stations.TEMPLATES,
    *employers.TEMPLATES,
    *unions.TEMPLATES,
    *social.TEMPLATES,
    people.TEMPLATE,
    *cards.TEMPLATES,
    *offers.TEMPLATES,
    *activities.TEMPLATES,
    *outcomes.TEMPLATES,
    *cases.TEMPLATES,
    *insurance.TEMPLATES,
    *agreements.TEMPLATES,
    *honours.TEMPLATES,
)


def by_name(name: str) -> Template:
    """The template of that name; raises `Refused` with the names there are."""
    for template in TEMPLATES:
        if template.name == name:
            return template
    raise Refused(
        "没有“{name}”这个模板，可用的有：{templates}", name=name, templates=[template.name for template in TEMPLATES]
    )
