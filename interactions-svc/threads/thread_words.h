#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_WORDS_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_WORDS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::interactions {

// How an interaction moves its thread. Stored as a number.
enum class Word : uint8_t {
  // Not at all: kept and shown.
  kNone = 0,
  // The customer says something.
  kInbound = 1,
  // The business says something.
  kOutbound = 2,
  // The customer says something that wants no answer.
  kClosing = 3,
  // The customer writes by e-mail, and must not reopen the thread again.
  kHeld = 4,
};

// An interaction as its thread counts it.
struct ThreadEntry {
  // By SaidAt.
  int64_t occurred_micros = 0;
  base::Uuid interaction_id = {};
  Word word = Word::kNone;
  // How many marks the thread had when the interaction was recorded.
  uint32_t marks = 0;
  // 16 bytes, or empty.
  std::string identity_key = {};
};

// Pure functions.

// Returns when it was said: not after it was recorded, whatever a clock that is
// ahead has told. Else an answer of ours would hide what the customer says
// until then.
int64_t SaidAt(int64_t occurred_micros, int64_t recorded_micros);

// Returns true for a call in which the customer was spoken to.
bool IsAnswered(v1::Outcome outcome);

// Returns the word of an interaction; never kHeld.
Word WordOf(const v1::Interaction& interaction);

// Returns true if the interaction, which has this word, opens a thread where it
// belongs to none.
bool Opens(const v1::Interaction& interaction, Word word);

// Returns the kind of the thread that it opens.
v1::ThreadKind KindOf(const v1::Interaction& interaction);

// Returns a subject in lower case, without "Re:", "Fwd:" and the like in front,
// and with single spaces.
std::string BareSubject(absl::string_view subject);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_WORDS_H_
