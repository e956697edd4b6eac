"""Settings of profile."""

import kit.settings


class Settings(kit.settings.Settings):
    database: str = "profile"
