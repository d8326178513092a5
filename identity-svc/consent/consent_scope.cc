#include "identity-svc/consent/consent_scope.h"

namespace kith::identity {
namespace {

template <typename Message>
ConsentScope ScopeFrom(const Message& message) {
  return {.identity_key = message.identity_key(),
          .channel = message.channel(),
          .purpose = message.purpose(),
          .topic = message.topic()};
}

bool CoversValue(const ConsentScope& outer, const ConsentScope& inner) {
  if (!outer.identity_key.empty()) {
    return outer.identity_key == inner.identity_key;
  }
  return outer.channel == v1::CHANNEL_UNSPECIFIED ||
         outer.channel == inner.channel;
}

}  // namespace

ConsentScope ScopeOf(const v1::Consent& record) { return ScopeFrom(record); }

ConsentScope ScopeOf(const internal::v1::ConsentEntry& entry) {
  return ScopeFrom(entry);
}

bool Covers(v1::ConsentPurpose outer, v1::ConsentPurpose inner) {
  if (outer != v1::CONSENT_PURPOSE_ALL) return outer == inner;
  return inner != v1::CONSENT_PURPOSE_UNSPECIFIED && !AlwaysPasses(inner);
}

bool Covers(const ConsentScope& outer, const ConsentScope& inner) {
  return CoversValue(outer, inner) && Covers(outer.purpose, inner.purpose) &&
         (outer.topic.empty() || outer.topic == inner.topic);
}

bool NeedsGrant(v1::ConsentPurpose purpose) {
  return purpose == v1::CONSENT_PURPOSE_MARKETING ||
         purpose == v1::CONSENT_PURPOSE_SHARE;
}

bool AlwaysPasses(v1::ConsentPurpose purpose) {
  return purpose == v1::CONSENT_PURPOSE_SERVICE ||
         purpose == v1::CONSENT_PURPOSE_TRANSACTION;
}

}  // namespace kith::identity
