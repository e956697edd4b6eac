"""Files that go with messages: the kinds taken, and the names they are given back under."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from pathlib import PurePosixPath
from types import MappingProxyType

import filetype

LARGEST_BYTES = 25 * 1024 * 1024
HEAD_BYTES = 8_192
"""As much of a file as its kind is told from."""

MOST_PER_MESSAGE = 10
MOST_PER_TICKET = 200

UNSENT_KEPT = timedelta(days=1)
"""How long a file waits for the message it goes with."""

NAME_LENGTH = 120
PLAIN_TEXT = "text/plain"

EXTENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "application/pdf": ("pdf",),
        "audio/aac": ("aac",),
        "audio/amr": ("amr",),
        "audio/mp4": ("m4a", "mp4"),
        "audio/mpeg": ("mp3",),
        "audio/ogg": ("ogg", "oga", "opus"),
        "audio/x-wav": ("wav",),
        "image/avif": ("avif",),
        "image/gif": ("gif",),
        "image/heic": ("heic", "heif"),
        "image/jpeg": ("jpg", "jpeg"),
        "image/png": ("png",),
        "image/webp": ("webp",),
        "video/3gpp": ("3gp",),
        "video/mp4": ("mp4", "m4v"),
        "video/quicktime": ("mov",),
        "video/webm": ("webm",),
        PLAIN_TEXT: ("txt", "log", "csv", "json"),
    }
)
"""The kinds taken, and the extensions a name of each may have; the first is given where none fits.

None of them is a program, an archive, or a document that runs macros.
"""


_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


def kind_of(head: bytes) -> str | None:
    """The media type of a file that begins so, or None where nothing marks it: it may be text."""
    kind = filetype.guess(head)
    return str(kind.mime) if kind else None


def is_text(content: str) -> bool:
    """Whether there is nothing in it but what people read: no control characters."""
    return _CONTROL.search(content) is None


def shown_name(given: str, media_type: str) -> str:
    """A file's name without folders and what cannot be seen, its extension one of its kind."""
    name = PurePosixPath(unicodedata.normalize("NFC", given).replace("\\", "/")).name
    seen = "".join(c for c in name if unicodedata.category(c)[0] not in "CZ" or c == " ")
    stem, dot, extension = seen.strip(" .").rpartition(".")
    fitting = EXTENSIONS[media_type]
    if not dot or extension.lower() not in fitting:
        stem, extension = seen.strip(" ."), fitting[0]
    return f"{stem.strip(' .')[:NAME_LENGTH] or 'file'}.{extension}"
