"""Settings of feedback."""

from pydantic import Field

from kit import settings


class Settings(settings.Settings):
    database: str = Field("feedback", description="Name of the part's database.")
