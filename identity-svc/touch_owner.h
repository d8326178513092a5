#ifndef KITH_IDENTITY_SVC_TOUCH_OWNER_H_
#define KITH_IDENTITY_SVC_TOUCH_OWNER_H_

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "common/base/uuid.h"
#include "identity-svc/quarantine/daily_gains.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// The rule that decides whom a touch with several values belongs to. README.md
// has it as a table, which touch_owner_test reads. Pure functions.

// How far a value tells one person from others. Ordered.
enum class Strength {
  // What several people may use: a browser (VISITOR), or a phone that is
  // matched
  // as a text. A local number, a short code and the name of a sender are of
  // different people elsewhere.
  kDevice = 1,
  // An address at which a person is reached: PHONE in E.164, EMAIL, SOCIAL.
  kAddress = 2,
  // An account that a system keeps for one person: EXTERNAL.
  kAccount = 3,
};

// Values of one kind can stand for each other: a second e-mail, another id of
// the same system.
struct ValueKind {
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  std::string name_space;
  // A phone that is no number of the world's, but a text.
  bool is_phone_text = false;

  auto operator<=>(const ValueKind&) const = default;
};

// Of a value with channel, namespace and normalized_value.
ValueKind KindOf(const v1::Identity& identity);

Strength StrengthOf(const ValueKind& kind);

// The greatest number of values of one kind of address that a contact gets
// because a touch names them beside an address that it holds. An office phone
// gives its holder no more of other people's e-mails. A person may link more.
constexpr int kMaxAddressesByTouch = 3;

// What is known about a contact that holds a value of the touch.
struct HolderFacts {
  // A visitor whom nobody has identified yet.
  bool anonymous = false;
  // A visitor whom something else than a value has identified, such as a
  // purchase: the contact holds nothing but browsers.
  bool guest = false;
  // How many values of each kind the contact holds now.
  std::map<ValueKind, int> held;
  // How many of each channel it holds that were unknown a day ago.
  ValuesByChannel gained = {};
};

using FactsByHolder = absl::flat_hash_map<base::Uuid, HolderFacts>;

// A value of a touch that counts for the decision: see CountedOf.
struct CountedValue {
  ValueKind kind;
  // Not set if nobody holds the value, or if the touch takes it from a holder
  // who has proven nothing.
  std::optional<base::Uuid> holder = {};
  // The holder held it at the time of the touch, and does not hold it now: who
  // has come by it since may be somebody else.
  bool ended = false;
};

// Returns the contact that the touch belongs to; nullopt if it is a new one.
// All values without a holder go to that contact.
//
// The strongest value that is held decides, among equals the first of the
// touch. But a contact is not the owner if it would get
// - a value that is stronger than the one it holds, unless it is anonymous;
// - a second id of one system: two ids are two people;
// - by an address, more than kMaxAddressesByTouch values of one kind.
//
// `facts` has every holder if a value has none, and may else be empty.
std::optional<base::Uuid> OwnerOfTouch(absl::Span<const CountedValue> values,
                                       const FactsByHolder& facts);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_TOUCH_OWNER_H_
