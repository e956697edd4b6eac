"""Proving the ledger on live data, and sealing it so that tampering shows."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from services.loyalty.events import LedgerSealed
from services.loyalty.rules.chain import BEGINNING, Block, sealed
from services.loyalty.rules.ledger import PointType
from services.loyalty.store import chain, proofs

log = logging.getLogger(__name__)

BLOCK = 5_000
"""The most entries of a block."""
PORTION = 50
"""Blocks read at once when the chain is verified."""

DRIFT = Gauge(
    "loyalty_ledger_drift_points",
    "Points by which the ledger contradicts itself, when it was last proved. It must be 0.",
    ["point_type"],
)
BROKEN = Gauge(
    "loyalty_ledger_broken_blocks",
    "Whether the chain over the ledger is broken (1), when it was last verified. It must be 0.",
)


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold, and how often it does not."""

    claim: str
    contradictions: int


@dataclass(frozen=True, slots=True)
class Verification:
    """`since` is the entry after which the ledger was read; None: from the beginning."""

    drift_points: Mapping[str, int]
    checks: Sequence[Check]
    since: int | None

    @property
    def sound(self) -> bool:
        return not any(check.contradictions for check in self.checks)


@dataclass(frozen=True, slots=True)
class ChainState:
    """`blocks` were read, up to `head`; `broken_at` is the first that is not as it was sealed."""

    blocks: int
    entries: int
    head: bytes
    broken_at: int | None

    @property
    def sound(self) -> bool:
        return self.broken_at is None


async def verify_ledger(session: AsyncSession, *, whole: bool = True) -> Verification:
    """Prove each claim, of all there is or of what was written since the ledger was last proved."""
    since = None if whole else await chain.reached(session, chain.PROVED) or None
    await proofs.take_time(session)
    drift = dict.fromkeys(map(str, PointType), 0)
    checks = []
    for proof in proofs.PROOFS:
        findings = await proofs.findings(session, proof, since)
        checks.append(Check(proof.claim, sum(finding.contradictions for finding in findings)))
        for finding in findings:
            drift[finding.point_type] += finding.drift
    return Verification(drift, checks, since)


async def prove(session: AsyncSession, *, whole: bool) -> None:
    """Verify the ledger, set the gauge, and remember up to where it is sound.

    Where it is not, all is read again each time until it is. What is sealed is there for all to
    see: nothing before it can still be committed.
    """
    mark = await chain.mark(session, chain.PROVED)
    until = await chain.reached(session, chain.SEALED)
    found = await verify_ledger(session, whole=whole)
    for point_type, points in found.drift_points.items():
        DRIFT.labels(point_type).set(points)
    if not found.sound:
        log.error(
            "the ledger contradicts itself: %s", [c for c in found.checks if c.contradictions]
        )
    mark.seq = until if found.sound else 0
    await chain.set_mark(session, mark)


async def seal_ledger(session: AsyncSession, now: datetime) -> bool:
    """Seal what has been written, as soon as nothing can be added before it; if there is more.

    Numbers are drawn before their transactions commit. So the newest number is noted in one run,
    in the next the number of that run's transaction, and when all transactions before that one
    have ended, every entry up to the noted number is there or never will be.
    """
    mark, more = await chain.mark(session, chain.SEALED), False
    own, oldest = await chain.transaction_clock(session)
    if mark.candidate_seq is None:
        newest = await chain.newest_number(session)
        mark.candidate_seq = newest if newest > mark.seq else None
        mark.candidate_xmax = None
    elif mark.candidate_xmax is None or mark.candidate_xmax > own:
        mark.candidate_xmax = own  # numbers of transactions begin anew where a dump is restored
    elif oldest >= mark.candidate_xmax:
        await _seal(session, mark.seq, mark.candidate_seq, now)
        block = await chain.last_block(session)
        mark.seq = block.last_seq if block else mark.candidate_seq
        more = mark.seq < mark.candidate_seq
        if not more:
            mark.candidate_seq = mark.candidate_xmax = None
    await chain.set_mark(session, mark)
    return more


async def _seal(session: AsyncSession, after: int, until: int, now: datetime) -> None:
    content = await chain.content(session, after, until, BLOCK)
    if content.entries < BLOCK:
        content = content._replace(last_seq=until)
    last = await chain.last_block(session)
    number, previous = (last.number + 1, last.hash) if last else (1, BEGINNING)
    block = sealed(number, after, content, previous)
    await chain.add(session, block, now)
    log.info("sealed %d entries as block %d: %s", block.entries, number, block.hash.hex())
    said = LedgerSealed(
        number=number,
        last_seq=block.last_seq,
        entries=block.entries,
        hash=block.hash.hex(),
        sealed_at=now,
    )
    await outbox.publish(session, said)


async def verify_chain(session: AsyncSession, after: int = 0) -> ChainState:
    """Seal again what the blocks after one number sealed, and compare.

    The gauge says that nothing is broken once all blocks have been read.
    """
    await proofs.take_time(session)
    number, entries, read, head = after, 0, 0, await _hash_of(session, after)
    while portion := await chain.blocks(session, number, PORTION):
        for block in portion:
            content = await chain.content(session, block.first_seq - 1, block.last_seq)
            again = sealed(
                number + 1, block.first_seq - 1, content._replace(last_seq=block.last_seq), head
            )
            if again != block:
                BROKEN.set(1)
                return ChainState(read, entries, head, number + 1)
            number, head = block.number, block.hash
            entries, read = entries + block.entries, read + 1
    if not after:
        BROKEN.set(0)
    return ChainState(read, entries, head, None)


async def _hash_of(session: AsyncSession, number: int) -> bytes:
    found: Sequence[Block] = await chain.blocks(session, number - 1, 1) if number else []
    return found[0].hash if found else BEGINNING
