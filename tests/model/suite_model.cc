#include "tests/model/suite_model.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"
#include "common/status/rpc_status.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/rpc/error_details.pb.h"

namespace kith::model {
namespace {

using contacts::v1::Contact;
using contacts::v1::MergeEdge;

HoldingModel::Value ValueOf(const identity::v1::ChannelValue& value) {
  return {.value = value.value(),
          .kind = absl::StrCat(value.channel(), "/", value.namespace_()),
          .account = value.channel() == identity::v1::CHANNEL_EXTERNAL};
}

template <typename T>
Fault WantRefused(const absl::StatusOr<T>& answer, absl::StatusCode code,
                  const std::string& reason = "") {
  const auto info = status::FindDetail<google::rpc::ErrorInfo>(answer.status());
  const std::string got = info.has_value() ? info->reason() : "";
  if (answer.status().code() == code && got == reason) return "";
  return absl::StrCat("want ", absl::StatusCodeToString(code), " ", reason,
                      ", got ", answer.status().ToString(), " ", got);
}

template <typename T>
Fault WantOk(const absl::StatusOr<T>& answer) {
  return answer.ok() ? "" : answer.status().ToString();
}

// None given is less than all others.
std::optional<int64_t> RevisionOf(const interactions::v1::Interaction& one) {
  if (!one.has_source_revision()) return std::nullopt;
  return one.source_revision();
}

// But for what the services put to it.
bool SameContent(interactions::v1::Interaction sent,
                 interactions::v1::Interaction known) {
  sent.clear_source_revision();
  known.clear_source_revision();
  known.clear_interaction_id();
  known.clear_contact_id();
  known.clear_identity_key();
  known.clear_recorded_time();
  return google::protobuf::util::MessageDifferencer::Equals(sent, known);
}

// Whether it is refused, as its revision does not say that it is a correction,
// or one that comes too late.
bool Contradicts(const interactions::v1::Interaction& sent,
                 const interactions::v1::Interaction& known) {
  return !SameContent(sent, known) &&
         (RevisionOf(sent) == RevisionOf(known) || !RevisionOf(sent));
}

}  // namespace

Fault Differs(const google::protobuf::Message& got,
              const google::protobuf::Message& want) {
  using google::protobuf::util::MessageDifferencer;
  std::string difference;
  MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  if (differencer.Compare(want, got)) return "";
  return absl::StrCat("from what is wanted to what is there: ", difference);
}

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
  const interactions::v1::Interaction& sent = request.interaction();
  const interactions::v1::Interaction* const known = activity_.Find(request);
  if (known != nullptr && Contradicts(sent, *known)) {
    return WantRefused(answer, absl::StatusCode::kAlreadyExists);
  }
  if (!answer.ok()) return WantOk(answer);
  if (known != nullptr && RevisionOf(sent) <= RevisionOf(*known)) {
    return RecordKnown(request, *answer, *known);
  }
  gateway::v1::RecordTouchResponse want;
  want.set_contact_id(Arrive(request, *answer, want));
  want.set_outcome(interactions::v1::RECORD_OUTCOME_RECORDED);
  interactions::v1::Interaction& stored = *want.mutable_interaction();
  stored = sent;
  stored.set_interaction_id(answer->interaction().interaction_id());
  stored.set_contact_id(want.contact_id());
  if (!want.identities().empty()) {
    stored.set_identity_key(want.identities(0).identity().identity_key());
  }
  *stored.mutable_recorded_time() = base::ToProto(now_);
  if (known != nullptr) {
    want.set_outcome(interactions::v1::RECORD_OUTCOME_CORRECTED);
    want.set_contact_id(known->contact_id());
    stored.set_interaction_id(known->interaction_id());
    stored.set_contact_id(known->contact_id());
    stored.set_identity_key(known->identity_key());
    *stored.mutable_recorded_time() = known->recorded_time();
  }
  activity_.Record(request, stored);
  return CompareTouch(*answer, std::move(want));
}

Fault SuiteModel::CompareTouch(const gateway::v1::RecordTouchResponse& answer,
                               gateway::v1::RecordTouchResponse want) const {
  want.set_canonical_id(Canonical(answer, want.contact_id()));
  if (!alone_) want.set_contact_created(answer.contact_created());
  return Differs(answer, want);
}

Fault SuiteModel::RecordKnown(
    const gateway::v1::RecordTouchRequest& request,
    const gateway::v1::RecordTouchResponse& answer,
    const interactions::v1::Interaction& known) const {
  const bool outdated = RevisionOf(request.interaction()) < RevisionOf(known);
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
      values.push_back(ValueOf(request.identities(i)));
      if (i >= answer.identities_size()) continue;
      Learn(values.back().value, answer.identities(i).identity());
    }
    std::vector<HoldingModel::Claimed> claimed;
    want.set_contact_id(holdings_.Claim(
        values, base::ToMicros(request.interaction().occurred_time()),
        absl::ToUnixMicros(now_), answer.contact_id(), claimed));
    for (int i = 0; i < request.identities_size(); ++i) {
      const HoldingModel::Holding& holding = claimed[i].holding;
      identity::v1::ClaimedValue& value = *want.add_identities();
      *value.mutable_value() = request.identities(i);
      *value.mutable_identity() = Show(values[i].value, holding);
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

Fault SuiteModel::LinkIdentity(
    const gateway::v1::LinkIdentityRequest& request,
    const absl::StatusOr<gateway::v1::LinkIdentityResponse>& answer) {
  if (WasDone(request.request_id())) return WantOk(answer);
  const std::string id = Meant(request.customer());
  const std::string& value = request.value().value();
  const auto holding =
      holdings_.Link(ValueOf(request.value()), id, customers_.GroupOf(id),
                     absl::ToUnixMicros(now_));
  if (!holding.has_value()) {
    return WantRefused(answer, absl::StatusCode::kAlreadyExists);
  }
  if (!answer.ok()) return WantOk(answer);
  if (customers_.Get(id).stage() == contacts::v1::STAGE_ANONYMOUS) {
    contacts::v1::EnsureContactRequest ensure;
    ensure.set_contact_id(id);
    ensure.set_at_least_stage(contacts::v1::STAGE_LEAD);
    customers_.Ensure(ensure, now_);
  }
  Note(request.request_id());
  Learn(value, answer->identity());
  gateway::v1::LinkIdentityResponse want;
  *want.mutable_identity() = Show(value, *holding);
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
  *want.mutable_identity() = Show(value, *holding);
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
    return SuiteModel(*this).TakeApart(id, answer->group());
  return TakeApart(id, answer->group());
}

Fault SuiteModel::UndoMerges(
    const gateway::v1::UndoMergesRequest& request,
    const absl::StatusOr<gateway::v1::UndoMergesResponse>& answer) {
  if (!answer.ok()) return WantOk(answer);
  for (const contacts::v1::UnmergedGroup& group : answer->groups()) {
    if (group.removed_edges().empty()) return "a group without removed edges";
    const std::string id = group.removed_edges(0).survivor_id();
    if (Fault fault = TakeApart(id, group); !fault.empty()) return fault;
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

Fault SuiteModel::TakeApart(const std::string& id,
                            const contacts::v1::UnmergedGroup& group) {
  const std::set<std::string> before = customers_.GroupOf(id);
  for (const MergeEdge& edge : group.removed_edges()) {
    if (!before.contains(edge.survivor_id())) return "an edge of another group";
    customers_.Unmerge(edge.edge_id(), edge.reversal());
  }
  std::set<std::string> parts;
  for (const std::string& id_of_group : before) {
    parts.insert(customers_.CanonicalOf(id_of_group));
  }
  std::set<std::string> told;
  for (const contacts::v1::GroupPart& part : group.parts()) {
    told.insert(part.canonical_id());
    const std::set<std::string> members(part.member_ids().begin(),
                                        part.member_ids().end());
    if (members != customers_.GroupOf(part.canonical_id())) {
      return absl::StrCat("other members: ", part.ShortDebugString());
    }
  }
  if (told != parts) return "it falls into other parts";
  const std::vector<MergeEdge> still(group.still_joined_by().begin(),
                                     group.still_joined_by().end());
  const auto joined = Fold(before, still);
  for (const MergeEdge& edge : group.removed_edges()) {
    if ((joined.at(edge.survivor_id()) == joined.at(edge.absorbed_id())) !=
        (customers_.CanonicalOf(edge.survivor_id()) ==
         customers_.CanonicalOf(edge.absorbed_id()))) {
      return "still_joined_by is not how they are still joined";
    }
  }
  return "";
}

gateway::v1::CustomerView SuiteModel::View(const std::string& id,
                                           int32_t interactions_size) const {
  const std::set<std::string> group = customers_.GroupOf(id);
  gateway::v1::CustomerView view;
  *view.mutable_contact() = customers_.Get(id);
  view.set_canonical_id(customers_.CanonicalOf(id));
  const int64_t now = absl::ToUnixMicros(now_);
  for (const std::string& value : holdings_.ValuesOf(group, now)) {
    *view.add_identities() = Show(value, *holdings_.At(value, now));
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
  for (const char* part :
       {"contact", "identities", "summary", "interactions"}) {
    view.add_parts()->set_part(part);
  }
  return view;
}

identity::v1::Identity SuiteModel::Show(
    const std::string& value, const HoldingModel::Holding& holding) const {
  identity::v1::Identity shown;
  if (const auto it = identities_.find(value); it != identities_.end()) {
    shown = it->second;
  }
  shown.set_contact_id(holding.contact_id);
  if (holding.start != HoldingModel::kFromEver) {
    *shown.mutable_start_time() = base::ToProto(holding.start);
  }
  if (holding.end.has_value()) {
    *shown.mutable_end_time() = base::ToProto(*holding.end);
  }
  return shown;
}

void SuiteModel::Learn(const std::string& value,
                       const identity::v1::Identity& shown) {
  const auto [it, is_new] = identities_.try_emplace(value, shown);
  if (!is_new) return;
  it->second.clear_contact_id();
  it->second.clear_start_time();
  it->second.clear_end_time();
}

}  // namespace kith::model
