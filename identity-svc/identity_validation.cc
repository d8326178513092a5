#include "identity-svc/identity_validation.h"

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/times.h"
#include "identity-svc/sharing/sharing.h"
#include "identity-svc/values/value_validation.h"

namespace kith::identity {
namespace {

using api::Violations;

// What a person says of it.
constexpr int kMaxReasonCharacters = 500;

// Beyond what clocks that differ can explain.
constexpr absl::Duration kMaxAhead = absl::Hours(24);

void CheckTime(Violations& violations, absl::string_view field,
               const google::protobuf::Timestamp& time, absl::Time now) {
  if (!base::IsValid(time)) {
    violations.Add(field, "want a time between the years 1 and 9999");
  } else if (base::FromProto(time) > now + kMaxAhead) {
    violations.Add(field, "more than a day ahead of the clock");
  }
}

// Contacts that hold values, as the caller has found them to be.
template <typename Ids>
void CheckHolders(Violations& violations, absl::string_view field,
                  const Ids& ids) {
  violations.Count(field, ids.size(), 0, api::kMaxIdentitiesPerTouch);
  for (const std::string& id : ids) violations.Uuid(field, id);
}

template <typename Ids>
void CheckMembers(Violations& violations, absl::string_view field,
                  const Ids& ids) {
  violations.Count(field, ids.size(), 0, api::kMaxGroupSize);
  for (const std::string& id : ids) violations.Uuid(field, id);
}

// A customer and a value that they hold, or are to hold.
template <typename Request>
void CheckHolding(Violations& violations, const Request& request) {
  violations.UuidUnlessRepeat("contact_id", request.contact_id(),
                              request.forwarded().fingerprint());
  CheckWriteValue(violations, "value", request.value());
  violations.RequestFingerprint(request.forwarded().fingerprint());
  violations.RequestId(request.request_id());
  CheckMembers(violations, "member_ids", request.member_ids());
}

}  // namespace

absl::Status Validate(const v1::ClaimIdentitiesRequest& request,
                      absl::Time now) {
  Violations violations;
  violations.Count("values", request.values_size(), 1,
                   api::kMaxIdentitiesPerTouch);
  for (int i = 0; i < request.values_size(); ++i) {
    CheckWriteValue(violations, absl::StrCat("values[", i, "]"),
                    request.values(i));
  }
  violations.Uuid("proposed_contact_id", request.proposed_contact_id());
  CheckHolders(violations, "identified_contact_ids",
               request.identified_contact_ids());
  violations.OptionalUuid("only_contact_id", request.only_contact_id());
  CheckTime(violations, "event_time", request.event_time(), now);
  return violations.ToStatus();
}

absl::Status Validate(const v1::BatchClaimIdentitiesRequest& request) {
  Violations violations;
  violations.Count("requests", request.requests_size(), 1,
                   api::kMaxItemsPerCall);
  return violations.ToStatus();
}

absl::Status Validate(const v1::ResolveIdentityRequest& request) {
  Violations violations;
  CheckReadValue(violations, "value", request.value());
  if (!base::IsValid(request.at_time())) {
    violations.Add("at_time", "want a time between the years 1 and 9999");
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::ReadValueRequest& request) {
  Violations violations;
  CheckReadValue(violations, "value", request.value());
  return violations.ToStatus();
}

absl::Status Validate(const v1::BatchResolveIdentitiesRequest& request) {
  Violations violations;
  violations.Count("requests", request.requests_size(), 1,
                   api::kMaxItemsPerCall);
  return violations.ToStatus();
}

absl::Status Validate(const v1::ListIdentitiesRequest& request) {
  Violations violations;
  violations.Count("sets", request.sets_size(), 1, api::kMaxItemsPerCall);
  violations.PageSize(request.page_size());
  int64_t ids = 0;
  for (int i = 0; i < request.sets_size(); ++i) {
    const common::v1::ContactSet& set = request.sets(i);
    const std::string field = absl::StrCat("sets[", i, "].contact_ids");
    if (set.contact_ids().empty())
      violations.Add(field, "empty, want 1 or more");
    ids += set.contact_ids_size();
    for (int j = 0; j < set.contact_ids_size(); ++j) {
      violations.Uuid(absl::StrCat(field, "[", j, "]"), set.contact_ids(j));
    }
  }
  violations.Count("contact_ids over all sets", ids, 0, api::kMaxGroupSize);
  return violations.ToStatus();
}

absl::Status Validate(const v1::LinkIdentityRequest& request,
                      absl::Time /*now*/) {
  Violations violations;
  CheckHolding(violations, request);
  CheckHolders(violations, "absent_contact_ids", request.absent_contact_ids());
  return violations.ToStatus();
}

absl::Status Validate(const v1::UnlinkIdentityRequest& request,
                      absl::Time now) {
  Violations violations;
  CheckHolding(violations, request);
  CheckTime(violations, "end_time", request.end_time(), now);
  violations.AtMost("reason", request.reason(), kMaxReasonCharacters);
  CheckHolders(violations, "absent_contact_ids", request.absent_contact_ids());
  return violations.ToStatus();
}

absl::Status Validate(const v1::MoveIdentityRequest& request, absl::Time now) {
  Violations violations;
  const std::string& fingerprint = request.forwarded().fingerprint();
  violations.UuidUnlessRepeat("from_contact_id", request.from_contact_id(),
                              fingerprint);
  violations.UuidUnlessRepeat("to_contact_id", request.to_contact_id(),
                              fingerprint);
  CheckWriteValue(violations, "value", request.value());
  CheckTime(violations, "from_time", request.from_time(), now);
  if (request.has_from_time() && request.never_theirs()) {
    violations.Add("from_time", "want none if it was never theirs");
  }
  violations.AtMost("reason", request.reason(), kMaxReasonCharacters);
  violations.RequestFingerprint(fingerprint);
  violations.RequestId(request.request_id());
  CheckMembers(violations, "from_member_ids", request.from_member_ids());
  CheckMembers(violations, "to_member_ids", request.to_member_ids());
  return violations.ToStatus();
}

absl::Status Validate(const v1::VerifyHoldingRequest& request, absl::Time now) {
  Violations violations;
  CheckHolding(violations, request);
  if (!api::IsName(request.method(), /*digit_first=*/true)) {
    violations.Add("method",
                   "want 1 to 64 of the characters a-z 0-9 _ . -, beginning "
                   "with a letter or a digit");
  }
  CheckTime(violations, "verify_time", request.verify_time(), now);
  return violations.ToStatus();
}

absl::Status Validate(const v1::ShareIdentityRequest& request,
                      absl::Time /*now*/) {
  Violations violations;
  const std::string& fingerprint = request.forwarded().fingerprint();
  violations.Count("contact_ids", request.contact_ids_size(),
                   fingerprint.empty() ? 1 : 0, kMaxSharers);
  absl::flat_hash_set<std::string> ids;
  for (const std::string& id : request.contact_ids()) {
    violations.Uuid("contact_ids", id);
    if (!ids.insert(absl::AsciiStrToLower(id)).second) {
      violations.Add("contact_ids", "a contact twice, want each once");
    }
  }
  const std::string& stand_in = request.proposed_stand_in_contact_id();
  violations.Uuid("proposed_stand_in_contact_id", stand_in);
  if (ids.contains(absl::AsciiStrToLower(stand_in))) {
    violations.Add("proposed_stand_in_contact_id",
                   "one of contact_ids, want another contact");
  }
  CheckWriteValue(violations, "value", request.value());
  violations.AtMost("reason", request.reason(), kMaxReasonCharacters);
  violations.RequestFingerprint(fingerprint);
  violations.RequestId(request.request_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::UnshareIdentityRequest& request,
                      absl::Time /*now*/) {
  Violations violations;
  CheckWriteValue(violations, "value", request.value());
  violations.OptionalUuid("keep_contact_id", request.keep_contact_id());
  violations.OptionalUuid("remove_contact_id", request.remove_contact_id());
  if (!request.keep_contact_id().empty() &&
      !request.remove_contact_id().empty()) {
    violations.Add("remove_contact_id", "want none with keep_contact_id");
  }
  CheckMembers(violations, "remove_member_ids", request.remove_member_ids());
  if (request.remove_contact_id().empty() &&
      !request.remove_member_ids().empty()) {
    violations.Add("remove_member_ids", "want none without remove_contact_id");
  }
  violations.AtMost("reason", request.reason(), kMaxReasonCharacters);
  violations.RequestFingerprint(request.forwarded().fingerprint());
  violations.RequestId(request.request_id());
  return violations.ToStatus();
}

}  // namespace kith::identity
