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
using mysql::Session;

// Adds the contact to a key, and the others of the key to `others`.
absl::Status Add(Session& session, uint64_t tenant_id, const std::string& key,
                 const Uuid& id, std::set<Uuid>& others) {
  KITH_ASSIGN_OR_RETURN(std::vector<Uuid> matching,
                        SelectMatching(session, tenant_id, key, id));
  // Nobody waits in line for a key that says nothing.
  if (matching.size() > kMaxMatches) {
    return AddMatchKey(session, tenant_id, key, id);
  }
  KITH_RETURN_IF_ERROR(LockMatchKey(session, tenant_id, key));
  KITH_RETURN_IF_ERROR(AddMatchKey(session, tenant_id, key, id));
  KITH_ASSIGN_OR_RETURN(matching, SelectMatching(session, tenant_id, key, id));
  if (matching.size() <= kMaxMatches) {
    others.insert(matching.begin(), matching.end());
  }
  return absl::OkStatus();
}

}  // namespace

std::set<std::string> MatchKeysOf(const v1::Contact& contact) {
  std::set<std::string> keys;
  for (Match& match : MatchesOf(contact)) keys.insert(std::move(match.key));
  return keys;
}

absl::Status FindMatches(Session& session, uint64_t tenant_id,
                         const v1::Contact& before, const ContactRow& row,
                         absl::Time now) {
  const std::set<std::string> old_keys = MatchKeysOf(before);
  const std::set<std::string> keys = MatchKeysOf(row.contact);
  for (const std::string& key : old_keys) {
    if (keys.contains(key)) continue;
    KITH_RETURN_IF_ERROR(DeleteMatchKey(session, tenant_id, key, row.id));
  }
  std::set<std::string> new_keys;
  std::set_difference(keys.begin(), keys.end(), old_keys.begin(),
                      old_keys.end(), std::inserter(new_keys, new_keys.end()));
  return AddMatches(session, tenant_id, new_keys, row.id, now);
}

absl::Status AddMatches(Session& session, uint64_t tenant_id,
                        const std::set<std::string>& keys, const Uuid& id,
                        absl::Time now) {
  std::set<Uuid> others;
  for (const std::string& key : keys) {
    KITH_RETURN_IF_ERROR(Add(session, tenant_id, key, id, others));
  }
  return AddSuggestions(session, tenant_id, id, {others.begin(), others.end()},
                        now);
}

}  // namespace kith::contacts
