"""Real-name people: persons with sealed identity numbers, their memberships and cards.

What a person receives (a service, aid, an honour) is recorded by the concepts above and points here.
"""
