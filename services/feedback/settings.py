"""Settings of feedback."""

from pathlib import Path

from pydantic import Field

import kit.settings


class Settings(kit.settings.Settings):
    database: str = Field("feedback", description="Name of the part's database.")
    attachments_folder: Path = Field(
        Path(".rapport/attachments"),
        description="Folder of the files members and agents send, one for all replicas; "
        "made on first use.",
    )
