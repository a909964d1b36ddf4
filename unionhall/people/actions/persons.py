"""Writing persons: who they are, two who may be one, and the merging of those who are."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from unionhall.journal import actions as journal
from unionhall.journal import audit
from unionhall.journal.actions import Entry
from unionhall.kernel.actor import Actor
from unionhall.kernel.errors import Refused
from unionhall.kernel.identifiers import name_key
from unionhall.people.models import Card, Duplicate, Membership, Person
from unionhall.storage import bulk
from unionhall.storage.bulk import Same
from unionhall.storage.sealed import sealer

_PERSON = ("id", "name", "name_key", "document", "number", "number_index", "mobile", "mobile_index", "sex", "birth",
           "ethnicity", "education", "hukou", "batch", "digest")  # fmt: skip


class Identity(NamedTuple):
    """A person as a form states them. `number_index` and `mobile_index` are the blind indexes of the two numbers."""

    name: str
    document: str
    number: str
    number_index: bytes
    mobile: str
    mobile_index: bytes | None
    sex: str
    birth: date | None
    ethnicity: str = ""
    education: str = ""
    hukou: str = ""


@transaction.atomic
def add_persons(identities: Sequence[Identity], *, by: Actor, batch: int | None = None) -> list[int]:
    """New persons; their ids, in order. The caller has looked them up by `number_index` and found none."""
    if not identities:
        return []
    numbers = bulk.ids(Person, len(identities))
    seal_number, seal_mobile = sealer(Person, "number"), sealer(Person, "mobile")
    bulk.insert(Person, _PERSON, (
        (number, name, name_key(name), document, seal_number(number, stated), number_index,
         seal_mobile(number, mobile) if mobile else None, mobile_index, sex, birth, ethnicity, education, hukou, batch, None)
        for number, (name, document, stated, number_index, mobile, mobile_index, sex, birth, ethnicity, education, hukou)
        in zip(numbers, identities, strict=True)
    ))  # fmt: skip
    audit.wrote("person.add", Person, numbers, by=by, about=_one(numbers), batch=batch)
    return numbers


class People(NamedTuple):
    """Many persons, by columns: as `Identity`."""

    names: Sequence[str]
    documents: Sequence[str]
    numbers: Sequence[str]
    number_indexes: Sequence[bytes]
    mobiles: Sequence[str]
    mobile_indexes: Sequence[bytes | None]
    sexes: Sequence[str]
    births: Sequence[date | None]
    ethnicities: Sequence[str]
    educations: Sequence[str]
    hukous: Sequence[str]


@transaction.atomic
def add_people(people: People, *, by: Actor, batch: int) -> list[int]:
    """`add_persons` for persons of an import who are held by columns."""
    count = len(people.names)
    numbers = bulk.ids(Person, count)
    seal_number, seal_mobile = sealer(Person, "number"), sealer(Person, "mobile")
    bulk.insert_columns(Person, _PERSON, (
        numbers, people.names, list(map(name_key, people.names)), people.documents,
        list(map(seal_number, numbers, people.numbers)), people.number_indexes,
        [seal_mobile(number, mobile) if mobile else None for number, mobile in zip(numbers, people.mobiles, strict=True)],
        people.mobile_indexes, people.sexes, people.births, people.ethnicities, people.educations, people.hukous,
        Same(batch), Same(None),
    ), count)  # fmt: skip
    audit.wrote("person.add", Person, numbers, by=by, batch=batch)
    return numbers


@transaction.atomic
def change_persons(changes: Sequence[tuple[int, Identity]], *, by: Actor, batch: int | None = None) -> None:
    """Persons stated anew: everything but the number itself, which is who they are. No mobile stated: it stays."""
    seal_mobile = sealer(Person, "mobile")
    bulk.update(Person, ("name", "name_key", "sex", "birth", "ethnicity", "education", "hukou"), [
        (number, p.name, name_key(p.name), p.sex, p.birth, p.ethnicity, p.education, p.hukou) for number, p in changes
    ])  # fmt: skip
    bulk.update(Person, ("mobile", "mobile_index"), [
        (number, seal_mobile(number, p.mobile), p.mobile_index) for number, p in changes if p.mobile
    ])  # fmt: skip
    numbers = [number for number, _ in changes]
    audit.wrote("person.change", Person, numbers, by=by, about=_one(numbers), batch=batch)


@transaction.atomic
def offer_duplicates(pairs: Iterable[tuple[int, int]], *, by: Actor, because: str, batch: int | None = None) -> int:
    """Two persons who may be one, for an officer to decide; a pair offered before is not offered again."""
    ordered = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    known = Duplicate.objects.filter(one__in=[one for one, _ in ordered]).values_list("one", "other")
    fresh = sorted(ordered - set(known))
    numbers = bulk.ids(Duplicate, len(fresh))
    columns = ("id", "one_id", "other_id", "because", "state")
    rows = [(number, one, other, because, "offered") for number, (one, other) in zip(numbers, fresh, strict=True)]
    bulk.insert(Duplicate, columns, rows)
    audit.wrote("person.offer", Duplicate, numbers, by=by, batch=batch)
    return len(fresh)


@transaction.atomic
def merge(duplicate: int, *, by: Actor, on: date, keep: int | None = None) -> int:
    """Two persons are one: the memberships and cards of one go to the other. The id of the person kept.

    Lines stay as they were written; figures of distinct persons follow `merged_into`. Two open memberships or two open
    cards must be settled first, by people.
    """
    pair = Duplicate.objects.select_for_update().get(pk=duplicate)
    if pair.state != "offered":
        raise Refused("这一对已经处理过了。")
    kept = keep if keep is not None else pair.one_id
    if kept not in (pair.one_id, pair.other_id):
        raise Refused("请在这两个人中选择保留哪一个。")
    gone = pair.other_id if kept == pair.one_id else pair.one_id
    if Person.objects.filter(pk__in=(kept, gone)).exclude(merged_into=None).exists():
        raise Refused("其中一人已经并入别人，请与保留下来的那个人合并。")
    if Membership.objects.filter(person__in=(kept, gone), until=None).count() > 1:
        raise Refused("两人都有正在生效的会籍，请先终止其中一个再合并。")
    if Card.objects.filter(person__in=(kept, gone), until=None).exclude(state="rejected").count() > 1:
        raise Refused("两人都有正在使用的卡，请先注销其中一张再合并。")
    memberships = list(Membership.objects.filter(person=gone).values_list("pk", flat=True))
    cards = list(Card.objects.filter(person=gone).values_list("pk", flat=True))
    Membership.objects.filter(pk__in=memberships).update(person=kept, digest=None)
    Card.objects.filter(pk__in=cards).update(person=kept, digest=None)
    Person.objects.filter(pk=gone).update(merged_into=kept)
    Duplicate.objects.filter(pk=duplicate).update(state="merged", decided_by=by.account, decided_on=on)
    path = Membership.objects.filter(person=kept).order_by("-since").values_list("path", flat=True).first() or ""
    journal.write(Entry("member", "merged", path, on, f"person:{gone}", person=kept), by=by)
    keys: audit.Keys = [(Person, [gone]), (Duplicate, [duplicate]), (Membership, memberships), (Card, cards)]
    audit.write("person.merge", by=by, subject=f"person:{gone}", path=path, keys=keys, about=kept)
    return kept


@transaction.atomic
def keep_apart(duplicate: int, *, by: Actor, on: date) -> None:
    """An officer decided that the two are two."""
    if not Duplicate.objects.filter(pk=duplicate, state="offered").update(
        state="apart", decided_by=by.account, decided_on=on
    ):
        raise Refused("这一对已经处理过了。")
    audit.wrote("person.apart", Duplicate, [duplicate], by=by)


def _one(numbers: Sequence[int]) -> int | None:
    """The person an action is about, when it is one."""
    return numbers[0] if len(numbers) == 1 else None
