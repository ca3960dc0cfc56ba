"""Which access tokens let somebody in."""

import base64
import hashlib
import hmac
import json
import time
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OKPKey

from chassis.actor import Grant
from chassis.errors import Refused, ServiceUnavailable
from contracts.roles import Role
from gateway.engine.authentication import Authentication
from gateway.sessions.revocation import Revocations
from gateway.sessions.tokens import ALGORITHM, ISSUER, AccessTokens
from tests.gateway.harness import World
from tests.gateway.test_errors import UNION, assert_problem


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {
        "iss": ISSUER,
        "sub": str(uuid4()),
        "sid": str(uuid4()),
        "iat": now,
        "exp": now + 600,
        "epoch": 0,
        "grants": {"worker": [None]},
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not ...}


def signed(key: Ed25519PrivateKey, content: dict[str, Any], **header: Any) -> str:
    whole = {"alg": ALGORITHM, "typ": "at+jwt", **header}
    return jwt.encode(whole, content, OKPKey.import_key(key), algorithms=[ALGORITHM])


def part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


@pytest.fixture
def open_world(engine: World) -> World:
    engine.services.otherwise = lambda *_: {}
    return engine


def test_a_token_of_ours_lets_in(open_world: World, token_key: Ed25519PrivateKey) -> None:
    assert open_world.get(UNION, signed(token_key, claims())).status_code == 200


def test_the_service_learns_who_asks(open_world: World) -> None:
    account_id = uuid4()
    open_world.get(UNION, open_world.token_of(Role.WORKER, Role.AUDITOR, account_id=account_id))

    actor = open_world.services.asked[0][2].actor
    assert actor.id == account_id
    assert actor.grants == (Grant(Role.WORKER), Grant(Role.AUDITOR))


@given(grants=st.lists(st.builds(Grant, st.sampled_from(Role), st.none() | st.uuids()), min_size=1, max_size=20))
def test_a_token_tells_each_grant_as_it_was_given(token_key: Ed25519PrivateKey, grants: list[Grant]) -> None:
    tokens = AccessTokens(token_key)
    caller, _ = tokens.verify(tokens.issue(uuid4(), uuid4(), 0, grants))

    assert Counter(caller.grants) == Counter(grants)


@pytest.mark.parametrize("subject_key", [None, "5" * 64])
def test_a_token_tells_the_person_behind_the_account(token_key: Ed25519PrivateKey, subject_key: str | None) -> None:
    tokens = AccessTokens(token_key)
    caller, _ = tokens.verify(tokens.issue(uuid4(), uuid4(), 0, [Grant(Role.WORKER)], subject_key))

    assert caller.subject_key == subject_key


@pytest.mark.parametrize("must_enrol", [False, True])
def test_a_token_tells_whether_its_account_has_to_enrol_first(token_key: Ed25519PrivateKey, must_enrol: bool) -> None:
    tokens = AccessTokens(token_key)
    caller, _ = tokens.verify(tokens.issue(uuid4(), uuid4(), 0, [Grant(Role.WORKER)], must_enrol=must_enrol))

    assert caller.must_enrol is must_enrol


def test_an_expired_token_is_worth_a_refresh(open_world: World, token_key: Ed25519PrivateKey) -> None:
    answer = open_world.get(UNION, signed(token_key, claims(exp=int(time.time()) - 1)))

    assert_problem(answer, 401, "token_expired")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="unionhall", error="invalid_token"'


def test_a_remembered_token_expires_too(open_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    token = open_world.token_of(Role.WORKER)
    assert open_world.get(UNION, token).status_code == 200

    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)

    assert_problem(open_world.get(UNION, token), 401, "token_expired")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer a.b.c",
        "Bearer ..",
        "Basic dXNlcjpwYXNz",
        "Bearer " + "x" * 9000,
        "Bearer \xe5\xb7\xa5",
    ],
)
def test_what_is_no_token_lets_nobody_in(open_world: World, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = open_world.get(UNION, headers=headers)

    assert_problem(answer, 401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="unionhall"'


def test_a_token_of_another_key_lets_nobody_in(open_world: World) -> None:
    answer = open_world.get(UNION, signed(Ed25519PrivateKey.generate(), claims()))

    assert_problem(answer, 401, "not_authenticated")


def test_a_token_without_a_signature_lets_nobody_in(open_world: World) -> None:
    token = f"{part({'alg': 'none', 'typ': 'at+jwt'})}.{part(claims())}."

    assert_problem(open_world.get(UNION, token), 401, "not_authenticated")


def test_the_public_key_is_no_shared_secret(open_world: World, token_key: Ed25519PrivateKey) -> None:
    """The swapped algorithm: HMAC with the public key, which everybody may know."""
    for encoding, form in ((Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), (Encoding.Raw, PublicFormat.Raw)):
        secret = token_key.public_key().public_bytes(encoding, form)
        content = f"{part({'alg': 'HS256', 'typ': 'at+jwt'})}.{part(claims())}"
        digest = hmac.new(secret, content.encode(), hashlib.sha256).digest()
        token = f"{content}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"

        assert_problem(open_world.get(UNION, token), 401, "not_authenticated")


def test_a_changed_token_lets_nobody_in(open_world: World, token_key: Ed25519PrivateKey) -> None:
    header, _, signature = signed(token_key, claims()).split(".")
    token = f"{header}.{part(claims(grants={'system_admin': [None]}))}.{signature}"

    assert_problem(open_world.get(UNION, token), 401, "not_authenticated")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "urn:other"},
        {"iss": ...},
        {"sub": ...},
        {"sub": "me"},
        {"sid": ...},
        {"exp": ...},
        {"exp": "tomorrow"},
        {"epoch": ...},
        {"epoch": "x"},
        {"grants": ...},
        {"grants": "worker"},
        {"grants": ["worker"]},
        {"grants": {"worker": None}},
        {"grants": {"emperor": [None]}},
        {"grants": {"officer": ["018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c53"]}},
        {"grants": {"officer": [5]}},
    ],
)
def test_a_token_must_say_what_ours_say(
    open_world: World, token_key: Ed25519PrivateKey, changes: dict[str, Any]
) -> None:
    assert_problem(open_world.get(UNION, signed(token_key, claims(**changes))), 401, "not_authenticated")


def test_another_kind_of_token_with_our_key_lets_nobody_in(open_world: World, token_key: Ed25519PrivateKey) -> None:
    assert_problem(open_world.get(UNION, signed(token_key, claims(), typ="JWT")), 401, "not_authenticated")


def test_the_key_in_a_token_is_not_believed(open_world: World) -> None:
    key = Ed25519PrivateKey.generate()
    jwk = OKPKey.import_key(key).as_dict(private=False)

    assert_problem(open_world.get(UNION, signed(key, claims(), jwk=jwk)), 401, "not_authenticated")


def test_a_process_that_never_saw_the_revocations_lets_nobody_in(engine: World, token_key: Ed25519PrivateKey) -> None:
    tokens = AccessTokens(token_key)
    authentication = Authentication(tokens.verify, Revocations(engine.database))

    with pytest.raises(ServiceUnavailable):
        authentication.caller(f"Bearer {signed(token_key, claims())}")


def test_a_refused_token_is_not_remembered(engine: World, token_key: Ed25519PrivateKey) -> None:
    authentication = Authentication(AccessTokens(token_key).verify, engine.revocations)

    for _ in range(2):
        with pytest.raises(Refused, match="not_authenticated"):
            authentication.caller("Bearer a.b.c")
