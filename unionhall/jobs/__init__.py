"""A door: the commands (and, later, the worker loop)."""
