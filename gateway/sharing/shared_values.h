#ifndef KITH_GATEWAY_SHARING_SHARED_VALUES_H_
#define KITH_GATEWAY_SHARING_SHARED_VALUES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "kith/identity/v1/consent.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::gateway {

// What follows from values that several people share, and from the stand-in
// contacts of these values. Pure functions.

using IdentityList = google::protobuf::RepeatedPtrField<identity::v1::Identity>;
using PossibleCustomers =
    google::protobuf::RepeatedPtrField<v1::PossibleCustomer>;

// Returns FAILED_PRECONDITION with the reason STAND_IN if `contact`, which the
// request's `field` names, is a stand-in: it holds nothing but a shared value.
absl::Status CheckNoStandIn(absl::string_view field,
                            const contacts::v1::Contact& contact);

// Returns the stand-ins of the values that the holders of `identities` share,
// each once, in the order of the identities.
std::vector<std::string> StandInsOf(const IdentityList& identities);

// Returns the contacts who share one of the values, each once.
std::vector<std::string> SharersOf(const IdentityList& identities);

// Returns the contacts who share values by which the words of a customer allow
// a contact, if a refusal could stop it, each once: the words of those whom
// they are merged with count as well. Without those of the customer's own
// group.
std::vector<std::string> SharersAllowed(
    const identity::v1::MayContactResponse& words,
    const contacts::v1::Contact& customer);

// Returns the groups of these contacts, each once, but for those of one
// contact, whose words count without them.
std::vector<identity::v1::SharingGroup> SharingGroupsOf(
    const std::vector<std::string>& contact_ids,
    const absl::flat_hash_map<std::string, contacts::v1::Contact>& contacts);

// Adds the customers of contacts, in their order, each group once: merged
// contacts are one customer. Leaves out contacts that are not in `contacts`,
// and those beyond the 20th customer.
void AddPossible(
    const std::vector<std::string>& contact_ids,
    const absl::flat_hash_map<std::string, contacts::v1::Contact>& contacts,
    PossibleCustomers& possible);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_SHARING_SHARED_VALUES_H_
