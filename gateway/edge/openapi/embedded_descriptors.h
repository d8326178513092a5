#ifndef KITH_GATEWAY_EDGE_OPENAPI_EMBEDDED_DESCRIPTORS_H_
#define KITH_GATEWAY_EDGE_OPENAPI_EMBEDDED_DESCRIPTORS_H_

#include "absl/strings/string_view.h"

namespace kith::edge {

// Returns the serialized FileDescriptorSet of all of our protos, with their
// comments. It is in the binary.
absl::string_view EmbeddedDescriptors();

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_OPENAPI_EMBEDDED_DESCRIPTORS_H_
