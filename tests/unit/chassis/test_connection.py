"""How a broker's address becomes a connection."""

import pytest

from chassis.connection import connection


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("amqp://u:p@broker/hall", "broker:5672"),
        ("amqps://u:p@broker/hall", "broker:5671"),
        ("amqp://u:p@broker:7000/hall", "broker:7000"),
    ],
)
def test_an_address_without_a_port_means_the_usual_one(uri: str, host: str) -> None:
    made = connection(uri, "links")

    assert (made.host, made.virtual_host) == (host, "hall")


def test_an_address_without_a_virtual_host_means_the_first() -> None:
    assert connection("amqp://broker", "links").virtual_host == "/"


def test_a_secure_address_means_tls_with_a_certificate_for_that_host() -> None:
    """Kombu alone would speak plainly to it: it looks at `ssl=` and not at the scheme."""
    assert connection("amqps://u:p@broker/hall", "links").ssl == {"server_hostname": "broker"}
    assert not connection("amqp://u:p@broker/hall", "links").ssl


def test_operators_see_a_connection_under_its_name() -> None:
    assert connection("amqp://broker", "events.relay").client_properties["connection_name"] == "events.relay"
