"""Setting the goals of a figure: for a place and, split, for the places below it. What stood before stays to be seen."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from unionhall.indicators import targets
from unionhall.indicators.figures import Figure
from unionhall.indicators.models import Target
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.organisations.roles import holders
from unionhall.storage import bulk, turns

_COLUMNS = ("id", "indicator", "year", "path", "goal", "reason", "by", "since", "until")


def set_goals(
    figure: Figure,
    year: int,
    at: str,
    goal: int | None,
    parts: Mapping[str, int | None],
    *,
    by: Actor,
    on: date,
    reason: str = "",
) -> int:
    """Make these the goals of a figure for a year: at a place, and at the places below (`parts`: path -> goal, None for
    none). How many were changed.

    Refused: parts that are all given and do not add up to the whole, and a goal changed or taken away without a reason.
    """
    wanted = {at: goal, **parts}
    for path in wanted:
        by.must_reach(path, *holders("targets.change"))
    targets.must_add_up(figure, goal, parts)
    with transaction.atomic():
        turns.take(Target)
        stood = {path: row for (_, path), row in targets.standing(year, wanted, [figure.key]).items()}
        before = {path: stood[path].goal if path in stood else None for path in wanted}
        changed = [path for path in wanted if wanted[path] != before[path]]
        if any(path in stood for path in changed) and not reason.strip():
            raise Refused("改动已定的目标要写明理由。", code="reason")
        closed = [stood[path].pk for path in changed if path in stood]
        bulk.update(Target, ("until",), [(pk, on) for pk in closed])
        fresh = [(path, value) for path in changed if (value := wanted[path]) is not None]
        numbers = bulk.ids(Target, len(fresh))
        bulk.insert(Target, _COLUMNS, [
            (number, figure.key, year, path, value, reason.strip(), by.account, on, None)
            for number, (path, value) in zip(numbers, fresh, strict=True)
        ])  # fmt: skip
        if changed:
            audit.write(
                "target.set", by=by, subject=f"target:{figure.key}"[:48], path=at, keys=((Target, [*closed, *numbers]),),
                note=f"{figure.key} {year}",
            )  # fmt: skip
        return len(changed)
