"""What the API document says beside its operations: how to begin, and what each group is for."""

from typing import Final

ABOUT: Final = """\
Profiles, support, loyalty and notifications of an app's members, behind one gateway.

**Begin.** `POST /v1/auth/guest` gives an app tokens without any registration; `/v1/auth/register`
and `/v1/auth/login` do with one. Send the access token as `Authorization: Bearer …`, and exchange
the refresh token when it has expired (10 minutes). The company's own backend sends its API key as
`X-Api-Key`.

**Writes** take an `Idempotency-Key`: a UUID the phone makes and stores before it sends. The same
key and body are answered again and done once; for 72 hours `GET /v1/receipts/{key}` shows what
became of it. What was written without a network goes in one call to `POST /v1/sync`.

**Refusals** are problems (RFC 9457): `code` is stable, `detail` says what would be right, `errors`
names the wrong fields. 404 is also what is not yours. After 429 and 503, come back when
`Retry-After` says.

**Lists** give `items` and `next_cursor`; send it as `cursor` for the next page. Reads carry an
`ETag`; send it as `If-None-Match`, and what has not changed is a 304 without a body.

Times are RFC 3339 in UTC, money is in minor units, points are integers. `Accept-Language` picks the
language of texts: English, Chinese (`zh-CN`) or Russian.
"""

TAGS: Final = {
    "Sign-in": "Guests, registration, signing in, codes.",
    "Account": "What one signs in by: password, addresses, issuers; approving a device, closing.",
    "Sessions": "Where one is signed in; refreshing tokens, signing out.",
    "Home": "The app's first screen in one call.",
    "Live": "What enters the inbox, as it does: Server-Sent Events or a WebSocket.",
    "Sync": "What was written without a network, in one call.",
    "Receipts": "What became of a write.",
    "Profile": "Who a member is.",
    "Tracking": "What members do in the app; Segment's HTTP API, so its SDKs work unchanged.",
    "Orders": "What members buy, reported by the company's backend.",
    "Wallet": "Points, growth points and tier.",
    "Explanations": "Why something earned points, or did not.",
    "Check-in": "Opening the app on a day, and streaks.",
    "Missions": "Goals with a prize, leaderboards, badges.",
    "Rewards": "What points buy.",
    "Coupons": "Coupons, codes that earn points, and pools of others' codes.",
    "Offers": "Something for members at one point of their life with the brand, taken once.",
    "Referrals": "Members who bring others.",
    "Draws": "Prizes by chance, which anybody can check.",
    "Sharing": "Points given to other members, and households with one wallet.",
    "FAQ": "Answers that search finds.",
    "Tickets": "Conversations with support.",
    "Surveys": "One question with a score.",
    "Inbox": "The messages in the app.",
    "Announcements": "What everybody is told.",
    "Preferences": "What a member wants to be told, and how.",
    "Members": "Who a company's members are, for its staff and backends.",
    "Segments": "Named sets of members.",
    "Campaigns": "One message to a segment.",
    "Programme": "Earning rules, campaigns and tiers, in versions: drafted, tried, published.",
    "Holds": "Points set aside for an order.",
    "Ledger": "Refunds, how points behave, and the proof that balances are right.",
    "Finance": "What points owe, cost and bring; the journal, and closing a month.",
    "Import": "Moving in from another programme, and out again.",
    "Reports": "How satisfied members are.",
    "Webhooks": "Events posted to the company's own systems.",
    "Staff": "People of the company who sign in.",
    "API keys": "Keys of the company's backends, and their quotas.",
    "Erasure": "Members who are forgotten, and the receipt of it.",
    "Traffic": "Routes, limits, breakers: seen and changed while they run.",
}
"""The groups, in the order of the page: the app's, then those of staff and backends."""
