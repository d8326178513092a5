#include "gateway/watch/change_contacts.h"

#include <string>

namespace kith::gateway {

using changes::v1::Change;

std::vector<absl::string_view> ContactsOf(const Change& change) {
  std::vector<absl::string_view> ids;
  const auto add_ends = [&ids](const auto& edges) {
    for (const changes::v1::Edge& edge : edges) {
      ids.emplace_back(edge.survivor_id());
      ids.emplace_back(edge.absorbed_id());
    }
  };
  switch (change.what_case()) {
    case Change::kContactsMerged:
      add_ends(change.contacts_merged().edges());
      break;
    case Change::kContactsUnmerged:
      add_ends(change.contacts_unmerged().edges());
      break;
    case Change::kIdentityLinked:
      ids.emplace_back(change.identity_linked().contact_id());
      break;
    case Change::kIdentityUnlinked:
      ids.emplace_back(change.identity_unlinked().contact_id());
      break;
    case Change::kIdentityQuarantined:
      ids.emplace_back(change.identity_quarantined().contact_id());
      break;
    case Change::kIdentityReleased:
      ids.emplace_back(change.identity_released().contact_id());
      break;
    case Change::kIdentitySharingChanged: {
      const auto& sharing = change.identity_sharing_changed();
      ids.emplace_back(sharing.stand_in_contact_id());
      for (const std::string& id : sharing.sharing_contact_ids()) {
        ids.emplace_back(id);
      }
      for (const std::string& id : sharing.removed_contact_ids()) {
        ids.emplace_back(id);
      }
      break;
    }
    default:
      ids.emplace_back(change.owner());
  }
  return ids;
}

bool ChangesGroup(const Change& change) {
  return change.has_contacts_merged() || change.has_contacts_unmerged();
}

}  // namespace kith::gateway
