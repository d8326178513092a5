#include "gateway/edge/protocols/content_coding.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gateway/edge/codecs/gzip.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"

namespace kith::edge {
namespace {

// Whether an entry of Accept-Encoding, such as "gzip;q=0.5", takes gzip.
bool IsGzip(absl::string_view entry) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(entry, absl::MaxSplits(';', 1));
  if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parts.first),
                              "gzip")) {
    return false;
  }
  const absl::string_view weight = absl::StripAsciiWhitespace(parts.second);
  return weight != "q=0" && !absl::StartsWith(weight, "q=0.0");
}

}  // namespace

bool AcceptsGzip(absl::string_view accepted) {
  for (const absl::string_view entry : absl::StrSplit(accepted, ',')) {
    if (IsGzip(entry)) return true;
  }
  return false;
}

absl::StatusOr<std::string> DecodeContent(absl::string_view coding,
                                          std::string body, size_t most) {
  const bool plain =
      coding.empty() || absl::EqualsIgnoreCase(coding, "identity");
  if (!plain && !absl::EqualsIgnoreCase(coding, "gzip")) {
    return absl::UnimplementedError(
        "unknown content coding; supported: gzip, identity");
  }
  if (!plain && !body.empty()) return Gunzip(body, most);
  if (body.size() > most) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the message has more than ", most, " bytes"));
  }
  return body;
}

bool TakesGzip(const Headers& request) {
  return AcceptsGzip(FindHeader(request, "accept-encoding"));
}

void EncodeContent(Reply& reply) {
  if (reply.body.size() < kLeastGzipBytes) return;
  reply.body = Gzip(reply.body);
  reply.headers.emplace_back("content-encoding", "gzip");
}

std::string MediaType(absl::string_view content_type) {
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(
      content_type.substr(0, content_type.find(';'))));
}

std::string RetryAfter(absl::Duration wait) {
  return absl::StrCat(std::max<int64_t>(
      1, absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1)))));
}

void AddErrorHeaders(const google::rpc::Status& error, Reply& reply) {
  if (error.code() == google::rpc::UNAUTHENTICATED) {
    reply.headers.emplace_back("www-authenticate", "Bearer");
  }
  for (const auto& detail : error.details()) {
    google::rpc::RetryInfo retry;
    if (!detail.Is<google::rpc::RetryInfo>() || !detail.UnpackTo(&retry)) {
      continue;
    }
    const auto& delay = retry.retry_delay();
    reply.headers.emplace_back("retry-after",
                               RetryAfter(absl::Seconds(delay.seconds()) +
                                          absl::Nanoseconds(delay.nanos())));
  }
}

}  // namespace kith::edge
