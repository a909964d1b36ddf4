"""How a kind of agreement is declared; counting its documents and covered employers comes with the declaration."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from unionhall.agreements.models import Agreement, AgreementCover
from unionhall.indicators.figures import Figure, Stock
from unionhall.indicators.service import Service
from unionhall.kernel.period import Period
from unionhall.organisations.models import Cover, RegisterEntry
from unionhall.organisations.places import newest_register

COVER_COLUMNS = (
    ("单位", "employer.name"), ("协议", "agreement.title"), ("编号", "agreement.number"), ("起", "since"), ("止", "until"),
)  # fmt: skip
AGREEMENT_COLUMNS = (("编号", "number"), ("名称", "title"), ("签订", "signed_on"), ("生效", "since"), ("届满", "until"))
BASE_COLUMNS = (
    ("单位", "employer.name"),
    ("名单", "register.name"),
    ("名单日期", "register.as_of"),
    ("职工人数", "workers"),
)


class AgreementService(Service):
    """A kind of agreement, with the figures every kind has: documents in force, employers covered, signing rate."""

    def __init__(self, *, key: str, title: str, title_en: str, row: int, figures: Sequence[Figure] = ()) -> None:
        standard = (
            documents_in_force(f"{title}份数", f"{title_en} in force", (key,)),
            employers_covered(f"{title}覆盖企业", f"employers covered by {title_en}", (key,)),
        )
        super().__init__(key=key, title=title, title_en=title_en, row=row, figures=(*standard, *figures))


def documents_in_force(title: str, title_en: str, kinds: tuple[str, ...], **more: object) -> Stock:
    """份: documents in force on the day, whatever number of employers each covers."""
    return Stock(
        slug="in_force",
        title=title,
        title_en=title_en,
        unit="份",
        unit_en="documents",
        definition="该日有效的协议份数：生效日期不晚于该日，且未届满、未终止。按文本计，不按企业计。",
        definition_en="Documents in force on the day: effective by then, neither expired nor ended. Documents, not employers.",
        register=lambda period: Agreement.objects.filter(service__in=kinds).on(period.last),
        of="协议登记",
        columns=AGREEMENT_COLUMNS,
        **more,  # type: ignore[arg-type]
    )


def employers_covered(title: str, title_en: str, kinds: tuple[str, ...], **more: object) -> Stock:
    """家: distinct employers covered by at least one agreement in force."""
    return Stock(
        slug="employers",
        title=title,
        title_en=title_en,
        unit="家",
        unit_en="employers",
        definition="该日至少受一份有效协议覆盖的企业数，同一企业只计一次；覆盖不等于协商。",
        definition_en="Distinct employers covered on the day by at least one agreement in force. Covered is not bargained.",
        register=lambda period: covers_in_force(kinds, period),
        of="协议覆盖单位",
        counting="employers",
        columns=COVER_COLUMNS,
        **more,  # type: ignore[arg-type]
    )


def covers_in_force(kinds: tuple[str, ...], period: Period) -> QuerySet[AgreementCover]:
    """Cover rows of these kinds that hold on the period's last day, of agreements that hold then too."""
    standing = Agreement.objects.on(period.last).filter(pk=OuterRef("agreement"))
    return AgreementCover.objects.on(period.last).filter(Exists(standing), service__in=kinds)


def able_to_bargain(period: Period) -> QuerySet[RegisterEntry]:
    """The base of signing rates: employers on the newest list kept for it that a union covers on the day."""
    covered = Cover.objects.on(period.last).filter(employer=OuterRef("employer"))
    return RegisterEntry.objects.filter(Exists(covered), register=newest_register("bargaining", period.last))


def signed_of_base(kinds: tuple[str, ...], period: Period) -> QuerySet[RegisterEntry]:
    """Employers of that base covered by an agreement of these kinds."""
    covered = covers_in_force(kinds, period).filter(employer=OuterRef("employer"))
    return able_to_bargain(period).filter(Exists(covered))
