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

// Both files, or why they cannot be read: what tells one state from another.
std::string Look(const std::string& keys_file,
                 const std::string& tenants_file) {
  const auto part = [](const std::string& path) {
    const absl::StatusOr<std::string> text = base::ReadFile(path);
    return text.ok() ? absl::StrCat("+", text->size(), ":", *text)
                     : absl::StrCat("-", text.status().message());
  };
  return absl::StrCat(part(keys_file), part(tenants_file));
}

void NoteLoaded() {
  GetMetrics().loaded.Set(
      absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
}

}  // namespace

LiveKeys::LiveKeys(KeyRing keys) : LiveKeys(std::move(keys), "", "", "") {}

LiveKeys::LiveKeys(KeyRing keys, std::string keys_file,
                   std::string tenants_file, std::string seen)
    : keys_file_(std::move(keys_file)),
      tenants_file_(std::move(tenants_file)),
      keys_(std::make_shared<const KeyRing>(std::move(keys))),
      seen_(std::move(seen)) {}

absl::StatusOr<std::unique_ptr<LiveKeys>> LiveKeys::Load(
    const std::string& keys_file, const std::string& tenants_file) {
  // Looked at before they are read: a change in between is then seen later.
  std::string seen = Look(keys_file, tenants_file);
  KITH_ASSIGN_OR_RETURN(KeyRing keys, KeyRing::Load(keys_file, tenants_file));
  std::unique_ptr<LiveKeys> live(
      new LiveKeys(std::move(keys), keys_file, tenants_file, std::move(seen)));
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
  std::string seen = Look(keys_file_, tenants_file_);
  {
    absl::MutexLock lock(&mutex_);
    if (seen == seen_) return absl::OkStatus();
    seen_ = std::move(seen);
  }
  absl::StatusOr<KeyRing> read = KeyRing::Load(keys_file_, tenants_file_);
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
