#ifndef KITH_CONTACTS_SVC_GROUPS_MERGE_HISTORY_H_
#define KITH_CONTACTS_SVC_GROUPS_MERGE_HISTORY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// A place in the history of a group: an edge, under the contact that shows it.
struct HistoryPlace {
  base::Uuid contact;
  int64_t order = 0;
};

struct HistoryPage {
  base::Uuid canonical_id;
  std::vector<v1::MergeEdge> edges;
  // The last edge's; nullopt on the last page.
  std::optional<HistoryPlace> last;
};

// At most `limit` edges at the members of a contact's group behind `after`, on
// one snapshot. An edge shows under its survivor; where that is no member any
// more, under the other. NOT_FOUND where there is no such contact.
absl::StatusOr<HistoryPage> ReadHistory(
    mysql::Session& session, uint64_t tenant_id, const base::Uuid& id,
    const std::optional<HistoryPlace>& after, int32_t limit);

// The place as text, and back; nullopt where it is none.
std::string WritePlace(const HistoryPlace& place);
std::optional<HistoryPlace> ReadPlace(absl::string_view text);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_GROUPS_MERGE_HISTORY_H_
