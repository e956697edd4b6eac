"""Identity rules: who may sign in and for how long. Pure: values in, values out; no clock, no I/O.

Identifiers are compared in one normal form. Secrets (refresh tokens, API keys) are known here only
by SHA-256.
"""

import hmac
import re
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from typing import Final

import pyotp

PASSWORD_LENGTH: Final = (
    8,
    128,
)  # characters, after normalisation; NIST SP 800-63B asks for 8 and at least 64
REFRESH_GRACE: Final = timedelta(seconds=30)
FREE_FAILURES: Final = 5
LONGEST_DELAY: Final = timedelta(minutes=15)
FAILURES_FORGOTTEN_AFTER: Final = timedelta(days=1)

_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\\x00-\x1f\x7f]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_EMAIL_LONGEST = 254  # RFC 5321, 4.5.3.1.3
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")  # E.164
_PHONE_PUNCTUATION = re.compile(r"[\s().\-\u2010-\u2015]+")
_SCOPE = re.compile(r"[a-z][a-z_]{0,39}:(read|write|redeem)")
_KEY_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_GUESSED_FIRST = frozenset({
    "12341234", "12345678", "123456789", "1234567890", "1q2w3e4r", "1qaz2wsx", "87654321",
    "a1234567", "a12345678", "aa123456", "abc12345", "abcd1234", "iloveyou", "passw0rd",
    "password", "password1", "password123", "qq123456", "qwer1234", "qwerty12", "qwerty123",
    "qwertyui", "qwertyuiop", "woaini1314", "woaini520",
})  # fmt: skip


class IdentifierKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Identifier:
    """What a member signs in by, in normal form. `Identifier.of` makes the normal form."""

    kind: IdentifierKind
    value: str

    @classmethod
    def of(cls, kind: IdentifierKind, text: str) -> "Identifier":
        """Raises ValueError, saying what is wrong, when `text` is no such identifier."""
        return cls(kind, normal_email(text) if kind is IdentifierKind.EMAIL else normal_phone(text))


def normal_email(text: str) -> str:
    """Lower case, compatibility forms resolved, the domain in ASCII. Says nothing of delivery."""
    local, _, domain = unicodedata.normalize("NFKC", text.strip()).lower().rpartition("@")
    email = f"{local}@{_ascii_domain(domain)}"
    if len(email) > _EMAIL_LONGEST or not _EMAIL.fullmatch(email) or ".." in email:
        raise ValueError("not an e-mail address such as mei@example.com")
    return email


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        raise ValueError("not an e-mail address such as mei@example.com") from None


def normal_phone(text: str) -> str:
    """E.164: `+`, country code, number. `00` is read as `+`, punctuation is dropped."""
    phone = _PHONE_PUNCTUATION.sub("", unicodedata.normalize("NFKC", text))
    if phone.startswith("00"):
        phone = f"+{phone[2:]}"
    if not _PHONE.fullmatch(phone):
        raise ValueError("not a phone number in international form, such as +8613800138000")
    return phone


def normal_password(text: str) -> str:
    """The form that is hashed: the same password typed on two keyboards must be the same bytes."""
    return unicodedata.normalize("NFKC", text)


def check_password(password: str, *identifiers: str) -> None:
    """Raises ValueError when `password`, in normal form, is too short, too long, a first guess."""
    shortest, longest = PASSWORD_LENGTH
    if not shortest <= len(password) <= longest:
        raise ValueError(f"must have {shortest} to {longest} characters")
    if password.lower() in _GUESSED_FIRST or len(set(password)) == 1:
        raise ValueError("is one of those guessed first; choose a longer one of your own")
    if password.lower() in identifiers:
        raise ValueError("must differ from what the member signs in by")


def delay_after(failures: int) -> timedelta:
    """How long sign-in is refused after so many failures in a row.

    The first four cost nothing, the fifth 1 s, and each further one twice as much, up to 15 min.
    """
    if failures < FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES, 10)
    return min(timedelta(seconds=2**doublings), LONGEST_DELAY)


@dataclass(frozen=True, slots=True)
class Device:
    """Where somebody signs in, as the app says it; shown to them in the list of their sessions."""

    device_id: str | None = None
    platform: str | None = None
    app: str | None = None


class SessionEnd(StrEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    MERGED = "merged"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (a reason)
    ADDRESS_PROVEN = "address_proven"
    ACCOUNT_CLOSED = "account_closed"
    TOKEN_REUSED = "token_reused"  # noqa: S105  (a reason)
    STAFF_CHANGED = "staff_changed"


@dataclass(frozen=True, slots=True)
class RefreshState:
    """What is known of a presented refresh token and of the session it belongs to."""

    expires_at: datetime
    used_at: datetime | None
    used_by: str | None
    has_successor: bool
    session_revoked: bool


class RefreshVerdict(StrEnum):
    ROTATE = "rotate"
    REPEAT = "repeat"
    REUSED = "reused"
    ENDED = "ended"


def judge_refresh(token: RefreshState, device: str, now: datetime) -> RefreshVerdict:
    """What to do with a refresh token presented by `device` (RFC 9700, 4.14.2).

    A used one is a sign of theft, unless the same device repeats itself within the grace: then its
    first answer was lost, and it is given the same successor.
    """
    if token.session_revoked or now >= token.expires_at:
        return RefreshVerdict.ENDED
    if token.used_at is None:
        return RefreshVerdict.ROTATE
    in_grace = now <= token.used_at + REFRESH_GRACE
    if in_grace and token.has_successor and token.used_by == device:
        return RefreshVerdict.REPEAT
    return RefreshVerdict.REUSED


def successor_of(refresh_token: str, salt: bytes) -> str:
    """The refresh token that follows `refresh_token`.

    The salt is stored, the token never is; both are needed. So who holds the old token can be given
    the same successor again, and who steals the database can make none.
    """
    return as_refresh_token(hmac.digest(refresh_token.encode(), salt, "sha256"))


def as_refresh_token(secret: bytes) -> str:
    """256 bits as text, recognisable by its beginning."""
    return f"rt_{_as_text(secret)}"


def _as_text(secret: bytes) -> str:
    return urlsafe_b64encode(secret).rstrip(b"=").decode()


def fingerprint(secret: str) -> bytes:
    """What is stored of a secret of 256 random bits; such a secret needs no slow hash."""
    return sha256(secret.encode()).digest()


class KeyKind(StrEnum):
    """A `backend` key is the company's secret; a `write` key is in every app, for activities."""

    BACKEND = "backend"
    WRITE = "write"

    @property
    def prefix(self) -> str:
        return "rk_" if self is KeyKind.BACKEND else "wk_"


WRITE_KEY_SCOPES: Final = frozenset({"activities:write"})
KEY_SHOWN: Final = 8  # characters of a key that stay readable in lists, prefix not counted


def as_api_key(kind: KeyKind, secret: bytes) -> str:
    return kind.prefix + _as_text(secret)


def key_kind(key: str) -> KeyKind:
    """Raises ValueError when `key` is not shaped like an API key."""
    for kind in KeyKind:
        if key.startswith(kind.prefix) and _KEY_SECRET.fullmatch(key[3:]):
            return kind
    raise ValueError("not an API key: rk_ or wk_ and 43 characters, 256 random bits in base64url")


def shown_part(key: str) -> str:
    """What lists show of a key: enough to tell keys apart, not enough to use one."""
    return key[: 3 + KEY_SHOWN]


def check_scopes(kind: KeyKind, scopes: frozenset[str]) -> None:
    """Raises ValueError when a scope is not `<noun>:<read|write|redeem>` or not for this kind."""
    if not scopes:
        raise ValueError("name at least one scope")
    if malformed := sorted(scope for scope in scopes if not _SCOPE.fullmatch(scope)):
        raise ValueError(f"{malformed[0]!r} is not <noun>:<read|write|redeem>")
    if kind is KeyKind.WRITE and scopes != WRITE_KEY_SCOPES:
        raise ValueError("a write key has exactly the scope activities:write")


SIGNS_LATER_BY: Final = timedelta(minutes=5)  # a new key is published before it signs
SIGNING_KEY_KEPT: Final = timedelta(
    days=1
)  # after its successor began: longer than any token lives


def next_key_signs_from(newest: datetime | None, life: timedelta, now: datetime) -> datetime | None:
    """When a signing key to be made now would begin to sign; None when none is due."""
    if newest is None:
        return now
    return now + SIGNS_LATER_BY if newest + life <= now else None


def outlived(signs_from: Mapping[str, datetime], now: datetime) -> list[str]:
    """The keys, of those given by `kid`, that nothing valid can still be signed with."""
    by_age = sorted(signs_from, key=lambda kid: signs_from[kid])
    return [
        kid for kid, successor in pairwise(by_age) if signs_from[successor] + SIGNING_KEY_KEPT < now
    ]


CODE_LIFE: Final = timedelta(minutes=10)
CODE_TRIES: Final = 5
CODE_DIGITS: Final = 6
CODE_PACE: Final = (
    (1, timedelta(seconds=30)),
    (5, timedelta(hours=1)),
    (10, timedelta(days=1)),
)
"""How many codes one address may be sent within how long: 50 guesses a day at a million codes."""
FRESH_SESSION: Final = timedelta(minutes=10)


class CodePurpose(StrEnum):
    """What a code proves an address for; it is good for nothing else."""

    SIGN_IN = "sign_in"
    RESET_PASSWORD = "reset_password"  # noqa: S105  (a purpose)
    CONFIRM_IDENTIFIER = "confirm_identifier"
    RESET_STAFF_PASSWORD = "reset_staff_password"  # noqa: S105  (a purpose)
    REGISTER = "register"
    APPROVE_DEVICE = "approve_device"


APPROVING_AGE = timedelta(hours=24)
"""How long an address must have been a member's before its codes approve their devices."""


def next_code_at(issued: Sequence[datetime], now: datetime) -> datetime | None:
    """When an address may be sent a further code, if not now; `issued` is when it was sent some."""
    waits = []
    for most, window in CODE_PACE:
        recent = sorted(at for at in issued if at > now - window)
        if len(recent) >= most:
            waits.append(recent[-most] + window)
    return max(waits, default=None)


def as_code(number: int) -> str:
    return f"{number:0{CODE_DIGITS}d}"


def as_link(secret: bytes) -> str:
    """The secret of a link that stands for a code."""
    return f"lk_{_as_text(secret)}"


def keyed_hash(key: bytes, *parts: str) -> bytes:
    """What is stored of a secret that could be guessed from its mere hash."""
    return hmac.digest(key, "\0".join(parts).encode(), "sha256")


TOTP_STEP_S: Final = 30
RECOVERY_CODES: Final = 10
_RECOVERY_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like another
ACCOUNT_ONLY: Final = frozenset({"account:write"})
"""What somebody may who must set up a second factor first: their own account and sessions."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_PATHS: Final = ("/v1/auth/", "/v1/staff/me")


def matching_step(secret: str, code: str, now: float, last_step: int | None) -> int | None:
    """The time step whose code (RFC 6238) this is: the present one or a neighbour, never used yet.

    The clock of a phone may be half a minute off; a code that was used is no good to a watcher.
    """
    present = int(now // TOTP_STEP_S)
    totp = pyotp.TOTP(secret, interval=TOTP_STEP_S)
    for step in (present, present - 1, present + 1):
        unused = last_step is None or step > last_step
        if hmac.compare_digest(totp.generate_otp(step), code) and unused:
            return step
    return None


def as_recovery_code(numbers: Sequence[int]) -> str:
    """Ten letters and digits in two groups, for 49 bits."""
    letters = [_RECOVERY_ALPHABET[number % len(_RECOVERY_ALPHABET)] for number in numbers]
    return f"{''.join(letters[:5])}-{''.join(letters[5:10])}"


def normal_recovery_code(text: str) -> str:
    return text.strip().lower()


def as_invitation(secret: bytes) -> str:
    return f"in_{_as_text(secret)}"


def check_staff_scopes(scopes: Collection[str]) -> None:
    """Raises ValueError when a scope is not `<noun>:<read|write>`."""
    if malformed := sorted(scope for scope in scopes if not _SCOPE.fullmatch(scope)):
        raise ValueError(f"{malformed[0]!r} is not <noun>:<read|write>")


def within_scopes(scopes: frozenset[str], method: str, path: str) -> bool:
    """Whether somebody narrowed to `scopes` may call `path`, whose noun is its second word.

    `/v1/api-keys` belongs to `api_keys`. One's own account and sessions are never barred.
    """
    if not scopes or path.startswith(_OWN_PATHS):
        return True
    noun = path.split("/")[2].replace("-", "_")
    return f"{noun}:{'read' if method in SAFE else 'write'}" in scopes


def staff_scopes(scopes: Collection[str], *, second_factor: bool, required: bool) -> frozenset[str]:
    """What a staff session is narrowed to, if at all."""
    return ACCOUNT_ONLY if required and not second_factor else frozenset(scopes)
