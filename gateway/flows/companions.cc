#include "gateway/flows/companions.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace kith::gateway {
namespace {

// `Value` has a channel and a namespace.
template <typename Value>
std::string KindInWords(const Value& value) {
  return absl::AsciiStrToLower(
      value.namespace_().empty()
          ? absl::StripPrefix(identity::v1::Channel_Name(value.channel()),
                              "CHANNEL_")
          : absl::string_view(value.namespace_()));
}

std::string AsMatched(const identity::v1::Identity& identity) {
  return absl::StrCat(KindInWords(identity), " ", identity.normalized_value());
}

}  // namespace

contacts::v1::Companion CompanionOf(const std::string& contact_id,
                                    const identity::v1::Identity& identity) {
  contacts::v1::Companion companion;
  companion.set_contact_id(contact_id);
  companion.set_value(
      absl::StrCat(KindInWords(identity), " ", identity.value()));
  return companion;
}

contacts::v1::Companion CompanionOf(
    const identity::v1::IdentityCandidate& candidate) {
  contacts::v1::Companion companion;
  companion.set_contact_id(candidate.identity().contact_id());
  companion.set_value(AsMatched(candidate.identity()));
  if (candidate.reason() == identity::v1::CANDIDATE_REASON_PHONE_VARIANT) {
    companion.set_reason(contacts::v1::COMPANION_REASON_PHONE_VARIANT);
    companion.set_own_value(AsMatched(candidate.own_identity()));
  } else if (candidate.reason() ==
             identity::v1::CANDIDATE_REASON_FORMER_HOLDER) {
    companion.set_reason(contacts::v1::COMPANION_REASON_FORMER_HOLDER);
  }
  return companion;
}

std::string InWords(const identity::v1::ChannelValue& value) {
  return absl::StrCat(KindInWords(value), " ", value.value());
}

}  // namespace kith::gateway
