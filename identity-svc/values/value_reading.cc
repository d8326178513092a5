#include "identity-svc/values/value_reading.h"

#include <cstdint>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "identity-svc/values/email.h"
#include "identity-svc/values/form.h"
#include "identity-svc/values/handle.h"
#include "identity-svc/values/networks.h"
#include "identity-svc/values/phone.h"
#include "identity-svc/values/phone_number.h"
#include "identity-svc/values/placeholders.h"
#include "identity-svc/values/text.h"

namespace kith::identity {
namespace {

// What the column holds.
constexpr size_t kMaxNormalizedBytes = 1280;

// Fewer digits are no phone number, unless somebody says so.
constexpr int kFewestPhoneDigits = 3;

// Part of every identity key.
absl::string_view ChannelName(v1::Channel channel) {
  switch (channel) {
    case v1::CHANNEL_PHONE:
      return "phone";
    case v1::CHANNEL_EMAIL:
      return "email";
    case v1::CHANNEL_SOCIAL:
      return "social";
    case v1::CHANNEL_VISITOR:
      return "visitor";
    case v1::CHANNEL_EXTERNAL:
      return "external";
    default:
      return "";
  }
}

std::string Prefixed(absl::string_view text) {
  return absl::StrCat(text.size(), ":", text);
}

// Of digits of any script.
int64_t CountDigitsIn(absl::string_view text) {
  return absl::c_count_if(AsciiDigits(CleanText(text)), absl::ascii_isdigit);
}

Form ReadForm(const v1::ChannelValue& value, absl::string_view name_space,
              const config::v1::Tenant& tenant) {
  switch (value.channel()) {
    case v1::CHANNEL_PHONE:
      if (tenant.internal_phone_names() && CountDigitsIn(value.value()) == 0) {
        return {.normalized = CleanText(value.value()),
                .why = "the name of an internal line, matched as a text"};
      }
      return ReadPhone(value.value(), tenant.region());
    case v1::CHANNEL_EMAIL:
      return ReadEmail(value.value());
    case v1::CHANNEL_SOCIAL:
      return ReadHandle(value.value(), name_space);
    default:
      return {.normalized = Trim(value.value()),
              .why = "matched to the letter"};
  }
}

}  // namespace

std::string IdentityKey(v1::Channel channel, absl::string_view name_space,
                        absl::string_view normalized) {
  const std::string digest =
      base::Sha256(absl::StrCat(Prefixed(ChannelName(channel)),
                                Prefixed(name_space), Prefixed(normalized)));
  return absl::BytesToHexString(absl::string_view(digest).substr(0, 16));
}

std::optional<v1::Identity> VariantOf(const v1::Identity& identity) {
  if (identity.channel() != v1::CHANNEL_PHONE) return std::nullopt;
  const absl::string_view value = identity.normalized_value();
  const absl::string_view number = value.substr(0, value.find(';'));
  const std::string variant = VariantOfNumber(number);
  if (variant.empty()) return std::nullopt;
  v1::Identity other;
  other.set_channel(v1::CHANNEL_PHONE);
  other.set_normalized_value(
      absl::StrCat(variant, value.substr(number.size())));
  other.set_identity_key(
      IdentityKey(v1::CHANNEL_PHONE, "", other.normalized_value()));
  return other;
}

bool IsInKnownNetwork(const Reading& reading, absl::string_view key) {
  const std::string& name = reading.exact_value.empty()
                                ? reading.identity.normalized_value()
                                : reading.exact_value;
  return absl::c_any_of(Networks(), [&](const Network& network) {
    return IdentityKey(v1::CHANNEL_SOCIAL, network.name,
                       MatchedName(&network, name)) == key;
  });
}

bool NeedsNamespace(v1::Channel channel) {
  return channel == v1::CHANNEL_SOCIAL || channel == v1::CHANNEL_EXTERNAL;
}

Reading Read(const v1::ChannelValue& value, const config::v1::Tenant& tenant) {
  std::string name_space = absl::AsciiStrToLower(value.namespace_());
  if (value.channel() == v1::CHANNEL_SOCIAL) {
    name_space = HandleNamespace(name_space);
  }
  Form form = ReadForm(value, name_space, tenant);
  // Folding and composing can make a few rare letters longer.
  if (form.normalized.size() > kMaxNormalizedBytes) {
    form.normalized = value.value();
  }
  Reading reading;
  v1::Identity& identity = reading.identity;
  identity.set_channel(value.channel());
  identity.set_namespace_(name_space);
  identity.set_value(value.value());
  identity.set_normalized_value(form.normalized);
  if (!NeedsNamespace(value.channel()) || !name_space.empty()) {
    identity.set_identity_key(
        IdentityKey(value.channel(), name_space, form.normalized));
  }
  reading.exact_value = std::move(form.exact);
  reading.refusal = PlaceholderReason(identity, form, tenant);
  if (reading.refusal.empty()) reading.refusal = form.refusal;
  reading.why = std::move(form.why);
  return reading;
}

std::vector<Reading> ReadAny(const v1::ChannelValue& value,
                             const config::v1::Tenant& tenant) {
  if (value.channel() != v1::CHANNEL_UNSPECIFIED) return {Read(value, tenant)};
  std::vector<Reading> readings;
  const auto read_as = [&](v1::Channel channel) {
    v1::ChannelValue typed = value;
    typed.set_channel(channel);
    if (channel == v1::CHANNEL_SOCIAL && typed.namespace_().empty()) {
      typed.set_namespace_(NamespaceOfProfile(typed.value()));
    }
    readings.push_back(Read(typed, tenant));
  };
  if (value.namespace_().empty()) {
    if (CountDigitsIn(value.value()) >= kFewestPhoneDigits) {
      read_as(v1::CHANNEL_PHONE);
    }
    if (LooksLikeEmail(CleanText(value.value()))) {
      read_as(v1::CHANNEL_EMAIL);
    }
    read_as(v1::CHANNEL_VISITOR);
  }
  read_as(v1::CHANNEL_SOCIAL);
  read_as(v1::CHANNEL_EXTERNAL);
  return readings;
}

std::string InWords(const v1::Identity& identity) {
  const std::string& value = identity.normalized_value();
  switch (identity.channel()) {
    case v1::CHANNEL_PHONE:
      return absl::StrCat("phone ", value);
    case v1::CHANNEL_EMAIL:
      return absl::StrCat("e-mail ", value);
    case v1::CHANNEL_SOCIAL:
      return absl::StrCat(identity.namespace_(), " handle ", value);
    case v1::CHANNEL_VISITOR:
      return absl::StrCat("visitor ", value);
    default:
      return absl::StrCat(identity.namespace_(), " id ", value);
  }
}

}  // namespace kith::identity
