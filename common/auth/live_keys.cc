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

}  // namespace

LiveKeys::LiveKeys(KeyRing keys) : LiveKeys(std::move(keys), KeyFiles(), "") {}

LiveKeys::LiveKeys(KeyRing keys, KeyFiles files, std::string seen)
    : files_(std::move(files)),
      keys_(std::make_shared<const KeyRing>(std::move(keys))),
      seen_(std::move(seen)) {}

absl::StatusOr<std::unique_ptr<LiveKeys>> LiveKeys::Load(
    const KeyFiles& files) {
  // Looked at before they are read: a change in between is then seen later.
  std::string seen = Look(files);
  KITH_ASSIGN_OR_RETURN(KeyRing keys, KeyRing::Load(files));
  std::unique_ptr<LiveKeys> live(
      new LiveKeys(std::move(keys), files, std::move(seen)));
  NoteLoaded();
  live->thread_ = std::thread([keys = live.get()] { keys->Run(); });
  return live;
}

LiveKeys::~LiveKeys() {
  stop_.Notify();
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<const KeyRing> LiveKeys::keys() const {
  absl::ReaderMutexLock lock(&mutex_);
  return keys_;
}

absl::Status LiveKeys::Refresh() {
  std::string seen = Look(files_);
  {
    absl::MutexLock lock(&mutex_);
    if (seen == seen_) return absl::OkStatus();
    seen_ = std::move(seen);
  }
  absl::StatusOr<KeyRing> read = KeyRing::Load(files_, *keys());
  if (!read.ok()) {
    GetMetrics().failures.Increment();
    ops::Log(ops::Severity::kError,
             "keys not read again, the last good ones stay in force",
             {{"fault", read.status().message()}});
    return read.status();
  }
  auto fresh = std::make_shared<const KeyRing>(*std::move(read));
  {
    absl::MutexLock lock(&mutex_);
    keys_.swap(fresh);
  }
  NoteLoaded();
  ops::Log(ops::Severity::kInfo, "keys read again");
  return absl::OkStatus();
}

void LiveKeys::Run() {
  while (!stop_.WaitForNotificationWithTimeout(absl::Milliseconds(500))) {
    // It has told of a failure itself.
    Refresh().IgnoreError();
  }
}

}  // namespace kith::auth
