"""One line per thing done, append-only: what every flow figure counts.

A correction voids a line and writes another. Registers (what holds from a day until a day) live with their concepts.
"""
