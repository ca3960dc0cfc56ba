"""The roles that accounts act in, named once for routes, grants and tests."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may act as; a grant binds a role to a union, an enterprise or a facility."""

    WORKER = "worker"
    MEMBER = "member"
    GROUP_LEADER = "group_leader"
    CHAIR = "chair"
    OFFICER = "officer"
    FINANCE = "finance"
    AUDIT = "audit"
    WOMEN = "women"
    EMPLOYER = "employer"
    SUPERVISOR = "supervisor"
    ZONE_OFFICER = "zone_officer"
    ZONE_LEADER = "zone_leader"
    HIGHER_UNION = "higher_union"
    PROVIDER = "provider"
    PARTY_ORG = "party_org"
    HRSS = "hrss"
    ANALYST = "analyst"
    PUBLISHER = "publisher"
    PRIVACY = "privacy"
    SECURITY_ADMIN = "security_admin"
    SYSTEM_ADMIN = "system_admin"
    AUDITOR = "auditor"
    IMPORTER = "importer"
    SYSTEM = "system"


#: Every role that an account can act in: for what any account may ask.
EVERYBODY: tuple[Role, ...] = tuple(role for role in Role if role is not Role.SYSTEM)
