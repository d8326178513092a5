#include "interactions-svc/action_validation.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/api/violations.h"
#include "common/auth/action_rules_validation.h"
#include "common/base/times.h"
#include "common/status/status_macros.h"
#include "interactions-svc/interaction_validation.h"

namespace kith::interactions {
namespace {

using api::Violations;
template <typename Element>
using Repeated = google::protobuf::RepeatedPtrField<Element>;

constexpr int64_t kMaxName = 320;
constexpr int64_t kMaxText = 1000;
constexpr int64_t kMaxNamed = 50;
constexpr int64_t kMaxQueues = 20;
constexpr int64_t kMaxContacts = 100;

void CheckQueue(Violations& violations, absl::string_view field,
                absl::string_view name) {
  if (!auth::IsQueueName(name)) {
    violations.Add(field, "want [a-z0-9][a-z0-9_-]{0,31}");
  }
}

void CheckQueues(Violations& violations, const Repeated<std::string>& queues,
                 int64_t least = 1) {
  violations.Count("queues", queues.size(), least, kMaxQueues);
  for (int i = 0; i < queues.size(); ++i) {
    CheckQueue(violations, absl::StrCat("queues[", i, "]"), queues[i]);
  }
}

void CheckContacts(Violations& violations, absl::string_view field,
                   const Repeated<std::string>& ids, int64_t least) {
  violations.Count(field, ids.size(), least, kMaxContacts);
  for (int i = 0; i < ids.size(); ++i) {
    violations.Uuid(absl::StrCat(field, "[", i, "]"), ids[i]);
  }
}

void CheckNames(Violations& violations, const Repeated<v1::ActionName>& names) {
  violations.Count("actions", names.size(), 1, kMaxNamed);
  for (int i = 0; i < names.size(); ++i) {
    const std::string field = absl::StrCat("actions[", i, "]");
    violations.Uuid(absl::StrCat(field, ".contact_id"), names[i].contact_id());
    violations.Uuid(absl::StrCat(field, ".action_id"), names[i].action_id());
  }
}

// An action that is made by hand.
void CheckAction(Violations& violations, const std::string& field,
                 const v1::Action& action) {
  violations.Uuid(absl::StrCat(field, ".contact_id"), action.contact_id());
  violations.OptionalUuid(absl::StrCat(field, ".thread_id"),
                          action.thread_id());
  if (action.kind() != config::v1::ACTION_KIND_FOLLOW_UP &&
      action.kind() != config::v1::ACTION_KIND_REVIEW) {
    violations.Add(absl::StrCat(field, ".kind"), "want FOLLOW_UP or REVIEW");
  }
  violations.Text(absl::StrCat(field, ".reason.text"), action.reason().text(),
                  300, "what is to be done");
  violations.OptionalActorName(absl::StrCat(field, ".assignee"),
                               action.assignee(), kMaxName);
  if (!action.queue().empty()) {
    CheckQueue(violations, absl::StrCat(field, ".queue"), action.queue());
  }
  if (action.has_due_time() && (!base::IsValid(action.due_time()) ||
                                base::ToMicros(action.due_time()) <= 0)) {
    violations.Add(absl::StrCat(field, ".due_time"),
                   "want a time after 1970-01-01T00:00:00Z");
  }
}

// Whether flows open REVIEWs for the cause; interactions-svc finds others.
bool IsOfFlow(v1::ReviewCause cause) {
  switch (cause) {
    case v1::REVIEW_CAUSE_AMBIGUOUS_CALLER:
    case v1::REVIEW_CAUSE_CONTACT_DELETED:
    case v1::REVIEW_CAUSE_OPT_OUT_ASKED:
    case v1::REVIEW_CAUSE_SHARED_VALUE:
    case v1::REVIEW_CAUSE_QUARANTINED_VALUE:
      return true;
    default:
      return false;
  }
}

void CheckGiven(Violations& violations, const std::string& field, bool given,
                bool wanted) {
  if (given && !wanted) violations.Add(field, "want none with this cause");
  if (!given && wanted) violations.Add(field, "not set, want it");
}

// What a REVIEW is about, as the flow that opens it says.
void CheckSubject(Violations& violations,
                  const v1::CreateActionRequest& request) {
  if (!request.has_review()) return;
  const v1::ReviewSubject& review = request.review();
  const v1::ReviewCause cause = review.review_cause();
  if (request.action().kind() != config::v1::ACTION_KIND_REVIEW) {
    violations.Add("review", "want it only with the kind REVIEW");
  }
  if (!IsOfFlow(cause)) {
    violations.Add("review.review_cause", "want what a flow has found");
  }
  violations.OptionalUuid("review.other_contact_id", review.other_contact_id());
  violations.OptionalIdentityKey("review.identity_key", review.identity_key());
  CheckGiven(violations, "review.other_contact_id",
             !review.other_contact_id().empty(),
             cause == v1::REVIEW_CAUSE_AMBIGUOUS_CALLER);
  if (cause == v1::REVIEW_CAUSE_AMBIGUOUS_CALLER) return;
  CheckGiven(violations, "review.identity_key", !review.identity_key().empty(),
             cause == v1::REVIEW_CAUSE_SHARED_VALUE ||
                 cause == v1::REVIEW_CAUSE_QUARANTINED_VALUE);
}

void CheckMove(Violations& violations, const std::string& field,
               const v1::ThreadStateChange& change) {
  violations.Uuid(absl::StrCat(field, ".thread_id"), change.thread_id());
  violations.Uuid(absl::StrCat(field, ".contact_id"), change.contact_id());
  if (!v1::ThreadState_IsValid(change.state())) {
    violations.Add(absl::StrCat(field, ".state"),
                   "want OPEN, WAITING or RESOLVED");
  }
  const bool resolves = change.state() == v1::THREAD_STATE_RESOLVED;
  const bool has_reason = change.resolution() != v1::RESOLUTION_UNSPECIFIED &&
                          change.resolution() != v1::RESOLUTION_EMPTY &&
                          v1::Resolution_IsValid(change.resolution());
  if (resolves && !has_reason) {
    violations.Add(absl::StrCat(field, ".resolution"),
                   "want a reason such as ANSWERED");
  }
  if (!resolves && change.resolution() != v1::RESOLUTION_UNSPECIFIED) {
    violations.Add(absl::StrCat(field, ".resolution"),
                   "want it only with the state RESOLVED");
  }
}

}  // namespace

absl::Status Validate(const v1::CreateActionRequest& request,
                      absl::Time /*now*/) {
  Violations violations;
  CheckAction(violations, "action", request.action());
  CheckSubject(violations, request);
  violations.AtMost("cause", request.cause(), 100);
  violations.RequestId(request.request_id());
  violations.RequestFingerprint(request.forwarded().fingerprint());
  return violations.ToStatus();
}

absl::Status Validate(const v1::LeaseNextActionsRequest& request,
                      absl::Time /*now*/) {
  Violations violations;
  CheckQueues(violations, request.queues());
  violations.ActorName("agent", request.agent(), kMaxName);
  if (request.contact_count() < 0 || request.contact_count() > 10) {
    violations.Add("contact_count",
                   absl::StrCat(request.contact_count(), ", want 0 to 10"));
  }
  CheckContacts(violations, "excluded_contact_ids",
                request.excluded_contact_ids(), 0);
  return violations.ToStatus();
}

absl::Status Validate(const v1::LeaseActionsRequest& request,
                      absl::Time /*now*/) {
  Violations violations;
  CheckContacts(violations, "contact_ids", request.contact_ids(), 1);
  violations.ActorName("agent", request.agent(), kMaxName);
  violations.OptionalText("take_over_reason", request.take_over_reason(),
                          kMaxText);
  return violations.ToStatus();
}

absl::Status Validate(const v1::ReleaseActionsRequest& request,
                      absl::Time /*now*/) {
  Violations violations;
  CheckContacts(violations, "contact_ids", request.contact_ids(), 1);
  violations.ActorName("agent", request.agent(), kMaxName);
  violations.OptionalText("skip_reason", request.skip_reason(), kMaxText);
  return violations.ToStatus();
}

absl::Status Validate(const v1::CompleteActionsRequest& request,
                      absl::Time now) {
  Violations violations;
  CheckNames(violations, request.actions());
  violations.ActorName("agent", request.agent(), kMaxName);
  violations.RequestId(request.request_id());
  violations.Count("threads", request.threads_size(), 0, 10);
  for (int i = 0; i < request.threads_size(); ++i) {
    CheckMove(violations, absl::StrCat("threads[", i, "]"), request.threads(i));
  }
  violations.Count("next", request.next_size(), 0, 10);
  for (int i = 0; i < request.next_size(); ++i) {
    CheckAction(violations, absl::StrCat("next[", i, "]"), request.next(i));
  }
  KITH_RETURN_IF_ERROR(violations.ToStatus());
  if (!request.has_interaction()) return absl::OkStatus();
  v1::RecordInteractionRequest record;
  *record.mutable_interaction() = request.interaction();
  record.set_request_id(request.request_id());
  *record.mutable_member_ids() = request.member_ids();
  return Validate(record, now);
}

absl::Status Validate(const v1::DismissActionsRequest& request,
                      absl::Time /*now*/) {
  Violations violations;
  CheckNames(violations, request.actions());
  violations.Text("note", request.note(), kMaxText, "why");
  violations.ActorName("agent", request.agent(), kMaxName);
  violations.RequestId(request.request_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::SnoozeActionsRequest& request, absl::Time now) {
  Violations violations;
  CheckNames(violations, request.actions());
  const bool is_time =
      request.has_until_time() && base::IsValid(request.until_time());
  const absl::Time until =
      is_time ? base::FromProto(request.until_time()) : absl::InfinitePast();
  if (until <= now || until > now + absl::Hours(24) * 366) {
    violations.Add("until_time", "want a time after now, within a year");
  }
  violations.ActorName("agent", request.agent(), kMaxName);
  violations.RequestId(request.request_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::ReassignActionsRequest& request,
                      absl::Time /*now*/) {
  Violations violations;
  CheckNames(violations, request.actions());
  violations.OptionalActorName("assignee", request.assignee(), kMaxName);
  if (!request.queue().empty()) {
    CheckQueue(violations, "queue", request.queue());
  }
  violations.ActorName("agent", request.agent(), kMaxName);
  violations.RequestId(request.request_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::ListQueuedActionsRequest& request,
                      absl::Time /*now*/) {
  Violations violations;
  CheckQueues(violations, request.queues(), request.agent().empty() ? 1 : 0);
  violations.AtMost("agent", request.agent(), kMaxName);
  violations.PageSize(request.page_size());
  return violations.ToStatus();
}

absl::Status Validate(const v1::CountWaitingActionsRequest& request,
                      absl::Time /*now*/) {
  Violations violations;
  CheckQueues(violations, request.queues());
  return violations.ToStatus();
}

}  // namespace kith::interactions
