#ifndef KITH_COMMON_OPS_LOG_H_
#define KITH_COMMON_OPS_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/variant.h"

namespace kith::ops {

enum class Severity { kDebug, kInfo, kWarning, kError };

// A named value of a log line: a text, a number or a bool. Points to its text,
// so use it within the call only.
class LogField {
 public:
  LogField(absl::string_view name, absl::string_view value)
      : name_(name), value_(value) {}
  // Without this one, a literal would become a bool.
  LogField(absl::string_view name, const char* value)
      : LogField(name, absl::string_view(value)) {}
  LogField(absl::string_view name, const std::string& value)
      : LogField(name, absl::string_view(value)) {}
  LogField(absl::string_view name, int64_t value)
      : name_(name), value_(value) {}
  LogField(absl::string_view name, int value)
      : LogField(name, int64_t{value}) {}
  LogField(absl::string_view name, double value) : name_(name), value_(value) {}
  LogField(absl::string_view name, bool value) : name_(name), value_(value) {}

  using Value = absl::variant<absl::string_view, int64_t, double, bool>;
  absl::string_view name() const { return name_; }
  const Value& value() const { return value_; }

 private:
  absl::string_view name_;
  Value value_;
};

// Writes one line of JSON to standard error: time, severity, message, and the
// fields, except for empty texts. Never log a caller's data: only ids of keys,
// tenants and traces, and names of methods. Thread-safe; a line is written in
// one piece.
void Log(Severity severity, absl::string_view message,
         std::initializer_list<LogField> fields = {});

// Sets the severity below which lines are dropped. kInfo at start. Thread-safe.
void SetMinSeverity(Severity severity);

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_LOG_H_
