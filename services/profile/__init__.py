"""Profile: who a member is.

Members and the ids they are known by, their activities (ingest in the format of Segment's HTTP
tracking API), orders, traits, tags, segments and lifecycle stage.

Reading order: `rules` (what is decided), `tables`, `events`, `store`, `actions` (what it can do),
`api`, `handlers`, `jobs`, `main`.

Consumes `gateway.guest.created`, `gateway.account.registered`, `notify.audience.requested`.
Publishes `profile.member.created/updated/merged`, `profile.activity.tracked`,
`profile.order.placed/changed`, `profile.segment.entered/exited`, `profile.lifecycle.changed`,
`profile.audience.listed`.
"""
