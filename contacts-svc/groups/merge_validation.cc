#include "contacts-svc/groups/merge_validation.h"

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/violations.h"

namespace kith::contacts {
namespace {

using api::Violations;

constexpr size_t kMaxCauseBytes = 200;

void CheckActor(Violations& violations, const v1::Actor& actor) {
  if (actor.kind() == v1::ACTOR_KIND_UNSPECIFIED ||
      !v1::ActorKind_IsValid(actor.kind())) {
    violations.Add("actor.kind", "want PERSON or SYSTEM");
  }
  violations.ActorName("actor.name", actor.name(), 320);
}

void CheckCause(Violations& violations, const v1::MergeCause& cause,
                bool must_name) {
  if (cause.kind() == v1::MERGE_CAUSE_KIND_UNSPECIFIED ||
      !v1::MergeCauseKind_IsValid(cause.kind())) {
    violations.Add("cause.kind", "not set or not known, want what it was");
  }
  if (cause.value().empty() &&
      (must_name || cause.kind() != v1::MERGE_CAUSE_KIND_DECISION)) {
    violations.Add("cause.value", "empty, want which one it was");
  }
  if (cause.kind() == v1::MERGE_CAUSE_KIND_IDENTITY) {
    violations.OptionalIdentityKey("cause.value", cause.value());
  }
  if (cause.value().size() > kMaxCauseBytes) {
    violations.Add("cause.value",
                   absl::StrCat(cause.value().size(), " bytes, want at most ",
                                kMaxCauseBytes));
  }
}

void CheckNamed(Violations& violations,
                const v1::MergeContactsRequest& request) {
  violations.Uuid("survivor_id", request.survivor_id());
  violations.Count("absorbed_ids", request.absorbed_ids_size(), 1,
                   api::kMaxAbsorbedPerMerge);
  std::set<std::string> seen = {absl::AsciiStrToLower(request.survivor_id())};
  for (int i = 0; i < request.absorbed_ids_size(); ++i) {
    const std::string field = absl::StrCat("absorbed_ids[", i, "]");
    violations.Uuid(field, request.absorbed_ids(i));
    if (!seen.insert(absl::AsciiStrToLower(request.absorbed_ids(i))).second) {
      violations.Add(field, "named before, want each contact once");
    }
  }
}

}  // namespace

absl::Status Validate(const v1::MergeContactsRequest& request) {
  Violations violations;
  violations.RequestFingerprint(request.forwarded().fingerprint());
  if (request.forwarded().fingerprint().empty() ||
      !request.survivor_id().empty() || !request.absorbed_ids().empty()) {
    CheckNamed(violations, request);
  }
  CheckCause(violations, request.cause(), /*must_name=*/false);
  CheckActor(violations, request.actor());
  violations.AtMost("reason", request.reason(), 500);
  violations.RequestId(request.request_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::UnmergeContactsRequest& request) {
  Violations violations;
  violations.RequestFingerprint(request.forwarded().fingerprint());
  violations.UuidUnlessRepeat(
      "contact_id", request.contact_id(),
      request.dry_run() ? "" : request.forwarded().fingerprint());
  if (request.has_edge_id()) {
    violations.Uuid("edge_id", request.edge_id());
  } else if (!request.all_edges()) {
    violations.Add("target", "not set, want edge_id, or all_edges true");
  }
  CheckActor(violations, request.actor());
  violations.AtMost("reason", request.reason(), 500);
  violations.RequestId(request.request_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::UndoMergesRequest& request) {
  Violations violations;
  CheckCause(violations, request.cause(), /*must_name=*/true);
  CheckActor(violations, request.actor());
  violations.AtMost("reason", request.reason(), 500);
  violations.PageSize(request.page_size());
  return violations.ToStatus();
}

absl::Status Validate(const v1::ListMergeHistoryRequest& request) {
  Violations violations;
  violations.Uuid("contact_id", request.contact_id());
  violations.PageSize(request.page_size());
  return violations.ToStatus();
}

}  // namespace kith::contacts
