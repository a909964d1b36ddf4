"""Tables of access, by what they are about."""

from unionhall.access.entry import (
    Invitation,
    OneTimeCode,
    PasswordOnce,
    RecoveryCode,
    SecondFactor,
    Session,
    Tries,
    WorkerAccount,
)
from unionhall.access.looking import AccessRow, Approval

__all__ = [
    "AccessRow", "Approval", "Invitation", "OneTimeCode", "PasswordOnce", "RecoveryCode", "SecondFactor", "Session",
    "Tries", "WorkerAccount",
]  # fmt: skip
