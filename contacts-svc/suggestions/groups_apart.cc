#include "contacts-svc/suggestions/groups_apart.h"

#include <algorithm>

#include "common/status/status_macros.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/groups/not_same_row.h"

namespace kith::contacts {

absl::StatusOr<bool> GroupsApart::Are(const ContactRow& one,
                                      const ContactRow& other) {
  // Where it was said of the two of a suggestion, that is not open.
  if (one.alone() && other.alone()) return false;
  const auto [known, is_new] =
      known_.emplace(std::minmax(one.id, other.id), false);
  if (!is_new) return known->second;
  KITH_RETURN_IF_ERROR(ReadMembers(one));
  KITH_RETURN_IF_ERROR(ReadMembers(other));
  const std::vector<base::Uuid>& some = members_.at(one.id);
  const std::vector<base::Uuid>& others = members_.at(other.id);
  const bool smaller = some.size() < others.size();
  KITH_ASSIGN_OR_RETURN(known->second, AnyNotSame(tx_, smaller ? some : others,
                                                  smaller ? others : some));
  return known->second;
}

absl::Status GroupsApart::ReadMembers(const ContactRow& canonical) {
  if (members_.contains(canonical.id)) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(std::vector<base::Uuid> members,
                        SelectMembers(tx_, canonical));
  members_read_ += static_cast<int64_t>(members.size());
  members_[canonical.id] = std::move(members);
  return absl::OkStatus();
}

}  // namespace kith::contacts
