#include "gateway/edge/codecs/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace kith::edge {
namespace {

constexpr AddressBytes kIpv4Prefix = {0, 0, 0,    0,    0, 0, 0, 0,
                                      0, 0, 0xff, 0xff, 0, 0, 0, 0};
constexpr size_t kIpv4At = 12;
constexpr int kIpv4Bits = 96;
constexpr int kAllBits = 128;

bool IsIpv4(const AddressBytes& address) {
  return std::equal(address.begin(), address.begin() + kIpv4At,
                    kIpv4Prefix.begin());
}

std::optional<AddressBytes> ParseAddress(absl::string_view text) {
  // A zone is the business of the machine that has it.
  const std::string plain(text.substr(0, text.find('%')));
  AddressBytes address = kIpv4Prefix;
  if (inet_pton(AF_INET, plain.c_str(), address.data() + kIpv4At) == 1 ||
      inet_pton(AF_INET6, plain.c_str(), address.data()) == 1) {
    return address;
  }
  return std::nullopt;
}

std::string AddressText(const AddressBytes& address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (IsIpv4(address)) {
    inet_ntop(AF_INET, address.data() + kIpv4At, text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  }
  return text.data();
}

// An item of X-Forwarded-For: some proxies add the port.
std::optional<AddressBytes> ParseForwarded(absl::string_view item) {
  item = absl::StripAsciiWhitespace(item);
  if (absl::StartsWith(item, "[")) {
    const size_t end = item.find(']');
    if (end == absl::string_view::npos) return std::nullopt;
    return ParseAddress(item.substr(1, end - 1));
  }
  // One colon is before a port, more are those of IPv6.
  if (std::count(item.begin(), item.end(), ':') == 1) {
    item = item.substr(0, item.find(':'));
  }
  return ParseAddress(item);
}

// The address with all but its first bits 0.
AddressBytes FirstBits(const AddressBytes& address, int bits) {
  AddressBytes first = {};
  for (int i = 0; i < bits; ++i) {
    const auto mask = static_cast<uint8_t>(0x80 >> (i % 8));
    first[i / 8] = static_cast<uint8_t>(first[i / 8] | (address[i / 8] & mask));
  }
  return first;
}

}  // namespace

absl::StatusOr<TrustedProxies> TrustedProxies::Parse(
    const std::vector<std::string>& networks) {
  TrustedProxies proxies;
  for (const std::string& text : networks) {
    const std::vector<std::string> parts = absl::StrSplit(text, '/');
    const auto address = ParseAddress(parts[0]);
    int bits = 0;
    const bool is_known =
        address.has_value() && parts.size() <= 2 &&
        (parts.size() == 1 || absl::SimpleAtoi(parts[1], &bits));
    if (is_known) {
      const int first = IsIpv4(*address) ? kIpv4Bits : 0;
      bits = parts.size() == 1 ? kAllBits : first + bits;
      if (bits >= first && bits <= kAllBits) {
        proxies.networks_.push_back({FirstBits(*address, bits), bits});
        continue;
      }
    }
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, R"(", want one such as "10.0.0.0/8")"));
  }
  return proxies;
}

bool TrustedProxies::Trusts(const AddressBytes& address) const {
  return std::any_of(
      networks_.begin(), networks_.end(), [&](const Network& network) {
        return FirstBits(address, network.bits) == network.address;
      });
}

std::string TrustedProxies::ClientOf(absl::string_view peer,
                                     const Headers& headers) const {
  std::optional<AddressBytes> client = ParseAddress(peer);
  if (!client.has_value()) return std::string(peer);
  std::vector<absl::string_view> said;
  for (const auto& [name, value] : headers) {
    if (name != "x-forwarded-for") continue;
    const std::vector<absl::string_view> items = absl::StrSplit(value, ',');
    said.insert(said.end(), items.begin(), items.end());
  }
  while (!said.empty() && Trusts(*client)) {
    const auto before = ParseForwarded(said.back());
    if (!before.has_value()) break;
    client = before;
    said.pop_back();
  }
  return AddressText(*client);
}

std::string ClientNetwork(absl::string_view address) {
  constexpr int kCustomerBits = 64;
  const auto parsed = ParseAddress(address);
  if (!parsed.has_value() || IsIpv4(*parsed)) return std::string(address);
  return absl::StrCat(AddressText(FirstBits(*parsed, kCustomerBits)), "/",
                      kCustomerBits);
}

}  // namespace kith::edge
