#ifndef KITH_COMMON_AUTH_LIVE_VALUE_H_
#define KITH_COMMON_AUTH_LIVE_VALUE_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/status/status_macros.h"

namespace kith::auth {

// Something that is made of files, as they have it now. Looks at the files
// twice a second and reads them again when they have changed. If they cannot be
// read or are wrong, what was last good stays in force. Thread-safe.
template <typename T>
class LiveValue {
 public:
  struct Source {
    // Returns the content of all files, or why they cannot be read: what tells
    // one state from another.
    std::function<std::string()> look;
    // Reads the files. `last` is what is in force, T() at first.
    std::function<absl::StatusOr<T>(const T& last)> read;
    // A change was taken, or refused with this fault. Once for each change, and
    // not for the first reading.
    std::function<void(const absl::Status&)> changed;
  };

  // A value that never changes: no files, no thread.
  explicit LiveValue(T value)
      : value_(std::make_shared<const T>(std::move(value))) {}

  // Reads the files and starts to watch them. Errors of `read`.
  static absl::StatusOr<std::unique_ptr<LiveValue>> Load(Source source);

  ~LiveValue() {
    stop_.Notify();
    if (thread_.joinable()) thread_.join();
  }

  // Returns what is in force. It stays usable after a later change.
  std::shared_ptr<const T> get() const {
    absl::ReaderMutexLock lock(&mutex_);
    return value_;
  }

  // Reads the files if they have changed since the last time. OK also if they
  // have not. An error is returned only once for each change.
  absl::Status Refresh();

 private:
  Source source_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const T> value_ ABSL_GUARDED_BY(mutex_);
  // What `look` returned when the files were last read, good or not.
  std::string seen_ ABSL_GUARDED_BY(mutex_);
  absl::Notification stop_;
  std::thread thread_;
};

template <typename T>
absl::StatusOr<std::unique_ptr<LiveValue<T>>> LiveValue<T>::Load(
    Source source) {
  // Looked at before they are read: a change in between is then seen later.
  std::string seen = source.look();
  KITH_ASSIGN_OR_RETURN(T value, source.read(T()));
  auto live = std::make_unique<LiveValue>(std::move(value));
  live->source_ = std::move(source);
  {
    absl::MutexLock lock(&live->mutex_);
    live->seen_ = std::move(seen);
  }
  live->thread_ = std::thread([&live = *live] {
    while (
        !live.stop_.WaitForNotificationWithTimeout(absl::Milliseconds(500))) {
      // It has told of a failure itself.
      live.Refresh().IgnoreError();
    }
  });
  return live;
}

template <typename T>
absl::Status LiveValue<T>::Refresh() {
  std::string seen = source_.look();
  {
    absl::MutexLock lock(&mutex_);
    if (seen == seen_) return absl::OkStatus();
    seen_ = std::move(seen);
  }
  absl::StatusOr<T> read = source_.read(*get());
  absl::Status status = read.status();
  if (status.ok()) {
    auto fresh = std::make_shared<const T>(*std::move(read));
    absl::MutexLock lock(&mutex_);
    value_.swap(fresh);
  }
  source_.changed(status);
  return status;
}

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_LIVE_VALUE_H_
