"""What loyalty stores. A member's wallet rows are the lock of everything that is written for them.

Entries, postings and lot moves are append-only: triggers refuse UPDATE and DELETE. Another trigger
refuses postings that do not sum to zero for each entry, others an entry without its wallet or the
one before it, so that versions have no gaps, and a posting or lot without its entry. They look once
a statement; foreign keys, which look at each row, took a third of what a batch cost PostgreSQL.
Rows are keyed by member wherever they are a member's.
"""

from services.loyalty.tables.chains import Chain
from services.loyalty.tables.checkins import CheckIn, CheckInCards, CheckInKey, CheckInTerms
from services.loyalty.tables.coupons import (
    CodeClaim,
    Coupon,
    CouponSeries,
    CouponUse,
    MemberUses,
    OrderDiscount,
    WrongCodes,
)
from services.loyalty.tables.devices import Device
from services.loyalty.tables.draws import Draw, DrawEntry, DrawStock
from services.loyalty.tables.finance import (
    FinanceCohort,
    FinanceDay,
    FinanceLot,
    FinanceMember,
    FinanceMonth,
    FinancePeriod,
    FinanceProposal,
    FinanceReward,
    FinanceRule,
    FinanceSale,
    FinanceStay,
    FinanceTerms,
    JournalLine,
    PointValue,
    RewardCost,
)
from services.loyalty.tables.imports import ExternalId, Import, ImportChunk, ImportRow, PastEntry
from services.loyalty.tables.ledger import (
    Entry,
    HeldLot,
    Hold,
    Lot,
    LotMove,
    PointType,
    Posting,
    Refund,
    Remark,
    Wallet,
)
from services.loyalty.tables.members import Member, MemberSegment
from services.loyalty.tables.missions import (
    Badge,
    Board,
    BoardPlace,
    MemberBadge,
    Mission,
    MissionMark,
    MissionProgress,
)
from services.loyalty.tables.offers import (
    Offer,
    OfferClaim,
    Referral,
    ReferralCode,
    ReferralTerms,
)
from services.loyalty.tables.orders import LineShare, Order
from services.loyalty.tables.paying import Payment, PaymentTerms
from services.loyalty.tables.proving import LedgerBlock, LedgerMark, Reminder, ReminderMark
from services.loyalty.tables.registry import Table
from services.loyalty.tables.rewards import CodeChunk, CodeLoad, Redemption, Reward, RewardCode
from services.loyalty.tables.sharing import Adjustment, Household, HouseholdMember, Transfer
from services.loyalty.tables.velocity import VelocityLimits
from services.loyalty.tables.versions import (
    Backtest,
    Budget,
    EarnedCount,
    Occasion,
    ProgrammeVersion,
    VersionTotal,
)

__all__ = [
    "Adjustment",
    "Backtest",
    "Badge",
    "Board",
    "BoardPlace",
    "Budget",
    "Chain",
    "CheckIn",
    "CheckInCards",
    "CheckInKey",
    "CheckInTerms",
    "CodeChunk",
    "CodeClaim",
    "CodeLoad",
    "Coupon",
    "CouponSeries",
    "CouponUse",
    "Device",
    "Draw",
    "DrawEntry",
    "DrawStock",
    "EarnedCount",
    "Entry",
    "ExternalId",
    "FinanceCohort",
    "FinanceDay",
    "FinanceLot",
    "FinanceMember",
    "FinanceMonth",
    "FinancePeriod",
    "FinanceProposal",
    "FinanceReward",
    "FinanceRule",
    "FinanceSale",
    "FinanceStay",
    "FinanceTerms",
    "HeldLot",
    "Hold",
    "Household",
    "HouseholdMember",
    "Import",
    "ImportChunk",
    "ImportRow",
    "JournalLine",
    "LedgerBlock",
    "LedgerMark",
    "LineShare",
    "Lot",
    "LotMove",
    "Member",
    "MemberBadge",
    "MemberSegment",
    "MemberUses",
    "Mission",
    "MissionMark",
    "MissionProgress",
    "Occasion",
    "Offer",
    "OfferClaim",
    "Order",
    "OrderDiscount",
    "PastEntry",
    "Payment",
    "PaymentTerms",
    "PointType",
    "PointValue",
    "Posting",
    "ProgrammeVersion",
    "Redemption",
    "Referral",
    "ReferralCode",
    "ReferralTerms",
    "Refund",
    "Remark",
    "Reminder",
    "ReminderMark",
    "Reward",
    "RewardCode",
    "RewardCost",
    "Table",
    "Transfer",
    "VelocityLimits",
    "VersionTotal",
    "Wallet",
    "WrongCodes",
    "metadata",
]

metadata = Table.metadata
