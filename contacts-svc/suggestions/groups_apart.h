#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_GROUPS_APART_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_GROUPS_APART_H_

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "common/base/uuid.h"
#include "common/mysql/tx.h"
#include "contacts-svc/members/contact_row.h"

namespace kith::contacts {

// Pairs of groups that a person has marked NOT_SAME: two groups are apart if
// any member of one is marked not-same with any member of the other. Reads each
// group and each pair once; use it within one snapshot. Not thread-safe.
class GroupsApart {
 public:
  // `tx` must outlive the object.
  explicit GroupsApart(const mysql::Tx& tx) : tx_(tx) {}

  // Returns true if the groups of these canonical rows are apart. Returns false
  // without a statement if both groups have one member: an open suggestion has
  // no mark between its own two contacts.
  absl::StatusOr<bool> Are(const ContactRow& one, const ContactRow& other);

  // Number of members of all groups read so far.
  int64_t members_read() const { return members_read_; }

 private:
  absl::Status ReadMembers(const ContactRow& canonical);

  const mysql::Tx& tx_;
  absl::flat_hash_map<base::Uuid, std::vector<base::Uuid>> members_;
  int64_t members_read_ = 0;
  // The results so far, by the pair of canonical ids, the lower id first.
  std::map<std::pair<base::Uuid, base::Uuid>, bool> known_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_GROUPS_APART_H_
