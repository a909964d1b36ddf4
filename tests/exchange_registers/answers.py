"""What became of the rows of a file, said shortly."""

from unionhall.exchange.run import Outcome


def verdicts(outcome: Outcome) -> dict[str, int]:
    """How many rows ended how; verdicts nobody got are left out."""
    return {verdict.value: count for verdict, count in outcome.counts.items() if count}


def reasons(outcome: Outcome, row: int) -> list[tuple[str | None, str]]:
    """(header, reason) of a sheet row that was given back."""
    (fault,) = [fault for fault in outcome.faults if fault.number == row]
    return [(outcome.template.column(key).header if key else None, words) for key, words in fault.reasons]


def only_reason(outcome: Outcome, row: int = 2) -> tuple[str | None, str]:
    """The one reason why a sheet row was given back."""
    (reason,) = reasons(outcome, row)
    return reason
