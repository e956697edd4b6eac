"""Settings of feedback."""

from pydantic import Field

import kit.settings


class Settings(kit.settings.Settings):
    database: str = Field("feedback", description="Name of the part's database.")
