#include "common/api/contact_fields.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/times.h"

namespace kith::api {
namespace {

namespace v1 = contacts::v1;

// Of a touch_time: before the first ads on the web.
constexpr int kFirstYear = 1990;
constexpr absl::Duration kMaxAhead = absl::Hours(24);

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

}  // namespace

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
             return label.empty() || Characters(label) > 64;
           });
}

void CheckEnsuredContact(Violations& violations, const v1::Contact& contact) {
  CheckContact(violations, contact);
  if (contact.stage() == v1::STAGE_FORMER) {
    violations.Add("contact.stage",
                   "FORMER is for CreateContact and UpdateContact, want a "
                   "stage up to CUSTOMER");
  }
}

bool HasName(const contacts::v1::Contact& contact) {
  return !contact.display_name().empty() || !contact.given_name().empty() ||
         !contact.family_name().empty();
}

void CheckTouchTime(Violations& violations, absl::string_view field,
                    const google::protobuf::Timestamp& time, absl::Time now) {
  if (!base::IsValid(time)) return;
  const absl::Time touched = base::FromProto(time);
  if (touched <
          absl::FromCivil(absl::CivilYear(kFirstYear), absl::UTCTimeZone()) ||
      touched > now + kMaxAhead) {
    violations.Add(field, absl::StrCat("want a time from ", kFirstYear,
                                       " to a day from now, as that of an "
                                       "attribution"));
  }
}

}  // namespace kith::api
