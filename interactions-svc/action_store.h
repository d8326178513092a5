#ifndef KITH_INTERACTIONS_SVC_ACTION_STORE_H_
#define KITH_INTERACTIONS_SVC_ACTION_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/actions/contact_actions.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::interactions {

// Where a page of actions begins: after the action with this id, which ranks or
// has ended at this time.
struct ActionPlace {
  // Before all open actions, which are listed by rank.
  static ActionPlace MostUrgent();
  // Before all ended ones, which are listed from the last on.
  static ActionPlace LastEnded();

  int64_t micros = 0;
  base::Uuid action_id = {};
};

// A page of actions.
struct ActionPage {
  std::vector<v1::Action> actions;
  // The place that the next page begins after; nullopt on the last page.
  std::optional<ActionPlace> next;
};

// What the actions of contacts that have some have in common.
using ContactWorks = std::map<base::Uuid, internal::v1::ContactWork>;

// Makes, changes and lists actions; what is recorded opens and ends them
// by LockedActions. Takes validated requests, in which `agent` is set; returns
// the errors of the RPC of the same name. Stateless.
class ActionStore {
 public:
  absl::StatusOr<v1::Action> Create(
      const mysql::Tx& tx, const v1::CreateActionRequest& request) const;

  // Gives the same changes to all of the actions.
  absl::StatusOr<v1::DismissActionsResponse> Dismiss(
      const mysql::Tx& tx, const v1::DismissActionsRequest& request) const;
  absl::StatusOr<v1::SnoozeActionsResponse> Snooze(
      const mysql::Tx& tx, const v1::SnoozeActionsRequest& request) const;
  absl::StatusOr<v1::ReassignActionsResponse> Reassign(
      const mysql::Tx& tx, const v1::ReassignActionsRequest& request) const;

  // Returns at most `size` open actions of the contacts after `after`, the most
  // urgent first. One statement for each 500 contacts.
  absl::StatusOr<ActionPage> ListOpen(const mysql::Tx& tx,
                                      const ContactWorks& works,
                                      const ActionPlace& after,
                                      size_t size) const;

  // Returns at most `size` ended actions of the contacts after `after`, the
  // last ended first. One seek for each contact, 16 a statement.
  absl::StatusOr<ActionPage> ListEnded(const mysql::Tx& tx,
                                       absl::Span<const base::Uuid> contact_ids,
                                       const ActionPlace& after,
                                       size_t size) const;
};

// Returns the action of a contact as it is answered now.
v1::Action ShowAction(const mysql::Tx& tx, const base::Uuid& contact_id,
                      const internal::v1::StoredAction& stored,
                      const internal::v1::ContactWork& work);

// Returns the named actions, open or ended, in their order. NOT_FOUND if there
// is none of that name.
absl::StatusOr<std::vector<v1::Action>> ReadNamed(
    const mysql::Tx& tx,
    const google::protobuf::RepeatedPtrField<v1::ActionName>& names);

// Returns what the actions of those of the contacts have in common that have
// open ones.
absl::StatusOr<ContactWorks> ReadWorks(
    const mysql::Tx& tx, const std::vector<base::Uuid>& contact_ids);

// The contacts of the named actions.
std::set<base::Uuid> ContactsOf(
    const google::protobuf::RepeatedPtrField<v1::ActionName>& names);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTION_STORE_H_
