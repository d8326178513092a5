#ifndef KITH_IDENTITY_SVC_VALUES_VALUE_READING_H_
#define KITH_IDENTITY_SVC_VALUES_VALUE_READING_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "kith/config/v1/config.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// What a channel value as typed means to a tenant.
struct Reading {
  // channel, namespace, value and normalized_value are set. So is
  // identity_key, save for a SOCIAL or EXTERNAL value without a namespace:
  // such a one may be several identities.
  v1::Identity identity;

  // Why it is nobody's identity, in words; empty where it may be one.
  std::string refusal;
};

// The id of a value, as 32 hex digits: the first 16 bytes of SHA-256 over
// "<length>:<text>" of each of the channel's name ("phone", "email", "social",
// "visitor", "external"), the namespace and the normalised value, the lengths
// being decimal numbers of bytes. Never changes: rows are found by it.
std::string IdentityKey(v1::Channel channel, absl::string_view name_space,
                        absl::string_view normalized);

// Reads a value whose channel is set. A pure function, like all of these.
Reading Read(const v1::ChannelValue& value, const config::v1::Tenant& tenant);

// Every reading that a value may have. One where its channel is set; else all
// that its look and its namespace allow.
std::vector<Reading> ReadAny(const v1::ChannelValue& value,
                             const config::v1::Tenant& tenant);

// Whether values of the channel mean nothing without a namespace.
bool NeedsNamespace(v1::Channel channel);

// A value in words, such as "phone +14155552671" or "shop id C-1001".
std::string InWords(const v1::Identity& identity);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_VALUE_READING_H_
