"""Private names of libraries are used for one release each; another must be looked at first."""

from importlib.metadata import version

import pytest

from chassis.nameko_ext import NAMEKO_VERSION, context_of


def test_nameko_is_the_release_whose_ways_the_chassis_mends() -> None:
    assert version("nameko") == NAMEKO_VERSION == "2.14.1"


@pytest.mark.parametrize("library", [("amqp", "5.4.2"), ("kombu", "5.7.0"), ("eventlet", "0.41.3")])
def test_a_library_whose_insides_the_links_lean_on_is_the_release_they_were_written_for(
    library: tuple[str, str],
) -> None:
    name, release = library

    assert version(name) == release


def test_only_nameko_s_own_headers_are_a_worker_s_context() -> None:
    assert context_of({"nameko.actor": "a", "x-deadline": 5, "actor": "b"}) == {"actor": "a"}
