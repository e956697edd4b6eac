"""Settings of loyalty."""

from pydantic import Field

import kit.settings


class Settings(kit.settings.Settings):
    database: str = Field("loyalty", description="Name of the part's database.")
