#include "contacts-svc/suggestions/match_finder.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "common/status/status_macros.h"
#include "contacts-svc/suggestions/match_key_row.h"
#include "contacts-svc/suggestions/match_rules.h"
#include "contacts-svc/suggestions/suggestion_row.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

// Adds those who have a key to `others`. Returns false, and adds nobody, if
// there are too many.
absl::StatusOr<bool> AddOthers(const Tx& tx, const std::string& key,
                               const Uuid& id, std::set<Uuid>& others) {
  KITH_ASSIGN_OR_RETURN(const std::vector<Uuid> matching,
                        SelectMatching(tx, key, id));
  if (matching.size() > kMaxMatches) return false;
  others.insert(matching.begin(), matching.end());
  return true;
}

// Locks those of the keys that say something: nobody waits in line for one that
// says nothing. A key and its OtherKey have one lock.
absl::Status LockKeys(const Tx& tx, const std::set<std::string>& keys,
                      const Uuid& id) {
  std::set<std::string> locked;
  for (const std::string& key : keys) {
    std::set<Uuid> others;
    KITH_ASSIGN_OR_RETURN(const bool says, AddOthers(tx, key, id, others));
    if (says) locked.insert(std::min(key, OtherKey(key)));
  }
  for (const std::string& key : locked) {
    KITH_RETURN_IF_ERROR(LockMatchKey(tx, key));
  }
  return absl::OkStatus();
}

}  // namespace

std::set<std::string> MatchKeysOf(const v1::Contact& contact) {
  std::set<std::string> keys;
  // It is nobody, and so nobody's double.
  if (contact.stand_in()) return keys;
  for (Match& match : MatchesOf(contact)) {
    keys.insert(std::move(match.kept_key));
  }
  return keys;
}

absl::Status FindMatches(const Tx& tx, const v1::Contact& before,
                         const ContactRow& row) {
  const std::set<std::string> old_keys = MatchKeysOf(before);
  const std::set<std::string> keys = MatchKeysOf(row.contact);
  for (const std::string& key : old_keys) {
    if (keys.contains(key)) continue;
    KITH_RETURN_IF_ERROR(DeleteMatchKey(tx, key, row.id));
  }
  std::set<std::string> new_keys;
  std::set_difference(keys.begin(), keys.end(), old_keys.begin(),
                      old_keys.end(), std::inserter(new_keys, new_keys.end()));
  return AddMatches(tx, new_keys, row.id);
}

absl::Status AddMatches(const Tx& tx, const std::set<std::string>& keys,
                        const Uuid& id) {
  KITH_RETURN_IF_ERROR(LockKeys(tx, keys, id));
  std::set<Uuid> others;
  for (const std::string& key : keys) {
    KITH_RETURN_IF_ERROR(AddMatchKey(tx, key, id));
    KITH_ASSIGN_OR_RETURN(const bool says, AddOthers(tx, key, id, others));
    if (!says) continue;
    KITH_RETURN_IF_ERROR(AddOthers(tx, OtherKey(key), id, others).status());
  }
  return AddSuggestions(tx, id, {others.begin(), others.end()});
}

}  // namespace kith::contacts
