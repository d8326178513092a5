#include "contacts-svc/members/contact_validation.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
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

// An enum value that this build does not know.
template <typename IsValid>
void CheckEnum(Violations& violations, absl::string_view field, int value,
               IsValid is_valid) {
  if (!is_valid(value)) {
    violations.Add(field, absl::StrCat(value, " is not a value of it"));
  }
}

void CheckAttribution(Violations& violations,
                      const v1::Attribution& attribution) {
  violations.AtMost("contact.attribution.utm_source", attribution.utm_source(),
                    500);
  violations.AtMost("contact.attribution.utm_medium", attribution.utm_medium(),
                    500);
  violations.AtMost("contact.attribution.utm_campaign",
                    attribution.utm_campaign(), 500);
  violations.AtMost("contact.attribution.affiliate", attribution.affiliate(),
                    500);
  violations.AtMost("contact.attribution.landing_page",
                    attribution.landing_page(), 8192);
  violations.AtMost("contact.attribution.referrer", attribution.referrer(),
                    8192);
  if (!base::IsValid(attribution.touch_time())) {
    violations.Add("contact.attribution.touch_time",
                   "want a time between the years 1 and 9999");
  }
}

template <typename Values, typename IsBad>
void CheckSet(Violations& violations, absl::string_view field,
              const Values& values, int most, absl::string_view wanted,
              IsBad is_bad) {
  violations.Count(field, values.size(), 0, most);
  std::set<typename Values::value_type> seen;
  for (const auto& value : values) {
    if (is_bad(value) || !seen.insert(value).second) {
      violations.Add(field, wanted);
      return;
    }
  }
}

void CheckContact(Violations& violations, const v1::Contact& contact) {
  violations.AtMost("contact.display_name", contact.display_name(), 200);
  violations.AtMost("contact.given_name", contact.given_name(), 100);
  violations.AtMost("contact.family_name", contact.family_name(), 100);
  violations.AtMost("contact.owner", contact.owner(), 100);
  violations.OptionalUuid("contact.account_id", contact.account_id());
  violations.Attributes("contact.attributes", contact.attributes());
  CheckEnum(violations, "contact.kind", contact.kind(),
            v1::ContactKind_IsValid);
  CheckEnum(violations, "contact.stage", contact.stage(), v1::Stage_IsValid);
  CheckAttribution(violations, contact.attribution());
  CheckSet(violations, "contact.roles", contact.roles(), 8,
           "want known roles, each once", [](int role) {
             return role == v1::ROLE_UNSPECIFIED || !v1::Role_IsValid(role);
           });
  CheckSet(violations, "contact.labels", contact.labels(), 50,
           "want labels of 1 to 64 characters, each once",
           [](const std::string& label) {
             return label.empty() || api::Characters(label) > 64;
           });
}

absl::Status CheckContactId(absl::string_view contact_id) {
  Violations violations;
  violations.Uuid("contact_id", contact_id);
  return violations.ToStatus();
}

}  // namespace

absl::Status Validate(const v1::CreateContactRequest& request) {
  Violations violations;
  violations.OptionalUuid("contact_id", request.contact_id());
  violations.RequestId(request.request_id());
  CheckContact(violations, request.contact());
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

absl::Status Validate(const v1::EnsureContactRequest& request) {
  Violations violations;
  violations.Uuid("contact_id", request.contact_id());
  CheckContact(violations, request.contact());
  CheckEnum(violations, "at_least_stage", request.at_least_stage(),
            v1::Stage_IsValid);
  if (request.at_least_stage() == v1::STAGE_FORMER) {
    violations.Add("at_least_stage", "FORMER is set by UpdateContact alone");
  }
  if (!base::IsValid(request.stage_time())) {
    violations.Add("stage_time", "want a time between the years 1 and 9999");
  }
  if (request.contact().stage() == v1::STAGE_FORMER) {
    violations.Add("contact.stage",
                   "FORMER is for CreateContact and UpdateContact, want a "
                   "stage up to CUSTOMER");
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::BatchEnsureContactsRequest& request) {
  Violations violations;
  violations.Count("requests", request.requests_size(), 1,
                   api::kMaxItemsPerCall);
  return violations.ToStatus();
}

absl::Status Validate(const v1::UpdateContactRequest& request) {
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
  CheckContact(violations, request.contact());
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
