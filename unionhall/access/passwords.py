"""What a password must be: one of two profiles (settings.PROFILE).

asvs: long, not among the commonest, none of one's own names; never changed for the calendar's sake (OWASP ASVS 5.0, 6.2).
dengbao3: besides, three kinds of characters, changed every 90 days, none of the last five (GB/T 22239-2019 8.1.4.1).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from unionhall.kernel.errors import Refused

DIFFERENT = 5
"""A password has at least this many different characters."""
LONGEST = 128


@dataclass(frozen=True, slots=True)
class Profile:
    """`length` counts with the password alone, `with_second` where a device stands beside it. `days` 0: never too old."""

    length: int
    with_second: int
    kinds: int
    days: int
    remembered: int

    @property
    def lasts(self) -> timedelta | None:
        return timedelta(days=self.days) if self.days else None


PROFILES = {
    "asvs": Profile(length=12, with_second=8, kinds=1, days=0, remembered=1),
    "dengbao3": Profile(length=12, with_second=8, kinds=3, days=90, remembered=5),
}


def profile() -> Profile:
    """The profile of this installation."""
    return PROFILES[settings.PROFILE]


def check(password: str, *, own: Iterable[str], second: bool, before: Iterable[str]) -> None:
    """Raise `Refused` unless this may become a password.

    `own` are names of its owner, `second` whether a device stands beside it, `before` the hashes it must not repeat.
    """
    rules = profile()
    least = rules.with_second if second else rules.length
    if len(password) < least:
        raise Refused(
            "密码至少 {least} 位，现在是 {password} 位。可以用几个不相干的词连起来。",
            least=least,
            password=len(password),
        )
    if len(password) > LONGEST:
        raise Refused("密码最多 {longest} 位。", longest=LONGEST)
    if kinds(password) < rules.kinds:
        raise Refused("密码要含大写字母、小写字母、数字、符号中的至少三种。")
    if len(set(password)) < DIFFERENT or password.casefold() in _commonest():
        raise Refused("这个密码太常见，很容易被猜到，请换一个。")
    if any(len(name) > 2 and name.casefold() in password.casefold() for name in own):
        raise Refused("密码里不要有用户名或姓名，请换一个。")
    if any(check_password(password, encoded) for encoded in before):
        raise Refused("这个密码以前用过，请换一个没有用过的。")


def kinds(password: str) -> int:
    """How many of capital letters, small letters, digits and other characters there are; 汉字 are others."""
    tests = (str.isupper, str.islower, str.isdigit)
    others = any(not any(test(one) for test in tests) for one in password)
    return sum(any(test(one) for one in password) for test in tests) + others


@cache
def _commonest() -> frozenset[str]:
    """Django's list of twenty thousand."""
    return frozenset(CommonPasswordValidator().passwords)
