#include "gateway/flows/touch.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "common/base/uuid.h"

namespace kith::gateway {
namespace {

using identity::v1::ChannelValue;

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
  violations.Count("identities", request.identities_size(), 0,
                   api::kMaxIdentitiesPerTouch);
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
             const v1::RecordTouchRequest& request, int place, absl::Time now)
    : request_(request),
      place_(place),
      named_owner_{.contact_id = AsAnswered(request.contact_id()),
                   .identity_key = request.interaction().identity_key()},
      occurred_(request.interaction().has_occurred_time()
                    ? base::FromProto(request.interaction().occurred_time())
                    : now),
      fingerprint_(base::Fingerprint(request)),
      proposed_contact_id_(
          ProposedContactId(context.tenant_id(), request, occurred_)) {}

interactions::v1::FindRecordingRequest Touch::FindRecordingRequest() const {
  interactions::v1::FindRecordingRequest find;
  *find.mutable_request() = RecordInteractionRequest(named_owner_);
  return find;
}

identity::v1::ResolveIdentityRequest Touch::ResolveIdentityRequest(
    int identity) const {
  identity::v1::ResolveIdentityRequest resolve;
  *resolve.mutable_value() = request_.identities(identity);
  *resolve.mutable_at_time() = base::ToProto(occurred_);
  return resolve;
}

std::optional<identity::v1::ClaimIdentitiesResponse> Touch::HeldByOne(
    const std::vector<identity::v1::ResolveIdentityResponse>& resolved) const {
  identity::v1::ClaimIdentitiesResponse held;
  for (size_t i = 0; i < resolved.size(); ++i) {
    if (resolved[i].candidates_size() != 1) return std::nullopt;
    const identity::v1::Identity& identity =
        resolved[i].candidates(0).identity();
    if (i == 0) held.set_contact_id(identity.contact_id());
    if (identity.contact_id() != held.contact_id()) return std::nullopt;
    identity::v1::ClaimedValue& value = *held.add_values();
    value.set_outcome(identity::v1::CLAIM_OUTCOME_HELD);
    *value.mutable_identity() = identity;
    *value.mutable_value() = request_.identities(static_cast<int>(i));
  }
  return held;
}

identity::v1::ClaimIdentitiesRequest Touch::ClaimIdentitiesRequest() const {
  identity::v1::ClaimIdentitiesRequest claim;
  *claim.mutable_values() = request_.identities();
  claim.set_proposed_contact_id(proposed_contact_id_);
  *claim.mutable_event_time() = base::ToProto(occurred_);
  return claim;
}

TouchOwner Touch::OwnerOf(
    const identity::v1::ClaimIdentitiesResponse& claimed) const {
  TouchOwner owner = {.contact_id = claimed.contact_id(),
                      .identity_key = named_owner_.identity_key};
  for (const identity::v1::ClaimedValue& value : claimed.values()) {
    if (!value.has_identity()) continue;
    owner.identity_key = value.identity().identity_key();
    break;
  }
  return owner;
}

bool Touch::NeedsEnsure() const {
  return !by_contact_id() ||
         request_.interaction().kind() == interactions::v1::KIND_PURCHASE;
}

contacts::v1::EnsureContactRequest Touch::EnsureContactRequest(
    const std::string& contact_id) const {
  contacts::v1::EnsureContactRequest ensure;
  ensure.set_contact_id(contact_id);
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
    if (request_.interaction().has_occurred_time()) {
      *ensure.mutable_stage_time() = request_.interaction().occurred_time();
    }
  }
  return ensure;
}

interactions::v1::RecordInteractionRequest Touch::RecordInteractionRequest(
    const TouchOwner& owner) const {
  interactions::v1::RecordInteractionRequest record;
  interactions::v1::Interaction& interaction = *record.mutable_interaction();
  interaction = request_.interaction();
  interaction.set_contact_id(owner.contact_id);
  interaction.set_identity_key(owner.identity_key);
  record.set_request_id(request_.request_id());
  record.mutable_forwarded()->set_fingerprint(fingerprint_);
  return record;
}

}  // namespace kith::gateway
