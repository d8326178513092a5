#ifndef KITH_COMMON_OPS_LOG_H_
#define KITH_COMMON_OPS_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/variant.h"

namespace kith::ops {

enum class Severity { kDebug, kInfo, kWarning, kError };

// A named value of a log line.
using LogValue = absl::variant<absl::string_view, int64_t, double, bool>;
using LogField = std::pair<absl::string_view, LogValue>;

// Writes one line of JSON to standard error: time, severity, message, and the
// fields. Never put a caller's data into it: ids of keys, tenants, traces and
// methods only. Thread-safe; a line is written whole.
void Log(Severity severity, absl::string_view message,
         std::initializer_list<LogField> fields = {});

// Lines below this are dropped. kInfo at start.
void SetMinSeverity(Severity severity);

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_LOG_H_
