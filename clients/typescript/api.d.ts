/* Made by "make client" of docs/openapi.json, sha256 95e76815010958ec1824cb1f9925ae7105b445a9d5141697fbfaede7d93391cc. */

export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Key Set
         * @description The public keys of access tokens (RFC 7517).
         *
         *     **For:** anybody; credentials are not looked at.
         */
        get: operations["key_set__well_known_jwks_json_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Review
         * @description When the review was last confirmed, and when it is due.
         *
         *     **For:** admin.
         */
        get: operations["show_review_v1_access_review_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-review/accesses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Access
         * @description Who and what has access, with which rights, and whether anybody used it of late.
         *
         *     **For:** admin.
         */
        get: operations["list_access_v1_access_review_accesses_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/access-review/confirmations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm Review
         * @description Confirm that you went through the list. It goes into the audit trail.
         *
         *     **For:** admin.
         */
        post: operations["confirm_review_v1_access_review_confirmations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alias": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take Alias
         * @description `previousId` and `userId` are one member.
         *
         *     **For:** member, an API key with `activities:write`.
         */
        post: operations["take_alias_v1_alias_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/announcements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Shown
         * @description What is announced to everybody now, in the reader's language, the latest first.
         *
         *     **For:** anybody, signed in or not.
         */
        get: operations["list_shown_v1_announcements_get"];
        put?: never;
        /**
         * Announce
         * @description Announce something to all members, from `starts_at` until `ends_at`.
         *
         *     **For:** admin, marketer.
         */
        post: operations["announce_v1_announcements_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/announcements/{announcement_id}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw
         * @description Show an announcement no longer. Repeating it changes nothing.
         *
         *     **For:** admin, marketer.
         */
        post: operations["withdraw_v1_announcements__announcement_id__withdrawal_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/announcements/all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List All
         * @description All announcements, those to come and withdrawn ones too, newest first.
         *
         *     **For:** admin, analyst, marketer.
         */
        get: operations["list_all_v1_announcements_all_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Keys
         * @description All keys, revoked ones too, those that were created first first.
         *
         *     **For:** admin.
         */
        get: operations["list_keys_v1_api_keys_get"];
        put?: never;
        /**
         * Create Key
         * @description Create an API key. Keep the answer: the key is not shown again.
         *
         *     **For:** admin.
         */
        post: operations["create_key_v1_api_keys_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Key
         * @description Refuse a key from now on; within half a minute wherever the gateway runs.
         *
         *     **For:** admin.
         */
        delete: operations["revoke_key_v1_api_keys__key_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{key_id}/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set Quota
         * @description Limit the calls of a key in a day and a month; everywhere within half a minute.
         *
         *     **For:** admin.
         */
        put: operations["set_quota_v1_api_keys__key_id__quota_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{key_id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Usage
         * @description The quota of a key, and its calls on the last 31 days and in the last 12 months.
         *
         *     **For:** admin.
         */
        get: operations["show_usage_v1_api_keys__key_id__usage_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Audit
         * @description What staff did, the newest first: all, or of one actor, action or target, or of a time.
         *
         *     **For:** admin.
         */
        get: operations["list_audit_v1_audit_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Account
         * @description What the member signs in by.
         *
         *     **For:** member.
         */
        get: operations["show_account_v1_auth_account_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/account/closure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close Account
         * @description Close the account for good: sign-in, sessions and, in all services, what is known go.
         *
         *     **For:** member.
         */
        post: operations["close_account_v1_auth_account_closure_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/account/identifiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add Identifier
         * @description Send a code to a new address, or to the present one that was never proven.
         *
         *     Confirmed, it takes the place of the one of its kind. Whether another account has it the answer
         *     does not tell.
         *
         *     **For:** member.
         */
        post: operations["add_identifier_v1_auth_account_identifiers_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/account/identifiers/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm Identifier
         * @description Confirm a new address with its code. The one before is written to, so a theft is noticed.
         *
         *     **For:** member.
         */
        post: operations["confirm_identifier_v1_auth_account_identifiers_confirm_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/account/issuers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Link Issuer
         * @description Let the identity of an ID token sign in to the caller's account from now on.
         *
         *     **For:** member.
         */
        post: operations["link_issuer_v1_auth_account_issuers_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/account/issuers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Unlink Issuer
         * @description Let an issuer's word sign the caller in no longer.
         *
         *     **For:** member.
         */
        delete: operations["unlink_issuer_v1_auth_account_issuers__name__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/account/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change Password
         * @description Set a new password. All other sessions end.
         *
         *     **For:** member.
         */
        put: operations["change_password_v1_auth_account_password_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request Code
         * @description Send a code, with a link that does the same, to sign in, register or reset a password.
         *
         *     It is good once, for ten minutes, and can be tried five times. Whether there is an account the
         *     answer does not tell; the message does.
         *
         *     **For:** anybody; credentials are not looked at.
         */
        post: operations["request_code_v1_auth_codes_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/guest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Come As Guest
         * @description Tokens of an anonymous member.
         *
         *     A device is the same guest again only if it shows its refresh token.
         *
         *     **For:** anybody; credentials are not looked at.
         */
        post: operations["come_as_guest_v1_auth_guest_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/issuers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Issuers
         * @description The issuers whose ID tokens sign members in here.
         *
         *     **For:** anybody; credentials are not looked at.
         */
        get: operations["list_issuers_v1_auth_issuers_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In
         * @description Sign in with a password. An unknown account and a wrong password are answered alike.
         *
         *     Sent with a guest's access token, what the guest did follows.
         *
         *     **For:** anybody, signed in or not.
         */
        post: operations["sign_in_v1_auth_login_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In By Code
         * @description Sign in with a code; who is new is registered (201).
         *
         *     Sent with a guest's access token, what the guest did follows.
         *
         *     **For:** anybody, signed in or not.
         */
        post: operations["sign_in_by_code_v1_auth_login_code_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login/issuer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In Vouched
         * @description Sign in with the ID token of another issuer; who is new is registered (201).
         *
         *     A token signs in once. Sent with a guest's access token, what the guest did follows.
         *
         *     **For:** anybody, signed in or not.
         */
        post: operations["sign_in_vouched_v1_auth_login_issuer_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign Out
         * @description End the session of a refresh token. Signing out twice is harmless.
         *
         *     **For:** anybody; credentials are not looked at.
         */
        post: operations["sign_out_v1_auth_logout_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset Password
         * @description Set a new password with a code. All sessions end; sign in with it.
         *
         *     **For:** anybody; credentials are not looked at.
         */
        post: operations["reset_password_v1_auth_password_reset_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refresh
         * @description Exchange a refresh token for new tokens.
         *
         *     If the answer was lost, the same device may ask again for 30 s and gets the same tokens. A later
         *     second use ends the session, because one of the two users is a thief.
         *
         *     **For:** anybody; credentials are not looked at.
         */
        post: operations["refresh_v1_auth_refresh_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register
         * @description Register a member.
         *
         *     Sent with a guest's access token, the guest becomes the member and keeps their id. Where
         *     addresses must be proven first, the answer is 202 and a code is on its way; whether there is an
         *     account it does not tell.
         *
         *     **For:** anybody, signed in or not.
         */
        post: operations["register_v1_auth_register_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/register/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm Registration
         * @description Finish a registration with the code that was sent; signed in at once.
         *
         *     Sent with a guest's access token, the guest becomes the member. Who got an account with the
         *     address meanwhile is signed in to it (200).
         *
         *     **For:** anybody, signed in or not.
         */
        post: operations["confirm_registration_v1_auth_register_confirm_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sessions
         * @description Where the caller is signed in, the last sign-in first.
         *
         *     **For:** admin, agent, analyst, marketer, member.
         */
        get: operations["list_sessions_v1_auth_sessions_get"];
        put?: never;
        post?: never;
        /**
         * Revoke Other Sessions
         * @description Sign the caller out everywhere but here.
         *
         *     **For:** admin, agent, analyst, marketer, member.
         */
        delete: operations["revoke_other_sessions_v1_auth_sessions_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Session
         * @description Sign the caller out somewhere else, or here.
         *
         *     **For:** admin, agent, analyst, marketer, member.
         */
        delete: operations["revoke_session_v1_auth_sessions__session_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/staff/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept
         * @description Accept an invitation; then sign in with the password.
         *
         *     **For:** anybody; credentials are not looked at.
         */
        post: operations["accept_v1_auth_staff_invitations_accept_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/staff/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In
         * @description Sign a staff member in: password, and second factor where there is one.
         *
         *     Without the factor the answer is 401 `gateway.second_factor_required`; send all again with it.
         *
         *     **For:** anybody; credentials are not looked at.
         */
        post: operations["sign_in_v1_auth_staff_login_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/staff/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset Password
         * @description Set a new password with a code. All sessions end; the second factor stays.
         *
         *     **For:** anybody; credentials are not looked at.
         */
        post: operations["reset_password_v1_auth_staff_password_reset_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/badges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Own Badges
         * @description The caller's badges, the newest first.
         *
         *     **For:** member.
         */
        get: operations["list_own_badges_v1_badges_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take Batch
         * @description Take up to 500 KB of messages of any kind.
         *
         *     **For:** member, an API key with `activities:write`.
         */
        post: operations["take_batch_v1_batch_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Campaigns
         * @description Campaigns, newest first.
         *
         *     **For:** admin, analyst, marketer.
         */
        get: operations["list_campaigns_v1_campaigns_get"];
        put?: never;
        /**
         * Create Campaign
         * @description Write a campaign. Nothing is sent before it is started.
         *
         *     **For:** admin, marketer.
         */
        post: operations["create_campaign_v1_campaigns_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{campaign_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Campaign
         * @description One campaign, with what became of its messages so far.
         *
         *     **For:** admin, analyst, marketer.
         */
        get: operations["show_campaign_v1_campaigns__campaign_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{campaign_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Campaign
         * @description Stop for good: what is queued is cancelled, what was sent stays sent.
         *
         *     **For:** admin, marketer.
         */
        post: operations["cancel_campaign_v1_campaigns__campaign_id__cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{campaign_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause Campaign
         * @description Stop sending for now; messages on their way at this moment still arrive.
         *
         *     **For:** admin, marketer.
         */
        post: operations["pause_campaign_v1_campaigns__campaign_id__pause_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{campaign_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start Campaign
         * @description Start a campaign, or go on with one that is paused.
         *
         *     **For:** admin, marketer.
         */
        post: operations["start_campaign_v1_campaigns__campaign_id__start_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/checkins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Calendar
         * @description The caller's check-ins of a month.
         *
         *     **For:** member.
         */
        get: operations["show_calendar_v1_checkins_get"];
        put?: never;
        /**
         * Record Checkin
         * @description Check in for today, or, with a body, for when the phone had no network.
         *
         *     Once a day: a second time is 409 `loyalty.already_checked_in`.
         *
         *     **For:** member.
         */
        post: operations["record_checkin_v1_checkins_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/checkins/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Key
         * @description A secret with which this phone signs check-ins it makes without a network.
         *
         *     **For:** member.
         */
        post: operations["create_key_v1_checkins_keys_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/checkins/makeups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make Up For Day
         * @description Fill a missed day with a make-up card, so that the streak is whole again.
         *
         *     **For:** member.
         */
        post: operations["make_up_for_day_v1_checkins_makeups_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Own Coupons
         * @description The caller's coupons, newest first, those that no longer work too.
         *
         *     **For:** member.
         */
        get: operations["list_own_coupons_v1_coupons_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons/{coupon_id}/revocations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke
         * @description Let a coupon work no more. What it was used for stands.
         *
         *     **For:** admin, marketer, an API key with `coupons:write`.
         */
        post: operations["revoke_v1_coupons__coupon_id__revocations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find Coupon
         * @description The coupon with a code, if there is one: for the till, and for support.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `coupons:read`.
         */
        get: operations["find_coupon_v1_coupons_lookup_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons/redemptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redeem Coupons
         * @description Use coupons on an order: all of them or none. Once for each order, however often it is sent.
         *
         *     409 `loyalty.coupons_refused` lists which code does not work and why.
         *
         *     **For:** an API key with `coupons:redeem`.
         */
        post: operations["redeem_coupons_v1_coupons_redemptions_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons/rollbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll Back Coupons
         * @description Give the coupons of an order back. A second time answers as the first did.
         *
         *     **For:** an API key with `coupons:redeem`.
         */
        post: operations["roll_back_coupons_v1_coupons_rollbacks_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Series
         * @description The series of coupons, newest first.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `coupons:read`.
         */
        get: operations["list_series_v1_coupons_series_get"];
        put?: never;
        /**
         * Create Series
         * @description Make terms for coupons to share.
         *
         *     **For:** admin, marketer, an API key with `coupons:write`.
         */
        post: operations["create_series_v1_coupons_series_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons/series/{series_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit Series
         * @description Change the terms, for coupons that are out there too. What was used keeps what it took.
         *
         *     **For:** admin, marketer, an API key with `coupons:write`.
         */
        patch: operations["edit_series_v1_coupons_series__series_id__patch"];
        trace?: never;
    };
    "/v1/coupons/series/{series_id}/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import Coupons
         * @description Make coupons of the codes in a CSV file, one in the first column of each line.
         *
         *     They are read in the background: ask `/v1/loyalty/code-loads/{load_id}` how far it is.
         *
         *     **For:** admin, marketer, an API key with `coupons:write`.
         */
        post: operations["import_coupons_v1_coupons_series__series_id__codes_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons/series/{series_id}/codes/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Generate Coupons
         * @description Have coupons with random codes made up, in the background.
         *
         *     **For:** admin, marketer, an API key with `coupons:write`.
         */
        post: operations["generate_coupons_v1_coupons_series__series_id__codes_generations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons/series/{series_id}/coupons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Coupons
         * @description The coupons of a series, newest first.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `coupons:read`.
         */
        get: operations["list_coupons_v1_coupons_series__series_id__coupons_get"];
        put?: never;
        /**
         * Create Coupon
         * @description Give a member a coupon, or make a code that anybody may use.
         *
         *     **For:** admin, marketer, an API key with `coupons:write`.
         */
        post: operations["create_coupon_v1_coupons_series__series_id__coupons_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons/validations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Validate
         * @description What the codes would take off an order, or why one does not work. Nothing is used.
         *
         *     **For:** member, an API key with `coupons:redeem`.
         */
        post: operations["validate_v1_coupons_validations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/draws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Draws
         * @description The draws the caller may enter, with odds and commitments; staff see all, newest first.
         *
         *     **For:** admin, agent, analyst, marketer, member.
         */
        get: operations["show_draws_v1_draws_get"];
        put?: never;
        /**
         * Create Draw
         * @description Make a draw. What is published of it does not change afterwards.
         *
         *     **For:** admin, marketer.
         */
        post: operations["create_draw_v1_draws_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/draws/{draw_id}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Audit
         * @description Every entry with nobody's name; once the draw has closed, the secret to check them by.
         *
         *     **For:** admin, agent, analyst, marketer, member.
         */
        get: operations["show_audit_v1_draws__draw_id__audit_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/draws/{draw_id}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enter
         * @description Enter a draw. The Idempotency-Key is the phone's part in the luck, so make it at random.
         *
         *     **For:** member.
         */
        post: operations["enter_v1_draws__draw_id__entries_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/draws/{draw_id}/stops": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop
         * @description Take no more entries.
         *
         *     **For:** admin, marketer.
         */
        post: operations["stop_v1_draws__draw_id__stops_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Erasures
         * @description Receipts of members who closed their accounts, newest first.
         *
         *     **For:** admin.
         */
        get: operations["list_erasures_v1_erasures_get"];
        put?: never;
        /**
         * Ask For Erasure
         * @description Close the account of a member who asked you to, and erase them everywhere.
         *
         *     The member needs no way in for that: a letter to the company is enough.
         *
         *     **For:** admin.
         */
        post: operations["ask_for_erasure_v1_erasures_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/erasures/{erasure_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Erasure
         * @description One receipt: when it was asked for, when each service was done, when all were.
         *
         *     **For:** admin.
         */
        get: operations["show_erasure_v1_erasures__erasure_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/faq": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Articles
         * @description Search the published articles by a question in any language, or list them, newest first.
         *
         *     Only staff see drafts; only they may filter by `stage`.
         *
         *     **For:** anybody, signed in or not.
         */
        get: operations["list_articles_v1_faq_get"];
        put?: never;
        /**
         * Write Article
         * @description A new draft.
         *
         *     **For:** admin, agent, marketer, an API key with `faq:write`.
         */
        post: operations["write_article_v1_faq_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/faq/{article_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Article
         * @description A published article, or for staff any, in the language asked for or the nearest there is.
         *
         *     **For:** anybody, signed in or not.
         */
        get: operations["read_article_v1_faq__article_id__get"];
        /**
         * Rewrite Article
         * @description Replace category and texts. `If-Match` with the ETag that was read refuses a stale edit.
         *
         *     **For:** admin, agent, marketer, an API key with `faq:write`.
         */
        put: operations["rewrite_article_v1_faq__article_id__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/faq/{article_id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish Article
         * @description Show the article to members. Repeating it changes nothing.
         *
         *     **For:** admin, agent, marketer, an API key with `faq:write`.
         */
        post: operations["publish_article_v1_faq__article_id__publish_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/faq/{article_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw Article
         * @description Make the article a draft again. Repeating it changes nothing.
         *
         *     **For:** admin, agent, marketer, an API key with `faq:write`.
         */
        post: operations["withdraw_article_v1_faq__article_id__withdraw_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/group": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take Group
         * @description A member belongs to a group.
         *
         *     **For:** member, an API key with `activities:write`.
         */
        post: operations["take_group_v1_group_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Authorize
         * @description Set a member's points aside: nothing else can spend them, and they do not expire meanwhile.
         *
         *     409 `loyalty.insufficient_points` says how many are missing.
         *
         *     **For:** admin, an API key with `points:write`.
         */
        post: operations["authorize_v1_holds_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holds/{hold_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show
         * @description A hold as it is now.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `points:read`.
         */
        get: operations["show_v1_holds__hold_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holds/{hold_id}/captures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Capture
         * @description Spend what is held, or a part of it.
         *
         *     409 `loyalty.hold_ended` when it was captured or voided, or its time is out; 409
         *     `loyalty.hold_too_small` when it has fewer points left.
         *
         *     **For:** admin, an API key with `points:write`.
         */
        post: operations["capture_v1_holds__hold_id__captures_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holds/{hold_id}/voids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Void
         * @description Give back what is held. Voiding what is voided changes nothing.
         *
         *     **For:** admin, an API key with `points:write`.
         */
        post: operations["void_v1_holds__hold_id__voids_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/home": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Home
         * @description The app's first screen in one call.
         *
         *     Profile, wallet, check-in, inbox, open tickets, offers and announcements: each `ok` with the
         *     data of its own path, or `unavailable`. Send `If-None-Match`: an unchanged screen is a 304.
         *
         *     **For:** member.
         */
        get: operations["read_home_v1_home_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/households": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show
         * @description The caller's household: its points, its members, and who spent what.
         *
         *     **For:** member.
         */
        get: operations["show_v1_households_get"];
        put?: never;
        /**
         * Found
         * @description Make a household, to share points with others; tiers stay each member's own.
         *
         *     **For:** member.
         */
        post: operations["found_v1_households_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/households/departures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave
         * @description Leave the household, with what is left of what one brought to it and earned in it.
         *
         *     **For:** member.
         */
        post: operations["leave_v1_households_departures_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/households/joins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join
         * @description Join a household by its code, and bring one's points.
         *
         *     **For:** member.
         */
        post: operations["join_v1_households_joins_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/identify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take Identify
         * @description Traits of a member; with `anonymousId` also: what that id did, the member did.
         *
         *     **For:** member, an API key with `activities:write`.
         */
        post: operations["take_identify_v1_identify_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Inbox
         * @description The caller's inbox, newest first; with `after`, what came after that item, oldest first.
         *
         *     **For:** member.
         */
        get: operations["list_inbox_v1_inbox_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inbox/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark Read
         * @description Mark items of the caller's inbox as read. Repeating it changes nothing.
         *
         *     **For:** member.
         */
        post: operations["mark_read_v1_inbox_read_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Adjustments
         * @description The adjustments that need, or needed, a second person, newest first.
         *
         *     **For:** admin.
         */
        get: operations["list_adjustments_v1_loyalty_adjustments_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/adjustments/{adjustment_id}/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve
         * @description Make an adjustment that somebody else asked for.
         *
         *     **For:** admin.
         */
        post: operations["approve_v1_loyalty_adjustments__adjustment_id__approvals_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/adjustments/{adjustment_id}/rejections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject
         * @description Leave an adjustment unmade that somebody else asked for.
         *
         *     **For:** admin.
         */
        post: operations["reject_v1_loyalty_adjustments__adjustment_id__rejections_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/badges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Badges
         * @description Every badge there is, by its key.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `missions:read`.
         */
        get: operations["list_badges_v1_loyalty_badges_get"];
        put?: never;
        /**
         * Create Badge
         * @description Make a badge that missions may give.
         *
         *     **For:** admin, marketer, an API key with `missions:write`.
         */
        post: operations["create_badge_v1_loyalty_badges_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/checkin-terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Terms
         * @description **For:** admin, analyst, marketer.
         */
        get: operations["show_terms_v1_loyalty_checkin_terms_get"];
        /**
         * Set Terms
         * @description Set how cards come and reach, and how late a check-in without a network is taken.
         *
         *     **For:** admin, marketer.
         */
        put: operations["set_terms_v1_loyalty_checkin_terms_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/code-loads/{load_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Code Load
         * @description How far codes have come on their way in.
         *
         *     **For:** admin, agent, analyst, marketer.
         */
        get: operations["show_code_load_v1_loyalty_code_loads__load_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/entries/{entry_id}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refund
         * @description Give back points that a spend or a capture took, to the lots they came from.
         *
         *     They expire when they would have; what a member owes is paid first. 409
         *     `loyalty.refund_too_large` says how many can still be refunded.
         *
         *     **For:** admin, an API key with `points:write`.
         */
        post: operations["refund_v1_loyalty_entries__entry_id__refunds_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Activity
         * @description How many members earned and redeemed in the months of a time, and how many have points.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["show_activity_v1_loyalty_finance_activity_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/breakage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Breakage
         * @description What became of the points of each month, and how many will ever be redeemed.
         *
         *     A chain ladder with two ways out, over months that are over; docs/finance.md has the method.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["show_breakage_v1_loyalty_finance_breakage_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Costs
         * @description What each rule, campaign and version issued, what became of it, and what rewards cost.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["show_costs_v1_loyalty_finance_costs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/deferrals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Deferrals
         * @description The calculation behind a journal, cohort by cohort: what an auditor asks for.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["show_deferrals_v1_loyalty_finance_deferrals_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Entries
         * @description The entries behind a roll-forward, in the sequence in which they were written.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["list_entries_v1_loyalty_finance_entries_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Journal
         * @description A month as balanced double entries, one side a line: CSV, or JSON lines if so accepted.
         *
         *     Of a closed period always the same bytes. `ETag` is the journal's digest; the last month that is
         *     open may still change.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["export_journal_v1_loyalty_finance_journal_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/liability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Liability
         * @description What members could redeem at the end of a day: by point type, month of earning and origin.
         *
         *     By the time entries were recorded; what was booked late counts from the day it was booked on.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["show_liability_v1_loyalty_finance_liability_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/periods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Periods
         * @description The periods that are closed, newest first.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["list_periods_v1_loyalty_finance_periods_get"];
        put?: never;
        /**
         * Close
         * @description Close the next month for good, as you looked at it. Nothing reopens it.
         *
         *     What is recorded for it later, or corrects it, belongs to the next open period.
         *
         *     **For:** admin.
         */
        post: operations["close_v1_loyalty_finance_periods_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/point-values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Point Values
         * @description Every value of a point that was ever declared.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["list_point_values_v1_loyalty_finance_point_values_get"];
        put?: never;
        /**
         * Declare Value
         * @description Declare what a point is worth from a day on. It stays; a later day may have another value.
         *
         *     A day in a closed period is refused: 409 `loyalty.period_closed`.
         *
         *     **For:** admin.
         */
        post: operations["declare_value_v1_loyalty_finance_point_values_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/rebuilds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rebuild Sums
         * @description Forget all sums: a job adds the ledger up anew, and comes to the same.
         *
         *     Closed periods stay as they are. Until it is done, reports are of a part: see `as_of`.
         *
         *     **For:** admin.
         */
        post: operations["rebuild_sums_v1_loyalty_finance_rebuilds_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/reward-costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Reward Costs
         * @description Every cost of a reward that was ever declared.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["list_reward_costs_v1_loyalty_finance_reward_costs_get"];
        put?: never;
        /**
         * Declare Cost
         * @description Declare what one piece of a reward costs the company from a day on.
         *
         *     **For:** admin.
         */
        post: operations["declare_cost_v1_loyalty_finance_reward_costs_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/roll-forward": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Roll Forward
         * @description Opening, every movement, closing: to the point what the ledger says.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["show_roll_forward_v1_loyalty_finance_roll_forward_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/finance/terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Terms
         * @description How the books are kept.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["show_terms_v1_loyalty_finance_terms_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change
         * @description Change how the books are kept, from the first open period on.
         *
         *     The time zone cannot change once a period is closed: 409 `loyalty.period_closed`.
         *
         *     **For:** admin.
         */
        patch: operations["change_v1_loyalty_finance_terms_patch"];
        trace?: never;
    };
    "/v1/loyalty/finance/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify Sums
         * @description Compare finance's sums with the ledger, each day and movement by itself. Reads all of it.
         *
         *     **For:** admin, analyst, an API key with `finance:read`.
         */
        get: operations["verify_sums_v1_loyalty_finance_verify_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Imports
         * @description The imports, newest first.
         *
         *     **For:** admin, an API key with `imports:write`.
         */
        get: operations["list_imports_v1_loyalty_imports_get"];
        put?: never;
        /**
         * Create Import
         * @description Send a CSV file, or lines of JSON, to be checked: a dry run of every row.
         *
         *     It goes on in the background. The same file sent again is the same import.
         *
         *     **For:** admin, an API key with `imports:write`.
         */
        post: operations["create_import_v1_loyalty_imports_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/imports/{import_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Import
         * @description How far an import has come, and what it has done.
         *
         *     **For:** admin, an API key with `imports:write`.
         */
        get: operations["show_import_v1_loyalty_imports__import_id__get"];
        put?: never;
        post?: never;
        /**
         * Discard Import
         * @description Give up an import of which nothing has been committed.
         *
         *     **For:** admin, an API key with `imports:write`.
         */
        delete: operations["discard_import_v1_loyalty_imports__import_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/imports/{import_id}/commits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Commit Import
         * @description Import the rows that were checked. It goes on in the background.
         *
         *     **For:** admin, an API key with `imports:write`.
         */
        post: operations["commit_import_v1_loyalty_imports__import_id__commits_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/imports/{import_id}/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Import Errors
         * @description The rows that were refused, each with what is wrong and what would be right.
         *
         *     **For:** admin, an API key with `imports:write`.
         */
        get: operations["list_import_errors_v1_loyalty_imports__import_id__errors_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/imports/{import_id}/errors.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download Import Errors
         * @description The same as a CSV file: row, column, code, detail.
         *
         *     **For:** admin, an API key with `imports:write`.
         */
        get: operations["download_import_errors_v1_loyalty_imports__import_id__errors_csv_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/imports/{import_id}/reversals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo Import
         * @description Undo a whole import. The ledger keeps what was written, and gets entries that take it back.
         *
         *     What members have used since stays: points become owed as the point type has it.
         *
         *     **For:** admin, an API key with `imports:write`.
         */
        post: operations["undo_import_v1_loyalty_imports__import_id__reversals_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/ledger/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify Blocks
         * @description Seal every block again, and compare: whether a sealed entry was changed, added or removed.
         *
         *     Compare `head` with what `loyalty.ledger.sealed` said of that block, and with the service's log.
         *
         *     **For:** admin, analyst, an API key with `ledger:read`.
         */
        get: operations["verify_blocks_v1_loyalty_ledger_chain_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/ledger/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify
         * @description Prove the ledger now: every claim with how often it is contradicted.
         *
         *     Reads what was written since the ledger was last proved, or with `whole=true` all there is.
         *
         *     **For:** admin, analyst, an API key with `ledger:read`.
         */
        get: operations["verify_v1_loyalty_ledger_verify_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/point-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Point Types
         * @description The kinds of points, and how each behaves.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `points:read`.
         */
        get: operations["list_point_types_v1_loyalty_point_types_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/point-types/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Policy
         * @description Change how points behave from now on. What happened stays as it is.
         *
         *     `period` goes with `period_end`, `inactivity_days` with `inactivity`, neither with `as_earned`.
         *
         *     **For:** admin.
         */
        patch: operations["change_policy_v1_loyalty_point_types__key__patch"];
        trace?: never;
    };
    "/v1/loyalty/referral-terms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Terms
         * @description **For:** admin, analyst, marketer.
         */
        get: operations["show_terms_v1_loyalty_referral_terms_get"];
        /**
         * Change Terms
         * @description Set what referrals pay, when, and what is taken for made up.
         *
         *     **For:** admin, marketer.
         */
        put: operations["change_terms_v1_loyalty_referral_terms_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/loyalty/velocity-limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Limits
         * @description How fast points may leave a member's hands.
         *
         *     **For:** admin, analyst, marketer.
         */
        get: operations["show_limits_v1_loyalty_velocity_limits_get"];
        /**
         * Set Limits
         * @description Set how fast points may leave a member's hands.
         *
         *     **For:** admin.
         */
        put: operations["set_limits_v1_loyalty_velocity_limits_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Me
         * @description The caller's profile, with an ETag.
         *
         *     **For:** member.
         */
        get: operations["read_me_v1_me_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Me
         * @description Change the caller's profile; with `If-Match`, only if it is the version that was read.
         *
         *     **For:** member.
         */
        patch: operations["change_me_v1_me_patch"];
        trace?: never;
    };
    "/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Members
         * @description Members by id, of one segment or all.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `members:read`.
         */
        get: operations["list_members_v1_members_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Member
         * @description A member; an id that was merged away shows the survivor.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `members:read`.
         */
        get: operations["read_member_v1_members__member_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member_id}/activities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Activities
         * @description What a member did, newest first, before and after joining histories.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `members:read`.
         */
        get: operations["list_activities_v1_members__member_id__activities_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member_id}/coupons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Members Coupons
         * @description A member's coupons, newest first.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `coupons:read`.
         */
        get: operations["list_members_coupons_v1_members__member_id__coupons_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member_id}/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Members Holds
         * @description A member's holds, newest first.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `points:read`.
         */
        get: operations["list_members_holds_v1_members__member_id__holds_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member_id}/points/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adjust
         * @description Add points to a member's wallet or take some away, for a reason that is kept.
         *
         *     What moves more points than the point type's `approval_above` waits for another admin: 202.
         *
         *     **For:** admin.
         */
        post: operations["adjust_v1_members__member_id__points_adjustments_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member_id}/points/extensions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Extend
         * @description Let a member's points last longer, for a reason that is kept. Expired points stay so.
         *
         *     **For:** admin, agent, marketer, an API key with `points:write`.
         */
        post: operations["extend_v1_members__member_id__points_extensions_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member_id}/points/occasions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Members Occasions
         * @description What a member did that the programme speaks of, and what it earned.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `points:read`.
         */
        get: operations["list_members_occasions_v1_members__member_id__points_occasions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member_id}/tags/{tag}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Tag
         * @description Tag a member. Tagging it again is harmless.
         *
         *     **For:** admin, agent, marketer, an API key with `members:write`.
         */
        put: operations["put_tag_v1_members__member_id__tags__tag__put"];
        post?: never;
        /**
         * Delete Tag
         * @description Take a tag off a member. Where there is none, nothing happens.
         *
         *     **For:** admin, agent, marketer, an API key with `members:write`.
         */
        delete: operations["delete_tag_v1_members__member_id__tags__tag__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{member_id}/wallet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Members Wallet
         * @description A member's wallet, as the member sees it.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `points:read`.
         */
        get: operations["show_members_wallet_v1_members__member_id__wallet_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/missions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Missions
         * @description The missions going on and how far the caller is, what is to claim first; staff see all.
         *
         *     **For:** admin, agent, analyst, marketer, member, an API key with `missions:read`.
         */
        get: operations["show_missions_v1_missions_get"];
        put?: never;
        /**
         * Create Mission
         * @description Set members goals. They count what happens from now on.
         *
         *     **For:** admin, marketer, an API key with `missions:write`.
         */
        post: operations["create_mission_v1_missions_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/missions/{mission_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit Mission
         * @description Change a mission. Goals and prize stay: end it and make another instead.
         *
         *     **For:** admin, marketer, an API key with `missions:write`.
         */
        patch: operations["edit_mission_v1_missions__mission_id__patch"];
        trace?: never;
    };
    "/v1/missions/{mission_id}/claims": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claim
         * @description Take the prize of a completed mission.
         *
         *     409 `loyalty.mission_not_completed` before its goals are reached.
         *
         *     **For:** member.
         */
        post: operations["claim_v1_missions__mission_id__claims_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/missions/{mission_id}/leaderboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Leaderboard
         * @description Who has come farthest in the mission's present period, and where the caller is.
         *
         *     **For:** admin, agent, analyst, marketer, member, an API key with `missions:read`.
         */
        get: operations["show_leaderboard_v1_missions__mission_id__leaderboard_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Offers
         * @description The offers the caller may take now; staff see all.
         *
         *     **For:** admin, agent, analyst, marketer, member, an API key with `offers:read`.
         */
        get: operations["show_offers_v1_offers_get"];
        put?: never;
        /**
         * Create Offer
         * @description Make an offer to some members.
         *
         *     **For:** admin, marketer, an API key with `offers:write`.
         */
        post: operations["create_offer_v1_offers_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/offers/{offer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit Offer
         * @description Change an offer. What it gives stays: end it and make another instead.
         *
         *     **For:** admin, marketer, an API key with `offers:write`.
         */
        patch: operations["edit_offer_v1_offers__offer_id__patch"];
        trace?: never;
    };
    "/v1/offers/{offer_id}/claims": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claim
         * @description Take an offer, once. 404 where it is not for the caller, 409 when all are taken.
         *
         *     **For:** member.
         */
        post: operations["claim_v1_offers__offer_id__claims_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report Order
         * @description Report an order. Reporting it again is harmless; the answer is the order as it stands.
         *
         *     **For:** an API key with `orders:write`.
         */
        post: operations["report_order_v1_orders_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_id}/returns/{return_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Report Return
         * @description Report lines that came back, under an id of the return's own. Repeating it is harmless.
         *
         *     What exactly those lines earned is taken back, before the order is delivered or after.
         *
         *     **For:** an API key with `orders:write`.
         */
        put: operations["report_return_v1_orders__order_id__returns__return_id__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{order_id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Report Status
         * @description Report a change of an order's status. Reporting it again is harmless.
         *
         *     **For:** an API key with `orders:write`.
         */
        put: operations["report_status_v1_orders__order_id__status_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/page": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take Page
         * @description A member saw a page of a site.
         *
         *     **For:** member, an API key with `activities:write`.
         */
        post: operations["take_page_v1_page_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/points/earlier": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Earlier Points
         * @description What happened to the caller's points in the programme before this one, newest first.
         *
         *     **For:** member.
         */
        get: operations["list_earlier_points_v1_points_earlier_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/points/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List History
         * @description The changes of the caller's points or growth points, newest first.
         *
         *     **For:** member.
         */
        get: operations["list_history_v1_points_history_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/points/history/{explained_id}/explanation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Explanation
         * @description Why an entry of the history, or an occasion, earned what it did.
         *
         *     A member hears it in words, of their own history alone; others see every rule and condition.
         *
         *     **For:** admin, agent, analyst, marketer, member, an API key with `points:read`.
         */
        get: operations["show_explanation_v1_points_history__explained_id__explanation_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/points/occasions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Own Occasions
         * @description What the caller did that the programme speaks of, and what it earned: also nothing.
         *
         *     **For:** member.
         */
        get: operations["list_own_occasions_v1_points_occasions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/points/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Transfer
         * @description Give points to another member. They expire when they would have.
         *
         *     409 `loyalty.not_transferable` where that is not allowed, and `loyalty.transfer_limit` when it
         *     would be too much within 24 hours.
         *
         *     **For:** member.
         */
        post: operations["transfer_v1_points_transfers_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Preferences
         * @description The caller's preferences.
         *
         *     **For:** member.
         */
        get: operations["show_preferences_v1_preferences_get"];
        /**
         * Replace Preferences
         * @description Replace the caller's preferences. What is mandatory cannot be switched off.
         *
         *     **For:** member.
         */
        put: operations["replace_preferences_v1_preferences_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Live
         * @description The live version, with its document.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `programme:read`.
         */
        get: operations["show_live_v1_programme_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme/backtests/{backtest_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Backtest
         * @description **For:** admin, agent, analyst, marketer, an API key with `programme:read`.
         */
        get: operations["show_backtest_v1_programme_backtests__backtest_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import Yaml
         * @description Make a draft of a document in YAML, if it differs from the live version.
         *
         *     **For:** admin, marketer, an API key with `programme:write`.
         */
        post: operations["import_yaml_v1_programme_imports_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Versions
         * @description The versions, newest first.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `programme:read`.
         */
        get: operations["list_versions_v1_programme_versions_get"];
        put?: never;
        /**
         * Create Draft
         * @description Make a draft. 422 names every place of the document that is wrong.
         *
         *     **For:** admin, marketer, an API key with `programme:write`.
         */
        post: operations["create_draft_v1_programme_versions_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Version
         * @description **For:** admin, agent, analyst, marketer, an API key with `programme:read`.
         */
        get: operations["show_version_v1_programme_versions__version__get"];
        /**
         * Change Draft
         * @description Write a draft anew. What has been published stays: 409 `loyalty.not_a_draft`.
         *
         *     **For:** admin, marketer, an API key with `programme:write`.
         */
        put: operations["change_draft_v1_programme_versions__version__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme/versions/{version}/backtests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask For Backtest
         * @description Try the version on the occasions of the last days, beside the live one.
         *
         *     The report says what either would have issued and cost, who wins and loses by tier and segment,
         *     and which caps were hit. Fetch it at `GET /v1/programme/backtests/{id}`.
         *
         *     **For:** admin, marketer, an API key with `programme:write`.
         */
        post: operations["ask_for_backtest_v1_programme_versions__version__backtests_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme/versions/{version}/differences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Differences
         * @description What differs from another version, place by place.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `programme:read`.
         */
        get: operations["show_differences_v1_programme_versions__version__differences_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme/versions/{version}/publications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish Version
         * @description Let a version pay everybody, or try it out with a share of the members.
         *
         *     A trial ends by itself before it exceeds its ceiling, or when its members earn suspiciously
         *     much. Publishing a trial again changes its share, or makes it live.
         *
         *     **For:** admin, marketer, an API key with `programme:write`.
         */
        post: operations["publish_version_v1_programme_versions__version__publications_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme/versions/{version}/retirement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retire Version
         * @description Give up a draft, or end a trial: its members have the live version from then on.
         *
         *     **For:** admin, marketer, an API key with `programme:write`.
         */
        post: operations["retire_version_v1_programme_versions__version__retirement_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme/versions/{version}/simulations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Simulate
         * @description What the version would do on one occasion: the real path, rolled back.
         *
         *     **For:** admin, marketer, an API key with `programme:write`.
         */
        post: operations["simulate_v1_programme_versions__version__simulations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme/versions/{version}/tiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview Tiers
         * @description Who would rise and fall if the version were live. A back-test counts all members.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `programme:read`.
         */
        get: operations["preview_tiers_v1_programme_versions__version__tiers_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programme/versions/{version}/yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Version
         * @description The version's document as YAML, for version control.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `programme:read`.
         */
        get: operations["export_version_v1_programme_versions__version__yaml_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/receipts/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Receipt
         * @description What became of a write of yours: accepted, stored, handled by whom, points, messages.
         *
         *     Kept 72 hours, like the key. Ask again with `If-None-Match` until the state is `done`.
         *
         *     **For:** admin, agent, analyst, marketer, member, an API key.
         */
        get: operations["read_receipt_v1_receipts__key__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/redemptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Redemptions
         * @description What has been redeemed, newest first: a member's own, or, for staff, everybody's.
         *
         *     **For:** admin, agent, analyst, marketer, member, an API key with `rewards:read`.
         */
        get: operations["list_redemptions_v1_redemptions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/redemptions/{redemption_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Move On
         * @description Say how far a gift has come.
         *
         *     Cancelled, its points go back to the member, soonest-expiring as they were. The address is the
         *     member's in their profile: loyalty keeps none.
         *
         *     **For:** admin, agent, marketer, an API key with `rewards:write`.
         */
        patch: operations["move_on_v1_redemptions__redemption_id__patch"];
        trace?: never;
    };
    "/v1/redemptions/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Devices
         * @description The devices the caller signed in on last, and which may redeem without bounds.
         *
         *     **For:** member.
         */
        get: operations["show_devices_v1_redemptions_devices_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/redemptions/devices/{device}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Approve
         * @description Approve a new device, from one the caller has had before.
         *
         *     **For:** member.
         */
        put: operations["approve_v1_redemptions_devices__device__approval_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referral": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Own Referral
         * @description The caller's code, and what became of the friends they brought.
         *
         *     **For:** member.
         */
        get: operations["show_own_referral_v1_referral_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/referral/acceptances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept
         * @description Name who brought the caller, before the first order.
         *
         *     Both are rewarded once that order has passed its return window.
         *
         *     **For:** member.
         */
        post: operations["accept_v1_referral_acceptances_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/satisfaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report Satisfaction
         * @description Answers, mean and distribution of a kind of survey, over the last 30 days if not said.
         *
         *     **For:** admin, analyst.
         */
        get: operations["report_satisfaction_v1_reports_satisfaction_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rewards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Catalogue
         * @description The rewards, cheapest first.
         *
         *     A member sees the active ones, in their language, and whether they can have them; others see
         *     all, in every language.
         *
         *     **For:** admin, agent, analyst, marketer, member, an API key with `rewards:read`.
         */
        get: operations["list_catalogue_v1_rewards_get"];
        put?: never;
        /**
         * Create Reward
         * @description Put a reward into the catalogue.
         *
         *     **For:** admin, marketer, an API key with `rewards:write`.
         */
        post: operations["create_reward_v1_rewards_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rewards/{reward_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit Reward
         * @description Change a reward. What was redeemed before keeps what it cost.
         *
         *     **For:** admin, marketer, an API key with `rewards:write`.
         */
        patch: operations["edit_reward_v1_rewards__reward_id__patch"];
        trace?: never;
    };
    "/v1/rewards/{reward_id}/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import Codes
         * @description Put the codes of a CSV file, one in the first column of each line, into a reward's pool.
         *
         *     They are read in the background: ask `/v1/loyalty/code-loads/{load_id}` how far it is.
         *
         *     **For:** admin, marketer, an API key with `rewards:write`.
         */
        post: operations["import_codes_v1_rewards__reward_id__codes_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rewards/{reward_id}/codes/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Generate Pool
         * @description Have random codes made up for a reward's pool, in the background.
         *
         *     **For:** admin, marketer, an API key with `rewards:write`.
         */
        post: operations["generate_pool_v1_rewards__reward_id__codes_generations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rewards/{reward_id}/redemptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redeem
         * @description Spend points on a reward.
         *
         *     409 `loyalty.insufficient_points` says how many are missing; 409 `loyalty.sold_out`,
         *     `loyalty.limit_reached`, `loyalty.cooling_down`, `loyalty.not_for_tier` and
         *     `loyalty.reward_not_now` speak for themselves. 403 `loyalty.step_up_required`: approve this
         *     device on one the caller has had before; 429: too many redemptions lately.
         *
         *     **For:** member.
         */
        post: operations["redeem_v1_rewards__reward_id__redemptions_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/screen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take Screen
         * @description A member saw a screen of an app.
         *
         *     **For:** member, an API key with `activities:write`.
         */
        post: operations["take_screen_v1_screen_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/segments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Segments
         * @description All segments with their sizes: those built in, then those made here.
         *
         *     **For:** admin, agent, analyst, marketer, an API key with `segments:read`.
         */
        get: operations["list_segments_v1_segments_get"];
        put?: never;
        /**
         * Make Segment
         * @description Make a segment. Its members are found in the background.
         *
         *     **For:** admin, marketer, an API key with `segments:write`.
         */
        post: operations["make_segment_v1_segments_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Staff
         * @description All staff members, those who were added first first.
         *
         *     **For:** admin.
         */
        get: operations["list_staff_v1_staff_get"];
        put?: never;
        /**
         * Add Staff
         * @description Add a staff member, who then signs in with this password.
         *
         *     **For:** admin.
         */
        post: operations["add_staff_v1_staff_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff/{staff_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Staff
         * @description Change a role, or bar somebody from signing in. Their sessions end with it.
         *
         *     **For:** admin.
         */
        patch: operations["change_staff_v1_staff__staff_id__patch"];
        trace?: never;
    };
    "/v1/staff/{staff_id}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Reset Second Factor
         * @description Remove the second factor of somebody who lost phone and recovery codes; sessions end.
         *
         *     **For:** admin.
         */
        delete: operations["reset_second_factor_v1_staff__staff_id__second_factor_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Invitations
         * @description Open invitations, those that were sent first first.
         *
         *     **For:** admin.
         */
        get: operations["list_invitations_v1_staff_invitations_get"];
        put?: never;
        /**
         * Invite
         * @description Invite somebody. To invite the same address again withdraws the invitation before.
         *
         *     **For:** admin.
         */
        post: operations["invite_v1_staff_invitations_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff/invitations/{invitation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw
         * @description Withdraw an open invitation: its link is no good any more.
         *
         *     **For:** admin.
         */
        delete: operations["withdraw_v1_staff_invitations__invitation_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Me
         * @description The calling staff member.
         *
         *     **For:** admin, agent, analyst, marketer.
         */
        get: operations["show_me_v1_staff_me_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change Password
         * @description Set a new password. All other sessions end.
         *
         *     **For:** admin, agent, analyst, marketer.
         */
        put: operations["change_password_v1_staff_me_password_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff/me/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew Recovery Codes
         * @description New recovery codes; the old ones are no good any more.
         *
         *     **For:** admin, agent, analyst, marketer.
         */
        post: operations["renew_recovery_codes_v1_staff_me_recovery_codes_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff/me/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin Second Factor
         * @description Get a secret for an authenticator app (RFC 6238). It counts once it is confirmed.
         *
         *     **For:** admin, agent, analyst, marketer.
         */
        post: operations["begin_second_factor_v1_staff_me_second_factor_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff/me/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm Second Factor
         * @description Confirm with the code the app shows; from now on one is asked for. Keep the answer.
         *
         *     Who had to set one up first refreshes the tokens, and may all the role may.
         *
         *     **For:** admin, agent, analyst, marketer.
         */
        post: operations["confirm_second_factor_v1_staff_me_second_factor_confirm_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/staff/me/second-factor/removal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove Second Factor
         * @description Have no second factor any more.
         *
         *     **For:** admin, agent, analyst, marketer.
         */
        post: operations["remove_second_factor_v1_staff_me_second_factor_removal_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live Stream
         * @description Server-Sent Events of the caller's inbox. `Last-Event-ID` resumes: nothing is lost, and nothing comes twice. The event `end` says why the stream ends.
         *
         *     **For:** member.
         */
        get: operations["live_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live Stream As WebSocket
         * @description Text frames of JSON: `open`, then `inbox` with `id` and `data`, `beat`, and `end` with its `reason`. A browser offers the protocols `rapport.v1` and `bearer.<token>`. A refusal is a close code: 4000 and the status, with the problem's code as reason.
         *
         *     **For:** member.
         */
        get: operations["live_socket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/surveys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Surveys
         * @description What the caller may still answer, newest first.
         *
         *     **For:** member.
         */
        get: operations["list_surveys_v1_surveys_get"];
        put?: never;
        /**
         * Offer Survey
         * @description Ask up to 500 members. Who has an open survey of this kind is not asked again.
         *
         *     **For:** admin, marketer.
         */
        post: operations["offer_survey_v1_surveys_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/surveys/{survey_id}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer Survey
         * @description Answer once. The same answer again is harmless, another is refused.
         *
         *     **For:** member.
         */
        post: operations["answer_survey_v1_surveys__survey_id__answers_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sync
         * @description Send up to 100 queued writes, each under its own Idempotency-Key; they are done in order.
         *
         *     Each is answered as if it had been sent alone, and a refused one does not stop the others unless
         *     `stop_on_error` says so. Send the whole batch again after a lost answer: what was done is
         *     answered again, not done again.
         *
         *     **For:** admin, agent, analyst, marketer, member, an API key.
         */
        post: operations["sync_v1_sync_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tickets
         * @description A member's own tickets, newest first; for agents the queue, the soonest due first.
         *
         *     Agents see unresolved tickets unless they name a status.
         *
         *     **For:** admin, agent, member.
         */
        get: operations["list_tickets_v1_tickets_get"];
        put?: never;
        /**
         * Open Ticket
         * @description Ask the company. Send an Idempotency-Key, so that a retry opens no second ticket.
         *
         *     **For:** member.
         */
        post: operations["open_ticket_v1_tickets_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Ticket
         * @description A ticket with its messages, at most the latest 200.
         *
         *     **For:** admin, agent, member.
         */
        get: operations["read_ticket_v1_tickets__ticket_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket_id}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Assign Ticket
         * @description Give the ticket to an agent. One that another agent has is taken only with `reassign`.
         *
         *     **For:** admin, agent.
         */
        post: operations["assign_ticket_v1_tickets__ticket_id__assign_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket_id}/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send Attachment
         * @description Send a file, at most 25 MiB, as the body itself; a message then names it, within a day.
         *
         *     Its kind is told from its content. The same content sent again before that is the same
         *     attachment, so a retry is harmless; no Idempotency-Key is needed.
         *
         *     **For:** admin, agent, member.
         */
        post: operations["send_attachment_v1_tickets__ticket_id__attachments_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket_id}/attachments/{attachment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Attachment
         * @description A file's content, for a download; `Range` is honoured.
         *
         *     **For:** admin, agent, member.
         */
        get: operations["read_attachment_v1_tickets__ticket_id__attachments__attachment_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Messages
         * @description A ticket's messages above a number, in order: what a client that was away has missed.
         *
         *     **For:** admin, agent, member.
         */
        get: operations["list_messages_v1_tickets__ticket_id__messages_get"];
        put?: never;
        /**
         * Post Message
         * @description Say something in a ticket. Sent again, it is answered as the first time.
         *
         *     A member's message to a ticket resolved long ago begins a new one: see `ticket_id` of the
         *     answer.
         *
         *     **For:** admin, agent, member.
         */
        post: operations["post_message_v1_tickets__ticket_id__messages_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket_id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Notes
         * @description A ticket's notes in the order they were written.
         *
         *     **For:** admin, agent.
         */
        get: operations["list_notes_v1_tickets__ticket_id__notes_get"];
        put?: never;
        /**
         * Write Note
         * @description A remark to the other agents, which no member ever sees.
         *
         *     **For:** admin, agent.
         */
        post: operations["write_note_v1_tickets__ticket_id__notes_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tickets/{ticket_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resolve Ticket
         * @description Close the matter; the member is asked how it went. Repeating it changes nothing.
         *
         *     **For:** admin, agent.
         */
        post: operations["resolve_ticket_v1_tickets__ticket_id__resolve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tiers
         * @description The tiers, from the lowest.
         *
         *     **For:** anybody, signed in or not.
         */
        get: operations["list_tiers_v1_tiers_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/track": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take Track
         * @description A member did something.
         *
         *     **For:** member, an API key with `activities:write`.
         */
        post: operations["take_track_v1_track_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/traffic": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Traffic
         * @description Breakers, places and their health, limits, shedding, the event loop's lag; of all replicas.
         *
         *     Each replica protects the services by what it sees itself, so their breakers may differ.
         *
         *     **For:** admin.
         */
        get: operations["show_traffic_v1_traffic_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/traffic/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Policies
         * @description All versions, the newest first. To go back to one, put it again.
         *
         *     **For:** admin.
         */
        get: operations["list_policies_v1_traffic_policies_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/traffic/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Policy
         * @description The newest policy, with its version as ETag.
         *
         *     **For:** admin.
         */
        get: operations["show_policy_v1_traffic_policy_get"];
        /**
         * Change
         * @description Replace the policy. Every replica takes it up within seconds, as a whole.
         *
         *     With `If-Match`, only if nobody changed it since you read it. The audit trail says what changed.
         *
         *     **For:** admin.
         */
        put: operations["change_v1_traffic_policy_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/traffic/routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Routes
         * @description The route table in force, by path.
         *
         *     **For:** admin.
         */
        get: operations["list_routes_v1_traffic_routes_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/unsubscribe/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Unsubscribe
         * @description A page that asks whether to unsubscribe.
         *
         *     **For:** anybody; credentials are not looked at.
         */
        get: operations["show_unsubscribe_v1_unsubscribe__token__get"];
        put?: never;
        /**
         * Unsubscribe
         * @description Send this member no marketing e-mail any more. Repeating it changes nothing.
         *
         *     **For:** anybody; credentials are not looked at.
         */
        post: operations["unsubscribe_v1_unsubscribe__token__post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show Own Wallet
         * @description The caller's wallet screen. The ETag changes with anything on it.
         *
         *     Repeats with `If-None-Match` cost a phone nothing.
         *
         *     **For:** member.
         */
        get: operations["show_own_wallet_v1_wallet_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AcceptanceBody
         * @description The token of the invitation's link, and the password to sign in with from now on.
         */
        AcceptanceBody: {
            /**
             * Password
             * Format: password
             */
            password: string;
            /**
             * Token
             * Format: password
             */
            token: string;
        };
        /**
         * Accepted
         * @description Segment's answer.
         */
        Accepted: {
            /** Refused */
            refused?: components["schemas"]["RefusedMessage"][] | null;
            /**
             * Success
             * @default true
             */
            success: boolean;
        };
        /** AcceptedAnswer */
        AcceptedAnswer: {
            /**
             * Accepted At
             * Format: date-time
             */
            accepted_at: string;
            state: components["schemas"]["ReferralState"];
        };
        /**
         * AcceptedIssuer
         * @description Where the app can send a member to sign in; `audiences` are its client ids there.
         */
        AcceptedIssuer: {
            /** Audiences */
            audiences: string[];
            /** Issuer */
            issuer: string;
            /** Name */
            name: string;
        };
        /**
         * AccessAnswer
         * @description A staff member or API key. `unused` since longer than was asked for; null factor: a key.
         */
        AccessAnswer: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Kind */
            kind: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
            /** Scopes */
            scopes: string[];
            /** Second Factor */
            second_factor: boolean | null;
            /** Unused */
            unused: boolean;
        };
        /**
         * AccountAnswer
         * @description What a member signs in by. A guest has none of it.
         */
        AccountAnswer: {
            email: components["schemas"]["AddressAnswer"] | null;
            /** Has Password */
            has_password: boolean;
            /** Issuers */
            issuers: components["schemas"]["IssuerAnswer"][];
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            phone: components["schemas"]["AddressAnswer"] | null;
            /** Registered At */
            registered_at: string | null;
        };
        /**
         * AccountName
         * @description Accounts of the company's general ledger; which codes they have there is declared.
         * @enum {string}
         */
        AccountName: "contract_liability" | "revenue" | "breakage_revenue" | "promotional_liability" | "marketing_expense" | "cost_of_rewards" | "rewards_payable" | "imported_balances";
        /**
         * Action
         * @enum {string}
         */
        Action: "check_in" | "make_up" | "claim_mission" | "take_offer" | "redeem_reward" | "invite";
        /**
         * ActivityAnswer
         * @description Something a member did.
         */
        ActivityAnswer: {
            /** Activity Id */
            activity_id: string;
            /** Context */
            context: {
                [key: string]: unknown;
            };
            /** Kind */
            kind: string;
            /** Name */
            name: string;
            /**
             * Occurred At
             * Format: date-time
             */
            occurred_at: string;
            /** Properties */
            properties: {
                [key: string]: unknown;
            };
            /**
             * Received At
             * Format: date-time
             */
            received_at: string;
        };
        /**
         * AddressAnswer
         * @description `verified_at` is when the member first proved to receive what is sent there.
         */
        AddressAnswer: {
            /**
             * Added At
             * Format: date-time
             */
            added_at: string;
            /** Value */
            value: string;
            /** Verified At */
            verified_at: string | null;
        };
        /** AdjustedAnswer */
        AdjustedAnswer: {
            /** Available */
            available: number;
            /**
             * Entry Id
             * Format: uuid
             */
            entry_id: string;
            /** Points */
            points: number;
            /** Version */
            version: number;
        };
        /** AdjustmentBody */
        AdjustmentBody: {
            /** @default points */
            point_type: components["schemas"]["PointType"];
            /**
             * Points
             * @description Added, or taken away when negative.
             */
            points: number;
            /** Reason */
            reason: string;
            /**
             * Valid Days
             * @description Null: added for ever.
             */
            valid_days?: number | null;
        };
        /**
         * AdjustmentState
         * @enum {string}
         */
        AdjustmentState: "waiting" | "approved" | "rejected";
        /**
         * AnnouncementAnswer
         * @description An announcement as its writers see it.
         */
        AnnouncementAnswer: {
            /** Action */
            action: string | null;
            /**
             * Announcement Id
             * Format: uuid
             */
            announcement_id: string;
            /** Content */
            content: {
                [key: string]: components["schemas"]["services__notify__api__announcements__TextsBody"];
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Ends At
             * Format: date-time
             */
            ends_at: string;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /** Withdrawn At */
            withdrawn_at: string | null;
        };
        /**
         * AnnouncementBody
         * @description What is to be announced. `action` is the place in the app it leads to, such as `/rewards`.
         */
        AnnouncementBody: {
            /** Action */
            action?: string | null;
            /** Content */
            content: {
                [key: string]: components["schemas"]["services__notify__api__announcements__TextsBody"];
            };
            /**
             * Ends At
             * Format: date-time
             */
            ends_at: string;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
        };
        /**
         * AnswerBody
         * @description A score on the survey's scale, and why.
         */
        AnswerBody: {
            /** Comment */
            comment?: string | null;
            /** Score */
            score: number;
        };
        /**
         * ArticleAnswer
         * @description An article in the reader's language; `texts` has every language, for staff.
         */
        ArticleAnswer: {
            /**
             * Article Id
             * Format: uuid
             */
            article_id: string;
            /** Body */
            body: string;
            /** Category */
            category: string;
            /** Language */
            language: string;
            /** Published At */
            published_at: string | null;
            stage: components["schemas"]["Stage"];
            /** Texts */
            texts?: {
                [key: string]: components["schemas"]["TextAnswer"];
            } | null;
            /** Title */
            title: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Version */
            version: number;
        };
        /**
         * ArticleBody
         * @description An article, with its text in one language or more.
         */
        ArticleBody: {
            /**
             * Category
             * @default general
             */
            category: string;
            /** Texts */
            texts: {
                [key: string]: components["schemas"]["TextBody"];
            };
        };
        /**
         * AsOfAnswer
         * @description Up to which entry the sums go.
         */
        AsOfAnswer: {
            /** Recorded At */
            recorded_at: string | null;
            /** Seq */
            seq: number;
            /**
             * Waiting
             * @description Entries written since, up to 10,000.
             */
            waiting: number;
        };
        /**
         * AssignmentBody
         * @description Whom to give the ticket to: the caller where `assignee_id` is left out, nobody where null.
         */
        AssignmentBody: {
            /** Assignee Id */
            assignee_id?: string | null;
            /**
             * Reassign
             * @default false
             */
            reassign: boolean;
        };
        /**
         * AttachmentAnswer
         * @description A file; its content is at /v1/tickets/{ticket_id}/attachments/{attachment_id}.
         */
        AttachmentAnswer: {
            /**
             * Attachment Id
             * Format: uuid
             */
            attachment_id: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Media Type */
            media_type: string;
            /** Name */
            name: string;
            /** Size Bytes */
            size_bytes: number;
        };
        /**
         * AuditAnswer
         * @description `actor_id` is null where the system itself acted.
         */
        AuditAnswer: {
            /** Action */
            action: string;
            /** Actor Id */
            actor_id: string | null;
            /** Details */
            details: {
                [key: string]: unknown;
            };
            /**
             * Entry Id
             * Format: uuid
             */
            entry_id: string;
            /**
             * Occurred At
             * Format: date-time
             */
            occurred_at: string;
            /** Target */
            target: string;
        };
        /** AuditedAnswer */
        AuditedAnswer: {
            /**
             * Drawn At
             * Format: date-time
             */
            drawn_at: string;
            /**
             * Key
             * Format: uuid
             */
            key: string;
            /** Number */
            number: number;
            /** Prize */
            prize: string | null;
            /** Ticket */
            ticket: number;
        };
        /**
         * Author
         * @enum {string}
         */
        Author: "member" | "agent" | "system";
        /** AwardedAnswer */
        AwardedAnswer: {
            /**
             * Awarded At
             * Format: date-time
             */
            awarded_at: string;
            /** Badge */
            badge: string;
            /** Description */
            description: string;
            /** Icon */
            icon: string | null;
            /** Name */
            name: string;
        };
        /** BacktestAnswer */
        BacktestAnswer: {
            /**
             * Backtest Id
             * Format: uuid
             */
            backtest_id: string;
            /**
             * Baseline
             * @description The version it is compared with: the one that was live.
             */
            baseline: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Days */
            days: number;
            /** Error */
            error: string | null;
            /** Finished At */
            finished_at: string | null;
            /** Report */
            report: {
                [key: string]: unknown;
            } | null;
            state: components["schemas"]["BacktestState"];
            /** Version */
            version: number;
        };
        /** BacktestBody */
        BacktestBody: {
            /**
             * Days
             * @default 90
             */
            days: number;
        };
        /**
         * BacktestState
         * @enum {string}
         */
        BacktestState: "queued" | "done" | "failed";
        /** BadgeAnswer */
        BadgeAnswer: {
            /** Badge */
            badge: string;
            /** Description */
            description: {
                [key: string]: string;
            };
            /** Icon */
            icon: string | null;
            /** Name */
            name: {
                [key: string]: string;
            };
        };
        /** BadgeItem */
        BadgeItem: {
            /**
             * Awarded At
             * Format: date-time
             */
            awarded_at: string;
            /** Badge */
            badge: string;
            /** Name */
            name: string;
        };
        /**
         * BasketBody
         * @description An order about to be paid, before any coupon.
         */
        BasketBody: {
            /** Amount Minor */
            amount_minor: number;
            /** Codes */
            codes: string[];
            /** Currency */
            currency: string;
            /**
             * Member Id
             * @description For backends; a member's own is their own.
             */
            member_id?: string | null;
        };
        /** BenefitsAnswer */
        BenefitsAnswer: {
            /** Birthday Points */
            birthday_points: number;
            /** Exclusive Offers */
            exclusive_offers: boolean;
            /** Free Shipping */
            free_shipping: boolean;
            /** Multiplier */
            multiplier: string;
            /** Priority Support */
            priority_support: boolean;
        };
        /** BoardAnswer */
        BoardAnswer: {
            /**
             * Begins
             * Format: date
             */
            begins: string;
            /** Places */
            places: components["schemas"]["PlaceAnswer"][];
            /**
             * Your Rank
             * @description Null: not among the first thousand.
             */
            your_rank: number | null;
            /** Your Score */
            your_score: number;
        };
        /**
         * Breakage
         * @description When points nobody will redeem become revenue (ASC 606-10-55-48, IFRS 15 B46).
         * @enum {string}
         */
        Breakage: "proportional" | "remote";
        /** BreakageAnswer */
        BreakageAnswer: {
            /** Breakage Rate */
            breakage_rate: string;
            /** Cohorts */
            cohorts: components["schemas"]["CohortBreakageAnswer"][];
            /**
             * Observed Until
             * Format: date
             */
            observed_until: string;
            point_type: components["schemas"]["PointType"];
            /** Steps */
            steps: components["schemas"]["services__loyalty__api__finance__reports__StepAnswer"][];
            /** Tail Rate */
            tail_rate: string;
            /**
             * Ultimate Redemption Rate
             * @description Of points earned now.
             */
            ultimate_redemption_rate: string;
        };
        /** BudgetAnswer */
        BudgetAnswer: {
            /** Budget */
            budget: string;
            /** Ceiling */
            ceiling: number;
            /** Used */
            used: number;
        };
        /**
         * BurnAnswer
         * @description Ratios are null where there is nothing to compare with.
         */
        BurnAnswer: {
            /**
             * Burn To Earn
             * @description Points redeemed for each point earned.
             */
            burn_to_earn: string | null;
            /**
             * Daily Burn
             * @description Points redeemed in a day.
             */
            daily_burn: string | null;
            /** Days */
            days: number;
            /**
             * Days Of Supply
             * @description How long what is outstanding lasts so.
             */
            days_of_supply: string | null;
            /**
             * Earned
             * @description And adjusted, less what was reversed.
             */
            earned: number;
            /** Expired */
            expired: number;
            /** Expiry Rate */
            expiry_rate: string | null;
            /**
             * Redeemed
             * @description Less what was refunded.
             */
            redeemed: number;
            /**
             * Redemption Rate
             * @description Of the points that were there.
             */
            redemption_rate: string | null;
        };
        /**
         * CalendarAnswer
         * @description A month of check-ins. Bit 0 of each mask is the 1st.
         */
        CalendarAnswer: {
            /** Frozen */
            frozen: number;
            /** Made Up */
            made_up: number;
            /** Month */
            month: string;
            /** Present */
            present: number;
        };
        /**
         * CalendarItem
         * @description Check-ins of the member's present month. Bit 0 of the masks is the 1st.
         */
        CalendarItem: {
            /** Best */
            best: number;
            /** Done Today */
            done_today: boolean;
            /** Freeze Cards */
            freeze_cards: number;
            /** Frozen */
            frozen: number;
            /** Makeup Cards */
            makeup_cards: number;
            /** Month */
            month: string;
            /**
             * Next At
             * @description When one is possible again; null: now.
             */
            next_at: string | null;
            /** Present */
            present: number;
            /** Streak */
            streak: number;
        };
        /**
         * CampaignAnswer
         * @description A campaign with its texts and numbers. `audience_complete` once all members are listed.
         */
        CampaignAnswer: {
            /** Action */
            action: string | null;
            /** Audience */
            audience: number;
            /** Audience Complete */
            audience_complete: boolean;
            /**
             * Campaign Id
             * Format: uuid
             */
            campaign_id: string;
            /** Category */
            category: string;
            /** Channels */
            channels: string[];
            /** Content */
            content: {
                [key: string]: components["schemas"]["services__notify__api__campaigns__TextsBody"];
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Ended At */
            ended_at: string | null;
            /** Name */
            name: string;
            /** Segment */
            segment: string;
            /** Started At */
            started_at: string | null;
            state: components["schemas"]["CampaignState"];
            /** Tallies */
            tallies: components["schemas"]["TallyAnswer"][];
        };
        /**
         * CampaignBody
         * @description A message to a segment. `action` is the place in the app it leads to, such as `/rewards`.
         */
        CampaignBody: {
            /** Action */
            action?: string | null;
            /** @default marketing */
            category: components["schemas"]["Category"];
            /** Channels */
            channels: ("inbox" | "email")[];
            /** Content */
            content: {
                [key: string]: components["schemas"]["services__notify__api__campaigns__TextsBody"];
            };
            /** Name */
            name: string;
            /** Segment */
            segment: string;
        };
        /**
         * CampaignState
         * @enum {string}
         */
        CampaignState: "draft" | "running" | "paused" | "finished" | "cancelled";
        /** CaptureBody */
        CaptureBody: {
            /**
             * Final
             * @description Give back what is left; false: more will be captured.
             * @default true
             */
            final: boolean;
            /**
             * Points
             * @description Null: all that is left.
             */
            points?: number | null;
        };
        /**
         * Category
         * @enum {string}
         */
        Category: "account" | "orders" | "points" | "rewards" | "support" | "surveys" | "marketing";
        /** ChainAnswer */
        ChainAnswer: {
            /**
             * Blocks
             * @description How many were read.
             */
            blocks: number;
            /**
             * Broken At
             * @description The first block that is not as it was sealed.
             */
            broken_at: number | null;
            /**
             * Entries
             * @description How many entries they seal.
             */
            entries: number;
            /**
             * Head
             * @description The hash of the last one read, in hexadecimal.
             */
            head: string;
            /** Sound */
            sound: boolean;
        };
        /** ChanceAnswer */
        ChanceAnswer: {
            /** Key */
            key: string;
            /** Name */
            name: string;
            /**
             * Odds
             * @description Of a million.
             */
            odds: number;
            prize: components["schemas"]["PrizeAnswer"];
        };
        /**
         * Channel
         * @enum {string}
         */
        Channel: "app" | "web";
        /** CheckAnswer */
        CheckAnswer: {
            /** Claim */
            claim: string;
            /** Contradictions */
            contradictions: number;
        };
        /** CheckedInAnswer */
        CheckedInAnswer: {
            /** Balance */
            balance: number;
            /**
             * Day
             * Format: date
             * @description The member's calendar day, in their time zone.
             */
            day: string;
            /** Freeze Cards */
            freeze_cards: number;
            /**
             * Frozen
             * @description Missed days that freeze cards covered.
             */
            frozen: string[];
            /**
             * Next At
             * Format: date-time
             */
            next_at: string;
            /** Points */
            points: number;
            /**
             * Streak
             * @description Consecutive days, this one included.
             */
            streak: number;
        };
        /** CheckInAnswer */
        CheckInAnswer: {
            /** Done Today */
            done_today: boolean;
            /**
             * Next At
             * @description When one is possible again; null: now.
             */
            next_at: string | null;
            /** Streak */
            streak: number;
        };
        /** CheckoutBody */
        CheckoutBody: {
            /** Amount Minor */
            amount_minor: number;
            /** Codes */
            codes: string[];
            /** Currency */
            currency: string;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Order Id */
            order_id: string;
        };
        /** ClaimedAnswer */
        ClaimedAnswer: {
            /** Balance */
            balance: number;
            /**
             * Begins
             * Format: date
             */
            begins: string;
            /**
             * Mission Id
             * Format: uuid
             */
            mission_id: string;
            prize: components["schemas"]["PrizeAnswer"];
        };
        /**
         * Clawback
         * @description What becomes of points that must be taken back and are no longer there.
         * @enum {string}
         */
        Clawback: "pending_only" | "clamp_to_zero" | "allow_debt";
        /** ClosingBody */
        ClosingBody: {
            /**
             * Digest
             * @description That of the journal you looked at: `ETag` of /v1/loyalty/finance/journal.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * Period
             * @example 2026-10
             */
            period: string;
            /** Reason */
            reason: string;
        };
        /**
         * CodeBody
         * @description A code with the id of its request, or the secret of the link that was sent with it.
         */
        CodeBody: {
            /**
             * Code
             * @example 428571
             */
            code?: string | null;
            /** Code Id */
            code_id?: string | null;
            /** Link */
            link?: string | null;
        };
        /**
         * CodeRequestBody
         * @description What a code is wanted for; it will be good for nothing else.
         */
        CodeRequestBody: {
            /** Email */
            email?: string | null;
            /** Language */
            language?: string | null;
            /** Phone */
            phone?: string | null;
            /**
             * Purpose
             * @default sign_in
             * @enum {string}
             */
            purpose: "sign_in" | "reset_password" | "reset_staff_password";
        };
        /**
         * CodeSent
         * @description A code is on its way. With `code_id` and the code, or with the link alone, go on.
         *
         *     A further one can be had in `next_in_s`.
         */
        CodeSent: {
            /**
             * Code Id
             * Format: uuid
             */
            code_id: string;
            /**
             * Expires In S
             * @default 600
             */
            expires_in_s: number;
            /**
             * Next In S
             * @default 30
             */
            next_in_s: number;
        };
        /**
         * CodeSignInBody
         * @description The fields after `app` are for who is new, and otherwise mean nothing.
         */
        CodeSignInBody: {
            /** Anonymous Id */
            anonymous_id?: string | null;
            /** App */
            app?: string | null;
            /** Channel */
            channel?: string | null;
            /**
             * Code
             * @example 428571
             */
            code?: string | null;
            /** Code Id */
            code_id?: string | null;
            /** Device Id */
            device_id?: string | null;
            /** Display Name */
            display_name?: string | null;
            /** Language */
            language?: string | null;
            /** Link */
            link?: string | null;
            /** Platform */
            platform?: string | null;
            /** Referral Code */
            referral_code?: string | null;
        };
        /** CohortBreakageAnswer */
        CohortBreakageAnswer: {
            /** Age Months */
            age_months: number;
            /**
             * Cohort
             * Format: date
             */
            cohort: string;
            /** Expired */
            expired: number;
            /** Expired By Age */
            expired_by_age: number[];
            /** Issued */
            issued: number;
            /** Outstanding */
            outstanding: number;
            /** Redeemed */
            redeemed: number;
            /** Redeemed By Age */
            redeemed_by_age: number[];
            /** Ultimate Rate */
            ultimate_rate: string | null;
            /** Ultimate Redeemed */
            ultimate_redeemed: number;
        };
        /** CohortLiabilityAnswer */
        CohortLiabilityAnswer: {
            /** Age Months */
            age_months: number;
            /**
             * Cohort
             * Format: date
             * @description The month in which the points were earned.
             */
            cohort: string;
            /** Expected Minor */
            expected_minor: number | null;
            /**
             * Future Rate
             * @description The share of these expected to be redeemed yet.
             */
            future_rate: string;
            origin: components["schemas"]["Origin"];
            points: components["schemas"]["LoyaltyPointsAnswer"];
            /** Value Minor */
            value_minor: number | null;
        };
        /** Commit */
        Commit: {
            /**
             * Skip Refused
             * @description Import the other rows although some have errors.
             * @default false
             */
            skip_refused: boolean;
        };
        /** ComparisonAnswer */
        ComparisonAnswer: {
            as_of: components["schemas"]["AsOfAnswer"];
            /** Drift Points */
            drift_points: {
                [key: string]: number;
            };
            /** Sound */
            sound: boolean;
        };
        /** ConfirmationBody */
        ConfirmationBody: {
            /** Note */
            note?: string | null;
        };
        /**
         * ConversationAnswer
         * @description A ticket with its messages.
         */
        ConversationAnswer: {
            /** Assignee Id */
            assignee_id?: string | null;
            /** Breached At */
            breached_at?: string | null;
            channel: components["schemas"]["Channel"];
            /** First Response At */
            first_response_at: string | null;
            /**
             * First Response Due At
             * Format: date-time
             */
            first_response_due_at: string;
            /** Follows Id */
            follows_id: string | null;
            /** Last Number */
            last_number: number;
            member?: components["schemas"]["FeedbackMemberAnswer"] | null;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Messages */
            messages: components["schemas"]["FeedbackMessageAnswer"][];
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            priority: components["schemas"]["Priority"];
            /** Resolved At */
            resolved_at: string | null;
            status: components["schemas"]["FeedbackStatus"];
            /** Subject */
            subject: string;
            /**
             * Ticket Id
             * Format: uuid
             */
            ticket_id: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** CostsAnswer */
        CostsAnswer: {
            as_of: components["schemas"]["AsOfAnswer"];
            /**
             * Budgets
             * @description Of rules and campaigns, since they began.
             */
            budgets: components["schemas"]["BudgetAnswer"][];
            /** Currency */
            currency: string | null;
            /** Price Minor */
            price_minor: string | null;
            /** Rewards */
            rewards: components["schemas"]["services__loyalty__api__finance__reports__RewardCostAnswer"][];
            /** Rules */
            rules: components["schemas"]["RuleCostAnswer"][];
        };
        /**
         * CouponAnswer
         * @description A coupon as its owner sees it.
         */
        CouponAnswer: {
            /** Amount Minor */
            amount_minor: number | null;
            /** Code */
            code: string;
            /**
             * Coupon Id
             * Format: uuid
             */
            coupon_id: string;
            /** Currency */
            currency: string | null;
            /** Description */
            description: string;
            /** Gift */
            gift: string | null;
            kind: components["schemas"]["DiscountKind"];
            /** Minimum Spend Minor */
            minimum_spend_minor: number;
            /**
             * Most Minor
             * @description The most that a percentage takes off.
             */
            most_minor: number | null;
            /** Name */
            name: string;
            /** Percent */
            percent: number | null;
            state: components["schemas"]["CouponState"];
            /**
             * Uses Left
             * @description Null: any number.
             */
            uses_left: number | null;
            /** Valid From */
            valid_from: string | null;
            /** Valid Until */
            valid_until: string | null;
        };
        /** CouponItem */
        CouponItem: {
            /** Amount Minor */
            amount_minor: number | null;
            /** Code */
            code: string;
            /**
             * Coupon Id
             * Format: uuid
             */
            coupon_id: string;
            /** Currency */
            currency: string | null;
            kind: components["schemas"]["DiscountKind"];
            /** Minimum Spend Minor */
            minimum_spend_minor: number;
            /** Name */
            name: string;
            /** Percent */
            percent: number | null;
            /** Valid Until */
            valid_until: string | null;
        };
        /**
         * CouponRefusal
         * @description Why a coupon does not work on an order.
         * @enum {string}
         */
        CouponRefusal: "unknown" | "revoked" | "not_yet" | "ended" | "used_up" | "member_limit" | "tier" | "currency" | "minimum_spend" | "not_stackable";
        /**
         * CouponState
         * @enum {string}
         */
        CouponState: "usable" | "not_yet" | "ended" | "used_up" | "revoked";
        /** DecidedAnswer */
        DecidedAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Occasion Id
             * Format: uuid
             */
            occasion_id: string;
            /** Points */
            points: number;
            /** Summary */
            summary: string;
            /** Trigger */
            trigger: string;
        };
        /**
         * DeferralAnswer
         * @description A cohort at the end of a period. Of points given for nothing: accrued, used, remeasured.
         */
        DeferralAnswer: {
            /** Breakage Minor */
            breakage_minor: number;
            /**
             * Cohort
             * Format: date
             */
            cohort: string;
            /** Deferred Minor */
            deferred_minor: number;
            /** Expired */
            expired: number;
            /**
             * Future Rate
             * @description Expected to be redeemed of what is outstanding.
             */
            future_rate: string;
            /** Issued */
            issued: number;
            /** Liability Minor */
            liability_minor: number;
            origin: components["schemas"]["Origin"];
            /** Outstanding */
            outstanding: number;
            /** Point Type */
            point_type: string;
            /**
             * Price Minor
             * @description Of a point: its share of what was paid.
             */
            price_minor: string;
            /**
             * Rate
             * @description Expected to be redeemed, when it was first booked.
             */
            rate: string;
            /** Redeemed */
            redeemed: number;
            /** Redeemed Minor */
            redeemed_minor: number;
            /**
             * Value Minor
             * @description Of a point, when the cohort was first booked.
             */
            value_minor: string;
        };
        /** DeferralsAnswer */
        DeferralsAnswer: {
            /** Closed */
            closed: boolean;
            /** Items */
            items: components["schemas"]["DeferralAnswer"][];
            /** Liability Minor */
            liability_minor: number;
            /** Period */
            period: string;
        };
        /**
         * DeviceAnswer
         * @description A device the caller signs in on. `device` is a digest: loyalty knows no device's name.
         */
        DeviceAnswer: {
            /** Device */
            device: string;
            /**
             * First Seen At
             * Format: date-time
             */
            first_seen_at: string;
            /** Is This */
            is_this: boolean;
            /**
             * Last Seen At
             * Format: date-time
             */
            last_seen_at: string;
            /**
             * Trusted
             * @description Whether it may redeem as much as any other.
             */
            trusted: boolean;
        };
        /**
         * DifferenceAnswer
         * @description `place` is such as `rules[order].earn.points`.
         */
        DifferenceAnswer: {
            /** After */
            after?: unknown;
            /** Before */
            before?: unknown;
            /**
             * Change
             * @enum {string}
             */
            change: "added" | "removed" | "changed" | "moved";
            /** Place */
            place: string;
        };
        /**
         * DiscountAnswer
         * @description The coupons on an order.
         */
        DiscountAnswer: {
            /** Codes */
            codes: string[];
            /** Coupons */
            coupons: components["schemas"]["UseAnswer"][];
            /** Currency */
            currency: string;
            /**
             * Discount Id
             * Format: uuid
             */
            discount_id: string;
            /** Discount Minor */
            discount_minor: number;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Order Id */
            order_id: string;
            /**
             * Redeemed At
             * Format: date-time
             */
            redeemed_at: string;
            /** Rolled Back At */
            rolled_back_at: string | null;
            /** To Pay Minor */
            to_pay_minor: number;
        };
        /**
         * DiscountKind
         * @enum {string}
         */
        DiscountKind: "amount" | "percent" | "shipping" | "gift";
        /** DraftBody */
        DraftBody: {
            /**
             * Document
             * @description The programme; docs/earning-rules.md is its manual.
             */
            document: {
                [key: string]: unknown;
            };
            /**
             * Note
             * @default
             */
            note: string;
        };
        /**
         * DrawAnswer
         * @description A draw. `commitment` is the SHA-256 of the secret that decides it, in hexadecimal.
         */
        DrawAnswer: {
            /** Active */
            active: boolean;
            /**
             * Closes At
             * Format: date-time
             */
            closes_at: string;
            /** Commitment */
            commitment: string;
            /** Description */
            description: string;
            /**
             * Draw Id
             * Format: uuid
             */
            draw_id: string;
            /**
             * Entries Left
             * @description Of the caller's, today. Null: any number.
             */
            entries_left: number | null;
            /** Entry Points */
            entry_points: number;
            /** Name */
            name: string;
            /** Opens At */
            opens_at: string | null;
            /**
             * Prizes
             * @description What no prize takes wins nothing.
             */
            prizes: components["schemas"]["ChanceAnswer"][];
        };
        /**
         * DrawnAnswer
         * @description An entry. With the secret, `number` and `key` anybody computes the `ticket` again.
         */
        DrawnAnswer: {
            /** Balance */
            balance: number;
            /**
             * Draw Id
             * Format: uuid
             */
            draw_id: string;
            /**
             * Key
             * Format: uuid
             */
            key: string;
            /** Name */
            name: string | null;
            /** Number */
            number: number;
            /**
             * Prize
             * @description The key of what was won; null: nothing.
             */
            prize: string | null;
            /** Ticket */
            ticket: number;
            won: components["schemas"]["PrizeAnswer"] | null;
        };
        /**
         * EntryAnswer
         * @description One change of a wallet. `points` are signed; the balances are those it left.
         */
        EntryAnswer: {
            /** Available */
            available: number;
            /**
             * By Member Id
             * @description Whose doing it was, of a household.
             */
            by_member_id: string | null;
            /** Debt */
            debt: number;
            /**
             * Entry Id
             * Format: uuid
             */
            entry_id: string;
            /** Held */
            held: number;
            kind: components["schemas"]["Kind"];
            /**
             * Occurred At
             * Format: date-time
             */
            occurred_at: string;
            /** Pending */
            pending: number;
            /** Points */
            points: number;
            /** Reason */
            reason: string | null;
            /** Rule */
            rule: string;
            /** Source Id */
            source_id: string;
            /** Source Type */
            source_type: string;
            /** Version */
            version: number;
        };
        /** EntryPart */
        EntryPart: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            kind: components["schemas"]["Kind"];
            /**
             * Occurred At
             * Format: date-time
             */
            occurred_at: string;
            point_type: components["schemas"]["PointType"];
            /** Points */
            points: number;
            /** Rule */
            rule: string;
            /** Source Id */
            source_id: string;
            /** Source Type */
            source_type: string;
        };
        /**
         * ErasureAnswer
         * @description The receipt of an erasure. Once it is finished it does not name the member any more.
         */
        ErasureAnswer: {
            /**
             * Erasure Id
             * Format: uuid
             */
            erasure_id: string;
            /** Finished At */
            finished_at: string | null;
            /** Member Id */
            member_id: string | null;
            /**
             * Requested At
             * Format: date-time
             */
            requested_at: string;
            /** Services */
            services: components["schemas"]["StepAnswer"][];
        };
        /**
         * ErasureBody
         * @description Whose account is to be closed. A guest's id will do.
         */
        ErasureBody: {
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
        };
        /**
         * EventAnswer
         * @description An event the write led to, and what the services that hear of such events did with it.
         */
        EventAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Caused By
             * @description The event that led to this one.
             */
            caused_by: string | null;
            /**
             * Event Id
             * Format: uuid
             */
            event_id: string;
            /** Handled By */
            handled_by: components["schemas"]["HandledAnswer"][];
            /** Service */
            service: string;
            /**
             * Shows
             * @description What its publisher lets a receipt show.
             */
            shows: {
                [key: string]: unknown;
            };
            /**
             * Stuck In
             * @description Services that could not; their operator knows.
             */
            stuck_in: string[];
            /** Type */
            type: string;
            /**
             * Waits For
             * @description Services that will handle it.
             */
            waits_for: string[];
        };
        /** ExpiringAnswer */
        ExpiringAnswer: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Points */
            points: number;
        };
        /**
         * Expiry
         * @description Until when points can be spent.
         * @enum {string}
         */
        Expiry: "as_earned" | "period_end" | "inactivity";
        /** ExplanationAnswer */
        ExplanationAnswer: {
            /**
             * Detail
             * @description For staff: the event, the member's facts and what every rule said.
             */
            detail: {
                [key: string]: unknown;
            } | null;
            entry: components["schemas"]["EntryPart"] | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** @description What happened, for as long as it is kept. */
            occasion: components["schemas"]["OccasionPart"] | null;
            /** Reasons */
            reasons: components["schemas"]["ReasonAnswer"][];
            /**
             * Summary
             * @description In the caller's language.
             */
            summary: string;
        };
        /** ExtensionAnswer */
        ExtensionAnswer: {
            /**
             * Points
             * @description How many points last longer now.
             */
            points: number;
        };
        /** ExtensionBody */
        ExtensionBody: {
            /** @default points */
            point_type: components["schemas"]["PointType"];
            /** Reason */
            reason: string;
            /**
             * Until
             * Format: date-time
             * @description What would expire before will expire then.
             */
            until: string;
        };
        /**
         * Kind
         * @enum {string}
         */
        FeedbackKind: "csat" | "nps" | "ces";
        /** MemberAnswer */
        FeedbackMemberAnswer: {
            /** Display Name */
            display_name: string | null;
            /** Language */
            language: string;
            /** Tier */
            tier: string;
        };
        /** MessageAnswer */
        FeedbackMessageAnswer: {
            /** Attachments */
            attachments: components["schemas"]["AttachmentAnswer"][];
            author: components["schemas"]["Author"];
            /** Author Id */
            author_id: string;
            /**
             * Client Msg Id
             * Format: uuid
             */
            client_msg_id: string;
            /**
             * Message Id
             * Format: uuid
             */
            message_id: string;
            /** Number */
            number: number;
            /**
             * Sent At
             * Format: date-time
             */
            sent_at: string;
            /** Text */
            text: string;
            /**
             * Ticket Id
             * Format: uuid
             */
            ticket_id: string;
        };
        /**
         * OfferAnswer
         * @description How many members were asked: those who exist and have no open survey of this kind.
         */
        FeedbackOfferAnswer: {
            /** Offered */
            offered: number;
        };
        /**
         * Status
         * @enum {string}
         */
        FeedbackStatus: "open" | "pending" | "resolved";
        /** FinanceEntryAnswer */
        FinanceEntryAnswer: {
            /** Actor */
            actor: string | null;
            /**
             * Booked On
             * Format: date
             */
            booked_on: string;
            /**
             * Entry Id
             * Format: uuid
             */
            entry_id: string;
            /** Leg */
            leg: string;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            movement: components["schemas"]["Movement"];
            /**
             * Occurred At
             * Format: date-time
             */
            occurred_at: string;
            /** Points */
            points: number;
            /** Reason */
            reason: string | null;
            /**
             * Recorded At
             * Format: date-time
             */
            recorded_at: string;
            /** Rule */
            rule: string;
            /** Seq */
            seq: number;
            /** Source Id */
            source_id: string;
            /** Source Type */
            source_type: string;
        };
        /**
         * Fulfilment
         * @enum {string}
         */
        Fulfilment: "none" | "requested" | "packed" | "shipped" | "delivered" | "cancelled";
        /** FulfilmentBody */
        FulfilmentBody: {
            fulfilment: components["schemas"]["Fulfilment"];
            /**
             * Tracking
             * @description The carrier and its number.
             */
            tracking?: string | null;
        };
        /** Generation */
        Generation: {
            /** Count */
            count: number;
            /**
             * Length
             * @description Random characters, 5 bits each.
             * @default 10
             */
            length: number;
            /**
             * Prefix
             * @default
             */
            prefix: string;
        };
        /** GoalAnswer */
        GoalAnswer: {
            /** Field */
            field: string | null;
            measure: components["schemas"]["Measure"];
            /** Target */
            target: number;
            /** Trigger */
            trigger: string;
            /** Where */
            where: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * GoalBody
         * @description What is counted: occasions, a field of theirs summed, or the member's days with one.
         */
        GoalBody: {
            /**
             * Field
             * @description Of `sum`: which, such as `amount_minor`.
             */
            field?: string | null;
            /** @default count */
            measure: components["schemas"]["Measure"];
            /** Target */
            target: number;
            /**
             * Trigger
             * @description Such as `profile.order.placed`, `loyalty.checkin.recorded` or `activity.Product Reviewed`.
             */
            trigger: string;
            /**
             * Where
             * @description Fields of the event and the values they must have.
             */
            where?: {
                [key: string]: string | number | boolean;
            } | null;
        };
        /**
         * GoingAnswer
         * @description A mission as a member sees it.
         */
        GoingAnswer: {
            /** Claimable */
            claimable: boolean;
            /** Claimed */
            claimed: boolean;
            /** Completed */
            completed: boolean;
            /** Description */
            description: string;
            /** Ends At */
            ends_at: string | null;
            /**
             * Mission Id
             * Format: uuid
             */
            mission_id: string;
            /** Name */
            name: string;
            /**
             * Period Ends
             * @description The first day of the next period.
             */
            period_ends: string | null;
            prize: components["schemas"]["PrizeAnswer"];
            /** Progress */
            progress: number;
            /** Ranked */
            ranked: boolean;
            recurrence: components["schemas"]["Recurrence"];
            /** Steps */
            steps: components["schemas"]["services__loyalty__api__missions__StepAnswer"][];
        };
        /** GuestBody */
        GuestBody: {
            /** App */
            app: string;
            /** Device Id */
            device_id: string;
            /** Platform */
            platform: string;
            /** Refresh Token */
            refresh_token?: string | null;
        };
        /** HandledAnswer */
        HandledAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Service */
            service: string;
        };
        /** HeldAnswer */
        HeldAnswer: {
            /**
             * Authorized At
             * Format: date-time
             */
            authorized_at: string;
            /**
             * Available
             * @description What the member can spend now.
             */
            available: number;
            /** Captured */
            captured: number;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Hold Id
             * Format: uuid
             */
            hold_id: string;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Points */
            points: number;
            /** Reference */
            reference: string | null;
            /**
             * Released
             * @description Given back.
             */
            released: number;
            /**
             * Remaining
             * @description Still held.
             */
            remaining: number;
            state: components["schemas"]["HoldState"];
        };
        /** HoldAnswer */
        HoldAnswer: {
            /**
             * Authorized At
             * Format: date-time
             */
            authorized_at: string;
            /** Captured */
            captured: number;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Hold Id
             * Format: uuid
             */
            hold_id: string;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Points */
            points: number;
            /** Reference */
            reference: string | null;
            /**
             * Released
             * @description Given back.
             */
            released: number;
            /**
             * Remaining
             * @description Still held.
             */
            remaining: number;
            state: components["schemas"]["HoldState"];
        };
        /** HoldBody */
        HoldBody: {
            /**
             * Lasts S
             * @description The hold ends by itself after this.
             * @default 900
             */
            lasts_s: number;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Points */
            points: number;
            /**
             * Reference
             * @description What they are held for, such as an order.
             */
            reference?: string | null;
        };
        /**
         * HoldState
         * @enum {string}
         */
        HoldState: "open" | "captured" | "voided" | "timed_out";
        /**
         * HomeAnswer
         * @description The first screen.
         */
        HomeAnswer: {
            /**
             * Announcements
             * @description As /v1/announcements.
             */
            announcements: components["schemas"]["Shown"] | components["schemas"]["Unavailable"];
            /**
             * Check In
             * @description As `checkin` in the wallet: the streak, and if today is done.
             */
            check_in: components["schemas"]["Shown"] | components["schemas"]["Unavailable"];
            /**
             * Inbox
             * @description As /v1/inbox: the newest items, and how many are unread.
             */
            inbox: components["schemas"]["Shown"] | components["schemas"]["Unavailable"];
            /**
             * Offers
             * @description As /v1/offers: what is offered to the caller.
             */
            offers: components["schemas"]["Shown"] | components["schemas"]["Unavailable"];
            /**
             * Profile
             * @description As /v1/me.
             */
            profile: components["schemas"]["Shown"] | components["schemas"]["Unavailable"];
            /**
             * Tickets
             * @description As /v1/tickets: those not resolved yet.
             */
            tickets: components["schemas"]["Shown"] | components["schemas"]["Unavailable"];
            /**
             * Wallet
             * @description As /v1/wallet.
             */
            wallet: components["schemas"]["Shown"] | components["schemas"]["Unavailable"];
        };
        /** HouseholdAnswer */
        HouseholdAnswer: {
            /**
             * Code
             * @description Who has it can join.
             */
            code: string;
            /**
             * Household Id
             * Format: uuid
             */
            household_id: string;
            /**
             * Members
             * @description Who is in it, and the last who were.
             */
            members: components["schemas"]["StayAnswer"][];
            /** Name */
            name: string;
            /**
             * Points
             * @description Available to spend, for each of its members.
             */
            points: number;
        };
        /** HouseholdBody */
        HouseholdBody: {
            /** Name */
            name: string;
        };
        /**
         * ImportAnswer
         * @description How far an import has come: of `rows`, those up to row `reached`.
         *
         *     `repeated` rows were imported before and do nothing; `refused` ones have errors.
         */
        ImportAnswer: {
            /** Accepted */
            accepted: number;
            /** Checked At */
            checked_at: string | null;
            /** Committed At */
            committed_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Import Id
             * Format: uuid
             */
            import_id: string;
            kind: components["schemas"]["ImportKind"];
            /** Programme */
            programme: string;
            /** Reached */
            reached: number;
            /** Refused */
            refused: number;
            /** Repeated */
            repeated: number;
            /** Rows */
            rows: number;
            state: components["schemas"]["ImportState"];
            totals: components["schemas"]["Totals"];
            /** Undone At */
            undone_at: string | null;
        };
        /** ImportedAnswer */
        ImportedAnswer: {
            /** Differences */
            differences: components["schemas"]["DifferenceAnswer"][];
            /**
             * Version
             * @description The draft that was made, if one was.
             */
            version: number | null;
        };
        /**
         * ImportKind
         * @description What the rows of a file are.
         * @enum {string}
         */
        ImportKind: "balances" | "tiers" | "history" | "coupons" | "referral_codes" | "referrals" | "checkins";
        /**
         * ImportState
         * @enum {string}
         */
        ImportState: "receiving" | "checking" | "checked" | "committing" | "committed" | "undoing" | "undone" | "discarded";
        /**
         * InboxAnswer
         * @description A page of the inbox, and how many items are unread in all of it.
         */
        InboxAnswer: {
            /** Items */
            items: components["schemas"]["NotifyItemAnswer"][];
            /** Next Cursor */
            next_cursor: string | null;
            /** Unread */
            unread: number;
        };
        /**
         * InvitationAnswer
         * @description An open invitation; what opens it is in the e-mail alone.
         */
        InvitationAnswer: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Display Name */
            display_name: string;
            /** Email */
            email: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Invitation Id
             * Format: uuid
             */
            invitation_id: string;
            /**
             * Invited By
             * Format: uuid
             */
            invited_by: string;
            role: components["schemas"]["Role"];
            /** Scopes */
            scopes: string[];
        };
        /** InvitationBody */
        InvitationBody: {
            /** Display Name */
            display_name: string;
            /** Email */
            email: string;
            /** Language */
            language?: string | null;
            role: components["schemas"]["Role"];
            /**
             * Scopes
             * @default []
             */
            scopes: string[];
        };
        /**
         * IssuerAnswer
         * @description Another issuer whose word signs the member in.
         */
        IssuerAnswer: {
            /** Email */
            email: string | null;
            /** Issuer */
            issuer: string;
            /**
             * Last Used At
             * Format: date-time
             */
            last_used_at: string;
            /**
             * Linked At
             * Format: date-time
             */
            linked_at: string;
        };
        /**
         * IssuerSignInBody
         * @description The fields after `app` are for who is new, and otherwise mean nothing.
         */
        IssuerSignInBody: {
            /** Anonymous Id */
            anonymous_id?: string | null;
            /** App */
            app?: string | null;
            /** Channel */
            channel?: string | null;
            /** Device Id */
            device_id?: string | null;
            /** Display Name */
            display_name?: string | null;
            /**
             * Id Token
             * Format: password
             */
            id_token: string;
            /**
             * Issuer
             * @example keycloak
             */
            issuer: string;
            /** Language */
            language?: string | null;
            /** Nonce */
            nonce?: string | null;
            /** Platform */
            platform?: string | null;
            /** Referral Code */
            referral_code?: string | null;
        };
        /** ItemAnswer */
        ItemAnswer: {
            /** Amount Minor */
            amount_minor: number;
            /** Category */
            category: string | null;
            /** Name */
            name: string | null;
            /** Quantity */
            quantity: number;
            /** Sku */
            sku: string;
        };
        /**
         * ItemBody
         * @description A line of an order; `amount_minor` is the line's total.
         */
        ItemBody: {
            /** Amount Minor */
            amount_minor: number;
            /** Category */
            category?: string | null;
            /** Name */
            name?: string | null;
            /** Quantity */
            quantity: number;
            /** Sku */
            sku: string;
        };
        /** JoinBody */
        JoinBody: {
            /**
             * Code
             * @description Of the household, from one of its members.
             */
            code: string;
        };
        /**
         * KeepAnswer
         * @description What it takes to keep the tier beyond `until`.
         */
        KeepAnswer: {
            /** Missing */
            missing: number;
            /** Needs */
            needs: number;
            /**
             * Projected
             * @description The tier that follows, as things are now.
             */
            projected: string;
            /**
             * Until
             * Format: date-time
             */
            until: string;
        };
        /**
         * KeptAnswer
         * @description A coupon as staff see it.
         */
        KeptAnswer: {
            /** Code */
            code: string;
            /**
             * Coupon Id
             * Format: uuid
             */
            coupon_id: string;
            /**
             * Issued At
             * Format: date-time
             */
            issued_at: string;
            /** Member Id */
            member_id: string | null;
            /** Most Uses */
            most_uses: number | null;
            /** Revoked */
            revoked: boolean;
            /**
             * Series Id
             * Format: uuid
             */
            series_id: string;
            /** Uses */
            uses: number;
            /** Valid Until */
            valid_until: string | null;
        };
        /**
         * KeyAnswer
         * @description A key as lists show it; `shown` is its beginning.
         */
        KeyAnswer: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /**
             * Key Id
             * Format: uuid
             */
            key_id: string;
            kind: components["schemas"]["KeyKind"];
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /** Revoked At */
            revoked_at: string | null;
            /** Scopes */
            scopes: string[];
            /** Shown */
            shown: string;
        };
        /**
         * KeyKind
         * @description A `backend` key is the company's secret; a `write` key is in every app, for activities.
         * @enum {string}
         */
        KeyKind: "backend" | "write";
        /**
         * Kind
         * @enum {string}
         */
        Kind: "earn" | "activate" | "spend" | "hold" | "capture" | "void" | "refund" | "reverse" | "expire" | "extend" | "adjust" | "transfer" | "import";
        /** LiabilitiesAnswer */
        LiabilitiesAnswer: {
            as_of: components["schemas"]["AsOfAnswer"];
            /** Items */
            items: components["schemas"]["LiabilityAnswer"][];
        };
        /**
         * LiabilityAnswer
         * @description Money is null while nobody has declared what a point is worth.
         */
        LiabilityAnswer: {
            /** Cohorts */
            cohorts: components["schemas"]["CohortLiabilityAnswer"][];
            /** Currency */
            currency: string | null;
            /**
             * Expected Minor
             * @description Less what will not be: see /breakage.
             */
            expected_minor: number | null;
            point_type: components["schemas"]["PointType"];
            points: components["schemas"]["LoyaltyPointsAnswer"];
            /**
             * Price Minor
             * @description What a point is worth.
             */
            price_minor: string | null;
            /**
             * Value Minor
             * @description If every point outstanding were redeemed.
             */
            value_minor: number | null;
        };
        /**
         * LimitChange
         * @description A quota, and whom it counts.
         */
        LimitChange: {
            /**
             * By
             * @description Whether a member's devices share it, or each has its own.
             * @default member
             * @enum {string}
             */
            by: "member" | "device";
            /**
             * Quota
             * @description Calls/seconds.
             * @example 1200/60
             */
            quota: string;
        };
        /** LimitsAnswer */
        LimitsAnswer: {
            /** Daily Points */
            daily_points: number | null;
            /** Daily Redemptions */
            daily_redemptions: number | null;
            /** Hourly Redemptions */
            hourly_redemptions: number | null;
            /** New Device Hours */
            new_device_hours: number;
            /** New Device Points */
            new_device_points: number | null;
        };
        /** LimitsBody */
        LimitsBody: {
            /** Daily Points */
            daily_points?: number | null;
            /**
             * Daily Redemptions
             * @default 50
             */
            daily_redemptions: number | null;
            /**
             * Hourly Redemptions
             * @description Of a member. Null: any.
             * @default 20
             */
            hourly_redemptions: number | null;
            /**
             * New Device Hours
             * @description How long a device is new.
             * @default 24
             */
            new_device_hours: number;
            /**
             * New Device Points
             * @description The most it then redeems at once. Null: any number.
             * @default 1000
             */
            new_device_points: number | null;
        };
        /**
         * LinkBody
         * @description An identity to be linked to the caller's account.
         */
        LinkBody: {
            /**
             * Id Token
             * Format: password
             */
            id_token: string;
            /**
             * Issuer
             * @example keycloak
             */
            issuer: string;
            /** Nonce */
            nonce?: string | null;
            /** Password */
            password?: string | null;
        };
        /**
         * ListingAnswer
         * @description A reward as a member sees it.
         */
        ListingAnswer: {
            /**
             * Available At
             * @description When the reason passes by itself.
             */
            available_at: string | null;
            /** Can Redeem */
            can_redeem: boolean;
            /** Description */
            description: string;
            /** In Stock */
            in_stock: boolean;
            kind: components["schemas"]["RewardKind"];
            /** Missing Points */
            missing_points: number;
            /** Name */
            name: string;
            /** Points */
            points: number;
            /** @description Why not, if it cannot be redeemed. */
            reason: components["schemas"]["Refusal"] | null;
            /**
             * Reward Id
             * Format: uuid
             */
            reward_id: string;
            stock_state: components["schemas"]["StockState"];
            /**
             * Tiers
             * @description Whom it is for; empty: any tier.
             */
            tiers: string[];
            /** Valid Until */
            valid_until: string | null;
        };
        /**
         * LoadAnswer
         * @description Codes on their way in. `errors` are the first hundred bad lines.
         */
        LoadAnswer: {
            /** Added */
            added: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Duplicates */
            duplicates: number;
            /** Errors */
            errors: {
                [key: string]: unknown;
            }[];
            /** Finished At */
            finished_at: string | null;
            /** Invalid */
            invalid: number;
            /**
             * Load Id
             * Format: uuid
             */
            load_id: string;
        };
        /** AcceptanceBody */
        LoyaltyAcceptanceBody: {
            /** Code */
            code: string;
        };
        /** ActivityAnswer */
        LoyaltyActivityAnswer: {
            /**
             * Active
             * @description Members who earned or redeemed.
             */
            active: number;
            /**
             * Earning
             * @description Members who earned in these months.
             */
            earning: number;
            /**
             * Holding
             * @description Wallets that have points now.
             */
            holding: number;
            /**
             * Holding Active
             * @description Of those, of members active in these months.
             */
            holding_active: number;
            /** Owing */
            owing: number;
            /** Redeeming */
            redeeming: number;
        };
        /**
         * AuditAnswer
         * @description The entries in order of their numbers.
         *
         *     `ticket` is HMAC-SHA256(seed, "<draw id>:<number>:<key>"), its first eight bytes as an
         *     integer, modulo 1,000,000; prizes lie over the tickets in their order, as wide as their odds.
         */
        LoyaltyAuditAnswer: {
            /** Commitment */
            commitment: string;
            /**
             * Draw Id
             * Format: uuid
             */
            draw_id: string;
            /** Items */
            items: components["schemas"]["AuditedAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
            /**
             * Seed
             * @description Null until the draw has closed.
             */
            seed: string | null;
        };
        /** KeyAnswer */
        LoyaltyKeyAnswer: {
            /**
             * Issued At
             * Format: date-time
             */
            issued_at: string;
            /**
             * Key Id
             * Format: uuid
             */
            key_id: string;
            /**
             * Secret
             * @description 32 bytes in hexadecimal. Keep it where only the app reads.
             */
            secret: string;
            /**
             * Window S
             * @description How late a check-in made without a network is taken.
             */
            window_s: number;
        };
        /** Page[PolicyAnswer] */
        LoyaltyPage_PolicyAnswer_: {
            /** Items */
            items: components["schemas"]["LoyaltyPolicyAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** PointsAnswer */
        LoyaltyPointsAnswer: {
            /** Available */
            available: number;
            /**
             * Debt
             * @description What members owe; not taken off what is outstanding.
             */
            debt: number;
            /** Held */
            held: number;
            /**
             * Net
             * @description Outstanding less debt: what all entries add up to.
             */
            net: number;
            /**
             * Outstanding
             * @description Available, pending and held.
             */
            outstanding: number;
            /** Pending */
            pending: number;
        };
        /** PolicyAnswer */
        LoyaltyPolicyAnswer: {
            /**
             * Approval Above
             * @description Adjustments of more points need two people; null: none does.
             */
            approval_above: number | null;
            /** @description What becomes of points that are taken back, as of a returned order, and have been spent: with `pending_only` only pending points are taken back; `clamp_to_zero` takes what is available and waives the rest; `allow_debt` lets the rest be owed. */
            clawback: components["schemas"]["Clawback"];
            /**
             * Debt Limit
             * @description The most a member can owe; null: no limit.
             */
            debt_limit: number | null;
            /** @description Until when points can be spent: `as_earned`, as long as the rule says that paid them; `period_end`, until the `period` ends (in UTC) in which they would so expire; `inactivity`, what has no date of its own until the member has neither earned nor spent for `inactivity_days`. */
            expiry: components["schemas"]["Expiry"];
            /**
             * Grace Days
             * @description For how long points can be spent that come back after they have expired.
             */
            grace_days: number;
            /** Inactivity Days */
            inactivity_days: number | null;
            key: components["schemas"]["PointType"];
            period: components["schemas"]["Period"] | null;
            /**
             * Reminder Days
             * @description How many days before points expire their members are reminded.
             */
            reminder_days: number[];
            /**
             * Transfer Daily Limit
             * @description The most a member can give away within 24 hours; null: no limit.
             */
            transfer_daily_limit: number | null;
            /**
             * Transferable
             * @description Whether members can give such points to others.
             */
            transferable: boolean;
        };
        /** MadeUpAnswer */
        MadeUpAnswer: {
            /**
             * Day
             * Format: date
             */
            day: string;
            /** Makeup Cards */
            makeup_cards: number;
            /**
             * Streak
             * @description The streak, now that the day is filled.
             */
            streak: number;
        };
        /** MakeUpBody */
        MakeUpBody: {
            /**
             * Day
             * Format: date
             * @description The missed day.
             */
            day: string;
        };
        /** MaturingItem */
        MaturingItem: {
            /**
             * Active At
             * Format: date-time
             */
            active_at: string;
            /** Points */
            points: number;
        };
        /**
         * Measure
         * @enum {string}
         */
        Measure: "count" | "sum" | "days";
        /**
         * MemberAnswer
         * @description A member as staff see it.
         */
        MemberAnswer: {
            /** Channel */
            channel: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Display Name */
            display_name: string | null;
            /** Email */
            email: string | null;
            /** Language */
            language: string;
            /** Last Active At */
            last_active_at: string | null;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Phone */
            phone: string | null;
            /** Stage */
            stage: string;
            /** Standing */
            standing: string;
            /** Tags */
            tags: string[];
            /** Time Zone */
            time_zone: string;
            /** Traits */
            traits: {
                [key: string]: unknown;
            };
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * MemberDetail
         * @description A member with what belongs to it. Amounts are net of refunds, by currency.
         */
        MemberDetail: {
            /** Channel */
            channel: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Display Name */
            display_name: string | null;
            /** Email */
            email: string | null;
            /** Language */
            language: string;
            /** Last Active At */
            last_active_at: string | null;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Net Minor */
            net_minor: {
                [key: string]: number;
            };
            /** Order Count */
            order_count: number;
            /** Phone */
            phone: string | null;
            /** Segments */
            segments: string[];
            /** Stage */
            stage: string;
            /** Standing */
            standing: string;
            /** Tags */
            tags: string[];
            /** Time Zone */
            time_zone: string;
            /** Traits */
            traits: {
                [key: string]: unknown;
            };
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * MessageAnswer
         * @description A message to the member: in the inbox, or taken or refused by another channel.
         */
        MessageAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Channel */
            channel: string;
            /** Id */
            id: string | null;
            /** Reason */
            reason?: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "delivered" | "sent" | "failed";
        };
        /**
         * MessageBody
         * @description A message; an agent may add the number of the last one read.
         *
         *     `attachment_ids` are of files sent to /attachments of this ticket before.
         */
        MessageBody: {
            /** Attachment Ids */
            attachment_ids?: string[];
            /**
             * Client Msg Id
             * Format: uuid
             */
            client_msg_id: string;
            /**
             * Seen
             * @description Refuse this where another agent has written since.
             */
            seen?: number | null;
            /** Text */
            text: string;
        };
        /**
         * MissionAnswer
         * @description A mission as staff keep it.
         */
        MissionAnswer: {
            /** Active */
            active: boolean;
            /** Claimed By Itself */
            claimed_by_itself: boolean;
            /** Description */
            description: {
                [key: string]: string;
            };
            /** Ends At */
            ends_at: string | null;
            /** Goals */
            goals: components["schemas"]["GoalAnswer"][];
            /**
             * Mission Id
             * Format: uuid
             */
            mission_id: string;
            /** Name */
            name: {
                [key: string]: string;
            };
            prize: components["schemas"]["PrizeAnswer"];
            /** Ranked */
            ranked: boolean;
            recurrence: components["schemas"]["Recurrence"];
            /** Segments */
            segments: string[];
            /** Starts At */
            starts_at: string | null;
            /** Tiers */
            tiers: string[];
        };
        /**
         * MissionChanges
         * @description What is left out stays as it is. Goals and prize stay what members were promised.
         */
        MissionChanges: {
            /** Active */
            active?: boolean;
            /** Description */
            description?: {
                [key: string]: string;
            };
            /** Ends At */
            ends_at?: string | null;
            /** Name */
            name?: {
                [key: string]: string;
            };
            /** Segments */
            segments?: string[];
            /** Tiers */
            tiers?: string[];
        };
        /** MissionItem */
        MissionItem: {
            /** Claimable */
            claimable: boolean;
            /** Completed */
            completed: boolean;
            /** Ends At */
            ends_at: string | null;
            /**
             * Mission Id
             * Format: uuid
             */
            mission_id: string;
            /** Name */
            name: string;
            prize: components["schemas"]["PrizeItem"];
            /** Progress */
            progress: number;
        };
        /**
         * Movement
         * @enum {string}
         */
        Movement: "earned" | "imported" | "transferred_in" | "transferred_out" | "refunded" | "redeemed" | "expired" | "reversed" | "adjusted" | "shifted";
        /**
         * NewAddressBody
         * @description The address that is to be the member's.
         */
        NewAddressBody: {
            /** Email */
            email?: string | null;
            /** Password */
            password?: string | null;
            /** Phone */
            phone?: string | null;
        };
        /** NewBadge */
        NewBadge: {
            /** Badge */
            badge: string;
            /** Description */
            description: {
                [key: string]: string;
            };
            /**
             * Icon
             * @description Where its picture is.
             */
            icon?: string | null;
            /** Name */
            name: {
                [key: string]: string;
            };
        };
        /**
         * NewCoupon
         * @description For one member, or a code for anybody.
         */
        NewCoupon: {
            /**
             * Code
             * @description Such as SPRING10: anybody may use it.
             */
            code?: string | null;
            /** Member Id */
            member_id?: string | null;
        };
        /** NewDraw */
        NewDraw: {
            /**
             * Closes At
             * Format: date-time
             * @description The secret is told then.
             */
            closes_at: string;
            /**
             * Daily Entries
             * @description Null: any number.
             * @default 1
             */
            daily_entries: number | null;
            /** Description */
            description: {
                [key: string]: string;
            };
            /**
             * Entry Points
             * @default 0
             */
            entry_points: number;
            /** Name */
            name: {
                [key: string]: string;
            };
            /** Opens At */
            opens_at?: string | null;
            /** Prizes */
            prizes: components["schemas"]["PrizeChance"][];
            /**
             * Segments
             * @description Empty: any member.
             * @default []
             */
            segments: string[];
            /**
             * Tiers
             * @description Empty: any tier.
             * @default []
             */
            tiers: string[];
        };
        /**
         * NewKeyAnswer
         * @description A new key with the key itself, which is shown this once.
         */
        NewKeyAnswer: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Key */
            key: string;
            /**
             * Key Id
             * Format: uuid
             */
            key_id: string;
            kind: components["schemas"]["KeyKind"];
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /** Revoked At */
            revoked_at: string | null;
            /** Scopes */
            scopes: string[];
            /** Shown */
            shown: string;
        };
        /** NewKeyBody */
        NewKeyBody: {
            /** Expires At */
            expires_at?: string | null;
            /** @default backend */
            kind: components["schemas"]["KeyKind"];
            /** Name */
            name: string;
            /** Scopes */
            scopes: string[];
        };
        /** NewMission */
        NewMission: {
            /**
             * Active
             * @default true
             */
            active: boolean;
            /**
             * Claimed By Itself
             * @description Whether the prize comes without being claimed.
             * @default false
             */
            claimed_by_itself: boolean;
            /** Description */
            description: {
                [key: string]: string;
            };
            /** Ends At */
            ends_at?: string | null;
            /**
             * Goals
             * @description All must be reached.
             */
            goals: components["schemas"]["GoalBody"][];
            /** Name */
            name: {
                [key: string]: string;
            };
            prize: components["schemas"]["PrizeBody"];
            /**
             * Ranked
             * @description Whether it has a leaderboard, by its 1st goal.
             * @default false
             */
            ranked: boolean;
            /**
             * @description Begins anew each day, week (Monday) or month of the member's.
             * @default once
             */
            recurrence: components["schemas"]["Recurrence"];
            /**
             * Segments
             * @description Empty: any member; others do not see it.
             * @default []
             */
            segments: string[];
            /** Starts At */
            starts_at?: string | null;
            /**
             * Tiers
             * @description Empty: any tier.
             * @default []
             */
            tiers: string[];
        };
        /** NewOffer */
        NewOffer: {
            /**
             * Active
             * @default true
             */
            active: boolean;
            /**
             * Before First Order
             * @description Only until the member orders.
             * @default false
             */
            before_first_order: boolean;
            /**
             * Claim Limit
             * @description For all members together.
             */
            claim_limit?: number | null;
            /** Description */
            description: {
                [key: string]: string;
            };
            /**
             * Enrolled Days
             * @description Only so many days from becoming a member.
             */
            enrolled_days?: number | null;
            /** Name */
            name: {
                [key: string]: string;
            };
            /** @description Why a member sees it; the app may say so. */
            occasion: components["schemas"]["Occasion"];
            /**
             * Priority
             * @description Lower ones are shown first.
             * @default 0
             */
            priority: number;
            prize: components["schemas"]["PrizeBody"];
            /**
             * Segments
             * @description Empty: any member.
             * @default []
             */
            segments: string[];
            /**
             * Stages
             * @description Lifecycle stages; empty: any.
             * @default []
             */
            stages: ("new" | "active" | "silent" | "lapsed")[];
            /**
             * Tiers
             * @description Empty: any tier.
             * @default []
             */
            tiers: string[];
            /** Valid From */
            valid_from?: string | null;
            /** Valid Until */
            valid_until?: string | null;
        };
        /** NewReward */
        NewReward: {
            /**
             * Active
             * @default true
             */
            active: boolean;
            /**
             * Cooldown S
             * @description Null: the next one at once.
             */
            cooldown_s?: number | null;
            /** Description */
            description: {
                [key: string]: string;
            };
            /** @default benefit */
            kind: components["schemas"]["RewardKind"];
            /**
             * Member Limit
             * @description Null: any number for each member.
             */
            member_limit?: number | null;
            /** Name */
            name: {
                [key: string]: string;
            };
            /** Points */
            points: number;
            /**
             * Segments
             * @description Empty: any member; others do not see it.
             * @default []
             */
            segments: string[];
            /**
             * Series Id
             * @description Of the kind `coupon`: which it gives.
             */
            series_id?: string | null;
            /**
             * Stock
             * @description Null: there is no end to it.
             */
            stock?: number | null;
            /**
             * Tiers
             * @description Empty: any tier.
             * @default []
             */
            tiers: string[];
            /** Valid From */
            valid_from?: string | null;
            /** Valid Until */
            valid_until?: string | null;
        };
        /**
         * NewSeries
         * @description The terms coupons share. Null limits: as often, or as long, as one likes.
         */
        NewSeries: {
            /**
             * Active
             * @default true
             */
            active: boolean;
            /**
             * Amount Minor
             * @description Of the kind `amount`.
             */
            amount_minor?: number | null;
            /**
             * Coupon Uses
             * @description How often each coupon works.
             * @default 1
             */
            coupon_uses: number | null;
            /**
             * Currency
             * @description Needed wherever an amount is given.
             */
            currency?: string | null;
            /** Description */
            description: {
                [key: string]: string;
            };
            /**
             * Exclusive
             * @description Not together with any other coupon.
             * @default false
             */
            exclusive: boolean;
            /**
             * Gift
             * @description Of `gift`: the SKU.
             */
            gift?: string | null;
            kind: components["schemas"]["DiscountKind"];
            /**
             * Member Uses
             * @description How often each member may use any.
             */
            member_uses?: number | null;
            /**
             * Minimum Spend Minor
             * @default 0
             */
            minimum_spend_minor: number;
            /**
             * Most Minor
             * @description The most a percentage takes off.
             */
            most_minor?: number | null;
            /** Name */
            name: {
                [key: string]: string;
            };
            /**
             * Percent
             * @description Of the kind `percent`.
             */
            percent?: number | null;
            /**
             * Priority
             * @description Lower ones are applied first.
             * @default 0
             */
            priority: number;
            /**
             * Returns With Order
             * @description Whether a cancelled order gives its coupon back.
             * @default true
             */
            returns_with_order: boolean;
            /**
             * Segments
             * @description Empty: any member.
             * @default []
             */
            segments: string[];
            /**
             * Stacking Group
             * @description Of one group an order takes one coupon. Null: the series is its own.
             */
            stacking_group?: string | null;
            /**
             * Tiers
             * @description Empty: any tier.
             * @default []
             */
            tiers: string[];
            /**
             * Valid Days
             * @description How long a personal coupon works, from its issue.
             */
            valid_days?: number | null;
            /** Valid From */
            valid_from?: string | null;
            /** Valid Until */
            valid_until?: string | null;
        };
        /** NewStaffBody */
        NewStaffBody: {
            /** Display Name */
            display_name: string;
            /** Email */
            email: string;
            /**
             * Password
             * Format: password
             */
            password: string;
            role: components["schemas"]["Role"];
            /**
             * Scopes
             * @default []
             */
            scopes: string[];
        };
        /** NoteAnswer */
        NoteAnswer: {
            /** Author Id */
            author_id: string;
            /**
             * Client Msg Id
             * Format: uuid
             */
            client_msg_id: string;
            /**
             * Note Id
             * Format: uuid
             */
            note_id: string;
            /** Text */
            text: string;
            /**
             * Ticket Id
             * Format: uuid
             */
            ticket_id: string;
            /**
             * Written At
             * Format: date-time
             */
            written_at: string;
        };
        /**
         * NoteBody
         * @description `client_msg_id` is made once by the client and sent again with every retry.
         */
        NoteBody: {
            /**
             * Client Msg Id
             * Format: uuid
             */
            client_msg_id: string;
            /** Text */
            text: string;
        };
        /**
         * Channel
         * @enum {string}
         */
        NotifyChannel: "inbox" | "email" | "push";
        /**
         * ItemAnswer
         * @description An item, as the stream has it: `unread` is the whole inbox's count.
         */
        NotifyItemAnswer: {
            /** Action */
            action: string | null;
            /** Body */
            body: string;
            /** Category */
            category: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Item Id
             * Format: uuid
             */
            item_id: string;
            /** Read At */
            read_at: string | null;
            /** Seq */
            seq: number;
            /** Title */
            title: string;
            /** Unread */
            unread: number;
        };
        /** Page[SummaryAnswer] */
        NotifyPage_SummaryAnswer_: {
            /** Items */
            items: components["schemas"]["NotifySummaryAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * SummaryAnswer
         * @description A campaign as lists show it. `audience` is how many members were listed so far.
         */
        NotifySummaryAnswer: {
            /** Audience */
            audience: number;
            /**
             * Campaign Id
             * Format: uuid
             */
            campaign_id: string;
            /** Category */
            category: string;
            /** Channels */
            channels: string[];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Ended At */
            ended_at: string | null;
            /** Name */
            name: string;
            /** Segment */
            segment: string;
            /** Started At */
            started_at: string | null;
            state: components["schemas"]["CampaignState"];
        };
        /**
         * Occasion
         * @description Why a member sees it, which a phone may say.
         * @enum {string}
         */
        Occasion: "new_member" | "vip" | "win_back" | "limited_time" | "general";
        /** OccasionPart */
        OccasionPart: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Points */
            points: number;
            /** Trigger */
            trigger: string;
        };
        /**
         * OfferAnswer
         * @description An offer as staff keep it.
         */
        OfferAnswer: {
            /** Active */
            active: boolean;
            /** Before First Order */
            before_first_order: boolean;
            /** Claim Limit */
            claim_limit: number | null;
            /** Claimed */
            claimed: number;
            /** Description */
            description: {
                [key: string]: string;
            };
            /** Enrolled Days */
            enrolled_days: number | null;
            /** Name */
            name: {
                [key: string]: string;
            };
            occasion: components["schemas"]["Occasion"];
            /**
             * Offer Id
             * Format: uuid
             */
            offer_id: string;
            /** Priority */
            priority: number;
            prize: components["schemas"]["PrizeAnswer"];
            /** Segments */
            segments: string[];
            /** Stages */
            stages: string[];
            /** Tiers */
            tiers: string[];
            /** Valid From */
            valid_from: string | null;
            /** Valid Until */
            valid_until: string | null;
        };
        /**
         * OfferBody
         * @description A question to some members.
         */
        OfferBody: {
            kind: components["schemas"]["FeedbackKind"];
            /** Member Ids */
            member_ids: string[];
            /** Question */
            question: {
                [key: string]: string;
            };
        };
        /**
         * OfferChanges
         * @description What is left out stays as it is. What the offer gives stays.
         */
        OfferChanges: {
            /** Active */
            active?: boolean;
            /** Description */
            description?: {
                [key: string]: string;
            };
            /** Name */
            name?: {
                [key: string]: string;
            };
            /** Priority */
            priority?: number;
            /** Segments */
            segments?: string[];
            /** Stages */
            stages?: ("new" | "active" | "silent" | "lapsed")[];
            /** Tiers */
            tiers?: string[];
            /** Valid Until */
            valid_until?: string | null;
        };
        /**
         * OfferItem
         * @description `occasion` is why the member sees it.
         */
        OfferItem: {
            /** Ends At */
            ends_at: string | null;
            /** Name */
            name: string;
            occasion: components["schemas"]["Occasion"];
            /**
             * Offer Id
             * Format: uuid
             */
            offer_id: string;
            prize: components["schemas"]["PrizeItem"];
        };
        /**
         * OfflineCheckIn
         * @description A check-in made without a network, signed by the phone when it was made.
         */
        OfflineCheckIn: {
            /**
             * Checked In At
             * @description When the member was there, by the phone's clock.
             */
            checked_in_at: string;
            /**
             * Key Id
             * Format: uuid
             * @description Of the secret it is signed with.
             */
            key_id: string;
            /**
             * Signature
             * @description HMAC-SHA256 of member id, Idempotency-Key and `checked_in_at` as it is sent here, each on a line (LF between them, none at the end), in hexadecimal.
             */
            signature: string;
        };
        /**
         * OpenAnswer
         * @description An offer as a member sees it.
         */
        OpenAnswer: {
            /** Description */
            description: string;
            /** Ends At */
            ends_at: string | null;
            /**
             * Left
             * @description How many may still be taken by all. Null: any number.
             */
            left: number | null;
            /** Name */
            name: string;
            occasion: components["schemas"]["Occasion"];
            /**
             * Offer Id
             * Format: uuid
             */
            offer_id: string;
            prize: components["schemas"]["PrizeAnswer"];
        };
        /**
         * OpenedAnswer
         * @description A new ticket, with articles that may answer it already.
         */
        OpenedAnswer: {
            /** Assignee Id */
            assignee_id?: string | null;
            /** Breached At */
            breached_at?: string | null;
            channel: components["schemas"]["Channel"];
            /** First Response At */
            first_response_at: string | null;
            /**
             * First Response Due At
             * Format: date-time
             */
            first_response_due_at: string;
            /** Follows Id */
            follows_id: string | null;
            /** Last Number */
            last_number: number;
            member?: components["schemas"]["FeedbackMemberAnswer"] | null;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Messages */
            messages: components["schemas"]["FeedbackMessageAnswer"][];
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            priority: components["schemas"]["Priority"];
            /** Resolved At */
            resolved_at: string | null;
            status: components["schemas"]["FeedbackStatus"];
            /** Subject */
            subject: string;
            /** Suggestions */
            suggestions: components["schemas"]["SummaryAnswer"][];
            /**
             * Ticket Id
             * Format: uuid
             */
            ticket_id: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * OrderAnswer
         * @description An order as it stands.
         */
        OrderAnswer: {
            /** Amount Minor */
            amount_minor: number;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
            /** Channel */
            channel: string | null;
            /** Currency */
            currency: string;
            /** Discount Minor */
            discount_minor: number;
            /** Items */
            items: components["schemas"]["ItemAnswer"][];
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Order Id */
            order_id: string;
            /**
             * Placed At
             * Format: date-time
             */
            placed_at: string;
            /** Refunded Minor */
            refunded_minor: number;
            /** Shipping Minor */
            shipping_minor: number;
            status: components["schemas"]["Status"];
            /** Tax Minor */
            tax_minor: number;
        };
        /**
         * OrderBody
         * @description A new order. `amount_minor` is what the member pays: after discounts, with tax and shipping.
         *
         *     The parts tell loyalty what to give points for, where its rules say so.
         */
        OrderBody: {
            /** Amount Minor */
            amount_minor: number;
            /** Channel */
            channel?: string | null;
            /** Currency */
            currency: string;
            /**
             * Discount Minor
             * @description Already taken off the amount.
             * @default 0
             */
            discount_minor: number;
            /** Items */
            items: components["schemas"]["ItemBody"][];
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Order Id */
            order_id: string;
            /**
             * Placed At
             * Format: date-time
             */
            placed_at: string;
            /**
             * Shipping Minor
             * @description In the amount.
             * @default 0
             */
            shipping_minor: number;
            /**
             * Tax Minor
             * @description In the amount.
             * @default 0
             */
            tax_minor: number;
        };
        /**
         * Origin
         * @description What brought points in, and so what they are in the books.
         * @enum {string}
         */
        Origin: "order" | "import" | "other";
        /**
         * OtherReplicaAnswer
         * @description A replica as it last told the others, which it does every two seconds.
         */
        OtherReplicaAnswer: {
            /** Loop Lag Ms */
            loop_lag_ms: number;
            /** Policy */
            policy: number;
            /**
             * Replica
             * @description Its host and process; in Kubernetes the host is the pod.
             */
            replica: string;
            /** Shed Level */
            shed_level: number;
            /** Shed Level Forced */
            shed_level_forced: boolean;
            /**
             * Told At
             * Format: date-time
             */
            told_at: string;
            /** Upstreams */
            upstreams: {
                [key: string]: components["schemas"]["UpstreamAnswer"];
            };
        };
        /**
         * OutcomeAnswer
         * @description What one rule said. Fields that say nothing are left out.
         */
        OutcomeAnswer: {
            /**
             * Asked
             * @description Before limits.
             */
            asked?: number | null;
            /** Base */
            base?: number | null;
            /**
             * By
             * @description The rule that came first.
             */
            by?: string | null;
            /**
             * Exact
             * @description Before rounding.
             */
            exact?: string | null;
            /** Factor */
            factor?: string | null;
            /** Limit */
            limit?: {
                [key: string]: unknown;
            } | null;
            /**
             * Place
             * @description The condition that failed.
             */
            place?: string | null;
            /**
             * Points
             * @default 0
             */
            points: number;
            /** Rule */
            rule: string;
            /** Verdict */
            verdict: string;
        };
        /** Page[AcceptedIssuer] */
        Page_AcceptedIssuer_: {
            /** Items */
            items: components["schemas"]["AcceptedIssuer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[AccessAnswer] */
        Page_AccessAnswer_: {
            /** Items */
            items: components["schemas"]["AccessAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[ActivityAnswer] */
        Page_ActivityAnswer_: {
            /** Items */
            items: components["schemas"]["ActivityAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[AnnouncementAnswer] */
        Page_AnnouncementAnswer_: {
            /** Items */
            items: components["schemas"]["AnnouncementAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[AuditAnswer] */
        Page_AuditAnswer_: {
            /** Items */
            items: components["schemas"]["AuditAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[AwardedAnswer] */
        Page_AwardedAnswer_: {
            /** Items */
            items: components["schemas"]["AwardedAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[BadgeAnswer] */
        Page_BadgeAnswer_: {
            /** Items */
            items: components["schemas"]["BadgeAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[CouponAnswer] */
        Page_CouponAnswer_: {
            /** Items */
            items: components["schemas"]["CouponAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[DecidedAnswer] */
        Page_DecidedAnswer_: {
            /** Items */
            items: components["schemas"]["DecidedAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[DeviceAnswer] */
        Page_DeviceAnswer_: {
            /** Items */
            items: components["schemas"]["DeviceAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[DifferenceAnswer] */
        Page_DifferenceAnswer_: {
            /** Items */
            items: components["schemas"]["DifferenceAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[DrawAnswer] */
        Page_DrawAnswer_: {
            /** Items */
            items: components["schemas"]["DrawAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[EntryAnswer] */
        Page_EntryAnswer_: {
            /** Items */
            items: components["schemas"]["EntryAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[ErasureAnswer] */
        Page_ErasureAnswer_: {
            /** Items */
            items: components["schemas"]["ErasureAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[FinanceEntryAnswer] */
        Page_FinanceEntryAnswer_: {
            /** Items */
            items: components["schemas"]["FinanceEntryAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[GoingAnswer] */
        Page_GoingAnswer_: {
            /** Items */
            items: components["schemas"]["GoingAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[HoldAnswer] */
        Page_HoldAnswer_: {
            /** Items */
            items: components["schemas"]["HoldAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[ImportAnswer] */
        Page_ImportAnswer_: {
            /** Items */
            items: components["schemas"]["ImportAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[InvitationAnswer] */
        Page_InvitationAnswer_: {
            /** Items */
            items: components["schemas"]["InvitationAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[KeptAnswer] */
        Page_KeptAnswer_: {
            /** Items */
            items: components["schemas"]["KeptAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[KeyAnswer] */
        Page_KeyAnswer_: {
            /** Items */
            items: components["schemas"]["KeyAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[ListingAnswer] */
        Page_ListingAnswer_: {
            /** Items */
            items: components["schemas"]["ListingAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[MemberAnswer] */
        Page_MemberAnswer_: {
            /** Items */
            items: components["schemas"]["MemberAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[MessageAnswer] */
        Page_MessageAnswer_: {
            /** Items */
            items: components["schemas"]["FeedbackMessageAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[MissionAnswer] */
        Page_MissionAnswer_: {
            /** Items */
            items: components["schemas"]["MissionAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[NoteAnswer] */
        Page_NoteAnswer_: {
            /** Items */
            items: components["schemas"]["NoteAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[OfferAnswer] */
        Page_OfferAnswer_: {
            /** Items */
            items: components["schemas"]["OfferAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[OpenAnswer] */
        Page_OpenAnswer_: {
            /** Items */
            items: components["schemas"]["OpenAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[PastEntryAnswer] */
        Page_PastEntryAnswer_: {
            /** Items */
            items: components["schemas"]["PastEntryAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[PeriodAnswer] */
        Page_PeriodAnswer_: {
            /** Items */
            items: components["schemas"]["PeriodAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[PointValueAnswer] */
        Page_PointValueAnswer_: {
            /** Items */
            items: components["schemas"]["PointValueAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[PolicyAnswer] */
        Page_PolicyAnswer_: {
            /** Items */
            items: components["schemas"]["PolicyAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[RedemptionAnswer] */
        Page_RedemptionAnswer_: {
            /** Items */
            items: components["schemas"]["RedemptionAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[RewardAnswer] */
        Page_RewardAnswer_: {
            /** Items */
            items: components["schemas"]["RewardAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[RewardCostAnswer] */
        Page_RewardCostAnswer_: {
            /** Items */
            items: components["schemas"]["services__loyalty__api__finance__declarations__RewardCostAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[RouteAnswer] */
        Page_RouteAnswer_: {
            /** Items */
            items: components["schemas"]["RouteAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[RowErrors] */
        Page_RowErrors_: {
            /** Items */
            items: components["schemas"]["RowErrors"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[SegmentAnswer] */
        Page_SegmentAnswer_: {
            /** Items */
            items: components["schemas"]["SegmentAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[SeriesAnswer] */
        Page_SeriesAnswer_: {
            /** Items */
            items: components["schemas"]["SeriesAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[SessionAnswer] */
        Page_SessionAnswer_: {
            /** Items */
            items: components["schemas"]["SessionAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[ShownAnswer] */
        Page_ShownAnswer_: {
            /** Items */
            items: components["schemas"]["ShownAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[StaffAnswer] */
        Page_StaffAnswer_: {
            /** Items */
            items: components["schemas"]["StaffAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[SummaryAnswer] */
        Page_SummaryAnswer_: {
            /** Items */
            items: components["schemas"]["SummaryAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[SurveyAnswer] */
        Page_SurveyAnswer_: {
            /** Items */
            items: components["schemas"]["SurveyAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[TicketAnswer] */
        Page_TicketAnswer_: {
            /** Items */
            items: components["schemas"]["TicketAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[TierAnswer] */
        Page_TierAnswer_: {
            /** Items */
            items: components["schemas"]["TierAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[VersionAnswer] */
        Page_VersionAnswer_: {
            /** Items */
            items: components["schemas"]["VersionAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[WaitingAnswer] */
        Page_WaitingAnswer_: {
            /** Items */
            items: components["schemas"]["WaitingAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** PasswordChangeBody */
        PasswordChangeBody: {
            /**
             * New Password
             * Format: password
             */
            new_password: string;
            /** Password */
            password?: string | null;
        };
        /** PasswordResetBody */
        PasswordResetBody: {
            /**
             * Code
             * @example 428571
             */
            code?: string | null;
            /** Code Id */
            code_id?: string | null;
            /** Link */
            link?: string | null;
            /**
             * New Password
             * Format: password
             */
            new_password: string;
        };
        /** PastEntryAnswer */
        PastEntryAnswer: {
            /** Description */
            description: string;
            /**
             * Entry Id
             * Format: uuid
             */
            entry_id: string;
            /**
             * Occurred At
             * Format: date-time
             */
            occurred_at: string;
            point_type: components["schemas"]["PointType"];
            /** Points */
            points: number;
        };
        /**
         * Period
         * @enum {string}
         */
        Period: "month" | "quarter" | "year";
        /** PeriodAnswer */
        PeriodAnswer: {
            /**
             * Begins On
             * Format: date
             */
            begins_on: string;
            /**
             * Closed At
             * Format: date-time
             */
            closed_at: string;
            /** Closed By */
            closed_by: string;
            /**
             * Digest
             * @description SHA-256 over its journal.
             */
            digest: string;
            /**
             * Ends On
             * Format: date
             */
            ends_on: string;
            /**
             * Last Seq
             * @description The last entry in it; later ones are in later periods.
             */
            last_seq: number;
            /** Lines */
            lines: number;
            /** Period */
            period: string;
            /** Reason */
            reason: string;
        };
        /** PlaceAnswer */
        PlaceAnswer: {
            /** Is You */
            is_you: boolean;
            /**
             * Name
             * @description The end of the member's id: loyalty knows no names.
             */
            name: string;
            /** Rank */
            rank: number;
            /** Score */
            score: number;
        };
        /**
         * PlaceBody
         * @description A place where a service runs, and its part of the requests.
         */
        PlaceBody: {
            /**
             * Url
             * @example http://loyalty-canary:8080
             */
            url: string;
            /**
             * Weight
             * @default 1
             */
            weight: number;
        };
        /**
         * PointsAnswer
         * @description Points that moved: earned (`pending` until the order is delivered), spent, taken back.
         */
        PointsAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Kind */
            kind: string;
            /** Points */
            points: number;
            /** State */
            state?: string | null;
        };
        /**
         * PointType
         * @enum {string}
         */
        PointType: "points" | "growth";
        /** PointValueAnswer */
        PointValueAnswer: {
            /** Actor */
            actor: string;
            /** Currency */
            currency: string;
            /**
             * Declared At
             * Format: date-time
             */
            declared_at: string;
            point_type: components["schemas"]["PointType"];
            /** Reason */
            reason: string;
            /**
             * Valid From
             * Format: date
             */
            valid_from: string;
            /** Value Minor */
            value_minor: string;
        };
        /** PointValueBody */
        PointValueBody: {
            /**
             * Currency
             * @description ISO 4217.
             * @example CNY
             */
            currency: string;
            /** @default points */
            point_type: components["schemas"]["PointType"];
            /** Reason */
            reason: string;
            /**
             * Valid From
             * Format: date
             */
            valid_from: string;
            /**
             * Value Minor
             * @description What one point buys, in minor units: exact, such as 0.5.
             * @example 1.25
             */
            value_minor: number | string;
        };
        /**
         * Policy
         * @description All that differs from the route table and the settings.
         */
        Policy: {
            /**
             * Allow
             * @description Where not empty, the only addresses and networks let in.
             */
            allow?: string[];
            /**
             * Breakers
             * @description Breakers held open or closed, by service.
             */
            breakers?: {
                [key: string]: "open" | "closed";
            };
            /**
             * Deny
             * @description Addresses and networks kept out.
             */
            deny?: string[];
            /** Limits */
            limits?: {
                [key: string]: components["schemas"]["LimitChange"];
            };
            /**
             * Origins
             * @description Web pages let in beside the settings'.
             */
            origins?: string[];
            /** Routes */
            routes?: components["schemas"]["RouteChange"][];
            /**
             * Shed Level
             * @description The level of shedding, held; null: as the load asks.
             */
            shed_level?: number | null;
            /** Upstreams */
            upstreams?: {
                [key: string]: components["schemas"]["PlaceBody"][];
            };
        };
        /**
         * PolicyAnswer
         * @description A version of the policy; version 0 is the one nobody wrote: it changes nothing.
         */
        PolicyAnswer: {
            /** Changed At */
            changed_at?: string | null;
            /** Changed By */
            changed_by?: string | null;
            policy: components["schemas"]["Policy"];
            /** Version */
            version: number;
        };
        /**
         * PolicyChanges
         * @description What is left out stays as it is.
         */
        PolicyChanges: {
            /** Approval Above */
            approval_above?: number | null;
            clawback?: components["schemas"]["Clawback"];
            /** Debt Limit */
            debt_limit?: number | null;
            expiry?: components["schemas"]["Expiry"];
            /** Grace Days */
            grace_days?: number;
            /** Inactivity Days */
            inactivity_days?: number | null;
            period?: components["schemas"]["Period"] | null;
            /** Reminder Days */
            reminder_days?: number[];
            /** Transfer Daily Limit */
            transfer_daily_limit?: number | null;
            /** Transferable */
            transferable?: boolean;
        };
        /**
         * PreferencesAnswer
         * @description What holds now, for every category and channel, and what of it cannot be switched off.
         */
        PreferencesAnswer: {
            /** Categories */
            categories: {
                [key: string]: {
                    [key: string]: boolean;
                };
            };
            /** Mandatory */
            mandatory: {
                [key: string]: components["schemas"]["NotifyChannel"][];
            };
            quiet_hours: components["schemas"]["QuietHoursBody"] | null;
            /** Time Zone */
            time_zone: string;
        };
        /**
         * PreferencesBody
         * @description All that a member chooses. Categories and channels left out are as they are by default.
         */
        PreferencesBody: {
            /** Categories */
            categories: {
                [key: string]: {
                    [key: string]: boolean;
                };
            };
            quiet_hours?: components["schemas"]["QuietHoursBody"] | null;
            /** Time Zone */
            time_zone?: string | null;
        };
        /**
         * PresenceBody
         * @description For what a thief of a session should not do: the password, where the account has one.
         *
         *     Without one the session must have been started within the last ten minutes.
         */
        PresenceBody: {
            /** Password */
            password?: string | null;
        };
        /**
         * Priority
         * @enum {string}
         */
        Priority: "low" | "normal" | "high" | "urgent";
        /** PrizeAnswer */
        PrizeAnswer: {
            /** Badge */
            badge: string | null;
            /** Freeze Cards */
            freeze_cards: number;
            /** Growth Points */
            growth_points: number;
            /** Makeup Cards */
            makeup_cards: number;
            /** Points */
            points: number;
            /** Series Id */
            series_id: string | null;
            /** Valid Days */
            valid_days: number | null;
        };
        /**
         * PrizeBody
         * @description What is given: any of these together.
         */
        PrizeBody: {
            /** Badge */
            badge?: string | null;
            /**
             * Freeze Cards
             * @default 0
             */
            freeze_cards: number;
            /**
             * Growth Points
             * @default 0
             */
            growth_points: number;
            /**
             * Makeup Cards
             * @default 0
             */
            makeup_cards: number;
            /**
             * Points
             * @default 0
             */
            points: number;
            /**
             * Series Id
             * @description A coupon of this series.
             */
            series_id?: string | null;
            /**
             * Valid Days
             * @description Of the points. Null: for ever.
             * @default 365
             */
            valid_days: number | null;
        };
        /** PrizeChance */
        PrizeChance: {
            /** Key */
            key: string;
            /** Name */
            name: {
                [key: string]: string;
            };
            /**
             * Odds
             * @description Of a million tickets.
             */
            odds: number;
            prize: components["schemas"]["PrizeBody"];
            /**
             * Stock
             * @description Null: no end.
             */
            stock?: number | null;
        };
        /**
         * PrizeItem
         * @description A prize in short: its points, and whether there is more to it.
         */
        PrizeItem: {
            /** Badge */
            badge: string | null;
            /** Cards */
            cards: number;
            /** Coupon */
            coupon: boolean;
            /** Growth Points */
            growth_points: number;
            /** Points */
            points: number;
        };
        /**
         * Problem
         * @description RFC 9457. `code` is stable; `errors` names each wrong field of a body.
         * @example {
         *       "type": "urn:rapport:problem:loyalty.insufficient_points",
         *       "title": "Not enough points",
         *       "status": 409,
         *       "detail": "This reward costs 500 points; 129 are available.",
         *       "code": "loyalty.insufficient_points"
         *     }
         */
        Problem: {
            /** @example loyalty.insufficient_points */
            code: string;
            detail: string;
            errors?: {
                code?: string;
                detail?: string;
                field?: string;
            }[];
            status: number;
            title: string;
            /** Format: uri */
            type: string;
        };
        /**
         * Profile
         * @description A member's own profile.
         */
        Profile: {
            /** Anonymous */
            anonymous: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Display Name */
            display_name: string | null;
            /** Email */
            email: string | null;
            /** Language */
            language: string;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Phone */
            phone: string | null;
            /** Time Zone */
            time_zone: string;
        };
        /**
         * ProfileChanges
         * @description What a member may change. What is left out stays; a null name removes it.
         */
        ProfileChanges: {
            /** Display Name */
            display_name?: string | null;
            /** Language */
            language?: ("en" | "zh-CN" | "ru") | null;
            /** Time Zone */
            time_zone?: string | null;
        };
        /**
         * PublicationBody
         * @description Without `share` the version pays everybody. A trial needs a ceiling.
         */
        PublicationBody: {
            /**
             * Anomaly Percent
             * @description The trial ends when its members earn more than so much of what others do.
             * @default 300
             */
            anomaly_percent: number;
            /**
             * Ceiling Points
             * @description The trial ends by itself before it issues more.
             */
            ceiling_points?: number | null;
            /**
             * Lower Tiers
             * @description Where tiers change: lower them at once, or only when their periods end.
             * @default true
             */
            lower_tiers: boolean;
            /**
             * Share
             * @description Percent of the members; the same members as long as it runs.
             */
            share?: number | null;
        };
        /**
         * QuestionBody
         * @description What a member asks. Without a subject, the text's first line is it.
         */
        QuestionBody: {
            /** @default app */
            channel: components["schemas"]["Channel"];
            /** Subject */
            subject?: string | null;
            /** Text */
            text: string;
        };
        /**
         * QueuedWrite
         * @description One write, as it would be sent alone.
         */
        QueuedWrite: {
            /**
             * Body
             * @description Its JSON body.
             */
            body?: unknown;
            /** If Match */
            if_match?: string | null;
            /**
             * Key
             * Format: uuid
             * @description Its Idempotency-Key, made when the member did it.
             */
            key: string;
            /**
             * Method
             * @default POST
             * @enum {string}
             */
            method: "POST" | "PUT" | "PATCH" | "DELETE";
            /**
             * Path
             * @description Path, and query if any.
             * @example /v1/checkins
             */
            path: string;
        };
        /**
         * QuietHoursBody
         * @description From `starts` until `ends` on the member's clock, over midnight where `ends` is earlier.
         */
        QuietHoursBody: {
            /** Ends */
            ends: string;
            /** Starts */
            starts: string;
        };
        /**
         * QuotaBody
         * @description How many calls a key may make; null is any number.
         */
        QuotaBody: {
            /** Per Day */
            per_day?: number | null;
            /** Per Month */
            per_month?: number | null;
        };
        /**
         * ReadBody
         * @description What was read: everything up to a number, or single items.
         */
        ReadBody: {
            /** Item Ids */
            item_ids?: string[] | null;
            /** Up To Seq */
            up_to_seq?: number | null;
        };
        /**
         * ReasonAnswer
         * @description What one rule said. `text` is in the caller's language.
         */
        ReasonAnswer: {
            point_type: components["schemas"]["PointType"];
            /** Points */
            points: number;
            /** Rule */
            rule: string;
            /** Text */
            text: string;
            /** Verdict */
            verdict: string;
        };
        /**
         * ReceiptAnswer
         * @description What became of a write, so far.
         */
        ReceiptAnswer: {
            /** Events */
            events: components["schemas"]["EventAnswer"][];
            /**
             * Key
             * Format: uuid
             */
            key: string;
            /** Messages */
            messages: components["schemas"]["MessageAnswer"][];
            /**
             * More
             * @description Whether it led to more than is shown.
             */
            more: boolean;
            /** Points */
            points: components["schemas"]["PointsAnswer"][];
            /**
             * State
             * @description `refused`: nothing was done. `working`: services have still to handle events. `stuck`: an event could not be handled. `done`: everything was.
             * @enum {string}
             */
            state: "refused" | "working" | "stuck" | "done";
            /**
             * Unavailable
             * @description Parts that did not answer just now.
             */
            unavailable: string[];
            /** Writes */
            writes: components["schemas"]["WriteAnswer"][];
        };
        /**
         * RecoveryCodesAnswer
         * @description Each stands in for the second factor once. Shown this once.
         */
        RecoveryCodesAnswer: {
            /** Recovery Codes */
            recovery_codes: string[];
        };
        /**
         * Recurrence
         * @enum {string}
         */
        Recurrence: "once" | "daily" | "weekly" | "monthly";
        /**
         * RedeemedAnswer
         * @description What was bought. `code` is there where the reward is one.
         */
        RedeemedAnswer: {
            /** Balance */
            balance: number;
            /** Code */
            code: string | null;
            fulfilment: components["schemas"]["Fulfilment"];
            /** Name */
            name: string;
            /** Points */
            points: number;
            /**
             * Redeemed At
             * Format: date-time
             */
            redeemed_at: string;
            /**
             * Redemption Id
             * Format: uuid
             */
            redemption_id: string;
            /**
             * Reward Id
             * Format: uuid
             */
            reward_id: string;
        };
        /** RedemptionAnswer */
        RedemptionAnswer: {
            /**
             * Code
             * @description The code it gave; staff do not see it.
             */
            code: string | null;
            fulfilment: components["schemas"]["Fulfilment"];
            /**
             * Fulfilment At
             * @description When the gift came as far as it is.
             */
            fulfilment_at: string | null;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Name */
            name: string;
            /** Points */
            points: number;
            /**
             * Redeemed At
             * Format: date-time
             */
            redeemed_at: string;
            /**
             * Redemption Id
             * Format: uuid
             */
            redemption_id: string;
            /**
             * Reward Id
             * Format: uuid
             */
            reward_id: string;
            /** Tracking */
            tracking: string | null;
        };
        /**
         * ReferralAnswer
         * @description `code` is what a friend enters; the app makes its link of it.
         */
        ReferralAnswer: {
            /** Code */
            code: string;
            friend_gets: components["schemas"]["PrizeAnswer"];
            /** Invited */
            invited: number;
            /**
             * Pending
             * @description Friends whose first order has not passed its return window.
             */
            pending: number;
            /** Rewarded */
            rewarded: number;
            you_get: components["schemas"]["PrizeAnswer"];
        };
        /** ReferralItem */
        ReferralItem: {
            /** Code */
            code: string;
            friend_gets: components["schemas"]["PrizeItem"];
            /** Invited */
            invited: number;
            /** Pending */
            pending: number;
            /** Rewarded */
            rewarded: number;
            you_get: components["schemas"]["PrizeItem"];
        };
        /**
         * ReferralState
         * @enum {string}
         */
        ReferralState: "pending" | "rewarded" | "rejected" | "lapsed";
        /** RefreshBody */
        RefreshBody: {
            /** Device Id */
            device_id?: string | null;
            /**
             * Refresh Token
             * Format: password
             */
            refresh_token: string;
        };
        /** RefundAnswer */
        RefundAnswer: {
            /**
             * Available
             * @description What the member can spend now.
             */
            available: number;
            /**
             * Entry Id
             * Format: uuid
             */
            entry_id: string;
            /**
             * Points
             * @description What the entry spent.
             */
            points: number;
            /**
             * Refunded
             * @description What has come back of it.
             */
            refunded: number;
        };
        /** RefundBody */
        RefundBody: {
            /**
             * Points
             * @description Null: all that has not come back yet.
             */
            points?: number | null;
            /** Reason */
            reason: string;
        };
        /**
         * Refusal
         * @description Why a reward cannot be redeemed, the first that holds.
         * @enum {string}
         */
        Refusal: "not_yet" | "ended" | "tier" | "sold_out" | "limit_reached" | "cooling_down" | "insufficient_points";
        /**
         * RefusedMessage
         * @description A message of the batch that was not taken, and why.
         */
        RefusedMessage: {
            /** Errors */
            errors: {
                [key: string]: unknown;
            }[];
            /** Index */
            index: number;
            /** Message Id */
            message_id?: string | null;
        };
        /**
         * RegisterBody
         * @description At least one of e-mail address and phone number; either then signs the member in.
         */
        RegisterBody: {
            /** Anonymous Id */
            anonymous_id?: string | null;
            /** App */
            app?: string | null;
            /** Channel */
            channel?: string | null;
            /** Device Id */
            device_id?: string | null;
            /** Display Name */
            display_name?: string | null;
            /** Email */
            email?: string | null;
            /** Language */
            language?: string | null;
            /**
             * Password
             * Format: password
             */
            password: string;
            /** Phone */
            phone?: string | null;
            /** Platform */
            platform?: string | null;
            /** Referral Code */
            referral_code?: string | null;
        };
        /** RegisterConfirmBody */
        RegisterConfirmBody: {
            /** App */
            app?: string | null;
            /**
             * Code
             * @example 428571
             */
            code?: string | null;
            /** Code Id */
            code_id?: string | null;
            /** Device Id */
            device_id?: string | null;
            /** Link */
            link?: string | null;
            /** Platform */
            platform?: string | null;
        };
        /**
         * ReturnAnswer
         * @description A return, what has come back of the order in all, and the order as it stands.
         */
        ReturnAnswer: {
            /** Lines */
            lines: components["schemas"]["ReturnedAnswer"][];
            order: components["schemas"]["OrderAnswer"];
            /** Return Id */
            return_id: string;
            /** Returned */
            returned: components["schemas"]["ReturnedAnswer"][];
        };
        /**
         * ReturnBody
         * @description Lines that came back, or some units of them.
         */
        ReturnBody: {
            /** Lines */
            lines: components["schemas"]["ReturnLineBody"][];
            /** Returned At */
            returned_at?: string | null;
        };
        /** ReturnedAnswer */
        ReturnedAnswer: {
            /** Amount Minor */
            amount_minor: number;
            /** Line */
            line: number;
            /** Quantity */
            quantity: number;
        };
        /**
         * ReturnLineBody
         * @description Units of a line that came back: the line by its place from 0, or by its `sku`.
         * @example {
         *       "line": 0,
         *       "quantity": 1
         *     }
         */
        ReturnLineBody: {
            /**
             * Amount Minor
             * @description What is paid back for them; if not given, what they cost.
             */
            amount_minor?: number | null;
            /** Line */
            line?: number | null;
            /** Quantity */
            quantity: number;
            /** Sku */
            sku?: string | null;
        };
        /**
         * ReviewAnswer
         * @description When the review was last confirmed, and when it is due.
         */
        ReviewAnswer: {
            /** Confirmed At */
            confirmed_at: string | null;
            /**
             * Due At
             * Format: date-time
             */
            due_at: string;
        };
        /**
         * RewardAnswer
         * @description A reward as staff keep it, its texts in each language.
         */
        RewardAnswer: {
            /** Active */
            active: boolean;
            /**
             * Codes Left
             * @description Of the kind `code`: whether its pool has any.
             */
            codes_left: boolean;
            /** Cooldown S */
            cooldown_s: number | null;
            /** Description */
            description: {
                [key: string]: string;
            };
            kind: components["schemas"]["RewardKind"];
            /** Member Limit */
            member_limit: number | null;
            /** Name */
            name: {
                [key: string]: string;
            };
            /** Points */
            points: number;
            /**
             * Reward Id
             * Format: uuid
             */
            reward_id: string;
            /** Segments */
            segments: string[];
            /** Series Id */
            series_id: string | null;
            /** Stock */
            stock: number | null;
            /** Tiers */
            tiers: string[];
            /** Valid From */
            valid_from: string | null;
            /** Valid Until */
            valid_until: string | null;
        };
        /**
         * RewardChanges
         * @description What is left out stays as it is.
         */
        RewardChanges: {
            /** Active */
            active?: boolean;
            /** Cooldown S */
            cooldown_s?: number | null;
            /** Description */
            description?: {
                [key: string]: string;
            };
            /** Member Limit */
            member_limit?: number | null;
            /** Name */
            name?: {
                [key: string]: string;
            };
            /** Points */
            points?: number;
            /** Segments */
            segments?: string[];
            /** Stock */
            stock?: number | null;
            /** Tiers */
            tiers?: string[];
            /** Valid From */
            valid_from?: string | null;
            /** Valid Until */
            valid_until?: string | null;
        };
        /** RewardCostBody */
        RewardCostBody: {
            /**
             * Cost Minor
             * @description What a piece costs the company.
             */
            cost_minor: number;
            /**
             * Currency
             * @description ISO 4217.
             * @example CNY
             */
            currency: string;
            /**
             * Reward Id
             * Format: uuid
             */
            reward_id: string;
            /**
             * Valid From
             * Format: date
             */
            valid_from: string;
        };
        /** RewardItem */
        RewardItem: {
            /** Available At */
            available_at: string | null;
            /** Can Redeem */
            can_redeem: boolean;
            kind: components["schemas"]["RewardKind"];
            /** Missing Points */
            missing_points: number;
            /** Name */
            name: string;
            /** Points */
            points: number;
            reason: components["schemas"]["Refusal"] | null;
            /**
             * Reward Id
             * Format: uuid
             */
            reward_id: string;
            stock_state: components["schemas"]["StockState"];
            /** Valid Until */
            valid_until: string | null;
        };
        /**
         * RewardKind
         * @description What a member gets for the points.
         * @enum {string}
         */
        RewardKind: "benefit" | "code" | "physical" | "coupon" | "freeze_card" | "makeup_card";
        /**
         * Role
         * @description What a caller is. `service` is the company's own backend, holding an API key.
         * @enum {string}
         */
        Role: "member" | "agent" | "marketer" | "analyst" | "admin" | "service";
        /** RollbackBody */
        RollbackBody: {
            /** Order Id */
            order_id: string;
        };
        /** RollForwardAnswer */
        RollForwardAnswer: {
            burn: components["schemas"]["BurnAnswer"];
            closing: components["schemas"]["LoyaltyPointsAnswer"];
            /**
             * Movements
             * @description They change `net`; the entries of each are at /v1/loyalty/finance/entries.
             */
            movements: {
                [key: string]: number;
            };
            opening: components["schemas"]["LoyaltyPointsAnswer"];
            point_type: components["schemas"]["PointType"];
        };
        /** RollForwardsAnswer */
        RollForwardsAnswer: {
            as_of: components["schemas"]["AsOfAnswer"];
            /** Items */
            items: components["schemas"]["RollForwardAnswer"][];
        };
        /**
         * RouteAnswer
         * @description A row of the route table in force.
         */
        RouteAnswer: {
            /** Cached */
            cached: boolean;
            /** Deadline Ms */
            deadline_ms: number | null;
            /** Pace */
            pace: string;
            /** Path */
            path: string;
            /** Roles */
            roles: string[];
            /** Service */
            service: string;
            /** Signed In */
            signed_in: boolean;
            /** Worth */
            worth: string;
        };
        /**
         * RouteChange
         * @description A row of the route table: what is said differs, what is not said stays.
         *
         *     A path that has no row yet gets one; then service and callers must be said.
         */
        RouteChange: {
            /** Callers */
            callers?: ("open" | "anyone" | "signed_in" | "members" | "staff" | "back_office") | null;
            /** Deadline Ms */
            deadline_ms?: number | null;
            /**
             * Off
             * @description The path does not exist while this is true.
             * @default false
             */
            off: boolean;
            /** Pace */
            pace?: ("sign-in" | "write" | "read" | "ingest" | "staff" | "backend") | null;
            /** Path */
            path: string;
            /**
             * Service
             * @example loyalty
             */
            service?: string | null;
            /** Worth */
            worth?: ("interactive" | "sync" | "analytics") | null;
        };
        /**
         * RowError
         * @description What is wrong with a row; rows are numbered as in a spreadsheet, the header being 1.
         */
        RowError: {
            /** Code */
            code: string;
            /** Column */
            column: string | null;
            /** Detail */
            detail: string;
            /** Row */
            row: number;
        };
        /**
         * RowErrors
         * @description The errors of one row.
         */
        RowErrors: {
            /** Errors */
            errors: components["schemas"]["RowError"][];
            /** Row */
            row: number;
        };
        /** RuleCostAnswer */
        RuleCostAnswer: {
            /** Campaign */
            campaign: string | null;
            /** Expired */
            expired: number;
            /** Issued */
            issued: number;
            /** Issued Minor */
            issued_minor: number | null;
            /** Redeemed */
            redeemed: number;
            /** Redeemed Minor */
            redeemed_minor: number | null;
            /** Rule */
            rule: string;
            /**
             * Versions
             * @description Points earned by version of the programme; 0: unknown.
             */
            versions: {
                [key: string]: number;
            };
        };
        /**
         * SatisfactionAnswer
         * @description The answers given in [from, to). Means and shares are null where nobody answered.
         */
        SatisfactionAnswer: {
            /** Answers */
            answers: number;
            /** Distribution */
            distribution: {
                [key: string]: number;
            };
            /** Favourable Share */
            favourable_share: number | null;
            /**
             * From
             * Format: date-time
             */
            from: string;
            kind: components["schemas"]["FeedbackKind"];
            /** Mean Score */
            mean_score: number | null;
            /** Net Promoter Score */
            net_promoter_score: number | null;
            /** Offered */
            offered: number;
            /**
             * To
             * Format: date-time
             */
            to: string;
        };
        /**
         * ScreenAnswer
         * @description Everything the wallet screen shows, under 15 KB.
         *
         *     Names are cut to 96 bytes, lists to the first few; the whole is where each thing itself is.
         */
        ScreenAnswer: {
            /**
             * Actions
             * @description What to do next, the most pressing first.
             */
            actions: components["schemas"]["StepItem"][];
            /**
             * Badges
             * @description The newest three.
             */
            badges: components["schemas"]["BadgeItem"][];
            checkin: components["schemas"]["CalendarItem"];
            /**
             * Coupons
             * @description The five usable ones that end soonest.
             */
            coupons: components["schemas"]["CouponItem"][];
            /** Debt */
            debt: number;
            /**
             * Expiring
             * @description The next three, soonest first.
             */
            expiring: components["schemas"]["ExpiringAnswer"][];
            /** Growth Points */
            growth_points: number;
            /**
             * Held
             * @description Set aside for orders that are not paid yet.
             */
            held: number;
            /**
             * Household Id
             * @description Whose points these are, if they are shared.
             */
            household_id: string | null;
            /**
             * Maturing
             * @description The next three moments points arrive.
             */
            maturing: components["schemas"]["MaturingItem"][];
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /**
             * Missions
             * @description Five, what is to claim first.
             */
            missions: components["schemas"]["MissionItem"][];
            /**
             * Offers
             * @description The first three.
             */
            offers: components["schemas"]["OfferItem"][];
            /** Pending */
            pending: number;
            /**
             * Points
             * @description Available to spend.
             */
            points: number;
            /**
             * Recent
             * @description The last five changes of points.
             */
            recent: components["schemas"]["EntryAnswer"][];
            referral: components["schemas"]["ReferralItem"];
            /**
             * Rewards
             * @description The ten cheapest.
             */
            rewards: components["schemas"]["RewardItem"][];
            tier: components["schemas"]["TierProgress"];
            /** Time Zone */
            time_zone: string;
            /**
             * Version
             * @description Counts the changes of points and growth points.
             */
            version: number;
        };
        /**
         * SecretAnswer
         * @description For an authenticator app: `uri` as a QR code, or `secret` to be typed. Shown this once.
         */
        SecretAnswer: {
            /** Secret */
            secret: string;
            /** Uri */
            uri: string;
        };
        /**
         * SegmentAnswer
         * @description A segment. While `ready` is false its members are still being found.
         */
        SegmentAnswer: {
            /** Built In */
            built_in: boolean;
            /** Key */
            key: string;
            /** Name */
            name: string;
            /** Ready */
            ready: boolean;
            /** Rule */
            rule: {
                [key: string]: unknown;
            };
            /** Size */
            size: number;
        };
        /**
         * SegmentBody
         * @description A new segment.
         */
        SegmentBody: {
            /** Key */
            key: string;
            /** Name */
            name: string;
            /**
             * Rule
             * @description `{all: [...]}`, `{any: [...]}` or `{not: ...}` of rules, or one of `{trait, op, value}`, `{trait, op: exists}`, `{tag}`, `{stage}`, `{standing}`, `{orders: count, op, value}`, `{orders: net_minor, currency, op, value}`; `op` is eq, ne, in, gt, gte, lt or lte.
             * @example {
             *       "all": [
             *         {
             *           "tag": "vip"
             *         },
             *         {
             *           "op": "gte",
             *           "orders": "count",
             *           "value": 3
             *         }
             *       ]
             *     }
             */
            rule: {
                [key: string]: unknown;
            };
        };
        /** SeriesAnswer */
        SeriesAnswer: {
            /** Active */
            active: boolean;
            /** Amount Minor */
            amount_minor: number | null;
            /** Coupon Uses */
            coupon_uses: number | null;
            /** Currency */
            currency: string | null;
            /** Description */
            description: {
                [key: string]: string;
            };
            /** Exclusive */
            exclusive: boolean;
            /** Gift */
            gift: string | null;
            kind: components["schemas"]["DiscountKind"];
            /** Member Uses */
            member_uses: number | null;
            /** Minimum Spend Minor */
            minimum_spend_minor: number;
            /** Most Minor */
            most_minor: number | null;
            /** Name */
            name: {
                [key: string]: string;
            };
            /** Percent */
            percent: number | null;
            /** Priority */
            priority: number;
            /** Returns With Order */
            returns_with_order: boolean;
            /** Segments */
            segments: string[];
            /**
             * Series Id
             * Format: uuid
             */
            series_id: string;
            /** Stacking Group */
            stacking_group: string | null;
            /** Tiers */
            tiers: string[];
            /** Valid Days */
            valid_days: number | null;
            /** Valid From */
            valid_from: string | null;
            /** Valid Until */
            valid_until: string | null;
        };
        /**
         * SeriesChanges
         * @description What is left out stays as it is. What a coupon takes off does not change.
         */
        SeriesChanges: {
            /** Active */
            active?: boolean;
            /** Description */
            description?: {
                [key: string]: string;
            };
            /** Exclusive */
            exclusive?: boolean;
            /** Member Uses */
            member_uses?: number | null;
            /** Minimum Spend Minor */
            minimum_spend_minor?: number;
            /** Name */
            name?: {
                [key: string]: string;
            };
            /** Priority */
            priority?: number;
            /** Returns With Order */
            returns_with_order?: boolean;
            /** Segments */
            segments?: string[];
            /** Stacking Group */
            stacking_group?: string | null;
            /** Tiers */
            tiers?: string[];
            /** Valid Until */
            valid_until?: string | null;
        };
        /** TermsAnswer */
        services__loyalty__api__checkins__TermsAnswer: {
            /** Freeze Every */
            freeze_every: number;
            /** Makeup Days */
            makeup_days: number;
            /** Most Freezes */
            most_freezes: number;
            /** Window S */
            window_s: number;
        };
        /** TermsBody */
        services__loyalty__api__checkins__TermsBody: {
            /**
             * Freeze Every
             * @description Days of a streak that bring a card.
             * @default 7
             */
            freeze_every: number;
            /**
             * Makeup Days
             * @description How far back a make-up card reaches.
             * @default 7
             */
            makeup_days: number;
            /**
             * Most Freezes
             * @default 2
             */
            most_freezes: number;
            /**
             * Window S
             * @default 259200
             */
            window_s: number;
        };
        /** RewardCostAnswer */
        services__loyalty__api__finance__declarations__RewardCostAnswer: {
            /** Actor */
            actor: string;
            /** Cost Minor */
            cost_minor: number;
            /** Currency */
            currency: string;
            /**
             * Declared At
             * Format: date-time
             */
            declared_at: string;
            /**
             * Reward Id
             * Format: uuid
             */
            reward_id: string;
            /**
             * Valid From
             * Format: date
             */
            valid_from: string;
        };
        /** TermsAnswer */
        services__loyalty__api__finance__declarations__TermsAnswer: {
            /**
             * Accounts
             * @description The codes of the accounts in the company's general ledger.
             */
            accounts: {
                [key: string]: string;
            };
            /** @description `proportional`: recognised as the other points are redeemed, as far as it has been observed; `remote`: only once points have expired. */
            breakage: components["schemas"]["Breakage"];
            /**
             * Tail Rate
             * @description The share redeemed of points older than any observed; 1 is the prudent one.
             */
            tail_rate: string;
            /**
             * Time Zone
             * @description Where days and months begin.
             */
            time_zone: string;
        };
        /** RewardCostAnswer */
        services__loyalty__api__finance__reports__RewardCostAnswer: {
            /**
             * Cost Minor
             * @description Null where no cost has been declared.
             */
            cost_minor: number | null;
            /**
             * Item
             * @description The reward's or draw's id.
             */
            item: string;
            /** Name */
            name: {
                [key: string]: string;
            } | null;
            /** Points */
            points: number;
            /** Points Minor */
            points_minor: number | null;
            /**
             * Source Type
             * @description `redemption`, `draw`, or `hold`: an order paid with it.
             */
            source_type: string;
            /** Times */
            times: number;
        };
        /**
         * StepAnswer
         * @description An age in months: of the points there in it, how many were redeemed, how many expired.
         */
        services__loyalty__api__finance__reports__StepAnswer: {
            /** Age */
            age: number;
            /** Cohorts */
            cohorts: number;
            /** Expired */
            expired: number;
            /** Expiring */
            expiring: string;
            /** Exposed */
            exposed: number;
            /**
             * Future Rate
             * @description What will be redeemed of those there as it begins.
             */
            future_rate: string;
            /** Redeemed */
            redeemed: number;
            /** Redeeming */
            redeeming: string;
        };
        /** StepAnswer */
        services__loyalty__api__missions__StepAnswer: {
            /** Count */
            count: number;
            /** Target */
            target: number;
        };
        /** TermsAnswer */
        services__loyalty__api__referrals__TermsAnswer: {
            friend_prize: components["schemas"]["PrizeAnswer"];
            /** Lapse Days */
            lapse_days: number;
            /** Minimum Order Minor */
            minimum_order_minor: number;
            /** Most Per Network */
            most_per_network: number;
            /** Most Rewarded */
            most_rewarded: number;
            /** New Days */
            new_days: number;
            referrer_prize: components["schemas"]["PrizeAnswer"];
            /** Return Days */
            return_days: number;
        };
        /** TermsBody */
        services__loyalty__api__referrals__TermsBody: {
            friend_prize: components["schemas"]["PrizeBody"];
            /**
             * Lapse Days
             * @description How long a friend has to order.
             * @default 90
             */
            lapse_days: number;
            /**
             * Minimum Order Minor
             * @default 0
             */
            minimum_order_minor: number;
            /**
             * Most Per Network
             * @description Friends from one, in a day.
             * @default 3
             */
            most_per_network: number;
            /**
             * Most Rewarded
             * @description Of one referrer in 30 days.
             * @default 10
             */
            most_rewarded: number;
            /**
             * New Days
             * @description How long one may name who brought one.
             * @default 14
             */
            new_days: number;
            referrer_prize: components["schemas"]["PrizeBody"];
            /**
             * Return Days
             * @description From the order's delivery.
             * @default 15
             */
            return_days: number;
        };
        /** TextsBody */
        services__notify__api__announcements__TextsBody: {
            /** Body */
            body: string;
            /** Title */
            title: string;
        };
        /**
         * TextsBody
         * @description The texts in one language, which may use `{{ name }}`. `letter` replaces `body` in e-mail.
         */
        services__notify__api__campaigns__TextsBody: {
            /** Body */
            body: string;
            /** Button */
            button?: string | null;
            /** Letter */
            letter?: string | null;
            /** Title */
            title: string;
        };
        /**
         * SessionAnswer
         * @description A place somebody is signed in at; `current` is the one that asks.
         */
        SessionAnswer: {
            /** App */
            app: string | null;
            /** Current */
            current: boolean;
            /** Device Id */
            device_id: string | null;
            /** Platform */
            platform: string | null;
            /**
             * Refreshed At
             * Format: date-time
             */
            refreshed_at: string;
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
        };
        /**
         * Shown
         * @description A part that answered: what its own path would have said.
         */
        Shown: {
            /** Data */
            data: {
                [key: string]: unknown;
            };
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            state: "ok";
        };
        /**
         * ShownAnswer
         * @description An announcement in the reader's language.
         */
        ShownAnswer: {
            /** Action */
            action: string | null;
            /**
             * Announcement Id
             * Format: uuid
             */
            announcement_id: string;
            /** Body */
            body: string;
            /**
             * Ends At
             * Format: date-time
             */
            ends_at: string;
            /**
             * Starts At
             * Format: date-time
             */
            starts_at: string;
            /** Title */
            title: string;
        };
        /**
         * SignInBody
         * @description Exactly one of e-mail address and phone number says who signs in.
         */
        SignInBody: {
            /** App */
            app?: string | null;
            /** Device Id */
            device_id?: string | null;
            /** Email */
            email?: string | null;
            /**
             * Password
             * Format: password
             */
            password: string;
            /** Phone */
            phone?: string | null;
            /** Platform */
            platform?: string | null;
        };
        /** SignOutBody */
        SignOutBody: {
            /**
             * Refresh Token
             * Format: password
             */
            refresh_token: string;
        };
        /** SimulationAnswer */
        SimulationAnswer: {
            /** Growth Points */
            growth_points: number;
            /** Outcomes */
            outcomes: components["schemas"]["OutcomeAnswer"][];
            /** Points */
            points: number;
            /** Tier */
            tier: string;
            /** Trigger */
            trigger: string;
            /** Version */
            version: number;
            wallet: components["schemas"]["WalletState"];
        };
        /**
         * SimulationBody
         * @description An occasion that happened, by its id; or one that is imagined.
         */
        SimulationBody: {
            /** At */
            at?: string | null;
            /** Event */
            event?: {
                [key: string]: unknown;
            };
            /** Member Id */
            member_id?: string | null;
            /** Occasion Id */
            occasion_id?: string | null;
            /** Trigger */
            trigger?: string | null;
        };
        /**
         * SpanAnswer
         * @description Calls in one day or month (UTC); portions that the gateway holds ready count as used.
         */
        SpanAnswer: {
            /** Calls */
            calls: number;
            /**
             * Ends At
             * Format: date-time
             */
            ends_at: string;
            /**
             * Starts On
             * Format: date
             */
            starts_on: string;
        };
        /** StaffAnswer */
        StaffAnswer: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Disabled At */
            disabled_at: string | null;
            /** Display Name */
            display_name: string;
            /** Email */
            email: string;
            /** Last Used At */
            last_used_at: string | null;
            role: components["schemas"]["Role"];
            /** Scopes */
            scopes: string[];
            /** Second Factor */
            second_factor: boolean;
            /**
             * Staff Id
             * Format: uuid
             */
            staff_id: string;
        };
        /**
         * StaffChangeBody
         * @description What is left out stays as it is.
         */
        StaffChangeBody: {
            /** Disabled */
            disabled?: boolean | null;
            /** Display Name */
            display_name?: string | null;
            role?: components["schemas"]["Role"] | null;
            /** Scopes */
            scopes?: string[] | null;
        };
        /**
         * StaffFactorBody
         * @description The present password and the second factor.
         */
        StaffFactorBody: {
            /**
             * Password
             * Format: password
             */
            password: string;
            /**
             * Recovery Code
             * @example 7fk3d-wq2mx
             */
            recovery_code?: string | null;
            /**
             * Totp
             * @example 428571
             */
            totp?: string | null;
        };
        /** StaffNewPasswordBody */
        StaffNewPasswordBody: {
            /**
             * New Password
             * Format: password
             */
            new_password: string;
            /**
             * Password
             * Format: password
             */
            password: string;
        };
        /**
         * StaffPasswordBody
         * @description The present password, for what a thief of a session should not do.
         */
        StaffPasswordBody: {
            /**
             * Password
             * Format: password
             */
            password: string;
        };
        /** StaffSignInBody */
        StaffSignInBody: {
            /** Email */
            email: string;
            /**
             * Password
             * Format: password
             */
            password: string;
            /**
             * Recovery Code
             * @example 7fk3d-wq2mx
             */
            recovery_code?: string | null;
            /**
             * Totp
             * @example 428571
             */
            totp?: string | null;
        };
        /**
         * Stage
         * @enum {string}
         */
        Stage: "draft" | "published";
        /**
         * Status
         * @description What was last said of an order.
         * @enum {string}
         */
        Status: "placed" | "paid" | "shipped" | "delivered" | "cancelled" | "partially_refunded" | "refunded";
        /**
         * StatusBody
         * @description A change of status. A partial refund must name `refunded_minor`, the total so far.
         */
        StatusBody: {
            /** Changed At */
            changed_at?: string | null;
            /** Refunded Minor */
            refunded_minor?: number | null;
            /**
             * Status
             * @enum {string}
             */
            status: "paid" | "shipped" | "delivered" | "cancelled" | "refunded" | "partially_refunded";
        };
        /** StayAnswer */
        StayAnswer: {
            /**
             * Earned
             * @description What they earned in the household.
             */
            earned: number;
            /**
             * Joined At
             * Format: date-time
             */
            joined_at: string;
            /** Left At */
            left_at: string | null;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /**
             * Spent
             * @description What they spent of it, less what came back.
             */
            spent: number;
        };
        /**
         * StepAnswer
         * @description A service, and when it had erased the member.
         */
        StepAnswer: {
            /** Erased At */
            erased_at: string | null;
            /** Service */
            service: string;
        };
        /**
         * StepItem
         * @description What the member may do now: a POST to `path`, or for `invite` a GET.
         */
        StepItem: {
            action: components["schemas"]["Action"];
            /** Path */
            path: string;
        };
        /**
         * StockState
         * @enum {string}
         */
        StockState: "plenty" | "low" | "sold_out";
        /**
         * SummaryAnswer
         * @description An article as lists and suggestions show it.
         */
        SummaryAnswer: {
            /**
             * Article Id
             * Format: uuid
             */
            article_id: string;
            /** Category */
            category: string;
            /** Excerpt */
            excerpt: string;
            /** Language */
            language: string;
            /** Title */
            title: string;
        };
        /**
         * SurveyAnswer
         * @description A survey, its question in the reader's language.
         */
        SurveyAnswer: {
            /** Answered At */
            answered_at: string | null;
            /**
             * Closes At
             * Format: date-time
             */
            closes_at: string;
            /** Comment */
            comment: string | null;
            /** Highest */
            highest: number;
            kind: components["schemas"]["FeedbackKind"];
            /** Lowest */
            lowest: number;
            /**
             * Offered At
             * Format: date-time
             */
            offered_at: string;
            /** Question */
            question: string;
            /** Score */
            score: number | null;
            /**
             * Survey Id
             * Format: uuid
             */
            survey_id: string;
            /** Ticket Id */
            ticket_id: string | null;
        };
        /**
         * SyncAnswer
         * @description The answers, in the order of the writes.
         */
        SyncAnswer: {
            /** Items */
            items: components["schemas"]["SyncedWrite"][];
        };
        /** SyncBody */
        SyncBody: {
            /**
             * Stop On Error
             * @description Leave what follows a refused or failed write undone.
             * @default false
             */
            stop_on_error: boolean;
            /** Writes */
            writes: components["schemas"]["QueuedWrite"][];
        };
        /**
         * SyncedWrite
         * @description What became of one write: `status` and `body` are those it would have got alone.
         *
         *     One that was `left` was not begun, for it came after an error or there was no more time: send
         *     it again, under its key.
         */
        SyncedWrite: {
            /** Because */
            because?: ("error" | "time") | null;
            /** Body */
            body?: unknown;
            /** Headers */
            headers?: {
                [key: string]: string;
            };
            /**
             * Key
             * Format: uuid
             */
            key: string;
            /**
             * Replayed
             * @description Whether it had been done before.
             * @default false
             */
            replayed: boolean;
            /**
             * State
             * @enum {string}
             */
            state: "answered" | "left";
            /** Status */
            status?: number | null;
        };
        /** TakenAnswer */
        TakenAnswer: {
            /** Balance */
            balance: number;
            /**
             * Offer Id
             * Format: uuid
             */
            offer_id: string;
            prize: components["schemas"]["PrizeAnswer"];
        };
        /**
         * TallyAnswer
         * @description What became of the messages over one channel. All but `reasons` add up to the audience.
         */
        TallyAnswer: {
            /** Cancelled */
            cancelled: number;
            /** Channel */
            channel: string;
            /** Failed */
            failed: number;
            /** In Flight */
            in_flight: number;
            /** Queued */
            queued: number;
            /** Reasons */
            reasons: {
                [key: string]: number;
            };
            /** Sent */
            sent: number;
            /** Skipped */
            skipped: number;
            /** Unknown */
            unknown: number;
        };
        /**
         * TargetAnswer
         * @description A place where a service runs.
         */
        TargetAnswer: {
            /** Ejected */
            ejected: boolean;
            /** Failures In A Row */
            failures_in_a_row: number;
            /** Healthy */
            healthy: boolean;
            /** Url */
            url: string;
            /** Weight */
            weight: number;
        };
        /**
         * TermsChanges
         * @description What is left out stays as it is. Periods that are closed stay as they are.
         */
        TermsChanges: {
            /** Accounts */
            accounts?: {
                [key: string]: string;
            };
            breakage?: components["schemas"]["Breakage"];
            /** Tail Rate */
            tail_rate?: number | string;
            /** Time Zone */
            time_zone?: string;
        };
        /** TextAnswer */
        TextAnswer: {
            /** Body */
            body: string;
            /** Title */
            title: string;
        };
        /**
         * TextBody
         * @description An article in one language.
         */
        TextBody: {
            /** Body */
            body: string;
            /** Title */
            title: string;
        };
        /**
         * TicketAnswer
         * @description A ticket. `member`, `assignee_id` and `breached_at` are for agents; members read null.
         */
        TicketAnswer: {
            /** Assignee Id */
            assignee_id?: string | null;
            /** Breached At */
            breached_at?: string | null;
            channel: components["schemas"]["Channel"];
            /** First Response At */
            first_response_at: string | null;
            /**
             * First Response Due At
             * Format: date-time
             */
            first_response_due_at: string;
            /** Follows Id */
            follows_id: string | null;
            /** Last Number */
            last_number: number;
            member?: components["schemas"]["FeedbackMemberAnswer"] | null;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            priority: components["schemas"]["Priority"];
            /** Resolved At */
            resolved_at: string | null;
            status: components["schemas"]["FeedbackStatus"];
            /** Subject */
            subject: string;
            /**
             * Ticket Id
             * Format: uuid
             */
            ticket_id: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** TierAnswer */
        TierAnswer: {
            benefits: components["schemas"]["BenefitsAnswer"];
            /** Key */
            key: string;
            /** Name */
            name: string;
            /**
             * Threshold
             * @description From how much of the programme's measure on one has it.
             */
            threshold: number;
        };
        /** TierMove */
        TierMove: {
            /** After */
            after: string;
            /** Before */
            before: string;
            /** Members */
            members: number;
        };
        /**
         * TierPreviewAnswer
         * @description Where members would be under the version's tiers. Of the first ones, if there are many.
         */
        TierPreviewAnswer: {
            /** Complete */
            complete: boolean;
            /** Members */
            members: number;
            /** Moves */
            moves: components["schemas"]["TierMove"][];
        };
        /** TierProgress */
        TierProgress: {
            /**
             * Basis
             * @description What counts: growth points, spend in minor units, orders.
             * @enum {string}
             */
            basis: "growth_points" | "spend" | "orders";
            benefits: components["schemas"]["BenefitsAnswer"];
            /** @description Null if the tier has no end. */
            keep: components["schemas"]["KeepAnswer"] | null;
            /** Key */
            key: string;
            /** Missing */
            missing: number;
            /** Name */
            name: string;
            /** @description Null at the highest tier. */
            next: components["schemas"]["TierAnswer"] | null;
            /**
             * Progress
             * @description The way from this tier to the next.
             */
            progress: number;
            /** Reached At */
            reached_at: string | null;
            /**
             * Value
             * @description How much of it the member has.
             */
            value: number;
        };
        /**
         * Tokens
         * @description A sign-in. `member_id` is null for staff, `staff_id` for members.
         */
        Tokens: {
            /** Access Token */
            access_token: string;
            /** Expires In S */
            expires_in_s: number;
            /** Member Id */
            member_id: string | null;
            /** Refresh Token */
            refresh_token: string;
            role: components["schemas"]["Role"];
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
            /** Staff Id */
            staff_id: string | null;
            /**
             * Token Type
             * @default Bearer
             */
            token_type: string;
        };
        /**
         * Totals
         * @description Points by point type: of the accepted rows, and what the ledger has of them.
         *
         *     `before` and `after` are all members' balances around the import; `moved_otherwise` is what
         *     changed them meanwhile beside it.
         */
        Totals: {
            /** After */
            after?: {
                [key: string]: {
                    [key: string]: number;
                };
            } | null;
            /** After Undoing */
            after_undoing?: {
                [key: string]: {
                    [key: string]: number;
                };
            } | null;
            /** Before */
            before?: {
                [key: string]: {
                    [key: string]: number;
                };
            } | null;
            /** File */
            file?: {
                [key: string]: number;
            };
            /** Ledger */
            ledger?: {
                [key: string]: number;
            } | null;
            /** Moved Otherwise */
            moved_otherwise?: {
                [key: string]: number;
            } | null;
        };
        /** TotpBody */
        TotpBody: {
            /** Totp */
            totp: string;
        };
        /**
         * TrafficAnswer
         * @description What the replica that answers does now, and what the others last told.
         */
        TrafficAnswer: {
            /** Limits */
            limits: {
                [key: string]: string;
            };
            /** Loop Lag Ms */
            loop_lag_ms: number;
            /**
             * Others
             * @description Null while Valkey, by way of which they tell, is away.
             */
            others: components["schemas"]["OtherReplicaAnswer"][] | null;
            /** Policy */
            policy: number;
            /**
             * Replica
             * @description Its host and process; in Kubernetes the host is the pod.
             */
            replica: string;
            /** Shed Level */
            shed_level: number;
            /** Shed Level Forced */
            shed_level_forced: boolean;
            /** Upstreams */
            upstreams: {
                [key: string]: components["schemas"]["UpstreamAnswer"];
            };
        };
        /** TransferAnswer */
        TransferAnswer: {
            /**
             * Available
             * @description What the giver can spend now.
             */
            available: number;
            /**
             * Made At
             * Format: date-time
             */
            made_at: string;
            /** Points */
            points: number;
            /**
             * To Member Id
             * Format: uuid
             */
            to_member_id: string;
            /**
             * Transfer Id
             * Format: uuid
             */
            transfer_id: string;
        };
        /** TransferBody */
        TransferBody: {
            /** Message */
            message?: string | null;
            /** Points */
            points: number;
            /**
             * To Member Id
             * Format: uuid
             */
            to_member_id: string;
        };
        /** TrialAnswer */
        TrialAnswer: {
            /** Coupons */
            coupons: components["schemas"]["VerdictAnswer"][];
            /** Currency */
            currency: string;
            /** Discount Minor */
            discount_minor: number;
            /** To Pay Minor */
            to_pay_minor: number;
            /** Valid */
            valid: boolean;
        };
        /** Unavailable */
        Unavailable: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            state: "unavailable";
        };
        /** UnreadAnswer */
        UnreadAnswer: {
            /** Unread */
            unread: number;
        };
        /**
         * UpstreamAnswer
         * @description A service as this replica sees it. `limit` is how many requests it may work on at once.
         */
        UpstreamAnswer: {
            /** Breaker */
            breaker: string;
            /** Breaker Forced */
            breaker_forced: boolean;
            /** Calls */
            calls: number;
            /** In Flight */
            in_flight: number;
            /** Limit */
            limit: number;
            /** Opened */
            opened: number;
            /** Retries */
            retries: number;
            /** Targets */
            targets: components["schemas"]["TargetAnswer"][];
            /** Waiting */
            waiting: number;
        };
        /**
         * UsageAnswer
         * @description A key's quota and what was used of it, newest first. Keys without a quota are not counted.
         */
        UsageAnswer: {
            /** Days */
            days: components["schemas"]["SpanAnswer"][];
            /** Months */
            months: components["schemas"]["SpanAnswer"][];
            /** Per Day */
            per_day: number | null;
            /** Per Month */
            per_month: number | null;
        };
        /** UseAnswer */
        UseAnswer: {
            /**
             * Coupon Id
             * Format: uuid
             */
            coupon_id: string;
            /** Discount Minor */
            discount_minor: number;
        };
        /**
         * VerdictAnswer
         * @description What one code does on the order, or why it does nothing.
         */
        VerdictAnswer: {
            /** Code */
            code: string;
            /** Discount Minor */
            discount_minor: number;
            /** Gift */
            gift: string | null;
            kind: components["schemas"]["DiscountKind"] | null;
            /**
             * Missing Minor
             * @description By how much the order is below the minimum spend.
             */
            missing_minor: number;
            /** Name */
            name: string | null;
            reason: components["schemas"]["CouponRefusal"] | null;
            /** Valid */
            valid: boolean;
        };
        /** VerificationAnswer */
        VerificationAnswer: {
            /** Checks */
            checks: components["schemas"]["CheckAnswer"][];
            /** Drift Points */
            drift_points: {
                [key: string]: number;
            };
            /**
             * Since
             * @description The entry after which was read; null: everything was.
             */
            since: number | null;
            /** Sound */
            sound: boolean;
        };
        /** VersionAnswer */
        VersionAnswer: {
            /** Author */
            author: string;
            /** Ceiling Points */
            ceiling_points: number | null;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Issued Points
             * @description What the trial has issued.
             */
            issued_points: number;
            /** Note */
            note: string;
            /** Published At */
            published_at: string | null;
            /** Retired At */
            retired_at: string | null;
            /** Retired Because */
            retired_because: string | null;
            /**
             * Share
             * @description Of a trial: the percentage of members.
             */
            share: number | null;
            state: components["schemas"]["VersionState"];
            /** Version */
            version: number;
        };
        /**
         * VersionState
         * @enum {string}
         */
        VersionState: "draft" | "trial" | "live" | "retired";
        /**
         * WaitingAnswer
         * @description An adjustment that needs, or needed, a second person.
         */
        WaitingAnswer: {
            /**
             * Adjustment Id
             * Format: uuid
             */
            adjustment_id: string;
            /** Decided At */
            decided_at: string | null;
            /** Decided By */
            decided_by: string | null;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            point_type: components["schemas"]["PointType"];
            /** Points */
            points: number;
            /** Reason */
            reason: string;
            /**
             * Requested At
             * Format: date-time
             */
            requested_at: string;
            /** Requested By */
            requested_by: string;
            state: components["schemas"]["AdjustmentState"];
            /** Valid Days */
            valid_days: number | null;
        };
        /**
         * WalletAnswer
         * @description A wallet as it stands. `debt` is what the next points to arrive will pay first.
         */
        WalletAnswer: {
            checkin: components["schemas"]["CheckInAnswer"];
            /** Debt */
            debt: number;
            /**
             * Expiring
             * @description The next three, soonest first.
             */
            expiring: components["schemas"]["ExpiringAnswer"][];
            /** Growth Points */
            growth_points: number;
            /**
             * Held
             * @description Set aside for orders that are not paid yet.
             */
            held: number;
            /**
             * Household Id
             * @description Whose points these are, if they are shared.
             */
            household_id: string | null;
            /**
             * Member Id
             * Format: uuid
             */
            member_id: string;
            /** Pending */
            pending: number;
            /**
             * Points
             * @description Available to spend.
             */
            points: number;
            /**
             * Recent
             * @description The last five changes of points.
             */
            recent: components["schemas"]["EntryAnswer"][];
            tier: components["schemas"]["TierProgress"];
            /**
             * Version
             * @description Counts the changes of points and growth points.
             */
            version: number;
        };
        /** WalletState */
        WalletState: {
            /** Available */
            available: number;
            /** Debt */
            debt: number;
            /** Pending */
            pending: number;
        };
        /** WholeVersionAnswer */
        WholeVersionAnswer: {
            /** Author */
            author: string;
            /** Ceiling Points */
            ceiling_points: number | null;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Document */
            document: {
                [key: string]: unknown;
            };
            /**
             * Issued Points
             * @description What the trial has issued.
             */
            issued_points: number;
            /** Note */
            note: string;
            /** Published At */
            published_at: string | null;
            /** Retired At */
            retired_at: string | null;
            /** Retired Because */
            retired_because: string | null;
            /**
             * Share
             * @description Of a trial: the percentage of members.
             */
            share: number | null;
            state: components["schemas"]["VersionState"];
            /** Version */
            version: number;
        };
        /**
         * WriteAnswer
         * @description The write itself. With a status of 2xx it is accepted, and stored with its effect.
         */
        WriteAnswer: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Route */
            route: string;
            /** Service */
            service: string;
            /** Status */
            status: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    key_set__well_known_jwks_json_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "zh-CN": [
                     *         {
                     *           "zh-CN": "Text"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        [key: string]: {
                            [key: string]: string;
                        }[];
                    };
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_review_v1_access_review_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "confirmed_at": "2026-03-02T08:30:00Z",
                     *       "due_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ReviewAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_access_v1_access_review_accesses_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                unused_days?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "kind": "earned",
                     *           "id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": "Jasmine tea",
                     *           "role": "member",
                     *           "scopes": [
                     *             "Scope"
                     *           ],
                     *           "second_factor": true,
                     *           "created_at": "2026-03-02T08:30:00Z",
                     *           "last_used_at": "2026-03-02T08:30:00Z",
                     *           "expires_at": "2026-03-02T08:30:00Z",
                     *           "unused": true
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_AccessAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirm_review_v1_access_review_confirmations_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "note": "Note"
                 *     }
                 */
                "application/json": components["schemas"]["ConfirmationBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_alias_v1_alias_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "messageId": "Messageid",
                 *       "userId": "Userid",
                 *       "anonymousId": "Anonymousid",
                 *       "timestamp": "Timestamp",
                 *       "context": {},
                 *       "sentAt": "Sentat",
                 *       "previousId": "Previousid"
                 *     }
                 */
                "application/json": {
                    anonymousId?: string;
                    context?: Record<string, never>;
                    messageId?: string;
                    previousId?: string;
                    sentAt?: string;
                    timestamp?: string;
                    userId?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "refused": [
                     *         {
                     *           "index": 3,
                     *           "message_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "errors": [
                     *             {}
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_shown_v1_announcements_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "announcement_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points.",
                     *           "action": "/rewards",
                     *           "starts_at": "2026-03-02T08:30:00Z",
                     *           "ends_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_ShownAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    announce_v1_announcements_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "content": {
                 *         "zh-CN": {
                 *           "title": "Points for you",
                 *           "body": "You earned 129 points."
                 *         }
                 *       },
                 *       "action": "/rewards",
                 *       "starts_at": "2026-03-02T08:30:00Z",
                 *       "ends_at": "2026-03-02T08:30:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["AnnouncementBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "announcement_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "content": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points."
                     *         }
                     *       },
                     *       "action": "/rewards",
                     *       "starts_at": "2026-03-02T08:30:00Z",
                     *       "ends_at": "2026-03-02T08:30:00Z",
                     *       "created_by": "Created by",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "withdrawn_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AnnouncementAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_v1_announcements__announcement_id__withdrawal_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                announcement_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "announcement_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "content": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points."
                     *         }
                     *       },
                     *       "action": "/rewards",
                     *       "starts_at": "2026-03-02T08:30:00Z",
                     *       "ends_at": "2026-03-02T08:30:00Z",
                     *       "created_by": "Created by",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "withdrawn_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AnnouncementAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_all_v1_announcements_all_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "announcement_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "content": {
                     *             "zh-CN": {
                     *               "title": "Points for you",
                     *               "body": "You earned 129 points."
                     *             }
                     *           },
                     *           "action": "/rewards",
                     *           "starts_at": "2026-03-02T08:30:00Z",
                     *           "ends_at": "2026-03-02T08:30:00Z",
                     *           "created_by": "Created by",
                     *           "created_at": "2026-03-02T08:30:00Z",
                     *           "withdrawn_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_AnnouncementAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_keys_v1_api_keys_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "key_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "kind": "backend",
                     *           "name": "Jasmine tea",
                     *           "shown": "Shown",
                     *           "scopes": [
                     *             "Scope"
                     *           ],
                     *           "created_at": "2026-03-02T08:30:00Z",
                     *           "expires_at": "2026-03-02T08:30:00Z",
                     *           "last_used_at": "2026-03-02T08:30:00Z",
                     *           "revoked_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_KeyAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_key_v1_api_keys_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Jasmine tea",
                 *       "kind": "backend",
                 *       "scopes": [
                 *         "Scope"
                 *       ],
                 *       "expires_at": "2026-03-02T08:30:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["NewKeyBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "kind": "backend",
                     *       "name": "Jasmine tea",
                     *       "shown": "Shown",
                     *       "scopes": [
                     *         "Scope"
                     *       ],
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "expires_at": "2026-03-02T08:30:00Z",
                     *       "last_used_at": "2026-03-02T08:30:00Z",
                     *       "revoked_at": "2026-03-02T08:30:00Z",
                     *       "key": "spring-2026"
                     *     }
                     */
                    "application/json": components["schemas"]["NewKeyAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_key_v1_api_keys__key_id__delete: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_quota_v1_api_keys__key_id__quota_put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "per_day": 3,
                 *       "per_month": 3
                 *     }
                 */
                "application/json": components["schemas"]["QuotaBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "per_day": 3,
                     *       "per_month": 3
                     *     }
                     */
                    "application/json": components["schemas"]["QuotaBody"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_usage_v1_api_keys__key_id__usage_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "per_day": 3,
                     *       "per_month": 3,
                     *       "days": [
                     *         {
                     *           "starts_on": "2026-03-02",
                     *           "ends_at": "2026-03-02T08:30:00Z",
                     *           "calls": 3
                     *         }
                     *       ],
                     *       "months": [
                     *         {
                     *           "starts_on": "2026-03-02",
                     *           "ends_at": "2026-03-02T08:30:00Z",
                     *           "calls": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["UsageAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_audit_v1_audit_get: {
        parameters: {
            query?: {
                action?: string | null;
                actor_id?: string | null;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                since?: string | null;
                target?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "entry_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "actor_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "action": "/rewards",
                     *           "target": "Target",
                     *           "details": {},
                     *           "occurred_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_AuditAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_account_v1_auth_account_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "registered_at": "2026-03-02T08:30:00Z",
                     *       "has_password": true,
                     *       "email": {
                     *         "value": "Value",
                     *         "added_at": "2026-03-02T08:30:00Z",
                     *         "verified_at": "2026-03-02T08:30:00Z"
                     *       },
                     *       "phone": {
                     *         "value": "Value",
                     *         "added_at": "2026-03-02T08:30:00Z",
                     *         "verified_at": "2026-03-02T08:30:00Z"
                     *       },
                     *       "issuers": [
                     *         {
                     *           "issuer": "Issuer",
                     *           "email": "mei@example.com",
                     *           "linked_at": "2026-03-02T08:30:00Z",
                     *           "last_used_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["AccountAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    close_account_v1_auth_account_closure_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["PresenceBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_identifier_v1_auth_account_identifiers_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery staple",
                 *       "email": "mei@example.com",
                 *       "phone": "+8613800138000"
                 *     }
                 */
                "application/json": components["schemas"]["NewAddressBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "expires_in_s": 600,
                     *       "next_in_s": 30
                     *     }
                     */
                    "application/json": components["schemas"]["CodeSent"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirm_identifier_v1_auth_account_identifiers_confirm_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "code": "428571",
                 *       "link": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["CodeBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    link_issuer_v1_auth_account_issuers_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery staple",
                 *       "issuer": "keycloak",
                 *       "id_token": "correct horse battery staple",
                 *       "nonce": "Nonce"
                 *     }
                 */
                "application/json": components["schemas"]["LinkBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlink_issuer_v1_auth_account_issuers__name__delete: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_password_v1_auth_account_password_put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery staple",
                 *       "new_password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordChangeBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    request_code_v1_auth_codes_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "mei@example.com",
                 *       "phone": "+8613800138000",
                 *       "purpose": "sign_in",
                 *       "language": "zh-CN"
                 *     }
                 */
                "application/json": components["schemas"]["CodeRequestBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "expires_in_s": 600,
                     *       "next_in_s": 30
                     *     }
                     */
                    "application/json": components["schemas"]["CodeSent"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    come_as_guest_v1_auth_guest_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "device_id": "6f1c9a52-iphone",
                 *       "platform": "ios",
                 *       "app": "shop 4.2",
                 *       "refresh_token": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["GuestBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "role": "member",
                     *       "session_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk2NGIxZSJ9.c2ln",
                     *       "token_type": "Bearer",
                     *       "expires_in_s": 3,
                     *       "refresh_token": "rt_2vQ0mQ9b1xJ7c5tR8yH3kD6fL4sN0wP"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_issuers_v1_auth_issuers_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "Jasmine tea",
                     *           "issuer": "Issuer",
                     *           "audiences": [
                     *             "Audience"
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_AcceptedIssuer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_v1_auth_login_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "mei@example.com",
                 *       "phone": "+8613800138000",
                 *       "password": "correct horse battery staple",
                 *       "device_id": "6f1c9a52-iphone",
                 *       "platform": "ios",
                 *       "app": "shop 4.2"
                 *     }
                 */
                "application/json": components["schemas"]["SignInBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "role": "member",
                     *       "session_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk2NGIxZSJ9.c2ln",
                     *       "token_type": "Bearer",
                     *       "expires_in_s": 3,
                     *       "refresh_token": "rt_2vQ0mQ9b1xJ7c5tR8yH3kD6fL4sN0wP"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_by_code_v1_auth_login_code_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "code": "428571",
                 *       "link": "correct horse battery staple",
                 *       "device_id": "6f1c9a52-iphone",
                 *       "platform": "ios",
                 *       "app": "shop 4.2",
                 *       "display_name": "Mei",
                 *       "channel": "inbox",
                 *       "referral_code": "Referral code",
                 *       "language": "zh-CN",
                 *       "anonymous_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10"
                 *     }
                 */
                "application/json": components["schemas"]["CodeSignInBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "role": "member",
                     *       "session_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk2NGIxZSJ9.c2ln",
                     *       "token_type": "Bearer",
                     *       "expires_in_s": 3,
                     *       "refresh_token": "rt_2vQ0mQ9b1xJ7c5tR8yH3kD6fL4sN0wP"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_vouched_v1_auth_login_issuer_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "issuer": "keycloak",
                 *       "id_token": "correct horse battery staple",
                 *       "nonce": "Nonce",
                 *       "device_id": "6f1c9a52-iphone",
                 *       "platform": "ios",
                 *       "app": "shop 4.2",
                 *       "display_name": "Mei",
                 *       "channel": "inbox",
                 *       "referral_code": "Referral code",
                 *       "language": "zh-CN",
                 *       "anonymous_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10"
                 *     }
                 */
                "application/json": components["schemas"]["IssuerSignInBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "role": "member",
                     *       "session_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk2NGIxZSJ9.c2ln",
                     *       "token_type": "Bearer",
                     *       "expires_in_s": 3,
                     *       "refresh_token": "rt_2vQ0mQ9b1xJ7c5tR8yH3kD6fL4sN0wP"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out_v1_auth_logout_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["SignOutBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reset_password_v1_auth_password_reset_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "code": "428571",
                 *       "link": "correct horse battery staple",
                 *       "new_password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordResetBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refresh_v1_auth_refresh_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refresh_token": "correct horse battery staple",
                 *       "device_id": "6f1c9a52-iphone"
                 *     }
                 */
                "application/json": components["schemas"]["RefreshBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "role": "member",
                     *       "session_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk2NGIxZSJ9.c2ln",
                     *       "token_type": "Bearer",
                     *       "expires_in_s": 3,
                     *       "refresh_token": "rt_2vQ0mQ9b1xJ7c5tR8yH3kD6fL4sN0wP"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    register_v1_auth_register_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "mei@example.com",
                 *       "phone": "+8613800138000",
                 *       "password": "correct horse battery staple",
                 *       "device_id": "6f1c9a52-iphone",
                 *       "platform": "ios",
                 *       "app": "shop 4.2",
                 *       "display_name": "Mei",
                 *       "channel": "inbox",
                 *       "referral_code": "Referral code",
                 *       "language": "zh-CN",
                 *       "anonymous_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10"
                 *     }
                 */
                "application/json": components["schemas"]["RegisterBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "role": "member",
                     *       "session_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk2NGIxZSJ9.c2ln",
                     *       "token_type": "Bearer",
                     *       "expires_in_s": 3,
                     *       "refresh_token": "rt_2vQ0mQ9b1xJ7c5tR8yH3kD6fL4sN0wP"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"] | components["schemas"]["CodeSent"];
                };
            };
            /** @description With REGISTRATION=confirmed. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "expires_in_s": 600,
                     *       "next_in_s": 30
                     *     }
                     */
                    "application/json": components["schemas"]["CodeSent"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirm_registration_v1_auth_register_confirm_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "code": "428571",
                 *       "link": "correct horse battery staple",
                 *       "device_id": "6f1c9a52-iphone",
                 *       "platform": "ios",
                 *       "app": "shop 4.2"
                 *     }
                 */
                "application/json": components["schemas"]["RegisterConfirmBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "role": "member",
                     *       "session_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk2NGIxZSJ9.c2ln",
                     *       "token_type": "Bearer",
                     *       "expires_in_s": 3,
                     *       "refresh_token": "rt_2vQ0mQ9b1xJ7c5tR8yH3kD6fL4sN0wP"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sessions_v1_auth_sessions_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "session_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "device_id": "6f1c9a52-iphone",
                     *           "platform": "ios",
                     *           "app": "shop 4.2",
                     *           "started_at": "2026-03-02T08:30:00Z",
                     *           "refreshed_at": "2026-03-02T08:30:00Z",
                     *           "current": true
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_SessionAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_other_sessions_v1_auth_sessions_delete: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_session_v1_auth_sessions__session_id__delete: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_v1_auth_staff_invitations_accept_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "correct horse battery staple",
                 *       "password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["AcceptanceBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "email": "mei@example.com",
                     *       "display_name": "Mei",
                     *       "role": "member",
                     *       "scopes": [
                     *         "Scope"
                     *       ],
                     *       "second_factor": true,
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "last_used_at": "2026-03-02T08:30:00Z",
                     *       "disabled_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["StaffAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_v1_auth_staff_login_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "totp": "428571",
                 *       "recovery_code": "7fk3d-wq2mx",
                 *       "email": "mei@example.com",
                 *       "password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["StaffSignInBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "role": "member",
                     *       "session_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "access_token": "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk2NGIxZSJ9.c2ln",
                     *       "token_type": "Bearer",
                     *       "expires_in_s": 3,
                     *       "refresh_token": "rt_2vQ0mQ9b1xJ7c5tR8yH3kD6fL4sN0wP"
                     *     }
                     */
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reset_password_v1_auth_staff_password_reset_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "code": "428571",
                 *       "link": "correct horse battery staple",
                 *       "new_password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["PasswordResetBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_own_badges_v1_badges_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "badge": "Badge",
                     *           "name": "Jasmine tea",
                     *           "description": "Description",
                     *           "icon": "Icon",
                     *           "awarded_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_AwardedAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_batch_v1_batch_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "batch": [
                 *         {}
                 *       ],
                 *       "sentAt": "Sentat",
                 *       "context": {}
                 *     }
                 */
                "application/json": {
                    batch?: Record<string, never>[];
                    context?: Record<string, never>;
                    sentAt?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "refused": [
                     *         {
                     *           "index": 3,
                     *           "message_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "errors": [
                     *             {}
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_campaigns_v1_campaigns_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "campaign_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": "Jasmine tea",
                     *           "segment": "loyal-tea-drinkers",
                     *           "category": "points",
                     *           "channels": [
                     *             "inbox"
                     *           ],
                     *           "state": "draft",
                     *           "audience": 3,
                     *           "created_by": "Created by",
                     *           "created_at": "2026-03-02T08:30:00Z",
                     *           "started_at": "2026-03-02T08:30:00Z",
                     *           "ended_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["NotifyPage_SummaryAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_campaign_v1_campaigns_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Jasmine tea",
                 *       "segment": "loyal-tea-drinkers",
                 *       "category": "points",
                 *       "channels": [
                 *         "inbox"
                 *       ],
                 *       "content": {
                 *         "zh-CN": {
                 *           "title": "Points for you",
                 *           "body": "You earned 129 points.",
                 *           "letter": "Letter",
                 *           "button": "Button"
                 *         }
                 *       },
                 *       "action": "/rewards"
                 *     }
                 */
                "application/json": components["schemas"]["CampaignBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "campaign_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "segment": "loyal-tea-drinkers",
                     *       "category": "points",
                     *       "channels": [
                     *         "inbox"
                     *       ],
                     *       "state": "draft",
                     *       "audience": 3,
                     *       "created_by": "Created by",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "started_at": "2026-03-02T08:30:00Z",
                     *       "ended_at": "2026-03-02T08:30:00Z",
                     *       "content": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points.",
                     *           "letter": "Letter",
                     *           "button": "Button"
                     *         }
                     *       },
                     *       "action": "/rewards",
                     *       "audience_complete": true,
                     *       "tallies": [
                     *         {
                     *           "channel": "inbox",
                     *           "queued": 3,
                     *           "in_flight": 3,
                     *           "sent": 3,
                     *           "failed": 3,
                     *           "skipped": 3,
                     *           "unknown": 3,
                     *           "cancelled": 3,
                     *           "reasons": {
                     *             "zh-CN": 3
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CampaignAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_campaign_v1_campaigns__campaign_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                campaign_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "campaign_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "segment": "loyal-tea-drinkers",
                     *       "category": "points",
                     *       "channels": [
                     *         "inbox"
                     *       ],
                     *       "state": "draft",
                     *       "audience": 3,
                     *       "created_by": "Created by",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "started_at": "2026-03-02T08:30:00Z",
                     *       "ended_at": "2026-03-02T08:30:00Z",
                     *       "content": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points.",
                     *           "letter": "Letter",
                     *           "button": "Button"
                     *         }
                     *       },
                     *       "action": "/rewards",
                     *       "audience_complete": true,
                     *       "tallies": [
                     *         {
                     *           "channel": "inbox",
                     *           "queued": 3,
                     *           "in_flight": 3,
                     *           "sent": 3,
                     *           "failed": 3,
                     *           "skipped": 3,
                     *           "unknown": 3,
                     *           "cancelled": 3,
                     *           "reasons": {
                     *             "zh-CN": 3
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CampaignAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_campaign_v1_campaigns__campaign_id__cancel_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                campaign_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "campaign_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "segment": "loyal-tea-drinkers",
                     *       "category": "points",
                     *       "channels": [
                     *         "inbox"
                     *       ],
                     *       "state": "draft",
                     *       "audience": 3,
                     *       "created_by": "Created by",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "started_at": "2026-03-02T08:30:00Z",
                     *       "ended_at": "2026-03-02T08:30:00Z",
                     *       "content": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points.",
                     *           "letter": "Letter",
                     *           "button": "Button"
                     *         }
                     *       },
                     *       "action": "/rewards",
                     *       "audience_complete": true,
                     *       "tallies": [
                     *         {
                     *           "channel": "inbox",
                     *           "queued": 3,
                     *           "in_flight": 3,
                     *           "sent": 3,
                     *           "failed": 3,
                     *           "skipped": 3,
                     *           "unknown": 3,
                     *           "cancelled": 3,
                     *           "reasons": {
                     *             "zh-CN": 3
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CampaignAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pause_campaign_v1_campaigns__campaign_id__pause_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                campaign_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "campaign_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "segment": "loyal-tea-drinkers",
                     *       "category": "points",
                     *       "channels": [
                     *         "inbox"
                     *       ],
                     *       "state": "draft",
                     *       "audience": 3,
                     *       "created_by": "Created by",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "started_at": "2026-03-02T08:30:00Z",
                     *       "ended_at": "2026-03-02T08:30:00Z",
                     *       "content": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points.",
                     *           "letter": "Letter",
                     *           "button": "Button"
                     *         }
                     *       },
                     *       "action": "/rewards",
                     *       "audience_complete": true,
                     *       "tallies": [
                     *         {
                     *           "channel": "inbox",
                     *           "queued": 3,
                     *           "in_flight": 3,
                     *           "sent": 3,
                     *           "failed": 3,
                     *           "skipped": 3,
                     *           "unknown": 3,
                     *           "cancelled": 3,
                     *           "reasons": {
                     *             "zh-CN": 3
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CampaignAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_campaign_v1_campaigns__campaign_id__start_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                campaign_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "campaign_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "segment": "loyal-tea-drinkers",
                     *       "category": "points",
                     *       "channels": [
                     *         "inbox"
                     *       ],
                     *       "state": "draft",
                     *       "audience": 3,
                     *       "created_by": "Created by",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "started_at": "2026-03-02T08:30:00Z",
                     *       "ended_at": "2026-03-02T08:30:00Z",
                     *       "content": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points.",
                     *           "letter": "Letter",
                     *           "button": "Button"
                     *         }
                     *       },
                     *       "action": "/rewards",
                     *       "audience_complete": true,
                     *       "tallies": [
                     *         {
                     *           "channel": "inbox",
                     *           "queued": 3,
                     *           "in_flight": 3,
                     *           "sent": 3,
                     *           "failed": 3,
                     *           "skipped": 3,
                     *           "unknown": 3,
                     *           "cancelled": 3,
                     *           "reasons": {
                     *             "zh-CN": 3
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CampaignAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_calendar_v1_checkins_get: {
        parameters: {
            query: {
                /** @description Such as 2026-03. */
                month: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "month": "2026-03",
                     *       "present": 3,
                     *       "made_up": 3,
                     *       "frozen": 3
                     *     }
                     */
                    "application/json": components["schemas"]["CalendarAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    record_checkin_v1_checkins_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "checked_in_at": "2026-03-02T08:30:00Z",
                 *       "key_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "signature": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                 *     }
                 */
                "application/json": components["schemas"]["OfflineCheckIn"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "day": "2026-03-02",
                     *       "streak": 3,
                     *       "points": 129,
                     *       "balance": 1329,
                     *       "next_at": "2026-03-02T08:30:00Z",
                     *       "frozen": [
                     *         "2026-03-02"
                     *       ],
                     *       "freeze_cards": 3
                     *     }
                     */
                    "application/json": components["schemas"]["CheckedInAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_key_v1_checkins_keys_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "secret": "Secret",
                     *       "issued_at": "2026-03-02T08:30:00Z",
                     *       "window_s": 3
                     *     }
                     */
                    "application/json": components["schemas"]["LoyaltyKeyAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    make_up_for_day_v1_checkins_makeups_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "day": "2026-03-02"
                 *     }
                 */
                "application/json": components["schemas"]["MakeUpBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "day": "2026-03-02",
                     *       "streak": 3,
                     *       "makeup_cards": 3
                     *     }
                     */
                    "application/json": components["schemas"]["MadeUpAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_own_coupons_v1_coupons_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "coupon_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "code": "482913",
                     *           "name": "Jasmine tea",
                     *           "description": "Description",
                     *           "kind": "amount",
                     *           "amount_minor": 12900,
                     *           "percent": 3,
                     *           "most_minor": 3,
                     *           "gift": "Gift",
                     *           "currency": "CNY",
                     *           "minimum_spend_minor": 3,
                     *           "valid_from": "2026-03-02T08:30:00Z",
                     *           "valid_until": "2026-03-02T08:30:00Z",
                     *           "uses_left": 3,
                     *           "state": "usable"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_CouponAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_v1_coupons__coupon_id__revocations_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The coupon's id. */
                coupon_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "coupon_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "code": "482913",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "uses": 3,
                     *       "most_uses": 3,
                     *       "valid_until": "2026-03-02T08:30:00Z",
                     *       "revoked": true,
                     *       "issued_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["KeptAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    find_coupon_v1_coupons_lookup_get: {
        parameters: {
            query: {
                code: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "coupon_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "code": "482913",
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "uses": 3,
                     *           "most_uses": 3,
                     *           "valid_until": "2026-03-02T08:30:00Z",
                     *           "revoked": true,
                     *           "issued_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_KeptAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeem_coupons_v1_coupons_redemptions_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "order_id": "A-20260302-0017",
                 *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "amount_minor": 12900,
                 *       "currency": "CNY",
                 *       "codes": [
                 *         "482913"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CheckoutBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "discount_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "order_id": "A-20260302-0017",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "codes": [
                     *         "482913"
                     *       ],
                     *       "discount_minor": 3,
                     *       "to_pay_minor": 3,
                     *       "currency": "CNY",
                     *       "coupons": [
                     *         {
                     *           "coupon_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "discount_minor": 3
                     *         }
                     *       ],
                     *       "redeemed_at": "2026-03-02T08:30:00Z",
                     *       "rolled_back_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["DiscountAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    roll_back_coupons_v1_coupons_rollbacks_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "order_id": "A-20260302-0017"
                 *     }
                 */
                "application/json": components["schemas"]["RollbackBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "discount_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "order_id": "A-20260302-0017",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "codes": [
                     *         "482913"
                     *       ],
                     *       "discount_minor": 3,
                     *       "to_pay_minor": 3,
                     *       "currency": "CNY",
                     *       "coupons": [
                     *         {
                     *           "coupon_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "discount_minor": 3
                     *         }
                     *       ],
                     *       "redeemed_at": "2026-03-02T08:30:00Z",
                     *       "rolled_back_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["DiscountAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_series_v1_coupons_series_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": {
                     *             "zh-CN": "Text"
                     *           },
                     *           "description": {
                     *             "zh-CN": "Text"
                     *           },
                     *           "kind": "amount",
                     *           "amount_minor": 12900,
                     *           "percent": 3,
                     *           "most_minor": 3,
                     *           "gift": "Gift",
                     *           "currency": "CNY",
                     *           "minimum_spend_minor": 3,
                     *           "priority": 3,
                     *           "stacking_group": "Stacking group",
                     *           "exclusive": true,
                     *           "coupon_uses": 3,
                     *           "member_uses": 3,
                     *           "valid_from": "2026-03-02T08:30:00Z",
                     *           "valid_until": "2026-03-02T08:30:00Z",
                     *           "valid_days": 3,
                     *           "tiers": [
                     *             "silver"
                     *           ],
                     *           "segments": [
                     *             "loyal-tea-drinkers"
                     *           ],
                     *           "returns_with_order": true,
                     *           "active": true
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_SeriesAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_series_v1_coupons_series_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "description": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "kind": "amount",
                 *       "amount_minor": 12900,
                 *       "percent": 3,
                 *       "most_minor": 3,
                 *       "gift": "Gift",
                 *       "currency": "CNY",
                 *       "minimum_spend_minor": 0,
                 *       "priority": 0,
                 *       "stacking_group": "stacking-group",
                 *       "exclusive": false,
                 *       "coupon_uses": 1,
                 *       "member_uses": 3,
                 *       "valid_from": "2026-03-02T08:30:00Z",
                 *       "valid_until": "2026-03-02T08:30:00Z",
                 *       "valid_days": 3,
                 *       "tiers": [],
                 *       "segments": [],
                 *       "returns_with_order": true,
                 *       "active": true
                 *     }
                 */
                "application/json": components["schemas"]["NewSeries"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "description": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "kind": "amount",
                     *       "amount_minor": 12900,
                     *       "percent": 3,
                     *       "most_minor": 3,
                     *       "gift": "Gift",
                     *       "currency": "CNY",
                     *       "minimum_spend_minor": 3,
                     *       "priority": 3,
                     *       "stacking_group": "Stacking group",
                     *       "exclusive": true,
                     *       "coupon_uses": 3,
                     *       "member_uses": 3,
                     *       "valid_from": "2026-03-02T08:30:00Z",
                     *       "valid_until": "2026-03-02T08:30:00Z",
                     *       "valid_days": 3,
                     *       "tiers": [
                     *         "silver"
                     *       ],
                     *       "segments": [
                     *         "loyal-tea-drinkers"
                     *       ],
                     *       "returns_with_order": true,
                     *       "active": true
                     *     }
                     */
                    "application/json": components["schemas"]["SeriesAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit_series_v1_coupons_series__series_id__patch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The series' id. */
                series_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "description": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "minimum_spend_minor": 3,
                 *       "priority": 3,
                 *       "stacking_group": "stacking-group",
                 *       "exclusive": true,
                 *       "member_uses": 3,
                 *       "valid_until": "2026-03-02T08:30:00Z",
                 *       "tiers": [
                 *         "silver"
                 *       ],
                 *       "segments": [
                 *         "loyal-tea-drinkers"
                 *       ],
                 *       "returns_with_order": true,
                 *       "active": true
                 *     }
                 */
                "application/json": components["schemas"]["SeriesChanges"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "description": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "kind": "amount",
                     *       "amount_minor": 12900,
                     *       "percent": 3,
                     *       "most_minor": 3,
                     *       "gift": "Gift",
                     *       "currency": "CNY",
                     *       "minimum_spend_minor": 3,
                     *       "priority": 3,
                     *       "stacking_group": "Stacking group",
                     *       "exclusive": true,
                     *       "coupon_uses": 3,
                     *       "member_uses": 3,
                     *       "valid_from": "2026-03-02T08:30:00Z",
                     *       "valid_until": "2026-03-02T08:30:00Z",
                     *       "valid_days": 3,
                     *       "tiers": [
                     *         "silver"
                     *       ],
                     *       "segments": [
                     *         "loyal-tea-drinkers"
                     *       ],
                     *       "returns_with_order": true,
                     *       "active": true
                     *     }
                     */
                    "application/json": components["schemas"]["SeriesAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import_coupons_v1_coupons_series__series_id__codes_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The series' id. */
                series_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "load_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "added": 3,
                     *       "duplicates": 3,
                     *       "invalid": 3,
                     *       "errors": [
                     *         {}
                     *       ],
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "finished_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["LoadAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    generate_coupons_v1_coupons_series__series_id__codes_generations_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The series' id. */
                series_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "count": 3,
                 *       "prefix": "",
                 *       "length": 10
                 *     }
                 */
                "application/json": components["schemas"]["Generation"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "load_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "added": 3,
                     *       "duplicates": 3,
                     *       "invalid": 3,
                     *       "errors": [
                     *         {}
                     *       ],
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "finished_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["LoadAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_coupons_v1_coupons_series__series_id__coupons_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The series' id. */
                series_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "coupon_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "code": "482913",
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "uses": 3,
                     *           "most_uses": 3,
                     *           "valid_until": "2026-03-02T08:30:00Z",
                     *           "revoked": true,
                     *           "issued_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_KeptAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_coupon_v1_coupons_series__series_id__coupons_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The series' id. */
                series_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "code": "482913"
                 *     }
                 */
                "application/json": components["schemas"]["NewCoupon"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "coupon_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "code": "482913",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "uses": 3,
                     *       "most_uses": 3,
                     *       "valid_until": "2026-03-02T08:30:00Z",
                     *       "revoked": true,
                     *       "issued_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["KeptAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    validate_v1_coupons_validations_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "amount_minor": 12900,
                 *       "currency": "CNY",
                 *       "codes": [
                 *         "482913"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["BasketBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "valid": true,
                     *       "discount_minor": 3,
                     *       "to_pay_minor": 3,
                     *       "currency": "CNY",
                     *       "coupons": [
                     *         {
                     *           "code": "482913",
                     *           "valid": true,
                     *           "reason": "unknown",
                     *           "missing_minor": 3,
                     *           "discount_minor": 3,
                     *           "kind": "amount",
                     *           "gift": "Gift",
                     *           "name": "Jasmine tea"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TrialAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_draws_v1_draws_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "draw_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": "Jasmine tea",
                     *           "description": "Description",
                     *           "entry_points": 3,
                     *           "opens_at": "2026-03-02T08:30:00Z",
                     *           "closes_at": "2026-03-02T08:30:00Z",
                     *           "prizes": [
                     *             {
                     *               "key": "spring-2026",
                     *               "name": "Jasmine tea",
                     *               "odds": 3,
                     *               "prize": {
                     *                 "points": 129,
                     *                 "valid_days": 3,
                     *                 "growth_points": 2400,
                     *                 "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *                 "freeze_cards": 3,
                     *                 "makeup_cards": 3,
                     *                 "badge": "Badge"
                     *               }
                     *             }
                     *           ],
                     *           "commitment": "Commitment",
                     *           "entries_left": 3,
                     *           "active": true
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_DrawAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_draw_v1_draws_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "description": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "prizes": [
                 *         {
                 *           "key": "spring-2026",
                 *           "name": {
                 *             "zh-CN": "Text"
                 *           },
                 *           "odds": 3,
                 *           "stock": 3,
                 *           "prize": {
                 *             "points": 129,
                 *             "valid_days": 365,
                 *             "growth_points": 2400,
                 *             "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *             "freeze_cards": 0,
                 *             "makeup_cards": 0,
                 *             "badge": "badge"
                 *           }
                 *         }
                 *       ],
                 *       "entry_points": 0,
                 *       "daily_entries": 1,
                 *       "opens_at": "2026-03-02T08:30:00Z",
                 *       "closes_at": "2026-03-02T08:30:00Z",
                 *       "tiers": [],
                 *       "segments": []
                 *     }
                 */
                "application/json": components["schemas"]["NewDraw"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "draw_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "description": "Description",
                     *       "entry_points": 3,
                     *       "opens_at": "2026-03-02T08:30:00Z",
                     *       "closes_at": "2026-03-02T08:30:00Z",
                     *       "prizes": [
                     *         {
                     *           "key": "spring-2026",
                     *           "name": "Jasmine tea",
                     *           "odds": 3,
                     *           "prize": {
                     *             "points": 129,
                     *             "valid_days": 3,
                     *             "growth_points": 2400,
                     *             "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *             "freeze_cards": 3,
                     *             "makeup_cards": 3,
                     *             "badge": "Badge"
                     *           }
                     *         }
                     *       ],
                     *       "commitment": "Commitment",
                     *       "entries_left": 3,
                     *       "active": true
                     *     }
                     */
                    "application/json": components["schemas"]["DrawAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_audit_v1_draws__draw_id__audit_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The draw's id. */
                draw_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "number": 3,
                     *           "key": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "ticket": 3,
                     *           "prize": "Prize",
                     *           "drawn_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor",
                     *       "draw_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "commitment": "Commitment",
                     *       "seed": "Seed"
                     *     }
                     */
                    "application/json": components["schemas"]["LoyaltyAuditAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enter_v1_draws__draw_id__entries_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The draw's id. */
                draw_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "draw_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "number": 3,
                     *       "key": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "ticket": 3,
                     *       "prize": "Prize",
                     *       "name": "Jasmine tea",
                     *       "won": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "balance": 1329
                     *     }
                     */
                    "application/json": components["schemas"]["DrawnAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stop_v1_draws__draw_id__stops_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The draw's id. */
                draw_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "draw_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "description": "Description",
                     *       "entry_points": 3,
                     *       "opens_at": "2026-03-02T08:30:00Z",
                     *       "closes_at": "2026-03-02T08:30:00Z",
                     *       "prizes": [
                     *         {
                     *           "key": "spring-2026",
                     *           "name": "Jasmine tea",
                     *           "odds": 3,
                     *           "prize": {
                     *             "points": 129,
                     *             "valid_days": 3,
                     *             "growth_points": 2400,
                     *             "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *             "freeze_cards": 3,
                     *             "makeup_cards": 3,
                     *             "badge": "Badge"
                     *           }
                     *         }
                     *       ],
                     *       "commitment": "Commitment",
                     *       "entries_left": 3,
                     *       "active": true
                     *     }
                     */
                    "application/json": components["schemas"]["DrawAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_erasures_v1_erasures_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                /** @description Only of the member who had this id: the proof for a complaint. */
                member_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "erasure_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "requested_at": "2026-03-02T08:30:00Z",
                     *           "services": [
                     *             {
                     *               "service": "loyalty",
                     *               "erased_at": "2026-03-02T08:30:00Z"
                     *             }
                     *           ],
                     *           "finished_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_ErasureAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ask_for_erasure_v1_erasures_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10"
                 *     }
                 */
                "application/json": components["schemas"]["ErasureBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "erasure_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "requested_at": "2026-03-02T08:30:00Z",
                     *       "services": [
                     *         {
                     *           "service": "loyalty",
                     *           "erased_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "finished_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ErasureAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_erasure_v1_erasures__erasure_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                erasure_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "erasure_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "requested_at": "2026-03-02T08:30:00Z",
                     *       "services": [
                     *         {
                     *           "service": "loyalty",
                     *           "erased_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "finished_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ErasureAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_articles_v1_faq_get: {
        parameters: {
            query?: {
                category?: string | null;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                q?: string | null;
                stage?: components["schemas"]["Stage"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "article_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "category": "points",
                     *           "language": "zh-CN",
                     *           "title": "Points for you",
                     *           "excerpt": "Excerpt"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_SummaryAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    write_article_v1_faq_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "category": "points",
                 *       "texts": {
                 *         "zh-CN": {
                 *           "title": "Points for you",
                 *           "body": "You earned 129 points."
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ArticleBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "article_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "category": "points",
                     *       "stage": "draft",
                     *       "version": 3,
                     *       "language": "zh-CN",
                     *       "title": "Points for you",
                     *       "body": "You earned 129 points.",
                     *       "published_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z",
                     *       "texts": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points."
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ArticleAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_article_v1_faq__article_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                article_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "article_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "category": "points",
                     *       "stage": "draft",
                     *       "version": 3,
                     *       "language": "zh-CN",
                     *       "title": "Points for you",
                     *       "body": "You earned 129 points.",
                     *       "published_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z",
                     *       "texts": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points."
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ArticleAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rewrite_article_v1_faq__article_id__put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                article_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "category": "points",
                 *       "texts": {
                 *         "zh-CN": {
                 *           "title": "Points for you",
                 *           "body": "You earned 129 points."
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ArticleBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "article_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "category": "points",
                     *       "stage": "draft",
                     *       "version": 3,
                     *       "language": "zh-CN",
                     *       "title": "Points for you",
                     *       "body": "You earned 129 points.",
                     *       "published_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z",
                     *       "texts": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points."
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ArticleAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publish_article_v1_faq__article_id__publish_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                article_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "article_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "category": "points",
                     *       "stage": "draft",
                     *       "version": 3,
                     *       "language": "zh-CN",
                     *       "title": "Points for you",
                     *       "body": "You earned 129 points.",
                     *       "published_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z",
                     *       "texts": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points."
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ArticleAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_article_v1_faq__article_id__withdraw_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                article_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "article_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "category": "points",
                     *       "stage": "draft",
                     *       "version": 3,
                     *       "language": "zh-CN",
                     *       "title": "Points for you",
                     *       "body": "You earned 129 points.",
                     *       "published_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z",
                     *       "texts": {
                     *         "zh-CN": {
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points."
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ArticleAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_group_v1_group_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "messageId": "Messageid",
                 *       "userId": "Userid",
                 *       "anonymousId": "Anonymousid",
                 *       "timestamp": "Timestamp",
                 *       "context": {},
                 *       "sentAt": "Sentat",
                 *       "groupId": "Groupid",
                 *       "traits": {}
                 *     }
                 */
                "application/json": {
                    anonymousId?: string;
                    context?: Record<string, never>;
                    groupId?: string;
                    messageId?: string;
                    sentAt?: string;
                    timestamp?: string;
                    traits?: Record<string, never>;
                    userId?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "refused": [
                     *         {
                     *           "index": 3,
                     *           "message_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "errors": [
                     *             {}
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    authorize_v1_holds_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "points": 129,
                 *       "reference": "Reference",
                 *       "lasts_s": 900
                 *     }
                 */
                "application/json": components["schemas"]["HoldBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hold_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "points": 129,
                     *       "captured": 3,
                     *       "released": 3,
                     *       "remaining": 3,
                     *       "state": "open",
                     *       "reference": "Reference",
                     *       "authorized_at": "2026-03-02T08:30:00Z",
                     *       "expires_at": "2026-03-02T08:30:00Z",
                     *       "available": 3
                     *     }
                     */
                    "application/json": components["schemas"]["HeldAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_v1_holds__hold_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The hold's id. */
                hold_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hold_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "points": 129,
                     *       "captured": 3,
                     *       "released": 3,
                     *       "remaining": 3,
                     *       "state": "open",
                     *       "reference": "Reference",
                     *       "authorized_at": "2026-03-02T08:30:00Z",
                     *       "expires_at": "2026-03-02T08:30:00Z",
                     *       "available": 3
                     *     }
                     */
                    "application/json": components["schemas"]["HeldAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    capture_v1_holds__hold_id__captures_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The hold's id. */
                hold_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "points": 129,
                 *       "final": true
                 *     }
                 */
                "application/json": components["schemas"]["CaptureBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hold_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "points": 129,
                     *       "captured": 3,
                     *       "released": 3,
                     *       "remaining": 3,
                     *       "state": "open",
                     *       "reference": "Reference",
                     *       "authorized_at": "2026-03-02T08:30:00Z",
                     *       "expires_at": "2026-03-02T08:30:00Z",
                     *       "available": 3
                     *     }
                     */
                    "application/json": components["schemas"]["HeldAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    void_v1_holds__hold_id__voids_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The hold's id. */
                hold_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hold_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "points": 129,
                     *       "captured": 3,
                     *       "released": 3,
                     *       "remaining": 3,
                     *       "state": "open",
                     *       "reference": "Reference",
                     *       "authorized_at": "2026-03-02T08:30:00Z",
                     *       "expires_at": "2026-03-02T08:30:00Z",
                     *       "available": 3
                     *     }
                     */
                    "application/json": components["schemas"]["HeldAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_home_v1_home_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "profile": {
                     *         "state": "ok",
                     *         "data": {}
                     *       },
                     *       "wallet": {
                     *         "state": "ok",
                     *         "data": {}
                     *       },
                     *       "inbox": {
                     *         "state": "ok",
                     *         "data": {}
                     *       },
                     *       "tickets": {
                     *         "state": "ok",
                     *         "data": {}
                     *       },
                     *       "offers": {
                     *         "state": "ok",
                     *         "data": {}
                     *       },
                     *       "announcements": {
                     *         "state": "ok",
                     *         "data": {}
                     *       },
                     *       "check_in": {
                     *         "state": "ok",
                     *         "data": {}
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["HomeAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_v1_households_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "household_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "code": "482913",
                     *       "points": 129,
                     *       "members": [
                     *         {
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "joined_at": "2026-03-02T08:30:00Z",
                     *           "left_at": "2026-03-02T08:30:00Z",
                     *           "earned": 3,
                     *           "spent": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HouseholdAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    found_v1_households_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Jasmine tea"
                 *     }
                 */
                "application/json": components["schemas"]["HouseholdBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "household_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "code": "482913",
                     *       "points": 129,
                     *       "members": [
                     *         {
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "joined_at": "2026-03-02T08:30:00Z",
                     *           "left_at": "2026-03-02T08:30:00Z",
                     *           "earned": 3,
                     *           "spent": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HouseholdAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    leave_v1_households_departures_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "household_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "code": "482913",
                     *       "points": 129,
                     *       "members": [
                     *         {
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "joined_at": "2026-03-02T08:30:00Z",
                     *           "left_at": "2026-03-02T08:30:00Z",
                     *           "earned": 3,
                     *           "spent": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HouseholdAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    join_v1_households_joins_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "482913"
                 *     }
                 */
                "application/json": components["schemas"]["JoinBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "household_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "code": "482913",
                     *       "points": 129,
                     *       "members": [
                     *         {
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "joined_at": "2026-03-02T08:30:00Z",
                     *           "left_at": "2026-03-02T08:30:00Z",
                     *           "earned": 3,
                     *           "spent": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HouseholdAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_identify_v1_identify_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "messageId": "Messageid",
                 *       "userId": "Userid",
                 *       "anonymousId": "Anonymousid",
                 *       "timestamp": "Timestamp",
                 *       "context": {},
                 *       "sentAt": "Sentat",
                 *       "traits": {}
                 *     }
                 */
                "application/json": {
                    anonymousId?: string;
                    context?: Record<string, never>;
                    messageId?: string;
                    sentAt?: string;
                    timestamp?: string;
                    traits?: Record<string, never>;
                    userId?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "refused": [
                     *         {
                     *           "index": 3,
                     *           "message_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "errors": [
                     *             {}
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_inbox_v1_inbox_get: {
        parameters: {
            query?: {
                /** @description Items above this number instead, oldest first. */
                after?: number | null;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "item_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "seq": 17,
                     *           "unread": 2,
                     *           "category": "points",
                     *           "title": "Points for you",
                     *           "body": "You earned 129 points.",
                     *           "action": "/rewards",
                     *           "created_at": "2026-03-02T08:30:00Z",
                     *           "read_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor",
                     *       "unread": 2
                     *     }
                     */
                    "application/json": components["schemas"]["InboxAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mark_read_v1_inbox_read_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "up_to_seq": 3,
                 *       "item_ids": [
                 *         "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ReadBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "unread": 2
                     *     }
                     */
                    "application/json": components["schemas"]["UnreadAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_adjustments_v1_loyalty_adjustments_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                state?: components["schemas"]["AdjustmentState"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "adjustment_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "point_type": "points",
                     *           "points": 129,
                     *           "valid_days": 3,
                     *           "reason": "Sorry for the delay",
                     *           "state": "waiting",
                     *           "requested_by": "Requested by",
                     *           "requested_at": "2026-03-02T08:30:00Z",
                     *           "decided_by": "Decided by",
                     *           "decided_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_WaitingAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approve_v1_loyalty_adjustments__adjustment_id__approvals_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The adjustment's id. */
                adjustment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "adjustment_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "point_type": "points",
                     *       "points": 129,
                     *       "valid_days": 3,
                     *       "reason": "Sorry for the delay",
                     *       "state": "waiting",
                     *       "requested_by": "Requested by",
                     *       "requested_at": "2026-03-02T08:30:00Z",
                     *       "decided_by": "Decided by",
                     *       "decided_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WaitingAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reject_v1_loyalty_adjustments__adjustment_id__rejections_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The adjustment's id. */
                adjustment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "adjustment_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "point_type": "points",
                     *       "points": 129,
                     *       "valid_days": 3,
                     *       "reason": "Sorry for the delay",
                     *       "state": "waiting",
                     *       "requested_by": "Requested by",
                     *       "requested_at": "2026-03-02T08:30:00Z",
                     *       "decided_by": "Decided by",
                     *       "decided_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WaitingAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_badges_v1_loyalty_badges_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "badge": "Badge",
                     *           "name": {
                     *             "zh-CN": "Text"
                     *           },
                     *           "description": {
                     *             "zh-CN": "Text"
                     *           },
                     *           "icon": "Icon"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_BadgeAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_badge_v1_loyalty_badges_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "badge": "badge",
                 *       "name": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "description": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "icon": "Icon"
                 *     }
                 */
                "application/json": components["schemas"]["NewBadge"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "badge": "Badge",
                     *       "name": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "description": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "icon": "Icon"
                     *     }
                     */
                    "application/json": components["schemas"]["BadgeAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_terms_v1_loyalty_checkin_terms_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "freeze_every": 3,
                     *       "most_freezes": 3,
                     *       "makeup_days": 3,
                     *       "window_s": 3
                     *     }
                     */
                    "application/json": components["schemas"]["services__loyalty__api__checkins__TermsAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_terms_v1_loyalty_checkin_terms_put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "freeze_every": 7,
                 *       "most_freezes": 2,
                 *       "makeup_days": 7,
                 *       "window_s": 259200
                 *     }
                 */
                "application/json": components["schemas"]["services__loyalty__api__checkins__TermsBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "freeze_every": 3,
                     *       "most_freezes": 3,
                     *       "makeup_days": 3,
                     *       "window_s": 3
                     *     }
                     */
                    "application/json": components["schemas"]["services__loyalty__api__checkins__TermsAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_code_load_v1_loyalty_code_loads__load_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The load's id. */
                load_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "load_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "added": 3,
                     *       "duplicates": 3,
                     *       "invalid": 3,
                     *       "errors": [
                     *         {}
                     *       ],
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "finished_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["LoadAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refund_v1_loyalty_entries__entry_id__refunds_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The entry that spent the points, of the history. */
                entry_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "points": 129,
                 *       "reason": "Sorry for the delay"
                 *     }
                 */
                "application/json": components["schemas"]["RefundBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entry_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "points": 129,
                     *       "refunded": 3,
                     *       "available": 3
                     *     }
                     */
                    "application/json": components["schemas"]["RefundAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_activity_v1_loyalty_finance_activity_get: {
        parameters: {
            query: {
                /** @description The first day. */
                from: string;
                point_type?: components["schemas"]["PointType"];
                /** @description The last day. */
                until: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "earning": 3,
                     *       "redeeming": 3,
                     *       "active": 3,
                     *       "holding": 3,
                     *       "holding_active": 3,
                     *       "owing": 3
                     *     }
                     */
                    "application/json": components["schemas"]["LoyaltyActivityAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_breakage_v1_loyalty_finance_breakage_get: {
        parameters: {
            query?: {
                /** @description What if expiry were so many times? */
                expiring?: number | string;
                /** @description The end of this day; today, if left out. */
                on?: string | null;
                point_type?: components["schemas"]["PointType"];
                /** @description What if redemption were so many times? */
                redeeming?: number | string;
                tail_rate?: number | string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "point_type": "points",
                     *       "observed_until": "2026-03-02",
                     *       "ultimate_redemption_rate": "Ultimate redemption rate",
                     *       "breakage_rate": "Breakage rate",
                     *       "tail_rate": "Tail rate",
                     *       "steps": [
                     *         {
                     *           "age": 3,
                     *           "cohorts": 3,
                     *           "exposed": 3,
                     *           "redeemed": 3,
                     *           "expired": 3,
                     *           "redeeming": "Redeeming",
                     *           "expiring": "Expiring",
                     *           "future_rate": "Future rate"
                     *         }
                     *       ],
                     *       "cohorts": [
                     *         {
                     *           "cohort": "2026-03-02",
                     *           "age_months": 3,
                     *           "issued": 3,
                     *           "redeemed": 3,
                     *           "expired": 3,
                     *           "outstanding": 3,
                     *           "redeemed_by_age": [
                     *             3
                     *           ],
                     *           "expired_by_age": [
                     *             3
                     *           ],
                     *           "ultimate_redeemed": 3,
                     *           "ultimate_rate": "Ultimate rate"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["BreakageAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_costs_v1_loyalty_finance_costs_get: {
        parameters: {
            query: {
                /** @description The first day. */
                from: string;
                point_type?: components["schemas"]["PointType"];
                /** @description The last day. */
                until: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "as_of": {
                     *         "seq": 17,
                     *         "recorded_at": "2026-03-02T08:30:00Z",
                     *         "waiting": 3
                     *       },
                     *       "price_minor": "Price minor",
                     *       "currency": "CNY",
                     *       "rules": [
                     *         {
                     *           "rule": "Rule",
                     *           "campaign": "Campaign",
                     *           "issued": 3,
                     *           "issued_minor": 3,
                     *           "redeemed": 3,
                     *           "redeemed_minor": 3,
                     *           "expired": 3,
                     *           "versions": {
                     *             "zh-CN": 3
                     *           }
                     *         }
                     *       ],
                     *       "rewards": [
                     *         {
                     *           "source_type": "Source type",
                     *           "item": "Item",
                     *           "name": {
                     *             "zh-CN": "Text"
                     *           },
                     *           "points": 129,
                     *           "points_minor": 3,
                     *           "times": 3,
                     *           "cost_minor": 3
                     *         }
                     *       ],
                     *       "budgets": [
                     *         {
                     *           "budget": "Budget",
                     *           "used": 3,
                     *           "ceiling": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CostsAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_deferrals_v1_loyalty_finance_deferrals_get: {
        parameters: {
            query: {
                /** @description A month such as `2026-10`. */
                period: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "period": "Period",
                     *       "closed": true,
                     *       "liability_minor": 3,
                     *       "items": [
                     *         {
                     *           "point_type": "Point type",
                     *           "cohort": "2026-03-02",
                     *           "origin": "order",
                     *           "issued": 3,
                     *           "redeemed": 3,
                     *           "expired": 3,
                     *           "outstanding": 3,
                     *           "value_minor": "Value minor",
                     *           "rate": "Rate",
                     *           "price_minor": "Price minor",
                     *           "future_rate": "Future rate",
                     *           "deferred_minor": 3,
                     *           "redeemed_minor": 3,
                     *           "breakage_minor": 3,
                     *           "liability_minor": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DeferralsAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_entries_v1_loyalty_finance_entries_get: {
        parameters: {
            query: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description The first day. */
                from: string;
                /** @description How many items at most. */
                limit?: number;
                movement?: components["schemas"]["Movement"] | null;
                point_type?: components["schemas"]["PointType"];
                /** @description The last day. */
                until: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "entry_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "seq": 17,
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "movement": "earned",
                     *           "booked_on": "2026-03-02",
                     *           "points": 129,
                     *           "source_type": "Source type",
                     *           "source_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "rule": "Rule",
                     *           "leg": "Leg",
                     *           "actor": "Actor",
                     *           "reason": "Sorry for the delay",
                     *           "occurred_at": "2026-03-02T08:30:00Z",
                     *           "recorded_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_FinanceEntryAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_journal_v1_loyalty_finance_journal_get: {
        parameters: {
            query: {
                format?: ("csv" | "jsonl") | null;
                /** @description A month such as `2026-10`. */
                period: string;
            };
            header?: {
                accept?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                    "text/csv": string;
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_liability_v1_loyalty_finance_liability_get: {
        parameters: {
            query?: {
                /** @description The end of this day; today, if left out. */
                on?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "as_of": {
                     *         "seq": 17,
                     *         "recorded_at": "2026-03-02T08:30:00Z",
                     *         "waiting": 3
                     *       },
                     *       "items": [
                     *         {
                     *           "point_type": "points",
                     *           "points": {
                     *             "available": 3,
                     *             "pending": 3,
                     *             "held": 3,
                     *             "outstanding": 3,
                     *             "debt": 3,
                     *             "net": 3
                     *           },
                     *           "price_minor": "Price minor",
                     *           "currency": "CNY",
                     *           "value_minor": 3,
                     *           "expected_minor": 3,
                     *           "cohorts": [
                     *             {
                     *               "cohort": "2026-03-02",
                     *               "age_months": 3,
                     *               "origin": "order",
                     *               "points": {
                     *                 "available": 3,
                     *                 "pending": 3,
                     *                 "held": 3,
                     *                 "outstanding": 3,
                     *                 "debt": 3,
                     *                 "net": 3
                     *               },
                     *               "future_rate": "Future rate",
                     *               "value_minor": 3,
                     *               "expected_minor": 3
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["LiabilitiesAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_periods_v1_loyalty_finance_periods_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "period": "Period",
                     *           "begins_on": "2026-03-02",
                     *           "ends_on": "2026-03-02",
                     *           "last_seq": 3,
                     *           "digest": "Digest",
                     *           "lines": 3,
                     *           "reason": "Sorry for the delay",
                     *           "closed_by": "Closed by",
                     *           "closed_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_PeriodAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    close_v1_loyalty_finance_periods_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "period": "2026-10",
                 *       "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                 *       "reason": "Sorry for the delay"
                 *     }
                 */
                "application/json": components["schemas"]["ClosingBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "period": "Period",
                     *       "begins_on": "2026-03-02",
                     *       "ends_on": "2026-03-02",
                     *       "last_seq": 3,
                     *       "digest": "Digest",
                     *       "lines": 3,
                     *       "reason": "Sorry for the delay",
                     *       "closed_by": "Closed by",
                     *       "closed_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PeriodAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_point_values_v1_loyalty_finance_point_values_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "point_type": "points",
                     *           "valid_from": "2026-03-02",
                     *           "value_minor": "Value minor",
                     *           "currency": "CNY",
                     *           "reason": "Sorry for the delay",
                     *           "actor": "Actor",
                     *           "declared_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_PointValueAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    declare_value_v1_loyalty_finance_point_values_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "point_type": "points",
                 *       "valid_from": "2026-03-02",
                 *       "value_minor": "1.25",
                 *       "currency": "CNY",
                 *       "reason": "Sorry for the delay"
                 *     }
                 */
                "application/json": components["schemas"]["PointValueBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "point_type": "points",
                     *       "valid_from": "2026-03-02",
                     *       "value_minor": "Value minor",
                     *       "currency": "CNY",
                     *       "reason": "Sorry for the delay",
                     *       "actor": "Actor",
                     *       "declared_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PointValueAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rebuild_sums_v1_loyalty_finance_rebuilds_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "seq": 17,
                     *       "recorded_at": "2026-03-02T08:30:00Z",
                     *       "waiting": 3
                     *     }
                     */
                    "application/json": components["schemas"]["AsOfAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_reward_costs_v1_loyalty_finance_reward_costs_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "reward_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "valid_from": "2026-03-02",
                     *           "cost_minor": 3,
                     *           "currency": "CNY",
                     *           "actor": "Actor",
                     *           "declared_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_RewardCostAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    declare_cost_v1_loyalty_finance_reward_costs_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reward_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "valid_from": "2026-03-02",
                 *       "cost_minor": 3,
                 *       "currency": "CNY"
                 *     }
                 */
                "application/json": components["schemas"]["RewardCostBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "reward_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "valid_from": "2026-03-02",
                     *       "cost_minor": 3,
                     *       "currency": "CNY",
                     *       "actor": "Actor",
                     *       "declared_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["services__loyalty__api__finance__declarations__RewardCostAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_roll_forward_v1_loyalty_finance_roll_forward_get: {
        parameters: {
            query: {
                /** @description The first day. */
                from: string;
                /** @description The last day. */
                until: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "as_of": {
                     *         "seq": 17,
                     *         "recorded_at": "2026-03-02T08:30:00Z",
                     *         "waiting": 3
                     *       },
                     *       "items": [
                     *         {
                     *           "point_type": "points",
                     *           "opening": {
                     *             "available": 3,
                     *             "pending": 3,
                     *             "held": 3,
                     *             "outstanding": 3,
                     *             "debt": 3,
                     *             "net": 3
                     *           },
                     *           "movements": {
                     *             "earned": 3
                     *           },
                     *           "closing": {
                     *             "available": 3,
                     *             "pending": 3,
                     *             "held": 3,
                     *             "outstanding": 3,
                     *             "debt": 3,
                     *             "net": 3
                     *           },
                     *           "burn": {
                     *             "days": 3,
                     *             "earned": 3,
                     *             "redeemed": 3,
                     *             "expired": 3,
                     *             "burn_to_earn": "Burn to earn",
                     *             "redemption_rate": "Redemption rate",
                     *             "expiry_rate": "Expiry rate",
                     *             "daily_burn": "Daily burn",
                     *             "days_of_supply": "Days of supply"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RollForwardsAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_terms_v1_loyalty_finance_terms_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "time_zone": "Asia/Shanghai",
                     *       "breakage": "proportional",
                     *       "tail_rate": "Tail rate",
                     *       "accounts": {
                     *         "contract_liability": "Text"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["services__loyalty__api__finance__declarations__TermsAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_v1_loyalty_finance_terms_patch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "time_zone": "Asia/Shanghai",
                 *       "breakage": "proportional",
                 *       "tail_rate": 0,
                 *       "accounts": {
                 *         "contract_liability": "Text"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["TermsChanges"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "time_zone": "Asia/Shanghai",
                     *       "breakage": "proportional",
                     *       "tail_rate": "Tail rate",
                     *       "accounts": {
                     *         "contract_liability": "Text"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["services__loyalty__api__finance__declarations__TermsAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify_sums_v1_loyalty_finance_verify_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sound": true,
                     *       "drift_points": {
                     *         "zh-CN": 3
                     *       },
                     *       "as_of": {
                     *         "seq": 17,
                     *         "recorded_at": "2026-03-02T08:30:00Z",
                     *         "waiting": 3
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ComparisonAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_imports_v1_loyalty_imports_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "import_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "programme": "Programme",
                     *           "kind": "balances",
                     *           "state": "receiving",
                     *           "rows": 3,
                     *           "reached": 3,
                     *           "accepted": 3,
                     *           "repeated": 3,
                     *           "refused": 3,
                     *           "totals": {
                     *             "file": {
                     *               "zh-CN": 3
                     *             },
                     *             "ledger": {
                     *               "zh-CN": 3
                     *             },
                     *             "before": {
                     *               "zh-CN": {
                     *                 "zh-CN": 3
                     *               }
                     *             },
                     *             "after": {
                     *               "zh-CN": {
                     *                 "zh-CN": 3
                     *               }
                     *             },
                     *             "moved_otherwise": {
                     *               "zh-CN": 3
                     *             },
                     *             "after_undoing": {
                     *               "zh-CN": {
                     *                 "zh-CN": 3
                     *               }
                     *             }
                     *           },
                     *           "created_at": "2026-03-02T08:30:00Z",
                     *           "checked_at": "2026-03-02T08:30:00Z",
                     *           "committed_at": "2026-03-02T08:30:00Z",
                     *           "undone_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_ImportAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_import_v1_loyalty_imports_post: {
        parameters: {
            query: {
                /** @description Import what is right without asking again. */
                commit?: boolean;
                /** @description What the rows are. */
                kind: components["schemas"]["ImportKind"];
                /** @description Your name of the programme they come from. */
                programme: string;
            };
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {"external_id": "C-1", "points": 1200, "expires_at": "2027-12-31"} */
                "application/jsonl": string;
                /** @example {"external_id": "C-1", "points": 1200, "expires_at": "2027-12-31"} */
                "application/jsonlines": string;
                /** @example {"external_id": "C-1", "points": 1200, "expires_at": "2027-12-31"} */
                "application/x-ndjson": string;
                /**
                 * @example external_id,points,expires_at
                 *     C-1,1200,2027-12-31
                 */
                "text/csv": string;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "import_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "programme": "Programme",
                     *       "kind": "balances",
                     *       "state": "receiving",
                     *       "rows": 3,
                     *       "reached": 3,
                     *       "accepted": 3,
                     *       "repeated": 3,
                     *       "refused": 3,
                     *       "totals": {
                     *         "file": {
                     *           "zh-CN": 3
                     *         },
                     *         "ledger": {
                     *           "zh-CN": 3
                     *         },
                     *         "before": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         },
                     *         "after": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         },
                     *         "moved_otherwise": {
                     *           "zh-CN": 3
                     *         },
                     *         "after_undoing": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         }
                     *       },
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "checked_at": "2026-03-02T08:30:00Z",
                     *       "committed_at": "2026-03-02T08:30:00Z",
                     *       "undone_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_import_v1_loyalty_imports__import_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The import's id. */
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "import_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "programme": "Programme",
                     *       "kind": "balances",
                     *       "state": "receiving",
                     *       "rows": 3,
                     *       "reached": 3,
                     *       "accepted": 3,
                     *       "repeated": 3,
                     *       "refused": 3,
                     *       "totals": {
                     *         "file": {
                     *           "zh-CN": 3
                     *         },
                     *         "ledger": {
                     *           "zh-CN": 3
                     *         },
                     *         "before": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         },
                     *         "after": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         },
                     *         "moved_otherwise": {
                     *           "zh-CN": 3
                     *         },
                     *         "after_undoing": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         }
                     *       },
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "checked_at": "2026-03-02T08:30:00Z",
                     *       "committed_at": "2026-03-02T08:30:00Z",
                     *       "undone_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discard_import_v1_loyalty_imports__import_id__delete: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The import's id. */
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "import_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "programme": "Programme",
                     *       "kind": "balances",
                     *       "state": "receiving",
                     *       "rows": 3,
                     *       "reached": 3,
                     *       "accepted": 3,
                     *       "repeated": 3,
                     *       "refused": 3,
                     *       "totals": {
                     *         "file": {
                     *           "zh-CN": 3
                     *         },
                     *         "ledger": {
                     *           "zh-CN": 3
                     *         },
                     *         "before": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         },
                     *         "after": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         },
                     *         "moved_otherwise": {
                     *           "zh-CN": 3
                     *         },
                     *         "after_undoing": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         }
                     *       },
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "checked_at": "2026-03-02T08:30:00Z",
                     *       "committed_at": "2026-03-02T08:30:00Z",
                     *       "undone_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    commit_import_v1_loyalty_imports__import_id__commits_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The import's id. */
                import_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "skip_refused": false
                 *     }
                 */
                "application/json": components["schemas"]["Commit"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "import_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "programme": "Programme",
                     *       "kind": "balances",
                     *       "state": "receiving",
                     *       "rows": 3,
                     *       "reached": 3,
                     *       "accepted": 3,
                     *       "repeated": 3,
                     *       "refused": 3,
                     *       "totals": {
                     *         "file": {
                     *           "zh-CN": 3
                     *         },
                     *         "ledger": {
                     *           "zh-CN": 3
                     *         },
                     *         "before": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         },
                     *         "after": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         },
                     *         "moved_otherwise": {
                     *           "zh-CN": 3
                     *         },
                     *         "after_undoing": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         }
                     *       },
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "checked_at": "2026-03-02T08:30:00Z",
                     *       "committed_at": "2026-03-02T08:30:00Z",
                     *       "undone_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_import_errors_v1_loyalty_imports__import_id__errors_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The import's id. */
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "row": 3,
                     *           "errors": [
                     *             {
                     *               "row": 3,
                     *               "column": "Column",
                     *               "code": "482913",
                     *               "detail": "Check these fields: text."
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_RowErrors_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    download_import_errors_v1_loyalty_imports__import_id__errors_csv_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The import's id. */
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    undo_import_v1_loyalty_imports__import_id__reversals_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The import's id. */
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "import_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "programme": "Programme",
                     *       "kind": "balances",
                     *       "state": "receiving",
                     *       "rows": 3,
                     *       "reached": 3,
                     *       "accepted": 3,
                     *       "repeated": 3,
                     *       "refused": 3,
                     *       "totals": {
                     *         "file": {
                     *           "zh-CN": 3
                     *         },
                     *         "ledger": {
                     *           "zh-CN": 3
                     *         },
                     *         "before": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         },
                     *         "after": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         },
                     *         "moved_otherwise": {
                     *           "zh-CN": 3
                     *         },
                     *         "after_undoing": {
                     *           "zh-CN": {
                     *             "zh-CN": 3
                     *           }
                     *         }
                     *       },
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "checked_at": "2026-03-02T08:30:00Z",
                     *       "committed_at": "2026-03-02T08:30:00Z",
                     *       "undone_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify_blocks_v1_loyalty_ledger_chain_get: {
        parameters: {
            query?: {
                /** @description The block to begin after. */
                after?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sound": true,
                     *       "blocks": 3,
                     *       "entries": 3,
                     *       "head": "Head",
                     *       "broken_at": 3
                     *     }
                     */
                    "application/json": components["schemas"]["ChainAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify_v1_loyalty_ledger_verify_get: {
        parameters: {
            query?: {
                whole?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sound": true,
                     *       "drift_points": {
                     *         "zh-CN": 3
                     *       },
                     *       "since": 3,
                     *       "checks": [
                     *         {
                     *           "claim": "Claim",
                     *           "contradictions": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["VerificationAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_point_types_v1_loyalty_point_types_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "key": "points",
                     *           "clawback": "pending_only",
                     *           "debt_limit": 3,
                     *           "grace_days": 3,
                     *           "expiry": "as_earned",
                     *           "period": "month",
                     *           "inactivity_days": 3,
                     *           "reminder_days": [
                     *             3
                     *           ],
                     *           "approval_above": 3,
                     *           "transferable": true,
                     *           "transfer_daily_limit": 3
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["LoyaltyPage_PolicyAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_policy_v1_loyalty_point_types__key__patch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                key: components["schemas"]["PointType"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "clawback": "pending_only",
                 *       "debt_limit": 3,
                 *       "grace_days": 3,
                 *       "expiry": "as_earned",
                 *       "period": "month",
                 *       "inactivity_days": 3,
                 *       "reminder_days": [
                 *         3
                 *       ],
                 *       "approval_above": 3,
                 *       "transferable": true,
                 *       "transfer_daily_limit": 3
                 *     }
                 */
                "application/json": components["schemas"]["PolicyChanges"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "points",
                     *       "clawback": "pending_only",
                     *       "debt_limit": 3,
                     *       "grace_days": 3,
                     *       "expiry": "as_earned",
                     *       "period": "month",
                     *       "inactivity_days": 3,
                     *       "reminder_days": [
                     *         3
                     *       ],
                     *       "approval_above": 3,
                     *       "transferable": true,
                     *       "transfer_daily_limit": 3
                     *     }
                     */
                    "application/json": components["schemas"]["LoyaltyPolicyAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_terms_v1_loyalty_referral_terms_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "referrer_prize": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "friend_prize": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "minimum_order_minor": 3,
                     *       "return_days": 3,
                     *       "new_days": 3,
                     *       "lapse_days": 3,
                     *       "most_rewarded": 3,
                     *       "most_per_network": 3
                     *     }
                     */
                    "application/json": components["schemas"]["services__loyalty__api__referrals__TermsAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_terms_v1_loyalty_referral_terms_put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "referrer_prize": {
                 *         "points": 129,
                 *         "valid_days": 365,
                 *         "growth_points": 2400,
                 *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *         "freeze_cards": 0,
                 *         "makeup_cards": 0,
                 *         "badge": "badge"
                 *       },
                 *       "friend_prize": {
                 *         "points": 129,
                 *         "valid_days": 365,
                 *         "growth_points": 2400,
                 *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *         "freeze_cards": 0,
                 *         "makeup_cards": 0,
                 *         "badge": "badge"
                 *       },
                 *       "minimum_order_minor": 0,
                 *       "return_days": 15,
                 *       "new_days": 14,
                 *       "lapse_days": 90,
                 *       "most_rewarded": 10,
                 *       "most_per_network": 3
                 *     }
                 */
                "application/json": components["schemas"]["services__loyalty__api__referrals__TermsBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "referrer_prize": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "friend_prize": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "minimum_order_minor": 3,
                     *       "return_days": 3,
                     *       "new_days": 3,
                     *       "lapse_days": 3,
                     *       "most_rewarded": 3,
                     *       "most_per_network": 3
                     *     }
                     */
                    "application/json": components["schemas"]["services__loyalty__api__referrals__TermsAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_limits_v1_loyalty_velocity_limits_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hourly_redemptions": 3,
                     *       "daily_redemptions": 3,
                     *       "daily_points": 3,
                     *       "new_device_hours": 3,
                     *       "new_device_points": 3
                     *     }
                     */
                    "application/json": components["schemas"]["LimitsAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_limits_v1_loyalty_velocity_limits_put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hourly_redemptions": 20,
                 *       "daily_redemptions": 50,
                 *       "daily_points": 3,
                 *       "new_device_hours": 24,
                 *       "new_device_points": 1000
                 *     }
                 */
                "application/json": components["schemas"]["LimitsBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hourly_redemptions": 3,
                     *       "daily_redemptions": 3,
                     *       "daily_points": 3,
                     *       "new_device_hours": 3,
                     *       "new_device_points": 3
                     *     }
                     */
                    "application/json": components["schemas"]["LimitsAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_me_v1_me_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "anonymous": true,
                     *       "email": "mei@example.com",
                     *       "phone": "+8613800138000",
                     *       "display_name": "Mei",
                     *       "language": "zh-CN",
                     *       "time_zone": "Asia/Shanghai",
                     *       "created_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_me_v1_me_patch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "display_name": "Mei",
                 *       "language": "zh-CN",
                 *       "time_zone": "Asia/Shanghai"
                 *     }
                 */
                "application/json": components["schemas"]["ProfileChanges"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "anonymous": true,
                     *       "email": "mei@example.com",
                     *       "phone": "+8613800138000",
                     *       "display_name": "Mei",
                     *       "language": "zh-CN",
                     *       "time_zone": "Asia/Shanghai",
                     *       "created_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_members_v1_members_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                segment?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "standing": "Standing",
                     *           "email": "mei@example.com",
                     *           "phone": "+8613800138000",
                     *           "display_name": "Mei",
                     *           "language": "zh-CN",
                     *           "time_zone": "Asia/Shanghai",
                     *           "channel": "inbox",
                     *           "traits": {},
                     *           "tags": [
                     *             "Tag"
                     *           ],
                     *           "stage": "Stage",
                     *           "last_active_at": "2026-03-02T08:30:00Z",
                     *           "created_at": "2026-03-02T08:30:00Z",
                     *           "updated_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_MemberAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_member_v1_members__member_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                member_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "standing": "Standing",
                     *       "email": "mei@example.com",
                     *       "phone": "+8613800138000",
                     *       "display_name": "Mei",
                     *       "language": "zh-CN",
                     *       "time_zone": "Asia/Shanghai",
                     *       "channel": "inbox",
                     *       "traits": {},
                     *       "tags": [
                     *         "Tag"
                     *       ],
                     *       "stage": "Stage",
                     *       "last_active_at": "2026-03-02T08:30:00Z",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z",
                     *       "segments": [
                     *         "loyal-tea-drinkers"
                     *       ],
                     *       "order_count": 3,
                     *       "net_minor": {
                     *         "zh-CN": 3
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["MemberDetail"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_activities_v1_members__member_id__activities_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                member_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "activity_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "kind": "earned",
                     *           "name": "Jasmine tea",
                     *           "properties": {},
                     *           "context": {},
                     *           "occurred_at": "2026-03-02T08:30:00Z",
                     *           "received_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_ActivityAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_members_coupons_v1_members__member_id__coupons_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The member's id. */
                member_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "coupon_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "code": "482913",
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "uses": 3,
                     *           "most_uses": 3,
                     *           "valid_until": "2026-03-02T08:30:00Z",
                     *           "revoked": true,
                     *           "issued_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_KeptAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_members_holds_v1_members__member_id__holds_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The member's id. */
                member_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "hold_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "points": 129,
                     *           "captured": 3,
                     *           "released": 3,
                     *           "remaining": 3,
                     *           "state": "open",
                     *           "reference": "Reference",
                     *           "authorized_at": "2026-03-02T08:30:00Z",
                     *           "expires_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_HoldAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adjust_v1_members__member_id__points_adjustments_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The member's id. */
                member_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "points": 129,
                 *       "point_type": "points",
                 *       "reason": "Sorry for the delay",
                 *       "valid_days": 3
                 *     }
                 */
                "application/json": components["schemas"]["AdjustmentBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entry_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "points": 129,
                     *       "available": 3,
                     *       "version": 3
                     *     }
                     */
                    "application/json": components["schemas"]["AdjustedAnswer"] | components["schemas"]["WaitingAnswer"];
                };
            };
            /** @description It waits for a second person. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "adjustment_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "point_type": "points",
                     *       "points": 129,
                     *       "valid_days": 3,
                     *       "reason": "Sorry for the delay",
                     *       "state": "waiting",
                     *       "requested_by": "Requested by",
                     *       "requested_at": "2026-03-02T08:30:00Z",
                     *       "decided_by": "Decided by",
                     *       "decided_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["WaitingAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    extend_v1_members__member_id__points_extensions_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The member's id. */
                member_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "point_type": "points",
                 *       "until": "2026-03-02T08:30:00Z",
                 *       "reason": "Sorry for the delay"
                 *     }
                 */
                "application/json": components["schemas"]["ExtensionBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "points": 129
                     *     }
                     */
                    "application/json": components["schemas"]["ExtensionAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_members_occasions_v1_members__member_id__points_occasions_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The member's id. */
                member_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "occasion_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "trigger": "profile.order.placed",
                     *           "points": 129,
                     *           "summary": "Summary",
                     *           "at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_DecidedAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_tag_v1_members__member_id__tags__tag__put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                member_id: string;
                tag: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "standing": "Standing",
                     *       "email": "mei@example.com",
                     *       "phone": "+8613800138000",
                     *       "display_name": "Mei",
                     *       "language": "zh-CN",
                     *       "time_zone": "Asia/Shanghai",
                     *       "channel": "inbox",
                     *       "traits": {},
                     *       "tags": [
                     *         "Tag"
                     *       ],
                     *       "stage": "Stage",
                     *       "last_active_at": "2026-03-02T08:30:00Z",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MemberAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tag_v1_members__member_id__tags__tag__delete: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                member_id: string;
                tag: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "standing": "Standing",
                     *       "email": "mei@example.com",
                     *       "phone": "+8613800138000",
                     *       "display_name": "Mei",
                     *       "language": "zh-CN",
                     *       "time_zone": "Asia/Shanghai",
                     *       "channel": "inbox",
                     *       "traits": {},
                     *       "tags": [
                     *         "Tag"
                     *       ],
                     *       "stage": "Stage",
                     *       "last_active_at": "2026-03-02T08:30:00Z",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["MemberAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_members_wallet_v1_members__member_id__wallet_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The member's id. */
                member_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "household_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "version": 3,
                     *       "points": 129,
                     *       "pending": 3,
                     *       "held": 3,
                     *       "debt": 3,
                     *       "growth_points": 2400,
                     *       "tier": {
                     *         "key": "spring-2026",
                     *         "name": "Jasmine tea",
                     *         "benefits": {
                     *           "multiplier": "Multiplier",
                     *           "priority_support": true,
                     *           "exclusive_offers": true,
                     *           "free_shipping": true,
                     *           "birthday_points": 3
                     *         },
                     *         "reached_at": "2026-03-02T08:30:00Z",
                     *         "basis": "growth_points",
                     *         "value": 3,
                     *         "next": {
                     *           "key": "spring-2026",
                     *           "name": "Jasmine tea",
                     *           "threshold": 3,
                     *           "benefits": {
                     *             "multiplier": "Multiplier",
                     *             "priority_support": true,
                     *             "exclusive_offers": true,
                     *             "free_shipping": true,
                     *             "birthday_points": 3
                     *           }
                     *         },
                     *         "missing": 3,
                     *         "progress": 0,
                     *         "keep": {
                     *           "until": "2026-03-02T08:30:00Z",
                     *           "needs": 3,
                     *           "missing": 3,
                     *           "projected": "Projected"
                     *         }
                     *       },
                     *       "expiring": [
                     *         {
                     *           "points": 129,
                     *           "expires_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "checkin": {
                     *         "done_today": true,
                     *         "streak": 3,
                     *         "next_at": "2026-03-02T08:30:00Z"
                     *       },
                     *       "recent": [
                     *         {
                     *           "entry_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "version": 3,
                     *           "kind": "earn",
                     *           "points": 129,
                     *           "available": 3,
                     *           "pending": 3,
                     *           "held": 3,
                     *           "debt": 3,
                     *           "rule": "Rule",
                     *           "source_type": "Source type",
                     *           "source_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "reason": "Sorry for the delay",
                     *           "by_member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "occurred_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WalletAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_missions_v1_missions_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "mission_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": "Jasmine tea",
                     *           "description": "Description",
                     *           "progress": 0,
                     *           "steps": [
                     *             {
                     *               "count": 3,
                     *               "target": 3
                     *             }
                     *           ],
                     *           "prize": {
                     *             "points": 129,
                     *             "valid_days": 3,
                     *             "growth_points": 2400,
                     *             "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *             "freeze_cards": 3,
                     *             "makeup_cards": 3,
                     *             "badge": "Badge"
                     *           },
                     *           "recurrence": "once",
                     *           "period_ends": "2026-03-02",
                     *           "ends_at": "2026-03-02T08:30:00Z",
                     *           "completed": true,
                     *           "claimable": true,
                     *           "claimed": true,
                     *           "ranked": true
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_GoingAnswer_"] | components["schemas"]["Page_MissionAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_mission_v1_missions_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "description": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "goals": [
                 *         {
                 *           "trigger": "profile.order.placed",
                 *           "target": 3,
                 *           "measure": "count",
                 *           "field": "Field",
                 *           "where": {
                 *             "zh-CN": "Text"
                 *           }
                 *         }
                 *       ],
                 *       "prize": {
                 *         "points": 129,
                 *         "valid_days": 365,
                 *         "growth_points": 2400,
                 *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *         "freeze_cards": 0,
                 *         "makeup_cards": 0,
                 *         "badge": "badge"
                 *       },
                 *       "recurrence": "once",
                 *       "starts_at": "2026-03-02T08:30:00Z",
                 *       "ends_at": "2026-03-02T08:30:00Z",
                 *       "tiers": [],
                 *       "segments": [],
                 *       "claimed_by_itself": false,
                 *       "ranked": false,
                 *       "active": true
                 *     }
                 */
                "application/json": components["schemas"]["NewMission"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "mission_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "description": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "goals": [
                     *         {
                     *           "trigger": "profile.order.placed",
                     *           "target": 3,
                     *           "measure": "count",
                     *           "field": "Field",
                     *           "where": {}
                     *         }
                     *       ],
                     *       "prize": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "recurrence": "once",
                     *       "starts_at": "2026-03-02T08:30:00Z",
                     *       "ends_at": "2026-03-02T08:30:00Z",
                     *       "tiers": [
                     *         "silver"
                     *       ],
                     *       "segments": [
                     *         "loyal-tea-drinkers"
                     *       ],
                     *       "claimed_by_itself": true,
                     *       "ranked": true,
                     *       "active": true
                     *     }
                     */
                    "application/json": components["schemas"]["MissionAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit_mission_v1_missions__mission_id__patch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The mission's id. */
                mission_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "description": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "ends_at": "2026-03-02T08:30:00Z",
                 *       "tiers": [
                 *         "silver"
                 *       ],
                 *       "segments": [
                 *         "loyal-tea-drinkers"
                 *       ],
                 *       "active": true
                 *     }
                 */
                "application/json": components["schemas"]["MissionChanges"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "mission_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "description": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "goals": [
                     *         {
                     *           "trigger": "profile.order.placed",
                     *           "target": 3,
                     *           "measure": "count",
                     *           "field": "Field",
                     *           "where": {}
                     *         }
                     *       ],
                     *       "prize": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "recurrence": "once",
                     *       "starts_at": "2026-03-02T08:30:00Z",
                     *       "ends_at": "2026-03-02T08:30:00Z",
                     *       "tiers": [
                     *         "silver"
                     *       ],
                     *       "segments": [
                     *         "loyal-tea-drinkers"
                     *       ],
                     *       "claimed_by_itself": true,
                     *       "ranked": true,
                     *       "active": true
                     *     }
                     */
                    "application/json": components["schemas"]["MissionAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claim_v1_missions__mission_id__claims_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The mission's id. */
                mission_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "mission_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "begins": "2026-03-02",
                     *       "prize": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "balance": 1329
                     *     }
                     */
                    "application/json": components["schemas"]["ClaimedAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_leaderboard_v1_missions__mission_id__leaderboard_get: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The mission's id. */
                mission_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "begins": "2026-03-02",
                     *       "places": [
                     *         {
                     *           "rank": 3,
                     *           "score": 5,
                     *           "is_you": true,
                     *           "name": "Jasmine tea"
                     *         }
                     *       ],
                     *       "your_rank": 3,
                     *       "your_score": 3
                     *     }
                     */
                    "application/json": components["schemas"]["BoardAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_offers_v1_offers_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "offer_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": "Jasmine tea",
                     *           "description": "Description",
                     *           "occasion": "new_member",
                     *           "prize": {
                     *             "points": 129,
                     *             "valid_days": 3,
                     *             "growth_points": 2400,
                     *             "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *             "freeze_cards": 3,
                     *             "makeup_cards": 3,
                     *             "badge": "Badge"
                     *           },
                     *           "ends_at": "2026-03-02T08:30:00Z",
                     *           "left": 3
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_OpenAnswer_"] | components["schemas"]["Page_OfferAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_offer_v1_offers_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "description": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "occasion": "new_member",
                 *       "prize": {
                 *         "points": 129,
                 *         "valid_days": 365,
                 *         "growth_points": 2400,
                 *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *         "freeze_cards": 0,
                 *         "makeup_cards": 0,
                 *         "badge": "badge"
                 *       },
                 *       "priority": 0,
                 *       "tiers": [],
                 *       "segments": [],
                 *       "stages": [],
                 *       "before_first_order": false,
                 *       "enrolled_days": 3,
                 *       "valid_from": "2026-03-02T08:30:00Z",
                 *       "valid_until": "2026-03-02T08:30:00Z",
                 *       "claim_limit": 3,
                 *       "active": true
                 *     }
                 */
                "application/json": components["schemas"]["NewOffer"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "offer_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "description": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "occasion": "new_member",
                     *       "prize": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "priority": 3,
                     *       "tiers": [
                     *         "silver"
                     *       ],
                     *       "segments": [
                     *         "loyal-tea-drinkers"
                     *       ],
                     *       "stages": [
                     *         "Stage"
                     *       ],
                     *       "before_first_order": true,
                     *       "enrolled_days": 3,
                     *       "valid_from": "2026-03-02T08:30:00Z",
                     *       "valid_until": "2026-03-02T08:30:00Z",
                     *       "claim_limit": 3,
                     *       "claimed": 3,
                     *       "active": true
                     *     }
                     */
                    "application/json": components["schemas"]["OfferAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit_offer_v1_offers__offer_id__patch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The offer's id. */
                offer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "description": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "priority": 3,
                 *       "tiers": [
                 *         "silver"
                 *       ],
                 *       "segments": [
                 *         "loyal-tea-drinkers"
                 *       ],
                 *       "stages": [
                 *         "new"
                 *       ],
                 *       "valid_until": "2026-03-02T08:30:00Z",
                 *       "active": true
                 *     }
                 */
                "application/json": components["schemas"]["OfferChanges"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "offer_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "description": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "occasion": "new_member",
                     *       "prize": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "priority": 3,
                     *       "tiers": [
                     *         "silver"
                     *       ],
                     *       "segments": [
                     *         "loyal-tea-drinkers"
                     *       ],
                     *       "stages": [
                     *         "Stage"
                     *       ],
                     *       "before_first_order": true,
                     *       "enrolled_days": 3,
                     *       "valid_from": "2026-03-02T08:30:00Z",
                     *       "valid_until": "2026-03-02T08:30:00Z",
                     *       "claim_limit": 3,
                     *       "claimed": 3,
                     *       "active": true
                     *     }
                     */
                    "application/json": components["schemas"]["OfferAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claim_v1_offers__offer_id__claims_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The offer's id. */
                offer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "offer_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "prize": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "balance": 1329
                     *     }
                     */
                    "application/json": components["schemas"]["TakenAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    report_order_v1_orders_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "order_id": "A-20260302-0017",
                 *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "items": [
                 *         {
                 *           "sku": "TEA-100",
                 *           "name": "Jasmine tea",
                 *           "category": "points",
                 *           "quantity": 1,
                 *           "amount_minor": 12900
                 *         }
                 *       ],
                 *       "amount_minor": 12900,
                 *       "discount_minor": 0,
                 *       "tax_minor": 0,
                 *       "shipping_minor": 0,
                 *       "currency": "CNY",
                 *       "channel": "inbox",
                 *       "placed_at": "2026-03-02T08:30:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["OrderBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "order_id": "A-20260302-0017",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "items": [
                     *         {
                     *           "sku": "TEA-100",
                     *           "name": "Jasmine tea",
                     *           "category": "points",
                     *           "quantity": 1,
                     *           "amount_minor": 12900
                     *         }
                     *       ],
                     *       "amount_minor": 12900,
                     *       "discount_minor": 3,
                     *       "tax_minor": 3,
                     *       "shipping_minor": 3,
                     *       "currency": "CNY",
                     *       "channel": "inbox",
                     *       "status": "paid",
                     *       "refunded_minor": 3,
                     *       "placed_at": "2026-03-02T08:30:00Z",
                     *       "changed_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OrderAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    report_return_v1_orders__order_id__returns__return_id__put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                order_id: string;
                return_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "lines": [
                 *         {
                 *           "line": 0,
                 *           "quantity": 1
                 *         }
                 *       ],
                 *       "returned_at": "2026-03-02T08:30:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["ReturnBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "return_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "lines": [
                     *         {
                     *           "line": 3,
                     *           "quantity": 1,
                     *           "amount_minor": 12900
                     *         }
                     *       ],
                     *       "returned": [
                     *         {
                     *           "line": 3,
                     *           "quantity": 1,
                     *           "amount_minor": 12900
                     *         }
                     *       ],
                     *       "order": {
                     *         "order_id": "A-20260302-0017",
                     *         "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "items": [
                     *           {
                     *             "sku": "TEA-100",
                     *             "name": "Jasmine tea",
                     *             "category": "points",
                     *             "quantity": 1,
                     *             "amount_minor": 12900
                     *           }
                     *         ],
                     *         "amount_minor": 12900,
                     *         "discount_minor": 3,
                     *         "tax_minor": 3,
                     *         "shipping_minor": 3,
                     *         "currency": "CNY",
                     *         "channel": "inbox",
                     *         "status": "paid",
                     *         "refunded_minor": 3,
                     *         "placed_at": "2026-03-02T08:30:00Z",
                     *         "changed_at": "2026-03-02T08:30:00Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReturnAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    report_status_v1_orders__order_id__status_put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                order_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "paid",
                 *       "refunded_minor": 3,
                 *       "changed_at": "2026-03-02T08:30:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["StatusBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "order_id": "A-20260302-0017",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "items": [
                     *         {
                     *           "sku": "TEA-100",
                     *           "name": "Jasmine tea",
                     *           "category": "points",
                     *           "quantity": 1,
                     *           "amount_minor": 12900
                     *         }
                     *       ],
                     *       "amount_minor": 12900,
                     *       "discount_minor": 3,
                     *       "tax_minor": 3,
                     *       "shipping_minor": 3,
                     *       "currency": "CNY",
                     *       "channel": "inbox",
                     *       "status": "paid",
                     *       "refunded_minor": 3,
                     *       "placed_at": "2026-03-02T08:30:00Z",
                     *       "changed_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["OrderAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_page_v1_page_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "messageId": "Messageid",
                 *       "userId": "Userid",
                 *       "anonymousId": "Anonymousid",
                 *       "timestamp": "Timestamp",
                 *       "context": {},
                 *       "sentAt": "Sentat",
                 *       "name": "Jasmine tea",
                 *       "category": "points",
                 *       "properties": {}
                 *     }
                 */
                "application/json": {
                    anonymousId?: string;
                    category?: string;
                    context?: Record<string, never>;
                    messageId?: string;
                    name?: string;
                    properties?: Record<string, never>;
                    sentAt?: string;
                    timestamp?: string;
                    userId?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "refused": [
                     *         {
                     *           "index": 3,
                     *           "message_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "errors": [
                     *             {}
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_earlier_points_v1_points_earlier_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                point_type?: components["schemas"]["PointType"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "entry_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "point_type": "points",
                     *           "points": 129,
                     *           "description": "Description",
                     *           "occurred_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_PastEntryAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_history_v1_points_history_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                point_type?: components["schemas"]["PointType"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "entry_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "version": 3,
                     *           "kind": "earn",
                     *           "points": 129,
                     *           "available": 3,
                     *           "pending": 3,
                     *           "held": 3,
                     *           "debt": 3,
                     *           "rule": "Rule",
                     *           "source_type": "Source type",
                     *           "source_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "reason": "Sorry for the delay",
                     *           "by_member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "occurred_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_EntryAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_explanation_v1_points_history__explained_id__explanation_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description An entry's id, or an occasion's. */
                explained_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "summary": "Summary",
                     *       "reasons": [
                     *         {
                     *           "rule": "Rule",
                     *           "verdict": "Verdict",
                     *           "point_type": "points",
                     *           "points": 129,
                     *           "text": "It should have come on Monday."
                     *         }
                     *       ],
                     *       "entry": {
                     *         "id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "kind": "earn",
                     *         "point_type": "points",
                     *         "points": 129,
                     *         "rule": "Rule",
                     *         "source_type": "Source type",
                     *         "source_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "occurred_at": "2026-03-02T08:30:00Z"
                     *       },
                     *       "occasion": {
                     *         "id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "trigger": "profile.order.placed",
                     *         "points": 129,
                     *         "at": "2026-03-02T08:30:00Z"
                     *       },
                     *       "detail": {}
                     *     }
                     */
                    "application/json": components["schemas"]["ExplanationAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_own_occasions_v1_points_occasions_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "occasion_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "trigger": "profile.order.placed",
                     *           "points": 129,
                     *           "summary": "Summary",
                     *           "at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_DecidedAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    transfer_v1_points_transfers_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "to_member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "points": 129,
                 *       "message": "Message"
                 *     }
                 */
                "application/json": components["schemas"]["TransferBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "transfer_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "to_member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "points": 129,
                     *       "available": 3,
                     *       "made_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["TransferAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_preferences_v1_preferences_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "categories": {
                     *         "account": {
                     *           "inbox": true
                     *         }
                     *       },
                     *       "mandatory": {
                     *         "account": [
                     *           "inbox"
                     *         ]
                     *       },
                     *       "quiet_hours": {
                     *         "starts": "Starts",
                     *         "ends": "Ends"
                     *       },
                     *       "time_zone": "Asia/Shanghai"
                     *     }
                     */
                    "application/json": components["schemas"]["PreferencesAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replace_preferences_v1_preferences_put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "categories": {
                 *         "account": {
                 *           "inbox": true
                 *         }
                 *       },
                 *       "quiet_hours": {
                 *         "starts": "Starts",
                 *         "ends": "Ends"
                 *       },
                 *       "time_zone": "Asia/Shanghai"
                 *     }
                 */
                "application/json": components["schemas"]["PreferencesBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "categories": {
                     *         "account": {
                     *           "inbox": true
                     *         }
                     *       },
                     *       "mandatory": {
                     *         "account": [
                     *           "inbox"
                     *         ]
                     *       },
                     *       "quiet_hours": {
                     *         "starts": "Starts",
                     *         "ends": "Ends"
                     *       },
                     *       "time_zone": "Asia/Shanghai"
                     *     }
                     */
                    "application/json": components["schemas"]["PreferencesAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_live_v1_programme_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "state": "draft",
                     *       "note": "Note",
                     *       "author": "Author",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "changed_at": "2026-03-02T08:30:00Z",
                     *       "published_at": "2026-03-02T08:30:00Z",
                     *       "retired_at": "2026-03-02T08:30:00Z",
                     *       "retired_because": "Retired because",
                     *       "share": 3,
                     *       "ceiling_points": 3,
                     *       "issued_points": 3,
                     *       "document": {}
                     *     }
                     */
                    "application/json": components["schemas"]["WholeVersionAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_backtest_v1_programme_backtests__backtest_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The back-test's id. */
                backtest_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "backtest_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "version": 3,
                     *       "baseline": 3,
                     *       "days": 3,
                     *       "state": "done",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "finished_at": "2026-03-02T08:30:00Z",
                     *       "report": {},
                     *       "error": "Error"
                     *     }
                     */
                    "application/json": components["schemas"]["BacktestAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import_yaml_v1_programme_imports_post: {
        parameters: {
            query?: {
                /** @description Only say what differs. */
                dry_run?: boolean;
                note?: string;
            };
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/yaml": Record<string, never>;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "differences": [
                     *         {
                     *           "place": "Place",
                     *           "change": "added",
                     *           "before": {},
                     *           "after": {}
                     *         }
                     *       ],
                     *       "version": 3
                     *     }
                     */
                    "application/json": components["schemas"]["ImportedAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_versions_v1_programme_versions_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "version": 3,
                     *           "state": "draft",
                     *           "note": "Note",
                     *           "author": "Author",
                     *           "created_at": "2026-03-02T08:30:00Z",
                     *           "changed_at": "2026-03-02T08:30:00Z",
                     *           "published_at": "2026-03-02T08:30:00Z",
                     *           "retired_at": "2026-03-02T08:30:00Z",
                     *           "retired_because": "Retired because",
                     *           "share": 3,
                     *           "ceiling_points": 3,
                     *           "issued_points": 3
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_VersionAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_draft_v1_programme_versions_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "document": {},
                 *       "note": ""
                 *     }
                 */
                "application/json": components["schemas"]["DraftBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "state": "draft",
                     *       "note": "Note",
                     *       "author": "Author",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "changed_at": "2026-03-02T08:30:00Z",
                     *       "published_at": "2026-03-02T08:30:00Z",
                     *       "retired_at": "2026-03-02T08:30:00Z",
                     *       "retired_because": "Retired because",
                     *       "share": 3,
                     *       "ceiling_points": 3,
                     *       "issued_points": 3,
                     *       "document": {}
                     *     }
                     */
                    "application/json": components["schemas"]["WholeVersionAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_version_v1_programme_versions__version__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The version's number. */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "state": "draft",
                     *       "note": "Note",
                     *       "author": "Author",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "changed_at": "2026-03-02T08:30:00Z",
                     *       "published_at": "2026-03-02T08:30:00Z",
                     *       "retired_at": "2026-03-02T08:30:00Z",
                     *       "retired_because": "Retired because",
                     *       "share": 3,
                     *       "ceiling_points": 3,
                     *       "issued_points": 3,
                     *       "document": {}
                     *     }
                     */
                    "application/json": components["schemas"]["WholeVersionAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_draft_v1_programme_versions__version__put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The version's number. */
                version: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "document": {},
                 *       "note": ""
                 *     }
                 */
                "application/json": components["schemas"]["DraftBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "state": "draft",
                     *       "note": "Note",
                     *       "author": "Author",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "changed_at": "2026-03-02T08:30:00Z",
                     *       "published_at": "2026-03-02T08:30:00Z",
                     *       "retired_at": "2026-03-02T08:30:00Z",
                     *       "retired_because": "Retired because",
                     *       "share": 3,
                     *       "ceiling_points": 3,
                     *       "issued_points": 3,
                     *       "document": {}
                     *     }
                     */
                    "application/json": components["schemas"]["WholeVersionAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ask_for_backtest_v1_programme_versions__version__backtests_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The version's number. */
                version: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "days": 90
                 *     }
                 */
                "application/json": components["schemas"]["BacktestBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "backtest_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "version": 3,
                     *       "baseline": 3,
                     *       "days": 3,
                     *       "state": "done",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "finished_at": "2026-03-02T08:30:00Z",
                     *       "report": {},
                     *       "error": "Error"
                     *     }
                     */
                    "application/json": components["schemas"]["BacktestAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_differences_v1_programme_versions__version__differences_get: {
        parameters: {
            query: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                /** @description The version to compare with. */
                since: number;
            };
            header?: never;
            path: {
                /** @description The version's number. */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "place": "Place",
                     *           "change": "added",
                     *           "before": {},
                     *           "after": {}
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_DifferenceAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publish_version_v1_programme_versions__version__publications_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The version's number. */
                version: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "share": 3,
                 *       "ceiling_points": 3,
                 *       "anomaly_percent": 300,
                 *       "lower_tiers": true
                 *     }
                 */
                "application/json": components["schemas"]["PublicationBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "state": "draft",
                     *       "note": "Note",
                     *       "author": "Author",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "changed_at": "2026-03-02T08:30:00Z",
                     *       "published_at": "2026-03-02T08:30:00Z",
                     *       "retired_at": "2026-03-02T08:30:00Z",
                     *       "retired_because": "Retired because",
                     *       "share": 3,
                     *       "ceiling_points": 3,
                     *       "issued_points": 3
                     *     }
                     */
                    "application/json": components["schemas"]["VersionAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retire_version_v1_programme_versions__version__retirement_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The version's number. */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "state": "draft",
                     *       "note": "Note",
                     *       "author": "Author",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "changed_at": "2026-03-02T08:30:00Z",
                     *       "published_at": "2026-03-02T08:30:00Z",
                     *       "retired_at": "2026-03-02T08:30:00Z",
                     *       "retired_because": "Retired because",
                     *       "share": 3,
                     *       "ceiling_points": 3,
                     *       "issued_points": 3
                     *     }
                     */
                    "application/json": components["schemas"]["VersionAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    simulate_v1_programme_versions__version__simulations_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The version's number. */
                version: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "occasion_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "trigger": "profile.order.placed",
                 *       "event": {},
                 *       "at": "2026-03-02T08:30:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["SimulationBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "trigger": "profile.order.placed",
                     *       "points": 129,
                     *       "outcomes": [
                     *         {
                     *           "rule": "Rule",
                     *           "verdict": "Verdict",
                     *           "place": "Place",
                     *           "by": "By",
                     *           "base": 3,
                     *           "factor": "Factor",
                     *           "exact": "Exact",
                     *           "asked": 3,
                     *           "points": 129,
                     *           "limit": {}
                     *         }
                     *       ],
                     *       "wallet": {
                     *         "available": 3,
                     *         "pending": 3,
                     *         "debt": 3
                     *       },
                     *       "growth_points": 2400,
                     *       "tier": "silver"
                     *     }
                     */
                    "application/json": components["schemas"]["SimulationAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_tiers_v1_programme_versions__version__tiers_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The version's number. */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "members": 3,
                     *       "complete": true,
                     *       "moves": [
                     *         {
                     *           "before": "Before",
                     *           "after": "After",
                     *           "members": 3
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TierPreviewAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_version_v1_programme_versions__version__yaml_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The version's number. */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": Record<string, never>;
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_receipt_v1_receipts__key__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The Idempotency-Key the write was sent with. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "state": "done",
                     *       "writes": [
                     *         {
                     *           "service": "loyalty",
                     *           "route": "POST /v1/orders",
                     *           "status": 201,
                     *           "at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "points": [
                     *         {
                     *           "kind": "earned",
                     *           "points": 129,
                     *           "state": "done",
                     *           "at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "messages": [
                     *         {
                     *           "channel": "inbox",
                     *           "state": "delivered",
                     *           "id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "reason": "Sorry for the delay",
                     *           "at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "events": [
                     *         {
                     *           "event_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "type": "loyalty.points.earned.v1",
                     *           "service": "loyalty",
                     *           "at": "2026-03-02T08:30:00Z",
                     *           "caused_by": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "shows": {},
                     *           "handled_by": [
                     *             {
                     *               "service": "loyalty",
                     *               "at": "2026-03-02T08:30:00Z"
                     *             }
                     *           ],
                     *           "waits_for": [
                     *             "notify"
                     *           ],
                     *           "stuck_in": []
                     *         }
                     *       ],
                     *       "unavailable": [],
                     *       "more": false
                     *     }
                     */
                    "application/json": components["schemas"]["ReceiptAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_redemptions_v1_redemptions_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description In these states. */
                fulfilment?: components["schemas"]["Fulfilment"][] | null;
                /** @description How many items at most. */
                limit?: number;
                /** @description For staff: this member's. */
                member_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "redemption_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "reward_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": "Jasmine tea",
                     *           "points": 129,
                     *           "code": "482913",
                     *           "fulfilment": "none",
                     *           "tracking": "Tracking",
                     *           "redeemed_at": "2026-03-02T08:30:00Z",
                     *           "fulfilment_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_RedemptionAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    move_on_v1_redemptions__redemption_id__patch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The redemption's id. */
                redemption_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "fulfilment": "none",
                 *       "tracking": "Tracking"
                 *     }
                 */
                "application/json": components["schemas"]["FulfilmentBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "redemption_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "reward_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "points": 129,
                     *       "code": "482913",
                     *       "fulfilment": "none",
                     *       "tracking": "Tracking",
                     *       "redeemed_at": "2026-03-02T08:30:00Z",
                     *       "fulfilment_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["RedemptionAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_devices_v1_redemptions_devices_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "device": "Device",
                     *           "first_seen_at": "2026-03-02T08:30:00Z",
                     *           "last_seen_at": "2026-03-02T08:30:00Z",
                     *           "is_this": true,
                     *           "trusted": true
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_DeviceAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approve_v1_redemptions_devices__device__approval_put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description As it is listed. */
                device: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_own_referral_v1_referral_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "482913",
                     *       "invited": 3,
                     *       "pending": 3,
                     *       "rewarded": 3,
                     *       "you_get": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       },
                     *       "friend_gets": {
                     *         "points": 129,
                     *         "valid_days": 3,
                     *         "growth_points": 2400,
                     *         "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3,
                     *         "badge": "Badge"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_v1_referral_acceptances_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "code": "482913"
                 *     }
                 */
                "application/json": components["schemas"]["LoyaltyAcceptanceBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "pending",
                     *       "accepted_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AcceptedAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    report_satisfaction_v1_reports_satisfaction_get: {
        parameters: {
            query?: {
                from?: string | null;
                kind?: components["schemas"]["FeedbackKind"];
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "kind": "csat",
                     *       "from": "2026-03-02T08:30:00Z",
                     *       "to": "2026-03-02T08:30:00Z",
                     *       "offered": 3,
                     *       "answers": 3,
                     *       "mean_score": 3,
                     *       "favourable_share": 3,
                     *       "net_promoter_score": 3,
                     *       "distribution": {
                     *         "zh-CN": 3
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SatisfactionAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_catalogue_v1_rewards_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "reward_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": "Jasmine tea",
                     *           "description": "Description",
                     *           "kind": "benefit",
                     *           "points": 129,
                     *           "in_stock": true,
                     *           "stock_state": "plenty",
                     *           "can_redeem": true,
                     *           "reason": "not_yet",
                     *           "missing_points": 3,
                     *           "available_at": "2026-03-02T08:30:00Z",
                     *           "valid_until": "2026-03-02T08:30:00Z",
                     *           "tiers": [
                     *             "silver"
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_ListingAnswer_"] | components["schemas"]["Page_RewardAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_reward_v1_rewards_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "description": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "points": 129,
                 *       "kind": "benefit",
                 *       "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "stock": 3,
                 *       "member_limit": 3,
                 *       "cooldown_s": 3,
                 *       "valid_from": "2026-03-02T08:30:00Z",
                 *       "valid_until": "2026-03-02T08:30:00Z",
                 *       "tiers": [],
                 *       "segments": [],
                 *       "active": true
                 *     }
                 */
                "application/json": components["schemas"]["NewReward"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "reward_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "description": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "points": 129,
                     *       "kind": "benefit",
                     *       "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "stock": 3,
                     *       "codes_left": true,
                     *       "member_limit": 3,
                     *       "cooldown_s": 3,
                     *       "valid_from": "2026-03-02T08:30:00Z",
                     *       "valid_until": "2026-03-02T08:30:00Z",
                     *       "tiers": [
                     *         "silver"
                     *       ],
                     *       "segments": [
                     *         "loyal-tea-drinkers"
                     *       ],
                     *       "active": true
                     *     }
                     */
                    "application/json": components["schemas"]["RewardAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit_reward_v1_rewards__reward_id__patch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The reward's id. */
                reward_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "description": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "points": 129,
                 *       "stock": 3,
                 *       "member_limit": 3,
                 *       "cooldown_s": 3,
                 *       "valid_from": "2026-03-02T08:30:00Z",
                 *       "valid_until": "2026-03-02T08:30:00Z",
                 *       "tiers": [
                 *         "silver"
                 *       ],
                 *       "segments": [
                 *         "loyal-tea-drinkers"
                 *       ],
                 *       "active": true
                 *     }
                 */
                "application/json": components["schemas"]["RewardChanges"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "reward_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "description": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "points": 129,
                     *       "kind": "benefit",
                     *       "series_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "stock": 3,
                     *       "codes_left": true,
                     *       "member_limit": 3,
                     *       "cooldown_s": 3,
                     *       "valid_from": "2026-03-02T08:30:00Z",
                     *       "valid_until": "2026-03-02T08:30:00Z",
                     *       "tiers": [
                     *         "silver"
                     *       ],
                     *       "segments": [
                     *         "loyal-tea-drinkers"
                     *       ],
                     *       "active": true
                     *     }
                     */
                    "application/json": components["schemas"]["RewardAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import_codes_v1_rewards__reward_id__codes_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The reward's id. */
                reward_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "load_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "added": 3,
                     *       "duplicates": 3,
                     *       "invalid": 3,
                     *       "errors": [
                     *         {}
                     *       ],
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "finished_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["LoadAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    generate_pool_v1_rewards__reward_id__codes_generations_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The reward's id. */
                reward_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "count": 3,
                 *       "prefix": "",
                 *       "length": 10
                 *     }
                 */
                "application/json": components["schemas"]["Generation"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "load_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "added": 3,
                     *       "duplicates": 3,
                     *       "invalid": 3,
                     *       "errors": [
                     *         {}
                     *       ],
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "finished_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["LoadAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeem_v1_rewards__reward_id__redemptions_post: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The reward's id. */
                reward_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "redemption_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "reward_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "points": 129,
                     *       "code": "482913",
                     *       "fulfilment": "none",
                     *       "redeemed_at": "2026-03-02T08:30:00Z",
                     *       "balance": 1329
                     *     }
                     */
                    "application/json": components["schemas"]["RedeemedAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_screen_v1_screen_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "messageId": "Messageid",
                 *       "userId": "Userid",
                 *       "anonymousId": "Anonymousid",
                 *       "timestamp": "Timestamp",
                 *       "context": {},
                 *       "sentAt": "Sentat",
                 *       "name": "Jasmine tea",
                 *       "category": "points",
                 *       "properties": {}
                 *     }
                 */
                "application/json": {
                    anonymousId?: string;
                    category?: string;
                    context?: Record<string, never>;
                    messageId?: string;
                    name?: string;
                    properties?: Record<string, never>;
                    sentAt?: string;
                    timestamp?: string;
                    userId?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "refused": [
                     *         {
                     *           "index": 3,
                     *           "message_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "errors": [
                     *             {}
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_segments_v1_segments_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "key": "spring-2026",
                     *           "name": "Jasmine tea",
                     *           "rule": {},
                     *           "built_in": true,
                     *           "ready": true,
                     *           "size": 3
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_SegmentAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    make_segment_v1_segments_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "spring-2026",
                 *       "name": "Jasmine tea",
                 *       "rule": {
                 *         "all": [
                 *           {
                 *             "tag": "vip"
                 *           },
                 *           {
                 *             "op": "gte",
                 *             "orders": "count",
                 *             "value": 3
                 *           }
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["SegmentBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "spring-2026",
                     *       "name": "Jasmine tea",
                     *       "rule": {},
                     *       "built_in": true,
                     *       "ready": true,
                     *       "size": 3
                     *     }
                     */
                    "application/json": components["schemas"]["SegmentAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_staff_v1_staff_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "email": "mei@example.com",
                     *           "display_name": "Mei",
                     *           "role": "member",
                     *           "scopes": [
                     *             "Scope"
                     *           ],
                     *           "second_factor": true,
                     *           "created_at": "2026-03-02T08:30:00Z",
                     *           "last_used_at": "2026-03-02T08:30:00Z",
                     *           "disabled_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_StaffAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_staff_v1_staff_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "mei@example.com",
                 *       "display_name": "Mei",
                 *       "role": "member",
                 *       "scopes": [],
                 *       "password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["NewStaffBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "email": "mei@example.com",
                     *       "display_name": "Mei",
                     *       "role": "member",
                     *       "scopes": [
                     *         "Scope"
                     *       ],
                     *       "second_factor": true,
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "last_used_at": "2026-03-02T08:30:00Z",
                     *       "disabled_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["StaffAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_staff_v1_staff__staff_id__patch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                staff_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "display_name": "Mei",
                 *       "role": "member",
                 *       "scopes": [
                 *         "Scope"
                 *       ],
                 *       "disabled": true
                 *     }
                 */
                "application/json": components["schemas"]["StaffChangeBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "email": "mei@example.com",
                     *       "display_name": "Mei",
                     *       "role": "member",
                     *       "scopes": [
                     *         "Scope"
                     *       ],
                     *       "second_factor": true,
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "last_used_at": "2026-03-02T08:30:00Z",
                     *       "disabled_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["StaffAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reset_second_factor_v1_staff__staff_id__second_factor_delete: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                staff_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_invitations_v1_staff_invitations_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "invitation_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "email": "mei@example.com",
                     *           "display_name": "Mei",
                     *           "role": "member",
                     *           "scopes": [
                     *             "Scope"
                     *           ],
                     *           "invited_by": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "created_at": "2026-03-02T08:30:00Z",
                     *           "expires_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_InvitationAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invite_v1_staff_invitations_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "mei@example.com",
                 *       "display_name": "Mei",
                 *       "role": "member",
                 *       "scopes": [],
                 *       "language": "zh-CN"
                 *     }
                 */
                "application/json": components["schemas"]["InvitationBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "invitation_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "email": "mei@example.com",
                     *       "display_name": "Mei",
                     *       "role": "member",
                     *       "scopes": [
                     *         "Scope"
                     *       ],
                     *       "invited_by": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "expires_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["InvitationAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_v1_staff_invitations__invitation_id__delete: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                invitation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_me_v1_staff_me_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "staff_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "email": "mei@example.com",
                     *       "display_name": "Mei",
                     *       "role": "member",
                     *       "scopes": [
                     *         "Scope"
                     *       ],
                     *       "second_factor": true,
                     *       "created_at": "2026-03-02T08:30:00Z",
                     *       "last_used_at": "2026-03-02T08:30:00Z",
                     *       "disabled_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["StaffAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_password_v1_staff_me_password_put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery staple",
                 *       "new_password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["StaffNewPasswordBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renew_recovery_codes_v1_staff_me_recovery_codes_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "totp": "428571",
                 *       "recovery_code": "7fk3d-wq2mx",
                 *       "password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["StaffFactorBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recovery_codes": [
                     *         "Recovery code"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RecoveryCodesAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_second_factor_v1_staff_me_second_factor_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["StaffPasswordBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "secret": "Secret",
                     *       "uri": "Uri"
                     *     }
                     */
                    "application/json": components["schemas"]["SecretAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirm_second_factor_v1_staff_me_second_factor_confirm_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "totp": "Totp"
                 *     }
                 */
                "application/json": components["schemas"]["TotpBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recovery_codes": [
                     *         "Recovery code"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RecoveryCodesAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_second_factor_v1_staff_me_second_factor_removal_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "totp": "428571",
                 *       "recovery_code": "7fk3d-wq2mx",
                 *       "password": "correct horse battery staple"
                 *     }
                 */
                "application/json": components["schemas"]["StaffFactorBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    live_stream: {
        parameters: {
            query?: {
                /** @description As Last-Event-ID, for who can send no headers. */
                last_event_id?: number;
            };
            header?: {
                "Last-Event-ID"?: number;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id: 17
                     *     event: inbox
                     *     data: {"seq": 17, "unread": 2}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    live_socket: {
        parameters: {
            query?: {
                /** @description As Last-Event-ID, for who can send no headers. */
                last_event_id?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The socket is open. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_surveys_v1_surveys_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "survey_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "kind": "csat",
                     *           "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "question": "Question",
                     *           "lowest": 3,
                     *           "highest": 3,
                     *           "offered_at": "2026-03-02T08:30:00Z",
                     *           "closes_at": "2026-03-02T08:30:00Z",
                     *           "score": 5,
                     *           "comment": "Comment",
                     *           "answered_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_SurveyAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    offer_survey_v1_surveys_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": "csat",
                 *       "question": {
                 *         "zh-CN": "Text"
                 *       },
                 *       "member_ids": [
                 *         "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["OfferBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "offered": 3
                     *     }
                     */
                    "application/json": components["schemas"]["FeedbackOfferAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answer_survey_v1_surveys__survey_id__answers_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                survey_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "score": 5,
                 *       "comment": "Comment"
                 *     }
                 */
                "application/json": components["schemas"]["AnswerBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "survey_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "kind": "csat",
                     *       "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "question": "Question",
                     *       "lowest": 3,
                     *       "highest": 3,
                     *       "offered_at": "2026-03-02T08:30:00Z",
                     *       "closes_at": "2026-03-02T08:30:00Z",
                     *       "score": 5,
                     *       "comment": "Comment",
                     *       "answered_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["SurveyAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sync_v1_sync_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "writes": [
                 *         {
                 *           "key": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *           "method": "POST",
                 *           "path": "/v1/checkins",
                 *           "body": "You earned 129 points.",
                 *           "if_match": "If match"
                 *         }
                 *       ],
                 *       "stop_on_error": false
                 *     }
                 */
                "application/json": components["schemas"]["SyncBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "key": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "state": "answered",
                     *           "status": 201,
                     *           "replayed": false,
                     *           "headers": {
                     *             "zh-CN": "Text"
                     *           },
                     *           "body": "You earned 129 points.",
                     *           "because": "error"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["SyncAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_tickets_v1_tickets_get: {
        parameters: {
            query?: {
                /** @description An agent's id, `me` or `none`. */
                assignee?: string | null;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
                priority?: components["schemas"]["Priority"] | null;
                status?: components["schemas"]["FeedbackStatus"][] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "subject": "Where is my order?",
                     *           "status": "open",
                     *           "priority": "low",
                     *           "channel": "app",
                     *           "last_number": 3,
                     *           "follows_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "opened_at": "2026-03-02T08:30:00Z",
                     *           "updated_at": "2026-03-02T08:30:00Z",
                     *           "first_response_due_at": "2026-03-02T08:30:00Z",
                     *           "first_response_at": "2026-03-02T08:30:00Z",
                     *           "resolved_at": "2026-03-02T08:30:00Z",
                     *           "assignee_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "breached_at": "2026-03-02T08:30:00Z",
                     *           "member": {
                     *             "display_name": "Mei",
                     *             "language": "zh-CN",
                     *             "tier": "silver"
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_TicketAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    open_ticket_v1_tickets_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "subject": "Where is my order?",
                 *       "text": "It should have come on Monday.",
                 *       "channel": "app"
                 *     }
                 */
                "application/json": components["schemas"]["QuestionBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "subject": "Where is my order?",
                     *       "status": "open",
                     *       "priority": "low",
                     *       "channel": "app",
                     *       "last_number": 3,
                     *       "follows_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "opened_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z",
                     *       "first_response_due_at": "2026-03-02T08:30:00Z",
                     *       "first_response_at": "2026-03-02T08:30:00Z",
                     *       "resolved_at": "2026-03-02T08:30:00Z",
                     *       "assignee_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "breached_at": "2026-03-02T08:30:00Z",
                     *       "member": {
                     *         "display_name": "Mei",
                     *         "language": "zh-CN",
                     *         "tier": "silver"
                     *       },
                     *       "messages": [
                     *         {
                     *           "message_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "number": 3,
                     *           "author": "member",
                     *           "author_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "client_msg_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "text": "It should have come on Monday.",
                     *           "sent_at": "2026-03-02T08:30:00Z",
                     *           "attachments": [
                     *             {
                     *               "attachment_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *               "name": "Jasmine tea",
                     *               "media_type": "Media type",
                     *               "size_bytes": 3,
                     *               "created_at": "2026-03-02T08:30:00Z"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "suggestions": [
                     *         {
                     *           "article_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "category": "points",
                     *           "language": "zh-CN",
                     *           "title": "Points for you",
                     *           "excerpt": "Excerpt"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OpenedAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_ticket_v1_tickets__ticket_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ticket_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "subject": "Where is my order?",
                     *       "status": "open",
                     *       "priority": "low",
                     *       "channel": "app",
                     *       "last_number": 3,
                     *       "follows_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "opened_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z",
                     *       "first_response_due_at": "2026-03-02T08:30:00Z",
                     *       "first_response_at": "2026-03-02T08:30:00Z",
                     *       "resolved_at": "2026-03-02T08:30:00Z",
                     *       "assignee_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "breached_at": "2026-03-02T08:30:00Z",
                     *       "member": {
                     *         "display_name": "Mei",
                     *         "language": "zh-CN",
                     *         "tier": "silver"
                     *       },
                     *       "messages": [
                     *         {
                     *           "message_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "number": 3,
                     *           "author": "member",
                     *           "author_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "client_msg_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "text": "It should have come on Monday.",
                     *           "sent_at": "2026-03-02T08:30:00Z",
                     *           "attachments": [
                     *             {
                     *               "attachment_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *               "name": "Jasmine tea",
                     *               "media_type": "Media type",
                     *               "size_bytes": 3,
                     *               "created_at": "2026-03-02T08:30:00Z"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ConversationAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    assign_ticket_v1_tickets__ticket_id__assign_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "assignee_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "reassign": false
                 *     }
                 */
                "application/json": components["schemas"]["AssignmentBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "subject": "Where is my order?",
                     *       "status": "open",
                     *       "priority": "low",
                     *       "channel": "app",
                     *       "last_number": 3,
                     *       "follows_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "opened_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z",
                     *       "first_response_due_at": "2026-03-02T08:30:00Z",
                     *       "first_response_at": "2026-03-02T08:30:00Z",
                     *       "resolved_at": "2026-03-02T08:30:00Z",
                     *       "assignee_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "breached_at": "2026-03-02T08:30:00Z",
                     *       "member": {
                     *         "display_name": "Mei",
                     *         "language": "zh-CN",
                     *         "tier": "silver"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TicketAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    send_attachment_v1_tickets__ticket_id__attachments_post: {
        parameters: {
            query?: {
                /** @description The file's own name. */
                name?: string;
            };
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "attachment_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "name": "Jasmine tea",
                     *       "media_type": "Media type",
                     *       "size_bytes": 3,
                     *       "created_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["AttachmentAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_attachment_v1_tickets__ticket_id__attachments__attachment_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                attachment_id: string;
                ticket_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_messages_v1_tickets__ticket_id__messages_get: {
        parameters: {
            query?: {
                /** @description Last number known. */
                after?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                ticket_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "message_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "number": 3,
                     *           "author": "member",
                     *           "author_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "client_msg_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "text": "It should have come on Monday.",
                     *           "sent_at": "2026-03-02T08:30:00Z",
                     *           "attachments": [
                     *             {
                     *               "attachment_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *               "name": "Jasmine tea",
                     *               "media_type": "Media type",
                     *               "size_bytes": 3,
                     *               "created_at": "2026-03-02T08:30:00Z"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_MessageAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_message_v1_tickets__ticket_id__messages_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "client_msg_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "text": "It should have come on Monday.",
                 *       "seen": 3,
                 *       "attachment_ids": [
                 *         "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["MessageBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "message_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "number": 3,
                     *       "author": "member",
                     *       "author_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "client_msg_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "text": "It should have come on Monday.",
                     *       "sent_at": "2026-03-02T08:30:00Z",
                     *       "attachments": [
                     *         {
                     *           "attachment_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": "Jasmine tea",
                     *           "media_type": "Media type",
                     *           "size_bytes": 3,
                     *           "created_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["FeedbackMessageAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_notes_v1_tickets__ticket_id__notes_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path: {
                ticket_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "note_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "author_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "client_msg_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "text": "It should have come on Monday.",
                     *           "written_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_NoteAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    write_note_v1_tickets__ticket_id__notes_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "client_msg_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                 *       "text": "It should have come on Monday."
                 *     }
                 */
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "note_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "author_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "client_msg_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "text": "It should have come on Monday.",
                     *       "written_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["NoteAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resolve_ticket_v1_tickets__ticket_id__resolve_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                ticket_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ticket_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "subject": "Where is my order?",
                     *       "status": "open",
                     *       "priority": "low",
                     *       "channel": "app",
                     *       "last_number": 3,
                     *       "follows_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "opened_at": "2026-03-02T08:30:00Z",
                     *       "updated_at": "2026-03-02T08:30:00Z",
                     *       "first_response_due_at": "2026-03-02T08:30:00Z",
                     *       "first_response_at": "2026-03-02T08:30:00Z",
                     *       "resolved_at": "2026-03-02T08:30:00Z",
                     *       "assignee_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "breached_at": "2026-03-02T08:30:00Z",
                     *       "member": {
                     *         "display_name": "Mei",
                     *         "language": "zh-CN",
                     *         "tier": "silver"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["TicketAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_tiers_v1_tiers_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "key": "spring-2026",
                     *           "name": "Jasmine tea",
                     *           "threshold": 3,
                     *           "benefits": {
                     *             "multiplier": "Multiplier",
                     *             "priority_support": true,
                     *             "exclusive_offers": true,
                     *             "free_shipping": true,
                     *             "birthday_points": 3
                     *           }
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_TierAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_track_v1_track_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "messageId": "Messageid",
                 *       "userId": "Userid",
                 *       "anonymousId": "Anonymousid",
                 *       "timestamp": "Timestamp",
                 *       "context": {},
                 *       "sentAt": "Sentat",
                 *       "event": "Product Viewed",
                 *       "properties": {}
                 *     }
                 */
                "application/json": {
                    anonymousId?: string;
                    context?: Record<string, never>;
                    event?: string;
                    messageId?: string;
                    properties?: Record<string, never>;
                    sentAt?: string;
                    timestamp?: string;
                    userId?: string;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "success": true,
                     *       "refused": [
                     *         {
                     *           "index": 3,
                     *           "message_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "errors": [
                     *             {}
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_traffic_v1_traffic_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "replica": "Replica",
                     *       "policy": 3,
                     *       "shed_level": 3,
                     *       "shed_level_forced": true,
                     *       "loop_lag_ms": 3,
                     *       "upstreams": {
                     *         "zh-CN": {
                     *           "breaker": "Breaker",
                     *           "breaker_forced": true,
                     *           "opened": 3,
                     *           "in_flight": 3,
                     *           "waiting": 3,
                     *           "limit": 3,
                     *           "calls": 3,
                     *           "retries": 3,
                     *           "targets": [
                     *             {
                     *               "url": "Url",
                     *               "weight": 3,
                     *               "healthy": true,
                     *               "ejected": true,
                     *               "failures_in_a_row": 3
                     *             }
                     *           ]
                     *         }
                     *       },
                     *       "limits": {
                     *         "zh-CN": "Text"
                     *       },
                     *       "others": [
                     *         {
                     *           "replica": "Replica",
                     *           "policy": 3,
                     *           "shed_level": 3,
                     *           "shed_level_forced": true,
                     *           "loop_lag_ms": 3,
                     *           "upstreams": {
                     *             "zh-CN": {
                     *               "breaker": "Breaker",
                     *               "breaker_forced": true,
                     *               "opened": 3,
                     *               "in_flight": 3,
                     *               "waiting": 3,
                     *               "limit": 3,
                     *               "calls": 3,
                     *               "retries": 3,
                     *               "targets": [
                     *                 {
                     *                   "url": "Url",
                     *                   "weight": 3,
                     *                   "healthy": true,
                     *                   "ejected": true,
                     *                   "failures_in_a_row": 3
                     *                 }
                     *               ]
                     *             }
                     *           },
                     *           "told_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["TrafficAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_policies_v1_traffic_policies_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "version": 3,
                     *           "policy": {
                     *             "routes": [
                     *               {
                     *                 "path": "Path",
                     *                 "off": false,
                     *                 "service": "loyalty",
                     *                 "callers": "open",
                     *                 "pace": "sign-in",
                     *                 "worth": "interactive"
                     *               }
                     *             ],
                     *             "limits": {
                     *               "sign-in": {
                     *                 "quota": "1200/60",
                     *                 "by": "member"
                     *               }
                     *             },
                     *             "upstreams": {
                     *               "zh-CN": [
                     *                 {
                     *                   "url": "http://loyalty-canary:8080"
                     *                 }
                     *               ]
                     *             },
                     *             "breakers": {
                     *               "zh-CN": "open"
                     *             },
                     *             "shed_level": 0,
                     *             "deny": [
                     *               "Deny"
                     *             ],
                     *             "allow": [
                     *               "Allow"
                     *             ],
                     *             "origins": [
                     *               "Origin"
                     *             ]
                     *           },
                     *           "changed_by": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "changed_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_PolicyAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_policy_v1_traffic_policy_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "policy": {
                     *         "routes": [
                     *           {
                     *             "path": "Path",
                     *             "off": false,
                     *             "service": "loyalty",
                     *             "callers": "open",
                     *             "pace": "sign-in",
                     *             "worth": "interactive"
                     *           }
                     *         ],
                     *         "limits": {
                     *           "sign-in": {
                     *             "quota": "1200/60",
                     *             "by": "member"
                     *           }
                     *         },
                     *         "upstreams": {
                     *           "zh-CN": [
                     *             {
                     *               "url": "http://loyalty-canary:8080",
                     *               "weight": 1
                     *             }
                     *           ]
                     *         },
                     *         "breakers": {
                     *           "zh-CN": "open"
                     *         },
                     *         "shed_level": 0,
                     *         "deny": [
                     *           "Deny"
                     *         ],
                     *         "allow": [
                     *           "Allow"
                     *         ],
                     *         "origins": [
                     *           "Origin"
                     *         ]
                     *       },
                     *       "changed_by": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "changed_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PolicyAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_v1_traffic_policy_put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "routes": [
                 *         {
                 *           "path": "Path",
                 *           "off": false,
                 *           "service": "loyalty",
                 *           "callers": "open",
                 *           "pace": "sign-in",
                 *           "worth": "interactive"
                 *         }
                 *       ],
                 *       "limits": {
                 *         "sign-in": {
                 *           "quota": "1200/60",
                 *           "by": "member"
                 *         }
                 *       },
                 *       "upstreams": {
                 *         "zh-CN": [
                 *           {
                 *             "url": "http://loyalty-canary:8080",
                 *             "weight": 1
                 *           }
                 *         ]
                 *       },
                 *       "breakers": {
                 *         "zh-CN": "open"
                 *       },
                 *       "shed_level": 0,
                 *       "deny": [
                 *         "Deny"
                 *       ],
                 *       "allow": [
                 *         "Allow"
                 *       ],
                 *       "origins": [
                 *         "Origin"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Policy"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": 3,
                     *       "policy": {
                     *         "routes": [
                     *           {
                     *             "path": "Path",
                     *             "off": false,
                     *             "service": "loyalty",
                     *             "callers": "open",
                     *             "pace": "sign-in",
                     *             "worth": "interactive"
                     *           }
                     *         ],
                     *         "limits": {
                     *           "sign-in": {
                     *             "quota": "1200/60",
                     *             "by": "member"
                     *           }
                     *         },
                     *         "upstreams": {
                     *           "zh-CN": [
                     *             {
                     *               "url": "http://loyalty-canary:8080",
                     *               "weight": 1
                     *             }
                     *           ]
                     *         },
                     *         "breakers": {
                     *           "zh-CN": "open"
                     *         },
                     *         "shed_level": 0,
                     *         "deny": [
                     *           "Deny"
                     *         ],
                     *         "allow": [
                     *           "Allow"
                     *         ],
                     *         "origins": [
                     *           "Origin"
                     *         ]
                     *       },
                     *       "changed_by": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "changed_at": "2026-03-02T08:30:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PolicyAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_routes_v1_traffic_routes_get: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description How many items at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "path": "Path",
                     *           "service": "loyalty",
                     *           "roles": [
                     *             "Role"
                     *           ],
                     *           "signed_in": true,
                     *           "pace": "Pace",
                     *           "worth": "Worth",
                     *           "deadline_ms": 3,
                     *           "cached": true
                     *         }
                     *       ],
                     *       "next_cursor": "Next cursor"
                     *     }
                     */
                    "application/json": components["schemas"]["Page_RouteAnswer_"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_unsubscribe_v1_unsubscribe__token__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unsubscribe_v1_unsubscribe__token__post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Made by the caller before sending, the same in every retry.
                 * @example 01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    show_own_wallet_v1_wallet_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "household_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *       "version": 3,
                     *       "points": 129,
                     *       "pending": 3,
                     *       "held": 3,
                     *       "debt": 3,
                     *       "growth_points": 2400,
                     *       "tier": {
                     *         "key": "spring-2026",
                     *         "name": "Jasmine tea",
                     *         "benefits": {
                     *           "multiplier": "Multiplier",
                     *           "priority_support": true,
                     *           "exclusive_offers": true,
                     *           "free_shipping": true,
                     *           "birthday_points": 3
                     *         },
                     *         "reached_at": "2026-03-02T08:30:00Z",
                     *         "basis": "growth_points",
                     *         "value": 3,
                     *         "next": {
                     *           "key": "spring-2026",
                     *           "name": "Jasmine tea",
                     *           "threshold": 3,
                     *           "benefits": {
                     *             "multiplier": "Multiplier",
                     *             "priority_support": true,
                     *             "exclusive_offers": true,
                     *             "free_shipping": true,
                     *             "birthday_points": 3
                     *           }
                     *         },
                     *         "missing": 3,
                     *         "progress": 0,
                     *         "keep": {
                     *           "until": "2026-03-02T08:30:00Z",
                     *           "needs": 3,
                     *           "missing": 3,
                     *           "projected": "Projected"
                     *         }
                     *       },
                     *       "expiring": [
                     *         {
                     *           "points": 129,
                     *           "expires_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "checkin": {
                     *         "done_today": true,
                     *         "streak": 3,
                     *         "next_at": "2026-03-02T08:30:00Z",
                     *         "best": 3,
                     *         "month": "2026-03",
                     *         "present": 3,
                     *         "frozen": 3,
                     *         "freeze_cards": 3,
                     *         "makeup_cards": 3
                     *       },
                     *       "recent": [
                     *         {
                     *           "entry_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "version": 3,
                     *           "kind": "earn",
                     *           "points": 129,
                     *           "available": 3,
                     *           "pending": 3,
                     *           "held": 3,
                     *           "debt": 3,
                     *           "rule": "Rule",
                     *           "source_type": "Source type",
                     *           "source_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "reason": "Sorry for the delay",
                     *           "by_member_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "occurred_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "time_zone": "Asia/Shanghai",
                     *       "maturing": [
                     *         {
                     *           "points": 129,
                     *           "active_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "rewards": [
                     *         {
                     *           "reward_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": "Jasmine tea",
                     *           "kind": "benefit",
                     *           "points": 129,
                     *           "stock_state": "plenty",
                     *           "can_redeem": true,
                     *           "reason": "not_yet",
                     *           "missing_points": 3,
                     *           "available_at": "2026-03-02T08:30:00Z",
                     *           "valid_until": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "missions": [
                     *         {
                     *           "mission_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": "Jasmine tea",
                     *           "progress": 3,
                     *           "completed": true,
                     *           "claimable": true,
                     *           "ends_at": "2026-03-02T08:30:00Z",
                     *           "prize": {
                     *             "points": 129,
                     *             "growth_points": 2400,
                     *             "coupon": true,
                     *             "cards": 3,
                     *             "badge": "Badge"
                     *           }
                     *         }
                     *       ],
                     *       "coupons": [
                     *         {
                     *           "coupon_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "code": "482913",
                     *           "name": "Jasmine tea",
                     *           "kind": "amount",
                     *           "amount_minor": 12900,
                     *           "percent": 3,
                     *           "currency": "CNY",
                     *           "minimum_spend_minor": 3,
                     *           "valid_until": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "offers": [
                     *         {
                     *           "offer_id": "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10",
                     *           "name": "Jasmine tea",
                     *           "occasion": "new_member",
                     *           "ends_at": "2026-03-02T08:30:00Z",
                     *           "prize": {
                     *             "points": 129,
                     *             "growth_points": 2400,
                     *             "coupon": true,
                     *             "cards": 3,
                     *             "badge": "Badge"
                     *           }
                     *         }
                     *       ],
                     *       "badges": [
                     *         {
                     *           "badge": "Badge",
                     *           "name": "Jasmine tea",
                     *           "awarded_at": "2026-03-02T08:30:00Z"
                     *         }
                     *       ],
                     *       "referral": {
                     *         "code": "482913",
                     *         "invited": 3,
                     *         "pending": 3,
                     *         "rewarded": 3,
                     *         "you_get": {
                     *           "points": 129,
                     *           "growth_points": 2400,
                     *           "coupon": true,
                     *           "cards": 3,
                     *           "badge": "Badge"
                     *         },
                     *         "friend_gets": {
                     *           "points": 129,
                     *           "growth_points": 2400,
                     *           "coupon": true,
                     *           "cards": 3,
                     *           "badge": "Badge"
                     *         }
                     *       },
                     *       "actions": [
                     *         {
                     *           "action": "check_in",
                     *           "path": "Path"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ScreenAnswer"];
                };
            };
            /** @description A refusal. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "urn:rapport:problem:loyalty.insufficient_points",
                     *       "title": "Not enough points",
                     *       "status": 409,
                     *       "detail": "This reward costs 500 points; 129 are available.",
                     *       "code": "loyalty.insufficient_points"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
