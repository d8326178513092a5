#ifndef KITH_COMMON_OPS_REFUSED_FILE_H_
#define KITH_COMMON_OPS_REFUSED_FILE_H_

#include <string>

namespace kith::ops {

// Sets kith_file_refused of a file that is read again when it changes: 1 while
// what was read before stays in force, as the file cannot be used. Does nothing
// if `path` is empty. Thread-safe.
void SetFileRefused(const std::string& path, bool refused);

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_REFUSED_FILE_H_
