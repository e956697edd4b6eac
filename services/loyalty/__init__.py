"""Loyalty: points, tiers, rewards and check-ins, on a ledger that can be proved.

Reading order: `rules` (what it decides; `rules.ledger` and `rules.book` first), `tables` (what it
stores), `events` (what it says and hears), `store` (every query), `actions` (what it can do),
`api`, `handlers` and `jobs` (how it is reached), `main` (the wiring).

Hears: gateway.account.registered, profile.member.created, profile.member.updated,
profile.member.merged, profile.order.placed, profile.order.changed, profile.activity.tracked,
feedback.survey.answered.

Says: loyalty.points.earned, loyalty.points.activated, loyalty.points.spent,
loyalty.points.reversed, loyalty.points.expired, loyalty.tier.changed, loyalty.reward.redeemed,
loyalty.reward.fulfilled, loyalty.checkin.recorded, loyalty.coupon.issued, loyalty.coupon.expiring,
loyalty.coupon.redeemed, loyalty.coupon.rolled_back, loyalty.mission.completed,
loyalty.badge.awarded, loyalty.offer.claimed, loyalty.draw.won, loyalty.referral.accepted,
loyalty.referral.rewarded, loyalty.referral.rejected.
"""
