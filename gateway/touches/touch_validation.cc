#include "gateway/touches/touch_validation.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/api/contact_fields.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/times.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::gateway {
namespace {

using identity::v1::ChannelValue;

void CheckValue(api::Violations& violations, const std::string& field,
                const ChannelValue& value) {
  if (value.channel() == identity::v1::CHANNEL_UNSPECIFIED ||
      !identity::v1::Channel_IsValid(value.channel())) {
    violations.Add(absl::StrCat(field, ".channel"),
                   "want the channel of the value, such as CHANNEL_PHONE");
  }
  if (value.value().empty()) {
    violations.Add(absl::StrCat(field, ".value"),
                   "empty, want 1 to 320 characters");
  }
  // Without one, the value of another network or system would do.
  if (value.namespace_().empty() &&
      (value.channel() == identity::v1::CHANNEL_SOCIAL ||
       value.channel() == identity::v1::CHANNEL_EXTERNAL)) {
    violations.Add(absl::StrCat(field, ".namespace"),
                   "empty, want the network or the system");
  }
}

}  // namespace

absl::Status Validate(const v1::RecordTouchRequest& request) {
  api::Violations violations;
  const interactions::v1::Interaction& interaction = request.interaction();
  if (request.contact_id().empty() == request.identities().empty()) {
    violations.Add("contact_id, identities", "want exactly one of them");
  }
  violations.OptionalUuid("contact_id", request.contact_id());
  violations.Count("identities", request.identities_size(), 0,
                   api::kMaxIdentitiesPerTouch);
  for (int i = 0; i < request.identities_size(); ++i) {
    CheckValue(violations, absl::StrCat("identities[", i, "]"),
               request.identities(i));
  }
  api::CheckEnsuredContact(violations, request.contact());
  violations.RequestId(request.request_id());
  if (!request.has_interaction()) {
    violations.Add("interaction", "not set, want what happened");
  } else if (request.request_id().empty() &&
             interaction.external_id().empty()) {
    violations.Add("request_id",
                   "empty, want one, or interaction.source and "
                   "interaction.external_id, so that a repeat is safe");
  }
  if (!base::IsValid(interaction.occurred_time())) {
    violations.Add("interaction.occurred_time",
                   "want a time between the years 1 and 9999");
  }
  return violations.ToStatus();
}

absl::Status CheckTouchAttribution(const v1::RecordTouchRequest& request,
                                   absl::Time now) {
  const contacts::v1::Contact& contact = request.contact();
  api::Violations violations;
  if (contact.attribution().has_touch_time()) {
    api::CheckTouchTime(violations, "contact.attribution.touch_time",
                        contact.attribution().touch_time(), now);
  } else if (contact.attribution().ByteSizeLong() > 0 &&
             request.contact_id().empty() &&
             request.interaction().has_occurred_time()) {
    api::CheckTouchTime(violations, "interaction.occurred_time",
                        request.interaction().occurred_time(), now);
  }
  return violations.ToStatus();
}

}  // namespace kith::gateway
