"""The roles that accounts act in, named once for routes, grants and tests."""

from collections.abc import Mapping
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


#: What each role that an account can act in is, for those who grant it and those who read the API.
EXPLAINED: Mapping[Role, str] = {
    Role.WORKER: "every account, whether its person is a member or not",
    Role.MEMBER: "member of a union",
    Role.GROUP_LEADER: "leader of a union group",
    Role.CHAIR: "chair or vice-chair of a basic union",
    Role.OFFICER: "officer of a basic union",
    Role.FINANCE: "finance officer of a union, who never sits on its audit committee",
    Role.AUDIT: "member of a union's audit committee",
    Role.WOMEN: "head of a women's committee",
    Role.EMPLOYER: "representative of an enterprise",
    Role.SUPERVISOR: "labour-law supervisor with a certificate",
    Role.ZONE_OFFICER: "officer of the zone's federation",
    Role.ZONE_LEADER: "member of the leadership of the zone's federation",
    Role.HIGHER_UNION: "whoever acts for the union above",
    Role.PROVIDER: "kindergarten, hospital, travel agency, school or venue that serves members",
    Role.PARTY_ORG: "the party organisation, its system or its clerk",
    Role.HRSS: "the labour bureau, its system or its clerk",
    Role.ANALYST: "author of reports",
    Role.PUBLISHER: "whoever approves a report that somebody else wrote",
    Role.PRIVACY: "personal-data officer",
    Role.SECURITY_ADMIN: "administrator of accounts and grants",
    Role.SYSTEM_ADMIN: "administrator of the platform: its federations and its clock",
    Role.AUDITOR: "administrator who watches over the other two",
    Role.IMPORTER: "whoever loads past facts with their business date, for a time",
}
#: Every role that an account can act in: for what any account may ask.
EVERYBODY: tuple[Role, ...] = tuple(EXPLAINED)
