"""Says which events each answered command has told, how often, and of what: each change is told once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from contracts.declare import Event
from contracts.events import activities, registrations
from contracts.membership import applications, enterprises, imports, organisation, party, posts, register
from contracts.schema import Schema
from contracts.welfare import batches, grants, health_checks, programmes

if TYPE_CHECKING:
    from tests.support.told import Told

Row = Mapping[str, Any]
#: Id of what is told of, type of the event, and how often.
Telling = tuple[str, type[Event], int]

#: The events that a command tells once of the record that it answers with.
_OF_ITSELF: Mapping[type[Schema], tuple[type[Event], ...]] = {
    organisation.RegisterFederation: (organisation.UnionFounded, organisation.UnionApproved),
    organisation.FoundUnion: (organisation.UnionFounded,),
    organisation.ApproveUnion: (organisation.UnionApproved,),
    enterprises.RegisterEnterprise: (enterprises.EnterpriseRegistered,),
    enterprises.ReportHeadcount: (enterprises.EnterpriseHeadcountChanged,),
    posts.StartPost: (posts.OfficePostStarted,),
    posts.EndPost: (posts.OfficePostEnded,),
    party.RecommendToParty: (party.PartyRecommendationMade,),
    party.ConcludeRecommendation: (party.PartyRecommendationConcluded,),
    party.ReportDevelopmentTargets: (party.DevelopmentTargetTotalReported,),
    activities.PublishActivity: (activities.ActivityPublished,),
    activities.HoldActivity: (activities.ActivityHeld,),
    activities.CloseActivity: (activities.ActivityClosed,),
    activities.CorrectActivity: (activities.ActivityCorrected,),
    activities.VoidActivity: (activities.ActivityVoided,),
    activities.CancelActivity: (activities.ActivityCancelled,),
    programmes.ApproveProgramme: (programmes.ProgrammeApproved,),
    programmes.OpenProgramme: (programmes.ProgrammeOpened,),
    programmes.SuspendProgramme: (programmes.ProgrammeSuspended,),
    programmes.ResumeProgramme: (programmes.ProgrammeOpened,),
    programmes.CloseProgramme: (programmes.ProgrammeClosed,),
    programmes.AuditProgramme: (programmes.ProgrammeAudited,),
    batches.FreezeBatch: (batches.BenefitBatchFrozen,),
}

#: Events of records that are made many at a time and that answers do not name; the field of their data that tells
#: whose they are. No such record tells one of these twice.
OF_MANY: Mapping[type[Event], str] = {
    register.MemberJoined: "union_id",
    register.MemberRetained: "union_id",
    registrations.RegistrationConfirmed: "activity_id",
    registrations.RegistrationWaitlisted: "activity_id",
    registrations.RegistrationPromoted: "activity_id",
    registrations.RegistrationCancelled: "activity_id",
    grants.BenefitIssued: "batch_id",
    grants.BenefitReceipted: "batch_id",
    grants.BenefitReturned: "batch_id",
    grants.BenefitReversed: "batch_id",
    health_checks.HealthCheckAttended: "slot_id",
    health_checks.HealthCheckVoided: "slot_id",
}


def told_by(request: type[Schema], payload: Row, reply: Row, so_far: "Told") -> dict[tuple[str, str], int]:
    """How often a command has told each type of event, and of what; `so_far` is what was told before it."""
    tellings = [(reply["id"], event, 1) for event in _OF_ITSELF.get(request, ())]
    if others := _OF_OTHERS.get(request):
        tellings += others(payload, reply, so_far)
    return {(of, event.event_type.type): number for of, event, number in tellings if number}


def _one(event: type[Event]) -> Callable[[Row, Row, "Told"], list[Telling]]:
    """One event of one of many."""
    return lambda payload, reply, so_far: [(reply[OF_MANY[event]], event, 1)]


def _several(number: str, event: type[Event]) -> Callable[[Row, Row, "Told"], list[Telling]]:
    """As many events as the answer says in a field."""
    return lambda payload, reply, so_far: [(reply[OF_MANY[event]], event, reply[number])]


def _imported(payload: Row, reply: Row, so_far: "Told") -> Iterator[Telling]:
    union_id, result = so_far.imports[payload["import_id"]], reply["result"]
    yield union_id, register.MemberJoined, result["joined"] + result["retained"]
    yield union_id, register.MemberRetained, result["retained"]


def _closed(payload: Row, reply: Row, so_far: "Told") -> Iterator[Telling]:
    yield reply["id"], activities.ActivityAttended, reply["attendances"]


def _called_off(payload: Row, reply: Row, so_far: "Told") -> Iterator[Telling]:
    counts = so_far.counts.get(reply["id"], Counter())
    yield reply["id"], registrations.RegistrationCancelled, counts["confirmed"] + counts["waitlisted"]


def _registered(payload: Row, reply: Row, so_far: "Told") -> Iterator[Telling]:
    yield reply["activity_id"], registrations.RegistrationConfirmed, reply["confirmed"]
    yield reply["activity_id"], registrations.RegistrationWaitlisted, reply["waitlisted"]


def _given_back(payload: Row, reply: Row, so_far: "Told") -> Iterator[Telling]:
    waits = so_far.counts[reply["activity_id"]]["waitlisted"] > 0
    yield reply["activity_id"], registrations.RegistrationCancelled, 1
    yield reply["activity_id"], registrations.RegistrationPromoted, int(waits)


def _issued(payload: Row, reply: Row, so_far: "Told") -> Iterator[Telling]:
    yield reply["id"], grants.BenefitIssued, reply["eligible"]


_OF_OTHERS: Mapping[type[Schema], Callable[[Any, Any, "Told"], Any]] = {
    applications.ApproveApplication: _one(register.MemberJoined),
    register.RetainMember: _one(register.MemberRetained),
    imports.GetImport: _imported,
    activities.CloseActivity: _closed,
    activities.CancelActivity: _called_off,
    registrations.RegisterPeople: _registered,
    registrations.CancelRegistration: _given_back,
    batches.IssueBatch: _issued,
    grants.RecordReceipts: _several("recorded", grants.BenefitReceipted),
    grants.ReceiptBenefit: _one(grants.BenefitReceipted),
    grants.ReturnBenefit: _one(grants.BenefitReturned),
    grants.ReverseBenefit: _one(grants.BenefitReversed),
    health_checks.RecordAttendances: _several("attended", health_checks.HealthCheckAttended),
    health_checks.AttendBooking: _one(health_checks.HealthCheckAttended),
    health_checks.VoidAttendance: _one(health_checks.HealthCheckVoided),
}
