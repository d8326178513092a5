#ifndef KITH_INTERACTIONS_SVC_ACTIONS_LOCKED_ACTIONS_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_LOCKED_ACTIONS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/actions/action_row.h"
#include "interactions-svc/actions/contact_actions.h"
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

// What a transaction holds of a contact while it has the lock of its summary.
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

  // Returns what Begin has told. ABORTED, so that Transact runs the transaction
  // again, if the contact was not locked.
  absl::StatusOr<LockedContact> Contact(const base::Uuid& contact_id) const;

  // Returns the open actions of the contact, for a change. ABORTED as Contact.
  absl::StatusOr<OpenActions*> Open(const base::Uuid& contact_id);

  // Returns what the contact's actions have in common, for a change. ABORTED as
  // Contact.
  absl::StatusOr<internal::v1::ContactWork*> Work(const base::Uuid& contact_id);

  // Returns the open action with this id, for a change; null if there is none.
  absl::StatusOr<internal::v1::StoredAction*> Find(const base::Uuid& contact_id,
                                                   const base::Uuid& action_id);

  // Returns the action with this id that the transaction has ended; null if
  // there is none.
  absl::StatusOr<const internal::v1::StoredAction*> FindEnded(
      const base::Uuid& contact_id, const base::Uuid& action_id);

  // Adds an open action for a cause that has none, with its queue and due time.
  // `cause` is when it was caused. Null if the contact has too many; a REVIEW
  // tells it then, and the contact lacks actions. There is always room for a
  // CALL_BACK and a FIRST_CONTACT, of which a contact has one each.
  absl::StatusOr<internal::v1::StoredAction*> Add(const base::Uuid& contact_id,
                                                  const std::string& cause_key,
                                                  config::v1::ActionKind kind,
                                                  absl::string_view topic,
                                                  absl::Time cause);

  // Opens an action that is made by hand, or by a flow that says what its
  // `review` is about; or returns the one that is open for its cause.
  // FAILED_PRECONDITION if the contact has too many.
  absl::StatusOr<internal::v1::StoredAction*> Create(
      const base::Uuid& contact_id, const base::Uuid& action_id,
      const v1::Action& action, absl::string_view cause,
      const v1::ReviewSubject& review);

  // Ends the open action of a cause, if there is one.
  absl::Status Remove(const base::Uuid& contact_id,
                      const std::string& cause_key, v1::ActionState state,
                      const v1::ActionEnd& end);

  // Ends the open action of a cause by hand, if there is one.
  absl::Status End(const base::Uuid& contact_id, const std::string& cause_key,
                   v1::ActionState state, const v1::ActionEnd& end);

  // Returns the contacts that lack actions and may have more now.
  std::vector<base::Uuid> WithRoomForLacking() const;

  // Writes what has changed, and returns it, each action once. Ends the skips
  // of the contacts concerned, but for the REVIEW of these. The last call.
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

  // Returns the contact with its open actions.
  absl::StatusOr<Loaded*> Load(const base::Uuid& contact_id);

  internal::v1::StoredAction& Insert(Loaded& loaded,
                                     const std::string& cause_key,
                                     config::v1::ActionKind kind,
                                     absl::string_view topic, absl::Time cause);

  absl::Status WriteContact(const base::Uuid& contact_id, Loaded& loaded,
                            std::vector<ActionEffect>& effects) const;

  const mysql::Tx& tx_;
  const config::v1::Tenant& tenant_;
  std::map<base::Uuid, Loaded> contacts_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_LOCKED_ACTIONS_H_
