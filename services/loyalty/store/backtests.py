"""Back-tests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty.rules.programme.states import BacktestState
from services.loyalty.tables import Backtest


async def add(session: AsyncSession, asked: Backtest) -> None:
    session.add(asked)
    await session.flush()


async def find(session: AsyncSession, backtest_id: UUID) -> Backtest | None:
    return await session.get(Backtest, backtest_id)


async def take(session: AsyncSession) -> Backtest | None:
    """The one that has waited longest and nobody is at; it is then this transaction's."""
    statement = (
        select(Backtest)
        .where(col(Backtest.state) == BacktestState.QUEUED)
        .order_by(col(Backtest.created_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(statement)).one_or_none()


async def take_time(session: AsyncSession) -> None:
    """Let this transaction's statements take as long as the past is."""
    await session.execute(text("SET LOCAL statement_timeout = '10min'"))
    await session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '10min'"))


async def finish(
    session: AsyncSession, backtest_id: UUID, report: dict[str, Any], now: datetime
) -> None:
    await _end(session, backtest_id, state=BacktestState.DONE, report=report, finished_at=now)


async def fail(session: AsyncSession, backtest_id: UUID, error: str, now: datetime) -> None:
    await _end(session, backtest_id, state=BacktestState.FAILED, error=error, finished_at=now)


async def _end(session: AsyncSession, backtest_id: UUID, **changes: Any) -> None:
    statement = (
        update(Backtest)
        .where(col(Backtest.backtest_id) == backtest_id)
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)
