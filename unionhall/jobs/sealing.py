"""Which tables the chain vouches for row by row, and the checks of `unionhall verify` over it.

Every table of the house is in one of the two lists; a test fails for one that is in neither.
"""

from collections.abc import Iterator, Sequence

from django.apps import apps

from unionhall.journal import audit
from unionhall.journal.walk import Fault, Walk, compare, walk

SEALED = (
    "organisations.place", "organisations.placebecame", "organisations.employer", "organisations.register",
    "organisations.registerentry", "organisations.union", "organisations.uniontag", "organisations.cover",
    "organisations.station", "organisations.pastacceptance", "organisations.establishment", "organisations.staff", "organisations.account",
    "organisations.postheld", "people.person", "people.membership", "people.card", "people.duplicate", "journal.line",
    "ledger.fund", "ledger.posting", "ledger.entry", "ledger.earmark", "ledger.budget", "ledger.allowance",
    "ledger.commitment", "ledger.closing", "ledger.receipt", "ledger.threshold", "ledger.order", "ledger.orderline", "people.payeeaccount", "indicators.publishedfact", "indicators.target", "cases.case", "cases.deadline",
    "cases.extension", "cases.houselimit", "cases.note", "cases.party", "cases.outside", "cases.referral", "cases.papertext", "cases.answertext",
    "cases.issuedpaper", "cases.standarditem", "cases.itemcheck", "cases.starheld", "exchange.casefile", "cases.reckoning", "cases.aidrule", "cases.drive", "cases.gift", "cases.handover",
    "people.household", "people.householdmember", "offers.policy", "offers.offer",
    "offers.participation", "offers.offercondition", "offers.session", "offers.share", "offers.counter", "offers.note", "offers.statement",
    "offers.allotment", "offers.delivery", "offers.booth", "offers.outcome", "offers.round", "offers.judge", "offers.sheet", "offers.profile", "offers.answer", "offers.duty", "organisations.careroom", "organisations.socialorganisation",
    "agreements.agreement", "agreements.agreementcover", "honours.honour", "access.accessrow",
    "access.approval", "access.workeraccount", "organisations.postasked", "exchange.batch", "exchange.before", "outbox.wording",
    "outbox.quiethours",
)  # fmt: skip
"""Tables whose every row must be as the last audit entry about it left it."""

EXEMPT = {
    "journal.auditentry": "the chain itself: each entry has its MAC, its place and its seal",
    "journal.chainhead": "the chain's end, compared with the last entry and the anchor",
    "journal.unsealed": "rows waiting to be sealed; each has its MAC",
    "outbox.message": "sealed text on its way out, emptied when it is delivered; that it was sent is in the chain",
    "outbox.notice": "sealed, and bound to its row; that it was written and read is in the chain",
    "outbox.preference": "what somebody wants to be reached by, sealed; each change is in the chain",
    "access.tries": "counts of the last minutes under keyed digests",
    "access.secondfactor": "a seed only the keys can make, bound to its row; every change of it is in the chain",
    "access.recoverycode": "keyed digests, which only the keys can make",
    "access.onetimecode": "keyed digests that live five minutes",
    "access.invitation": "keyed digests, which only the keys can make; each one made is in the chain",
    "access.passwordonce": "hashes of passwords that hold no longer; the one that holds is in organisations.account",
    "access.session": "keyed digests, which only the keys can make; each opening and end is in the chain",
    "offers.showncode": "eight digits an e-card shows for two minutes; what they let happen is an action of its own",
    "exchange.upload": "a file on its way in, counted for nothing until it is imported",
    "exchange.shown": "rows of a file on its way in, as its preview shows them",
    "exchange.fix": "what was mended in a file on its way in",
    "exchange.mapping": "which headers an account took for which columns: a convenience",
    "jobs.job": "the machine's own list; what a job did is written by the actions it called",
    "web.savedview": "the query of a list somebody wants again: a convenience",
    "web.chosencolumns": "the columns somebody wants to see: a convenience",
    "web.sent": "keys of forms that were sent, so that none is carried out twice",
    "web.undo": "what may still be taken back; the taking back is an action that is checked and sealed",
    "web.bulkrun": "what to tell the officer who did something to many rows",
}
"""Tables whose rows are not sealed one by one, and why that takes nothing from anybody."""

_NAMED = 10


def begin() -> int:
    """Vouch for every sealed table from here on; how many rows stood already. Part of every migration, and done once."""
    return sum(audit.begin(apps.get_model(table)) for table in SEALED)


def chain_findings(found: Walk) -> Iterator[tuple[str, bool]]:
    """What walking the chain found, in words, and whether it is right."""
    yield f"审计链：{found.entries:,} 条，{_named(found.faults) or '逐条相接，与锚定文件相符'}", not found.faults


def sealed_findings() -> Iterator[tuple[str, bool]]:
    """The chain, then every sealed table against it: rows edited, deleted or put in behind the actions, by name."""
    found = walk()
    yield from chain_findings(found)
    for table in SEALED:
        compared = compare(found, table)
        told = _named(compared.faults) or "与审计链相符"
        more = f"，{compared.waiting:,} 行尚未封存" if compared.waiting else ""
        yield f"封存 {table}：{compared.rows:,} 行，{told}{more}", not compared.faults
    for batch, rows in audit.waiting().items():
        yield f"第 {batch} 批导入：{rows:,} 行等待封存（后台作业会封存，也可用 unionhall verify --seal）", True


def _named(faults: Sequence[Fault]) -> str:
    """The first faults by name, and how many more; empty when there is none."""
    told = "；".join(f"{fault.where} {fault.what}" for fault in faults[:_NAMED])
    return f"{told}{f'……共 {len(faults):,} 处' if len(faults) > _NAMED else ''}"
