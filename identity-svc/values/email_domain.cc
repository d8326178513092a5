#include "identity-svc/values/email_domain.h"

#include <idn2.h>

#include <optional>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace kith::identity {
namespace {

// RFC 1035.
constexpr size_t kMostLabelBytes = 63;
constexpr size_t kMostDomainBytes = 253;

// RFC 6761: these never lead to a host.
constexpr absl::string_view kNoDomains[] = {"invalid", "localhost"};

bool IsAllAscii(absl::string_view text) {
  return absl::c_all_of(text, absl::ascii_isascii);
}

// Nullopt if the name cannot be a domain's.
std::optional<std::string> ToAscii(const std::string& domain) {
  if (IsAllAscii(domain)) return absl::AsciiStrToLower(domain);
  char* ascii = nullptr;
  if (idn2_to_ascii_8z(domain.c_str(), &ascii,
                       IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK) {
    return std::nullopt;
  }
  std::string result = absl::AsciiStrToLower(ascii);
  idn2_free(ascii);
  return result;
}

// Underscores are no host's, but there are mailboxes behind them.
bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kMostLabelBytes &&
         label.front() != '-' && label.back() != '-' &&
         absl::c_all_of(label, [](char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_';
         });
}

bool IsTopLevel(absl::string_view label) {
  return label.size() >= 2 && (absl::StartsWith(label, "xn--") ||
                               absl::c_all_of(label, absl::ascii_isalpha));
}

// "[192.0.2.1]", "[IPv6:2001:db8::1]".
bool IsLiteral(absl::string_view domain) {
  return absl::ConsumePrefix(&domain, "[") &&
         absl::ConsumeSuffix(&domain, "]") && !domain.empty() &&
         absl::c_all_of(domain, [](char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == ':';
         });
}

std::string FaultOf(absl::string_view ascii) {
  const std::vector<absl::string_view> labels = absl::StrSplit(ascii, '.');
  if (ascii.size() > kMostDomainBytes || !absl::c_all_of(labels, IsLabel)) {
    return "its domain is no domain name";
  }
  if (labels.size() < 2) return "its domain has no dot";
  if (!IsTopLevel(labels.back()) ||
      absl::c_linear_search(kNoDomains, labels.back())) {
    return "its domain cannot exist";
  }
  return "";
}

}  // namespace

EmailDomain ReadEmailDomain(absl::string_view domain) {
  EmailDomain read;
  if (IsLiteral(domain)) {
    read.ascii = absl::AsciiStrToLower(domain);
    return read;
  }
  absl::ConsumeSuffix(&domain, ".");
  // libidn2 reads up to the first NUL.
  const bool has_control = absl::c_any_of(domain, absl::ascii_iscntrl);
  std::optional<std::string> ascii;
  if (!has_control) ascii = ToAscii(std::string(domain));
  if (!ascii.has_value()) {
    read.refusal = "its domain is no domain name";
    return read;
  }
  absl::string_view name = *ascii;
  absl::ConsumeSuffix(&name, ".");
  read.ascii = std::string(name);
  read.refusal = FaultOf(read.ascii);
  return read;
}

}  // namespace kith::identity
