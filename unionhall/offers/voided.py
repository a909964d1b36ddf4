"""Which uses were declared void: a use whose line in the journal no longer stands."""

from collections.abc import Iterable

from unionhall.journal.models import Line


def voided(uses: Iterable[int]) -> set[int]:
    """Of these participations (ids), those whose use was declared void."""
    wanted = {f"participation:{use}": use for use in uses}
    lines = Line.objects.standing().filter(subject__in=list(wanted), act="used")
    return set(wanted.values()) - {wanted[subject] for subject in lines.values_list("subject", flat=True)}
