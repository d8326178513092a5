#include "gateway/flows/touch.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/visit_source.h"
#include "common/auth/scopes.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "gateway/flows/companions.h"

namespace kith::gateway {
namespace {

using identity::v1::ChannelValue;

// As long as a request is kept, so that a repeat is known.
constexpr absl::Duration kRepeatable = absl::Hours(48);

// What of a touch must be unique: its external_id, else its request_id.
std::string UniqueKey(const v1::RecordTouchRequest& request) {
  const interactions::v1::Interaction& interaction = request.interaction();
  return interaction.external_id().empty()
             ? absl::StrCat("request/", request.request_id())
             : absl::StrCat("source/", interaction.source(), "/",
                            interaction.external_id());
}

// From what makes the request unique, its values and the time alone, so that a
// repeat proposes the same contact. The values are in it since ids are used
// again: by a caller's mistake, or after they are forgotten. Other values are
// other people then.
//
// The id begins with the time of the event, not with that of its making as
// others do, since a repeat has another "now": with 1970 where the caller gives
// no time. Rows of such contacts are not next to each other in an index.
std::string ProposedContactId(uint64_t tenant_id,
                              const v1::RecordTouchRequest& request,
                              absl::Time occurred) {
  const interactions::v1::Interaction& interaction = request.interaction();
  std::string seed = absl::StrCat(tenant_id, "/", UniqueKey(request));
  for (const ChannelValue& value : request.identities()) {
    absl::StrAppend(&seed, "/", value.channel(), "/", value.namespace_().size(),
                    ":", value.namespace_(), "/", value.value().size(), ":",
                    value.value());
  }
  const absl::Time time =
      interaction.has_occurred_time() ? occurred : absl::UnixEpoch();
  return base::Uuid::MakeFrom(time, seed).ToString();
}

// An id as services answer it. What is none is refused by Validate.
std::string AsAnswered(const std::string& id) {
  const auto uuid = base::Uuid::Parse(id);
  return uuid.has_value() ? uuid->ToString() : id;
}

bool IsVisitor(const identity::v1::Identity& identity) {
  return identity.channel() == identity::v1::CHANNEL_VISITOR;
}

bool IsQuarantined(const identity::v1::ClaimedValue& value) {
  return value.outcome() == identity::v1::CLAIM_OUTCOME_QUARANTINED;
}

// A quarantined value that leads to its holder is the holder's all the same.
bool IsOwn(const identity::v1::ClaimedValue& value,
           const std::string& contact_id) {
  return value.outcome() == identity::v1::CLAIM_OUTCOME_CLAIMED ||
         value.outcome() == identity::v1::CLAIM_OUTCOME_HELD ||
         (IsQuarantined(value) && value.identity().contact_id() == contact_id);
}

// Returns TouchOwner.word_key of a touch with identities.
std::string WordKeyOf(const identity::v1::ClaimIdentitiesResponse& claimed) {
  std::string shared;
  bool is_first = true;
  for (const identity::v1::ClaimedValue& value : claimed.values()) {
    if (!value.has_identity()) continue;
    const bool came_by_it = std::exchange(is_first, false);
    if (!IsContactChannel(value.identity().channel())) continue;
    if (came_by_it || IsOwn(value, claimed.contact_id())) {
      return value.identity().identity_key();
    }
    if (shared.empty() &&
        value.outcome() == identity::v1::CLAIM_OUTCOME_SHARED) {
      shared = value.identity().identity_key();
    }
  }
  return shared;
}

}  // namespace

bool IsContactChannel(identity::v1::Channel channel) {
  return channel == identity::v1::CHANNEL_PHONE ||
         channel == identity::v1::CHANNEL_EMAIL ||
         channel == identity::v1::CHANNEL_SOCIAL;
}

bool IsBrowser(const ChannelValue& value) {
  return value.channel() == identity::v1::CHANNEL_VISITOR;
}

bool IsPurchase(const v1::RecordTouchRequest& request) {
  return request.interaction().kind() == interactions::v1::KIND_PURCHASE;
}

Touch::Touch(const base::RequestContext& context,
             const v1::RecordTouchRequest& request, int place, absl::Time now)
    : request_(request),
      place_(place),
      named_owner_{.contact_id = AsAnswered(request.contact_id()),
                   .identity_key = request.interaction().identity_key(),
                   .word_key = request.contact_id().empty()
                                   ? ""
                                   : request.interaction().identity_key()},
      occurred_(request.interaction().has_occurred_time()
                    ? base::FromProto(request.interaction().occurred_time())
                    : now),
      fingerprint_(base::Fingerprint(request)),
      proposed_contact_id_(
          ProposedContactId(context.tenant_id(), request, occurred_)),
      assurance_(context.principal->assurance),
      is_own_(context.principal->scopes.contains(auth::kAllTenantsScope)) {}

absl::Status Touch::CheckCaller() const {
  if (request_.interaction().source() == api::kVisitSource && !is_own_) {
    return absl::PermissionDeniedError(
        "interaction.source: visits are recorded by the gateway alone");
  }
  if (!IsByForm() || !by_contact_id()) return absl::OkStatus();
  return absl::PermissionDeniedError(
      "contact_id: an UNAUTHENTICATED key names no contact; want identities");
}

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
  resolve.set_include_identity_candidates(true);
  return resolve;
}

std::optional<identity::v1::ClaimIdentitiesResponse> Touch::HeldByOne(
    const std::vector<identity::v1::ResolveIdentityResponse>& resolved) const {
  identity::v1::ClaimIdentitiesResponse held;
  for (size_t i = 0; i < resolved.size(); ++i) {
    if (resolved[i].candidates_size() != 1) return std::nullopt;
    if (!resolved[i].stand_in_contact_id().empty()) return std::nullopt;
    const identity::v1::Identity& identity =
        resolved[i].candidates(0).identity();
    if (i == 0) held.set_contact_id(identity.contact_id());
    if (identity.contact_id() != held.contact_id()) return std::nullopt;
    const bool is_of_form =
        identity.assurance() == config::v1::ASSURANCE_UNAUTHENTICATED;
    if ((is_of_form && !IsByForm()) || MayBeTaken(identity)) {
      return std::nullopt;
    }
    identity::v1::ClaimedValue& value = *held.add_values();
    value.set_outcome(identity.has_quarantine()
                          ? identity::v1::CLAIM_OUTCOME_QUARANTINED
                          : identity::v1::CLAIM_OUTCOME_HELD);
    if (identity.has_quarantine()) {
      value.set_reason(resolved[i].candidates(0).reason());
    }
    *value.mutable_identity() = identity;
    *value.mutable_value() = request_.identities(static_cast<int>(i));
    held.mutable_candidates()->MergeFrom(resolved[i].identity_candidates());
  }
  return held;
}

bool Touch::MayBeTaken(const identity::v1::Identity& held) const {
  // The first holding has no start, and nobody before.
  if (!held.has_start_time() || held.has_end_time()) return false;
  const bool takes =
      IsVisitor(held)
          ? !IsByForm() && !absl::c_all_of(request_.identities(), IsBrowser)
          : assurance_ == config::v1::ASSURANCE_VERIFIED;
  return takes && base::FromProto(held.start_time()) >= occurred_ - kRepeatable;
}

std::vector<std::string> Touch::VisitorsInQuestion(
    const std::vector<identity::v1::ResolveIdentityResponse>& resolved) const {
  std::set<std::string> visitors;
  bool only_browsers = true;
  for (int i = 0; i < request_.identities_size(); ++i) {
    if (!IsBrowser(request_.identities(i))) {
      only_browsers = false;
      continue;
    }
    if (!resolved[i].stand_in_contact_id().empty()) continue;
    for (const auto& candidate : resolved[i].candidates()) {
      visitors.insert(candidate.identity().contact_id());
    }
  }
  if (only_browsers) return {};
  return {visitors.begin(), visitors.end()};
}

identity::v1::ClaimIdentitiesRequest Touch::ClaimIdentitiesRequest(
    const std::vector<std::string>& identified,
    const std::string& only_contact_id) const {
  identity::v1::ClaimIdentitiesRequest claim;
  *claim.mutable_values() = request_.identities();
  claim.set_proposed_contact_id(proposed_contact_id_);
  *claim.mutable_event_time() = base::ToProto(occurred_);
  claim.mutable_identified_contact_ids()->Assign(identified.begin(),
                                                 identified.end());
  claim.set_only_contact_id(only_contact_id);
  return claim;
}

TouchOwner Touch::OwnerOf(const identity::v1::ClaimIdentitiesResponse& claimed,
                          const std::vector<std::string>& identified) const {
  TouchOwner owner = {.contact_id = claimed.contact_id(),
                      .identity_key = named_owner_.identity_key,
                      .word_key = WordKeyOf(claimed),
                      .is_stand_in = claimed.is_stand_in()};
  bool keyed = false;
  for (const identity::v1::ClaimedValue& value : claimed.values()) {
    if (!value.has_identity()) continue;
    if (!std::exchange(keyed, true)) {
      owner.identity_key = value.identity().identity_key();
    }
    if (owner.is_stand_in &&
        value.identity().contact_id() == owner.contact_id) {
      const auto& ids = value.identity().sharing_contact_ids();
      owner.possible_contact_ids.assign(ids.begin(), ids.end());
    }
    if (IsOwn(value, owner.contact_id)) {
      owner.stage = std::max(owner.stage, IsVisitor(value.identity())
                                              ? contacts::v1::STAGE_ANONYMOUS
                                              : contacts::v1::STAGE_LEAD);
    }
  }
  if (IsByForm()) AddAlsoNamed(claimed, owner);
  AddOthers(claimed, identified, owner);
  return owner;
}

void Touch::AddAlsoNamed(const identity::v1::ClaimIdentitiesResponse& claimed,
                         TouchOwner& owner) const {
  // The first is the one that counts, however often it is named.
  std::set<std::string> seen = {owner.identity_key};
  for (const identity::v1::ClaimedValue& value : claimed.values()) {
    if (!value.has_identity()) continue;
    if (!seen.insert(value.identity().identity_key()).second) continue;
    owner.also_named.push_back(InWords(value.value()));
  }
}

void Touch::AddOthers(const identity::v1::ClaimIdentitiesResponse& claimed,
                      const std::vector<std::string>& identified,
                      TouchOwner& owner) const {
  const bool reported = !IsByForm();
  std::set<std::string> seen = {"", owner.contact_id};
  for (const identity::v1::ClaimedValue& value : claimed.values()) {
    // It is no evidence, and suggests nobody.
    if (IsQuarantined(value)) continue;
    const identity::v1::Identity& held = value.identity();
    // It is no evidence for anybody.
    if (value.outcome() == identity::v1::CLAIM_OUTCOME_SHARED) continue;
    if (seen.insert(value.former_contact_id()).second) {
      if (IsVisitor(held)) {
        owner.visitors.push_back(
            {value.former_contact_id(), held.identity_key(),
             value.outcome() == identity::v1::CLAIM_OUTCOME_HELD});
      } else {
        owner.companions.push_back(
            CompanionOf(value.former_contact_id(), held));
      }
    }
    if (IsVisitor(held)) {
      // What a form says of a browser is suggested, while nobody else is known
      // by it; what others say, if it is a guest's, who is known by no more.
      const bool suggested =
          reported ? value.outcome() == identity::v1::CLAIM_OUTCOME_NOT_CLAIMED
                   : !absl::c_linear_search(identified, held.contact_id());
      if (!suggested || owner.stage != contacts::v1::STAGE_LEAD) continue;
    } else if (reported &&
               value.outcome() == identity::v1::CLAIM_OUTCOME_NOT_CLAIMED) {
      continue;  // Two ids of one system are two people.
    }
    if (!seen.insert(held.contact_id()).second) continue;
    owner.companions.push_back(CompanionOf(held.contact_id(), held));
  }
  for (const auto& candidate : claimed.candidates()) {
    if (owner.companions.size() == api::kMaxIdentitiesPerTouch) break;
    owner.companions.push_back(CompanionOf(candidate));
  }
}

bool Touch::NeedsEnsure() const {
  return !by_contact_id() || IsPurchase(request_);
}

contacts::v1::EnsureContactRequest Touch::EnsureContactRequest(
    const TouchOwner& owner) const {
  contacts::v1::EnsureContactRequest ensure;
  ensure.set_contact_id(owner.contact_id);
  // What the touch says of its sender is of one of those whom it stands for.
  if (owner.is_stand_in) {
    ensure.set_stand_in(true);
    return ensure;
  }
  contacts::v1::Contact& fields = *ensure.mutable_contact();
  if (!by_contact_id()) fields = request_.contact();
  // What a form says of its sender makes nobody more than the values do.
  if (fields.stage() == contacts::v1::STAGE_UNSPECIFIED || IsByForm()) {
    fields.set_stage(owner.stage == contacts::v1::STAGE_ANONYMOUS
                         ? contacts::v1::STAGE_ANONYMOUS
                         : contacts::v1::STAGE_LEAD);
  }
  if (owner.stage == contacts::v1::STAGE_LEAD) {
    ensure.set_at_least_stage(contacts::v1::STAGE_LEAD);
  }
  ensure.mutable_companions()->Assign(owner.companions.begin(),
                                      owner.companions.end());
  if (IsByForm() && !SaysOrigin(fields.attribution()) &&
      SaysOrigin(owner.visit.first)) {
    *fields.mutable_attribution() = owner.visit.first;
  }
  if (fields.attribution().ByteSizeLong() == 0) {
    fields.clear_attribution();
  } else if (!fields.attribution().has_touch_time()) {
    *fields.mutable_attribution()->mutable_touch_time() =
        base::ToProto(occurred_);
  }
  if (IsPurchase(request_) && !IsByForm()) {
    ensure.set_at_least_stage(contacts::v1::STAGE_CUSTOMER);
    if (request_.interaction().has_occurred_time()) {
      *ensure.mutable_stage_time() = request_.interaction().occurred_time();
    }
  }
  return ensure;
}

contacts::v1::MergeContactsRequest Touch::MergeContactsRequest(
    const TouchOwner& owner, const FormerVisitor& visitor) const {
  contacts::v1::MergeContactsRequest merge;
  merge.set_survivor_id(owner.contact_id);
  merge.add_absorbed_ids(visitor.contact_id);
  merge.set_absorbed_are_anonymous(true);
  merge.mutable_cause()->set_kind(contacts::v1::MERGE_CAUSE_KIND_IDENTITY);
  merge.mutable_cause()->set_value(visitor.identity_key);
  merge.mutable_actor()->set_kind(contacts::v1::ACTOR_KIND_SYSTEM);
  merge.mutable_actor()->set_name("RecordTouch");
  merge.set_reason("A touch names the visitor beside a value of the contact.");
  return merge;
}

interactions::v1::RecordInteractionRequest Touch::RecordInteractionRequest(
    const TouchOwner& owner) const {
  interactions::v1::RecordInteractionRequest record;
  interactions::v1::Interaction& interaction = *record.mutable_interaction();
  interaction = request_.interaction();
  interaction.set_contact_id(owner.contact_id);
  interaction.set_identity_key(owner.identity_key);
  interaction.set_contact_violation(owner.contact_violation);
  auto& attributes = *interaction.mutable_attributes();
  for (size_t i = 0; i < owner.also_named.size(); ++i) {
    if (attributes.size() >= api::kMaxAttributes) break;
    attributes.insert(
        {absl::StrCat("also_named.", i + 1), owner.also_named[i]});
  }
  AddOrigin(owner.visit, interaction);
  record.set_request_id(request_.request_id());
  record.mutable_forwarded()->set_fingerprint(fingerprint_);
  record.mutable_member_ids()->Add(owner.member_ids.begin(),
                                   owner.member_ids.end());
  return record;
}

}  // namespace kith::gateway
