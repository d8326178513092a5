#include "gateway/edge/http/request_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace kith::edge {
namespace {

Refusal Malformed(absl::string_view problem) {
  return {400, absl::StrCat("the request is malformed: ", problem)};
}

bool IsControl(char c) {
  return absl::ascii_iscntrl(static_cast<unsigned char>(c)) != 0 && c != '\t';
}

// A line of the head without its CRLF.
std::optional<Refusal> CheckLine(absl::string_view line, bool is_first) {
  if (std::any_of(line.begin(), line.end(), IsControl)) {
    return Malformed("a control character in its head");
  }
  if (is_first) {
    if (absl::StrContains(line, '\t')) return Malformed("a tab in its line");
    return std::nullopt;
  }
  if (absl::StartsWith(line, " ") || absl::StartsWith(line, "\t")) {
    return Malformed("a folded header");
  }
  const absl::string_view name = line.substr(0, line.find(':'));
  if (absl::StrContains(name, ' ') || absl::StrContains(name, '\t')) {
    return Malformed("a space in the name of a header");
  }
  return std::nullopt;
}

size_t CountHeader(const RequestHead& head, absl::string_view name) {
  return std::count_if(head.headers.begin(), head.headers.end(),
                       [&](const auto& field) { return field.first == name; });
}

std::optional<Refusal> CheckSingles(const RequestHead& head) {
  static constexpr absl::string_view kSingles[] = {
      "authorization",
      "connect-content-encoding",
      "connect-timeout-ms",
      "content-encoding",
      "content-length",
      "content-type",
      "expect",
      "grpc-timeout",
      "host",
      "origin",
      "traceparent",
      "transfer-encoding",
      "access-control-request-method",
      "connect-protocol-version"};
  for (const absl::string_view name : kSingles) {
    if (CountHeader(head, name) > 1) {
      return Malformed(absl::StrCat("two headers ", name));
    }
  }
  return std::nullopt;
}

bool IsHost(absl::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' ||
           c == '-' || c == '_' || c == ':' || c == '[' || c == ']';
  });
}

std::optional<Refusal> CheckFraming(const RequestHead& head,
                                    int minor_version) {
  const absl::string_view length = FindHeader(head.headers, "content-length");
  if (!std::all_of(length.begin(), length.end(), absl::ascii_isdigit)) {
    return Malformed("a Content-Length that is no number");
  }
  if (CountHeader(head, "transfer-encoding") == 0) return std::nullopt;
  if (minor_version == 0) {
    return Malformed("a Transfer-Encoding in HTTP/1.0");
  }
  if (CountHeader(head, "content-length") != 0) {
    return Malformed("a Transfer-Encoding beside a Content-Length");
  }
  if (!absl::EqualsIgnoreCase(FindHeader(head.headers, "transfer-encoding"),
                              "chunked")) {
    return Malformed("a Transfer-Encoding other than chunked");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> CheckHeadBytes(absl::string_view head) {
  bool is_first = true;
  for (const absl::string_view line :
       absl::StrSplit(absl::StripSuffix(head, "\r\n\r\n"), "\r\n")) {
    if (auto refusal = CheckLine(line, is_first)) return refusal;
    is_first = false;
  }
  return std::nullopt;
}

std::optional<Refusal> CheckFields(const RequestHead& head, int minor_version) {
  if (auto refusal = CheckSingles(head)) return refusal;
  if (auto refusal = CheckFraming(head, minor_version)) return refusal;
  if (minor_version == 1 && CountHeader(head, "host") == 0) {
    return Malformed("no Host");
  }
  if (!IsHost(FindHeader(head.headers, "host"))) {
    return Malformed("no host in Host");
  }
  const absl::string_view expect = FindHeader(head.headers, "expect");
  if (!expect.empty() && !absl::EqualsIgnoreCase(expect, "100-continue")) {
    return Refusal{417, "an Expect other than 100-continue"};
  }
  return std::nullopt;
}

}  // namespace kith::edge
