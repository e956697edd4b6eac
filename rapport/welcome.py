"""What is said once everything is ready: what to open, and lines to try that work as printed."""

from pathlib import Path
from uuid import uuid4

from rich.console import Console

from rapport import credentials

READY = """
[bold]Ready in {seconds:.1f} s:[/] {url}/docs
  administrator {email}, password and keys in {credentials}
  logs in {logs}, metrics at {metrics}
  next: rapport smoke, rapport doctor, rapport seed, rapport mail list

A member registers, checks in, and finds the points in wallet and inbox:
"""

TRY = """\
TOKEN=$(curl -s {url}/v1/auth/register -H 'Content-Type: application/json' \\
  -d '{{"email":"ada.'$(date +%s)'@example.com","password":"correct horse battery"}}' \\
  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -s -X POST {url}/v1/checkins -H "Authorization: Bearer $TOKEN" \\
  -H 'Idempotency-Key: {key}'
curl -s {url}/v1/wallet -H "Authorization: Bearer $TOKEN"
curl -s {url}/v1/inbox -H "Authorization: Bearer $TOKEN"
"""


def welcome(console: Console, data: Path, *, url: str, metrics: str, seconds: float) -> None:
    """Print it."""
    console.print(
        READY.format(
            seconds=seconds,
            url=url,
            email=credentials.of_folder(data).admin_email,
            credentials=data / credentials.FILE,
            logs=data / "logs",
            metrics=metrics,
        ),
        highlight=False,
    )
    console.print(TRY.format(url=url, key=uuid4()), markup=False, highlight=False)
