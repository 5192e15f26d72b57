"""Many transactions in flight at once, and still in the order that matters, each exactly once.

The stages of a job's course (:data:`~traceledger.sending.jobs.Stage`), as its transaction moves
(:data:`~traceledger.sending.outbox.State`)::

      waiting <----------> flying <----------> mined
         |                 |  |  |               |
         +---> done <------+  |  +---> final <---+
         |                    v
         +-----------------> failed

      waiting -> flying    its needs are there, and a nonce is free: signed and recorded (_launch)
      waiting -> done      it could happen twice, and has happened meanwhile (_nonce_for)
      flying  -> mined     in a block, with effect
      mined   -> flying    the block was taken back, or its new one is without effect
      flying, mined -> final   the block stays
      flying  -> waiting   dead, and it has not happened (_died); or failed in a block that stays, because
                           a need was mined after it (_judge; once: Course.again)
      flying  -> done      dead or failed, and another machine has done the same
      waiting -> failed    too large for a block (_try)
      flying  -> failed    failed for no such reason; or dead, if it was signed elsewhere (Job.raw)

A need is there when it is final or done, or on its way by the same account: there the nonce keeps the order.
What is merely mined by another account can be taken back, and come after what was built upon it. While it is
in doubt whether a job failed for good (_doubtful), only those that were sent before go on; once one has
(_stopped), nothing further is signed.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import assert_never

from traceledger.errors import TooLargeForBlockError
from traceledger.model.progress import Progress, silent
from traceledger.sending.accounts import BLOCK_SHARE, Accounts
from traceledger.sending.delivery import Courier
from traceledger.sending.jobs import Course, Job, Stage
from traceledger.sending.outbox import Draft, Entry, OperationKey

_PORTION = 500
"""So many, at most, are signed and recorded before they are handed over; meanwhile more are signed.

As many as one request holds: anvil begins a block with each transaction that arrives while it makes another.
"""

_MANY, _SOME, _SECONDS = 256, 64, 0.5
"""So many that were mined are worth to be indexed while others are handed over; so many where there is
nothing else to do; fewer, after so long."""

_FEW = 4
"""If less than one in so many was mined since the last look, the next one waits a little: what is sent one by
one makes blocks of one."""


def _as_it_is(job: Job) -> Job:
    return job


def _nothing() -> None:
    """There is nothing to do meanwhile."""


class Pipeline:
    """Sends jobs.

    Args:
        courier: carries what is signed; nothing may be unfinished in it.
        sign: the signed bytes of a job with a nonce.
        count: how many operations like a job's the chain holds by now.
        measure: gives a job that asks for the gas that it needs, or refuses it as too large for a block.
        exclusive: whether no other machine sends for these accounts. Otherwise what could happen twice is
            sent alone: nothing of its account may be on its way.
        share: most transactions of one account that are signed upon one newest block.
        meanwhile: done while the nodes work, each time that something more is mined.
    """

    def __init__(  # noqa: PLR0913 - each is another thing that a test replaces
        self,
        courier: Courier,
        sign: Callable[[Job, int], bytes],
        count: Callable[[Job], int],
        *,
        measure: Callable[[Job], Job] = _as_it_is,
        exclusive: bool = False,
        share: int = BLOCK_SHARE,
        meanwhile: Callable[[], object] = _nothing,
    ) -> None:
        self._courier = courier
        self._sign = sign
        self._count = count
        self._measure = measure
        self._accounts = Accounts(courier, exclusive=exclusive, share=share)
        self._meanwhile = meanwhile
        self._courses: list[Course] = []
        self._by_entry: dict[int, int] = {}
        self._ready: dict[bytes, list[int]] = {}
        self._queued: set[int] = set()
        self._doubtful: set[int] = set()
        self._stopped = False
        self._over = self._happened = self._done = 0
        self._done_at = time.monotonic()

    def run(self, jobs: Sequence[Job], progress: Progress = silent) -> list[Course]:
        """Send the jobs, until each is final, or one has failed for good and nothing is on its way any more.

        Raises:
            NetworkError: the network failed; whatever is on its way stays in the outbox.
        """
        self._courses = [Course(job) for job in _with_equals(jobs)]
        for position, course in enumerate(self._courses):
            for need in course.job.needs:
                self._courses[need].needed_by.append(position)
            if not course.job.needs:
                self._make_ready(position)
        while True:
            launched = self._launch()
            if self._happened - self._done >= _MANY:
                self._use_time()
            changed = self._courier.step()
            for entry in changed:
                self._moved(self._by_entry[entry.id], entry)
            self._judge()
            if launched or changed:
                progress(self._happened, len(self._courses))
            if self._finished():
                return self._courses
            if (not launched and not changed) or len(changed) < self._accounts.unmined / _FEW:
                self._idle()

    def _idle(self) -> None:
        """Nothing can be sent before something is mined: do what else there is to do, or wait a little."""
        new, late = self._happened - self._done, time.monotonic() - self._done_at > _SECONDS
        if new >= _SOME or (new and late):
            self._use_time()
        else:
            self._courier.rest()

    def _use_time(self) -> None:
        self._meanwhile()
        self._done, self._done_at = self._happened, time.monotonic()

    def _finished(self) -> bool:
        if self._over == len(self._courses):
            return True
        if not self._stopped or self._courier.unfinished() or self._doubtful:
            return False
        return not any(self._may_launch(position) for heap in self._ready.values() for position in heap)

    # Signing

    def _make_ready(self, position: int) -> None:
        """Put a waiting job in line if everything that it needs is there."""
        course = self._courses[position]
        if course.stage != "waiting" or position in self._queued:
            return
        if all(self._satisfied(course, need) for need in course.job.needs):
            self._queued.add(position)
            heapq.heappush(self._ready.setdefault(course.job.account, []), position)

    def _satisfied(self, course: Course, need: int) -> bool:
        needed = self._courses[need]
        ordered = needed.job.account == course.job.account and needed.job.key != course.job.key
        if ordered and not course.again and not course.job.tried:
            return needed.happened or needed.stage == "flying"
        return needed.over and needed.stage != "failed"

    def _may_launch(self, position: int) -> bool:
        """While it is in doubt whether a job failed for good, only those go on that have been sent before."""
        course = self._courses[position]
        return course.entry is not None or not (self._stopped or self._doubtful)

    def _launch(self) -> int:
        """Sign and record what is ready, and begin to hand it over; returns how many jobs moved."""
        before, launched = self._over, 0
        chosen = (each for account in list(self._ready) for each in self._chosen(account))
        while portion := list(islice(chosen, _PORTION)):
            drafts = [self._draft(position, nonce) for position, nonce in portion]
            for (position, _), entry in zip(portion, self._courier.record(drafts), strict=True):
                self._courses[position].entry = entry
                self._by_entry[entry.id] = position
            self._courier.hand_over()
            launched += len(portion)
        return launched + self._over - before

    def _chosen(self, account: bytes) -> Iterator[tuple[int, int]]:
        """What one account may sign now, each with its nonce; counts them as flying."""
        line, back = self._ready[account], []
        while line and self._accounts.room(account):
            position = heapq.heappop(line)
            self._try(position)
            nonce = self._nonce_for(position) if self._may_launch(position) else None
            if nonce is not None:
                self._queued.discard(position)
                self._accounts.signs(account)
                self._set_flying(position)
                yield position, nonce
            elif self._courses[position].stage == "waiting":
                back.append(position)
            else:
                self._queued.discard(position)
        for position in back:
            heapq.heappush(line, position)

    def _try(self, position: int) -> None:
        """Find out whether a block can take a job of which that is in doubt; one that is too large fails."""
        course = self._courses[position]
        if not course.job.tried or course.stage != "waiting" or not self._may_launch(position):
            return
        try:
            course.job = replace(self._measure(course.job), tried=False)
        except TooLargeForBlockError as error:
            course.too_large = error
            self._fail(position)

    def _set(self, course: Course, stage: Stage) -> None:
        before = course.happened
        course.stage = stage
        self._happened += course.happened - before

    def _set_flying(self, position: int) -> None:
        course = self._courses[position]
        self._set(course, "flying")
        for follower in course.needed_by:
            if self._courses[follower].job.account == course.job.account:
                self._make_ready(follower)

    def _draft(self, position: int, nonce: int) -> Draft:
        job = self._courses[position].job
        raw = job.raw if job.raw is not None else self._sign(job, nonce)
        what = (job.key, job.occurrence, job.operation, job.source)
        return Draft(job.account, nonce, raw, *what, self._accounts.born(job.account))

    def _nonce_for(self, position: int) -> int | None:
        """The nonce to sign a job with; ``None`` if it must wait, or turned out to be done."""
        course = self._courses[position]
        if course.job.nonce is not None:
            return course.job.nonce
        address = course.job.account
        if not (course.job.repeatable and self._accounts.contested(address)):
            return self._accounts.nonce(address)
        nonce = self._accounts.lonely_nonce(address)
        if nonce is not None and self._count(course.job) >= course.job.occurrence:
            self._accounts.unused(address)
            self._finish(position, "done")
            return None
        return nonce

    # What became of them

    def _moved(self, position: int, entry: Entry) -> None:
        """A transaction's state changed."""
        course = self._courses[position]
        before, course.entry = course.entry, entry
        self._accounts.moved(before, entry)
        match entry.state:
            case "dead":
                self._died(position, entry)
            case "final":
                self._doubtful.discard(position)
                self._finish(position, "final")
            case "mined" if entry.succeeded:
                self._doubtful.discard(position)
                self._set(course, "mined")
            case "mined" | "failed":
                self._set(course, "flying")
                self._doubtful.add(position)
            case "signed" | "sent":
                self._doubtful.discard(position)
                self._set(course, "flying")
            case _:
                assert_never(entry.state)

    def _finish(self, position: int, stage: Stage) -> None:
        course = self._courses[position]
        if not course.over:
            self._over += 1
        self._set(course, stage)
        self._followers(position)

    def _followers(self, position: int) -> None:
        for follower in self._courses[position].needed_by:
            self._make_ready(follower)

    def _died(self, position: int, entry: Entry) -> None:
        """Its nonce was used by another transaction: look whether it has happened, and else sign it anew."""
        course = self._courses[position]
        self._accounts.died(entry)
        self._doubtful.discard(position)
        if course.job.raw is not None:
            self._fail(position)
        elif self._count(course.job) >= course.job.occurrence:
            self._finish(position, "done")
        else:
            self._set(course, "waiting")
            if entry.taken_by is None:
                course.entry = None  # no node ever had it: as if it had not been signed
            self._make_ready(position)

    def _judge(self) -> None:
        """Decide on those that failed in a final block, once everything that they needed is over."""
        for position in sorted(self._doubtful):
            course = self._courses[position]
            needs = [self._courses[need] for need in course.job.needs]
            if course.entry is None or course.entry.state != "failed" or not all(it.over for it in needs):
                continue
            self._doubtful.discard(position)
            if course.job.raw is None and self._count(course.job) >= course.job.occurrence:
                self._finish(position, "done")
            elif course.again or course.job.raw is not None or not _came_later(course.entry, needs):
                self._fail(position)
            else:
                course.again += 1
                self._set(course, "waiting")
                self._make_ready(position)

    def _fail(self, position: int) -> None:
        self._stopped = True
        self._finish(position, "failed")


def _came_later(entry: Entry, needs: Iterable[Course]) -> bool:
    """Whether something that a failed transaction needed was mined after it; not if it failed as well."""
    if entry.place is None:
        return False
    found = list(needs)
    if any(course.stage == "failed" for course in found):
        return False
    places = [course.entry.place if course.entry is not None else None for course in found]
    return any(
        course.stage == "done" or place is None or place > entry.place
        for course, place in zip(found, places, strict=True)
    )


def _with_equals(jobs: Sequence[Job]) -> list[Job]:
    """The jobs, each also needing the one before it that performs the very same operation."""
    last: dict[OperationKey, int] = {}
    found = []
    for position, job in enumerate(jobs):
        before = last.get(job.key)
        last[job.key] = position
        if before is not None and before not in job.needs:
            job = replace(job, needs=(*job.needs, before))  # noqa: PLW2901
        found.append(job)
    return found
