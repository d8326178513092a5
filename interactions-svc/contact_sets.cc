#include "interactions-svc/contact_sets.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace kith::interactions {

std::vector<base::Uuid> MembersOf(const common::v1::ContactSet& set) {
  std::vector<base::Uuid> members;
  for (const std::string& id : set.contact_ids()) {
    members.push_back(*base::Uuid::Parse(id));
  }
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

std::string JoinedBytes(const std::vector<base::Uuid>& contact_ids) {
  std::string bytes;
  for (const base::Uuid& id : contact_ids) absl::StrAppend(&bytes, id.bytes());
  return bytes;
}

}  // namespace kith::interactions
