"""Which files are taken, and what they are called."""

import pytest

from services.feedback.rules.attachments import EXTENSIONS, NAME_LENGTH, is_text, shown_name


@pytest.mark.parametrize(
    ("given", "media_type", "shown"),
    [
        pytest.param("photo.jpg", "image/jpeg", "photo.jpg", id="a good name stays"),
        pytest.param("PHOTO.JPEG", "image/jpeg", "PHOTO.JPEG", id="in capitals too"),
        pytest.param("фото 照片.png", "image/png", "фото 照片.png", id="any script"),
        pytest.param("../../etc/passwd", "text/plain", "passwd.txt", id="folders go"),
        pytest.param("C:\\Windows\\a.png", "image/png", "a.png", id="Windows' folders go"),
        pytest.param("invoice.exe", "image/png", "invoice.exe.png", id="a lie gets the truth"),
        pytest.param("gnp.\u202efdp.exe", "image/png", "gnp.fdp.exe.png", id="reversed writing"),
        pytest.param("a\x00b\r\nc.pdf", "application/pdf", "abc.pdf", id="control characters"),
        pytest.param(".hidden", "text/plain", "hidden.txt", id="no dot in front"),
        pytest.param("..", "image/gif", "file.gif", id="nothing left"),
        pytest.param("a/", "image/gif", "a.gif", id="a folder"),
        pytest.param("x" * 300 + ".png", "image/png", "x" * NAME_LENGTH + ".png", id="too long"),
    ],
)
def test_a_name_says_what_the_file_is_and_nothing_else(given, media_type, shown) -> None:
    assert shown_name(given, media_type) == shown


def test_no_kind_that_runs_is_taken() -> None:
    named = {name for names in EXTENSIONS.values() for name in names}
    assert not named & {"exe", "js", "html", "svg", "zip", "docm", "apk", "sh"}
    assert not {"text/html", "image/svg+xml", "application/zip"} & set(EXTENSIONS)


@pytest.mark.parametrize(
    ("content", "readable"),
    [("Привет,\n\t你好", True), ("a\x00b", False), ("\x1b[31m", False), ("", True)],
)
def test_text_has_no_control_characters(content, readable) -> None:
    assert is_text(content) is readable
