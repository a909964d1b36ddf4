"""How a roll of honours is declared: a figure for each title."""

from unionhall.indicators.figures import Flow
from unionhall.indicators.service import Service

COLUMNS = (
    ("授予日期", "on"),
    ("获得者", "person.masked"),
    ("单位", "employer.name"),
    ("类别", "kind"),
    ("记录", "subject"),
)


class HonourService(Service):
    """A register of honours."""


def granted(
    slug: str,
    title: str,
    title_en: str,
    unit: str,
    *,
    level: str,
    names: tuple[str, ...],
    also: tuple[str, ...] = (),
    people: bool = False,
) -> Flow:
    """A figure: honours of these titles and this level granted in the period (distinct persons where `people`)."""
    return Flow(
        slug=slug,
        title=title,
        title_en=title_en,
        unit=unit,
        unit_en="people" if people else "honours",
        act="granted",
        service="honour",
        kinds=tuple(kind(level, name) for name in names),
        count="people" if people else "lines",
        definition=f"当期授予的{'、'.join(names)}，以授予决定日期为准{'，同一人只计一次' if people else ''}；撤销的不从授予数中减去。",
        definition_en=f"{title_en[:1].upper()}{title_en[1:]} granted in the period, by date of decision; later revocation is counted apart.",
        also=also,
        columns=COLUMNS,
    )


def kind(level: str, title: str) -> str:
    """How journal lines name what was granted."""
    return f"{level}:{title}"
