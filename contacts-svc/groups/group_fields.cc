#include "contacts-svc/groups/group_fields.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "common/base/times.h"
#include "contacts-svc/members/contact_fields.h"
#include "contacts-svc/members/form_fields.h"
#include "google/protobuf/util/field_mask_util.h"

namespace kith::contacts {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::util::FieldMaskUtil;
using Members = std::vector<const ContactRow*>;

// Those of which one member's value shows, and so hides the others'.
constexpr const char* kOwnFields[] = {"display_name", "given_name",
                                      "family_name",  "account_id",
                                      "owner",        "attributes"};

bool UpdatedLater(const ContactRow* a, const ContactRow* b) {
  const int64_t time_a = base::ToMicros(a->contact.update_time());
  const int64_t time_b = base::ToMicros(b->contact.update_time());
  return time_a != time_b ? time_a > time_b : a->id < b->id;
}

bool CreatedEarlier(const ContactRow* a, const ContactRow* b) {
  const int64_t time_a = base::ToMicros(a->contact.create_time());
  const int64_t time_b = base::ToMicros(b->contact.create_time());
  return time_a != time_b ? time_a < time_b : a->id < b->id;
}

// Has each attribute that only a form has set be that of the first member with
// another one, if there is any.
void ReplaceAttributesOfForms(const Members& members, const v1::Contact& owner,
                              v1::Contact& shown) {
  for (auto& [key, value] : *shown.mutable_attributes()) {
    const std::string path = AttributePath(key);
    if (!IsOfForm(owner, path)) continue;
    for (const ContactRow* row : members) {
      const auto& attributes = row->contact.attributes();
      const auto known = attributes.find(key);
      if (known == attributes.end() || IsOfForm(row->contact, path)) continue;
      value = known->second;
      break;
    }
  }
}

// `members` begin with the canonical one; then the one updated last.
void ShowOwnFields(const Members& members, v1::Contact& shown) {
  FieldMaskUtil::MergeOptions replace;
  replace.set_replace_repeated_fields(true);
  for (const char* name : kOwnFields) {
    const FieldDescriptor& field =
        *v1::Contact::descriptor()->FindFieldByName(name);
    const auto is_set = [&](const ContactRow* row) {
      return WasSet(*row, field);
    };
    auto owner = std::find_if(
        members.begin(), members.end(), [&](const ContactRow* row) {
          return is_set(row) && !IsOnlyOfForm(row->contact, field);
        });
    if (owner == members.end()) {
      owner = std::find_if(members.begin(), members.end(), is_set);
    }
    if (owner == members.end()) continue;
    if (owner != members.begin()) {
      google::protobuf::FieldMask mask;
      mask.add_paths(name);
      FieldMaskUtil::MergeMessageTo((*owner)->contact, mask, replace, &shown);
    }
    if (field.is_map()) {
      ReplaceAttributesOfForms(members, (*owner)->contact, shown);
    }
  }
}

// How far a stage is; what a person says of another member does not take back
// that one is a customer.
int Rank(v1::Stage stage) {
  return stage == v1::STAGE_FORMER ? 2 * v1::STAGE_CUSTOMER - 1 : 2 * stage;
}

void ShowStage(const Members& members, v1::Contact& shown) {
  std::map<v1::Stage, int64_t> reached;
  for (const ContactRow* row : members) {
    for (const v1::StageTime& stage : row->contact.stage_times()) {
      const int64_t micros = base::ToMicros(stage.time());
      const auto known = reached.emplace(stage.stage(), micros).first;
      known->second = std::min(known->second, micros);
    }
    // Where a person says it of the group, it is written to its canonical row.
    if (members.front()->contact.stage() != v1::STAGE_FORMER &&
        Rank(row->contact.stage()) > Rank(shown.stage())) {
      shown.set_stage(row->contact.stage());
    }
  }
  shown.clear_stage_times();
  for (const auto& [stage, micros] : reached) {
    v1::StageTime& time = *shown.add_stage_times();
    time.set_stage(stage);
    *time.mutable_time() = base::ToProto(micros);
  }
}

void ShowSets(const Members& members, v1::Contact& shown) {
  std::set<int> roles;
  std::set<std::string> labels;
  for (const ContactRow* row : members) {
    roles.insert(row->contact.roles().begin(), row->contact.roles().end());
    labels.insert(row->contact.labels().begin(), row->contact.labels().end());
  }
  shown.mutable_roles()->Assign(roles.begin(), roles.end());
  shown.mutable_labels()->Assign(labels.begin(), labels.end());
}

bool IsAttributedByForm(const v1::Contact& contact) {
  return IsOfForm(contact, "attribution");
}

// `members` begin with the canonical one; then the one created first.
void ShowAttribution(const Members& members, v1::Contact& shown) {
  const v1::Contact* first = nullptr;
  for (const ContactRow* row : members) {
    const v1::Contact& contact = row->contact;
    if (!contact.has_attribution()) continue;
    const bool by_form = IsAttributedByForm(contact);
    if (first == nullptr || (IsAttributedByForm(*first) && !by_form) ||
        (IsAttributedByForm(*first) == by_form &&
         IsEarlier(contact.attribution(), first->attribution()))) {
      first = &contact;
    }
  }
  if (first != nullptr) *shown.mutable_attribution() = first->attribution();
}

void ShowTimes(const Members& members, v1::Contact& shown) {
  for (const ContactRow* row : members) {
    const v1::Contact& contact = row->contact;
    if (base::ToMicros(contact.create_time()) <
        base::ToMicros(shown.create_time())) {
      *shown.mutable_create_time() = contact.create_time();
    }
    if (base::ToMicros(contact.update_time()) >
        base::ToMicros(shown.update_time())) {
      *shown.mutable_update_time() = contact.update_time();
    }
  }
}

void ShowIds(const Members& members, v1::Contact& shown) {
  std::set<base::Uuid> others;
  for (const ContactRow* row : members) {
    if (!row->canonical()) others.insert(row->id);
  }
  for (const base::Uuid& id : others) shown.add_member_ids(id.ToString());
}

}  // namespace

v1::Contact ShowGroup(const ContactRow& canonical, Members others) {
  v1::Contact shown = ShowAlone(canonical);
  if (others.empty()) return shown;
  others.insert(others.begin(), &canonical);
  std::sort(others.begin() + 1, others.end(), UpdatedLater);
  ShowOwnFields(others, shown);
  ShowStage(others, shown);
  ShowSets(others, shown);
  ShowTimes(others, shown);
  ShowIds(others, shown);
  std::sort(others.begin() + 1, others.end(), CreatedEarlier);
  ShowAttribution(others, shown);
  return shown;
}

}  // namespace kith::contacts
