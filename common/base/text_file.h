#ifndef KITH_COMMON_BASE_TEXT_FILE_H_
#define KITH_COMMON_BASE_TEXT_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace kith::base {

// The whole file. NOT_FOUND or PERMISSION_DENIED with its path where it cannot
// be read.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Writes the file whole or not at all: readers never see a part of it.
absl::Status WriteFileAtomically(const std::string& path,
                                 const std::string& content);

// Reads a textproto. INVALID_ARGUMENT with path, line and column where it does
// not parse.
absl::Status ReadTextProto(const std::string& path,
                           google::protobuf::Message& message);

// A secret kept in a file, without its final newline; empty for no path.
absl::StatusOr<std::string> ReadSecret(const std::string& path);

}  // namespace kith::base

#endif  // KITH_COMMON_BASE_TEXT_FILE_H_
