"""Expiry: until when points can be spent, and making that later."""

from datetime import UTC, datetime, timedelta

from services.loyalty.rules.ledger import Expiry, Period, Policy, Terms

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def due_after(start: datetime, terms: Terms, policy: Policy) -> datetime | None:
    """When points expire that became available at `start`; None: not by themselves."""
    due_at = None if terms.valid_days is None else start + timedelta(days=terms.valid_days)
    if policy.expiry is Expiry.PERIOD_END and policy.period is not None:
        due_at = end_of(policy.period, due_at or start)
    return min((at for at in (due_at, terms.valid_until) if at is not None), default=None)


def end_of(period: Period, moment: datetime) -> datetime:
    """The end of the calendar period, in UTC, that contains `moment`."""
    moment = moment.astimezone(UTC)
    months = _MONTHS[period]
    following = (moment.month - 1) // months * months + months
    years, month = divmod(following, 12)
    return datetime(moment.year + years, month + 1, 1, tzinfo=UTC)


def idle_after(now: datetime, days: int) -> datetime:
    """When the points of a member expire who does nothing more: at the end of a day, in UTC."""
    day = (now + timedelta(days=days + 1)).astimezone(UTC)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)
