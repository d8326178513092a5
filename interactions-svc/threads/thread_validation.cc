#include "interactions-svc/threads/thread_validation.h"

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/times.h"

namespace kith::interactions {
namespace {

using api::Violations;

constexpr absl::string_view kPaths[] = {
    "kind", "topic", "subject", "assignee", "due_time", "state", "resolution"};

bool Has(const v1::UpdateThreadRequest& request, absl::string_view path) {
  return absl::c_linear_search(request.update_mask().paths(), path);
}

void CheckKind(Violations& violations, absl::string_view field,
               v1::ThreadKind kind) {
  if (v1::ThreadKind_IsValid(kind)) return;
  violations.Add(field, absl::StrCat(kind, " is not a value of it"));
}

void CheckFields(Violations& violations, const v1::Thread& thread) {
  CheckKind(violations, "thread.kind", thread.kind());
  violations.AtMost("thread.topic", thread.topic(), 100);
  violations.AtMost("thread.subject", thread.subject(), 1000);
  violations.AtMost("thread.assignee", thread.assignee(), 320);
  if (thread.has_due_time() && (!base::IsValid(thread.due_time()) ||
                                base::ToMicros(thread.due_time()) <= 0)) {
    violations.Add("thread.due_time", "want a time after 1970-01-01T00:00:00Z");
  }
}

void CheckKindIsSet(Violations& violations, const v1::Thread& thread) {
  if (thread.kind() == v1::THREAD_KIND_UNSPECIFIED) {
    violations.Add("thread.kind", "not set, want one such as PROBLEM");
  }
}

void CheckState(Violations& violations,
                const v1::UpdateThreadRequest& request) {
  const v1::Thread& thread = request.thread();
  const bool resolves =
      Has(request, "state") && thread.state() == v1::THREAD_STATE_RESOLVED;
  if (Has(request, "state") &&
      (thread.state() == v1::THREAD_STATE_UNSPECIFIED ||
       !v1::ThreadState_IsValid(thread.state()))) {
    violations.Add("thread.state", "want OPEN, WAITING or RESOLVED");
  }
  if (resolves && (thread.resolution() == v1::RESOLUTION_UNSPECIFIED ||
                   thread.resolution() == v1::RESOLUTION_EMPTY ||
                   !v1::Resolution_IsValid(thread.resolution()))) {
    violations.Add("thread.resolution", "want a reason such as ANSWERED");
  }
  if (!Has(request, "resolution")) return;
  if (!Has(request, "state")) {
    violations.Add("update_mask", R"("resolution" goes with "state")");
  } else if (!resolves && thread.resolution() != v1::RESOLUTION_UNSPECIFIED) {
    violations.Add("thread.resolution", "want it with the state RESOLVED only");
  }
}

}  // namespace

absl::Status Validate(const v1::CreateThreadRequest& request) {
  Violations violations;
  violations.RequestFingerprint(request.forwarded().fingerprint());
  violations.UuidUnlessRepeat("thread.contact_id",
                              request.thread().contact_id(),
                              request.forwarded().fingerprint());
  violations.RequestId(request.request_id());
  CheckFields(violations, request.thread());
  CheckKindIsSet(violations, request.thread());
  return violations.ToStatus();
}

absl::Status Validate(const v1::UpdateThreadRequest& request) {
  Violations violations;
  violations.Uuid("thread.thread_id", request.thread().thread_id());
  violations.RequestId(request.request_id());
  if (request.update_mask().paths().empty()) {
    violations.Add("update_mask", "empty, want the fields to change");
  }
  for (const std::string& path : request.update_mask().paths()) {
    if (absl::c_linear_search(kPaths, path)) continue;
    violations.Add("update_mask", absl::StrCat("\"", path,
                                               "\" cannot be changed or is "
                                               "not a field"));
  }
  CheckFields(violations, request.thread());
  if (Has(request, "kind")) CheckKindIsSet(violations, request.thread());
  CheckState(violations, request);
  return violations.ToStatus();
}

absl::Status Validate(const v1::SplitThreadRequest& request) {
  Violations violations;
  violations.Uuid("thread_id", request.thread_id());
  if (request.from_interaction_id().empty()) {
    violations.Count("interaction_ids", request.interaction_ids_size(), 1,
                     api::kMaxItemsPerCall);
  } else if (!request.interaction_ids().empty()) {
    violations.Add("from_interaction_id",
                   "want either this or interaction_ids");
  }
  violations.OptionalUuid("from_interaction_id", request.from_interaction_id());
  for (int i = 0; i < request.interaction_ids_size(); ++i) {
    violations.Uuid(absl::StrCat("interaction_ids[", i, "]"),
                    request.interaction_ids(i));
  }
  CheckKind(violations, "kind", request.kind());
  violations.AtMost("topic", request.topic(), 100);
  violations.AtMost("subject", request.subject(), 1000);
  violations.RequestId(request.request_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::JoinThreadsRequest& request) {
  Violations violations;
  violations.Uuid("thread_id", request.thread_id());
  violations.Uuid("joined_thread_id", request.joined_thread_id());
  if (absl::EqualsIgnoreCase(request.thread_id(), request.joined_thread_id())) {
    violations.Add("joined_thread_id", "want another thread than thread_id");
  }
  violations.RequestId(request.request_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::UndoThreadChangeRequest& request) {
  Violations violations;
  switch (request.change_case()) {
    case v1::UndoThreadChangeRequest::kSplitThreadId:
      violations.Uuid("split_thread_id", request.split_thread_id());
      break;
    case v1::UndoThreadChangeRequest::kJoinedThreadId:
      violations.Uuid("joined_thread_id", request.joined_thread_id());
      break;
    case v1::UndoThreadChangeRequest::CHANGE_NOT_SET:
      violations.Add("split_thread_id",
                     "not set, want this or joined_thread_id");
  }
  violations.RequestId(request.request_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::GetThreadRequest& request) {
  Violations violations;
  violations.Uuid("thread_id", request.thread_id());
  violations.PageSize(request.page_size());
  return violations.ToStatus();
}

}  // namespace kith::interactions
