// Page tokens (common/api/page_token.h). The input is a token, or the bytes of
// a position and then the binding.

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/api/page_token.h"
#include "kith/internal/v1/positions.pb.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

constexpr char kBinding[] = "ListContacts/1";
constexpr char kOtherTenant[] = "ListContacts/12";

// A token that may be anybody's.
void CheckPageToken(absl::string_view token) {
  const auto position = api::ReadPageToken(token, kBinding);
  if (!position.ok()) {
    Require(absl::IsInvalidArgument(position.status()), "one code for faults");
    return;
  }
  if (token.empty()) return;
  Require(!api::ReadPageToken(token, kOtherTenant).ok(),
          "a token reaches one tenant and one query");
  const std::string again = api::MakePageToken(*position, kBinding);
  Require(*api::ReadPageToken(again, kBinding) == *position,
          "a token that is made anew has the same position");
}

// Of the types that the services page by.
template <typename Position>
void CheckPosition(absl::string_view bytes) {
  const api::PageTokens<Position> tokens("ListContacts/", 1);
  const api::PageTokens<Position> others("ListContacts/", 12);
  const auto position =
      tokens.Read(api::MakePageToken(bytes, "ListContacts/1"));
  Position parsed;
  Require(position.ok() == parsed.ParseFromArray(
                               bytes.data(), static_cast<int>(bytes.size())),
          "a position is a message of its type");
  if (!position.ok()) return;
  const std::string token = tokens.Make(*position);
  Require(
      tokens.Read(token)->SerializeAsString() == position->SerializeAsString(),
      "a position comes back");
  Require(!others.Read(token).ok(), "a position is of one tenant");
}

}  // namespace

void FuzzPageToken(absl::string_view input) {
  CheckPageToken(input);
  CheckPageToken(absl::WebSafeBase64Escape(input));
  const std::string token = api::MakePageToken(input, kBinding);
  Require(*api::ReadPageToken(token, kBinding) == input,
          "a position comes back");
  CheckPageToken(token);
  const std::string bound = api::MakePageToken("17", input);
  Require(*api::ReadPageToken(bound, input) == "17", "any binding does");
  Require(!api::ReadPageToken(bound, absl::StrCat(input, "1")).ok() &&
              !api::ReadPageToken(bound, absl::StrCat("1", input)).ok(),
          "another binding does not");
  CheckPosition<internal::v1::ContactPosition>(input);
  CheckPosition<internal::v1::FeedPositions>(input);
  CheckPosition<internal::v1::InteractionPosition>(input);
}

}  // namespace kith::fuzz
