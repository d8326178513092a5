#include "tests/model/contact_model.h"

#include <algorithm>
#include <map>

#include "common/base/times.h"

namespace kith::model {
namespace {

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

}  // namespace

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

ContactModel::ContactModel(const v1::Contact& fields, absl::Time now)
    : contact(fields) {
  contact.set_kind(v1::CONTACT_KIND_PERSON);
  if (fields.stage() == v1::STAGE_UNSPECIFIED) {
    contact.set_stage(v1::STAGE_LEAD);
  }
  MakeLeadIfNamed(contact);
  Reach(contact.stage(), absl::ToUnixMicros(now), contact);
  *contact.mutable_create_time() = base::ToProto(now);
  Touch(now);
}

void ContactModel::Update(const std::string& path, const v1::Contact& fields,
                          absl::Time now) {
  Copy(fields, path, contact);
  if (IsName(path)) MakeLeadIfNamed(contact);
  set_paths.insert(path);
  Reach(contact.stage(), absl::ToUnixMicros(now), contact);
  Touch(now);
}

google::protobuf::FieldMask ContactModel::Ensure(
    const v1::EnsureContactRequest& request, absl::Time now) {
  int64_t since = absl::ToUnixMicros(now);
  if (request.has_stage_time()) {
    since = std::min(since, base::ToMicros(request.stage_time()));
  }
  if (contact.stage() != v1::STAGE_FORMER &&
      contact.stage() < request.at_least_stage()) {
    contact.set_stage(request.at_least_stage());
    Reach(contact.stage(), since, contact);
    Touch(now);
  }
  for (v1::StageTime& time : *contact.mutable_stage_times()) {
    if (!request.has_stage_time() || time.stage() > request.at_least_stage() ||
        base::ToMicros(time.time()) <= since) {
      continue;
    }
    *time.mutable_time() = base::ToProto(since);
    Touch(now);
  }
  const v1::Attribution& attribution = request.contact().attribution();
  if (Earlier(attribution, contact.attribution())) {
    *contact.mutable_attribution() = attribution;
    Touch(now);
  }
  return Fill(request.contact(), now);
}

google::protobuf::FieldMask ContactModel::Fill(const v1::Contact& fields,
                                               absl::Time now) {
  google::protobuf::FieldMask filled;
  for (const char* path : {"display_name", "given_name", "family_name", "roles",
                           "account_id", "owner", "attributes", "labels"}) {
    if (set_paths.contains(path)) continue;
    const std::string before = contact.SerializeAsString();
    if (absl::string_view(path) == "attributes") {
      for (const auto& [key, value] : fields.attributes()) {
        if (!value.empty()) {
          contact.mutable_attributes()->insert({key, value});
        }
      }
    } else if (!HasValue(contact, path) && HasValue(fields, path)) {
      Copy(fields, path, contact);
    }
    if (contact.SerializeAsString() != before) filled.add_paths(path);
  }
  for (const std::string& path : filled.paths()) {
    if (IsName(path)) MakeLeadIfNamed(contact);
  }
  if (filled.paths_size() > 0) {
    Reach(contact.stage(), absl::ToUnixMicros(now), contact);
    Touch(now);
  }
  return filled;
}

void ContactModel::Touch(absl::Time now) {
  *contact.mutable_update_time() = base::ToProto(now);
}

}  // namespace kith::model
