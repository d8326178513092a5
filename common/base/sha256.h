#ifndef KITH_COMMON_BASE_SHA256_H_
#define KITH_COMMON_BASE_SHA256_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"

namespace kith::base {

// The 32 bytes of SHA-256 (FIPS 180-4) over `data`.
std::string Sha256(absl::string_view data);

// SHA-256 of the deterministic serialisation of `message`: equal messages have
// equal fingerprints, whatever the order of their map entries.
std::string Fingerprint(const google::protobuf::MessageLite& message);

}  // namespace kith::base

#endif  // KITH_COMMON_BASE_SHA256_H_
