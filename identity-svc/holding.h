#ifndef KITH_IDENTITY_SVC_HOLDING_H_
#define KITH_IDENTITY_SVC_HOLDING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/uuid.h"
#include "kith/config/v1/config.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "kith/internal/v1/holdings.pb.h"

namespace kith::identity {

// Start of an identity's first holding: the first microsecond that a Timestamp
// can hold. So an event from before the value was first seen, which is reported
// late, finds the holder.
constexpr int64_t kFromEver = -62'135'596'800'000'000;

// Returns true for a start that is that of a first holding. One that follows a
// void first holding begins a few microseconds later, since the starts of rows
// differ; no event is of this time.
bool IsFromEver(int64_t start_micros);

// A period in which a contact holds a value: a row of `holdings`.
struct Holding {
  base::Uuid contact_id;
  int64_t start_micros = kFromEver;
  // The first microsecond after the period; nullopt while the holding is open.
  std::optional<int64_t> end_micros;
  config::v1::Assurance assurance = config::v1::ASSURANCE_UNSPECIFIED;
  // The id of the API key that made the holding.
  std::string source;
  // What is stored beside, which no statement looks at.
  internal::v1::HoldingDetails details = {};
};

// The holdings of one identity by rising start. They never overlap.
using Holdings = std::vector<Holding>;

// A row of `holdings` to write: a new one, an open one that ends, or one whose
// start moves back or whose assurance rises.
struct HoldingChange {
  std::string identity_key;
  // The row after the change.
  Holding holding;
  // Set if the row goes on: its start before.
  std::optional<int64_t> old_start_micros;
};

// Returns true for what only a form has said until somebody has proven the
// value: a holding that ends at its start, and is nobody's. Its time is that of
// the holding that follows.
bool IsVoid(const Holding& holding);

// Returns the void holding right before `holding`, which is one of `holdings`,
// or null.
const Holding* VoidBefore(const Holdings& holdings, const Holding& holding);

// Returns true for the holding of a stand-in contact, whose value is shared.
bool IsShared(const Holding& holding);

// Returns true if the contact holds the value by `holding`, or is one of those
// who share it.
bool HoldsOrShares(const Holding& holding, const base::Uuid& contact);

// Returns the contacts of whose past the value is by this holding, each once:
// the holder of one that has ended, and those who have shared the value, until
// then or for a time. None of a void one.
std::vector<base::Uuid> PastContactsOf(const Holding& holding);

// Returns the holding that an event at `micros` belongs to: the one at that
// time, else the next one after it. Null if all holdings had ended before.
// Never a void one.
const Holding* HolderOfEvent(const Holdings& holdings, int64_t micros);

// Returns the holding at `micros`, or null. One that follows a void one holds
// before its start, too.
const Holding* HolderAt(const Holdings& holdings, int64_t micros);

// Returns the holding that has not ended, or null.
const Holding* OpenHolding(const Holdings& holdings);

// Returns the holding by which the value is shown as the contact's: the one
// that is open, also if the contact only shares the value; else with
// `include_past` the last one by which the contact has held or shared it. Null
// if there is none.
const Holding* ShownHolding(const Holdings& holdings, const base::Uuid& contact,
                            bool include_past);

// Returns the start of a new holding for an event at `micros`. All `holdings`
// must have ended.
int64_t StartOfNext(const Holdings& holdings, int64_t micros);

// Ends an open holding whose value somebody else has come by at `micros`, which
// is not ahead of now: then, or altogether (`voids`). It lasts a microsecond at
// least if it is not void, so that the next one has a start of its own.
void EndAsTaken(int64_t micros, bool voids, Holding& open);

// Returns the start of the holding that follows one that was taken. What
// follows a void one holds before its start, too.
int64_t StartAfterTaken(const Holding& taken, int64_t now_micros);

// Returns the holdings before `start_micros` whose contacts may be the same
// customer as `contact`, who holds the value from then on: they had proven it,
// or lost it to a proof. Not if a move has said that they are two, or the value
// was shared then or from then on. The newest of each other contact, the newest
// first, at most 3.
Holdings FormerHolders(const Holdings& holdings, const base::Uuid& contact,
                       int64_t start_micros);

// A touch claims its values before it makes the contact that gets them. One
// that is under way makes it within this time.
constexpr int64_t kMakingMicros = 10'000'000;

// Returns the time from which the contact holds the value for certain: the
// start of the holding, or the time at which the value was stored if it has
// none.
int64_t HeldSince(const Holding& holding, int64_t create_micros);

// Returns true if a touch may still be making the contact that holds the value.
bool MayBeInTheMaking(const Holding& holding, int64_t create_micros,
                      int64_t now_micros);

// Raises the assurance of an open holding that only an UNAUTHENTICATED caller
// has said, such as a public form, to a higher one, of the API key `source`.
// Returns true if it did. What a business's own system says of the value is so
// no longer a form's.
bool RaiseAssurance(config::v1::Assurance assurance, const std::string& source,
                    Holding& holding);

// Returns the contacts that a value means at a time within the holding, now if
// nullopt: the holder, or those who share it.
std::vector<base::Uuid> CandidatesAt(const Holding& holding,
                                     std::optional<int64_t> micros);

// Returns how many share the value of an identity that is shown, such as
// ", which 3 people share"; empty if it is not shared.
std::string SharedInWords(const v1::Identity& identity);

// Sets the fields of `identity` that describe its holding.
void Show(const Holding& holding, v1::Identity& identity);

// Likewise, as the value of a contact that may be one of those who share it.
void ShowAs(const Holding& holding, const base::Uuid& contact,
            v1::Identity& identity);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_HOLDING_H_
