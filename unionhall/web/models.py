"""What the desk keeps of how people work: views they saved, columns they chose, forms they sent, what can be undone.

None of it is a record of the union; no figure counts it. Queries and arguments hold keys and ids, never a person's data.
"""

from typing import Self

from django.db import models
from django.db.models import Q

from unionhall.kernel.actor import Actor
from unionhall.kernel.paths import within


class Views(models.QuerySet["SavedView"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, and those shared at a place one works at, or above it."""
        above = {post.path[:end] for post in actor.posts for end in range(0, len(post.path) + 1, 3)}
        return self.filter(Q(account=actor.account) | Q(shared_at__in=above))


class SavedView(models.Model):
    """A list as somebody wants it again: the query of its address. `shared_at` is the path of the post that shares it."""

    id = models.BigAutoField(primary_key=True)
    account = models.BigIntegerField()
    register = models.CharField(max_length=32)
    name = models.CharField(max_length=32)
    query = models.CharField(max_length=1500)
    shared_at = models.CharField(max_length=24, null=True, blank=True)
    made_at = models.DateTimeField()
    objects = Views.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "register", "name"], name="view_named_once")]
        indexes = [models.Index(fields=["register", "shared_at"], name="view_shared")]

    def __str__(self) -> str:
        return self.name


class ChosenColumns(models.Model):
    """The columns somebody wants to see of a list; without a row, those of its declaration."""

    id = models.BigAutoField(primary_key=True)
    account = models.BigIntegerField()
    register = models.CharField(max_length=32)
    names = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "register"], name="columns_once")]


class Sent(models.Model):
    """A form that was carried out, by the key it was drawn with: sent twice, it is carried out once."""

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(unique=True)
    account = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    then = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="sent_at")]


class Undo(models.Model):
    """Something done that can be taken back for a day, by an event of its own. `inverse` names it in the registry."""

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(unique=True)
    account = models.BigIntegerField(null=True, blank=True)
    title = models.CharField(max_length=120)
    inverse = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "made_at"], name="undo_of_account")]

    def __str__(self) -> str:
        return self.title


class BulkRun(models.Model):
    """What became of each row something was done to: `results` is [[id, title, reason or ""], …] in the list's order."""

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(unique=True)
    account = models.BigIntegerField(null=True, blank=True)
    register = models.CharField(max_length=32)
    bulk = models.CharField(max_length=32)
    results = models.JSONField(default=list)
    at = models.DateTimeField()


def shared_by(actor: Actor, path: str) -> bool:
    """May this actor share a view at this place? Only where a post of theirs stands."""
    return any(post.path == path or within(path, post.path) for post in actor.posts)
