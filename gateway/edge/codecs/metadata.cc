#include "gateway/edge/codecs/metadata.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace kith::edge {
namespace {

bool IsOfHttp(absl::string_view name) {
  static const auto& names =
      *new absl::flat_hash_set<absl::string_view>{"accept",
                                                  "accept-encoding",
                                                  "accept-language",
                                                  "accept-post",
                                                  "allow",
                                                  "alt-svc",
                                                  "cache-control",
                                                  "connection",
                                                  "content-encoding",
                                                  "content-length",
                                                  "content-type",
                                                  "cookie",
                                                  "date",
                                                  "expect",
                                                  "forwarded",
                                                  "host",
                                                  "keep-alive",
                                                  "last-event-id",
                                                  "origin",
                                                  "pragma",
                                                  "proxy-authenticate",
                                                  "proxy-authorization",
                                                  "proxy-connection",
                                                  "referer",
                                                  "server",
                                                  "set-cookie",
                                                  "te",
                                                  "trailer",
                                                  "transfer-encoding",
                                                  "upgrade",
                                                  "user-agent",
                                                  "traceparent",
                                                  "vary",
                                                  "via",
                                                  "x-real-ip",
                                                  "x-trace-id"};
  return names.contains(name);
}

// What gRPC takes for a name.
bool IsMetadataName(absl::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' ||
           c == '.' || c == '-';
  });
}

bool IsPrintable(absl::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return c >= 0x20 && c <= 0x7e; });
}

std::string UnpaddedBase64(absl::string_view bytes) {
  std::string text = absl::Base64Escape(bytes);
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

}  // namespace

bool IsReservedMetadata(absl::string_view name) {
  static constexpr absl::string_view kPrefixes[] = {
      "connect-", "grpc-",        "trailer-", "access-control-", "sec-",
      "x-user-",  "x-forwarded-", "x-grpc-",  "x-kith-"};
  return IsOfHttp(name) ||
         std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](absl::string_view prefix) {
                       return absl::StartsWith(name, prefix);
                     });
}

absl::string_view FindHeader(const Headers& headers, absl::string_view name) {
  const auto found =
      std::find_if(headers.begin(), headers.end(),
                   [&](const auto& header) { return header.first == name; });
  return found == headers.end() ? absl::string_view() : found->second;
}

absl::StatusOr<Headers> RequestMetadata(const Headers& headers) {
  Headers metadata;
  size_t bytes = 0;
  for (const auto& [name, value] : headers) {
    if (IsReservedMetadata(name) || !IsMetadataName(name)) continue;
    std::string sent = value;
    if (absl::EndsWith(name, "-bin")) {
      if (!absl::Base64Unescape(value, &sent)) continue;
    } else if (!IsPrintable(value)) {
      continue;
    }
    bytes += name.size() + sent.size();
    metadata.emplace_back(name, std::move(sent));
  }
  if (bytes > kMaxMetadataBytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the headers for the service have ", bytes,
                     " bytes, at most ", kMaxMetadataBytes));
  }
  return metadata;
}

Headers ReplyHeaders(const Headers& metadata, absl::string_view prefix) {
  Headers headers;
  for (const auto& [name, value] : metadata) {
    if (IsReservedMetadata(name) || !IsMetadataName(name)) continue;
    const bool binary = absl::EndsWith(name, "-bin");
    if (!binary && !IsPrintable(value)) continue;
    headers.emplace_back(absl::StrCat(prefix, name),
                         binary ? UnpaddedBase64(value) : value);
  }
  return headers;
}

void AddReplyHeaders(const Headers& metadata, absl::string_view prefix,
                     Headers& reply) {
  for (auto& header : ReplyHeaders(metadata, prefix)) {
    reply.push_back(std::move(header));
  }
}

}  // namespace kith::edge
