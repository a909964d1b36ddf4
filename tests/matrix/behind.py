"""Guards that stand behind others: what each asks was asked before, so it alone is not missed."""

BEHIND: dict[str, tuple[str, ...]] = {
    # an action of one row, in front of the register's own
    "agreements.agreement_moves._covers without must_reach": ("agreements.actions._must_reach without must_reach",),
    "ledger.fund_moves.open_one without must_reach": ("ledger.actions.open_funds without must_reach",),
    "offers.use_moves.open_item without must_reach": ("offers.actions._must_reach without must_reach",),
    "offers.use_moves.close_item without must_reach": ("offers.actions._must_reach without must_reach",),
    "organisations.actions.station_life._check without must_reach": (
        "organisations.actions.stations._must_reach without must_reach",
    ),
    "organisations.actions.account_life._officer without visible_to": (
        "organisations.actions.account_life._must_keep without must_reach",
    ),
    "cases.case_moves.take_on without visible_to": (
        "cases.actions.move without reaches", "cases.actions.move without may_step",
    ),
    # a matter is looked for among those one sees, and then must be one to handle
    "cases.clock_moves._case without visible_to": (
        "cases.clock_moves._running without may_handle", "cases.clock_moves.decide_extension without may_approve",
    ),
    "cases.handling_moves._mine without visible_to": ("cases.handling_moves._mine without may_handle",),
    "cases.handling_moves.complete without visible_to": ("cases.handling_moves.complete without may_handle",),
    "cases.note_moves.write_down without visible_to": ("cases.note_moves.write_down without may_handle",),
    "cases.drive_moves._held without visible_to": ("cases.drive_moves._held without reaches",),
    "cases.drive_moves.open_drive without visible_to": (
        "cases.drive_moves.open_drive without reaches", "ledger.fund_moves.open_earmarked without must_reach",
    ),
    "cases.intake_moves.step without visible_to": (
        "cases.actions.move without reaches", "cases.actions.move without may_step",
    ),
    **{
        f"{one} without visible_to": (f"{one} without may_handle",)
        for one in (
            "cases.paper_moves.issue", "cases.paper_moves.issue_notice", "cases.paper_moves.void", "cases.party_moves._mine",
            "cases.referral_moves._mine", "cases.turning_moves._mine", "exchange.casefile_moves.must_be_open_to",
            "exchange.casefile_moves.take_away",
        )
    },
    "cases.payable_moves._owed without visible_to": ("cases.payable_moves._is_theirs without reaches",),
    "cases.reminding_moves.each_day without reaches": ("cases.handling_moves.rise_if_late without reaches",),
    "web.desk.case_handling.find without visible_to": ("web.desk.case_handling.find without may_handle",),
    "web.desk.case_referrals.find_sent without visible_to": ("web.desk.case_referrals.find_sent without may_handle",),
    "web.lawyer.matters._mine without visible_to": ("cases.reach.is_lawyer_of without reaches",),
    "web.desk.case_clocks.find without visible_to": ("web.desk.case_clocks.find without may_handle",),
    "web.desk.case_clocks.decide without visible_to": ("web.desk.case_clocks.decide without may_approve",),
    "cases.clock_models.OfCases.visible_to shows every row": ("web.desk.case_clocks.find without may_handle",),
    "jobs.tasks.cards.waiting without must_reach (2)": ("jobs.tasks.cards.waiting without must_reach",),
    "people.union_moves._go without must_reach (2)": ("organisations.actions.locked.locked without must_reach",),
    # a page, which sees no more than it may change
    "web.desk.agreements.uncover without visible_to": ("web.desk.agreements.uncover without reaches",),
    "web.desk.member_pages._row without visible_to": ("web.desk.member_pages._row without reaches",),
    **{
        f"web.desk.{one} without visible_to": (f"web.desk.{one} without {before}",)
        for one, before in (
            ("drives.void", "reaches"), ("family.end", "reaches"), ("payees._row", "reaches"),
            ("funds_shown.fund_of", "must_reach"), ("receipts.signed", "must_reach"), ("results.void", "must_reach"),
            ("case_chain.find_outside", "may_handle"), ("case_parties.find_party", "may_handle"),
        )
    },
    "web.desk.goods._delivery without visible_to": (
        "web.desk.goods.pay without must_reach", "web.desk.goods._run without must_reach",
    ),
    "offers.models.Outcomes.visible_to shows every row": ("web.desk.results.void without must_reach",),
    "people.household_models.OfHouseholds.visible_to shows every row": ("web.desk.family.end without reaches",),
    "web.desk.case_forms.open_form without visible_to": ("cases.reach.may_handle without reaches",),
    # a list, whose rows are those of its right, too
    "web.desk.accounts.lambda without visible_to (2)": ("web.desk.register.Register.visible shows every row",),
    "ledger.models.Kept.visible_to shows every row": ("web.desk.register.Register.visible shows every row",),
    "web.desk.funds.lambda without visible_to": ("web.desk.register.Register.visible shows every row",),
    "web.desk.hardship.lambda without visible_to": ("web.desk.register.Register.visible shows every row",),
    "web.desk.funds.lambda without visible_to (2)": ("web.desk.register.Register.visible shows every row",),
    # lists of people, whose readers may all export: without this list's right, too, others come in
    **dict.fromkeys(
        (f"gate of desk-{key}-export open to whoever is signed in" for key in ("members", "cards", "cases", "entries")),
        ("web.desk.exporting.desk_export without may",),
    ),
    # figures of a row, of which only those are named that may be opened
    "web.desk.employers.employer without visible_to": ("web.desk.chronicle.counted_in without may_open",),
    "web.desk.unions.union without visible_to": ("web.desk.chronicle.counted_in without may_open",),
    "web.desk.offers._own without reaches": ("web.desk.chronicle.in_stock without may_open",),
}  # fmt: skip
"""Guard -> those in front of it. With all of them gone something must come out wrong that comes out right with the guard
still there (tests/matrix/mutating.py): that is the proof that it holds.
"""


REPEATED = {
    "cases.party_moves.leave without visible_to": "the party that leaves must be the worker's own",
    "web.portal.helping.choose without visible_to": "counts what the worker brought",
    "web.portal.matters.file without visible_to": "of the worker's own matter, which was found before",
    "web.portal.matters._files without visible_to": "of the worker's own matter, which was found before",
    "web.lawyer.matters.file without visible_to": "of a matter that was found to be the lawyer's before",
}
"""Guards -> what beside them says the same and is no guard the tool knows: without them nothing is shown that was not. They
stand because whoever changes what stands beside them should not have to think of that.
"""
