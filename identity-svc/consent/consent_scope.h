#ifndef KITH_IDENTITY_SVC_CONSENT_CONSENT_SCOPE_H_
#define KITH_IDENTITY_SVC_CONSENT_CONSENT_SCOPE_H_

#include <string>

#include "kith/identity/v1/consent.pb.h"
#include "kith/internal/v1/consent.pb.h"

namespace kith::identity {

// What a record of consent is for, or what is asked for.
struct ConsentScope {
  // 32 hex digits; empty for a channel or for all of a contact.
  std::string identity_key = {};
  // The channel of the value, or the channel; unspecified for all.
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  v1::ConsentPurpose purpose = v1::CONSENT_PURPOSE_UNSPECIFIED;
  // Empty for all topics.
  std::string topic = {};

  friend bool operator==(const ConsentScope&, const ConsentScope&) = default;
};

ConsentScope ScopeOf(const v1::Consent& record);
ConsentScope ScopeOf(const internal::v1::ConsentEntry& entry);

// Returns true if the purpose of `outer` is or includes `inner`.
bool Covers(v1::ConsentPurpose outer, v1::ConsentPurpose inner);

// Returns true if `inner` is part of `outer`, in its value, purpose and topic.
bool Covers(const ConsentScope& outer, const ConsentScope& inner);

// Returns true if silence of the customer is a no.
bool NeedsGrant(v1::ConsentPurpose purpose);

// Returns true for SERVICE and TRANSACTION, which no refusal stops.
bool AlwaysPasses(v1::ConsentPurpose purpose);

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_CONSENT_CONSENT_SCOPE_H_
