"""The mail catcher keeps what SMTP clients send, and shows it readably."""

import stat
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from rapport import mail
from rapport.errors import OperatorError
from rapport.ports import LOOPBACK, free_port


def letter(subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Rapport <no-reply@example.com>"
    message["To"] = "ada@example.com"
    message["Subject"] = subject
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    return message


async def test_a_sent_message_is_kept_and_read_back(tmp_path: Path) -> None:
    port = free_port()
    async with mail.catching(tmp_path, f"smtp://{LOOPBACK}:{port}"):
        for text in ("Добро пожаловать", "欢迎"):
            await aiosmtplib.send(letter(text, text), hostname=LOOPBACK, port=port)
    kept = [mail.read(file) for file in mail.messages(tmp_path)]
    assert [message["subject"] for message in kept] == ["Добро пожаловать", "欢迎"]
    assert mail.text_of(mail.message_numbered(tmp_path, -1)).strip() == "欢迎"
    assert mail.message_numbered(tmp_path, 1)["subject"] == "Добро пожаловать"


async def test_mail_is_for_its_owner_only(tmp_path: Path) -> None:
    async with mail.catching(tmp_path, f"smtp://{LOOPBACK}:{free_port()}"):
        mode = (tmp_path / "mail").stat().st_mode
    assert stat.S_IMODE(mode) == 0o700


async def test_a_real_mail_server_is_left_alone(tmp_path: Path) -> None:
    async with mail.catching(tmp_path, "smtp://mail.example.com:25"):
        assert not (tmp_path / "mail").exists()


@pytest.mark.parametrize("number", [0, 1, 7])
def test_a_message_that_is_not_there_is_said_so(tmp_path: Path, number: int) -> None:
    with pytest.raises(OperatorError, match="there is no message"):
        mail.message_numbered(tmp_path, number)
