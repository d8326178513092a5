#include "common/auth/live_keys.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/sha256.h"
#include "common/base/text_file.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "common/ops/refused_file.h"
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

// A file, or why it cannot be read: what tells one state from another.
std::string LookAt(const std::string& path) {
  const absl::StatusOr<std::string> text = base::ReadFile(path);
  return text.ok() ? absl::StrCat("+", text->size(), ":", *text)
                   : absl::StrCat("-", text.status().message());
}

std::string Look(const KeyFiles& files) {
  std::string seen = absl::StrCat(LookAt(files.keys), LookAt(files.tenants));
  if (files.issuers.empty()) return seen;
  absl::StrAppend(&seen, LookAt(files.issuers));
  for (const std::string& path : Issuers::JwksFiles(files.issuers)) {
    absl::StrAppend(&seen, LookAt(path));
  }
  return seen;
}

// Exports which of the files have something else than what is in force. Those
// of JWKS have their own: see Issuers::Load. Thread-safe.
class FilesInForce {
 public:
  explicit FilesInForce(KeyFiles files) : files_(std::move(files)) {}

  // The files were read, and were taken or refused.
  void Note(bool taken) {
    const absl::MutexLock lock(&mutex_);
    for (const std::string& path :
         {files_.keys, files_.tenants, files_.issuers}) {
      if (path.empty()) continue;
      std::string digest = base::Sha256(LookAt(path));
      ops::SetFileRefused(path, !taken && digest != in_force_[path]);
      if (taken) in_force_[path] = std::move(digest);
    }
  }

 private:
  const KeyFiles files_;
  absl::Mutex mutex_;
  // By path.
  std::map<std::string, std::string> in_force_ ABSL_GUARDED_BY(mutex_);
};

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
  const auto in_force = std::make_shared<FilesInForce>(files);
  KITH_ASSIGN_OR_RETURN(
      auto live,
      LiveValue<KeyRing>::Load({.look = [files] { return Look(files); },
                                .read =
                                    [files](const KeyRing& last) {
                                      return KeyRing::Load(files, last);
                                    },
                                .changed =
                                    [in_force](const absl::Status& status) {
                                      in_force->Note(status.ok());
                                      NoteChange(status);
                                    }}));
  in_force->Note(/*taken=*/true);
  NoteLoaded();
  return std::unique_ptr<LiveKeys>(new LiveKeys(std::move(live)));
}

}  // namespace kith::auth
