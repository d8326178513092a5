#ifndef KITH_GATEWAY_FLOWS_COMPANIONS_H_
#define KITH_GATEWAY_FLOWS_COMPANIONS_H_

#include <string>

#include "kith/contacts/v1/contact.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::gateway {

// What identity-svc says of contacts who may be the same customer, as
// contacts-svc suggests them. Pure functions.

// Returns a contact that holds a value of the touch, which is another's. The
// value is told as first typed: "phone (415) 555-2671".
contacts::v1::Companion CompanionOf(const std::string& contact_id,
                                    const identity::v1::Identity& identity);

// Returns the contact of a candidate. Values are told as they are matched, so
// that people see how they differ: "phone +541123456789".
contacts::v1::Companion CompanionOf(
    const identity::v1::IdentityCandidate& candidate);

// Returns a value as typed, with its kind: "email ada@example.com".
std::string InWords(const identity::v1::ChannelValue& value);

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_COMPANIONS_H_
