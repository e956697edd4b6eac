"""Settings of notify."""

from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, IPvAnyNetwork, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

import kit.settings
from kit.vault import Vault

SHORTEST_SECRET = 24
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
    sms_url: str = Field(
        "",
        description="Where text messages are posted to: a webhook of yours or your provider's, "
        "signed as standardwebhooks.com has it. Empty: none are sent.",
    )
    sms_secret: SecretStr = Field(
        SecretStr(""), description="Secret under which posts to SMS_URL are signed."
    )
    message_secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="Secret shared with the gateway: codes come from it sealed under this.",
    )
    message_secret_file: Path = Field(
        Path(".rapport/message_secret"),
        description="File with that secret where MESSAGE_SECRET is not set; "
        "made on first start if absent.",
    )
    webhook_networks: Annotated[list[IPvAnyNetwork], NoDecode] = Field(
        [],
        description="Networks inside yours that webhooks may be posted to, also over http://, such "
        "as 127.0.0.0/8 in development. Empty: only the public internet, over https://.",
    )
    urgent_connections: int = Field(
        8,
        ge=1,
        le=100,
        description="Codes and other urgent messages on their way at once.",
    )
    brand: str = Field("Rapport", description="The brand's name, as e-mails show it.")
    public_url: str = Field(
        "http://127.0.0.1:8080",
        description="Where the gateway is reached from outside; unsubscribe links begin with it.",
    )
    app_url: str = Field(
        "",
        description="What links in e-mails begin with, such as https://app.example.com or "
        "myapp://open. Empty: e-mails have no button, but those with a code, which lead to the "
        "gateway's own pages, PUBLIC_URL/pages.",
    )

    console_url: str = Field(
        "",
        description="Where staff open the console; links in their e-mails begin with it. "
        "Empty: the gateway's own pages, PUBLIC_URL/pages.",
    )

    @field_validator("webhook_networks", mode="before")
    @classmethod
    def _split_networks(cls, value: Any) -> Any:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("sms_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            message = "must begin with https:// (or http:// inside your network) and a host"
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _signed(self) -> Self:
        if self.sms_url and len(self.sms_secret.get_secret_value()) < SHORTEST_SECRET:
            message = f"SMS_SECRET must have {SHORTEST_SECRET} characters where SMS_URL is set"
            raise ValueError(message)
        return self

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

    def message_vault(self) -> Vault:
        """What is sealed between the gateway and notify, and by notify itself."""
        return Vault.of(self.message_secret, self.message_secret_file, "MESSAGE_SECRET")
