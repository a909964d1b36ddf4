"""The tables of matchmaking: what somebody says of themselves, sealed, and answers of which nobody can read whom they are about."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from unionhall.people.models import Person
from unionhall.storage.sealed import SealedField

DECLARED_FOR = timedelta(days=365)
"""How long a declaration of being single is good."""


class Profiles(models.QuerySet["Profile"]):
    def standing(self, now: datetime) -> Self:
        """Of who takes part now: not withdrawn, and declared single within a year."""
        return self.filter(withdrawn_at=None, declared_at__gt=now - DECLARED_FOR)


class Profile(models.Model):
    """What somebody says of themselves to those they met at an event. Sealed; emptied when they withdraw.

    There is no `visible_to`: no post, however high, lists who takes part.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    words = SealedField()
    contact = SealedField()
    declared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    objects = Profiles.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(words=None, contact=None), name="withdrawn_and_emptied"
            )
        ]


class Answer(models.Model):
    """Somebody's yes or no to somebody else they met at an event. `told` is a keyed digest of who, whom, where and which of the
    two: the tables do not say whom anybody chose, nor whether they did.
    """

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey("offers.Session", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    told = models.BinaryField(max_length=16, unique=True)
