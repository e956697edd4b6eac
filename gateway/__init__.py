"""The gateway: the one door of a deployment. It knows who calls, and passes calls on to the parts.

Identity owns accounts, sessions, staff and keys: read `rules`, `tables`, `events`, `store`,
`tokens`, `actions`, `identity`, `authenticator`, `api`. The edge owns every request's path: read
`routes`, `proxy`, `limits`, `upstreams`, `home`, `stream`. `main` puts both together.

Publishes gateway.guest.created, gateway.account.registered, gateway.session.started and
gateway.session.revoked, gateway.account.closed. Hears profile.member.erased,
feedback.member.erased, loyalty.member.erased and notify.member.erased; the stream listens to
notify.inbox.added as it passes.
"""
