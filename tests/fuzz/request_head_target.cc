// Heads of requests (gateway/edge/http/request_rules.h) and Beast behind them,
// as a connection reads them: what is taken, each parser reads alike.

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gateway/edge/http/request_rules.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace kith::fuzz {
namespace {

namespace http = boost::beast::http;

constexpr char kHeadEnd[] = "\r\n\r\n";
constexpr size_t kHeadEndBytes = 4;

// By the rules alone, of a head whose bytes were taken.
void CheckBytes(const std::string& head) {
  const std::string joined = absl::StrReplaceAll(head, {{"\r\n", ""}});
  Require(std::none_of(joined.begin(), joined.end(),
                       [](unsigned char c) {
                         return (c < 0x20 && c != '\t') || c == 0x7f;
                       }),
          "no control character, and no CR or LF alone");
  Require(
      !absl::StrContains(head, "\r\n ") && !absl::StrContains(head, "\r\n\t"),
      "no header is folded");
  for (const char bad : {'\0', '\n', '\r', '\x7f'}) {
    std::string changed = head;
    changed.insert(head.size() * 7 % (head.size() - kHeadEndBytes + 1), 1, bad);
    Require(edge::CheckHeadBytes(changed).has_value(),
            "a control character anywhere is refused");
  }
}

size_t CountOf(const edge::RequestHead& head, absl::string_view name) {
  return std::count_if(head.headers.begin(), head.headers.end(),
                       [&](const auto& field) { return field.first == name; });
}

// Of a head whose fields were taken.
void CheckFraming(const edge::RequestHead& head, int minor_version) {
  const absl::string_view length =
      edge::FindHeader(head.headers, "content-length");
  Require(length.find_first_not_of("0123456789") == absl::string_view::npos &&
              CountOf(head, "content-length") <= 1,
          "one length, which is a number");
  const size_t encodings = CountOf(head, "transfer-encoding");
  Require(
      encodings == 0 || (encodings == 1 && minor_version == 1 &&
                         CountOf(head, "content-length") == 0 &&
                         absl::AsciiStrToLower(edge::FindHeader(
                             head.headers, "transfer-encoding")) == "chunked"),
      "a body has one length");
  Require(CountOf(head, "host") <= 1 && CountOf(head, "authorization") <= 1,
          "one host and one caller");
}

// Beast keeps headers of one name together, so their order may differ.
void CheckHeaders(absl::string_view head, edge::Headers read) {
  edge::Headers lines;
  for (const absl::string_view line :
       absl::StrSplit(head.substr(0, head.size() - kHeadEndBytes), "\r\n")) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    lines.emplace_back(absl::AsciiStrToLower(field.first),
                       absl::StripAsciiWhitespace(field.second));
  }
  // That of the request.
  lines.erase(lines.begin());
  std::sort(lines.begin(), lines.end());
  std::sort(read.begin(), read.end());
  Require(lines == read, "each line is one header, cut at its first colon");
}

void CheckHead(const std::string& head) {
  if (edge::CheckHeadBytes(head).has_value()) return;
  CheckBytes(head);
  http::request_parser<http::empty_body> parser;
  boost::system::error_code error;
  parser.put(boost::asio::buffer(head), error);
  if (error || !parser.is_header_done()) return;
  const auto& message = parser.get();
  edge::RequestHead read = {.method = std::string(message.method_string()),
                            .target = std::string(message.target()),
                            .headers = {}};
  for (const auto& field : message) {
    read.headers.emplace_back(
        absl::AsciiStrToLower(std::string(field.name_string())),
        std::string(field.value()));
  }
  CheckHeaders(head, read.headers);
  const int minor_version = static_cast<int>(message.version()) % 10;
  if (edge::CheckFields(read, minor_version).has_value()) return;
  CheckFraming(read, minor_version);
}

}  // namespace

// The input up to the first empty line, as a connection takes it.
void FuzzRequestHead(absl::string_view input) {
  std::string head = absl::StrCat(input, kHeadEnd);
  head.resize(head.find(kHeadEnd) + kHeadEndBytes);
  CheckHead(head);
}

}  // namespace kith::fuzz
