#ifndef KITH_IDENTITY_SVC_HOLDING_PLAN_H_
#define KITH_IDENTITY_SVC_HOLDING_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "identity-svc/holding.h"

namespace kith::identity {

// The rules of requests that name a contact and a value of it. Pure functions:
// HoldingStore reads, plans and writes the plan.

// The ids of a customer: a contact and its group.
using CustomerIds = absl::flat_hash_set<base::Uuid>;

// A request to end the holding of a value.
struct HoldingEnding {
  // Of whom one holds the value.
  CustomerIds holders;
  // The end; nullopt for now. What is ahead of now is now.
  std::optional<int64_t> end_micros;
  int64_t now_micros = 0;
  // The id of the API key.
  std::string source;
  std::string reason;
};

// ALREADY_EXISTS: several people share the value, whose stand-in contact holds
// it.
absl::Status SharedError(const Holding& shared);

// Returns the open holding as it ends: it lasts a microsecond at least, so that
// the next one has a start of its own. NOT_FOUND if none of the holders has
// one. FAILED_PRECONDITION if the end is not after its start, or the value is
// shared (VALUE_SHARED).
absl::StatusOr<Holding> PlanEnd(const Holdings& holdings,
                                const HoldingEnding& ending);

// A request to give a value to another contact.
struct HoldingMove {
  // Of whom one holds the value.
  CustomerIds from;
  base::Uuid to_contact_id;
  // The ids of that contact and of its group.
  CustomerIds to;
  // The time from which on the value is the other's; nullopt for now. What is
  // ahead of now is now.
  std::optional<int64_t> from_micros;
  // The value was never theirs; from_micros is not set.
  bool never_theirs = false;
  int64_t now_micros = 0;
  config::v1::Assurance assurance = config::v1::ASSURANCE_UNSPECIFIED;
  // The id of the API key.
  std::string source;
  std::string reason;
};

// The two rows of a move.
struct MovedHolding {
  Holding ended;
  Holding begun;
};

// Returns the open holding as it ends, and that of the other contact, which
// begins where it ends. If the value was never theirs, the holding becomes
// void, so that its time is that of the one that begins. ALREADY_EXISTS if the
// other, or its group, holds the value; NOT_FOUND if none of `from` does;
// FAILED_PRECONDITION if the time is not after the start of the holding, or the
// value is shared (VALUE_SHARED).
absl::StatusOr<MovedHolding> PlanMove(const Holdings& holdings,
                                      const HoldingMove& move);

// A proof that a contact holds a value.
struct HoldingProof {
  // The ids of the contact and of its group.
  CustomerIds holders;
  base::Uuid contact_id;
  // The value is a VISITOR value.
  bool is_browser = false;
  // Not ahead of now.
  int64_t verify_micros = 0;
  int64_t now_micros = 0;
  std::string method;
  // The id of the API key.
  std::string source;
};

// What a proof changes.
struct ProvenHolding {
  // At most two: that of another contact that ends, then the proven one. None
  // if it was proven already, later or in the same way.
  std::vector<HoldingChange> changes;
  base::Uuid holder;
};

// Decides whose the value is by a proof.
//
// - The holding of one of the holders at that time becomes VERIFIED; one in a
//   gap before it moves its start back.
// - If nobody holds the value then, nor later, the contact does from then on.
// - An open holding of another that is not VERIFIED ends then; one that only a
//   form has made becomes void, unless it is of a browser.
//
// ALREADY_EXISTS if another holds the value then and keeps it: it is VERIFIED,
// has ended since, begins only after the proof, or the value is shared.
absl::StatusOr<ProvenHolding> PlanVerify(const std::string& identity_key,
                                         const Holdings& holdings,
                                         const HoldingProof& proof);

// A request to have several people share a value.
struct HoldingSharing {
  std::vector<base::Uuid> contact_ids;
  // Holds the value, unless it has a stand-in.
  base::Uuid stand_in_id;
  int64_t now_micros = 0;
  config::v1::Assurance assurance = config::v1::ASSURANCE_UNSPECIFIED;
  // The id of the API key.
  std::string source;
  std::string reason;
};

// What a sharing changes.
struct SharedHolding {
  // The holding that ends. Not set if there is none, or the value is shared
  // already.
  std::optional<Holding> ended;
  // That of the stand-in, after it.
  Holding shared;
  // True if the stand-in's is new.
  bool begins = false;
  // Those who did not share the value before.
  std::vector<base::Uuid> added;
};

// Returns the holding of the stand-in, which begins now if there was none.
// Whoever held the value is one of those who share it. FAILED_PRECONDITION if
// they are more than 20, or the stand-in is one of them.
absl::StatusOr<SharedHolding> PlanShare(const Holdings& holdings,
                                        const HoldingSharing& sharing);

// A request to end a sharing, or that some share a value no more.
struct HoldingUnsharing {
  // Holds the value from now on; nullopt for nobody.
  std::optional<base::Uuid> keeper;
  // If not empty, only these share the value no more.
  CustomerIds removed;
  int64_t now_micros = 0;
  config::v1::Assurance assurance = config::v1::ASSURANCE_UNSPECIFIED;
  // The id of the API key.
  std::string source;
  std::string reason;
};

// What the end of a sharing changes.
struct UnsharedHolding {
  // That of the stand-in, after it: with an end, unless some go on.
  Holding shared;
  // Those who share the value no more, if some go on.
  std::vector<base::Uuid> removed;
  // The keeper's.
  std::optional<Holding> begun;
};

// NOT_FOUND if the value is not shared, or by none of `removed`.
// INVALID_ARGUMENT if the keeper is the stand-in.
absl::StatusOr<UnsharedHolding> PlanUnshare(const Holdings& holdings,
                                            const HoldingUnsharing& unsharing);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_HOLDING_PLAN_H_
