"""Which matters are a department's business, as a condition on rows that carry a `service`."""

from django.db.models import Q


def of_services(services: tuple[str, ...]) -> Q:
    """Rows of services by the first part of their keys: "aid" takes "aid.medical"."""
    where = Q(service__in=services)
    for first in services:
        where |= Q(service__startswith=f"{first}.")
    return where
