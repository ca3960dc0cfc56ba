"""Elections: who may stand, how the vote goes and what its superior says of it."""

from enum import StrEnum

from contracts.membership.posts import Body, Post


class ElectionState(StrEnum):
    """Where an election stands."""

    PLANNED = "planned"
    PUBLISHED = "published"
    VOTING = "voting"
    VOID = "void"
    COUNTED = "counted"
    RUNOFF = "runoff"
    SECOND_ROUND = "second_round"
    DECLARED = "declared"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    REFUSED = "refused"


class Round(StrEnum):
    """Which vote of an election it is; a void one is repeated as what it was."""

    FIRST = "first"
    SECOND = "second"
    RUNOFF = "runoff"


class Method(StrEnum):
    """Who elects: the members or their representatives, or the committee."""

    DIRECT = "direct"
    BY_COMMITTEE = "by_committee"


class MeetingKind(StrEnum):
    """Who meets; a congress is that of the workers and elects no body of the union."""

    MEMBERS = "members"
    REPRESENTATIVES = "representatives"
    CONGRESS = "congress"
    COMMITTEE = "committee"


class Vote(StrEnum):
    """What a ballot says of one name."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class EmployerTie(StrEnum):
    """What binds somebody to the employer's side (工会法 art 10; 工会基层组织选举工作条例)."""

    MAIN_HEAD = "main_head"
    LEGAL_REPRESENTATIVE = "legal_representative"
    PARTNER = "partner"
    RELATIVE_OF_MAIN_HEAD = "relative_of_main_head"
    RELATIVE_OF_LEGAL_REPRESENTATIVE = "relative_of_legal_representative"
    RELATIVE_OF_PARTNER = "relative_of_partner"


#: Bodies of a union that are elected as this module knows it.
ELECTED_BODIES = (Body.COMMITTEE, Body.STANDING, Body.AUDIT, Body.WOMEN)
#: Posts that are elected; officers and who keeps the money are appointed.
ELECTED_POSTS = (Post.CHAIR, Post.VICE_CHAIR, Post.MEMBER)
