"""Inbox and outbox. Empty until the union opens its offers to workers (part 3): this is the room it will live in."""
