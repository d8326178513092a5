#include "gateway/watch/change_contacts.h"

#include <string>

#include "google/protobuf/repeated_field.h"

namespace kith::gateway {

using changes::v1::Change;

namespace {

void AddEnds(const google::protobuf::RepeatedPtrField<changes::v1::Edge>& edges,
             std::vector<absl::string_view>& ids) {
  for (const changes::v1::Edge& edge : edges) {
    ids.emplace_back(edge.survivor_id());
    ids.emplace_back(edge.absorbed_id());
  }
}

void AddSharers(const changes::v1::IdentitySharingChanged& sharing,
                std::vector<absl::string_view>& ids) {
  ids.emplace_back(sharing.stand_in_contact_id());
  ids.insert(ids.end(), sharing.sharing_contact_ids().begin(),
             sharing.sharing_contact_ids().end());
  ids.insert(ids.end(), sharing.removed_contact_ids().begin(),
             sharing.removed_contact_ids().end());
}

}  // namespace

std::vector<absl::string_view> ContactsOf(const Change& change) {
  std::vector<absl::string_view> ids;
  switch (change.what_case()) {
    case Change::kContactsMerged:
      AddEnds(change.contacts_merged().edges(), ids);
      break;
    case Change::kContactsUnmerged:
      AddEnds(change.contacts_unmerged().edges(), ids);
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
    case Change::kIdentitySharingChanged:
      AddSharers(change.identity_sharing_changed(), ids);
      break;
    default:
      ids.emplace_back(change.owner());
  }
  return ids;
}

bool ChangesGroup(const Change& change) {
  return change.has_contacts_merged() || change.has_contacts_unmerged();
}

}  // namespace kith::gateway
