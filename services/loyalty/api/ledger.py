"""The ledger's own account of itself."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from kit.app import Router
from kit.auth import Role, requires
from kit.bodies import Answer
from kit.db import Tx
from services.loyalty.actions.verifying import verify_chain, verify_ledger

router = Router(tags=["Ledger"])

_PROVES = requires(Role.ANALYST, scope="ledger:read")


class CheckAnswer(Answer):
    claim: str
    contradictions: int


class VerificationAnswer(Answer):
    sound: bool
    drift_points: dict[str, int]
    since: int | None = Field(description="The entry after which was read; null: everything was.")
    checks: list[CheckAnswer]


class ChainAnswer(Answer):
    sound: bool
    blocks: int = Field(description="How many were read.")
    entries: int = Field(description="How many entries they seal.")
    head: str = Field(description="The hash of the last one read, in hexadecimal.")
    broken_at: int | None = Field(description="The first block that is not as it was sealed.")


@router.get("/v1/loyalty/ledger/verify", dependencies=[_PROVES])
async def verify(tx: Tx, *, whole: Annotated[bool, Query()] = False) -> VerificationAnswer:
    """Prove the ledger now: every claim with how often it is contradicted.

    Reads what was written since the ledger was last proved, or with `whole=true` all there is.
    """
    return VerificationAnswer.model_validate(await verify_ledger(tx, whole=whole))


@router.get("/v1/loyalty/ledger/chain", dependencies=[_PROVES])
async def verify_blocks(
    tx: Tx, after: Annotated[int, Query(ge=0, description="The block to begin after.")] = 0
) -> ChainAnswer:
    """Seal every block again, and compare: whether a sealed entry was changed, added or removed.

    Compare `head` with what `loyalty.ledger.sealed` said of that block, and with the service's log.
    """
    state = await verify_chain(tx, after)
    return ChainAnswer(
        sound=state.sound,
        blocks=state.blocks,
        entries=state.entries,
        head=state.head.hex(),
        broken_at=state.broken_at,
    )
