"""The clocks of matters: reminders, and late ones that rise a level. Every hour; what was done today is not done again."""

from django.utils import timezone
from django_tasks import task

from unionhall import catalogue
from unionhall.cases import reminding_moves
from unionhall.kernel.actor import SYSTEM


@task
def remind() -> dict[str, int]:
    """How many clocks were reckoned and reminded of, and how many matters rose."""
    assert catalogue.SERVICES  # their clocks are declared by being imported
    return reminding_moves.each_day(timezone.localdate(), by=SYSTEM)._asdict()
