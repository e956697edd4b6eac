"""Profile: who a member is.

Members and the ids they are known by, their activities (ingest in the format of Segment's HTTP
tracking API), orders, traits, tags, segments and lifecycle stage.

Reading order: `rules` (what is decided), `tables`, `events`, `store`, `actions` (what it can do),
`api`, `handlers`, `jobs`, `main`.

Hears: gateway.guest.created, gateway.account.registered, gateway.account.closed,
notify.audience.requested.

Says: profile.member.created, profile.member.updated, profile.member.birthday,
profile.member.merged, profile.member.erased,
profile.member.identified, profile.activity.tracked, profile.order.placed, profile.order.changed,
profile.segment.entered, profile.segment.exited, profile.lifecycle.changed, profile.audience.listed.
"""
