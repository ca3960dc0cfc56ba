"""Makes a broker what the contracts say, as often as it is called, and reports what it had to change."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from chassis.topology import Topology, from_contracts
from chassis.topology_names import RPC_EXCHANGE
from chassis.topology_rights import User
from unionctl.broker import Broker
from unionctl.errors import PlatformError
from unionctl.management import ManagementApi

#: Precedence over any policy an operator set with a wider pattern.
PRIORITY = 10
#: All queues survive the loss of a node.
QUORUM = {"x-queue-type": "quorum"}


def apply(broker: Broker, password: Callable[[str], str], topology: Topology | None = None) -> list[str]:
    """Create and correct what the topology names; `password` gives each user's. Returns one line for each change."""
    work = _Work(broker.api, broker.vhost)
    return work.apply(topology or from_contracts(), password)


class _Work:
    """One application of a topology to one virtual host."""

    def __init__(self, api: ManagementApi, vhost: str) -> None:
        self.api = api
        self.vhost = vhost
        self.changes: list[str] = []

    def apply(self, topology: Topology, password: Callable[[str], str]) -> list[str]:
        if self.api.get("vhosts", self.vhost) is None:
            self._put("virtual host", "vhosts", self.vhost, body={})
        self._exchanges(topology)
        self._policies(topology)
        self._queues(topology)
        self._bindings(topology)
        for user in topology.users:
            self._user(user, password(user.name))
        return self.changes

    def _exchanges(self, topology: Topology) -> None:
        existing = {exchange["name"]: exchange for exchange in self.api.get("exchanges", self.vhost)}
        for wanted in topology.exchanges:
            found = existing.get(wanted.name)
            if found is None:
                self._put("exchange", "exchanges", self.vhost, wanted.name, body={"type": wanted.type, "durable": True})
            elif (found["type"], found["durable"]) != (wanted.type, True):
                raise PlatformError(f"Exchange {wanted.name} has another type; delete it and apply the topology again.")

    def _policies(self, topology: Topology) -> None:
        existing = {policy["name"]: policy for policy in self.api.get("policies", self.vhost)}
        for wanted in topology.policies:
            body = {
                "pattern": wanted.pattern,
                "definition": dict(wanted.definition),
                "apply-to": "queues",
                "priority": PRIORITY,
            }
            found = existing.get(wanted.queue, {})
            if any(found.get(name) != value for name, value in body.items()):
                self._put("policy", "policies", self.vhost, wanted.queue, body=body)

    def _queues(self, topology: Topology) -> None:
        existing = {queue["name"]: queue for queue in self.api.get("queues", self.vhost)}
        for name in topology.queues:
            found = existing.get(name)
            if found is None:
                self._put("queue", "queues", self.vhost, name, body={"durable": True, "arguments": QUORUM})
            elif found["arguments"] != QUORUM:
                raise PlatformError(f"Queue {name} has other arguments; empty it, delete it and apply again.")

    def _bindings(self, topology: Topology) -> None:
        wanted = {(binding.exchange, binding.queue, binding.key) for binding in topology.bindings}
        existing = {
            (binding["source"], binding["destination"], binding["routing_key"]): binding["properties_key"]
            for binding in self.api.get("bindings", self.vhost)
            if binding["source"] and binding["destination"] in topology.queues
        }
        for exchange, queue, key in sorted(wanted - existing.keys()):
            self.api.post("bindings", self.vhost, "e", exchange, "q", queue, body={"routing_key": key})
            self.changes.append(f"bound {queue} to {exchange} {key}".rstrip())
        for exchange, queue, key in sorted(existing.keys() - wanted):
            properties = existing[exchange, queue, key]
            self.api.delete("bindings", self.vhost, "e", exchange, "q", queue, properties)
            self.changes.append(f"unbound {queue} from {exchange} {key}".rstrip())

    def _user(self, user: User, password: str) -> None:
        found = self.api.get("users", user.name)
        if found is None or not _is_password(password, found["password_hash"]):
            self._put("user", "users", user.name, body={"password": password, "tags": ""})
        rights = {"configure": user.configure, "write": user.write, "read": user.read}
        if not _holds(self.api.get("permissions", self.vhost, user.name), rights):
            self._put("permissions", "permissions", self.vhost, user.name, body=rights)
        keys = {"exchange": RPC_EXCHANGE, "write": user.write_keys, "read": user.read_keys}
        granted = self.api.get("topic-permissions", self.vhost, user.name) or []
        if not any(_holds(grant, keys) for grant in granted):
            self._put("topic permissions", "topic-permissions", self.vhost, user.name, body=keys)

    def _put(self, kind: str, *path: str, body: dict[str, Any]) -> None:
        self.api.put(*path, body=body)
        self.changes.append(f"set {kind} {path[-1]}")


def _holds(found: dict[str, Any] | None, wanted: dict[str, str]) -> bool:
    return found is not None and all(found.get(name) == value for name, value in wanted.items())


def _is_password(password: str, stored: str) -> bool:
    """Compare with RabbitMQ's hash: base64 of a salt of 4 bytes and SHA-256 of salt and password."""
    salt_and_hash = base64.b64decode(stored)
    salt, digest = salt_and_hash[:4], salt_and_hash[4:]
    return hashlib.sha256(salt + password.encode()).digest() == digest
