#include "gateway/flows/touch_flow.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/api/violations.h"
#include "common/status/rpc_status.h"
#include "gateway/calls/field_faults.h"
#include "gateway/calls/pause.h"
#include "gateway/calls/pending_call.h"
#include "gateway/calls/scopes.h"
#include "gateway/flows/batch_visitors.h"
#include "gateway/flows/form_answer.h"
#include "gateway/flows/refused_touch.h"
#include "gateway/flows/touch.h"
#include "gateway/flows/touch_consent.h"
#include "gateway/flows/touch_reviews.h"
#include "gateway/flows/touch_rounds.h"
#include "gateway/flows/touch_steps.h"
#include "gateway/touches/touch_validation.h"
#include "gateway/visits/visit_origin.h"

namespace kith::gateway {
namespace {

using identity::v1::ClaimIdentitiesResponse;
using identity::v1::ResolveIdentityResponse;
using interactions::v1::FindRecordingResponse;
using interactions::v1::RecordInteractionResponse;

constexpr int kMaxBatch = 200;

// Those of all steps.
absl::Status CheckTouchScopes(const base::RequestContext& context) {
  return CheckScopesOf<interactions::v1::BatchFindRecordingsRequest,
                       identity::v1::BatchResolveIdentitiesRequest,
                       contacts::v1::BatchGetContactsRequest,
                       identity::v1::BatchClaimIdentitiesRequest,
                       contacts::v1::BatchEnsureContactsRequest,
                       contacts::v1::MergeContactsRequest,
                       interactions::v1::BatchRecordInteractionsRequest>(
      context);
}

// What is known about a touch before anything is written.
struct Known {
  FindRecordingResponse recording;
  // Of each of the request's identities.
  std::vector<ResolveIdentityResponse> resolved;
  // The contact that the request names; NOT_FOUND if there is none.
  absl::StatusOr<ReadContact> contact;
  // Of the visit that the request names.
  VisitOrigin visit;
};

Task<absl::StatusOr<Known>> Find(const Touch& touch, TouchSteps& steps) {
  auto find = steps.find.Ask(touch.place(), touch.FindRecordingRequest());
  const std::string visit_id = VisitNamedBy(touch.request());
  std::optional<PendingCall<FindRecordingResponse>> visit;
  if (!visit_id.empty()) {
    visit.emplace(steps.find.Ask(touch.place(), FindVisitRequest(visit_id)));
  }
  std::vector<PendingCall<ResolveIdentityResponse>> resolves;
  for (int i = 0; i < touch.request().identities_size(); ++i) {
    resolves.push_back(
        steps.resolve.Ask(touch.place(), touch.ResolveIdentityRequest(i)));
  }
  auto read = steps.read.Ask(touch.named_owner().contact_id);
  Known known;
  // All that is found to be wrong with the request.
  absl::Status faults;
  for (size_t i = 0; i < resolves.size(); ++i) {
    auto& resolve = resolves[i];
    auto resolved = co_await resolve;
    const std::string path = absl::StrCat("identities[", i, "]");
    faults = JoinFaults(faults, RenameFields(resolved.status(), "value", path));
    if (resolved.ok()) known.resolved.push_back(*std::move(resolved));
  }
  auto recording = co_await find;
  KITH_CO_RETURN_IF_ERROR(JoinFaults(faults, recording.status()));
  known.recording = *std::move(recording);
  known.contact = co_await read;
  if (!visit.has_value()) co_return known;
  auto& named = *visit;
  const auto found = co_await named;
  // A touch is recorded also if nobody knows its visit.
  if (found.ok()) known.visit = OriginOf(found->known().interaction());
  co_return known;
}

// Returns those of `visitors` who are not anonymous.
Task<absl::StatusOr<std::vector<std::string>>> FindIdentified(
    const std::vector<std::string>& visitors, TouchSteps& steps) {
  std::vector<PendingCall<ReadContact>> reads;
  for (const std::string& id : visitors) reads.push_back(steps.read.Ask(id));
  std::vector<std::string> identified;
  for (size_t i = 0; i < reads.size(); ++i) {
    auto& read = reads[i];
    const auto contact = co_await read;
    if (contact.ok() && contact->stage != contacts::v1::STAGE_ANONYMOUS) {
      identified.push_back(visitors[i]);
    }
  }
  co_return identified;
}

// Whose a touch is, and what became of its values.
struct Claimed {
  TouchOwner owner;
  ClaimIdentitiesResponse response;
};

// Returns the contact that holds the values, which is a new one if nobody did.
// For a correction only the contact of what it corrects gets values, and nobody
// is made.
Task<absl::StatusOr<Claimed>> FindOrClaim(const Touch& touch,
                                          const Known& known,
                                          TouchSteps& steps) {
  if (auto held = touch.HeldByOne(known.resolved)) {
    co_return Claimed{touch.OwnerOf(*held, {}), *std::move(held)};
  }
  const std::vector<std::string> visitors =
      touch.VisitorsInQuestion(known.resolved);
  KITH_CO_ASSIGN_OR_RETURN(const std::vector<std::string> identified,
                           co_await FindIdentified(visitors, steps));
  auto claim = steps.claim.Ask(
      touch.place(),
      touch.ClaimIdentitiesRequest(identified, known.recording.contact_id()));
  auto claimed = co_await claim;
  if (!claimed.ok()) {
    co_return RenameFields(claimed.status(), "values", "identities");
  }
  co_return Claimed{touch.OwnerOf(*claimed, identified), *std::move(claimed)};
}

// Adds what was recorded to `response`, whose contact_id and canonical_id are
// of the contact that was read last, and whose identities are that contact's.
// The interaction may be of another contact if it was recorded before, or is a
// correction.
Task<absl::StatusOr<v1::RecordTouchResponse>> Answer(
    RecordInteractionResponse recorded, v1::RecordTouchResponse response,
    TouchSteps& steps) {
  const std::string contact_id = recorded.interaction().contact_id();
  response.set_outcome(recorded.outcome());
  *response.mutable_interaction() = std::move(*recorded.mutable_interaction());
  v1::RecordTouchResponse reviewed = response;
  const bool corrected =
      recorded.outcome() == interactions::v1::RECORD_OUTCOME_CORRECTED &&
      response.contact_id() == contact_id;
  if (!corrected &&
      recorded.outcome() != interactions::v1::RECORD_OUTCOME_RECORDED) {
    response.clear_identities();
    response.clear_possible_customers();
  }
  if (response.contact_id() != contact_id) {
    auto read = steps.read.Ask(contact_id);
    const auto contact = co_await read;
    response.set_contact_id(contact_id);
    response.set_contact_created(false);
    response.set_canonical_id(contact.value_or(ReadContact()).canonical_id);
    response.set_contact_deleted(contact.value_or(ReadContact()).deleted);
  }
  reviewed.set_contact_id(response.contact_id());
  reviewed.set_contact_deleted(response.contact_deleted());
  AddReviews(reviewed, steps.begun, steps.reviews);
  co_return response;
}

bool IsForm(const base::RequestContext& context) {
  return base::IsByForm(context.principal->assurance);
}

using TouchTask = Task<absl::StatusOr<v1::RecordTouchResponse>>;

// Has the contact of the touch be there, with what the touch says of it, and
// answers it. Returns the contact's etag, empty for a stand-in: it is shared.
Task<absl::StatusOr<std::string>> Ensure(const Touch& touch,
                                         const TouchOwner& owner,
                                         TouchSteps& steps,
                                         v1::RecordTouchResponse& response) {
  auto ensure =
      steps.ensure.Ask(touch.place(), touch.EnsureContactRequest(owner));
  KITH_CO_ASSIGN_OR_RETURN(auto ensured, co_await ensure);
  response.set_contact_created(ensured.created());
  if (ensured.has_filled_fields()) {
    response.mutable_filled_fields()->Swap(ensured.mutable_filled_fields());
  }
  response.set_contact_id(ensured.contact().contact_id());
  response.set_canonical_id(ensured.contact().canonical_id());
  response.set_contact_deleted(ensured.contact().has_delete_time());
  co_return ensured.contact().stand_in() ? "" : ensured.contact().etag();
}

// Records a correction of an interaction, whose contact keeps it, whatever the
// touch names, and makes no contact. Values are claimed only if they are found
// to be of that contact: a correction may also say that it was somebody else.
TouchTask Correct(const Touch& touch, const Known& known, ConsentCheck check,
                  TouchSteps& steps) {
  TouchOwner owner = touch.named_owner();
  owner.contact_id = known.recording.contact_id();
  v1::RecordTouchResponse response;
  response.set_contact_id(owner.contact_id);
  auto read = steps.read.Ask(owner.contact_id);
  if (!touch.by_contact_id()) {
    KITH_CO_ASSIGN_OR_RETURN(auto claimed,
                             co_await FindOrClaim(touch, known, steps));
    if (claimed.owner.contact_id == owner.contact_id) {
      owner = std::move(claimed.owner);
      response.mutable_identities()->Swap(claimed.response.mutable_values());
    }
  }
  const auto contact = co_await read;
  if (contact.ok()) {
    response.set_canonical_id(contact->canonical_id);
    response.set_contact_deleted(contact->deleted);
  }
  if (contact.ok() && touch.NeedsEnsure()) {
    const auto etag = co_await Ensure(touch, owner, steps, response);
    KITH_CO_RETURN_IF_ERROR(etag.status());
  }
  KITH_CO_RETURN_IF_ERROR(co_await PrepareRecording(touch, std::move(check),
                                                    owner, steps, response));
  auto record =
      steps.record.Ask(touch.place(), touch.RecordInteractionRequest(owner));
  KITH_CO_ASSIGN_OR_RETURN(auto recorded, co_await record);
  co_return co_await Answer(std::move(recorded), std::move(response), steps);
}

void Show(const TouchOwner& owner, const ReadContact& contact,
          v1::RecordTouchResponse& response) {
  response.set_contact_id(owner.contact_id);
  response.set_canonical_id(contact.canonical_id);
  response.set_contact_deleted(contact.deleted);
}

// Answers a repeat of what is stored.
TouchTask AnswerRepeat(const Touch& touch, const Known& known,
                       v1::RecordTouchResponse& response, TouchSteps& steps) {
  const auto& recorded = known.recording.known();
  AddHeldByOthers(touch.request(), known.resolved,
                  recorded.interaction().contact_id(), response);
  co_return co_await Answer(recorded, response, steps);
}

TouchTask RecordOne(const Touch& touch, ConsentCheck check, TouchSteps& steps) {
  KITH_CO_RETURN_IF_ERROR(
      JoinFaults(Validate(touch.request()),
                 CheckTouchAttribution(touch.request(), steps.begun)));
  KITH_CO_RETURN_IF_ERROR(touch.CheckCaller());
  KITH_CO_ASSIGN_OR_RETURN(const Known known, co_await Find(touch, steps));
  TouchOwner owner = touch.named_owner();
  v1::RecordTouchResponse response;
  if (known.contact.ok()) Show(owner, *known.contact, response);
  if (known.recording.has_known()) {
    co_return co_await AnswerRepeat(touch, known, response, steps);
  }
  if (touch.by_contact_id() && !known.contact.ok()) {
    co_return absl::NotFoundError(
        absl::StrCat("contact_id: no contact ", touch.request().contact_id()));
  }
  if (!known.recording.contact_id().empty()) {
    co_return co_await Correct(touch, known, std::move(check), steps);
  }
  KITH_CO_RETURN_IF_ERROR(MayRecord(check, touch.request(), known.resolved));
  if (!touch.by_contact_id()) {
    KITH_CO_ASSIGN_OR_RETURN(auto claimed,
                             co_await FindOrClaim(touch, known, steps));
    owner = std::move(claimed.owner);
    response.mutable_identities()->Swap(claimed.response.mutable_values());
  }
  owner.visit = known.visit;
  std::string etag;
  if (touch.NeedsEnsure()) {
    KITH_CO_ASSIGN_OR_RETURN(etag,
                             co_await Ensure(touch, owner, steps, response));
  }
  KITH_CO_RETURN_IF_ERROR(co_await PrepareRecording(touch, std::move(check),
                                                    owner, steps, response));
  auto record =
      steps.record.Ask(touch.place(), touch.RecordInteractionRequest(owner));
  auto recorded = co_await record;
  AddIfRefused(recorded, response, std::move(etag), steps.refused);
  KITH_CO_RETURN_IF_ERROR(recorded.status());
  co_return co_await Answer(*std::move(recorded), std::move(response), steps);
}

}  // namespace

Task<absl::Status> TouchFlow::Record(const base::RequestContext& context,
                                     const v1::RecordTouchRequest& request,
                                     v1::RecordTouchResponse& response) const {
  const absl::Time begun = clock_.Now();
  const absl::Status recorded = co_await RecordNow(context, request, response);
  if (!IsForm(context)) co_return recorded;
  response = FormAnswer(response);
  auto wait = WaitFor(FormWait(clock_.Now() - begun, /*touches=*/1));
  KITH_CO_RETURN_IF_ERROR((co_await wait).status());
  co_return recorded;
}

Task<absl::Status> TouchFlow::RecordNow(
    const base::RequestContext& context, const v1::RecordTouchRequest& request,
    v1::RecordTouchResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(CheckTouchScopes(context));
  const absl::Time now = clock_.Now();
  const Touch touch(context, request, /*place=*/0, now);
  std::vector<const v1::RecordTouchRequest*> asked = {&request};
  KITH_CO_ASSIGN_OR_RETURN(
      const std::vector<ConsentCheck> consents,
      co_await CheckConsents(permissions_, context, std::move(asked)));
  TouchSteps steps(backends_, customers_, now);
  TouchTask task = RecordOne(touch, consents[0], steps);
  task.Start();
  KITH_CO_RETURN_IF_ERROR(co_await steps.Run(context));
  KITH_CO_RETURN_IF_ERROR(co_await steps.Finish(context, backends_));
  KITH_CO_ASSIGN_OR_RETURN(response, co_await task);
  co_return absl::OkStatus();
}

namespace {

void AddResult(const base::RequestContext& context,
               absl::StatusOr<v1::RecordTouchResponse> recorded,
               v1::BatchRecordTouchesResponse& response) {
  if (recorded.ok() && IsForm(context)) recorded = FormAnswer(*recorded);
  status::SetResult(std::move(recorded), *response.add_results());
}

}  // namespace

Task<absl::Status> TouchFlow::BatchRecord(
    const base::RequestContext& context,
    const v1::BatchRecordTouchesRequest& request,
    v1::BatchRecordTouchesResponse& response) const {
  const absl::Time begun = clock_.Now();
  const absl::Status recorded =
      co_await BatchRecordNow(context, request, response);
  if (!IsForm(context)) co_return recorded;
  const int touches = std::clamp(request.touches_size(), 1, kMaxBatch);
  auto wait = WaitFor(FormWait(clock_.Now() - begun, touches));
  KITH_CO_RETURN_IF_ERROR((co_await wait).status());
  co_return recorded;
}

Task<absl::Status> TouchFlow::BatchRecordNow(
    const base::RequestContext& context,
    const v1::BatchRecordTouchesRequest& request,
    v1::BatchRecordTouchesResponse& response) const {
  KITH_CO_RETURN_IF_ERROR(CheckTouchScopes(context));
  api::Violations violations;
  violations.Count("touches", request.touches_size(), 1, kMaxBatch);
  KITH_CO_RETURN_IF_ERROR(violations.ToStatus());
  const absl::Time now = clock_.Now();
  std::vector<Touch> touches;
  std::vector<const v1::RecordTouchRequest*> asked;
  for (int i = 0; i < request.touches_size(); ++i) {
    touches.emplace_back(context, request.touches(i), i, now);
    asked.push_back(&request.touches(i));
  }
  KITH_CO_ASSIGN_OR_RETURN(
      const std::vector<ConsentCheck> consents,
      co_await CheckConsents(permissions_, context, std::move(asked)));
  TouchSteps steps(backends_, customers_, now);
  std::vector<TouchTask> tasks;
  for (const Touch& touch : touches) {
    tasks.push_back(RecordOne(touch, consents[touch.place()], steps));
  }
  VisitorsByTouch visitors;
  if (DependsOnVisitors(request)) {
    Task<VisitorsByTouch> finding = FindVisitors(touches, steps);
    finding.Start();
    KITH_CO_RETURN_IF_ERROR(co_await steps.Run(context));
    visitors = co_await finding;
  }
  const std::vector<int> rounds = RoundsOf(request, visitors);
  const int last = *std::max_element(rounds.begin(), rounds.end());
  for (int round = 0; round <= last; ++round) {
    for (size_t i = 0; i < tasks.size(); ++i) {
      if (rounds[i] == round) tasks[i].Start();
    }
    KITH_CO_RETURN_IF_ERROR(co_await steps.Run(context));
  }
  KITH_CO_RETURN_IF_ERROR(co_await steps.Finish(context, backends_));
  for (TouchTask& task : tasks) {
    AddResult(context, co_await task, response);
  }
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
