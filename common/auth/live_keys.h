#ifndef KITH_COMMON_AUTH_LIVE_KEYS_H_
#define KITH_COMMON_AUTH_LIVE_KEYS_H_

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/auth/credentials.h"

namespace kith::auth {

// The API keys and tenants as their files have them now: read again when they
// change, within a second. Files that cannot be read or are wrong leave the
// last good ones in force, and say so in the log and in
// kith_keys_reload_failures_total. Thread-safe.
class LiveKeys {
 public:
  // Keys that never change.
  explicit LiveKeys(KeyRing keys);

  // NOT_FOUND or INVALID_ARGUMENT as KeyRing::Load.
  static absl::StatusOr<std::unique_ptr<LiveKeys>> Load(
      const std::string& keys_file, const std::string& tenants_file);

  ~LiveKeys();

  // The keys of now. Whoever has them can use them on.
  std::shared_ptr<const KeyRing> keys() const;

  // Reads the files where they changed since the last time. OK where they did
  // not, too.
  absl::Status Refresh();

 private:
  LiveKeys(KeyRing keys, std::string keys_file, std::string tenants_file,
           std::string seen);

  void Run();

  const std::string keys_file_;
  const std::string tenants_file_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const KeyRing> keys_ ABSL_GUARDED_BY(mutex_);
  // What the files held when they were last read, good or not.
  std::string seen_ ABSL_GUARDED_BY(mutex_);
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_LIVE_KEYS_H_
