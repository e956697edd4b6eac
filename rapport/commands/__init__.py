"""The command line, a module for each noun: arguments in, lines out; the work is done elsewhere.

What is slow to import is imported by the command that needs it, so that `rapport --help` is quick.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

Data = Annotated[
    Path, typer.Option("--data", envvar="RAPPORT_DATA", help="Folder of the embedded servers.")
]
DATA = Path(".rapport")

console = Console(soft_wrap=True)
