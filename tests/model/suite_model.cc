#include "tests/model/suite_model.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"

namespace kith::model {

using contacts::v1::Contact;
using contacts::v1::MergeEdge;

namespace {

// Sets what the service gives an interaction. A correction keeps it.
void SetGiven(const interactions::v1::Interaction* known,
              const interactions::v1::Interaction& answered, absl::Time now,
              interactions::v1::Interaction& stored) {
  stored.set_thread_id(answered.thread_id());
  if (known == nullptr) {
    stored.set_interaction_id(answered.interaction_id());
    *stored.mutable_recorded_time() = base::ToProto(now);
    return;
  }
  stored.set_interaction_id(known->interaction_id());
  stored.set_contact_id(known->contact_id());
  stored.set_identity_key(known->identity_key());
  // Once it is in a thread it stays there.
  if (!known->thread_id().empty()) stored.set_thread_id(known->thread_id());
  *stored.mutable_recorded_time() = known->recorded_time();
}

}  // namespace

std::string SuiteModel::Meant(const gateway::v1::CustomerRef& ref) const {
  if (!ref.has_value()) {
    return customers_.Has(ref.contact_id()) ? ref.contact_id() : "";
  }
  const HoldingModel::Holding* const holding =
      holdings_.At(ref.value().value(), absl::ToUnixMicros(now_));
  return holding == nullptr ? "" : holding->contact_id;
}

std::string SuiteModel::State() const {
  return absl::StrCat(customers_.State(), holdings_.State(), activity_.State());
}

Fault SuiteModel::CompareAnswered(Contact answered,
                                  const std::string& id) const {
  // It is read once the call has worked, when others may have worked too.
  if (!alone_) return "";
  answered.clear_etag();
  return Differs(answered, customers_.Get(id));
}

Fault SuiteModel::CreateContact(
    const gateway::v1::CreateContactRequest& request,
    const absl::StatusOr<Contact>& answer) {
  if (!answer.ok()) return WantOk(answer);
  const std::string& id = answer->contact_id();
  if (customers_.Has(id)) return "the contact was there before";
  customers_.Create(id, request.contact(), now_);
  return CompareAnswered(*answer, id);
}

Fault SuiteModel::UpdateContact(
    const gateway::v1::UpdateContactRequest& request,
    const absl::StatusOr<Contact>& answer) {
  if (WasDone(request.request_id())) return WantOk(answer);
  const std::string id = Meant(request.customer());
  if (customers_.IsDeleted(id)) {
    return WantRefused(answer, absl::StatusCode::kFailedPrecondition,
                       "CONTACT_DELETED");
  }
  if (!answer.ok()) return WantOk(answer);
  Note(request.request_id());
  for (const std::string& path : request.update_mask().paths()) {
    customers_.Update(id, path, request.contact(), now_);
  }
  return CompareAnswered(*answer, id);
}

Fault SuiteModel::DeleteContact(
    const contacts::v1::DeleteContactRequest& request,
    const absl::StatusOr<Contact>& answer) {
  if (!answer.ok()) return WantOk(answer);
  customers_.Delete(request.contact_id(), now_);
  return CompareAnswered(*answer, request.contact_id());
}

Fault SuiteModel::UndeleteContact(
    const contacts::v1::UndeleteContactRequest& request,
    const absl::StatusOr<Contact>& answer) {
  if (!answer.ok()) return WantOk(answer);
  customers_.Undelete(request.contact_id(), now_);
  return CompareAnswered(*answer, request.contact_id());
}

Fault SuiteModel::RecordTouch(
    const gateway::v1::RecordTouchRequest& request,
    const absl::StatusOr<gateway::v1::RecordTouchResponse>& answer) {
  work_.NoteTouch();
  const interactions::v1::Interaction& sent = request.interaction();
  const interactions::v1::Interaction* const known = activity_.Find(request);
  if (known != nullptr && ActivityModel::Contradicts(sent, *known)) {
    return WantRefused(answer, absl::StatusCode::kAlreadyExists);
  }
  if (!answer.ok()) return WantOk(answer);
  if (known != nullptr &&
      ActivityModel::RevisionOf(sent) <= ActivityModel::RevisionOf(*known)) {
    return RecordKnown(request, *answer, *known);
  }
  gateway::v1::RecordTouchResponse want;
  if (known == nullptr) {
    want.set_contact_id(Arrive(request, *answer, want));
  } else {
    // A correction claims nothing.
    want.set_contact_id(known->contact_id());
    Ensure(request, want);
  }
  want.set_outcome(known == nullptr
                       ? interactions::v1::RECORD_OUTCOME_RECORDED
                       : interactions::v1::RECORD_OUTCOME_CORRECTED);
  interactions::v1::Interaction& stored = *want.mutable_interaction();
  stored = sent;
  stored.set_contact_id(want.contact_id());
  stored.set_assurance(config::v1::ASSURANCE_REPORTED);
  if (!want.identities().empty()) {
    stored.set_identity_key(want.identities(0).identity().identity_key());
  }
  stored.set_contact_violation(ActivityModel::ViolationOf(sent));
  SetGiven(known, answer->interaction(), now_, stored);
  activity_.Record(request, stored);
  return CompareTouch(*answer, std::move(want));
}

Fault SuiteModel::CompareTouch(const gateway::v1::RecordTouchResponse& answer,
                               gateway::v1::RecordTouchResponse want) const {
  want.set_canonical_id(Canonical(answer, want.contact_id()));
  const std::string& id = want.contact_id();
  want.set_contact_deleted(customers_.Has(id) && customers_.IsDeleted(id));
  if (!alone_) {
    want.set_contact_created(answer.contact_created());
    want.set_contact_deleted(answer.contact_deleted());
  }
  return Differs(answer, want);
}

Fault SuiteModel::RecordKnown(
    const gateway::v1::RecordTouchRequest& request,
    const gateway::v1::RecordTouchResponse& answer,
    const interactions::v1::Interaction& known) const {
  const bool outdated = ActivityModel::RevisionOf(request.interaction()) <
                        ActivityModel::RevisionOf(known);
  gateway::v1::RecordTouchResponse want;
  want.set_contact_id(known.contact_id());
  *want.mutable_interaction() = known;
  want.set_outcome(outdated ? interactions::v1::RECORD_OUTCOME_OUTDATED
                            : interactions::v1::RECORD_OUTCOME_KNOWN);
  return CompareTouch(answer, std::move(want));
}

std::string SuiteModel::Arrive(const gateway::v1::RecordTouchRequest& request,
                               const gateway::v1::RecordTouchResponse& answer,
                               gateway::v1::RecordTouchResponse& want) {
  want.set_contact_id(request.contact_id());
  if (request.contact_id().empty()) {
    std::vector<HoldingModel::Value> values;
    for (int i = 0; i < request.identities_size(); ++i) {
      values.push_back(IdentityModel::ValueOf(request.identities(i)));
      if (i >= answer.identities_size()) continue;
      identities_.Learn(values.back().value, answer.identities(i).identity());
    }
    std::vector<HoldingModel::Claimed> claimed;
    want.set_contact_id(holdings_.Claim(
        values, base::ToMicros(request.interaction().occurred_time()),
        absl::ToUnixMicros(now_), answer.contact_id(), claimed));
    for (int i = 0; i < request.identities_size(); ++i) {
      const HoldingModel::Holding& holding = claimed[i].holding;
      identity::v1::ClaimedValue& value = *want.add_identities();
      *value.mutable_value() = request.identities(i);
      *value.mutable_identity() = identities_.Show(values[i].value, holding);
      // Of two that are the same, one may claim and the other record.
      const bool is_new =
          claimed[i].is_new &&
          (alone_ || i >= answer.identities_size() ||
           answer.identities(i).outcome() != identity::v1::CLAIM_OUTCOME_HELD);
      value.set_outcome(is_new ? identity::v1::CLAIM_OUTCOME_CLAIMED
                        : holding.contact_id == want.contact_id()
                            ? identity::v1::CLAIM_OUTCOME_HELD
                            : identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER);
    }
  }
  Ensure(request, want);
  return want.contact_id();
}

void SuiteModel::Ensure(const gateway::v1::RecordTouchRequest& request,
                        gateway::v1::RecordTouchResponse& want) {
  contacts::v1::EnsureContactRequest ensure;
  ensure.set_contact_id(want.contact_id());
  if (request.contact_id().empty()) {
    *ensure.mutable_contact() = request.contact();
    // By a value that is no browser.
    ensure.set_at_least_stage(contacts::v1::STAGE_LEAD);
  }
  if (request.interaction().kind() == interactions::v1::KIND_PURCHASE) {
    ensure.set_at_least_stage(contacts::v1::STAGE_CUSTOMER);
    *ensure.mutable_stage_time() = request.interaction().occurred_time();
  }
  contacts::v1::Contact& fields = *ensure.mutable_contact();
  if (fields.has_attribution() && !fields.attribution().has_touch_time()) {
    *fields.mutable_attribution()->mutable_touch_time() =
        request.interaction().occurred_time();
  }
  if (!customers_.Has(ensure.contact_id())) {
    want.set_contact_created(true);
    customers_.Create(ensure.contact_id(), fields, now_);
  }
  const auto filled = customers_.Ensure(ensure, now_);
  if (filled.paths_size() > 0) *want.mutable_filled_fields() = filled;
}

void SuiteModel::Identify(const std::string& id) {
  if (customers_.Get(id).stage() != contacts::v1::STAGE_ANONYMOUS) return;
  contacts::v1::EnsureContactRequest ensure;
  ensure.set_contact_id(id);
  ensure.set_at_least_stage(contacts::v1::STAGE_LEAD);
  customers_.Ensure(ensure, now_);
}

Fault SuiteModel::LinkIdentity(
    const gateway::v1::LinkIdentityRequest& request,
    const absl::StatusOr<gateway::v1::LinkIdentityResponse>& answer) {
  const std::string id = Meant(request.customer());
  if (WasDone(request.request_id())) {
    // What an unmerge has made a visitor again.
    if (!id.empty() && answer.ok() && !answer->identity().has_end_time()) {
      Identify(id);
    }
    return WantOk(answer);
  }
  const std::string& value = request.value().value();
  const auto holding =
      holdings_.Link(IdentityModel::ValueOf(request.value()), id,
                     customers_.GroupOf(id), absl::ToUnixMicros(now_));
  if (!holding.has_value()) {
    return WantRefused(answer, absl::StatusCode::kAlreadyExists);
  }
  if (!answer.ok()) return WantOk(answer);
  Identify(id);
  Note(request.request_id());
  identities_.Learn(value, answer->identity());
  gateway::v1::LinkIdentityResponse want;
  *want.mutable_identity() = identities_.Show(value, *holding);
  want.set_canonical_id(Canonical(*answer, id));
  return Differs(*answer, want);
}

Fault SuiteModel::UnlinkIdentity(
    const gateway::v1::UnlinkIdentityRequest& request,
    const absl::StatusOr<gateway::v1::UnlinkIdentityResponse>& answer) {
  if (WasDone(request.request_id())) return WantOk(answer);
  const std::string id = Meant(request.customer());
  const std::string& value = request.value().value();
  const auto holding =
      holdings_.Unlink(value, customers_.GroupOf(id), absl::ToUnixMicros(now_));
  if (!holding.has_value()) {
    return WantRefused(answer, absl::StatusCode::kNotFound);
  }
  if (!answer.ok()) return WantOk(answer);
  Note(request.request_id());
  gateway::v1::UnlinkIdentityResponse want;
  *want.mutable_identity() = identities_.Show(value, *holding);
  want.set_canonical_id(Canonical(*answer, id));
  return Differs(*answer, want);
}

Fault SuiteModel::Merge(
    const gateway::v1::MergeContactsRequest& request,
    const absl::StatusOr<gateway::v1::MergeContactsResponse>& answer) {
  if (WasDone(request.request_id())) return WantOk(answer);
  contacts::v1::MergeContactsRequest merge;
  merge.set_survivor_id(Meant(request.survivor()));
  for (const gateway::v1::CustomerRef& ref : request.absorbed()) {
    merge.add_absorbed_ids(Meant(ref));
  }
  *merge.mutable_actor() = request.actor();
  const std::string refusal = customers_.Refusal(merge);
  if (!refusal.empty()) {
    return WantRefused(answer, absl::StatusCode::kFailedPrecondition, refusal);
  }
  if (!answer.ok()) return WantOk(answer);
  Note(request.request_id());
  if (answer->edges_size() != merge.absorbed_ids_size()) {
    return absl::StrCat(answer->edges_size(), " edges");
  }
  for (int i = 0; i < answer->edges_size(); ++i) {
    const MergeEdge& edge = answer->edges(i);
    MergeEdge want;
    want.set_edge_id(edge.edge_id());
    want.set_edge_order(edge.edge_order());
    want.set_survivor_id(merge.survivor_id());
    want.set_absorbed_id(merge.absorbed_ids(i));
    *want.mutable_cause() = request.cause();
    *want.mutable_actor() = request.actor();
    *want.mutable_merge_time() = base::ToProto(now_);
    if (Fault fault = Differs(edge, want); !fault.empty()) return fault;
    if (edge.edge_order() <= customers_.GreatestOrder(edge)) {
      return "the edge comes not after those of the groups that it joins";
    }
    customers_.Merge(edge);
  }
  return CompareAnswered(answer->contact(), merge.survivor_id());
}

Fault SuiteModel::Unmerge(
    const gateway::v1::UnmergeContactsRequest& request,
    const absl::StatusOr<gateway::v1::UnmergeContactsResponse>& answer) {
  if (WasDone(request.request_id())) return WantOk(answer);
  const std::string id = Meant(request.customer());
  const std::set<std::string> group = customers_.GroupOf(id);
  std::set<std::string> want;
  for (const MergeEdge& edge : customers_.InForce()) {
    if (!group.contains(edge.survivor_id())) continue;
    const bool named = edge.survivor_id() == id || edge.absorbed_id() == id;
    if (request.all_edges() ? named : edge.edge_id() == request.edge_id()) {
      want.insert(edge.edge_id());
    }
  }
  if (want.empty() && !request.all_edges()) {
    return WantRefused(answer, absl::StatusCode::kNotFound);
  }
  if (!answer.ok()) return WantOk(answer);
  if (!request.dry_run()) Note(request.request_id());
  std::set<std::string> removed;
  for (const MergeEdge& edge : answer->group().removed_edges()) {
    removed.insert(edge.edge_id());
  }
  if (removed != want) return "other edges are removed";
  // A dry run is carried out in a model that is thrown away.
  if (request.dry_run())
    return CustomerModel(customers_).TakeApart(id, answer->group());
  return customers_.TakeApart(id, answer->group());
}

Fault SuiteModel::UndoMerges(
    const gateway::v1::UndoMergesRequest& request,
    const absl::StatusOr<gateway::v1::UndoMergesResponse>& answer) {
  if (!answer.ok()) return WantOk(answer);
  for (const contacts::v1::UnmergedGroup& group : answer->groups()) {
    if (group.removed_edges().empty()) return "a group without removed edges";
    const std::string id = group.removed_edges(0).survivor_id();
    if (Fault fault = customers_.TakeApart(id, group); !fault.empty())
      return fault;
  }
  if (!answer->next_page_token().empty()) return "";
  for (const MergeEdge& edge : customers_.InForce()) {
    if (edge.cause().value() == request.cause().value()) {
      return "an edge of this cause is left";
    }
  }
  return "";
}

void SuiteModel::Note(const std::string& request_id) {
  if (!request_id.empty()) done_.insert(request_id);
}

gateway::v1::CustomerView SuiteModel::View(const std::string& id,
                                           int32_t interactions_size) const {
  const std::set<std::string> group = customers_.GroupOf(id);
  gateway::v1::CustomerView view;
  *view.mutable_contact() = customers_.Get(id);
  view.set_canonical_id(customers_.CanonicalOf(id));
  const int64_t now = absl::ToUnixMicros(now_);
  for (const std::string& value : holdings_.ValuesOf(group, now)) {
    *view.add_identities() = identities_.Show(value, *holdings_.At(value, now));
  }
  std::sort(view.mutable_identities()->begin(),
            view.mutable_identities()->end(), [](const auto& a, const auto& b) {
              return a.identity_key() < b.identity_key();
            });
  *view.mutable_summary() = activity_.Summary(group, now_, zone_);
  for (auto& one : activity_.Timeline(group)) {
    if (view.interactions_size() == interactions_size) break;
    *view.add_interactions() = std::move(one);
  }
  for (const char* part : {"contact", "identities", "summary", "interactions",
                           "threads", "actions", "may_be"}) {
    view.add_parts()->set_part(part);
  }
  return view;
}

}  // namespace kith::model
