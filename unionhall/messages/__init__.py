"""Notices: an inbox per person and per officer's account, and an outbox to their telephones, each message once.

What is sent word about is a `kinds.Kind`, declared by the package that sends it. The inbox tells the whole matter to who is
signed in; what leaves the house is one short sentence that would tell a stranger nothing.
"""
