"""How fast points may leave."""

from sqlalchemy import BigInteger, CheckConstraint, text
from sqlmodel import Field

from services.loyalty.tables.registry import Table


class VelocityLimits(Table, table=True):
    """The one row of limits. See `rules.velocity.Limits`."""

    __tablename__ = "velocity_limits"
    __table_args__ = (
        CheckConstraint("single", name="single"),
        CheckConstraint(
            "hourly_redemptions > 0 AND daily_redemptions > 0 AND daily_points > 0"
            " AND new_device_hours >= 0 AND new_device_points >= 0 AND hourly_wrong_codes > 0",
            name="limits",
        ),
    )

    single: bool = Field(True, primary_key=True, sa_column_kwargs={"server_default": text("true")})
    hourly_redemptions: int | None = None
    daily_redemptions: int | None = None
    daily_points: int | None = Field(None, sa_type=BigInteger)
    new_device_hours: int
    new_device_points: int | None = Field(None, sa_type=BigInteger)
    hourly_wrong_codes: int | None = None
