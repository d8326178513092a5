#include "common/auth/live_keys.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/text_file.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"

namespace kith::auth {
namespace {

struct Metrics {
  prometheus::Counter& failures =
      ops::Counter("kith_keys_reload_failures_total",
                   "Changes of the keys or tenants file that were refused.");
  prometheus::Gauge& loaded =
      ops::Gauge("kith_keys_loaded_timestamp_seconds",
                 "When the keys in force were read, in Unix time.");
};

Metrics& GetMetrics() {
  static Metrics metrics;
  return metrics;
}

// All files, or why they cannot be read: what tells one state from another.
std::string Look(const KeyFiles& files) {
  const auto part = [](const std::string& path) {
    const absl::StatusOr<std::string> text = base::ReadFile(path);
    return text.ok() ? absl::StrCat("+", text->size(), ":", *text)
                     : absl::StrCat("-", text.status().message());
  };
  std::string seen = absl::StrCat(part(files.keys), part(files.tenants));
  if (files.issuers.empty()) return seen;
  absl::StrAppend(&seen, part(files.issuers));
  for (const std::string& path : Issuers::JwksFiles(files.issuers)) {
    absl::StrAppend(&seen, part(path));
  }
  return seen;
}

void NoteLoaded() {
  GetMetrics().loaded.Set(
      absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
}

void NoteChange(const absl::Status& status) {
  if (status.ok()) {
    NoteLoaded();
    ops::Log(ops::Severity::kInfo, "keys read again");
    return;
  }
  GetMetrics().failures.Increment();
  ops::Log(ops::Severity::kError,
           "keys not read again, the last good ones stay in force",
           {{"fault", status.message()}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<LiveKeys>> LiveKeys::Load(
    const KeyFiles& files) {
  KITH_ASSIGN_OR_RETURN(auto live, LiveValue<KeyRing>::Load(
                                       {.look = [files] { return Look(files); },
                                        .read =
                                            [files](const KeyRing& last) {
                                              return KeyRing::Load(files, last);
                                            },
                                        .changed = NoteChange}));
  NoteLoaded();
  return std::unique_ptr<LiveKeys>(new LiveKeys(std::move(live)));
}

}  // namespace kith::auth
