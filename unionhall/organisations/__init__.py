"""The standing order of the union: the tree of places, unions and whom they cover, employers, stations, posts and staff.

Everything here is dated, so any past day can be asked. People (workers, members) live one floor up and are not known here.
"""
