#include "identity-svc/held_keys.h"

#include <iterator>

#include "common/status/status_macros.h"
#include "identity-svc/holding_row.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;

// Adds to each set what its seeks have found; keeps one more than `limit`.
void AddKeys(const std::vector<KeysSeek>& seeks,
             const std::vector<size_t>& set_of_seek,
             const std::vector<std::vector<std::string>>& keys, int32_t limit,
             std::vector<HeldKeys>& held) {
  for (size_t i = 0; i < seeks.size(); ++i) {
    HeldKeys& of_set = held[set_of_seek[i]];
    for (const std::string& key : keys[i]) {
      of_set.emplace(key, seeks[i].contact_id);
    }
    while (of_set.size() > static_cast<size_t>(limit) + 1) {
      of_set.erase(std::prev(of_set.end()));
    }
  }
}

}  // namespace

absl::StatusOr<std::vector<HeldKeys>> SelectHeld(
    const Tx& tx, const std::vector<MemberSet>& sets, int32_t limit,
    bool include_past) {
  std::vector<KeysSeek> seeks;
  std::vector<size_t> set_of_seek;
  for (size_t i = 0; i < sets.size(); ++i) {
    const std::set<Uuid> members(sets[i].contact_ids.begin(),
                                 sets[i].contact_ids.end());
    for (const Uuid& member : members) {
      seeks.push_back({member, sets[i].after_key});
      set_of_seek.push_back(i);
    }
  }
  std::vector<HeldKeys> held(sets.size());
  KITH_ASSIGN_OR_RETURN(const auto keys,
                        SelectKeysOfContacts(tx, seeks, limit + 1));
  AddKeys(seeks, set_of_seek, keys, limit, held);
  if (!include_past) return held;
  KITH_ASSIGN_OR_RETURN(const auto past,
                        SelectPastKeysOfContacts(tx, seeks, limit + 1));
  AddKeys(seeks, set_of_seek, past, limit, held);
  return held;
}

}  // namespace kith::identity
