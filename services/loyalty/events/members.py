"""What loyalty says of members."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from kit.events import Payload


class MemberErased(Payload):
    """Of a member only the id is left, in a ledger that says what it paid and to nobody."""

    type: ClassVar[str] = "loyalty.member.erased.v1"
    erasure_id: UUID
    member_id: UUID
    erased_at: datetime
