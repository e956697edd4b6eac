"""The receiver of text messages keeps what is signed, beside the mail."""

from pathlib import Path

import httpx
import pytest

from rapport import mail, sms
from rapport.ports import LOOPBACK, free_port
from services.notify.sms import NotTaken, SmsSender, TextMessage

SECRET = "what text messages are signed under"


def message(text: str) -> TextMessage:
    return TextMessage(
        message_id="m-1",
        to="+8613800138000",
        text=text,
        template="code_sign_in",
        language="zh-CN",
        facts={"code": "428571"},
    )


async def sent(url: str, secret: str, text: str = "验证码428571") -> None:
    sender = SmsSender(url, secret, lambda: 1.0)
    try:
        await sender.send(message(text))
    finally:
        await sender.close()


async def test_a_signed_message_is_kept_and_shown_as_mail(tmp_path: Path) -> None:
    url = f"http://{LOOPBACK}:{free_port()}/sms"
    async with sms.receiving(tmp_path, url, SECRET):
        for text in ("验证码428571", "код 428571" + "!" * 2000):
            await sent(url, SECRET, text)
    newest = mail.message_numbered(tmp_path, -1)
    assert (newest["to"], newest["subject"]) == ("+8613800138000", "SMS: code_sign_in")
    assert mail.text_of(newest).strip() == "код 428571" + "!" * 2000
    assert len(mail.messages(tmp_path)) == 2


async def test_an_unsigned_message_is_refused(tmp_path: Path) -> None:
    url = f"http://{LOOPBACK}:{free_port()}/sms"
    async with sms.receiving(tmp_path, url, SECRET):
        with pytest.raises(NotTaken, match="status 401"):
            await sent(url, "another secret")
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            assert (await client.post(url, json={})).status_code == 401
    assert mail.messages(tmp_path) == []


async def test_a_real_provider_is_left_alone(tmp_path: Path) -> None:
    async with sms.receiving(tmp_path, "https://sms.example.com/hook", SECRET):
        assert not (tmp_path / "mail").exists()
