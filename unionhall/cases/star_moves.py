"""What a step of rating a station makes: its declaration in the register, the stars it holds and until when; once, within the step's
transaction.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from unionhall.cases import station_rules
from unionhall.cases.models import Case
from unionhall.cases.station_models import StarHeld
from unionhall.cases.stepping import by_another
from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.workflow import Move
from unionhall.organisations.actions import station_life
from unionhall.organisations.days import years_after

MOST, LONGEST = 5, 10
"""Stars; years they may be given for, of which more is a slip of the pen."""


def follow(case: Case, step: Move, values: Mapping[str, Any], *, on: date, by: Actor) -> None:
    """Within the transaction of a step of a rating, before it is saved. Refused: one's own declaration reviewed by oneself, a number of stars or a period there is none of, stars that are held no
    longer or were given anew since, and what the register refuses.
    """
    station = station_rules.in_turn(case, on)
    if step.target == "declared":
        first = station_life.declare_star(station, on=on, subject=case.subject, by=by)
        case.details = {**case.details, "first": first, "declared_on": on.isoformat()}
    elif step.name == "recall":
        case.save(update_fields=["state"])  # so that the register is no longer held to it
        station_life.take_back_declaration(station, first=bool(case.details.get("first")), subject=case.subject, by=by)
    elif step.target in ("reviewed", "awarded"):
        by_another(case, "declared", by)
    if step.target == "awarded":
        _give(case, _stars(values), _until(values, on), on, by)
    elif step.target == "kept":
        _give(case, _held(case).stars, _until(values, on), on, by)
    elif step.target == "lowered":
        stars, now = _stars(values), _held(case).stars
        if stars >= now:
            raise Refused("降星要比现在的 {now} 星少。", code="stars", now=now)
        _give(case, stars, _until(values, on), on, by)
    elif step.target == "withdrawn":
        _held(case)
        _end(station, on, by)


def _give(case: Case, stars: int, until: date, on: date, by: Actor) -> None:
    _end(case.station_id or 0, on, by)
    row = StarHeld.objects.create(station_id=case.station_id or 0, stars=stars, since=on, until=until, case=case)
    audit.write(
        "station.star", by=by, subject=f"station:{case.station_id}", path=case.path, rows=(row,), note=str(stars)
    )


def _end(station: int, on: date, by: Actor) -> None:
    """What is held ends on this day. Refused: it began later."""
    rows = list(StarHeld.objects.filter(station=station, until__gt=on).order_by("pk"))
    for row in rows:
        if row.since > on:
            raise Refused("现有的星级自 {since} 起，日期不能更早。", code="on", since=row.since.isoformat())
        row.until = on
        row.save(update_fields=["until"])
    audit.wrote("station.star_end", StarHeld, [row.pk for row in rows], by=by)


def _held(case: Case) -> StarHeld:
    """The last stars of the station, which this matter gave. Refused: another has given some since."""
    row: StarHeld | None = StarHeld.objects.filter(station=case.station_id).order_by("-pk").first()
    if row is None or row.case_id != case.pk:
        raise Refused("这个站后来另有评定，请在那件事项里复核。")
    return row


def _stars(values: Mapping[str, Any]) -> int:
    stars = values["stars"]
    if not isinstance(stars, int) or not 1 <= stars <= MOST:
        raise Refused("星级是一星到五星，请选择。", code="stars")
    return stars


def _until(values: Mapping[str, Any], on: date) -> date:
    """The day on which they run out, as it was typed: "2029-01-01"."""
    try:
        until = date.fromisoformat(str(values["star_until"]))
    except ValueError:
        raise Refused("请按 2015-03-01 这样填写日期。", code="star_until") from None
    if not on < until <= years_after(on, LONGEST):
        raise Refused("有效期应在办理日期以后，最长 {longest} 年。", code="star_until", longest=LONGEST)
    return until
