#ifndef KITH_INTERACTIONS_SVC_ACTIONS_LOCKED_ACTIONS_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_LOCKED_ACTIONS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/actions/action_causes.h"
#include "interactions-svc/actions/action_row.h"
#include "interactions-svc/actions/contact_actions.h"
#include "interactions-svc/threads/locked_threads.h"
#include "kith/interactions/v1/summary.pb.h"

namespace kith::interactions {

// An action before and after a transaction. `contact_id` and `reason.text` are
// not set.
struct ActionEffect {
  base::Uuid contact_id = {};
  // Not set if the transaction has opened the action.
  std::optional<v1::Action> before = {};
  v1::Action after = {};
};

// What the transaction holds of a contact while it has the lock of its summary.
struct LockedContact {
  const v1::ActivitySummary* summary = nullptr;
  internal::v1::ContactWork* work = nullptr;
};

// The actions that one transaction opens, changes and ends, and the places of
// their contacts in the queues. Whoever uses it must hold the locks of the
// summaries of the contacts concerned, so that there is one open action for
// each cause. Not thread-safe.
class LockedActions {
 public:
  // `tx` must outlive the object.
  explicit LockedActions(const mysql::Tx& tx);

  // Tells what the locked row of a contact holds, which must outlive the
  // object. Comes before all that concerns the contact.
  void Begin(const base::Uuid& contact_id, LockedContact contact);

  // Opens and ends what an interaction asks for and answers, which is in the
  // table now, with this word, in place of `old` if that is not null. The
  // contact's summary has it already.
  absl::Status AddInteraction(const v1::Interaction* old,
                              const v1::Interaction& interaction, Word word);

  // Opens and ends what a thread asks for that the transaction has written.
  // Comes before the contact's summary counts its problem.
  absl::Status AddThread(const ThreadEffect& effect);

  // Opens an action that is made by hand, or returns the one that is open for
  // its cause. FAILED_PRECONDITION if the contact has too many.
  absl::StatusOr<internal::v1::StoredAction*> Create(
      const base::Uuid& contact_id, const base::Uuid& action_id,
      const v1::Action& action, absl::string_view cause);

  // Returns the open actions of the contact, for a change.
  absl::StatusOr<OpenActions*> Open(const base::Uuid& contact_id);

  // Returns the open action with this id, for a change; null if there is none.
  absl::StatusOr<internal::v1::StoredAction*> Find(
      const base::Uuid& contact_id, const base::Uuid& action_id);

  // Ends an open action of the contact.
  absl::Status End(const base::Uuid& contact_id,
                   const internal::v1::StoredAction& stored,
                   v1::ActionState state, v1::ActionEnd end);

  // Returns what the contact's actions have in common, for a change.
  absl::StatusOr<internal::v1::ContactWork*> Work(const base::Uuid& contact_id);

  // Writes what has changed, and returns it, each action once.
  absl::StatusOr<std::vector<ActionEffect>> Write();

 private:
  struct Loaded {
    LockedContact contact;
    bool is_read = false;
    OpenActions open = {};
    // As in the tables.
    OpenActions stored = {};
    QueuePlaces places = {};
    std::vector<internal::v1::StoredAction> ended = {};
  };

  // What the transaction has recorded of a thread.
  struct ThreadWords {
    // The first one of the customer.
    std::string question_id;
    v1::Kind question_kind = v1::KIND_UNSPECIFIED;
    v1::ActionEnd answer;
  };

  // Returns the contact with its open actions.
  absl::StatusOr<Loaded*> Load(const base::Uuid& contact_id);

  // Adds an action for the cause, with its queue and due time. Null if the
  // contact has too many; a REVIEW tells it then.
  internal::v1::StoredAction* Add(Loaded& loaded, const std::string& cause_key,
                                  config::v1::ActionKind kind,
                                  absl::string_view topic, absl::Time cause);
  internal::v1::StoredAction& Insert(Loaded& loaded,
                                     const std::string& cause_key,
                                     config::v1::ActionKind kind,
                                     absl::string_view topic, absl::Time cause);
  void Remove(Loaded& loaded, const std::string& cause_key,
              v1::ActionState state, const v1::ActionEnd& end);

  void Wake(Loaded& loaded) const;
  absl::Status AddAsk(Ask ask, const v1::Interaction* old,
                      const v1::Interaction& interaction, Loaded& loaded);
  absl::Status AskFor(Ask ask, const v1::Interaction& interaction,
                      Loaded& loaded);
  absl::Status AskAgain(Ask ask, const v1::Interaction& answer,
                        Loaded& loaded);
  void OpenFor(Ask ask, const v1::Interaction& interaction, Loaded& loaded);

  absl::Status OpenReply(const ThreadEffect& effect, Loaded& loaded);
  void OpenReview(const v1::Thread& thread, Loaded& loaded);
  // Returns how many problems of its topic the contact has had.
  absl::StatusOr<int> CountProblems(const v1::Thread& thread,
                                    const Loaded& loaded) const;

  absl::Status WriteContact(const base::Uuid& contact_id, Loaded& loaded,
                            std::vector<ActionEffect>& effects) const;

  const mysql::Tx& tx_;
  const config::v1::Tenant& tenant_;
  std::map<base::Uuid, Loaded> contacts_;
  std::map<std::string, ThreadWords> threads_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_LOCKED_ACTIONS_H_
