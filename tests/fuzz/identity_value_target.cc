// Channel values as typed (identity-svc/values). The first byte of the input
// is how it is read, the rest what was typed.

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "identity-svc/values/text.h"
#include "identity-svc/values/value_reading.h"
#include "kith/config/v1/config.pb.h"
#include "kith/identity/v1/identity.pb.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

constexpr int64_t kMostTypedCharacters = 320;
// What the column holds.
constexpr size_t kMostNormalizedBytes = 1280;

constexpr absl::string_view kRegions[] = {"US", "DE", "BR", "IT"};
constexpr absl::string_view kSocial[] = {"x", "linkedin", "mastodon",
                                         "whatsapp"};

int64_t CharactersOf(absl::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (c & 0xC0) != 0x80; });
}

config::v1::Tenant TenantIn(absl::string_view region) {
  config::v1::Tenant tenant;
  tenant.set_id(1);
  tenant.set_region(std::string(region));
  return tenant;
}

void CheckReading(const identity::Reading& reading) {
  const std::string& normalized = reading.identity.normalized_value();
  Require(normalized.size() <= kMostNormalizedBytes,
          "the column holds each normalised value");
  Require(identity::IsUtf8(normalized) && identity::IsUtf8(reading.why) &&
              identity::IsUtf8(reading.refusal) &&
              identity::IsUtf8(reading.exact_value),
          "messages hold each text");
  const std::string& key = reading.identity.identity_key();
  Require(key.empty() || key.size() == 32, "a key has 32 digits");
}

// What a reading gives is read as itself: else a value that a caller takes from
// a reply would be somebody else's.
void CheckAgain(const identity::Reading& reading,
                const config::v1::Tenant& tenant) {
  if (!reading.refusal.empty()) return;
  identity::v1::ChannelValue typed;
  typed.set_channel(reading.identity.channel());
  typed.set_namespace_(reading.identity.namespace_());
  typed.set_value(reading.identity.normalized_value());
  const identity::Reading again = identity::Read(typed, tenant);
  Require(
      again.identity.normalized_value() == reading.identity.normalized_value(),
      "a normalised value is read as itself");
  Require(again.identity.identity_key() == reading.identity.identity_key(),
          "a normalised value has the same key");
}

void CheckVariant(const identity::v1::Identity& identity) {
  const auto variant = identity::VariantOf(identity);
  if (!variant.has_value()) return;
  Require(variant->identity_key() != identity.identity_key(),
          "a variant is another number");
  const auto back = identity::VariantOf(*variant);
  Require(back.has_value() && back->identity_key() == identity.identity_key(),
          "a number is the variant of its variant");
}

}  // namespace

void FuzzIdentityValue(absl::string_view input) {
  if (input.empty()) return;
  const auto how = static_cast<unsigned char>(input[0]);
  const absl::string_view text = input.substr(1);
  // Nothing else is let in.
  if (text.empty() || !identity::IsUtf8(text) ||
      CharactersOf(text) > kMostTypedCharacters) {
    return;
  }
  const config::v1::Tenant tenant = TenantIn(kRegions[how / 6 % 4]);
  identity::v1::ChannelValue typed;
  typed.set_value(std::string(text));
  typed.set_channel(static_cast<identity::v1::Channel>(how % 6));
  if (typed.channel() == identity::v1::CHANNEL_SOCIAL) {
    typed.set_namespace_(std::string(kSocial[how / 24 % 4]));
  } else if (typed.channel() == identity::v1::CHANNEL_EXTERNAL) {
    typed.set_namespace_("shop");
  }
  for (const identity::Reading& reading : identity::ReadAny(typed, tenant)) {
    CheckReading(reading);
    CheckAgain(reading, tenant);
    CheckVariant(reading.identity);
  }
}

}  // namespace kith::fuzz
