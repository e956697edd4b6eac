"""Rounds that alternate between candidates, so that a busy minute hurts all of them alike."""

from collections.abc import Callable, Mapping
from statistics import median

from rich.console import Console
from rich.table import Table

console = Console(width=100)
Measure = Callable[[], float]


def alternate(candidates: Mapping[str, Measure], rounds: int) -> dict[str, list[float]]:
    """Each candidate's figures, one a round."""
    figures: dict[str, list[float]] = {name: [] for name in candidates}
    for number in range(rounds):
        for name, measure in candidates.items():
            figures[name].append(measure())
            console.print(f"  round {number + 1}: {name}: {figures[name][-1]:,.0f}", style="dim")
    return figures


def show(title: str, unit: str, reference: str, figures: Mapping[str, list[float]]) -> None:
    """Print medians, their spread, and ratios to `reference`."""
    table = Table(
        "", f"median, {unit}", "least to most", "ratio", title=title, title_justify="left"
    )
    base = median(figures[reference])
    for name, values in figures.items():
        spread = f"{min(values):,.0f} to {max(values):,.0f}"
        ratio = "reference" if name == reference else f"{median(values) / base:.2f}"
        table.add_row(name, f"{median(values):,.0f}", spread, ratio)
    console.print(table)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of `values` lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
