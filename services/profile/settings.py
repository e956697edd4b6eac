"""Settings of profile."""

from pydantic import Field

import kit.settings


class Settings(kit.settings.Settings):
    database: str = Field("profile", description="Name of the part's database.")
