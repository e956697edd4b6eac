"""Identity at work: its keys, passwords and tokens, kept up to date with the database.

Every replica reads anew, every half minute and whenever it meets a key it does not know, what the
others may have changed: signing keys, API keys, revoked sessions. Revoked sessions it also hears of
at once, by event.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from math import inf
from typing import Final
from uuid import UUID

from nats.aio.msg import Msg
from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions import accounts, codes, erasures, notices, review, secrets
from gateway.actions.bootstrap import FirstCredentials, bootstrap
from gateway.actions.codes import Proof, Seals
from gateway.actions.keys import signers
from gateway.actions.sessions import SessionRules
from gateway.actions.trail import record
from gateway.authenticator import Authenticator
from gateway.events import SessionRevoked
from gateway.issuers import Issuers
from gateway.limits import LocalCount, Quota
from gateway.passwords import Passwords
from gateway.routes import SERVICES
from gateway.settings import Settings
from gateway.store import erasures as stored_erasures
from gateway.store import keys, sessions
from gateway.store.accounts import Credentials
from gateway.tables import ApiKey
from gateway.tokens import AccessTokens, InternalTokens, KeyRing, Verified
from kit import clock
from kit.app import Runtime
from kit.auth import Caller, Role, shared_keys
from kit.db import is_passing, transaction
from kit.events import Event
from kit.problems import Unavailable
from kit.tasks import repeat
from kit.vault import Vault

ERASURES_OPEN = Gauge("gateway_erasures_open", "Members being erased, not done in all services.")
ERASURES_OLDEST = Gauge(
    "gateway_erasure_oldest_seconds", "How long the longest-waiting erasure has been going on."
)

Find = Callable[[AsyncSession], Awaitable[Credentials | None]]

READ_EVERY_S: Final = 30.0
ASK_EVERY_S: Final = 3_600.0
RECEIPT_EVERY_S: Final = 2.0  # while erasures are open
NEW_ERASURES_EVERY_S: Final = 10.0
TELL_EVERY_S: Final = 10.0
LONGEST_TARGET: Final = 500
READS: Final = Quota(10, 10)
"""Who sends made-up keys has the database asked no more often than this."""
FAILED_FOR_S: Final = 1.0


class Identity:
    """One per process: `start` it before requests, `run` it beside them, `close` it at the end."""

    def __init__(self, settings: Settings, runtime: Runtime) -> None:
        self._settings = settings
        self._runtime = runtime
        self._vault = settings.vault()
        self._ring = KeyRing()
        self._reading = asyncio.Lock()
        self._reads = LocalCount()
        self._read_at = -inf
        self._failed_at = -inf
        runtime.secret = self._vault.key_for("stored answers")
        messages = Vault.of(settings.message_secret, settings.message_secret_file, "MESSAGE_SECRET")
        self.seals = Seals(self._vault.key_for("codes"), self._vault, messages)
        self.phone_prefixes = tuple(settings.code_phone_prefixes.split(","))
        self.registers_at_once = settings.registration == "at_once"
        self.issuers = Issuers(settings.issuers)
        self.issuer = settings.issuer
        self.invitation_life = timedelta(hours=settings.invitation_hours)
        self.review_every = timedelta(days=settings.access_review_days)
        self.sessions = runtime.sessions
        self.passwords = Passwords(settings)
        self.access = AccessTokens(self._ring, settings)
        folder = settings.internal_keys_folder
        shared = {name: shared_keys(folder, name) for name in (runtime.service.name, *SERVICES)}
        self.internal = InternalTokens(self._ring, shared={n: k[0] for n, k in shared.items() if k})
        self.authenticator = Authenticator(self.access, self.read)
        self._erasures_open, self._erasures_due_at = 0, 0.0
        self.session_rules = SessionRules(
            timedelta(days=settings.member_session_days),
            timedelta(hours=settings.staff_session_hours),
            timedelta(minutes=settings.staff_idle_minutes),
            settings.staff_second_factor == "required",
        )

    @property
    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public keys, as services and resource servers ask for them."""
        return self._ring.jwks()

    async def start(self) -> None:
        """Make what a fresh deployment lacks, then read the keys."""
        first = await self._first_credentials()
        async with transaction(self.sessions) as session:
            await bootstrap(session, first, clock.now())
            await secrets.note_start(session, self._vault)
        await self.read()

    async def ready(self) -> None:
        """Read the keys if they were never read, as when the database was away at the start."""
        if not self._ring.public:
            await self.read()

    async def read(self) -> None:
        """Take over what the database says, unless somebody has begun to since we were called.

        So a key is known everywhere once it was made, except while many made-up ones are sent.
        Raises Unavailable while the database is away, at once where that was found out within the
        last second; what is known stays known.
        """
        called_at = time.monotonic()
        async with self._reading:
            if time.monotonic() - self._failed_at < FAILED_FOR_S:
                raise Unavailable("The keys cannot be read.")
            if self._ring.public and (self._read_at > called_at or not self._may_read()):
                return
            began_at = time.monotonic()
            try:
                async with transaction(self.sessions) as session:
                    await self._take_over(session)
            except Exception as error:
                if is_passing(error):
                    self._failed_at = time.monotonic()
                    raise Unavailable("The keys cannot be read.") from error
                raise
            self._read_at = began_at

    def _may_read(self) -> bool:
        return self._reads.take("keys", "", READS).allowed

    async def run(self) -> None:
        """Stay up to date, for ever."""
        works = (
            self._hear(),
            repeat("reading keys and revocations", READ_EVERY_S, self.read),
            repeat("asking for an access review", ASK_EVERY_S, self.ask_for_review),
            repeat("receipting erasures", RECEIPT_EVERY_S, self.follow_erasures),
            repeat("telling administrators", TELL_EVERY_S, self.tell_administrators),
        )
        tasks = [asyncio.create_task(work) for work in works]
        try:
            await asyncio.wait(tasks)
        finally:
            for task in tasks:
                task.cancel()

    async def ask_for_review(self) -> None:
        """Ask administrators to review who has access, when that is due."""
        async with transaction(self.sessions) as session:
            await review.ask(session, self.seals, self.review_every, clock.now())

    async def follow_erasures(self) -> None:
        """See to erasures while some are open, and otherwise look now and then for new ones."""
        if self._erasures_open or time.monotonic() >= self._erasures_due_at:
            await self.receipt_erasures()
            self._erasures_due_at = time.monotonic() + NEW_ERASURES_EVERY_S

    async def receipt_erasures(self) -> None:
        """Ask for erasures nobody was asked for, finish what is done, measure what is not."""
        now = clock.now()
        async with transaction(self.sessions) as session:
            await erasures.ask_for_forgotten(session, self.seals, now)
            await erasures.finish(session, self.seals, now)
            still = await stored_erasures.still_open(session)
        self._erasures_open = still.count
        waited_s = (now - still.since).total_seconds() if still.since else 0
        ERASURES_OPEN.set(still.count)
        ERASURES_OLDEST.set(max(0.0, waited_s))

    async def tell_administrators(self) -> None:
        """Write to the administrators what they are to be told."""
        async with transaction(self.sessions) as session:
            await notices.tell_administrators(session, self.seals, clock.now())

    def close(self) -> None:
        self.passwords.close()

    async def prove(self, name: str, find: Find, password: str) -> Credentials:
        """The credentials of `name`, as `find` finds them, once `password` has proven right.

        Raises WrongCredentials, or SignInBlocked after too many failures. No transaction is open
        while the password is compared.
        """
        async with transaction(self.sessions) as session:
            await accounts.admit_attempt(session, name, clock.now())
            credentials = await find(session)
        stored = credentials.password_hash if credentials else None
        matches = await self.passwords.matches(password, stored)
        if credentials is None or not matches:
            raise accounts.WrongCredentials("Check the name and the password.")
        return credentials

    def refuse(self, session_ids: Iterable[UUID]) -> None:
        """Refuse the access tokens of ended sessions from now on."""
        for session_id in session_ids:
            self.authenticator.revoke_session(session_id)

    async def note_change(self, caller: Caller, method: str, path: str, request_id: str) -> None:
        """Note in the audit trail that a staff member asks a service for a change.

        Raises Unavailable while it cannot be noted: then it is not done either.
        """
        now, details = clock.now(), {"method": method, "request_id": request_id}
        actor, target = UUID(caller.subject), path[:LONGEST_TARGET]
        try:
            async with transaction(self.sessions) as session:
                await record(session, actor, "staff.called", target, now, **details)
        except Exception as error:
            if is_passing(error):
                raise Unavailable("What staff do must be noted, and cannot be now.") from error
            raise

    async def weigh(self, presented: codes.Presented) -> Proof | None:
        """What a presented code proves, if anything. The try it costs is committed here."""
        async with transaction(self.sessions) as session:
            return await codes.weigh(session, self.seals, presented, clock.now())

    async def rehashed(self, credentials: Credentials, password: str) -> str | None:
        """A new hash of a proven password, where the one stored was made with other parameters."""
        if self.passwords.is_outdated(credentials.password_hash or ""):
            return await self.passwords.hash(password)
        return None

    async def _first_credentials(self) -> FirstCredentials:
        settings = self._settings
        password = settings.admin_password.get_secret_value()
        named = bool(settings.admin_email and password)
        return FirstCredentials(
            admin_email=settings.admin_email if named else "",
            admin_password_hash=await self.passwords.hash(password) if named else "",
            backend_key=settings.backend_key.get_secret_value(),
            write_key=settings.write_key.get_secret_value(),
        )

    async def _take_over(self, session: AsyncSession) -> None:
        now = clock.now()
        hashes = await secrets.key_for(session, self._vault, "codes")
        self.seals = replace(self.seals, key=hashes)
        self._runtime.secret = await secrets.key_for(session, self._vault, "stored answers")
        life = timedelta(days=self._settings.signing_key_days)
        self._ring.replace(await signers(session, self._vault, life, now))
        self._runtime.verifier.trust(self.jwks)
        since = now - timedelta(seconds=2 * self.access.life_s)
        self.authenticator.learn(
            {key.key_hash: verified(key) for key in await keys.good_keys(session, now)},
            map(str, await sessions.revoked_since(session, since)),
        )
        if used := self.authenticator.take_used_keys():
            await keys.mark_used(session, {UUID(key_id) for key_id in used}, now)

    async def _hear(self) -> None:
        """Refuse a session as soon as any replica says it is revoked."""
        await self._runtime.bus.listen(SessionRevoked.type, self._on_revoked)

    async def _on_revoked(self, message: Msg) -> None:
        revoked = SessionRevoked.model_validate(Event.decode(message.data).data)
        self.authenticator.revoke_session(revoked.session_id)


def verified(key: ApiKey) -> Verified:
    """Whom an API key stands for, and until when."""
    caller = Caller(subject=str(key.key_id), role=Role.SERVICE, scopes=frozenset(key.scopes))
    return Verified(caller, key.expires_at.timestamp() if key.expires_at else inf)
