#ifndef KITH_COMMON_BASE_SHA256_H_
#define KITH_COMMON_BASE_SHA256_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"

namespace kith::base {

// Returns the 32 bytes of SHA-256 (FIPS 180-4) over `data`.
std::string Sha256(absl::string_view data);

// Returns the 32 bytes of HMAC-SHA-256 (RFC 2104) over `data`.
std::string HmacSha256(absl::string_view key, absl::string_view data);

// Returns SHA-256 over the deterministic serialisation of `message`. Equal
// messages have equal fingerprints, in whatever order their map entries are.
std::string Fingerprint(const google::protobuf::MessageLite& message);

}  // namespace kith::base

#endif  // KITH_COMMON_BASE_SHA256_H_
