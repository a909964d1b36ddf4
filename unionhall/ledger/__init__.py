"""Money: funds, and append-only postings in integer fen that always sum to zero; one payment per cause."""
