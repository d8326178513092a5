#include "gateway/edge/openapi/embedded_descriptors.h"

// The linker makes these names of the name of the file.
extern "C" const char _binary_kith_protoset_start[];
extern "C" const char _binary_kith_protoset_end[];

namespace kith::edge {

absl::string_view EmbeddedDescriptors() {
  return {_binary_kith_protoset_start,
          static_cast<size_t>(_binary_kith_protoset_end -
                              _binary_kith_protoset_start)};
}

}  // namespace kith::edge
