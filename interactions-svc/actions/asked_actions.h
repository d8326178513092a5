#ifndef KITH_INTERACTIONS_SVC_ACTIONS_ASKED_ACTIONS_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_ASKED_ACTIONS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "interactions-svc/actions/action_causes.h"
#include "interactions-svc/actions/locked_actions.h"

namespace kith::interactions {

// Opens and ends CALL_BACK and FIRST_CONTACT, which single interactions ask for
// and answer, in one transaction. Not thread-safe.
class AskedActions {
 public:
  // All arguments must outlive the object.
  AskedActions(const mysql::Tx& tx, LockedActions& actions);

  // Adds an interaction that is in the table now, in place of `old` if that is
  // not null. The contact's summary has it already. `end` is how it ends what
  // it answers.
  absl::Status Add(const v1::Interaction* old,
                   const v1::Interaction& interaction,
                   const v1::ActionEnd& end);

  // Moves one from the contact of `old` to that of `interaction`.
  absl::Status Move(const v1::Interaction& old,
                    const v1::Interaction& interaction,
                    const v1::ActionEnd& end);

 private:
  // `ended_micros` is when a person has ended by hand what was recorded until
  // then.
  absl::Status AddAsk(Ask ask, const v1::Interaction* old,
                      const v1::Interaction& interaction, int64_t ended_micros,
                      const v1::ActionEnd& end);
  absl::Status RemoveAsk(Ask ask, const v1::Interaction& removed,
                         const v1::ActionEnd& end);
  absl::Status AskFor(Ask ask, const v1::Interaction& interaction);
  // Asks for what was asked within a week before `micros` and is unanswered.
  absl::Status AskAgain(Ask ask, const base::Uuid& contact_id, int64_t micros);
  absl::Status OpenFor(Ask ask, const v1::Interaction& interaction);

  const mysql::Tx& tx_;
  const config::v1::Tenant& tenant_;
  LockedActions& actions_;
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_ASKED_ACTIONS_H_
