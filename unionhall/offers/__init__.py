"""Something the union opens to workers or units: places, sessions, goods. One participation is one person at one opening.

Today: items and their uses, brought in from the registers the union keeps. Live sign-up comes with part 3.
"""
