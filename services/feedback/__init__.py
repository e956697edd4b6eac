"""Feedback: what members ask and think, and what the company answers.

Purpose: an FAQ that is searched in Chinese, English and Russian, tickets with a promise by the
member's tier, and surveys. Read `rules`, `tables`, `events`, `store`, `actions`, then how it is
reached: `api`, `handlers`, `jobs`.

Hears: profile.member.created, profile.member.updated, profile.member.merged, profile.member.erased,
loyalty.tier.changed.

Says: feedback.ticket.opened, feedback.ticket.resolved, feedback.ticket.breached,
feedback.message.sent, feedback.survey.offered, feedback.survey.answered, feedback.member.erased.
"""
