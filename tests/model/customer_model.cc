#include "tests/model/customer_model.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/times.h"

namespace kith::model {
namespace {

std::pair<std::string, std::string> Pair(const std::string& a,
                                         const std::string& b) {
  return {std::min(a, b), std::max(a, b)};
}

v1::Stage StageOf(const std::vector<v1::Stage>& canonical_first) {
  if (canonical_first.front() == v1::STAGE_FORMER) return v1::STAGE_FORMER;
  for (const v1::Stage stage : {v1::STAGE_CUSTOMER, v1::STAGE_FORMER,
                                v1::STAGE_QUALIFIED, v1::STAGE_LEAD}) {
    if (std::count(canonical_first.begin(), canonical_first.end(), stage) > 0) {
      return stage;
    }
  }
  return v1::STAGE_ANONYMOUS;
}

}  // namespace

std::map<std::string, std::string> Fold(
    const std::set<std::string>& contacts,
    const std::vector<v1::MergeEdge>& edges) {
  std::map<std::string, std::string> canonical;
  for (const std::string& id : contacts) canonical[id] = id;
  for (const v1::MergeEdge& edge : edges) {
    const std::string wins = canonical.at(edge.survivor_id());
    const std::string goes = canonical.at(edge.absorbed_id());
    for (auto& [id, stands_for] : canonical) {
      if (stands_for == goes) stands_for = wins;
    }
  }
  return canonical;
}

void CustomerModel::Create(const std::string& id, const v1::Contact& fields,
                           absl::Time now) {
  contacts_[id] = ContactModel(fields, now);
}

void CustomerModel::Update(const std::string& id, const std::string& path,
                           const v1::Contact& fields, absl::Time now) {
  contacts_.at(CanonicalOf(id)).Update(path, fields, now);
}

google::protobuf::FieldMask CustomerModel::Ensure(
    const v1::EnsureContactRequest& request, absl::Time now) {
  return contacts_.at(request.contact_id()).Ensure(request, now);
}

void CustomerModel::Delete(const std::string& id, absl::Time now) {
  if (IsDeleted(id)) return;
  for (const std::string& member : GroupOf(id)) {
    *contacts_[member].contact.mutable_delete_time() = base::ToProto(now);
  }
  contacts_[CanonicalOf(id)].Touch(now);
}

void CustomerModel::Undelete(const std::string& id, absl::Time now) {
  if (!IsDeleted(id)) return;
  for (const std::string& member : GroupOf(id)) {
    contacts_[member].contact.clear_delete_time();
  }
  contacts_[CanonicalOf(id)].Touch(now);
}

std::string CustomerModel::Refusal(
    const v1::MergeContactsRequest& request) const {
  std::set<std::string> named(request.absorbed_ids().begin(),
                              request.absorbed_ids().end());
  named.insert(request.survivor_id());
  for (const std::string& id : named) {
    if (IsDeleted(id)) return "CONTACT_DELETED";
  }
  if (request.actor().kind() == v1::ACTOR_KIND_PERSON) return "";
  for (const std::string& id : request.absorbed_ids()) {
    if (not_same_.contains(Pair(request.survivor_id(), id))) return "NOT_SAME";
  }
  for (const std::string& one : named) {
    for (const std::string& two : named) {
      if (CanonicalOf(one) == CanonicalOf(two)) continue;
      for (const std::string& a : GroupOf(one)) {
        for (const std::string& b : GroupOf(two)) {
          if (not_same_.contains(Pair(a, b))) return "NOT_SAME";
        }
      }
    }
  }
  return "";
}

int64_t CustomerModel::GreatestOrder(const v1::MergeEdge& edge) const {
  std::set<std::string> both = GroupOf(edge.survivor_id());
  both.merge(GroupOf(edge.absorbed_id()));
  int64_t greatest = 0;
  for (const v1::MergeEdge& other : InForce()) {
    if (!both.contains(other.survivor_id())) continue;
    greatest = std::max(greatest, other.edge_order());
  }
  return greatest;
}

void CustomerModel::Merge(const v1::MergeEdge& edge) {
  const auto place = std::find_if(
      edges_.begin(), edges_.end(), [&](const v1::MergeEdge& other) {
        return std::tuple(other.edge_order(), other.edge_id()) >
               std::tuple(edge.edge_order(), edge.edge_id());
      });
  edges_.insert(place, edge);
  if (edge.actor().kind() == v1::ACTOR_KIND_PERSON) {
    not_same_.erase(Pair(edge.survivor_id(), edge.absorbed_id()));
  }
}

void CustomerModel::Unmerge(const std::string& edge_id,
                            const v1::MergeReversal& reversal) {
  for (v1::MergeEdge& edge : edges_) {
    if (edge.edge_id() != edge_id) continue;
    *edge.mutable_reversal() = reversal;
    if (reversal.actor().kind() != v1::ACTOR_KIND_PERSON) continue;
    not_same_.insert(Pair(edge.survivor_id(), edge.absorbed_id()));
  }
}

Fault CustomerModel::TakeApart(const std::string& id,
                               const v1::UnmergedGroup& group) {
  const std::set<std::string> before = GroupOf(id);
  for (const v1::MergeEdge& edge : group.removed_edges()) {
    if (!before.contains(edge.survivor_id())) return "an edge of another group";
    Unmerge(edge.edge_id(), edge.reversal());
  }
  std::set<std::string> parts;
  for (const std::string& id_of_group : before) {
    parts.insert(CanonicalOf(id_of_group));
  }
  std::set<std::string> told;
  for (const v1::GroupPart& part : group.parts()) {
    told.insert(part.canonical_id());
    const std::set<std::string> members(part.member_ids().begin(),
                                        part.member_ids().end());
    if (members != GroupOf(part.canonical_id())) {
      return absl::StrCat("other members: ", part.ShortDebugString());
    }
  }
  if (told != parts) return "it falls into other parts";
  const std::vector<v1::MergeEdge> still(group.still_joined_by().begin(),
                                         group.still_joined_by().end());
  const auto joined = Fold(before, still);
  for (const v1::MergeEdge& edge : group.removed_edges()) {
    if ((joined.at(edge.survivor_id()) == joined.at(edge.absorbed_id())) !=
        (CanonicalOf(edge.survivor_id()) == CanonicalOf(edge.absorbed_id()))) {
      return "still_joined_by is not how they are still joined";
    }
  }
  return "";
}

std::vector<std::string> CustomerModel::Ids() const {
  std::vector<std::string> ids;
  for (const auto& [id, _] : contacts_) ids.push_back(id);
  return ids;
}

bool CustomerModel::IsDeleted(const std::string& id) const {
  return contacts_.at(id).contact.has_delete_time();
}

std::vector<v1::MergeEdge> CustomerModel::InForce() const {
  std::vector<v1::MergeEdge> edges;
  for (const v1::MergeEdge& edge : edges_) {
    if (!edge.has_reversal()) edges.push_back(edge);
  }
  return edges;
}

std::string CustomerModel::CanonicalOf(const std::string& id) const {
  std::set<std::string> contacts;
  for (const auto& [member, _] : contacts_) contacts.insert(member);
  return Fold(contacts, InForce()).at(id);
}

std::set<std::string> CustomerModel::GroupOf(const std::string& id) const {
  std::set<std::string> contacts;
  for (const auto& [member, _] : contacts_) contacts.insert(member);
  const auto canonical = Fold(contacts, InForce());
  std::erase_if(contacts, [&](const std::string& member) {
    return canonical.at(member) != canonical.at(id);
  });
  return contacts;
}

std::vector<const ContactModel*> CustomerModel::ByUpdate(
    const std::string& id) const {
  const std::string canonical = CanonicalOf(id);
  std::vector<const ContactModel*> others;
  for (const std::string& member : GroupOf(id)) {
    if (member != canonical) others.push_back(&contacts_.at(member));
  }
  // Of one time they stay in the order of their ids.
  std::stable_sort(others.begin(), others.end(),
                   [](const ContactModel* a, const ContactModel* b) {
                     return base::ToMicros(a->contact.update_time()) >
                            base::ToMicros(b->contact.update_time());
                   });
  others.insert(others.begin(), &contacts_.at(canonical));
  return others;
}

v1::Contact CustomerModel::Get(const std::string& id) const {
  const std::vector<const ContactModel*> members = ByUpdate(id);
  v1::Contact shown = members.front()->contact;
  shown.set_contact_id(id);
  shown.set_canonical_id(CanonicalOf(id));
  shown.add_member_ids(shown.canonical_id());
  for (const std::string& member : GroupOf(id)) {
    if (member != shown.canonical_id()) shown.add_member_ids(member);
  }
  if (members.size() == 1) return shown;
  for (const char* path : {"display_name", "given_name", "family_name",
                           "account_id", "owner", "attributes"}) {
    for (const ContactModel* member : members) {
      if (!member->set_paths.contains(path) &&
          !HasValue(member->contact, path)) {
        continue;
      }
      Copy(member->contact, path, shown);
      break;
    }
  }
  ShowTogether(members, shown);
  return shown;
}

void CustomerModel::ShowTogether(
    const std::vector<const ContactModel*>& members, v1::Contact& shown) {
  std::vector<v1::Stage> stages;
  std::set<int> roles;
  std::set<std::string> labels;
  for (const ContactModel* member : members) {
    const v1::Contact& contact = member->contact;
    stages.push_back(contact.stage());
    roles.insert(contact.roles().begin(), contact.roles().end());
    labels.insert(contact.labels().begin(), contact.labels().end());
    for (const v1::StageTime& time : contact.stage_times()) {
      Reach(time.stage(), base::ToMicros(time.time()), shown);
    }
    if (base::ToMicros(contact.create_time()) <
        base::ToMicros(shown.create_time())) {
      *shown.mutable_create_time() = contact.create_time();
    }
    if (base::ToMicros(contact.update_time()) >
        base::ToMicros(shown.update_time())) {
      *shown.mutable_update_time() = contact.update_time();
    }
    // Touch times differ in tests, so who came first does not matter else.
    if (contact.has_attribution() &&
        (!shown.has_attribution() ||
         Earlier(contact.attribution(), shown.attribution()))) {
      *shown.mutable_attribution() = contact.attribution();
    }
  }
  shown.set_stage(StageOf(stages));
  shown.mutable_roles()->Assign(roles.begin(), roles.end());
  shown.mutable_labels()->Assign(labels.begin(), labels.end());
}

std::string CustomerModel::State() const {
  std::string state;
  for (const auto& [id, member] : contacts_) {
    absl::StrAppend(&state, id,
                    " was set: ", absl::StrJoin(member.set_paths, ","), "; ",
                    member.contact.ShortDebugString(), "\n");
  }
  for (const v1::MergeEdge& edge : edges_) {
    absl::StrAppend(&state, edge.ShortDebugString(), "\n");
  }
  for (const auto& [id, other] : not_same_) {
    absl::StrAppend(&state, id, " is not ", other, "\n");
  }
  return state;
}

std::map<std::string, v1::MergeEdge> CustomerModel::History(
    const std::string& id) const {
  const std::set<std::string> group = GroupOf(id);
  std::map<std::string, v1::MergeEdge> history;
  for (const v1::MergeEdge& edge : edges_) {
    if (group.contains(edge.survivor_id()) ||
        group.contains(edge.absorbed_id())) {
      history[edge.edge_id()] = edge;
    }
  }
  return history;
}

}  // namespace kith::model
