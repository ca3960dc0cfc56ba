"""Accounts, the persons they belong to, and the roles that two administrators grant by hand."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Request, command, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import EVERYBODY, Role
from contracts.schema import Schema

#: Roles that an account may be granted; the others come with membership and posts or belong to the system.
GRANTABLE = tuple(role for role in Role if role not in {Role.WORKER, Role.MEMBER, Role.SYSTEM})
#: Roles that hold without an organisation.
UNBOUND = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.PRIVACY})
#: Characters of a user name, as it was typed and as it is kept.
SHORTEST_USERNAME, LONGEST_USERNAME = 3, 100
_ABOUT_USERNAME = (
    "Letters a to z, digits, Chinese characters and . _ - @; kept without differences of case and width, as the answer "
    "shows it"
)


class GrantState(StrEnum):
    """Where a grant, or a link to a person, stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    REFUSED = "refused"
    ENDED = "ended"


class RoleOrigin(StrEnum):
    """What a role follows from: being an account, a grant by hand, a post in a union, or membership."""

    ACCOUNT = "account"
    GRANT = "grant"
    POST = "post"
    MEMBERSHIP = "membership"


def _new_username() -> fields.Text:
    about = {"description": _ABOUT_USERNAME}
    return fields.Text(LONGEST_USERNAME, SHORTEST_USERNAME, required=True, metadata=about)


class AccountView(Schema):
    """An account; it holds no number and no name of a person."""

    id = fields.Id(required=True)
    username = fields.Text(LONGEST_USERNAME, required=True)
    disabled = fields.Flag(required=True)
    second_factor = fields.Flag(required=True, metadata={"description": "Whether signing in asks for a second factor"})
    subject_key = fields.SubjectKey(required=True, allow_none=True)
    version = fields.Count(required=True)


class AccountLinkView(Schema):
    """That an account is a person's own: it has the roles of the person's posts and membership."""

    id = fields.Id(required=True)
    account_id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)
    state = fields.Code(GrantState, required=True)
    proposed_by = fields.Id(required=True)
    decided_by = fields.Id(required=True, allow_none=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class GrantView(Schema):
    """A role at a union and all below it."""

    id = fields.Id(required=True)
    account_id = fields.Id(required=True)
    role = fields.Code(Role, required=True)
    union_id = fields.Id(required=True, allow_none=True)
    state = fields.Code(GrantState, required=True)
    proposed_by = fields.Id(required=True)
    decided_by = fields.Id(required=True, allow_none=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class HeldRole(Schema):
    """A role, and the account, grant, post or membership that it follows from."""

    role = fields.Code(Role, required=True)
    union_id = fields.Id(required=True, allow_none=True)
    origin = fields.Code(RoleOrigin, required=True)
    origin_id = fields.Id(required=True)


class Myself(Schema):
    """The account of the access token, the roles that the next one carries, and where they come from."""

    account = fields.Part(AccountView, required=True)
    grants = fields.Many(fields.Part(GrantView), required=True)
    roles = fields.Many(fields.Part(HeldRole), required=True)
    withheld = fields.Many(
        fields.Part(HeldRole),
        required=True,
        metadata={"description": "Roles that do not take effect: another one, there, above or below, excludes them"},
    )


@command(post("/v1/accounts", 201), reply=AccountView, roles=(Role.SECURITY_ADMIN,), errors=("username_taken",))
class CreateAccount(Request):
    """Create an account with a first password."""

    username = _new_username()
    password = fields.Secret(required=True)


class Administrators(Schema):
    """The accounts that were made."""

    accounts = fields.Many(fields.Part(AccountView), required=True)


class _Administrator(Schema):
    username = _new_username()
    password = fields.Secret(required=True)


@command(None, reply=Administrators, roles=(Role.SYSTEM,), errors=("accounts_exist", "username_taken"), keyed=False)
class BootstrapAccounts(Request):
    """Make the first two security administrators of a platform that has no account yet; asked again, the same two."""

    administrators = fields.Many(fields.Part(_Administrator), longest=2, shortest=2, required=True)


class _OnAccount(Request):
    account_id = fields.Id(required=True)


@query(get("/v1/accounts"), reply=page_of(AccountView), roles=(Role.SECURITY_ADMIN, Role.AUDITOR))
class ListAccounts(PageRequest):
    """List accounts, newest first."""

    username = fields.Text(longest=100, metadata={"description": "The whole name; case and width do not matter"})
    disabled = fields.Flag()


@query(
    get("/v1/accounts/{account_id}"),
    reply=AccountView,
    roles=(Role.SECURITY_ADMIN, Role.AUDITOR),
    errors=("not_found",),
)
class GetAccount(_OnAccount):
    """Read an account."""


@command(
    post("/v1/accounts/{account_id}/disable"),
    reply=AccountView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "last_administrators"),
    versioned=True,
)
class DisableAccount(_OnAccount):
    """Shut an account out at once; its tokens are refused from now on."""


@command(
    post("/v1/accounts/{account_id}/enable"),
    reply=AccountView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found",),
    versioned=True,
)
class EnableAccount(_OnAccount):
    """Let a disabled account sign in again."""


@command(
    post("/v1/grants", 201),
    reply=GrantView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "role_needs_union", "role_has_no_union", "not_yet_known", "grant_exists", "too_many_grants"),
)
class ProposeGrant(Request):
    """Propose a role for an account."""

    account_id = fields.Id(required=True)
    role = fields.Code(GRANTABLE, required=True)
    union_id = fields.Id(load_default=None, allow_none=True)


class _OnGrant(Request):
    grant_id = fields.Id(required=True)


@command(
    post("/v1/grants/{grant_id}/approve"),
    reply=GrantView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "illegal_transition", "maker_is_checker", "money_and_audit"),
    versioned=True,
)
class ApproveGrant(_OnGrant):
    """Approve a grant, as another administrator than the one who proposed it."""


@command(
    post("/v1/grants/{grant_id}/refuse"),
    reply=GrantView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "illegal_transition"),
    versioned=True,
)
class RefuseGrant(_OnGrant):
    """Refuse a proposed grant."""


@command(
    post("/v1/grants/{grant_id}/end"),
    reply=GrantView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "illegal_transition", "last_administrators"),
    versioned=True,
)
class EndGrant(_OnGrant):
    """End a role at once; the account's access tokens no longer carry it."""


@query(get("/v1/grants"), reply=page_of(GrantView), roles=(Role.SECURITY_ADMIN, Role.AUDITOR))
class ListGrants(PageRequest):
    """List grants, newest first."""

    account_id = fields.Id()
    state = fields.Code(GrantState)


@command(
    post("/v1/account-links", 201),
    reply=AccountLinkView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "not_yet_known", "account_linked", "subject_linked"),
)
class ProposeAccountLink(Request):
    """Propose that an account is the own one of a person who is a member or holds a post."""

    account_id = fields.Id(required=True)
    subject_key = fields.SubjectKey(required=True)


class _OnAccountLink(Request):
    link_id = fields.Id(required=True)


@command(
    post("/v1/account-links/{link_id}/approve"),
    reply=AccountLinkView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "illegal_transition", "maker_is_checker"),
    versioned=True,
)
class ApproveAccountLink(_OnAccountLink):
    """Approve a link, as another administrator than the one who proposed it; the next access token tells of it."""


@command(
    post("/v1/account-links/{link_id}/refuse"),
    reply=AccountLinkView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "illegal_transition"),
    versioned=True,
)
class RefuseAccountLink(_OnAccountLink):
    """Refuse a proposed link."""


@command(
    post("/v1/account-links/{link_id}/end"),
    reply=AccountLinkView,
    roles=(Role.SECURITY_ADMIN,),
    errors=("not_found", "illegal_transition"),
    versioned=True,
)
class EndAccountLink(_OnAccountLink):
    """End a link at once, and with it the roles that followed from the person's posts and membership."""


@query(get("/v1/account-links"), reply=page_of(AccountLinkView), roles=(Role.SECURITY_ADMIN, Role.AUDITOR))
class ListAccountLinks(PageRequest):
    """List links of accounts to persons, newest first."""

    account_id = fields.Id()
    subject_key = fields.SubjectKey()
    state = fields.Code(GrantState)


@query(get("/v1/me"), reply=Myself, roles=EVERYBODY)
class GetMyself(Request):
    """Read one's own account, and one's roles with what they follow from."""


class PasswordChanged(Schema):
    """The new password holds; every other session of the account is over."""


@command(
    post("/v1/me/password"),
    reply=PasswordChanged,
    roles=EVERYBODY,
    errors=("not_found", "current_password_wrong"),
)
class ChangePassword(Request):
    """Change one's own password; a wrong current one counts as an attempt to sign in."""

    current_password = fields.Secret(required=True)
    new_password = fields.Secret(required=True)
