"""Who may do what: one line for each public operation, written by hand and compared with the code.

A line is a method, a path and who may: `open` (credentials are not looked at), `anyone` (signed in
or not), a role, `staff` (all four roles), `service` (any API key), or the scope an API key needs.
`=own` after a role: only what is theirs, and everything else is not there. `=any`: every such thing
is meant for all of that role. A path with an id says one of the two for members. An operation
without a line fails the build.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kit.auth import STAFF

TABLE = """
GET    /.well-known/jwks.json                       open
GET    /v1/access-review                            admin
GET    /v1/access-review/accesses                   admin
POST   /v1/access-review/confirmations              admin
POST   /v1/alias                                    member activities:write
GET    /v1/announcements                            anyone
POST   /v1/announcements                            marketer admin
GET    /v1/announcements/all                        marketer analyst admin
POST   /v1/announcements/{announcement_id}/withdrawal marketer admin
GET    /v1/api-keys                                 admin
POST   /v1/api-keys                                 admin
DELETE /v1/api-keys/{key_id}                        admin
PUT    /v1/api-keys/{key_id}/quota                  admin
GET    /v1/api-keys/{key_id}/usage                  admin
GET    /v1/audit                                    admin
GET    /v1/auth/account                             member
POST   /v1/auth/account/closure                     member
POST   /v1/auth/account/approvals                   member
POST   /v1/auth/account/approvals/confirm           member
POST   /v1/auth/account/identifiers                 member
POST   /v1/auth/account/identifiers/confirm         member
POST   /v1/auth/account/issuers                     member
DELETE /v1/auth/account/issuers/{name}              member=any
PUT    /v1/auth/account/password                    member
POST   /v1/auth/codes                               open
POST   /v1/auth/guest                               open
GET    /v1/auth/issuers                             open
POST   /v1/auth/login                               anyone
POST   /v1/auth/login/code                          anyone
POST   /v1/auth/login/issuer                        anyone
POST   /v1/auth/logout                              open
POST   /v1/auth/password/reset                      open
POST   /v1/auth/refresh                             open
POST   /v1/auth/register                            anyone
POST   /v1/auth/register/confirm                    anyone
DELETE /v1/auth/sessions                            member staff
GET    /v1/auth/sessions                            member=own staff=own
DELETE /v1/auth/sessions/{session_id}               member=own staff=own
POST   /v1/auth/staff/invitations/accept            open
POST   /v1/auth/staff/login                         open
POST   /v1/auth/staff/password/reset                open
GET    /v1/badges                                   member
POST   /v1/batch                                    member activities:write
GET    /v1/campaigns                                marketer analyst admin
POST   /v1/campaigns                                marketer admin
GET    /v1/campaigns/{campaign_id}                  marketer analyst admin
POST   /v1/campaigns/{campaign_id}/cancel           marketer admin
POST   /v1/campaigns/{campaign_id}/pause            marketer admin
POST   /v1/campaigns/{campaign_id}/start            marketer admin
GET    /v1/checkins                                 member
POST   /v1/checkins                                 member
POST   /v1/checkins/keys                            member
POST   /v1/checkins/makeups                         member
GET    /v1/coupons                                  member
GET    /v1/coupons/lookup                           staff coupons:read
POST   /v1/coupons/redemptions                      coupons:redeem
POST   /v1/coupons/rollbacks                        coupons:redeem
GET    /v1/coupons/series                           staff coupons:read
POST   /v1/coupons/series                           marketer admin coupons:write
PATCH  /v1/coupons/series/{series_id}               marketer admin coupons:write
GET    /v1/coupons/series/{series_id}/codes.csv     marketer admin coupons:read
POST   /v1/coupons/series/{series_id}/codes         marketer admin coupons:write
POST   /v1/coupons/series/{series_id}/codes/generations marketer admin coupons:write
GET    /v1/coupons/series/{series_id}/claims        staff coupons:read
GET    /v1/coupons/series/{series_id}/coupons       staff coupons:read
POST   /v1/coupons/series/{series_id}/coupons       marketer admin coupons:write
POST   /v1/coupons/validations                      member coupons:redeem
POST   /v1/coupons/{coupon_id}/revocations          marketer admin coupons:write
GET    /v1/draws                                    member staff
POST   /v1/draws                                    marketer admin
GET    /v1/draws/{draw_id}/audit                    member=any staff
POST   /v1/draws/{draw_id}/entries                  member=any
POST   /v1/draws/{draw_id}/stops                    marketer admin
GET    /v1/erasures                                 admin
POST   /v1/erasures                                 admin
GET    /v1/erasures/{erasure_id}                    admin
GET    /v1/faq                                      anyone
POST   /v1/faq                                      agent marketer admin faq:write
GET    /v1/faq/{article_id}                         anyone
PUT    /v1/faq/{article_id}                         agent marketer admin faq:write
POST   /v1/faq/{article_id}/publish                 agent marketer admin faq:write
POST   /v1/faq/{article_id}/withdraw                agent marketer admin faq:write
POST   /v1/group                                    member activities:write
POST   /v1/holds                                    admin points:write
GET    /v1/holds/{hold_id}                          staff points:read
POST   /v1/holds/{hold_id}/captures                 admin points:write
POST   /v1/holds/{hold_id}/voids                    admin points:write
GET    /v1/home                                     member
GET    /v1/households                               member
POST   /v1/households                               member
POST   /v1/households/departures                    member
POST   /v1/households/joins                         member
POST   /v1/identify                                 member activities:write
GET    /v1/inbox                                    member
POST   /v1/inbox/read                               member
GET    /v1/loyalty/adjustments                      admin
POST   /v1/loyalty/adjustments/{adjustment_id}/approvals admin
POST   /v1/loyalty/adjustments/{adjustment_id}/rejections admin
GET    /v1/loyalty/badges                           staff missions:read
POST   /v1/loyalty/badges                           marketer admin missions:write
GET    /v1/loyalty/checkin-terms                    marketer analyst admin
PUT    /v1/loyalty/checkin-terms                    marketer admin
GET    /v1/loyalty/code-loads/{load_id}             staff
POST   /v1/loyalty/entries/{entry_id}/refunds       admin points:write
GET    /v1/loyalty/finance/activity                 analyst admin finance:read
GET    /v1/loyalty/finance/breakage                 analyst admin finance:read
GET    /v1/loyalty/finance/costs                    analyst admin finance:read
GET    /v1/loyalty/finance/deferrals                analyst admin finance:read
GET    /v1/loyalty/finance/entries                  analyst admin finance:read
GET    /v1/loyalty/finance/journal                  analyst admin finance:read
GET    /v1/loyalty/finance/liability                analyst admin finance:read
GET    /v1/loyalty/finance/periods                  analyst admin finance:read
POST   /v1/loyalty/finance/periods                  admin
GET    /v1/loyalty/finance/point-values             analyst admin finance:read
POST   /v1/loyalty/finance/point-values             admin
GET    /v1/loyalty/finance/proposals                analyst admin finance:read
POST   /v1/loyalty/finance/rebuilds                 admin
GET    /v1/loyalty/finance/returns                  analyst admin finance:read
GET    /v1/loyalty/finance/reward-costs             analyst admin finance:read
POST   /v1/loyalty/finance/reward-costs             admin
GET    /v1/loyalty/finance/roll-forward             analyst admin finance:read
GET    /v1/loyalty/finance/terms                    analyst admin finance:read
PATCH  /v1/loyalty/finance/terms                    admin
GET    /v1/loyalty/finance/verify                   analyst admin finance:read
GET    /v1/loyalty/exports/balances.csv             admin
GET    /v1/loyalty/imports                          admin imports:write
POST   /v1/loyalty/imports                          admin imports:write
DELETE /v1/loyalty/imports/{import_id}              admin imports:write
GET    /v1/loyalty/imports/{import_id}              admin imports:write
POST   /v1/loyalty/imports/{import_id}/commits      admin imports:write
GET    /v1/loyalty/imports/{import_id}/errors       admin imports:write
GET    /v1/loyalty/imports/{import_id}/errors.csv   admin imports:write
POST   /v1/loyalty/imports/{import_id}/reversals    admin imports:write
GET    /v1/loyalty/ledger/chain                     analyst admin ledger:read
GET    /v1/loyalty/ledger/verify                    analyst admin ledger:read
GET    /v1/loyalty/payment-terms                    marketer analyst admin
PUT    /v1/loyalty/payment-terms                    admin
GET    /v1/loyalty/point-types                      staff points:read
PATCH  /v1/loyalty/point-types/{key}                admin
GET    /v1/loyalty/referral-terms                   marketer analyst admin
PUT    /v1/loyalty/referral-terms                   marketer admin
GET    /v1/loyalty/velocity-limits                  marketer analyst admin
PUT    /v1/loyalty/velocity-limits                  admin
GET    /v1/me                                       member
PATCH  /v1/me                                       member
GET    /v1/members                                  agent marketer analyst admin members:read
GET    /v1/members/{member_id}                      agent marketer analyst admin members:read
GET    /v1/members/{member_id}/activities           agent marketer analyst admin members:read
GET    /v1/members/{member_id}/coupons              staff coupons:read
GET    /v1/members/{member_id}/holds                staff points:read
POST   /v1/members/{member_id}/points/adjustments   admin
POST   /v1/members/{member_id}/points/extensions    agent marketer admin points:write
GET    /v1/members/{member_id}/points/payments      staff points:read
GET    /v1/members/{member_id}/points/occasions     staff points:read
DELETE /v1/members/{member_id}/tags/{tag}           agent marketer admin members:write
PUT    /v1/members/{member_id}/tags/{tag}           agent marketer admin members:write
GET    /v1/members/{member_id}/wallet               staff points:read
GET    /v1/missions                                 member staff missions:read
POST   /v1/missions                                 marketer admin missions:write
PATCH  /v1/missions/{mission_id}                    marketer admin missions:write
POST   /v1/missions/{mission_id}/claims             member=any
GET    /v1/missions/{mission_id}/leaderboard        member=any staff missions:read
GET    /v1/offers                                   member staff offers:read
POST   /v1/offers                                   marketer admin offers:write
PATCH  /v1/offers/{offer_id}                        marketer admin offers:write
POST   /v1/offers/{offer_id}/claims                 member=any
POST   /v1/orders                                   orders:write
PUT    /v1/orders/{order_id}/returns/{return_id}    orders:write
PUT    /v1/orders/{order_id}/status                 orders:write
POST   /v1/page                                     member activities:write
GET    /v1/points/codes                             member
POST   /v1/points/codes                             member
GET    /v1/points/earlier                           member
POST   /v1/points/estimates                         member points:read
GET    /v1/points/history                           member
GET    /v1/points/history/{explained_id}/explanation member=own staff points:read
GET    /v1/points/occasions                         member
GET    /v1/points/payments                          member
POST   /v1/points/payments                          orders:write
POST   /v1/points/payments/cancellations            orders:write
POST   /v1/points/payments/confirmations            orders:write
GET    /v1/points/payments/lookup                   staff points:read
POST   /v1/points/payments/quotes                   member orders:write
POST   /v1/points/transfers                         member
GET    /v1/preferences                              member
PUT    /v1/preferences                              member
GET    /v1/programme                                staff programme:read
GET    /v1/programme/backtests/{backtest_id}        staff programme:read
POST   /v1/programme/imports                        marketer admin programme:write
GET    /v1/programme/versions                       staff programme:read
POST   /v1/programme/versions                       marketer admin programme:write
GET    /v1/programme/versions/{version}             staff programme:read
PUT    /v1/programme/versions/{version}             marketer admin programme:write
POST   /v1/programme/versions/{version}/backtests   marketer admin programme:write
GET    /v1/programme/versions/{version}/differences staff programme:read
POST   /v1/programme/versions/{version}/publications marketer admin programme:write
POST   /v1/programme/versions/{version}/retirement  marketer admin programme:write
POST   /v1/programme/versions/{version}/simulations marketer admin programme:write
GET    /v1/programme/versions/{version}/tiers       staff programme:read
GET    /v1/programme/versions/{version}/yaml        staff programme:read
GET    /v1/receipts/{key}                           member=own staff=own service=own
GET    /v1/redemptions                              member staff rewards:read
GET    /v1/redemptions/devices                      member
PUT    /v1/redemptions/devices/{device}/approval    member=any
PATCH  /v1/redemptions/{redemption_id}              agent marketer admin rewards:write
GET    /v1/referral                                 member
POST   /v1/referral/acceptances                     member
GET    /v1/reports/satisfaction                     analyst admin
GET    /v1/rewards                                  member staff rewards:read
POST   /v1/rewards                                  marketer admin rewards:write
PATCH  /v1/rewards/{reward_id}                      marketer admin rewards:write
POST   /v1/rewards/{reward_id}/codes                marketer admin rewards:write
POST   /v1/rewards/{reward_id}/codes/generations    marketer admin rewards:write
POST   /v1/rewards/{reward_id}/redemptions          member=any
POST   /v1/screen                                   member activities:write
GET    /v1/segments                                 staff segments:read
POST   /v1/segments                                 marketer admin segments:write
GET    /v1/staff                                    admin
POST   /v1/staff                                    admin
GET    /v1/staff/invitations                        admin
POST   /v1/staff/invitations                        admin
DELETE /v1/staff/invitations/{invitation_id}        admin
GET    /v1/staff/me                                 staff
PUT    /v1/staff/me/password                        staff
POST   /v1/staff/me/recovery-codes                  staff
POST   /v1/staff/me/second-factor                   staff
POST   /v1/staff/me/second-factor/confirm           staff
POST   /v1/staff/me/second-factor/removal           staff
PATCH  /v1/staff/{staff_id}                         admin
DELETE /v1/staff/{staff_id}/second-factor           admin
GET    /v1/stream                                   member
GET    /v1/stream/ws                                member
GET    /v1/surveys                                  member
POST   /v1/surveys                                  marketer admin
POST   /v1/surveys/{survey_id}/answers              member=own
POST   /v1/sync                                     member staff service
GET    /v1/tickets                                  member agent admin
POST   /v1/tickets                                  member
GET    /v1/tickets/{ticket_id}                      member=own agent admin
POST   /v1/tickets/{ticket_id}/assign               agent admin
POST   /v1/tickets/{ticket_id}/attachments          member=own agent admin
GET    /v1/tickets/{ticket_id}/attachments/{attachment_id} member=own agent admin
GET    /v1/tickets/{ticket_id}/messages             member=own agent admin
POST   /v1/tickets/{ticket_id}/messages             member=own agent admin
GET    /v1/tickets/{ticket_id}/notes                agent admin
POST   /v1/tickets/{ticket_id}/notes                agent admin
POST   /v1/tickets/{ticket_id}/resolve              agent admin
GET    /v1/tiers                                    anyone
POST   /v1/track                                    member activities:write
GET    /v1/traffic                                  admin
GET    /v1/traffic/policies                         admin
GET    /v1/traffic/policy                           admin
PUT    /v1/traffic/policy                           admin
GET    /v1/traffic/routes                           admin
GET    /v1/unsubscribe/{token}                      open
POST   /v1/unsubscribe/{token}                      open
GET    /v1/wallet                                   member
GET    /v1/webhooks                                 admin
POST   /v1/webhooks                                 admin
DELETE /v1/webhooks/{endpoint_id}                   admin
GET    /v1/webhooks/{endpoint_id}                   admin
PATCH  /v1/webhooks/{endpoint_id}                   admin
GET    /v1/webhooks/{endpoint_id}/deliveries        admin
GET    /v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/attempts admin
POST   /v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/replays admin
POST   /v1/webhooks/{endpoint_id}/pings             admin
POST   /v1/webhooks/{endpoint_id}/replays           admin
POST   /v1/webhooks/{endpoint_id}/secrets           admin
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who may call an operation; `roles` says for each whether it reaches only its own."""

    open: bool
    roles: Mapping[str, str]
    scopes: frozenset[str]

    def lets(self, role: str) -> bool:
        """Whether somebody of this role gets in, with every scope if it is an API key."""
        return self.open or role in self.roles or (role == "service" and bool(self.scopes))

    def owns(self, role: str) -> bool:
        return self.roles.get(role) == "own"


def _verdict(words: list[str]) -> Verdict:
    roles, scopes = {}, set()
    for word in words:
        role, _, reach = word.partition("=")
        if ":" in word:
            scopes.add(word)
        else:
            roles |= dict.fromkeys(STAFF if role == "staff" else [role], reach)
    is_open = bool(roles.keys() & {"open", "anyone"})
    return Verdict(is_open, {} if is_open else roles, frozenset(scopes))


VERDICTS: Mapping[str, Verdict] = {
    f"{method} {path}": _verdict(words)
    for method, path, *words in map(str.split, TABLE.strip().splitlines())
}
