"""Receipts of erasure, for who must prove that members were erased."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from gateway.actions import membership
from gateway.actions.erasures import SERVICES
from gateway.api.bodies import TheIdentity
from gateway.store import erasures as stored
from gateway.tables import ErasureReceipt
from kit import clock, pages
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import Answer, Body
from kit.db import Tx
from kit.erasure import digest_of
from kit.pages import CursorParameter, Limit, Page
from kit.problems import NotFound

router = Router(prefix="/v1/erasures", tags=["Erasure"], dependencies=[requires(Role.ADMIN)])


class ErasureUnknown(NotFound):
    code = "gateway.erasure_unknown"
    title = "No such erasure"


class ErasureBody(Body):
    """Whose account is to be closed. A guest's id will do."""

    member_id: UUID


class StepAnswer(Answer):
    """A service, and when it had erased the member."""

    service: str
    erased_at: datetime | None


class ErasureAnswer(Answer):
    """The receipt of an erasure. Once it is finished it does not name the member any more."""

    erasure_id: UUID
    member_id: UUID | None
    requested_at: datetime
    services: list[StepAnswer]
    finished_at: datetime | None

    @classmethod
    def of(cls, receipt: ErasureReceipt, steps: dict[str, datetime]) -> "ErasureAnswer":
        return cls(
            erasure_id=receipt.erasure_id,
            member_id=receipt.member_id,
            requested_at=receipt.requested_at,
            services=[StepAnswer(service=name, erased_at=steps.get(name)) for name in SERVICES],
            finished_at=receipt.finished_at,
        )


Whose = Annotated[
    UUID | None, Query(description="Only of the member who had this id: the proof for a complaint.")
]


@router.post("", status_code=202)
async def ask_for_erasure(
    body: ErasureBody, caller: CurrentCaller, identity: TheIdentity, tx: Tx
) -> ErasureAnswer:
    """Close the account of a member who asked you to, and erase them everywhere.

    The member needs no way in for that: a letter to the company is enough.
    """
    actor = UUID(caller.subject)
    ended = await membership.close_for_member(
        tx, identity.seals, actor, body.member_id, clock.now()
    )
    identity.refuse(ended)
    receipt = await stored.open_receipt_of(tx, body.member_id)
    assert receipt is not None  # noqa: S101  (closing begins it)
    return ErasureAnswer.of(receipt, {})


@router.get("")
async def list_erasures(
    tx: Tx, member_id: Whose = None, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[ErasureAnswer]:
    """Receipts of members who closed their accounts, newest first."""
    before = pages.decode_cursor(cursor, UUID)[0] if cursor else None
    digest = digest_of(member_id) if member_id else None
    rows = await stored.receipts_before(tx, before, digest, limit + 1)
    steps = await stored.steps_of(tx, [row.erasure_id for row in rows])
    return pages.page(
        rows,
        limit,
        lambda row: ErasureAnswer.of(row, steps[row.erasure_id]),
        lambda row: (row.erasure_id,),
    )


@router.get("/{erasure_id}")
async def show_erasure(erasure_id: UUID, tx: Tx) -> ErasureAnswer:
    """One receipt: when it was asked for, when each service was done, when all were."""
    receipt = await stored.receipt_of(tx, erasure_id)
    if receipt is None:
        raise ErasureUnknown("The list shows those there are.")
    steps = await stored.steps_of(tx, [erasure_id])
    return ErasureAnswer.of(receipt, steps[erasure_id])
