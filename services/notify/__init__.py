"""Notify tells members things: in the app's inbox and by e-mail, as they prefer.

Reading order: `rules` (who may be told what, when, and what follows a failure), `rendering` (the
words), `tables`, `events`, `store`, `actions`, `api`, `handlers`, `jobs`; then `smtp` and
`dispatch`, which send e-mail.

Hears: gateway.account.registered, profile.member.created, profile.member.updated,
profile.member.merged, profile.member.erased, profile.lifecycle.changed,
profile.audience.listed, gateway.message.issued,
loyalty.points.earned, loyalty.points.expiring, loyalty.tier.changed, loyalty.tier.at_risk,
loyalty.coupon.issued, loyalty.coupon.expiring, loyalty.mission.completed, loyalty.badge.awarded,
loyalty.referral.rewarded, loyalty.draw.won, loyalty.leaderboard.won, loyalty.reward.redeemed,
loyalty.reward.fulfilled,
feedback.message.sent, feedback.survey.offered.

Says: notify.inbox.added, notify.message.sent, notify.message.failed, notify.audience.requested,
notify.campaign.started, notify.campaign.finished, notify.member.erased.
"""
