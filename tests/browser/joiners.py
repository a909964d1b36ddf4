"""python -m tests.browser.joiners SHAPE: into a district that is looked at already, somebody who is a member of nothing, with a
telephone, and an employer of the first street that no union covers. Written as JSON: what a test types.
"""

import json
import sys
from datetime import date

import django

SHAPES = ("phone", "desktop")

if __name__ == "__main__":
    django.setup()

from tests import world  # noqa: E402 - the models need the apps, which a script sets up itself
from unionhall.kernel.actor import SYSTEM  # noqa: E402
from unionhall.organisations.actions import EmployerRow, record_employers  # noqa: E402
from unionhall.organisations.models import Cover, Place  # noqa: E402


def build(shape: str) -> dict[str, str]:
    at = SHAPES.index(shape)
    number = world.a_number(460 + at, date(1991, 5, 1))
    _person, _number, mobile = world.a_person("高山青", number=number, mobile=f"1390099009{at}")
    path = Place.objects.get(code="S011").path
    bare = EmployerRow(world.a_uscc(900 + at), f"望河{shape}速递有限公司", path, "private", "G60", 45)
    record_employers([bare], by=SYSTEM)
    covered = Cover.objects.filter(path=path, until=None).select_related("employer", "union").earliest("pk")
    return {
        "mobile": mobile, "four": number[-4:], "bare": bare.name, "code": bare.uscc, "covered": covered.employer.name,
        "union": covered.union.name,
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(build(sys.argv[1])))
