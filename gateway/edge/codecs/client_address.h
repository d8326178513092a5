#ifndef KITH_GATEWAY_EDGE_CODECS_CLIENT_ADDRESS_H_
#define KITH_GATEWAY_EDGE_CODECS_CLIENT_ADDRESS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gateway/edge/codecs/metadata.h"

namespace kith::edge {

// An IPv6 address, or an IPv4 one as IPv6 writes it: ::ffff:192.0.2.1.
using AddressBytes = std::array<uint8_t, 16>;

// The proxies that are believed in what they say of their clients. Nobody else
// is: whoever connects could claim any address. Immutable, so thread-safe.
class TrustedProxies {
 public:
  // None.
  TrustedProxies() = default;

  // Reads networks, such as "10.0.0.0/8" and "fd00::/8", and single addresses.
  // INVALID_ARGUMENT with the first that is neither.
  static absl::StatusOr<TrustedProxies> Parse(
      const std::vector<std::string>& networks);

  // Returns the address of the client of a request that `peer` has sent: the
  // last of X-Forwarded-For that is no trusted proxy, as long as all behind it
  // are. That is `peer` if it is no trusted proxy itself.
  std::string ClientOf(absl::string_view peer, const Headers& headers) const;

 private:
  struct Network {
    AddressBytes address = {};
    int bits = 0;
  };

  bool Trusts(const AddressBytes& address) const;

  std::vector<Network> networks_;
};

// Returns what counts as one client: an IPv4 address, or the network of 64 bits
// of an IPv6 one, which is given to one customer as a whole. Returns the text
// itself if it is no address.
std::string ClientNetwork(absl::string_view address);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_CLIENT_ADDRESS_H_
