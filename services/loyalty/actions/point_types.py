"""Changing how points behave."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Unprocessable
from services.loyalty.rules.ledger import Expiry, PointType
from services.loyalty.store import point_types
from services.loyalty.tables import PointType as Row

_GOES_WITH = {"period": Expiry.PERIOD_END, "inactivity_days": Expiry.INACTIVITY}


class WrongExpiry(Unprocessable):
    code = "loyalty.wrong_expiry"
    title = "These do not go together"


async def change_point_type(
    session: AsyncSession, key: PointType, changes: Mapping[str, Any]
) -> Row:
    """Change columns of a point type. Raises WrongExpiry if its expiry would lack what it needs."""
    before = await point_types.one(session, key)
    expiry = changes.get("expiry", before.expiry)
    for field, needed in _GOES_WITH.items():
        given = changes.get(field, getattr(before, field))
        if (given is not None) != (expiry == needed):
            verb = "needs a" if expiry == needed else "has no"
            raise WrongExpiry(f"The expiry {expiry} {verb} {field}.", field=field)
    return await point_types.change(session, key, changes)
