#include "identity-svc/values/value_validation.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

constexpr int kMaxValueCharacters = 320;

void CheckNamespace(api::Violations& violations, absl::string_view field,
                    const v1::ChannelValue& value) {
  if (value.namespace_().empty()) return;
  if (value.channel() != v1::CHANNEL_UNSPECIFIED &&
      !NeedsNamespace(value.channel())) {
    violations.Add(field, "want none for this channel");
  } else if (!api::IsName(absl::AsciiStrToLower(value.namespace_()),
                          /*digit_first=*/true)) {
    violations.Add(field,
                   "want 1 to 64 of the characters a-z 0-9 _ . -, "
                   "beginning with a letter or a digit");
  }
}

}  // namespace

void CheckReadValue(api::Violations& violations, const std::string& field,
                    const v1::ChannelValue& value) {
  if (!v1::Channel_IsValid(value.channel())) {
    violations.Add(absl::StrCat(field, ".channel"),
                   absl::StrCat(value.channel(), " is not a value of it"));
  }
  CheckNamespace(violations, absl::StrCat(field, ".namespace"), value);
  const std::string text = absl::StrCat(field, ".value");
  if (value.value().empty())
    violations.Add(text, "empty, want 1 to 320 characters");
  violations.AtMost(text, value.value(), kMaxValueCharacters);
}

void CheckWriteValue(api::Violations& violations, const std::string& field,
                     const v1::ChannelValue& value) {
  CheckReadValue(violations, field, value);
  if (value.channel() == v1::CHANNEL_UNSPECIFIED) {
    violations.Add(absl::StrCat(field, ".channel"), "not set, want one");
  }
  if (NeedsNamespace(value.channel()) && value.namespace_().empty()) {
    violations.Add(absl::StrCat(field, ".namespace"),
                   "empty, want the network or system of the value");
  }
}

}  // namespace kith::identity
