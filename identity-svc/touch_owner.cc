#include "identity-svc/touch_owner.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace kith::identity {
namespace {

using base::Uuid;

// True if the contact may get all values of the touch that nobody holds, being
// found by `found`, which it holds.
bool MayGetTheRest(absl::Span<const CountedValue> values,
                   const CountedValue& found_by, const HolderFacts& facts) {
  const Strength found = StrengthOf(found_by.kind);
  const bool anonymous = facts.anonymous && !found_by.ended;
  std::map<ValueKind, int> held = facts.held;
  for (const CountedValue& value : values) {
    if (value.holder.has_value()) continue;
    const Strength strength = StrengthOf(value.kind);
    if (strength > found && !anonymous) return false;
    const int count = ++held[value.kind];
    if (strength == Strength::kAccount && count > 1) return false;
    if (strength == Strength::kAddress && found == Strength::kAddress &&
        count > kMaxAddressesByTouch) {
      return false;
    }
  }
  return true;
}

}  // namespace

ValueKind KindOf(const v1::Identity& identity) {
  return {.channel = identity.channel(),
          .name_space = identity.namespace_(),
          .is_phone_text = identity.channel() == v1::CHANNEL_PHONE &&
                           !absl::StartsWith(identity.normalized_value(), "+")};
}

Strength StrengthOf(const ValueKind& kind) {
  switch (kind.channel) {
    case v1::CHANNEL_EXTERNAL:
      return Strength::kAccount;
    case v1::CHANNEL_PHONE:
      return kind.is_phone_text ? Strength::kDevice : Strength::kAddress;
    case v1::CHANNEL_EMAIL:
    case v1::CHANNEL_SOCIAL:
      return Strength::kAddress;
    default:
      return Strength::kDevice;
  }
}

std::optional<Uuid> OwnerOfTouch(absl::Span<const CountedValue> values,
                                 const FactsByHolder& facts) {
  std::vector<const CountedValue*> held;
  for (const CountedValue& value : values) {
    if (value.holder.has_value()) held.push_back(&value);
  }
  std::stable_sort(held.begin(), held.end(),
                   [](const CountedValue* a, const CountedValue* b) {
                     return StrengthOf(a->kind) > StrengthOf(b->kind);
                   });
  static const HolderFacts* const unknown = new HolderFacts();
  for (const CountedValue* value : held) {
    const auto it = facts.find(*value->holder);
    if (MayGetTheRest(values, *value,
                      it == facts.end() ? *unknown : it->second)) {
      return value->holder;
    }
  }
  return std::nullopt;
}

}  // namespace kith::identity
