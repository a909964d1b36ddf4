"""Progress on a terminal: a bar where someone watches, a line now and then where a log is kept."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

console = Console(highlight=False)
SECONDS_BETWEEN_LINES = 10


class Bar:
    """One bar; called with (rows done, rows in all or 0 where not yet known, what is being done)."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.said = time.monotonic()
        self.progress: Progress | None = None
        self.task: TaskID | None = None

    def __enter__(self) -> "Bar":
        if console.is_terminal:
            self.progress = Progress(
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console,
                transient=True,
            )  # fmt: skip
            self.progress.start()
            self.task = self.progress.add_task(self.title, total=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.progress is not None:
            self.progress.stop()

    def __call__(self, done: int, total: int = 0, doing: str = "") -> None:
        if self.progress is not None and self.task is not None:
            self.progress.update(
                self.task, completed=done, total=total or None, description=f"{self.title} {doing}".strip()
            )
        elif time.monotonic() - self.said > SECONDS_BETWEEN_LINES:
            self.said = time.monotonic()
            console.print(f"  {self.title} {doing} {done:,}{f' / {total:,}' if total else ''}".rstrip())


@contextmanager
def step(title: str) -> Iterator[None]:
    """A step without rows to count: says what is done, then how long it took."""
    began = time.monotonic()
    with console.status(title) if console.is_terminal else _said(title):
        yield
    console.print(f"✓ {title}（{time.monotonic() - began:.1f} 秒）")


@contextmanager
def _said(title: str) -> Iterator[None]:
    console.print(f"… {title}")
    yield
