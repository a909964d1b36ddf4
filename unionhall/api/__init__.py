"""JSON for mini-programs and other systems: a door. Empty until a later part opens it."""
