"""The command line, a module for each noun: arguments in, lines out; the work is done elsewhere.

What is slow to import is imported by the command that needs it, so that `rapport --help` is quick.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rapport.deployment import DEFAULT_DATA

Data = Annotated[
    Path, typer.Option("--data", envvar="RAPPORT_DATA", help="Folder of the embedded servers.")
]
DATA = DEFAULT_DATA

console = Console(soft_wrap=True)
