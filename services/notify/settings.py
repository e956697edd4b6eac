"""Settings of notify."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from pydantic import Field, field_validator

import kit.settings

SMTP_SCHEMES = ("smtp", "smtps", "smtp+starttls")


class Settings(kit.settings.Settings):
    database: str = Field("notify", description="Name of the part's database.")
    smtp_url: str = Field(
        "",
        description="Mail server: smtp://[user:password@]host[:port], smtps:// for TLS from the "
        "start, smtp+starttls:// to insist on STARTTLS. Empty: no e-mail is sent.",
    )
    mail_from: str = Field(
        "Rapport <no-reply@localhost>", description="Sender of every e-mail: Name <address>."
    )
    mail_connections: int = Field(
        4,
        ge=1,
        le=100,
        description="E-mails of one lane (direct or campaigns) on their way at once.",
    )
    brand: str = Field("Rapport", description="The brand's name, as e-mails show it.")
    public_url: str = Field(
        "http://127.0.0.1:8080",
        description="Where the gateway is reached from outside; unsubscribe links begin with it.",
    )
    app_url: str = Field(
        "",
        description="What links in e-mails begin with, such as https://app.example.com or "
        "myapp://open. Empty: e-mails have no button.",
    )

    @field_validator("smtp_url")
    @classmethod
    def _known_scheme(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in SMTP_SCHEMES or not parts.hostname):
            message = f"must begin with {', '.join(f'{s}://' for s in SMTP_SCHEMES)} and a host"
            raise ValueError(message)
        return value

    @field_validator("mail_from")
    @classmethod
    def _has_address(cls, value: str) -> str:
        if "@" not in parseaddr(value)[1]:
            message = "must hold an address: Name <address>"
            raise ValueError(message)
        return value
