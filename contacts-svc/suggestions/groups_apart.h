#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_GROUPS_APART_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_GROUPS_APART_H_

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "contacts-svc/members/contact_row.h"

namespace kith::contacts {

// Of which groups a person has said that they are not one: of any member of the
// one and any of the other. Reads each group once, on the caller's snapshot.
class GroupsApart {
 public:
  // `session` outlives it.
  GroupsApart(mysql::Session& session, uint64_t tenant_id)
      : session_(session), tenant_id_(tenant_id) {}

  // Whether it was said of these two, by their canonical rows. Asks nothing
  // where both are alone.
  absl::StatusOr<bool> Are(const ContactRow& one, const ContactRow& other);

  // Of all groups together.
  int64_t members_read() const { return members_read_; }

 private:
  absl::Status ReadMembers(const ContactRow& canonical);

  mysql::Session& session_;
  const uint64_t tenant_id_;
  absl::flat_hash_map<base::Uuid, std::vector<base::Uuid>> members_;
  int64_t members_read_ = 0;
  // By their canonical ids, the lower one first.
  std::map<std::pair<base::Uuid, base::Uuid>, bool> known_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_GROUPS_APART_H_
