#include "gateway/flows/touch.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/api/violations.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/status/rpc_status.h"
#include "gateway/flows/field_faults.h"

namespace kith::gateway {
namespace {

using identity::v1::ChannelValue;

constexpr int kMaxIdentities = 20;

// From what makes the request unique and the time alone, so that a repeat
// proposes the same contact.
std::string ProposedContactId(uint64_t tenant_id,
                              const v1::RecordTouchRequest& request,
                              absl::Time occurred) {
  const interactions::v1::Interaction& interaction = request.interaction();
  const std::string seed =
      interaction.external_id().empty()
          ? absl::StrCat(tenant_id, "/request/", request.request_id())
          : absl::StrCat(tenant_id, "/source/", interaction.source(), "/",
                         interaction.external_id());
  // Without an occurred_time of the caller, a repeat has another "now".
  const absl::Time time =
      interaction.has_occurred_time() ? occurred : absl::UnixEpoch();
  return base::Uuid::MakeFrom(time, seed).ToString();
}

// An id as services answer it. What is none is refused by Validate.
std::string AsAnswered(const std::string& id) {
  const auto uuid = base::Uuid::Parse(id);
  return uuid.has_value() ? uuid->ToString() : id;
}

void CheckValue(api::Violations& violations, const std::string& field,
                const ChannelValue& value) {
  if (value.channel() == identity::v1::CHANNEL_UNSPECIFIED ||
      !identity::v1::Channel_IsValid(value.channel())) {
    violations.Add(absl::StrCat(field, ".channel"),
                   "want the channel of the value, such as CHANNEL_PHONE");
  }
  if (value.value().empty()) {
    violations.Add(absl::StrCat(field, ".value"),
                   "empty, want 1 to 320 characters");
  }
  // Without one, the value of another network or system would do.
  if (value.namespace_().empty() &&
      (value.channel() == identity::v1::CHANNEL_SOCIAL ||
       value.channel() == identity::v1::CHANNEL_EXTERNAL)) {
    violations.Add(absl::StrCat(field, ".namespace"),
                   "empty, want the network or the system");
  }
}

}  // namespace

absl::Status Validate(const v1::RecordTouchRequest& request) {
  api::Violations violations;
  const interactions::v1::Interaction& interaction = request.interaction();
  if (request.contact_id().empty() == request.identities().empty()) {
    violations.Add("contact_id, identities", "want exactly one of them");
  }
  violations.OptionalUuid("contact_id", request.contact_id());
  violations.Count("identities", request.identities_size(), 0, kMaxIdentities);
  for (int i = 0; i < request.identities_size(); ++i) {
    CheckValue(violations, absl::StrCat("identities[", i, "]"),
               request.identities(i));
  }
  violations.RequestId(request.request_id());
  if (!request.has_interaction()) {
    violations.Add("interaction", "not set, want what happened");
  } else if (request.request_id().empty() &&
             interaction.external_id().empty()) {
    violations.Add("request_id",
                   "empty, want one, or interaction.source and "
                   "interaction.external_id, so that a repeat is safe");
  }
  if (!base::IsValid(interaction.occurred_time())) {
    violations.Add("interaction.occurred_time",
                   "want a time between the years 1 and 9999");
  }
  return violations.ToStatus();
}

Touch::Touch(const base::RequestContext& context,
             const v1::RecordTouchRequest& request, absl::Time now)
    : request_(request),
      occurred_(request.interaction().has_occurred_time()
                    ? base::FromProto(request.interaction().occurred_time())
                    : now),
      fingerprint_(base::Fingerprint(request)),
      proposed_contact_id_(
          ProposedContactId(context.tenant_id(), request, occurred_)),
      contact_id_(AsAnswered(request.contact_id())),
      identity_key_(request.interaction().identity_key()) {
  Failed(Validate(request));
}

bool Touch::Failed(const absl::Status& status) {
  if (status.ok()) return false;
  // The first failure is the one to tell, with all that is found to be wrong
  // with the request beside it.
  if (pending_ || !status_.ok()) status_ = JoinFaults(status_, status);
  pending_ = false;
  return true;
}

interactions::v1::FindRecordingRequest Touch::FindRecording() const {
  interactions::v1::FindRecordingRequest lookup;
  *lookup.mutable_request() = RecordRequest();
  return lookup;
}

void Touch::OnLookup(const absl::Status& status,
                     const interactions::v1::FindRecordingResponse& known) {
  if (Failed(status) || !known.has_known()) return;
  pending_ = false;
  contact_id_ = known.known().interaction().contact_id();
  *response_.mutable_interaction() = known.known().interaction();
  response_.set_outcome(known.known().outcome());
}

void Touch::OnContact(const contacts::v1::Contact* contact) {
  if (contact != nullptr) return OnRead(*contact);
  // What was known before is answered all the same.
  if (!pending_) return;
  Failed(absl::NotFoundError(
      absl::StrCat("contact_id: no contact ", request_.contact_id())));
}

void Touch::OnRead(const contacts::v1::Contact& contact) {
  read_id_ = contact.contact_id();
  canonical_id_ = contact.canonical_id();
}

identity::v1::ResolveIdentityRequest Touch::ResolveIdentityRequest(
    int identity) const {
  identity::v1::ResolveIdentityRequest resolve;
  *resolve.mutable_value() = request_.identities(identity);
  *resolve.mutable_at_time() = base::ToProto(occurred_);
  return resolve;
}

void Touch::OnResolved(int identity, const absl::Status& status,
                       const identity::v1::ResolveIdentityResponse& resolved) {
  const std::string path = absl::StrCat("identities[", identity, "]");
  if (!Failed(RenameFields(status, "value", path))) {
    resolved_.push_back(resolved);
  }
}

bool Touch::NeedsClaim() const {
  if (by_contact_id()) return false;
  return !std::all_of(
      resolved_.begin(), resolved_.end(),
      [this](const identity::v1::ResolveIdentityResponse& resolved) {
        return resolved.candidates_size() == 1 &&
               resolved.candidates(0).identity().contact_id() ==
                   resolved_[0].candidates(0).identity().contact_id();
      });
}

void Touch::OnHeld() {
  identity::v1::ClaimIdentitiesResponse held;
  held.set_contact_id(resolved_[0].candidates(0).identity().contact_id());
  for (size_t i = 0; i < resolved_.size(); ++i) {
    identity::v1::ClaimedValue& value = *held.add_values();
    value.set_outcome(identity::v1::CLAIM_OUTCOME_HELD);
    *value.mutable_identity() = resolved_[i].candidates(0).identity();
    *value.mutable_value() = request_.identities(static_cast<int>(i));
  }
  OnClaimed(absl::OkStatus(), held);
}

identity::v1::ClaimIdentitiesRequest Touch::ClaimIdentitiesRequest() const {
  identity::v1::ClaimIdentitiesRequest claim;
  *claim.mutable_values() = request_.identities();
  claim.set_proposed_contact_id(proposed_contact_id_);
  *claim.mutable_event_time() = base::ToProto(occurred_);
  return claim;
}

void Touch::OnClaimed(const absl::Status& status,
                      const identity::v1::ClaimIdentitiesResponse& claimed) {
  if (Failed(RenameFields(status, "values", "identities"))) return;
  contact_id_ = claimed.contact_id();
  *response_.mutable_identities() = claimed.values();
  for (const identity::v1::ClaimedValue& value : claimed.values()) {
    if (!value.has_identity()) continue;
    identity_key_ = value.identity().identity_key();
    return;
  }
}

bool Touch::NeedsEnsure() const {
  return !by_contact_id() ||
         request_.interaction().kind() == interactions::v1::KIND_PURCHASE;
}

contacts::v1::EnsureContactRequest Touch::EnsureRequest() const {
  contacts::v1::EnsureContactRequest ensure;
  ensure.set_contact_id(contact_id_);
  contacts::v1::Contact& fields = *ensure.mutable_contact();
  if (!by_contact_id()) fields = request_.contact();
  const bool only_visitor =
      std::all_of(request_.identities().begin(), request_.identities().end(),
                  [](const ChannelValue& value) {
                    return value.channel() == identity::v1::CHANNEL_VISITOR;
                  });
  if (fields.stage() == contacts::v1::STAGE_UNSPECIFIED) {
    fields.set_stage(only_visitor ? contacts::v1::STAGE_ANONYMOUS
                                  : contacts::v1::STAGE_LEAD);
  }
  if (fields.has_attribution() && !fields.attribution().has_touch_time()) {
    *fields.mutable_attribution()->mutable_touch_time() =
        base::ToProto(occurred_);
  }
  if (request_.interaction().kind() == interactions::v1::KIND_PURCHASE) {
    ensure.set_at_least_stage(contacts::v1::STAGE_CUSTOMER);
  }
  return ensure;
}

void Touch::OnEnsured(const absl::Status& status,
                      const contacts::v1::EnsureContactResponse& ensured) {
  if (Failed(status)) return;
  response_.set_contact_created(ensured.created());
  OnRead(ensured.contact());
}

interactions::v1::RecordInteractionRequest Touch::RecordRequest() const {
  interactions::v1::RecordInteractionRequest record;
  interactions::v1::Interaction& interaction = *record.mutable_interaction();
  interaction = request_.interaction();
  interaction.set_contact_id(contact_id_);
  interaction.set_identity_key(identity_key_);
  record.set_request_id(request_.request_id());
  record.mutable_forwarded()->set_fingerprint(fingerprint_);
  return record;
}

void Touch::OnRecorded(
    const absl::Status& status,
    const interactions::v1::RecordInteractionResponse& recorded) {
  if (Failed(status)) return;
  pending_ = false;
  // A correction stays with whom it was recorded for.
  contact_id_ = recorded.interaction().contact_id();
  *response_.mutable_interaction() = recorded.interaction();
  response_.set_outcome(recorded.outcome());
  // As OnLookup would have answered, had the other call not been under way.
  if (recorded.outcome() == interactions::v1::RECORD_OUTCOME_KNOWN ||
      recorded.outcome() == interactions::v1::RECORD_OUTCOME_OUTDATED) {
    response_.clear_identities();
  }
}

void Touch::Answer(v1::BatchRecordTouchesResponse::Result& result) const {
  if (!status_.ok()) {
    *result.mutable_error() = status::ToProto(status_);
    return;
  }
  *result.mutable_response() = response_;
  result.mutable_response()->set_contact_id(contact_id_);
  if (!NeedsCanonical()) {
    result.mutable_response()->set_canonical_id(canonical_id_);
  }
}

}  // namespace kith::gateway
