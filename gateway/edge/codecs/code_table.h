#ifndef KITH_GATEWAY_EDGE_CODECS_CODE_TABLE_H_
#define KITH_GATEWAY_EDGE_CODECS_CODE_TABLE_H_

#include "absl/strings/string_view.h"

namespace kith::edge {

// The code table that Connect (connectrpc.com, protocol.md, as revised in March
// 2024) and REST (google/rpc/code.proto) share.

// Returns the name that Connect gives a gRPC code: "not_found" for 5. Returns
// "unknown" for any number that is no error code.
absl::string_view ConnectName(int code);

// Returns the name of a gRPC code in an AIP-193 error: "NOT_FOUND" for 5.
// Returns "UNKNOWN" for any number that is no error code.
absl::string_view CodeName(int code);

// Returns the HTTP status of an error with a gRPC code: 404 for 5. Returns 500
// for any number that is no error code.
int HttpStatusOf(int code);

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_CODECS_CODE_TABLE_H_
