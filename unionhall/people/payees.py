"""Where somebody is paid: read for the pages that show it masked, and for the order that pays it."""

from collections.abc import Iterable

from django.db.models import Q

from unionhall.people.models import Person
from unionhall.people.payee_models import PayeeAccount


def accounts_of(people: Iterable[int]) -> dict[int, PayeeAccount]:
    """Person -> the account that holds now. Who was merged is paid where the one who was kept is, and the other way round."""
    wanted = set(people)
    together: dict[int, set[int]] = {}
    rows = Person.objects.filter(Q(pk__in=wanted) | Q(merged_into__in=wanted)).values_list("pk", "merged_into")
    for person, kept in rows:
        together.setdefault(person, {person}).add(kept or person)
        together.setdefault(kept or person, {kept or person}).add(person)
    everybody = {one for group in together.values() for one in group}
    held = {
        row.person_id: row
        for row in PayeeAccount.objects.filter(person__in=everybody, until=None).select_related("person")
    }
    found: dict[int, PayeeAccount] = {}
    for person in wanted:
        mine = [held[one] for one in together.get(person, {person}) if one in held]
        if mine:
            found[person] = max(mine, key=lambda row: (row.since, row.pk))
    return found
