"""Changing the policy of traffic: version by version, each in the audit trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions.trail import record
from gateway.store import policies
from gateway.tables import PolicyVersion
from kit.problems import Conflict, Stale


class ChangedMeanwhile(Conflict):
    code = "gateway.policy_changed_meanwhile"
    title = "Changed meanwhile"


async def change_policy(
    session: AsyncSession,
    actor: UUID,
    document: Mapping[str, Any],
    expected: int | None,
    now: datetime,
) -> PolicyVersion:
    """Add a version. Raises Stale when `expected` is given and not the newest any more."""
    before = await policies.newest(session)
    version = before.version if before else 0
    if expected is not None and expected != version:
        raise Stale("The policy has changed since you read it; read it again.")
    values = {
        "version": version + 1,
        "document": dict(document),
        "changed_by": actor,
        "changed_at": now,
    }
    row = await policies.add(session, values)
    if row is None:
        raise ChangedMeanwhile("Somebody changed the policy at the same moment; read it again.")
    changed = differences(before.document if before else {}, document)
    await record(session, actor, "policy.changed", row.version, now, changed=changed)
    return row


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of two documents that differ, as they were and as they are."""
    return {
        name: {"before": before.get(name), "after": after.get(name)}
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }
