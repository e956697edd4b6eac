"""Proving the ledger on live data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.ledger import PointType
from services.loyalty.store import proofs

DRIFT = Gauge(
    "loyalty_ledger_drift_points",
    "Points by which the ledger contradicts itself, when it was last proved. It must be 0.",
    ["point_type"],
)


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold, and how often it does not."""

    claim: str
    contradictions: int


@dataclass(frozen=True, slots=True)
class Verification:
    drift_points: Mapping[str, int]
    checks: Sequence[Check]

    @property
    def sound(self) -> bool:
        return not any(check.contradictions for check in self.checks)


async def verify_ledger(session: AsyncSession) -> Verification:
    """Prove each claim over all wallets, and set the gauge."""
    await proofs.take_time(session)
    drift = dict.fromkeys(map(str, PointType), 0)
    checks = []
    for proof in proofs.PROOFS:
        findings = await proofs.findings(session, proof)
        checks.append(Check(proof.claim, sum(finding.contradictions for finding in findings)))
        for finding in findings:
            drift[finding.point_type] += finding.drift
    for point_type, points in drift.items():
        DRIFT.labels(point_type).set(points)
    return Verification(drift, checks)
