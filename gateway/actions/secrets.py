"""Changing the deployment's secret: what was sealed under the other is sealed anew.

Hashes cannot be made anew, so the keys they are made with do not follow from the secret: they were
made once and are sealed under it like everything else.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions import codes, erasures, factors, keys
from gateway.store import secrets as store
from gateway.store.secrets import Sealed
from gateway.tables import ErasureReceipt, IssuedCode, SealedKey, SigningKey, StaffMember
from kit.vault import Vault


def _key_as(name: str) -> str:
    return f"the key for {name}"


STARTED = "showing who started"
"""Nothing is made with it: that it is sealed under a secret shows a gateway that works with it."""

SEALED = (
    Sealed(SigningKey, "kid", "sealed_seed", keys.sealed_as),
    Sealed(StaffMember, "staff_id", "sealed_totp", factors.sealed_as),
    Sealed(IssuedCode, "code_id", "sealed_destination", codes.sealed_as),
    Sealed(IssuedCode, "code_id", "sealed_registration", codes.registration_as),
    Sealed(ErasureReceipt, "erasure_id", "sealed_email", erasures.sealed_as),
    Sealed(SealedKey, "name", "sealed", _key_as),
)


async def key_for(session: AsyncSession, vault: Vault, purpose: str) -> bytes:
    """The deployment's key for a purpose: at first that of the secret, and then for ever."""
    sealed = await store.sealed_key(session, purpose)
    if sealed is None:
        first = (vault.other or vault).key_for(purpose)
        await store.add_sealed_key(session, purpose, vault.seal(_key_as(purpose), first))
        sealed = await store.sealed_key(session, purpose)
    assert sealed is not None  # noqa: S101  (somebody has just written it)
    return vault.open(_key_as(purpose), sealed)


async def note_start(session: AsyncSession, vault: Vault) -> None:
    """Show, while the secret is changed, that a gateway has started with the present one."""
    if vault.other is not None:
        sealed = vault.seal(_key_as(STARTED), vault.key_for(STARTED))
        await store.put_sealed_key(session, STARTED, sealed)


async def was_started(session: AsyncSession, vault: Vault) -> bool:
    """Whether a gateway has started with the present secret since that was changed."""
    sealed = await store.sealed_key(session, STARTED)
    return sealed is not None and vault.is_own(_key_as(STARTED), sealed)


async def reseal(session: AsyncSession, vault: Vault) -> int:
    """Seal under the vault's own secret what was sealed under the other; how much that was.

    Raises ValueError where something was sealed under neither, and changes nothing then.
    """
    count = 0
    for sealed in SEALED:
        for key, value in await store.rows_of(session, sealed):
            name = sealed.named(key)
            if not vault.is_own(name, value):
                await store.replace(session, sealed, key, vault.seal(name, vault.open(name, value)))
                count += 1
    return count
