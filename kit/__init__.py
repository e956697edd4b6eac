"""Mechanism shared by every part, and no business noun.

Reading order: `app` (what a service is made of), `db`, `events`, `outbox`, `relay`, `inbox`,
`consumer`, `reconciler`, `scheduler`; then what an endpoint uses: `auth`, `idempotency`,
`combining`, `receipts`, `problems`, `pages`, `etags`, `languages`, `bodies`. `testing` is the
pytest plugin.
"""
