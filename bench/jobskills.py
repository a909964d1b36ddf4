"""The half of bench.jobs that knows the tables: import after django.setup()."""

import mmap
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from django.core.management import call_command
from django.db import connection, connections

from bench import jobserrands
from bench.jobserrands import PARTS, POINTS
from unionhall.jobs import heart, leases, queue
from unionhall.jobs.installation import prepare
from unionhall.jobs.models import CANCELLED, DONE, FAILED, OPEN, RUNNING, Job
from unionhall.jobs.queue import enqueue
from unionhall.jobs.worker import Worker
from unionhall.kernel.actor import SYSTEM

LEASE = 2.0
WORKERS = 4
AT_A_TIME = 2
"""Workers stopped at the same time, at most: somebody has to take over."""
LONGEST = 600


@dataclass
class Told:
    """What was done to the workers."""

    kills: int = 0
    pauses: int = 0
    effective: int = 0  # pauses in which somebody else took the job
    hits: int = 0  # kills of a worker that had a job in hand
    killed_at: dict[str, int] = field(default_factory=dict)


@dataclass
class Hand:
    """One worker process. `order` is the point it was told to die or stop at; None: nothing."""

    slot: int
    pid: int
    order: str | None = None
    kind: int = 0
    since: float = 0.0
    stopped: float | None = None
    job: tuple[int, int] | None = None  # with its fence, when it was stopped


def run(jobs: int, kills: int, pauses: int, *, fenced: bool, seed: int) -> dict[str, float]:
    """Do the jobs under fire; what came of it."""
    prepare()
    call_command("migrate", interactive=False, verbosity=0)
    Job.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_effect")
        cursor.execute(jobserrands.MAKE)
    random = Random(seed)
    for _ in range(jobs):
        task = jobserrands.read_then_write if random.random() < 0.4 else jobserrands.write
        enqueue(task, by=SYSTEM, title="跑腿", milliseconds=random.randint(0, 30))
    began = time.monotonic()
    fire = Fire(random, jobs, kills, pauses, fenced=fenced)
    fire.burn()
    return counted(jobs, fire, time.monotonic() - began)


def counted(jobs: int, fire: "Fire", seconds: float) -> dict[str, float]:
    """Lost: a job not done, or a part of it missing. Doubled: a part that is there twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT job, part, count(*) FROM bench_effect GROUP BY job, part")
        found = {(job, part): count for job, part, count in cursor.fetchall()}
    done = set(Job.objects.filter(state=DONE).values_list("pk", flat=True))
    everything = set(Job.objects.filter(every=None).values_list("pk", flat=True))
    lost = {
        job for job in everything if job not in done or any((job, part) not in found for part in range(1, PARTS + 1))
    }
    late = [
        (ended - fire.hurt[job]).total_seconds()
        for job, ended in Job.objects.filter(pk__in=fire.hurt, state=DONE).values_list("pk", "ended_at")
        if ended is not None
    ]
    told = fire.told
    return {
        "jobs": len(everything), "lost": len(lost) + abs(jobs - len(everything)),
        "doubled": len({job for (job, _), count in found.items() if count > 1}),
        "failed": Job.objects.filter(state__in=(FAILED, CANCELLED)).count(),
        "kills": told.kills, "hit": told.hits, "pauses": told.pauses, "effective": told.effective,
        "attempts": max(Job.objects.filter(every=None).values_list("attempts", flat=True), default=0),
        "recovered": max(late, default=0.0), "lease": LEASE, "seconds": seconds,
        **{f"killed {point}": count for point, count in sorted(told.killed_at.items())},
    }  # fmt: skip


class Fire:
    """Four workers; each is told again and again to die or to stop, at a chosen point or at any moment."""

    def __init__(self, random: Random, jobs: int, kills: int, pauses: int, *, fenced: bool) -> None:
        self.random, self.jobs, self.kills, self.pauses, self.fenced = random, jobs, kills, pauses, fenced
        self.asked_for_done, self.part_done = 0.0, 0.0
        self.told = Told()
        self.hurt: dict[int, datetime] = {}
        self.orders = mmap.mmap(-1, WORKERS)
        self.sqlite = connection.vendor == "sqlite"
        self.asked = 0

    def burn(self) -> None:
        """Until every job has ended."""
        hands = [Hand(slot, self.fork(slot)) for slot in range(WORKERS)]
        end = time.monotonic() + LONGEST
        while time.monotonic() < end and (any(hand.stopped for hand in hands) or self.left()):
            for hand in hands:
                self.look_after(hand, sum(one.stopped is not None or one.kind == 1 for one in hands))
            time.sleep(0.003)
        for hand in hands:
            os.kill(hand.pid, signal.SIGCONT)
            os.kill(hand.pid, signal.SIGTERM)
            os.waitpid(hand.pid, 0)

    def left(self) -> bool:
        return Job.objects.filter(state__in=OPEN, every=None).exists()

    def fork(self, slot: int) -> int:
        """A worker of its own, as `unionhall work` is one, but quicker to start."""
        self.orders[slot] = 0
        connections.close_all()
        pid = os.fork()
        if pid == 0:
            work(lambda: self.orders[slot], lambda: self.orders.__setitem__(slot, 0), fenced=self.fenced)
            os._exit(0)
        return pid

    def look_after(self, hand: Hand, stopped: int) -> None:
        pid, status = os.waitpid(hand.pid, os.WNOHANG | os.WUNTRACED)
        if pid and os.WIFSTOPPED(status):
            hand.stopped, hand.job = time.monotonic(), self.in_hand(hand)
            self.told.pauses += 1
        elif pid:
            self.buried(hand)
        elif hand.stopped is not None:
            if time.monotonic() - hand.stopped > LEASE + 1.0:
                self.wake(hand)
        elif hand.order is None:
            self.give_order(hand, stopped)
        elif hand.order == "any moment" and time.monotonic() > hand.since:
            os.kill(hand.pid, signal.SIGKILL)
        elif time.monotonic() - hand.since > 3:  # it does not come past that point
            hand.order, hand.kind = None, 0
            self.orders[hand.slot] = 0

    def part(self) -> float:
        """How much of the work is done, 0 to 1: the fire is spread over all of it, not laid on a few jobs."""
        if time.monotonic() - self.asked_for_done > 0.1:
            self.asked_for_done = time.monotonic()
            self.part_done = Job.objects.filter(state=DONE, every=None).count() / self.jobs
        return min(1.0, self.part_done * 1.25 + 0.01)

    def give_order(self, hand: Hand, stopped: int) -> None:
        hand.since = time.monotonic()
        self.asked += 1
        if self.told.effective < self.pauses * self.part() and stopped < AT_A_TIME:
            # On SQLite a worker stopped with its transaction open stops everybody: nobody can take over there.
            useful: tuple[str, ...] = ("taken", "reading") if self.sqlite else ("taken", "reading", "wrote")
            useful = useful if self.fenced else ("reading",)
            hand.order, hand.kind = self.random.choice(useful if self.asked % 4 or not self.fenced else POINTS), 1
        elif self.told.kills < self.kills * self.part():
            hand.order, hand.kind = self.random.choice((*POINTS, "any moment", "any moment")), 0
        else:
            return
        if hand.order == "any moment":
            hand.since += self.random.uniform(0, 0.05)
        else:
            self.orders[hand.slot] = 1 + 2 * POINTS.index(hand.order) + hand.kind

    def buried(self, hand: Hand) -> None:
        job = self.in_hand(hand)
        if job is not None:
            self.hurt[job[0]] = datetime.now(UTC)
            self.told.hits += 1
        self.told.kills += 1
        point = hand.order or "unasked"
        self.told.killed_at[point] = self.told.killed_at.get(point, 0) + 1
        hand.order, hand.kind, hand.pid = None, 0, self.fork(hand.slot)

    def wake(self, hand: Hand) -> None:
        if hand.job is not None and Job.objects.get(pk=hand.job[0]).fence > hand.job[1]:
            self.told.effective += 1
        os.kill(hand.pid, signal.SIGCONT)
        hand.stopped, hand.job, hand.order, hand.kind = None, None, None, 0

    def in_hand(self, hand: Hand) -> tuple[int, int] | None:
        found = Job.objects.filter(state=RUNNING, worker__endswith=f"-{hand.pid}")
        return found.values_list("pk", "fence").first()


def work(order: Callable[[], int], obeyed: Callable[[], None], *, fenced: bool) -> None:
    """In the worker's process: the product's own worker, that comes past the points and does as it is told there."""

    def told(point: str) -> None:
        wanted = order()
        if wanted and POINTS[(wanted - 1) // 2] == point:
            obeyed()
            os.kill(os.getpid(), signal.SIGSTOP if (wanted - 1) % 2 else signal.SIGKILL)

    jobserrands.passing.append(told)
    leases.LEASE = timedelta(seconds=LEASE)
    heart.SECONDS = 0.3
    settle = queue.settle

    def settle_and_pass(*args: object, **values: object) -> None:
        settle(*args, **values)  # type: ignore[arg-type]
        told("settled")

    queue.settle = settle_and_pass
    if not fenced:
        queue.held = lambda taken: Job.objects.filter(pk=taken.job)
        heart.Heart.lost = property(lambda self: False, lambda self, lost: None)  # type: ignore[assignment]
    Mortal().run()


class Mortal(Worker):
    """Comes past two more points."""

    def work(self, taken: leases.Taken, heart: heart.Heart) -> None:
        jobserrands.at("taken")
        super().work(taken, heart)
        jobserrands.at("committed")
