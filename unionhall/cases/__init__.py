"""Something a worker or employer brings, moved by people through states under legal clocks.

One row is one matter: a dispute, an application for aid. A service declares its kind with `CaseService`; everything a
case does is written by `actions.py`.
"""
