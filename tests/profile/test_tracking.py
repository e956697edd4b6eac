from kit.testing import Harness, backend, member


async def test_smoke(harness: Harness) -> None:
    async with harness.client(backend("activities:write")) as client:
        answer = await client.post(
            "/v1/batch",
            json={
                "batch": [
                    {
                        "type": "track",
                        "messageId": "m1",
                        "userId": "u-1",
                        "event": "Opened",
                        "timestamp": "2026-01-01T00:00:00Z",
                    },
                    {"type": "nope", "messageId": "m2", "userId": "u-1"},
                ],
                "sentAt": "2026-01-01T00:00:01Z",
            },
        )
        print(answer.status_code, answer.text)
        assert answer.status_code == 200
    print(
        [(e.type, e.data) for t in harness.service.publishes for e in await harness.events(t.type)]
    )
    me = member()
    async with harness.client(me) as client:
        a = await client.get("/v1/me")
        print(a.status_code, a.text, a.headers)
        a = await client.patch("/v1/me", json={"time_zone": "Asia/Shanghai", "display_name": "Mei"})
        print(a.status_code, a.text)
