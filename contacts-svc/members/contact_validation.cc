#include "contacts-svc/members/contact_validation.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/api/contact_fields.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/times.h"

namespace kith::contacts {
namespace {

using api::Violations;

const std::set<absl::string_view>& UpdatablePaths() {
  static const auto* const paths = new std::set<absl::string_view>{
      "display_name", "given_name", "family_name", "stage",      "roles",
      "account_id",   "owner",      "attribution", "attributes", "labels"};
  return *paths;
}

template <typename Companions>
void CheckCompanions(Violations& violations, const Companions& companions) {
  violations.Count("companions", companions.size(), 0,
                   api::kMaxIdentitiesPerTouch);
  for (int i = 0; i < companions.size(); ++i) {
    const std::string field = absl::StrCat("companions[", i, "].");
    violations.Uuid(field + "contact_id", companions[i].contact_id());
    if (companions[i].value().empty()) {
      violations.Add(field + "value", "empty, want 1 to 400 characters");
    }
    violations.AtMost(field + "value", companions[i].value(), 400);
    violations.AtMost(field + "own_value", companions[i].own_value(), 400);
    if (!v1::CompanionReason_IsValid(companions[i].reason())) {
      violations.Add(field + "reason", "want a reason of CompanionReason");
    }
    const bool is_variant =
        companions[i].reason() == v1::COMPANION_REASON_PHONE_VARIANT;
    if (is_variant == companions[i].own_value().empty()) {
      violations.Add(field + "own_value",
                     "want a value for COMPANION_REASON_PHONE_VARIANT, and "
                     "none for other reasons");
    }
  }
}

void CheckTouched(Violations& violations, const v1::Contact& contact,
                  absl::Time now) {
  if (!contact.attribution().has_touch_time()) return;
  api::CheckTouchTime(violations, "contact.attribution.touch_time",
                      contact.attribution().touch_time(), now);
}

absl::Status CheckContactId(absl::string_view contact_id) {
  Violations violations;
  violations.Uuid("contact_id", contact_id);
  return violations.ToStatus();
}

}  // namespace

absl::Status Validate(const v1::CreateContactRequest& request, absl::Time now) {
  Violations violations;
  violations.OptionalUuid("contact_id", request.contact_id());
  violations.RequestId(request.request_id());
  api::CheckContact(violations, request.contact());
  CheckTouched(violations, request.contact(), now);
  return violations.ToStatus();
}

absl::Status Validate(const v1::GetContactRequest& request) {
  return CheckContactId(request.contact_id());
}

absl::Status Validate(const v1::BatchGetContactsRequest& request) {
  Violations violations;
  violations.Count("contact_ids", request.contact_ids_size(), 1,
                   api::kMaxItemsPerCall);
  for (int i = 0; i < request.contact_ids_size(); ++i) {
    violations.Uuid(absl::StrCat("contact_ids[", i, "]"),
                    request.contact_ids(i));
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::EnsureContactRequest& request, absl::Time now) {
  Violations violations;
  violations.Uuid("contact_id", request.contact_id());
  api::CheckEnsuredContact(violations, request.contact());
  CheckTouched(violations, request.contact(), now);
  CheckCompanions(violations, request.companions());
  if (!v1::Stage_IsValid(request.at_least_stage())) {
    violations.Add("at_least_stage", absl::StrCat(request.at_least_stage(),
                                                  " is not a value of it"));
  }
  if (request.at_least_stage() == v1::STAGE_FORMER) {
    violations.Add("at_least_stage", "FORMER is set by UpdateContact alone");
  }
  if (!base::IsValid(request.stage_time())) {
    violations.Add("stage_time", "want a time between the years 1 and 9999");
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::BatchEnsureContactsRequest& request) {
  Violations violations;
  violations.Count("requests", request.requests_size(), 1,
                   api::kMaxItemsPerCall);
  return violations.ToStatus();
}

absl::Status Validate(const v1::UpdateContactRequest& request, absl::Time now) {
  Violations violations;
  violations.RequestFingerprint(request.forwarded().fingerprint());
  violations.UuidUnlessRepeat("contact.contact_id",
                              request.contact().contact_id(),
                              request.forwarded().fingerprint());
  violations.RequestId(request.request_id());
  if (request.update_mask().paths().empty()) {
    violations.Add("update_mask", "empty, want the fields to change");
  }
  for (const std::string& path : request.update_mask().paths()) {
    if (UpdatablePaths().contains(path)) continue;
    violations.Add("update_mask", absl::StrCat("\"", path,
                                               "\" cannot be changed or is "
                                               "not a field"));
  }
  api::CheckContact(violations, request.contact());
  CheckTouched(violations, request.contact(), now);
  return violations.ToStatus();
}

absl::Status Validate(const v1::ListContactsRequest& request) {
  Violations violations;
  violations.PageSize(request.page_size());
  return violations.ToStatus();
}

absl::Status Validate(const v1::DeleteContactRequest& request) {
  return CheckContactId(request.contact_id());
}

absl::Status Validate(const v1::UndeleteContactRequest& request) {
  return CheckContactId(request.contact_id());
}

}  // namespace kith::contacts
