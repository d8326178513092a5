#include "gateway/edge/codecs/code_table.h"

#include <array>

namespace kith::edge {
namespace {

struct CodeRow {
  absl::string_view connect;
  absl::string_view name;
  int http = 0;
};

// By gRPC code. OK is no error, so its row is that of UNKNOWN.
constexpr std::array<CodeRow, 17> kCodes = {{
    {"unknown", "UNKNOWN", 500},
    {"canceled", "CANCELLED", 499},
    {"unknown", "UNKNOWN", 500},
    {"invalid_argument", "INVALID_ARGUMENT", 400},
    {"deadline_exceeded", "DEADLINE_EXCEEDED", 504},
    {"not_found", "NOT_FOUND", 404},
    {"already_exists", "ALREADY_EXISTS", 409},
    {"permission_denied", "PERMISSION_DENIED", 403},
    {"resource_exhausted", "RESOURCE_EXHAUSTED", 429},
    {"failed_precondition", "FAILED_PRECONDITION", 400},
    {"aborted", "ABORTED", 409},
    {"out_of_range", "OUT_OF_RANGE", 400},
    {"unimplemented", "UNIMPLEMENTED", 501},
    {"internal", "INTERNAL", 500},
    {"unavailable", "UNAVAILABLE", 503},
    {"data_loss", "DATA_LOSS", 500},
    {"unauthenticated", "UNAUTHENTICATED", 401},
}};

const CodeRow& RowOf(int code) {
  const bool known = code > 0 && code < static_cast<int>(kCodes.size());
  return kCodes.at(known ? code : 2);
}

}  // namespace

absl::string_view ConnectName(int code) { return RowOf(code).connect; }

absl::string_view CodeName(int code) { return RowOf(code).name; }

int HttpStatusOf(int code) { return RowOf(code).http; }

}  // namespace kith::edge
