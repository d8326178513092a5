#ifndef KITH_INTERACTIONS_SVC_ACTIONS_RECORDED_ACTIONS_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_RECORDED_ACTIONS_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/actions/asked_actions.h"
#include "interactions-svc/actions/locked_actions.h"
#include "interactions-svc/threads/locked_threads.h"

namespace kith::interactions {

// Opens and ends the actions that what one transaction records asks for and
// answers, by the rules in the comment of kith.interactions.v1.Action. Not
// thread-safe.
class RecordedActions {
 public:
  // All arguments must outlive the object.
  RecordedActions(const mysql::Tx& tx, LockedActions& actions);

  // Tells who acts, if that is not the person of the caller.
  void SetAgent(const std::string& agent) { agent_ = agent; }

  // Adds an interaction that is in the table now, with this word, in place of
  // `old` if that is not null. The contact's summary has it already.
  absl::Status AddInteraction(const v1::Interaction* old,
                              const v1::Interaction& interaction, Word word);

  // Takes from the contact of `old` what that has asked for and answered, and
  // adds `interaction`, as which it is in the table now, at another contact.
  // What a person has ended by hand since it was recorded stays ended.
  absl::Status MoveInteraction(const v1::Interaction& old,
                               const v1::Interaction& interaction, Word word);

  // Adds a thread that the transaction has written. Comes before the contact's
  // summary counts its problem.
  absl::Status AddThread(const ThreadEffect& effect);

  // Opens the actions of threads of a contact that could not be opened as it
  // had too many. The threads are written.
  absl::Status OpenLacking(const base::Uuid& contact_id);

 private:
  // What the transaction has recorded of a thread.
  struct ThreadWords {
    // The first one of the customer.
    std::string question_id;
    v1::Kind question_kind = v1::KIND_UNSPECIFIED;
    // The last one of the business.
    v1::ActionEnd answer;
    // The last interaction, which may have left the thread.
    v1::ActionEnd record;
  };

  // Returns the end of an action by what was recorded.
  v1::ActionEnd EndBy(const v1::Interaction& interaction) const;
  // Returns how the transaction ends the actions of a thread.
  v1::ActionEnd EndOf(const std::string& thread_id);

  void NoteWord(const v1::Interaction* old, const v1::Interaction& interaction,
                Word word);

  absl::Status OpenReply(const ThreadEffect& effect);
  absl::Status OpenReview(const v1::Thread& thread);
  // Returns how many problems of its topic the contact has had.
  absl::StatusOr<int> CountProblems(const v1::Thread& thread) const;
  void SetReplyReason(const v1::Thread& thread, int problems,
                      internal::v1::StoredAction& stored);

  const mysql::Tx& tx_;
  const config::v1::Tenant& tenant_;
  LockedActions& actions_;
  AskedActions asked_;
  std::string agent_;
  std::map<std::string, ThreadWords> threads_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_RECORDED_ACTIONS_H_
