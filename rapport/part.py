"""One part in this process, as containers and `rapport up --shape services` run it."""

import asyncio
import multiprocessing
import sys
from functools import partial

from kit import logs, memory
from rapport import migrations, serving
from rapport.parts import Part, part_named
from rapport.ports import Claim


def serve(
    name: str,
    *,
    host: str,
    port: int | Claim,
    operations_at: tuple[str, int | Claim],
    migrate: bool,
) -> None:
    """Serve the part until told to stop; its settings come from the environment."""
    memory.keep_one_heap()
    part = part_named(name)
    settings = part.settings()
    logs.configure(settings.log_level)
    if migrate:
        migrate_apart(part)
    app = part.create_app(settings)
    operations = part.create_operations_app(app)
    serving.run(
        partial(
            serving.serve,
            app,
            host=host,
            port=port,
            drain_s=settings.drain_s,
            operations=operations and (operations, *operations_at),
        )
    )


def migrate_apart(part: Part) -> None:
    """Migrate in a process that then ends, and with it what alembic took of memory (10 MiB).

    A fork, while there are neither threads nor connections: it need not import everything again.
    """
    child = multiprocessing.get_context("fork").Process(target=migrated, args=(part,))
    child.start()
    child.join()
    if child.exitcode:
        sys.exit(1)  # it has said why


def migrated(part: Part) -> None:
    """Migrate in this process."""
    asyncio.run(migrations.migrate([part]))
