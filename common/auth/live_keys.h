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

// Owns the API keys, the issuers and the tenants as their files have them now.
// Looks at the files twice a second and reads them again when they have
// changed, so that keys change without a restart. If a file cannot be read or
// is wrong, the last good keys stay in force; the log and
// kith_keys_reload_failures_total report that. A JWKS file that is wrong holds
// up no other file: see Issuers::Load. Thread-safe.
class LiveKeys {
 public:
  // Keys that never change: no files, no thread.
  explicit LiveKeys(KeyRing keys);

  // Reads the files and starts to watch them. Errors as KeyRing::Load.
  static absl::StatusOr<std::unique_ptr<LiveKeys>> Load(const KeyFiles& files);

  ~LiveKeys();

  // Returns the keys in force. They stay usable after a later change of the
  // files.
  std::shared_ptr<const KeyRing> keys() const;

  // Reads the files if they have changed since the last time. OK also if they
  // have not. If it fails, the last good keys stay in force, and the error is
  // returned only once for each change.
  absl::Status Refresh();

 private:
  LiveKeys(KeyRing keys, KeyFiles files, std::string seen);

  void Run();

  const KeyFiles files_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const KeyRing> keys_ ABSL_GUARDED_BY(mutex_);
  // The content of the files when they were last read, good or not.
  std::string seen_ ABSL_GUARDED_BY(mutex_);
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_LIVE_KEYS_H_
