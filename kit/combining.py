"""Keyed writes of many callers in one transaction: what a commit costs is shared.

While a transaction runs, the calls that come meanwhile wait together and are the next one, so a
quiet service answers each call by itself and a busy one many at once. Every call keeps what it
would have alone: its own answer, stored under its own key in that same transaction; its own
refusal, which costs the others nothing; and when the transaction fails, it is begun again by
itself. A caller who leaves is not waited for; what had begun for them is finished, and their retry
gets the answer.

An endpoint marked `kit.idempotency.combined` answers through `answer`. It hands over what is wished
for, not how it is done: the work gets all wishes of a transaction in the order they came.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextvars import Context
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from kit import idempotency
from kit.db import Sessions, is_conflict, is_unique_violation, transaction
from kit.idempotency import Keyed
from kit.problems import Problem
from kit.rows import at_once

if TYPE_CHECKING:
    from kit.app import Runtime

log = logging.getLogger(__name__)

MOST: Final = 64
"""Calls of one transaction."""
LANES: Final = 2
"""Transactions at a time: while one waits for the database, the other makes use of this process."""
WORTH_SHARING: Final = 4
"""Fewer calls waiting are not parted."""
TRIES: Final = 4
"""Of one call by itself, where others stand in its way."""

Wish = TypeVar("Wish")
Outcome = TypeVar("Outcome")

Name = tuple[str, str, UUID]

Work = Callable[[AsyncSession, Sequence[Wish]], Awaitable[Sequence[Outcome | Problem]]]
"""Does what is wished for in the given order; of each wish the outcome, or why it is refused.

Nothing may have been written for a wish that is refused. What is given to `write` (kit.rows) is
written with the answers: the work itself cannot read it.
"""


async def answer(
    request: Request,
    work: Work[Wish, Outcome],
    wish: Wish,
    shown: Callable[[Outcome], Response],
) -> Response:
    """Answer a keyed request with what `shown` makes of its wish's outcome, once for its key."""
    runtime: Runtime = request.app.state.runtime
    combiner = runtime.combiners.get(work)
    if combiner is None:
        combiner = runtime.combiners[work] = Combiner(runtime.sessions, work)
    return await combiner.answer(Call(request.state.keyed, wish, shown))


class Call(Generic[Wish, Outcome]):
    """A wish, and who waits for its answer."""

    def __init__(self, keyed: Keyed, wish: Wish, shown: Callable[[Outcome], Response]) -> None:
        self.keyed = keyed
        self.wish = wish
        self.shown = shown
        self.name: Name = keyed.caller, keyed.route, keyed.key
        self.answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

    def end(self, answer: Response | Exception) -> None:
        if self.answer.done():  # nobody waits any more
            return
        if isinstance(answer, Exception):
            self.answer.set_exception(answer)
        else:
            self.answer.set_result(answer)


class Combiner(Generic[Wish, Outcome]):
    """The calls of one kind that a process is answering."""

    def __init__(self, sessions: Sessions, work: Work[Wish, Outcome]) -> None:
        self._sessions = sessions
        self._work = work
        self._waiting: deque[Call[Wish, Outcome]] = deque()
        self._underway: set[Name] = set()
        self._lanes = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def answer(self, call: Call[Wish, Outcome]) -> Response:
        self._waiting.append(call)
        self._open_lane()
        return await call.answer

    def _open_lane(self) -> None:
        if self._waiting and self._lanes < LANES:
            self._lanes += 1
            self._begin(self._drain())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        # in a context of its own: it works for all, not for whoever came first
        task = asyncio.create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self) -> None:
        try:
            while calls := self._next():
                await self._answer(calls)
        finally:
            self._lanes -= 1

    def _next(self) -> list[Call[Wish, Outcome]]:
        """The calls of the next transaction. A twin of one underway waits for its answer.

        While another lane is free, many are shared with it.
        """
        calls: list[Call[Wish, Outcome]] = []
        twins: list[Call[Wish, Outcome]] = []
        most = max(WORTH_SHARING, -(-len(self._waiting) // (1 + LANES - self._lanes)))
        while self._waiting and len(calls) < min(most, MOST):
            call = self._waiting.popleft()
            if call.answer.done():  # its caller has left
                continue
            (twins if call.name in self._underway else calls).append(call)
            self._underway.add(call.name)
        self._waiting.extendleft(reversed(twins))
        if calls:
            self._open_lane()
        return calls

    async def _answer(self, calls: Sequence[Call[Wish, Outcome]]) -> None:
        """Answer calls together; where that fails, each by itself, held up by no other."""
        try:
            answers = await self._commit(calls)
        except Exception as error:  # noqa: BLE001  (whatever it is, its caller is told)
            if len(calls) > 1:
                log.warning("%d calls are begun again one by one: %r", len(calls), error)
                for call in calls:
                    self._begin(self._answer([call]))
                return
            answers = [error]
        for call, one in zip(calls, answers, strict=True):
            self._underway.discard(call.name)
            call.end(one)
        self._open_lane()

    async def _commit(self, calls: Sequence[Call[Wish, Outcome]]) -> Sequence[Response | Exception]:
        """The answers, in one transaction; a call by itself is begun again when others interfere.

        Who interferes is another in a deadlock, or a twin elsewhere whose answer is then found.
        """
        tries = TRIES if len(calls) == 1 else 1
        while True:
            tries -= 1
            try:
                async with transaction(self._sessions) as session:
                    return await self._answers(session, calls)
            except Exception as error:
                if not tries or not (is_conflict(error) or is_unique_violation(error)):
                    raise

    async def _answers(
        self, session: AsyncSession, calls: Sequence[Call[Wish, Outcome]]
    ) -> Sequence[Response | Problem]:
        """What each call is answered, stored where it is to be: their effects are written."""
        given = await idempotency.answered(session, [call.keyed for call in calls])
        new = [call for call, one in zip(calls, given, strict=True) if one is None]
        async with at_once(session):
            outcomes = await self._work(session, [call.wish for call in new]) if new else []
            made: list[Response | Problem] = [
                _told(call, outcome) for call, outcome in zip(new, outcomes, strict=True)
            ]
            kept = [
                (call.keyed, one)
                for call, one in zip(new, made, strict=True)
                if not isinstance(one, Problem)
            ]
            await idempotency.keep(session, kept)
        rest = iter(made)
        return [one if one is not None else next(rest) for one in given]


def _told(call: Call[Any, Any], outcome: Any) -> Response | Problem:
    """The answer that is kept, or a refusal that may pass, which is not."""
    if not isinstance(outcome, Problem):
        return call.shown(outcome)
    return outcome.response() if idempotency.is_kept(outcome) else outcome
