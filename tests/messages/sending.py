"""A worker that only sends, for tests that kill it: `python -m tests.messages.sending`."""

import importlib
from datetime import timedelta

import django


def main() -> None:
    """Until it is killed or told to stop. The lease is short, so that whoever comes after need not wait long."""
    django.setup()
    queue, outbox, worker, leases = (
        importlib.import_module(f"unionhall.jobs.{name}") for name in ("queue", "tasks.outbox", "worker", "leases")
    )
    leases.LEASE = timedelta(seconds=2)
    queue.plan([(1, outbox.release, "release"), (1, outbox.send, "send")])
    worker.Worker().run()


if __name__ == "__main__":
    main()
