"""A sender of webhooks to be killed: it posts what is due, and waits for the answers.

`python -m tests.notify.dying_webhooks <database>`
"""

import asyncio
import sys

from kit.testing import Harness, settings_for
from services.notify.main import create_app
from services.notify.settings import Settings
from tests.notify.conftest import OPTIONS
from tests.notify.hooks import post_all


async def main() -> None:
    settings = settings_for(Settings, "killed", **{**OPTIONS, "database": sys.argv[1]})
    await post_all(Harness(create_app(settings)), timeout_s=60)


if __name__ == "__main__":
    asyncio.run(main())
