"""What an officer writes down of a household: who belongs to it from a day on, and who does not any more."""

from collections.abc import Sequence
from datetime import date

from django.db import models, transaction
from django.utils import timezone

from unionhall.journal import audit
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import NotYours, Refused
from unionhall.kernel.identifiers import parse_document, parse_name
from unionhall.organisations.roles import holders
from unionhall.people.household_models import RELATIONS, Household, HouseholdMember
from unionhall.people.models import Person
from unionhall.storage import bulk
from unionhall.storage.sealed import indexer, sealer


def add_member(
    person: int, *, name: str, number: str, relation: str, on: date, path: str, by: Actor
) -> int:  # fmt: skip
    """Somebody lives with `person` from a day on; the row's id. The household begins with its first member.

    By number, somebody in the roster is found and stands there as themselves; of anybody else name and number are sealed.
    Refused: a number that is somebody else's, and who is written down already, here or with others.
    """
    by.must_reach(path, *holders("households.change"))
    name = parse_name(name)
    if relation not in RELATIONS or relation == "self":
        raise Refused("请选择与职工的关系。", code="relation")
    if on > timezone.localdate():
        raise Refused("日期不能晚于今天。", code="on")
    digits = parse_document(number, "citizen", today=timezone.localdate()).number if number.strip() else ""
    with transaction.atomic():
        # Two who write down the same household wait for each other.
        head = Person.objects.select_for_update().filter(pk=person).first()
        if head is None:
            raise NotYours(f"person:{person}")
        household, begun = _household(person, on, path)
        known = _known(digits, name)
        if known is not None and known.pk == person:
            raise Refused("这是职工本人，不用再登记。", code="number")
        if known is not None:
            _must_be_free(known.pk, household)
        row = _row(household, known, name, digits, relation, on)
        row.save(force_insert=True)
        written: Sequence[models.Model] = [*begun, row]
        audit.write("household.add", by=by, subject=f"household:{household.pk}", path=path, rows=written, about=person)
        return row.pk


def end_member(member: int, *, on: date, by: Actor) -> None:
    """Somebody belongs to the household no longer, from a day on; what they received before stays known."""
    with transaction.atomic():
        row = (
            HouseholdMember.objects.select_for_update(of=("self",))
            .select_related("household")
            .filter(pk=member)
            .first()
        )
        if row is None or not by.reaches(row.household.path, *holders("households.change")):
            raise NotYours(f"household member {member}")
        if row.until is not None:
            raise Refused("已经登记不再是这一户的人。", code="on")
        if on < row.since or on > timezone.localdate():
            raise Refused("日期不能早于登记的那一天，也不能晚于今天。", code="on")
        row.until = on
        row.save(update_fields=["until"])
        subject = f"household:{row.household_id}"
        audit.write("household.end", by=by, subject=subject, path=row.household.path, rows=[row], about=row.person_id)


def _household(person: int, on: date, path: str) -> tuple[Household, list[models.Model]]:
    """The household the person belongs to, or a new one that begins with them; the rows written for it."""
    held = HouseholdMember.objects.select_related("household").filter(person=person, until=None).first()
    if held is not None:
        return held.household, []
    household = Household.objects.create(path=path, opened_on=on, head_id=person)
    own = HouseholdMember.objects.create(household=household, person_id=person, relation="self", since=on)
    return household, [household, own]


def _known(number: str, name: str) -> Person | None:
    if not number:
        return None
    found = Person.objects.filter(number_index=indexer(Person, "number")(number)).first()
    if found is not None and found.name != name:
        raise Refused("这个证件号码登记的是另一个姓名，请核对。", code="number")
    return found


def _must_be_free(person: int, household: Household) -> None:
    held = HouseholdMember.objects.filter(person=person, until=None).first()
    if held is not None and held.household_id == household.pk:
        raise Refused("这个人已经登记在这一户里。", code="number")
    if held is not None:
        raise Refused("这个人登记在另一户里；确已搬来的，请先在那一户登记不再是家庭成员。", code="number")


def _row(
    household: Household, known: Person | None, name: str, number: str, relation: str, on: date
) -> HouseholdMember:  # fmt: skip
    (new,) = bulk.ids(HouseholdMember, 1)
    row = HouseholdMember(pk=new, household=household, person=known, relation=relation, since=on)
    if known is None:
        row.name = sealer(HouseholdMember, "name")(new, name)
        if number:
            row.number = sealer(HouseholdMember, "number")(new, number)
            row.number_index = indexer(Person, "number")(number)
    return row
