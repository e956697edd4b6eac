"""Loyalty: points, tiers, rewards and check-ins, on a ledger that can be proved.

Reading order: `rules` (what it decides; `rules.ledger`, `rules.book` and `rules.programme` first),
`tables` (what it stores), `events` (what it says and hears), `store` (every query), `actions` (what
it can do), `api`, `handlers` and `jobs` (how it is reached), `main` (the wiring).

Hears: profile.member.merged, profile.member.erased, profile.member.identified,
profile.activity.tracked and what `rules.programme.triggers` lists, which rules of the programme
may speak of.

Says: loyalty.points.earned, loyalty.points.imported, loyalty.points.activated,
loyalty.points.spent, loyalty.points.reversed, loyalty.points.expired, loyalty.member.erased,
loyalty.tier.changed, loyalty.tier.at_risk, loyalty.reward.redeemed, loyalty.reward.fulfilled,
loyalty.checkin.recorded, loyalty.code.claimed, loyalty.coupon.issued, loyalty.coupon.expiring,
loyalty.coupon.redeemed, loyalty.coupon.rolled_back, loyalty.mission.completed,
loyalty.badge.awarded, loyalty.offer.claimed, loyalty.draw.won, loyalty.leaderboard.won,
loyalty.referral.accepted, loyalty.referral.rewarded, loyalty.referral.rejected,
loyalty.trial.ended.
"""
