#ifndef KITH_IDENTITY_SVC_QUARANTINE_FAN_IN_H_
#define KITH_IDENTITY_SVC_QUARANTINE_FAN_IN_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "kith/config/v1/config.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// The rule that decides when the company in which a value comes is no evidence
// of one person any more. Pure functions.

// Companions of a value within a day, if the tenant does not say.
constexpr int kCompanionsPerDay = 10;

// Those that the tenant allows; 0 if they quarantine nothing.
int CompanionsPerDay(const config::v1::Tenant& tenant);

// Returns true if the value is quarantined now.
bool IsQuarantined(const v1::Identity& identity);

// Returns for people that and why a value is quarantined.
std::string InWords(const v1::Quarantine& quarantine);

// Returns what a reading of the value says of its quarantine after a "; ";
// empty if it is not quarantined.
std::string QuarantinedInWords(const v1::Identity& identity);

// Bytes of a contact's id, or of the key of a value without a holder.
using Companions = std::set<std::string>;

// Returns the companions of each value of a claimed touch that has a holder and
// some, by identity_key.
//
// - A companion is a contact other than the holder that holds another value of
//   the touch, or that value itself if nobody holds it.
// - A browser, a phone that is matched as text, and what is refused,
// quarantined
//   or shared is no companion.
// - What is quarantined or shared has none. By a form (`by_form`) only a value
//   that a form alone has put in has some.
std::map<std::string, Companions> CompanionsOf(
    const v1::ClaimIdentitiesResponse& claimed, bool by_form);

// The companions of a value that are stored, each with its time.
using SeenCompanions = std::map<std::string, int64_t>;

// What the companions of a touch change for one of its values.
struct FanIn {
  // Those that were not seen within the day, as far as there is room.
  Companions added;
  // Whether rows are older than the day.
  bool any_old = false;
  // Number of companions within the day, with those that are added; at most one
  // more than the day allows.
  int count = 0;
  // There are more than the day allows; also if none is added, as the tenant
  // allows fewer by now.
  bool too_many = false;

  // Whether anything is to be written.
  bool is_news() const { return too_many || !added.empty(); }
};

// Counts the companions within the day. `per_day` is what the day allows, and
// not 0.
FanIn CountCompanions(const SeenCompanions& seen, const Companions& companions,
                      int64_t now_micros, int per_day);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_QUARANTINE_FAN_IN_H_
