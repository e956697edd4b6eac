"""Settings every part has. Environment variables only; a bad one stops the start and is named."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROLES = frozenset({"api", "consumer", "relay", "scheduler"})


class Settings(BaseSettings):
    """Settings of one part.

    A part subclasses this, gives `database` its default and adds its own.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    postgres_url: str = Field(
        "postgresql://postgres@127.0.0.1:5432",
        description="PostgreSQL server. Each part uses its own database on it.",
    )
    database: str = Field("", description="Name of the part's database.")
    nats_url: str = Field(
        "nats://127.0.0.1:4222",
        description="NATS server with JetStream. `{part}` in it is replaced by the part's name.",
    )
    jwks: str = Field(
        "http://gateway:8080/.well-known/jwks.json",
        description="Where the gateway's public keys are, or the key set itself as JSON.",
    )
    internal_keys_folder: Path | None = Field(
        None,
        description="Folder of the keys by which the gateway vouches for callers, `<part>/key` "
        "each, made on first use: gateway and part see the same file, no part sees another's. "
        "Not set: the gateway signs what it vouches for, which costs both more.",
    )
    roles: Annotated[frozenset[str], NoDecode] = Field(
        ROLES, description="What this process does: api, consumer, relay, scheduler."
    )
    subject_prefix: str = Field(
        "evt", pattern=r"^[a-z][a-z0-9_]{0,30}$", description="First token of every event subject."
    )
    consumer_groups: int = Field(
        1,
        ge=1,
        le=16,
        description="How many consumers may share a service's events; members stay in order.",
    )
    stream_replicas: int = Field(1, ge=1, le=5, description="Copies of each JetStream stream.")
    stream_retention_days: int = Field(
        14, ge=1, le=365, description="How long streams keep events."
    )
    pool_size: int = Field(
        16, ge=1, le=200, description="Database connections the process opens, as it needs them."
    )
    request_timeout_ms: int = Field(
        10_000, ge=100, le=600_000, description="Deadline of a request that brings none."
    )
    drain_s: float = Field(25.0, ge=0, le=300, description="Longest wait for requests at shutdown.")
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least severe line logged."
    )

    @field_validator("roles", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return frozenset(filter(None, value.split(","))) if isinstance(value, str) else value

    @field_validator("roles")
    @classmethod
    def _known(cls, value: frozenset[str]) -> frozenset[str]:
        if unknown := value - ROLES:
            message = f"unknown role {min(unknown)!r}; the roles are {', '.join(sorted(ROLES))}"
            raise ValueError(message)
        return value

    def database_url(self, driver: str = "postgresql+asyncpg") -> str:
        """The part's database on the server of `postgres_url`, for SQLAlchemy."""
        scheme, _, rest = self.postgres_url.partition("://")
        if not scheme.startswith("postgres"):
            message = f"POSTGRES_URL must begin with postgresql://, not {scheme}://"
            raise ValueError(message)
        address, _, query = rest.partition("?")
        server = address.split("/", 1)[0]
        return f"{driver}://{server}/{self.database}" + (f"?{query}" if query else "")
