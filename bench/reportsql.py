"""The numbers of the yearly report, asked by hand-written SQL: what a clerk who knows the tables would write.

One entry a figure: how the district and its streets are counted on a day or over a period. Rates are two entries. The
same text runs on SQLite and PostgreSQL. {day} is the last day, {start} and {end} the period, {low} and {high} the place.
"""

from typing import NamedTuple


class Query(NamedTuple):
    """One count: `of` what is measured, `tables`, `where`; the first table's alias is t. `distinct`: does not add up."""

    of: str
    tables: str
    where: str
    distinct: bool = False

    def parts(self, **asked: str) -> str:
        return f"SELECT substr(t.path, 1, 6), {self.of} FROM {self.tables} WHERE {self._where(asked)} GROUP BY 1"

    def total(self, **asked: str) -> str:
        return f"SELECT {self.of} FROM {self.tables} WHERE {self._where(asked)}"

    def _where(self, asked: dict[str, str]) -> str:
        return f"t.path >= '{asked['low']}' AND t.path < '{asked['high']}' AND {self.where.format(**asked)}"


HOLDS = "t.since <= '{day}' AND (t.until IS NULL OR t.until > '{day}')"
VALID_CARD = "t.made_on <= '{day}' AND (t.until IS NULL OR t.until > '{day}')"
BOTH = "('agreement.collective', 'agreement.wage')"


def _lines(of: str, service: str, act: str, kinds: tuple[str, ...] = (), *, distinct: bool = False) -> Query:
    among = f" AND t.kind IN ({', '.join(repr(kind) for kind in kinds)})" if kinds else ""
    where = f"""t.service = '{service}' AND t.act = '{act}' AND t."on" >= '{{start}}' AND t."on" < '{{end}}'{among}"""
    return Query(of, "journal_line t", f"{where} AND t.voided_by_id IS NULL", distinct)


def _rows(table: str, more: str = "", of: str = "count(*)") -> Query:
    return Query(of, f"{table} t", HOLDS + more)


def _register(serves: str) -> str:
    newest = f"SELECT id FROM organisations_register WHERE serves = '{serves}' AND as_of <= '{{day}}' ORDER BY as_of DESC LIMIT 1"
    return f"t.register_id = ({newest})"


_COVERED = (
    "EXISTS (SELECT 1 FROM organisations_cover c WHERE c.employer_id = t.employer_id AND c.since <= '{day}'"
    " AND (c.until IS NULL OR c.until > '{day}'))"
)
_ENTRIES = "organisations_registerentry t"
PEOPLE, EMPLOYERS = "count(DISTINCT t.person_id)", "count(DISTINCT t.employer_id)"
_JOINT = ("joint", "community_joint")


def _agreed(kinds: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM agreements_agreement a WHERE a.id = {{t}}.agreement_id AND a.since <= '{{day}}'"
        f" AND (a.until IS NULL OR a.until > '{{day}}')) AND {{t}}.service IN {kinds}"
        f" AND {{t}}.since <= '{{day}}' AND ({{t}}.until IS NULL OR {{t}}.until > '{{day}}')"
    )


def _signed(kinds: str) -> Query:
    inner = _agreed(kinds).replace("{t}", "x")
    signed = f"EXISTS (SELECT 1 FROM agreements_agreementcover x WHERE x.employer_id = t.employer_id AND {inner})"
    return Query("count(*)", _ENTRIES, f"{_register('bargaining')} AND {_COVERED} AND {signed}")


def _honours(level: str, title: str, *, people: bool = False) -> Query:
    of = PEOPLE if people else "count(*)"
    return _lines(of, "honour", "granted", (f"{level}:{title}",), distinct=people)


def _aid(service: str) -> dict[str, Query]:
    return {
        f"{service}.people": _lines(PEOPLE, service, "paid", distinct=True),
        f"{service}.amount": _lines("sum(t.fen)", service, "paid"),
    }


def _agreements(key: str, kinds: str) -> dict[str, Query]:
    return {
        f"{key}.in_force": _rows("agreements_agreement", f" AND t.service IN {kinds}"),
        f"{key}.employers": Query(EMPLOYERS, "agreements_agreementcover t", _agreed(kinds).replace("{t}", "t"), True),
    }


_UNION = "organisations_union"
_TAG = "organisations_uniontag"
_ABLE = Query("count(*)", _ENTRIES, f"{_register('bargaining')} AND {_COVERED}")
_MEMBERS = _rows("people_membership")
_CARDS = Query("count(*)", "people_card t", VALID_CARD)
_POSTED = " AND t.kind IN ('social_worker', 'assistant')"

QUERIES: dict[str, Query] = {
    "tree.streets": _rows("organisations_place", " AND t.kind IN ('street', 'town')"),
    "tree.communities": _rows("organisations_place", " AND t.kind IN ('community', 'village')"),
    "union.unionisation.numerator": Query("count(*)", _ENTRIES, f"{_register('unionisation')} AND {_COVERED}"),
    "union.unionisation.denominator": Query("count(*)", _ENTRIES, _register("unionisation")),
    "union.employers": Query(EMPLOYERS, "organisations_cover t", HOLDS, True),
    "union.new": _lines(EMPLOYERS, "union", "covered", ("independent", *_JOINT), distinct=True),
    "union.independent": _lines("count(*)", "union", "founded", ("independent",)),
    "union.joint": _lines(EMPLOYERS, "union", "covered", _JOINT, distinct=True),
    "union.new_workers": _lines("sum(t.headcount)", "union", "covered", ("independent", *_JOINT)),
    "union.industry": _lines("count(*)", "union", "founded", ("industry_federation",)),
    "union.community_joint": _rows(_UNION, " AND t.kind = 'community_joint'"),
    "union.community_workers": _rows(_UNION, " AND t.kind = 'community_workers'"),
    "union.three_in_one": _rows(_TAG, " AND t.tag = 'three_in_one'"),
    "union.demonstration": _rows(_TAG, " AND t.tag = 'demonstration'"),
    "union.grid_pilot": _rows(_TAG, " AND t.tag = 'grid_pilot'"),
    "station.open": _rows("organisations_station"),
    "station.accepted": _rows("organisations_station", " AND t.accepted_on <= '{day}'"),
    "station.acceptance.numerator": _rows("organisations_station", " AND t.accepted_on <= '{day}'"),
    "station.acceptance.denominator": _rows("organisations_station"),
    "station.stars": _lines("count(*)", "station", "star_declared"),
    "station.area": _rows("organisations_station", of="sum(t.area)"),
    "staff.social_workers": _rows("organisations_staff", " AND t.kind = 'social_worker'"),
    "staff.assistants": _rows("organisations_staff", " AND t.kind = 'assistant'"),
    "staff.staffing.numerator": _rows("organisations_staff", _POSTED),
    "staff.staffing.denominator": _rows("organisations_establishment", _POSTED, of="sum(t.posts)"),
    "member.members": _MEMBERS,
    "member.new": _lines("count(*)", "member", "admitted"),
    "member.membership.numerator": Query(
        "count(*)", "people_membership t",
        HOLDS + " AND EXISTS (SELECT 1 FROM organisations_registerentry e WHERE e.employer_id = t.employer_id AND "
        + _register("membership").replace("t.register_id", "e.register_id") + ")",
    ),
    "member.membership.denominator": Query("sum(t.workers)", _ENTRIES, _register("membership")),
    "card.made": _CARDS,
    "card.making.numerator": _CARDS,
    "card.making.denominator": _MEMBERS,
    "card.delivery.numerator": Query("count(*)", "people_card t", VALID_CARD + " AND t.delivered_on <= '{day}'"),
    "card.delivery.denominator": _CARDS,
    "card.items.uses": _lines("count(*)", "card.items", "used"),
    "card.items.items": Query(
        "count(*)", "offers_offer t", "t.since < '{end}' AND (t.until IS NULL OR t.until > '{start}')"
    ),
    "card.items.users": _lines(PEOPLE, "card.items", "used", distinct=True),
    "card.items.participation.numerator": _lines(PEOPLE, "card.items", "used", distinct=True),
    "card.items.participation.denominator": _MEMBERS,
    "aid.file.workers": _lines(PEOPLE, "aid.file", "filed", distinct=True),
    "aid.file.units": _lines(EMPLOYERS, "aid.file", "filed", distinct=True),
    **_aid("aid.living"), **_aid("aid.job"), **_aid("aid.medical"), **_aid("aid.study"), **_aid("aid.emergency"),
    **_aid("aid.festival"), **_aid("honour.bonus"),
    **_agreements("bargaining", BOTH),
    "bargaining.collective_rate.numerator": _signed("('agreement.collective')"),
    "bargaining.collective_rate.denominator": _ABLE,
    "bargaining.wage_rate.numerator": _signed("('agreement.wage')"),
    "bargaining.wage_rate.denominator": _ABLE,
    **_agreements("agreement.collective", "('agreement.collective')"),
    **_agreements("agreement.wage", "('agreement.wage')"),
    **_agreements("agreement.women", "('agreement.women')"),
    "mediation.agreed": _lines("count(*)", "mediation", "agreed"),
    "mediation.amount": _lines("sum(t.fen)", "mediation", "settled_claim"),
    "mediation.agreed_amount": _lines("sum(t.fen)", "mediation", "agreed"),
    "mediation.accepted": _lines("count(*)", "mediation", "accepted"),
    "mediation.workers": _lines("sum(t.headcount)", "mediation", "accepted"),
    "honour.model_national": _honours("national", "劳模、先进工作者", people=True),
    "honour.model_city": _honours("city", "劳模、先进工作者", people=True),
    "honour.collective_city": _honours("city", "模范集体"),
    "honour.certificate": _honours("district", "劳动奖状"),
    "honour.pioneer_team": _honours("district", "工人先锋号"),
    "honour.medal": _honours("district", "劳动奖章", people=True),
    "honour.audit": _honours("national", "经审先进单位"),
    "innovation.results": _honours("district", "优秀创新成果"),
    "innovation.proposals": _honours("district", "优秀合理化建议"),
    "innovation.organisers": _honours("district", "创新工程优秀组织单位"),
    "innovation.chiefs": _honours("district", "优秀首席员工", people=True),
}  # fmt: skip
"""By the figure's key, in the order of the report."""
