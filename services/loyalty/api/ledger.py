"""The ledger's own account of itself."""

from kit.app import Router
from kit.auth import Role, requires
from kit.bodies import Answer
from kit.db import Tx
from services.loyalty.actions.verifying import verify_ledger

router = Router(tags=["Ledger"])


class CheckAnswer(Answer):
    claim: str
    contradictions: int


class VerificationAnswer(Answer):
    sound: bool
    drift_points: dict[str, int]
    checks: list[CheckAnswer]


@router.get(
    "/v1/loyalty/ledger/verify",
    dependencies=[requires(Role.ANALYST, scope="ledger:read")],
)
async def verify(tx: Tx) -> VerificationAnswer:
    """Prove the ledger, now and over all wallets: every claim with how often it is contradicted."""
    return VerificationAnswer.model_validate(await verify_ledger(tx))
