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

// Of the six fields of which one member's value shows, and of the lists.
bool HasValue(const v1::Contact& contact, const std::string& path) {
  if (path == "display_name") return !contact.display_name().empty();
  if (path == "given_name") return !contact.given_name().empty();
  if (path == "family_name") return !contact.family_name().empty();
  if (path == "account_id") return !contact.account_id().empty();
  if (path == "owner") return !contact.owner().empty();
  if (path == "roles") return contact.roles_size() > 0;
  if (path == "labels") return contact.labels_size() > 0;
  return !contact.attributes().empty();
}

bool IsName(const std::string& path) {
  return path == "display_name" || path == "given_name" ||
         path == "family_name";
}

// Who is given a name is no anonymous visitor.
void MakeLeadIfNamed(v1::Contact& contact) {
  if (contact.stage() != v1::STAGE_ANONYMOUS) return;
  for (const char* path : {"display_name", "given_name", "family_name"}) {
    if (HasValue(contact, path)) contact.set_stage(v1::STAGE_LEAD);
  }
}

void Copy(const v1::Contact& from, const std::string& path, v1::Contact& to) {
  if (path == "display_name") to.set_display_name(from.display_name());
  if (path == "given_name") to.set_given_name(from.given_name());
  if (path == "family_name") to.set_family_name(from.family_name());
  if (path == "account_id") to.set_account_id(from.account_id());
  if (path == "owner") to.set_owner(from.owner());
  if (path == "attributes") *to.mutable_attributes() = from.attributes();
  if (path == "labels") *to.mutable_labels() = from.labels();
  if (path == "roles") *to.mutable_roles() = from.roles();
  if (path == "stage") to.set_stage(from.stage());
  if (path == "attribution") *to.mutable_attribution() = from.attribution();
}

void Reach(v1::Stage stage, int64_t micros, v1::Contact& contact) {
  std::map<v1::Stage, int64_t> times = {{stage, micros}};
  for (const v1::StageTime& time : contact.stage_times()) {
    const int64_t known = base::ToMicros(time.time());
    const auto it = times.emplace(time.stage(), known).first;
    it->second = std::min(it->second, known);
  }
  contact.clear_stage_times();
  for (const auto& [reached, at] : times) {
    v1::StageTime& time = *contact.add_stage_times();
    time.set_stage(reached);
    *time.mutable_time() = base::ToProto(at);
  }
}

bool Earlier(const v1::Attribution& a, const v1::Attribution& b) {
  return a.has_touch_time() &&
         (!b.has_touch_time() ||
          base::ToMicros(a.touch_time()) < base::ToMicros(b.touch_time()));
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

google::protobuf::FieldMask CustomerModel::Fill(const v1::Contact& fields,
                                                absl::Time now,
                                                Member& member) {
  google::protobuf::FieldMask filled;
  for (const char* path : {"display_name", "given_name", "family_name", "roles",
                           "account_id", "owner", "attributes", "labels"}) {
    if (member.set_paths.contains(path)) continue;
    const std::string before = member.contact.SerializeAsString();
    if (absl::string_view(path) == "attributes") {
      for (const auto& [key, value] : fields.attributes()) {
        if (!value.empty()) {
          member.contact.mutable_attributes()->insert({key, value});
        }
      }
    } else if (!HasValue(member.contact, path) && HasValue(fields, path)) {
      Copy(fields, path, member.contact);
    }
    if (member.contact.SerializeAsString() != before) filled.add_paths(path);
  }
  for (const std::string& path : filled.paths()) {
    if (IsName(path)) MakeLeadIfNamed(member.contact);
  }
  if (filled.paths_size() > 0) {
    Reach(member.contact.stage(), absl::ToUnixMicros(now), member.contact);
    Touch(member, now);
  }
  return filled;
}

void CustomerModel::Touch(Member& member, absl::Time now) {
  *member.contact.mutable_update_time() = base::ToProto(now);
}

void CustomerModel::Create(const std::string& id, const v1::Contact& fields,
                           absl::Time now) {
  Member& member = members_[id];
  member.contact = fields;
  member.contact.set_kind(v1::CONTACT_KIND_PERSON);
  if (fields.stage() == v1::STAGE_UNSPECIFIED) {
    member.contact.set_stage(v1::STAGE_LEAD);
  }
  MakeLeadIfNamed(member.contact);
  Reach(member.contact.stage(), absl::ToUnixMicros(now), member.contact);
  *member.contact.mutable_create_time() = base::ToProto(now);
  Touch(member, now);
}

void CustomerModel::Update(const std::string& id, const std::string& path,
                           const v1::Contact& fields, absl::Time now) {
  Member& member = members_.at(CanonicalOf(id));
  Copy(fields, path, member.contact);
  if (IsName(path)) MakeLeadIfNamed(member.contact);
  member.set_paths.insert(path);
  Reach(member.contact.stage(), absl::ToUnixMicros(now), member.contact);
  Touch(member, now);
}

google::protobuf::FieldMask CustomerModel::Ensure(
    const v1::EnsureContactRequest& request, absl::Time now) {
  Member& member = members_.at(request.contact_id());
  v1::Contact& contact = member.contact;
  int64_t since = absl::ToUnixMicros(now);
  if (request.has_stage_time()) {
    since = std::min(since, base::ToMicros(request.stage_time()));
  }
  if (contact.stage() != v1::STAGE_FORMER &&
      contact.stage() < request.at_least_stage()) {
    contact.set_stage(request.at_least_stage());
    Reach(contact.stage(), since, contact);
    Touch(member, now);
  }
  for (v1::StageTime& time : *contact.mutable_stage_times()) {
    if (!request.has_stage_time() || time.stage() > request.at_least_stage() ||
        base::ToMicros(time.time()) <= since) {
      continue;
    }
    *time.mutable_time() = base::ToProto(since);
    Touch(member, now);
  }
  const v1::Attribution& attribution = request.contact().attribution();
  if (Earlier(attribution, contact.attribution())) {
    *contact.mutable_attribution() = attribution;
    Touch(member, now);
  }
  return Fill(request.contact(), now, member);
}

void CustomerModel::Delete(const std::string& id, absl::Time now) {
  if (IsDeleted(id)) return;
  for (const std::string& member : GroupOf(id)) {
    *members_[member].contact.mutable_delete_time() = base::ToProto(now);
  }
  Touch(members_[CanonicalOf(id)], now);
}

void CustomerModel::Undelete(const std::string& id, absl::Time now) {
  if (!IsDeleted(id)) return;
  for (const std::string& member : GroupOf(id)) {
    members_[member].contact.clear_delete_time();
  }
  Touch(members_[CanonicalOf(id)], now);
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

std::vector<std::string> CustomerModel::Ids() const {
  std::vector<std::string> ids;
  for (const auto& [id, _] : members_) ids.push_back(id);
  return ids;
}

bool CustomerModel::IsDeleted(const std::string& id) const {
  return members_.at(id).contact.has_delete_time();
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
  for (const auto& [member, _] : members_) contacts.insert(member);
  return Fold(contacts, InForce()).at(id);
}

std::set<std::string> CustomerModel::GroupOf(const std::string& id) const {
  std::set<std::string> contacts;
  for (const auto& [member, _] : members_) contacts.insert(member);
  const auto canonical = Fold(contacts, InForce());
  std::erase_if(contacts, [&](const std::string& member) {
    return canonical.at(member) != canonical.at(id);
  });
  return contacts;
}

std::vector<const CustomerModel::Member*> CustomerModel::ByUpdate(
    const std::string& id) const {
  const std::string canonical = CanonicalOf(id);
  std::vector<const Member*> others;
  for (const std::string& member : GroupOf(id)) {
    if (member != canonical) others.push_back(&members_.at(member));
  }
  // Of one time they stay in the order of their ids.
  std::stable_sort(others.begin(), others.end(),
                   [](const Member* a, const Member* b) {
                     return base::ToMicros(a->contact.update_time()) >
                            base::ToMicros(b->contact.update_time());
                   });
  others.insert(others.begin(), &members_.at(canonical));
  return others;
}

v1::Contact CustomerModel::Get(const std::string& id) const {
  const std::vector<const Member*> members = ByUpdate(id);
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
    for (const Member* member : members) {
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

void CustomerModel::ShowTogether(const std::vector<const Member*>& members,
                                 v1::Contact& shown) {
  std::vector<v1::Stage> stages;
  std::set<int> roles;
  std::set<std::string> labels;
  for (const Member* member : members) {
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
  for (const auto& [id, member] : members_) {
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
