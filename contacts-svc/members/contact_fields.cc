#include "contacts-svc/members/contact_fields.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>

#include "absl/strings/ascii.h"
#include "common/api/contact_fields.h"
#include "common/api/limits.h"
#include "common/base/times.h"
#include "contacts-svc/members/form_fields.h"
#include "google/protobuf/util/field_mask_util.h"

namespace kith::contacts {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;

constexpr const char* kNames[] = {"display_name", "given_name", "family_name"};

// The stage of a contact of which the fields of `written` were written.
v1::Stage StageOf(const FieldMask& written, const v1::Contact& contact) {
  const bool named =
      api::HasName(contact) &&
      std::any_of(std::begin(kNames), std::end(kNames), [&](const char* name) {
        return FieldMaskUtil::IsPathInFieldMask(name, written);
      });
  return named && contact.stage() == v1::STAGE_ANONYMOUS ? v1::STAGE_LEAD
                                                         : contact.stage();
}

// Notes when a stage was first reached, in the order of stages.
void SetStage(v1::Stage stage, absl::Time now, v1::Contact& contact) {
  contact.set_stage(stage);
  auto& times = *contact.mutable_stage_times();
  for (const v1::StageTime& known : times) {
    if (known.stage() == stage) return;
  }
  v1::StageTime* added = times.Add();
  added->set_stage(stage);
  *added->mutable_time() = base::ToProto(now);
  std::sort(times.begin(), times.end(),
            [](const v1::StageTime& a, const v1::StageTime& b) {
              return a.stage() < b.stage();
            });
}

// Moves the times of a stage and of those below it back to `time`. Returns true
// if any was later.
bool ReachedBy(v1::Stage stage, absl::Time time, v1::Contact& contact) {
  bool changed = false;
  for (v1::StageTime& known : *contact.mutable_stage_times()) {
    if (known.stage() > stage || base::FromProto(known.time()) <= time) {
      continue;
    }
    *known.mutable_time() = base::ToProto(time);
    changed = true;
  }
  return changed;
}

// UUIDs are answered in lower case, however they came.
void NormalizeAccount(v1::Contact& contact) {
  absl::AsciiStrToLower(contact.mutable_account_id());
}

bool WasUpdated(const ContactRow& row, const FieldDescriptor& field) {
  return (row.set_fields >> field.number()) % 2 == 1;
}

// Adds the keys that the contact lacks, the lowest first while there is room,
// and replaces those of a form. Returns true if it set any.
bool AddMissingAttributes(const v1::Contact& fields, v1::Contact& contact) {
  auto& attributes = *contact.mutable_attributes();
  bool changed = false;
  const std::map<std::string, std::string> by_key(fields.attributes().begin(),
                                                  fields.attributes().end());
  for (const auto& [key, value] : by_key) {
    if (value.empty()) continue;
    if (IsOfForm(contact, AttributePath(key))) {
      attributes[key] = value;
      ClearFormField(AttributePath(key), contact);
      changed = true;
    } else if (attributes.size() < api::kMaxAttributes) {
      changed |= attributes.insert({key, value}).second;
    }
  }
  return changed;
}

// Nobody has set it, and it is not one that ApplyEnsure decides.
bool IsFree(const ContactRow& row, const FieldDescriptor& field) {
  return !WasSet(row, field) &&
         field.number() != v1::Contact::kAttributionFieldNumber;
}

}  // namespace

bool IsEarlier(const v1::Attribution& a, const v1::Attribution& b) {
  if (!a.has_touch_time()) return false;
  return !b.has_touch_time() ||
         base::ToMicros(a.touch_time()) < base::ToMicros(b.touch_time());
}

ContactRow NewContact(const base::Uuid& id, const v1::Contact& fields,
                      absl::Time now) {
  ContactRow row{.contact = fields, .id = id, .canonical_id = id};
  v1::Contact& contact = row.contact;
  contact.set_contact_id(id.ToString());
  contact.set_canonical_id(id.ToString());
  contact.clear_member_ids();
  contact.add_member_ids(id.ToString());
  if (contact.kind() == v1::CONTACT_KIND_UNSPECIFIED) {
    contact.set_kind(v1::CONTACT_KIND_PERSON);
  }
  contact.clear_stand_in();
  contact.clear_form_fields();
  contact.clear_stage_times();
  SetStage(contact.stage() == v1::STAGE_UNSPECIFIED ? v1::STAGE_LEAD
                                                    : contact.stage(),
           now, contact);
  NormalizeAccount(contact);
  contact.clear_etag();
  *contact.mutable_create_time() = base::ToProto(now);
  *contact.mutable_update_time() = base::ToProto(now);
  contact.clear_delete_time();
  return row;
}

void MakeLeadIfNamed(v1::Contact& fields) {
  if (fields.stage() == v1::STAGE_ANONYMOUS && api::HasName(fields)) {
    fields.set_stage(v1::STAGE_LEAD);
  }
}

void MakeNoCustomer(v1::EnsureContactRequest& request) {
  if (request.contact().stage() > v1::STAGE_LEAD) {
    request.mutable_contact()->set_stage(v1::STAGE_LEAD);
  }
  if (request.at_least_stage() <= v1::STAGE_LEAD) return;
  request.set_at_least_stage(v1::STAGE_LEAD);
  request.clear_stage_time();
}

bool ApplyEnsure(const v1::EnsureContactRequest& request, absl::Time now,
                 v1::Contact& contact) {
  bool changed = false;
  const absl::Time reached =
      request.has_stage_time()
          ? std::min(now, base::FromProto(request.stage_time()))
          : now;
  if (contact.stage() != v1::STAGE_FORMER &&
      contact.stage() < request.at_least_stage()) {
    SetStage(request.at_least_stage(), reached, contact);
    changed = true;
  }
  if (request.has_stage_time()) {
    changed |= ReachedBy(request.at_least_stage(), reached, contact);
  }
  if (IsEarlier(request.contact().attribution(), contact.attribution())) {
    *contact.mutable_attribution() = request.contact().attribution();
    changed = true;
  }
  return changed;
}

bool WasSet(const ContactRow& row, const FieldDescriptor& field) {
  return WasUpdated(row, field) || HasValue(row.contact, field);
}

FieldMask FillFields(const v1::Contact& fields, absl::Time now,
                     ContactRow& row) {
  FieldMask filled;
  for (const char* name : kFillable) {
    const FieldDescriptor& field =
        *v1::Contact::descriptor()->FindFieldByName(name);
    if (field.is_map()) {
      if (WasUpdated(row, field)) continue;
      if (AddMissingAttributes(fields, row.contact)) filled.add_paths(name);
    } else if (HasValue(fields, field) &&
               (IsFree(row, field) || IsOfForm(row.contact, name))) {
      FieldMask mask;
      mask.add_paths(name);
      FieldMaskUtil::MergeOptions replace;
      replace.set_replace_message_fields(true);
      replace.set_replace_repeated_fields(true);
      FieldMaskUtil::MergeMessageTo(fields, mask, replace, &row.contact);
      ClearFormField(name, row.contact);
      filled.add_paths(name);
    }
  }
  if (filled.paths_size() > 0) {
    SetStage(StageOf(filled, row.contact), now, row.contact);
  }
  NormalizeAccount(row.contact);
  return filled;
}

void ApplyMask(const v1::UpdateContactRequest& request, absl::Time now,
               ContactRow& row) {
  v1::Contact& contact = row.contact;
  FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  replace.set_replace_repeated_fields(true);
  const v1::Stage before = contact.stage();
  FieldMaskUtil::MergeMessageTo(request.contact(), request.update_mask(),
                                replace, &contact);
  for (const std::string& path : request.update_mask().paths()) {
    ClearFormField(path, contact);
    row.set_fields |=
        uint64_t{1}
        << v1::Contact::GetDescriptor()->FindFieldByName(path)->number();
  }
  if (contact.stage() == v1::STAGE_UNSPECIFIED) contact.set_stage(before);
  SetStage(StageOf(request.update_mask(), contact), now, contact);
  NormalizeAccount(contact);
}

}  // namespace kith::contacts
