"""Do the same with many items in several processes, and give the results in order.

Step 6 of the line. Items are sent to workers one at a time, and are small where they
say what to do, not what with. Workers that are copies of this process are there at
once, and it is one more of them where items are small: each has another to go on with
while this process is at its own. Until the first of other workers is there, which takes
as long as some items do, it works alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from roleclf.batch.processes import (
    AHEAD,
    SMALL,
    Answer,
    Worker,
    answer_to,
    is_alone,
    started,
    type_work,
)
from roleclf.batch.slots import pickled

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["in_order"]

# Results that may wait for an earlier one, or a worker would.
_LEAD: Final = 4
# Seconds to wait for a worker that starts.
_PATIENCE: Final = 0.0

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    n_workers: int,
    pauses: Callable[[Item], bool],
) -> Iterator[Result]:
    """Yield the result of each item, in order; few items and results wait at a time.

    Parameters
    ----------
    work : callable
        Is pickled once, items and results one by one.
    items : iterable
    n_workers : int
        Processes that share the work, this one among them where it can be.
    pauses : callable
        Tells of an item that the next may be long in coming: all results until then
        are given first.

    Raises
    ------
    WorkerError
        If a worker ends before its work does.
    """
    waiting = iter(items)
    first = list(islice(waiting, 1))
    with _crew(work, n_workers, first) as crew:
        for item in chain(first, waiting):
            crew.take_on(item)
            yield from crew.ready()
            while crew.is_busy and (len(crew.answers) > _LEAD or pauses(item)):
                crew.listen()
                yield from crew.ready()
        crew.dismiss_idle()
        while crew.is_busy:
            crew.listen()
            crew.dismiss_idle()
            yield from crew.ready()


class _Crew:
    """Workers, those that start and the others, and what they answered.

    `helps` says whether this process works, too, when all workers have enough to do.
    """

    def __init__(
        self,
        work: type_work,
        starting: Sequence[Worker],
        workers: Sequence[Worker],
        *,
        helps: bool = False,
    ) -> None:
        self.work = work
        self.helps = helps
        self.pickled = pickled(work) if starting else b""
        self.starting = list(starting)
        self.workers = list(workers)
        self.answers: dict[int, Answer] = {}
        self.n_given = 0
        self.n_taken = 0

    @property
    def is_busy(self) -> bool:
        """Tell whether any worker has an item."""
        return any(worker.numbers for worker in self.workers)

    def take_on(self, item: Any) -> None:
        """Give an item to a worker, or do it in this process."""
        self._greet()
        if not self.workers:
            # All so far was done here and in order: what is logged need not wait.
            self.answers[self.n_given] = Answer(self.work(item))
        else:
            self._share(item)
        self.n_given += 1

    def _share(self, item: Any) -> None:
        message = pickled(item)
        most = AHEAD if len(message) <= SMALL else 0
        self.listen(patience=0.0)
        while len((worker := self._idlest()).numbers) > most:
            if self.helps:
                self.answers[self.n_given] = answer_to(self.work, item)
                return
            self.listen()
        with worker.watched():
            worker.pipe.send_bytes(message)
        worker.numbers.append(self.n_given)

    def _idlest(self) -> Worker:
        return min(self.workers, key=lambda worker: len(worker.numbers))

    def _greet(self) -> None:
        """Tell those that have started what there is to do."""
        for worker in [one for one in self.starting if one.pipe.poll(_PATIENCE)]:
            with worker.watched():
                worker.pipe.recv()
                worker.pipe.send_bytes(self.pickled)
            self.starting.remove(worker)
            self.workers.append(worker)
        if not self.starting:
            self.pickled = b""

    def listen(self, patience: float | None = None) -> None:
        """Wait until one worker or more have answered, for some seconds at most."""
        from multiprocessing.connection import wait  # here, as in `started`

        by_pipe = {worker.pipe: worker for worker in self.workers if worker.numbers}
        for pipe in wait(list(by_pipe), patience):
            worker = by_pipe[cast("Connection", pipe)]
            self.answers[worker.numbers.popleft()] = worker.answer()

    def dismiss_idle(self) -> None:
        """Have workers end that nothing is left for, while others are still at it."""
        for worker in self.workers:
            if not worker.numbers:
                worker.dismiss()

    def ready(self) -> Iterator[Any]:
        """Yield the results that wait for no earlier one."""
        while (answer := self.answers.pop(self.n_taken, None)) is not None:
            self.n_taken += 1
            for record in answer.logged:
                logging.getLogger(record.name).handle(record)
            if answer.error is not None:
                raise answer.error
            yield answer.result


@contextmanager
def _crew(work: type_work, n_workers: int, first: Sequence[Any]) -> Iterator[_Crew]:
    """Start the workers; whatever happens, none is left behind."""
    if not is_alone():
        with started(n_workers, None) as workers:
            yield _Crew(work, workers, ())
        return
    # Of large items a worker has one at a time, and would wait for the next while this
    # process is at its own.
    helps = all(len(pickled(item)) <= SMALL for item in first)
    with started(n_workers - 1 if helps else n_workers, work) as workers:
        yield _Crew(work, (), workers, helps=helps)
