"""Settings of the gateway: first those of identity, then those of the edge."""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from annotated_types import MinLen
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

import kit.settings
from gateway.rules import KeyKind, key_kind
from kit.vault import Vault, secret_of

QUOTA = r"^[1-9][0-9]{0,8}/[1-9][0-9]{0,5}$"  # calls/seconds


def check_remote(url: str) -> str:
    """`url`, if secrets may be fetched by it: over TLS, or inside one's own network.

    Raises ValueError.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    inside = host in ("127.0.0.1", "::1") or "." not in host  # localhost, or a service's name
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and inside)):
        message = "must begin with https:// (http:// for hosts of your own network) and a host"
        raise ValueError(message)
    return url


def check_key(kind: KeyKind, key: SecretStr) -> SecretStr:
    """`key`, if it is an API key of this kind, which nobody can guess. Raises ValueError."""
    if (text := key.get_secret_value()) and key_kind(text) is not kind:
        message = f"must begin with {kind.prefix}"
        raise ValueError(message)
    return key


class IssuerSettings(BaseModel):
    """An OpenID Connect issuer whose ID tokens sign members in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    issuer: Annotated[str, AfterValidator(check_remote)]
    audiences: Annotated[list[str], MinLen(1)]
    jwks_uri: Annotated[str, AfterValidator(check_remote)] | None = None
    trusts_email: bool = False


class Settings(kit.settings.Settings):
    database: str = "gateway"

    secret_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="Secret under which signing keys are sealed. All replicas share it.",
    )
    secret_key_file: Path = Field(
        Path(".rapport/secret_key"),
        description="File with that secret where SECRET_KEY is not set; "
        "made on first start if absent.",
    )
    secret_key_other: SecretStr | None = Field(
        None,
        min_length=32,
        description="While SECRET_KEY is changed: the secret before, or the next; what was sealed "
        "under it is opened too. Without it, the file SECRET_KEY_FILE with `.other` at its end.",
    )
    message_secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="Secret shared with notify: codes travel to it sealed under this.",
    )
    message_secret_file: Path = Field(
        Path(".rapport/message_secret"),
        description="File with that secret where MESSAGE_SECRET is not set; "
        "made on first start if absent.",
    )
    code_phone_prefixes: str = Field(
        "",
        pattern=r"^(\+[1-9][0-9]{0,8}(,\+[1-9][0-9]{0,8})*)?$",
        description="Codes go only to phone numbers that begin so, such as +86,+7. Empty: to any.",
    )
    registration: Literal["at_once", "confirmed"] = Field(
        "at_once",
        description="confirmed: who registers proves the address by a code first, and no answer "
        "tells whether there is an account. at_once: signed in at once; a taken address is "
        "answered 409.",
    )
    issuer: str = Field("rapport", min_length=1, description="`iss` of access tokens.")
    audience: str = Field("rapport", min_length=1, description="`aud` of access tokens.")
    issuers: list[IssuerSettings] = Field(
        [],
        description="OpenID Connect issuers whose ID tokens sign members in, as JSON: "
        '`[{"name": "keycloak", "issuer": "https://id.example.com/realms/app", '
        '"audiences": ["app"], "trusts_email": false}]` (docs/identity.md).',
    )
    access_token_s: int = Field(600, ge=30, le=3600, description="Life of an access token.")
    member_session_days: int = Field(
        60,
        ge=1,
        le=400,
        description="A member's session ends after so many days without a refresh.",
    )
    staff_session_hours: int = Field(
        12, ge=1, le=168, description="A staff session ends this long after sign-in."
    )
    staff_idle_minutes: int = Field(
        60,
        ge=15,
        le=1_440,
        description="A staff session ends after so many minutes without a refresh.",
    )
    staff_second_factor: Literal["optional", "required"] = Field(
        "optional",
        description="required: staff without a second factor can do nothing but set one up.",
    )
    invitation_hours: int = Field(
        72, ge=1, le=720, description="How long an invitation to join the staff can be accepted."
    )
    access_review_days: int = Field(
        90,
        ge=1,
        le=400,
        description="How often administrators are asked to review who has access, and for how "
        "long something must lie unused to be marked.",
    )
    signing_key_days: int = Field(
        30, ge=1, le=365, description="How long a signing key signs before a new one does."
    )
    password_memory_kib: int = Field(
        19_456, ge=19_456, le=1_048_576, description="Argon2id memory of one password hash."
    )
    password_iterations: int = Field(
        2, ge=2, le=20, description="Argon2id passes over that memory."
    )
    password_threads: int = Field(2, ge=1, le=64, description="Password hashes computed at once.")
    password_waiting: int = Field(
        200, ge=1, le=10_000, description="Password hashes that may wait; more are answered 503."
    )
    admin_email: str = Field("", description="First administrator, created at start when absent.")
    admin_password: SecretStr = Field(SecretStr(""), description="Their first password.")
    backend_key: Annotated[SecretStr, AfterValidator(partial(check_key, KeyKind.BACKEND))] = Field(
        SecretStr(""), description="API key of the company's backend (rk_...), created at start."
    )
    write_key: Annotated[SecretStr, AfterValidator(partial(check_key, KeyKind.WRITE))] = Field(
        SecretStr(""), description="Write key of its Segment SDKs (wk_...), created at start."
    )

    # the edge
    valkey_url: str = Field(
        "redis://127.0.0.1:6379", description="Valkey, where replicas share sign-in counts."
    )
    profile_url: str = Field(
        "http://profile:8080",
        description="Where profile is, when it runs by itself. Several places share the requests "
        "by weight: http://a:8080 9, http://b:8080 1.",
    )
    loyalty_url: str = Field(
        "http://loyalty:8080",
        description="Where loyalty is, when it runs by itself. Several places share the requests "
        "by weight: http://a:8080 9, http://b:8080 1.",
    )
    feedback_url: str = Field(
        "http://feedback:8080",
        description="Where feedback is, when it runs by itself. Several places share the requests "
        "by weight: http://a:8080 9, http://b:8080 1.",
    )
    notify_url: str = Field(
        "http://notify:8080",
        description="Where notify is, when it runs by itself. Several places share the requests "
        "by weight: http://a:8080 9, http://b:8080 1.",
    )
    upstream_connections: int = Field(
        512,
        ge=1,
        le=65_536,
        description="Requests a service may have at once; more are answered 503.",
    )
    upstream_in_flight_least: int = Field(
        32,
        ge=1,
        le=65_536,
        description="Requests a service may work on at once, however slow it has become.",
    )
    upstream_health_s: float = Field(
        2.0,
        ge=0,
        le=300,
        description="How often services are asked whether they are ready; 0: never.",
    )
    upstream_hosts: str = Field(
        "",
        description="Hosts a policy may send requests to beside those of the settings, "
        "such as loyalty-canary,.svc.cluster.local.",
    )
    shed_lag_ms: float = Field(
        50.0,
        ge=5,
        le=10_000,
        description="While the event loop runs later than this all the time, requests are shed, "
        "those of least worth first.",
    )
    cors_origins: str = Field(
        "", description="Web pages that may call, such as https://app.example.com,http://localhost."
    )
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="Proxies of yours in front that append to X-Forwarded-For."
    )
    hsts_s: int = Field(
        31_536_000,
        ge=0,
        description="How long browsers shall insist on HTTPS (HSTS); 0: nothing is said.",
    )
    body_limit_bytes: int = Field(
        1_048_576, ge=1_024, description="Largest body of an ordinary request."
    )
    upload_limit_bytes: int = Field(26_214_400, ge=1_024, description="Largest body of an upload.")
    limit_sign_in: str = Field(
        "60/60", pattern=QUOTA, description="Calls/seconds of an address to sign-in paths."
    )
    limit_sign_in_account: str = Field(
        "10/60", pattern=QUOTA, description="Sign-in attempts on one account from one address."
    )
    limit_codes: str = Field(
        "60/3600",
        pattern=QUOTA,
        description="Codes sent for callers of one address, e-mail and text messages apart, that "
        "nobody entered; ten times as many in all.",
    )
    limit_write: str = Field("240/60", pattern=QUOTA, description="Writes of one member.")
    limit_read: str = Field(
        "1200/60",
        pattern=QUOTA,
        description="Reads of one member, or of an address nobody signed in from.",
    )
    limit_ingest: str = Field(
        "600/60", pattern=QUOTA, description="Tracking calls of one member; each may carry a batch."
    )
    limit_staff: str = Field("3000/60", pattern=QUOTA, description="Calls of one staff member.")
    limit_backend: str = Field("120000/60", pattern=QUOTA, description="Calls with one API key.")
    access_log: bool = Field(True, description="Write one JSON line for each request.")
    streams_per_member: int = Field(
        5, ge=1, le=100, description="Live streams of one member; one more ends the oldest."
    )
    stream_heartbeat_s: float = Field(
        15.0, gt=0, le=300, description="A quiet stream says this often that it lives."
    )

    def vault(self) -> Vault:
        """What the gateway's own secrets are sealed in."""
        other, file = None, other_file(self.secret_key_file)
        if self.secret_key_other is not None:
            other = Vault(self.secret_key_other.get_secret_value(), "SECRET_KEY_OTHER")
        elif self.secret_key is None and file.exists():
            other = Vault(secret_of(file), "SECRET_KEY_OTHER")
        return Vault.of(self.secret_key, self.secret_key_file, other=other)


def other_file(file: Path) -> Path:
    """Where the other secret is while that in `file` is changed."""
    return file.with_name(f"{file.name}.other")
