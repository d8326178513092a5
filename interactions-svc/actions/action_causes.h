#ifndef KITH_INTERACTIONS_SVC_ACTIONS_ACTION_CAUSES_H_
#define KITH_INTERACTIONS_SVC_ACTIONS_ACTION_CAUSES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "kith/interactions/v1/action.pb.h"
#include "kith/interactions/v1/interaction.pb.h"
#include "kith/interactions/v1/summary.pb.h"
#include "kith/interactions/v1/thread.pb.h"
#include "kith/internal/v1/actions.pb.h"

namespace kith::interactions {

// What there are actions for. The rules are in the comment of
// kith.interactions.v1.Action. Pure functions.

// The two kinds of actions that single interactions ask for and answer.
enum class Ask { kCallBack, kFirstContact };
constexpr Ask kAsks[] = {Ask::kCallBack, Ask::kFirstContact};

config::v1::ActionKind KindOf(Ask ask);

// Returns true if the interaction asks for such an action.
bool Asks(Ask ask, const v1::Interaction& interaction);

// Returns true if the interaction answers what has asked for it before.
bool Answers(Ask ask, const v1::Interaction& interaction);

// Returns true if the contact may have an interaction at `micros` or later that
// answers; the summary has all of the contact.
bool MayBeAnswered(Ask ask, int64_t micros, const v1::ActivitySummary& summary);

// Adds a cause to an action, in the order of time. One that is there already
// stays.
void AddCause(const internal::v1::ActionCause& cause,
              internal::v1::StoredAction& stored);

// Removes the cause with this id, if it is there. Returns whether it was.
bool RemoveCause(absl::string_view interaction_id,
                 internal::v1::StoredAction& stored);

// Removes the causes until `micros`, which an answer at that time has answered.
// Returns whether there were any.
bool RemoveCausesUntil(int64_t micros, internal::v1::StoredAction& stored);

// The cause of the REVIEW of a contact whom several agents have skipped.
inline constexpr absl::string_view kSkipsCause = "skips";

// Returns the contact of the interaction; the nil UUID if it names none.
base::Uuid ContactOf(const v1::Interaction& interaction);

// Returns when it was said: see SaidAt.
int64_t SaidMicros(const v1::Interaction& interaction);

// Returns the cause that the interaction is.
internal::v1::ActionCause CauseOf(const v1::Interaction& interaction);

// Returns true if the thread needs an answer: REPLY or SOLVE.
bool NeedsReply(const v1::Thread& thread);

// Returns true if somebody should look at e-mails that did not reopen the
// thread.
bool NeedsReview(const v1::Thread& thread);

// The key of what an action is there for: 17 bytes, unique for a contact.
class ActionCauseKey {
 public:
  static std::string OfThread(absl::string_view thread_id);
  static std::string OfHeldMail(absl::string_view thread_id);
  static std::string Of(Ask ask);
  static std::string OfTooMany();
  // Of an action that is made by hand, with a cause or without.
  static std::string Of(config::v1::ActionKind kind, absl::string_view cause);
  static std::string OfAction(absl::string_view action_id);
};

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_ACTIONS_ACTION_CAUSES_H_
