"""Prometheus metrics every part gives.

Labels are part names, route templates, methods and status classes only.
"""

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest

REQUEST_SECONDS = Histogram(
    "http_request_seconds",
    "Time from a request's arrival to its answer's last byte.",
    ["service", "route", "method", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
REQUESTS_IN_FLIGHT = Gauge("http_requests_in_flight", "Requests being answered now.", ["service"])
READY = Gauge("ready", "1 while the part has all it needs.", ["service"])
POOL_IN_USE = Gauge("db_pool_connections_in_use", "Database connections checked out.", ["service"])
BUS_ERRORS = Counter("nats_errors_total", "Errors the NATS client reported.", ["service"])
BUS_CONNECTED = Gauge("nats_connected", "1 while the connection to NATS is up.", ["service"])
PUBLISHED = Counter("outbox_published_total", "Events published from the outbox.", ["service"])
OUTBOX_AGE = Gauge(
    "outbox_oldest_seconds", "Age of the longest-waiting unpublished event.", ["service"]
)
REPUBLISHED = Counter(
    "outbox_republished_total", "Events a stream had lost, published again.", ["service"]
)
HANDLED = Counter("inbox_handled_total", "Events handled for the first time.", ["service", "type"])
DUPLICATES = Counter("inbox_duplicates_total", "Events that had been handled before.", ["service"])
LATE = Counter(
    "inbox_late_total", "Events of members who had been erased, left without effect.", ["service"]
)
RETRIED = Counter("inbox_retried_total", "Events given back to be tried again.", ["service"])
PARKED = Counter("inbox_parked_total", "Events parked as dead letters.", ["service"])
DEAD_LETTERS = Gauge("dead_letters", "Dead letters waiting for somebody.", ["service"])
CONSUMER_LAG = Gauge(
    "consumer_lag_events", "Events a consumer has still to receive.", ["service", "stream"]
)
JOB_SECONDS = Histogram("job_seconds", "Time a scheduled job took.", ["service", "job"])
JOB_FAILURES = Counter(
    "job_failures_total", "Runs of a scheduled job that failed.", ["service", "job"]
)


def exposition() -> bytes:
    """All metrics of this process in Prometheus' text format."""
    return generate_latest(REGISTRY)
