"""Signing in, refreshing and signing out."""

from tests.gateway.harness import ADMINISTRATORS, World


def test_a_signed_in_account_reads_itself(world: World) -> None:
    token = world.token(ADMINISTRATORS[0])

    answer = world.get("/v1/me", token)

    assert answer.status_code == 200
    assert answer.json["account"]["username"] == ADMINISTRATORS[0]
    assert [grant["role"] for grant in answer.json["grants"]] == ["security_admin"]
