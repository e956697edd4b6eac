"""The route table leads where it says, and nowhere else."""

import pytest

from gateway.routes import LONGEST_REMEMBERED, MEMBERS, OPEN, ROUTES, Route, Table
from kit.auth import Role

TABLE = Table()


def service_at(path: str) -> str | None:
    route = TABLE.find(path, path.encode())
    return route.service if route else None


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/v1/wallet", "loyalty"),
        ("/v1/tickets", "feedback"),
        ("/v1/tickets/0198f6c2/messages", "feedback"),
        ("/v1/batch", "profile"),
        ("/v1/inbox/read", "notify"),
        ("/v1/auth/login", "gateway"),
        ("/healthz", "gateway"),
        ("/.well-known/jwks.json", "gateway"),
    ],
)
def test_a_path_leads_to_its_service(path: str, service: str) -> None:
    assert service_at(path) == service


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/metrics", id="the metrics of any part"),
        pytest.param("/", id="the root"),
        pytest.param("/v1", id="the version alone"),
        pytest.param("/v2/wallet", id="an unknown version"),
        pytest.param("/v1/walle", id="a beginning of a path"),
        pytest.param("/v1/walletx", id="a path with something behind it"),
        pytest.param("/V1/wallet", id="another case"),
        pytest.param("//v1/wallet", id="a double slash in front"),
        pytest.param("/v1//wallet", id="a double slash inside"),
        pytest.param("/v1/wallet/", id="a slash at the end"),
        pytest.param("/v1/./wallet", id="a dot segment"),
        pytest.param("/v1/wallet/../inbox", id="a parent segment"),
        pytest.param("/v1/wallet/%2e%2e/inbox", id="an encoded parent segment"),
        pytest.param("/v1/wallet%2Fx", id="an encoded slash"),
        pytest.param("/v1/wallet%5cx", id="an encoded backslash"),
        pytest.param("/v1/wallet\\x", id="a backslash"),
        pytest.param("/v1/wallet;x=1", id="a path parameter"),
        pytest.param("/v1/wallet/%00", id="an encoded NUL"),
        pytest.param("/v1/wallet/%0d%0aSet-Cookie:x", id="an encoded line break"),
        pytest.param("/v1/wallet/%7f", id="an encoded control character"),
        pytest.param("/v1/wallet/%", id="a broken percent sign"),
        pytest.param("/v1/wallet/%zz", id="a percent sign with no digits"),
        pytest.param("v1/wallet", id="no slash in front"),
        pytest.param("http://x/v1/wallet", id="an absolute target"),
    ],
)
def test_what_no_row_covers_or_is_not_plain_does_not_exist(path: str) -> None:
    assert service_at(path) is None


@pytest.mark.parametrize(
    "path", ["/v1/faq/%E7%A7%AF%E5%88%86", "/v1/members/a@b.c", "/v1/faq/a%20b"]
)
def test_encoded_text_may_be_in_a_path(path: str) -> None:
    assert service_at(path) is not None


def test_the_row_that_says_more_wins() -> None:
    table = Table(
        [
            Route("/v1/tickets", "a", MEMBERS),
            Route("/v1/tickets/{}/attachments", "b", MEMBERS),
            Route("/v1/tickets/new/attachments", "c", OPEN),
        ]
    )
    found = {
        path: getattr(table.row(path), "service", None)
        for path in (
            "/v1/tickets",
            "/v1/tickets/1",
            "/v1/tickets/1/attachments",
            "/v1/tickets/1/attachments/2",
            "/v1/tickets/new/attachments",
        )
    }
    assert list(found.values()) == ["a", "a", "b", "b", "c"]


def test_a_path_asked_twice_is_found_again() -> None:
    assert service_at("/v1/wallet") == service_at("/v1/wallet") == "loyalty"


def test_long_paths_are_found_but_not_remembered() -> None:
    table = Table()
    path = "/v1/faq/" + "a" * LONGEST_REMEMBERED
    assert table.find(path, path.encode()).service == "feedback"
    assert table._recent.get(path.encode()) is None


def test_no_row_stands_twice() -> None:
    assert len({route.path for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize(
    ("route", "method", "role", "pace"),
    [
        ("/v1/wallet", "GET", Role.MEMBER, "read"),
        ("/v1/checkins", "POST", Role.MEMBER, "write"),
        ("/v1/faq", "GET", None, "read"),
        ("/v1/batch", "POST", Role.MEMBER, "ingest"),
        ("/v1/batch", "POST", Role.SERVICE, "backend"),
        ("/v1/tickets", "GET", Role.AGENT, "staff"),
        ("/v1/auth/login", "POST", None, "sign-in"),
        ("/v1/auth/refresh", "POST", None, "read"),
    ],
)
def test_the_pace_follows_from_route_method_and_role(route, method, role, pace) -> None:
    row = TABLE.row(route)
    assert row is not None
    assert row.pace_of(method, role) == pace


@pytest.mark.parametrize(
    ("path", "service"),
    [("/docs/start.js", "docs"), ("/pages/sign-in", "pages"), ("/pages/landing.js", "pages")],
)
def test_what_lies_below_a_short_path_is_its_rows_too(path: str, service: str) -> None:
    found = Table().row(path)
    assert found is not None
    assert found.service == service
