#include "interactions-svc/action_fields.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "interactions-svc/actions/action_causes.h"

namespace kith::interactions {

using base::Uuid;
using internal::v1::StoredAction;

void LowerIds(v1::Action& action) {
  absl::AsciiStrToLower(action.mutable_contact_id());
  absl::AsciiStrToLower(action.mutable_thread_id());
}

void LowerIds(v1::CreateActionRequest& request) {
  LowerIds(*request.mutable_action());
  if (!request.has_review()) return;
  absl::AsciiStrToLower(request.mutable_review()->mutable_other_contact_id());
}

void LowerIds(v1::CompleteActionsRequest& request) {
  LowerIds<v1::CompleteActionsRequest>(request);
  for (v1::ThreadStateChange& change : *request.mutable_threads()) {
    absl::AsciiStrToLower(change.mutable_contact_id());
    absl::AsciiStrToLower(change.mutable_thread_id());
  }
  for (v1::Action& next : *request.mutable_next()) LowerIds(next);
  if (!request.has_interaction()) return;
  absl::AsciiStrToLower(request.mutable_interaction()->mutable_contact_id());
  absl::AsciiStrToLower(request.mutable_interaction()->mutable_thread_id());
}

absl::Status CheckThread(const v1::Action& action, LockedThreads& threads) {
  if (action.thread_id().empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(const ThreadRow* const row,
                        threads.Find(*Uuid::Parse(action.contact_id()),
                                     *Uuid::Parse(action.thread_id())));
  if (row != nullptr) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(
      "action.thread_id: the contact has no thread ", action.thread_id()));
}

absl::Status CheckThreadIsAnswered(const Uuid& contact_id,
                                   const StoredAction& stored,
                                   LockedThreads& threads) {
  const std::string& thread_id = stored.action().thread_id();
  if (stored.cause_key() != ActionCauseKey::OfThread(thread_id)) {
    return absl::OkStatus();
  }
  KITH_ASSIGN_OR_RETURN(
      const ThreadRow* const row,
      threads.Find(contact_id, Uuid::Parse(thread_id).value_or(Uuid())));
  // The release before answers threads without their actions.
  if (row == nullptr || !NeedsReply(row->stored.thread())) {
    return absl::OkStatus();
  }
  return status::WithReason(
      "THREAD_OPEN",
      absl::FailedPreconditionError(absl::StrCat(
          "actions: thread ", thread_id,
          " still waits for an answer; record it, or move the thread")));
}

absl::Status ReleaseLease(const std::string& agent, const Uuid& contact_id,
                          LockedContacts& contacts) {
  KITH_ASSIGN_OR_RETURN(internal::v1::ContactWork* const work,
                        contacts.actions().Work(contact_id));
  if (!Release(agent, *work)) return absl::OkStatus();
  return contacts.TellLease(contact_id);
}

}  // namespace kith::interactions
