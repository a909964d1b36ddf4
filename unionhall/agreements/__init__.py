"""A dated promise between parties that covers employers: collective contracts, wage agreements.

Contracts are counted as documents, employers once however many contracts cover them.
"""
