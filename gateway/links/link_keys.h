#ifndef KITH_GATEWAY_LINKS_LINK_KEYS_H_
#define KITH_GATEWAY_LINKS_LINK_KEYS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace kith::gateway {

// The secrets behind all links that the gateway signs. Immutable, so
// thread-safe.
class LinkKeys {
 public:
  // Reads a --link_keys_file, as auth::ParseKeyLines does: the first key signs,
  // and all verify. Errors as base::ReadFile or auth::ParseKeyLines, with the
  // path.
  static absl::StatusOr<LinkKeys> Load(const std::string& file);

  explicit LinkKeys(std::vector<std::string> keys) : keys_(std::move(keys)) {}

  // Returns the keys for one use, in order: 32 bytes each, HMAC-SHA-256 of the
  // use. What is signed for one use is no signature for another.
  std::vector<std::string> For(absl::string_view use) const;

 private:
  std::vector<std::string> keys_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_LINKS_LINK_KEYS_H_
