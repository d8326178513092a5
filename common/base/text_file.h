#ifndef KITH_COMMON_BASE_TEXT_FILE_H_
#define KITH_COMMON_BASE_TEXT_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace kith::base {

// Returns the whole file. NOT_FOUND, PERMISSION_DENIED or the like, with the
// path, if the file cannot be read.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Writes the file completely or not at all: no reader ever sees a part of it.
// Replaces an existing file.
absl::Status WriteFileAtomically(const std::string& path,
                                 const std::string& content);

// Reads a textproto. Errors as ReadFile; INVALID_ARGUMENT with path, line and
// column if the text does not parse.
absl::Status ReadTextProto(const std::string& path,
                           google::protobuf::Message& message);

// Returns a secret from a file, without its final newline. Empty if `path` is
// empty. Errors as ReadFile.
absl::StatusOr<std::string> ReadSecret(const std::string& path);

}  // namespace kith::base

#endif  // KITH_COMMON_BASE_TEXT_FILE_H_
