"""A secret of the deployment, and what is sealed under it (AES-256-GCM, RFC 5116).

What is sealed is bound to a name, so that sealed values cannot be exchanged for one another. The
key is derived (HKDF, RFC 5869) so that the same secret may serve other purposes.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

_NONCE_BYTES = 12


class NoSecret(ValueError):  # noqa: N818  (it says what is wrong)
    """A secret is not where it should be and cannot be made there; says what would be right."""


class Vault:
    """Seals under one secret; `setting` is what that is called where somebody must mend it.

    What was sealed under the secret of `other` is opened too, as long as a secret is changed.
    """

    def __init__(
        self, secret: str, setting: str = "SECRET_KEY", *, other: "Vault | None" = None
    ) -> None:
        self._secret = secret.encode()
        self._setting = setting
        self.other = other
        self._cipher = AESGCM(self.key_for("seals"))

    @classmethod
    def of(
        cls,
        secret: SecretStr | None,
        file: Path,
        setting: str = "SECRET_KEY",
        *,
        other: "Vault | None" = None,
    ) -> "Vault":
        """Under `secret`, or the one in `file`, which is made where it is absent.

        Raises NoSecret, naming the setting, when there is neither.
        """
        if secret is not None:
            return cls(secret.get_secret_value(), setting, other=other)
        try:
            return cls(secret_of(file), setting, other=other)
        except OSError as error:
            raise NoSecret(
                f"set {setting}: {file} cannot be read or made ({error.strerror})"
            ) from error

    def key_for(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose; it tells nothing of the secret or of other keys."""
        return HKDF(SHA256(), 32, salt=None, info=f"rapport {purpose}".encode()).derive(
            self._secret
        )

    def seal(self, name: str, content: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, name.encode())

    def open(self, name: str, sealed: bytes) -> bytes:
        """What is sealed. Raises ValueError where it was sealed under neither secret."""
        content = self._opened(name, sealed)
        if content is not None:
            return content
        if self.other is not None and self.other.is_own(name, sealed):
            return self.other.open(name, sealed)
        raise ValueError(
            f"{self._setting} does not open {name}; start with the secret it was sealed under"
        )

    def is_own(self, name: str, sealed: bytes) -> bool:
        """Whether it is sealed under the vault's own secret."""
        return self._opened(name, sealed) is not None

    def _opened(self, name: str, sealed: bytes) -> bytes | None:
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError):
            return None


def secret_of(file: Path) -> str:
    """The secret in `file`, made on first use and readable by its owner only.

    It is written beside and then linked into place: of two processes that start at once one wins,
    both read the same, and none ever reads half a secret.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        _write(draft, secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()


def _write(file: Path, secret: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(secret)
        opened.flush()
        os.fsync(opened.fileno())
