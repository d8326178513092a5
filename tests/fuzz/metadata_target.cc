// Headers that become metadata, and back (gateway/edge/codecs/metadata.h), and
// timeouts (timeouts.h). The input is lines "name: value".

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gateway/edge/codecs/metadata.h"
#include "gateway/edge/codecs/timeouts.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

edge::Headers HeadersOf(absl::string_view input) {
  edge::Headers headers;
  for (const absl::string_view line : absl::StrSplit(input, '\n')) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(line, absl::MaxSplits(": ", 1));
    headers.emplace_back(absl::AsciiStrToLower(field.first), field.second);
  }
  return headers;
}

bool IsText(absl::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return c >= 0x20 && c < 0x7f; });
}

// gRPC 1.51 aborts the process for what it does not take.
void CheckName(absl::string_view name) {
  Require(!name.empty() && name.find_first_not_of(
                               "abcdefghijklmnopqrstuvwxyz0123456789_.-") ==
                               absl::string_view::npos,
          "gRPC takes the name");
  for (const absl::string_view prefix :
       {"grpc-", "connect-", "x-kith-", "x-user-", "x-forwarded-", "sec-"}) {
    Require(!absl::StartsWith(name, prefix), "nobody else says who calls");
  }
  for (const absl::string_view own :
       {"cookie", "host", "connection", "content-length", "traceparent", "te",
        "transfer-encoding", "forwarded", "content-type", "user-agent"}) {
    Require(name != own, "headers of HTTP stay with HTTP");
  }
}

void CheckRequest(const edge::Headers& headers) {
  const auto metadata = edge::RequestMetadata(headers);
  if (!metadata.ok()) {
    Require(absl::IsResourceExhausted(metadata.status()), "one fault only");
    return;
  }
  size_t bytes = 0;
  edge::Headers again;
  for (const auto& [name, value] : *metadata) {
    CheckName(name);
    bytes += name.size() + value.size();
    const bool binary = absl::EndsWith(name, "-bin");
    Require(binary || IsText(value), "gRPC takes the value");
    again.emplace_back(name, binary ? absl::Base64Escape(value) : value);
  }
  Require(bytes <= edge::kMaxMetadataBytes, "metadata has a limit");
  Require(*edge::RequestMetadata(again) == *metadata,
          "metadata that is sent again is the same");
}

// What a service answers, which may be anything.
void CheckReply(const edge::Headers& metadata) {
  edge::Headers back;
  for (const auto& [name, value] : edge::ReplyHeaders(metadata, "trailer-")) {
    Require(absl::StartsWith(name, "trailer-") && IsText(value),
            "no value ends a header");
    CheckName(name.substr(8));
    back.emplace_back(name.substr(8), value);
  }
  const edge::Headers direct = edge::ReplyHeaders(metadata, "");
  Require(back == direct, "a prefix changes names alone");
  for (const auto& [name, value] : direct) {
    if (!absl::EndsWith(name, "-bin")) continue;
    std::string bytes;
    Require(absl::Base64Unescape(value, &bytes) &&
                std::find(metadata.begin(), metadata.end(),
                          std::pair(name, bytes)) != metadata.end(),
            "binary metadata comes back");
  }
}

void CheckTimeouts(absl::string_view text) {
  const auto connect = edge::ParseConnectTimeout(text);
  if (connect.ok()) {
    Require(*connect >= absl::ZeroDuration() &&
                *connect < absl::Milliseconds(10'000'000'000),
            "a timeout of Connect has a limit");
    Require(*edge::ParseConnectTimeout(
                absl::StrCat(absl::ToInt64Milliseconds(*connect))) == *connect,
            "a timeout of Connect that is written anew is the same");
  }
  const auto grpc = edge::ParseGrpcTimeout(text);
  Require(!grpc.ok() || (*grpc >= absl::ZeroDuration() &&
                         *grpc < absl::Hours(100'000'000)),
          "a timeout of gRPC has a limit");
  Require(!grpc.ok() || !connect.ok(), "only one of them has a unit");
}

}  // namespace

void FuzzMetadata(absl::string_view input) {
  const edge::Headers headers = HeadersOf(input);
  CheckRequest(headers);
  CheckReply(headers);
  Require(edge::FindHeader(headers, headers.front().first) ==
              headers.front().second,
          "the first header of a name is found");
  for (const auto& [name, value] : headers) {
    CheckTimeouts(value);
  }
}

}  // namespace kith::fuzz
