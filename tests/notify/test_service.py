"""The service as it runs: its consumer, its jobs and its mail workers, on the real stores."""

from kit.events import Event, stream_name, wire_subject
from kit.ids import uuid7
from kit.testing import Harness, until
from services.notify.main import create_app
from services.notify.rules import CampaignState
from tests.notify.events import created, inbox_of, listed
from tests.notify.test_campaigns import begun, shown


async def publish(runtime, *events: Event) -> None:
    """Say events as the services that own them would."""
    await runtime.bus.wait_connected()
    prefix = runtime.settings.subject_prefix
    for event in events:
        await runtime.bus.ensure_stream(stream_name(prefix, "profile"), [f"{prefix}.profile.>"])
        subject = wire_subject(prefix, event.type, event.partition)
        assert await runtime.bus.publish([(subject, str(event.id), event.encode())]) != [None]


async def test_an_event_becomes_an_item_and_a_mail_and_a_campaign_runs_by_itself(
    harness: Harness, server
) -> None:
    settings = harness.settings.model_copy(update={"smtp_url": server.url})
    app = create_app(settings)
    member_id = uuid7()
    async with app.router.lifespan_context(app):
        campaign_id = await begun(harness, channels=["inbox", "email"])
        await publish(
            app.state.runtime, created(member_id, language="en"), listed(campaign_id, [member_id])
        )

        async def is_finished() -> bool:
            return (await shown(harness, campaign_id))["state"] == CampaignState.FINISHED

        await until(is_finished, within_s=60)
        assert sorted(message["Subject"] for message in server.accepted) == [
            "Spring is here, Mei",
            "Welcome, Mei!",
        ]
        assert len(await inbox_of(harness, member_id)) == 2
