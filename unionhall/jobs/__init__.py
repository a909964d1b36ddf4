"""A door: the commands, and the worker that does what the pages ask for (docs/developers/jobs.md)."""
