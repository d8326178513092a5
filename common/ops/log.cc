#include "common/ops/log.h"

#include <unistd.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace kith::ops {
namespace {

std::atomic<Severity> min_severity = Severity::kInfo;

const char* Name(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return "DEBUG";
    case Severity::kInfo:
      return "INFO";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kError:
      return "ERROR";
  }
  return "";
}

nlohmann::ordered_json ToJson(const LogField::Value& value) {
  return absl::visit(
      [](const auto& v) -> nlohmann::ordered_json {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>,
                                     absl::string_view>) {
          return std::string(v);
        } else {
          return v;
        }
      },
      value);
}

}  // namespace

void Log(Severity severity, absl::string_view message,
         std::initializer_list<LogField> fields) {
  if (severity < min_severity.load(std::memory_order_relaxed)) return;
  nlohmann::ordered_json line;
  line["time"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(),
                                  absl::UTCTimeZone());
  line["severity"] = Name(severity);
  line["message"] = std::string(message);
  for (const LogField& field : fields) {
    const auto* text = absl::get_if<absl::string_view>(&field.value());
    if (text != nullptr && text->empty()) continue;
    line[std::string(field.name())] = ToJson(field.value());
  }
  const std::string text =
      line.dump(-1, ' ', false,
                nlohmann::ordered_json::error_handler_t::replace) +
      "\n";
  // One write, so that lines of several threads never mix. Nothing can be done
  // where standard error is gone.
  [[maybe_unused]] const auto written =
      write(STDERR_FILENO, text.data(), text.size());
}

void SetMinSeverity(Severity severity) { min_severity = severity; }

}  // namespace kith::ops
