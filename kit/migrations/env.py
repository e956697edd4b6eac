"""Alembic's environment, for every part: one transaction under a lock; replicas take turns."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from kit.db import metadata

config = context.config


def upgrade(connection: Connection) -> None:
    service = config.attributes["service"]
    context.configure(
        connection=connection,
        target_metadata=[metadata, service.metadata],
        compare_type=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrate'))"))
        context.run_migrations()


async def run() -> None:
    engine = create_async_engine(config.attributes["settings"].database_url(), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(upgrade)
        await connection.commit()
    await engine.dispose()


asyncio.run(run())
