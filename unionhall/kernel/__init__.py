"""The ground floor: what every part of the union needs and no database knows.

Actors and posts, periods, workflows and clocks, money in fen, working-day calendars, identifiers, sealing, errors.
Nothing here imports Django. What belongs to one concept (a state, a table, a page) does not belong here.
"""
