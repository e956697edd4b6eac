"""Settings of the loyalty service."""

from pydantic import Field

from kit import settings


class Settings(settings.Settings):
    database: str = Field("loyalty", description="Name of the part's database.")
