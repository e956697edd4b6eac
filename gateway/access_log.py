"""What is written down of each request: one JSON line, and metrics by route template.

Neither holds personal data: the line names the row of the route table, never the path or the
query, and the caller by id. Lines are gathered and written together, because a system call per
request costs more than the request's own bookkeeping.
"""

import asyncio
import sys
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate
from typing import BinaryIO, Final

import orjson
from prometheus_client import REGISTRY, Counter
from prometheus_client.metrics_core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

GIVEN_UP = Counter(
    "gateway_abandoned_total", "Requests whose caller left before the answer.", ["service"]
)

FLUSH_S: Final = 0.2
MOST_GATHERED: Final = 256


class AccessLog:
    """Gathers lines and writes them every `FLUSH_S` seconds. `flush` it at the end."""

    def __init__(self, output: BinaryIO | None = None) -> None:
        self._output = output or sys.stderr.buffer
        self._lines: list[bytes] = []
        self._flushing: asyncio.TimerHandle | None = None

    def write(self, line: dict[str, object]) -> None:
        line["at"] = datetime.now(UTC)
        self._lines.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        if len(self._lines) >= MOST_GATHERED:
            self.flush()
        elif self._flushing is None:
            self._flushing = asyncio.get_running_loop().call_later(FLUSH_S, self.flush)

    def flush(self) -> None:
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        lines, self._lines = self._lines, []
        if lines:
            self._output.write(b"".join(lines))
            self._output.flush()


class Seconds(Collector):
    """A histogram as prometheus_client's, without its lock: all counting is in one event loop."""

    BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
    LABELS: Final = ("service", "route", "method", "status")

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str, int], list[int]] = {}
        self._sums: dict[tuple[str, str, str, int], float] = {}
        self.in_flight = 0

    def observe(self, labels: tuple[str, str, str, int], seconds: float) -> None:
        counts = self._counts.get(labels)
        if counts is None:
            counts = self._counts[labels] = [0] * (len(self.BUCKETS) + 1)
            self._sums[labels] = 0.0
        counts[bisect_left(self.BUCKETS, seconds)] += 1
        self._sums[labels] += seconds

    def collect(self) -> Iterator[Metric]:
        seconds = HistogramMetricFamily(
            "gateway_request_seconds",
            "Time from a request's arrival at the gateway to its answer's last byte.",
            labels=self.LABELS,
        )
        bounds = [*map(floatToGoString, self.BUCKETS), "+Inf"]
        for labels, counts in self._counts.items():
            service, route, method, status = labels
            buckets = list(zip(bounds, accumulate(counts), strict=True))
            seconds.add_metric([service, route, method, f"{status}xx"], buckets, self._sums[labels])
        yield seconds
        yield GaugeMetricFamily(
            "gateway_requests_in_flight", "Requests the gateway is working on now.", self.in_flight
        )


SECONDS = Seconds()
REGISTRY.register(SECONDS)
