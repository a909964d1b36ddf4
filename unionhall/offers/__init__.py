"""Something the union opens to workers or units: places, sessions, goods. One participation is one person at one opening.

An item (Offer) has sessions with places, or is used without; docs/developers/offers.md tells the whole.
"""
