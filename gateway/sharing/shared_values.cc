#include "gateway/sharing/shared_values.h"

#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/status/rpc_status.h"

namespace kith::gateway {
namespace {

// As many as may share a value.
constexpr int kMaxPossible = 20;

}  // namespace

absl::Status CheckNoStandIn(absl::string_view field,
                            const contacts::v1::Contact& contact) {
  if (!contact.stand_in()) return absl::OkStatus();
  return status::WithReason(
      "STAND_IN",
      absl::FailedPreconditionError(absl::StrCat(
          field,
          ": is the stand-in contact of a shared value, which holds no other; "
          "want one of those who share it")));
}

std::vector<std::string> StandInsOf(const IdentityList& identities) {
  std::vector<std::string> ids;
  for (const identity::v1::Identity& identity : identities) {
    const std::string& id = identity.stand_in_contact_id();
    // The stand-in itself holds the value, and is nobody who shares it.
    if (id.empty() || id == identity.contact_id()) continue;
    if (!absl::c_linear_search(ids, id)) ids.push_back(id);
  }
  return ids;
}

std::vector<std::string> SharersOf(const IdentityList& identities) {
  std::vector<std::string> ids;
  for (const identity::v1::Identity& identity : identities) {
    for (const std::string& id : identity.sharing_contact_ids()) {
      if (!absl::c_linear_search(ids, id)) ids.push_back(id);
    }
  }
  return ids;
}

std::vector<std::string> SharersAllowed(
    const identity::v1::MayContactResponse& words,
    const contacts::v1::Contact& customer) {
  std::vector<std::string> ids;
  for (const identity::v1::ContactPermission& each : words.permissions()) {
    if (each.answer() != identity::v1::MAY_CONTACT_ANSWER_YES ||
        each.reason() == identity::v1::MAY_CONTACT_REASON_PURPOSE_PASSES) {
      continue;
    }
    for (const std::string& id : each.sharing_contact_ids()) {
      if (absl::c_linear_search(customer.member_ids(), id)) continue;
      if (!absl::c_linear_search(ids, id)) ids.push_back(id);
    }
  }
  return ids;
}

std::vector<identity::v1::SharingGroup> SharingGroupsOf(
    const std::vector<std::string>& contact_ids,
    const absl::flat_hash_map<std::string, contacts::v1::Contact>& contacts) {
  std::vector<identity::v1::SharingGroup> groups;
  std::set<std::string> seen;
  for (const std::string& id : contact_ids) {
    const auto contact = contacts.find(id);
    if (contact == contacts.end() || contact->second.member_ids_size() < 2 ||
        !seen.insert(contact->second.canonical_id()).second) {
      continue;
    }
    *groups.emplace_back().mutable_contact_ids() = contact->second.member_ids();
  }
  return groups;
}

void AddPossible(
    const std::vector<std::string>& contact_ids,
    const absl::flat_hash_map<std::string, contacts::v1::Contact>& contacts,
    PossibleCustomers& possible) {
  std::set<std::string> seen;
  for (const std::string& id : contact_ids) {
    if (possible.size() == kMaxPossible) break;
    const auto contact = contacts.find(id);
    if (contact == contacts.end()) continue;
    if (!seen.insert(contact->second.canonical_id()).second) continue;
    v1::PossibleCustomer& customer = *possible.Add();
    customer.set_contact_id(id);
    customer.set_canonical_id(contact->second.canonical_id());
    customer.set_display_name(contact->second.display_name());
  }
}

}  // namespace kith::gateway
