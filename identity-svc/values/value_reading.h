#ifndef KITH_IDENTITY_SVC_VALUES_VALUE_READING_H_
#define KITH_IDENTITY_SVC_VALUES_VALUE_READING_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "kith/config/v1/config.pb.h"
#include "kith/identity/v1/identity.pb.h"

namespace kith::identity {

// The version of the rules by which values are read, which each identity is
// stored with. Raise it with each change by which any value may be read
// otherwise or refused: `identity-svc --reread_values` then reads anew what was
// stored before.
constexpr int kReadingRules = 5;

// What a channel value as typed means to a tenant.
struct Reading {
  // Has channel, namespace, value and normalized_value. Also identity_key,
  // except for a SOCIAL or EXTERNAL value without namespace: that may be
  // several identities.
  v1::Identity identity;

  // Of a SOCIAL value without namespace: the normalized_value in networks whose
  // names have case; empty if it is the same.
  std::string exact_value;

  // Why the value is refused as an identity, in words; empty if it is not
  // refused.
  std::string refusal;

  // Why the value is read so, as a sentence for people without a full stop.
  std::string why;
};

// Returns the id of a value as 32 hex digits: the first 16 bytes of SHA-256
// over "<length>:<text>" of each of the channel's name ("phone", "email",
// "social", "visitor", "external"), the namespace and the normalised value. The
// lengths are decimal numbers of bytes. This must never change, since it is the
// key of rows.
std::string IdentityKey(v1::Channel channel, absl::string_view name_space,
                        absl::string_view normalized);

// Reads a value whose channel is set. A pure function, as are the following.
Reading Read(const v1::ChannelValue& value, const config::v1::Tenant& tenant);

// Returns all readings that a value may have: one if its channel is set; else
// those that its form and its namespace allow. The address of a profile is a
// handle of that network alone.
std::vector<Reading> ReadAny(const v1::ChannelValue& value,
                             const config::v1::Tenant& tenant);

// Returns the identity that differs from a phone in the one digit that numbers
// of its country are written with and without (VariantOfNumber): it may be the
// same line. nullopt if there is none. Has channel, normalized_value and
// identity_key.
std::optional<v1::Identity> VariantOf(const v1::Identity& identity);

// Returns true if a SOCIAL value without namespace is the identity with this
// key in one of the networks that are known.
bool IsInKnownNetwork(const Reading& reading, absl::string_view key);

// Returns true if values of the channel have no meaning without a namespace.
bool NeedsNamespace(v1::Channel channel);

// Returns a value in words, such as "phone +14155552671" or "shop id C-1001".
std::string InWords(const v1::Identity& identity);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_VALUES_VALUE_READING_H_
