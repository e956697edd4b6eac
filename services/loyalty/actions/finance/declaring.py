"""Declaring what points and rewards are worth, and how the books are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict, NotFound, Unprocessable
from kit.time_zones import zone_of
from services.loyalty.actions.finance.adding import add_up_anew
from services.loyalty.rules.finance.terms import AccountName, Price, Prices
from services.loyalty.rules.ledger import PointType
from services.loyalty.store import rewards
from services.loyalty.store.finance import closing, declaring
from services.loyalty.tables import FinanceTerms, PointValue, RewardCost


class PeriodClosed(Conflict):
    code = "loyalty.period_closed"
    title = "The period is closed"


class AlreadyDeclared(Conflict):
    code = "loyalty.already_declared"
    title = "Declared already"


class OtherCurrency(Conflict):
    code = "loyalty.other_currency"
    title = "Another currency is in use"


class NoSuchReward(NotFound):
    code = "loyalty.reward_not_found"
    title = "No such reward"


class WrongTerms(Unprocessable):
    code = "loyalty.wrong_terms"
    title = "The terms do not hold together"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What something is worth from a day on."""

    valid_from: date
    minor: Decimal
    currency: str
    actor: str
    reason: str = ""


async def declare_point_value(
    session: AsyncSession, point_type: PointType, value: Declared, now: datetime
) -> PointValue:
    """Raises PeriodClosed, AlreadyDeclared or OtherCurrency; the same again changes nothing."""
    await _open_on(session, value)
    for known in await declaring.point_values(session):
        if (known.point_type, known.valid_from) == (point_type, value.valid_from):
            _refuse_another(known.value_minor, value)
            return known
    row = PointValue(
        point_type=point_type,
        valid_from=value.valid_from,
        value_minor=value.minor,
        currency=value.currency,
        reason=value.reason,
        actor=value.actor,
        declared_at=now,
    )
    await declaring.add_point_value(session, row)
    return row


async def declare_reward_cost(
    session: AsyncSession, reward_id: UUID, cost: Declared, now: datetime
) -> RewardCost:
    """Raises NoSuchReward, PeriodClosed, AlreadyDeclared or OtherCurrency."""
    if await rewards.reward(session, reward_id) is None:
        raise NoSuchReward(f"There is no reward {reward_id}.")
    await _open_on(session, cost)
    for known in await declaring.reward_costs(session):
        if (known.reward_id, known.valid_from) == (reward_id, cost.valid_from):
            _refuse_another(Decimal(known.cost_minor), cost)
            return known
    row = RewardCost(
        reward_id=reward_id,
        valid_from=cost.valid_from,
        cost_minor=int(cost.minor),
        currency=cost.currency,
        actor=cost.actor,
        declared_at=now,
    )
    await declaring.add_reward_cost(session, row)
    return row


async def change_terms(session: AsyncSession, changes: Mapping[str, Any]) -> FinanceTerms:
    """Change how the books are kept, from the first open period on.

    Days begin elsewhere in another time zone, so all is then added up anew; once a period is closed
    that cannot be. Raises WrongTerms or PeriodClosed.
    """
    before = await declaring.lock(session)
    zone = changes.get("time_zone", before.time_zone)
    if zone_of(zone) is None:
        raise WrongTerms(f"{zone} is no time zone such as Asia/Shanghai.", field="time_zone")
    if unknown := changes.get("accounts", {}).keys() - set(AccountName):
        names = ", ".join(AccountName)
        raise WrongTerms(f"{min(unknown)} is none of: {names}.", field="accounts")
    if zone != before.time_zone:
        if await closing.last(session) is not None:
            raise PeriodClosed("The time zone cannot change once a period has been closed.")
        await add_up_anew(session)
    accounts = {**before.accounts, **changes.get("accounts", {})}
    return await declaring.change_terms(session, {**changes, "accounts": accounts})


async def point_prices(session: AsyncSession) -> Mapping[str, Prices]:
    """What points were worth when, of the types that have a value."""
    found: dict[str, Prices] = {}
    for row in await declaring.point_values(session):
        known = found.get(row.point_type)
        before = known.prices if known else ()
        found[row.point_type] = Prices(
            row.currency, (*before, Price(row.valid_from, row.value_minor))
        )
    return found


async def reward_prices(session: AsyncSession) -> Mapping[str, Prices]:
    """What rewards cost when, of those whose cost is declared, by their ids."""
    found: dict[str, Prices] = {}
    for row in await declaring.reward_costs(session):
        name = str(row.reward_id)
        before = found[name].prices if name in found else ()
        found[name] = Prices(
            row.currency, (*before, Price(row.valid_from, Decimal(row.cost_minor)))
        )
    return found


async def _open_on(session: AsyncSession, declared: Declared) -> None:
    """Nobody else declares or closes until the transaction ends."""
    await declaring.lock(session)
    last = await closing.last(session)
    if last and declared.valid_from <= last.ends_on:
        following = last.ends_on + timedelta(days=1)
        raise PeriodClosed(f"All is closed up to {last.ends_on}: declare it from {following} on.")
    currencies = {row.currency for row in await declaring.point_values(session)}
    currencies |= {row.currency for row in await declaring.reward_costs(session)}
    if currencies - {declared.currency}:
        used = min(currencies)
        raise OtherCurrency(f"All is declared in {used}; {declared.currency} cannot be added.")


def _refuse_another(known: Decimal, declared: Declared) -> None:
    if known != declared.minor:
        raise AlreadyDeclared(
            f"It is {known} from {declared.valid_from} on: declare another from a later day."
        )
