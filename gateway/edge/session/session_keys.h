#ifndef KITH_GATEWAY_EDGE_SESSION_SESSION_KEYS_H_
#define KITH_GATEWAY_EDGE_SESSION_SESSION_KEYS_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace kith::edge {

// Keys of AES-256, 32 bytes each, the newest first: it seals, and all open.
using SessionKeys = std::vector<std::string>;

// Reads 1 to 8 keys, one a line, of 64 hexadecimal digits each, as `openssl
// rand -hex 32` makes them. Empty lines are passed over. INVALID_ARGUMENT with
// the number of the line if one is malformed or has an earlier key again; the
// message has nothing of its content.
absl::StatusOr<SessionKeys> ParseSessionKeys(absl::string_view text);

// Owns the session keys as their file has them now. Looks at the file twice a
// second and reads it again when it has changed. If it cannot be read or is
// wrong, the last good keys stay in force; the log and
// kith_session_keys_reload_failures_total report that. Thread-safe.
class LiveSessionKeys {
 public:
  // Reads the file and starts to watch it. Errors as base::ReadFile or
  // ParseSessionKeys, with the path.
  static absl::StatusOr<std::unique_ptr<LiveSessionKeys>> Load(
      const std::string& file);

  ~LiveSessionKeys();

  // Returns the keys in force; at least one.
  std::shared_ptr<const SessionKeys> keys() const;

  // Reads the file if it has changed since the last time. OK also if it has
  // not. An error is returned once for each change.
  absl::Status Refresh();

 private:
  explicit LiveSessionKeys(std::string file) : file_(std::move(file)) {}

  const std::string file_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const SessionKeys> keys_ ABSL_GUARDED_BY(mutex_);
  // What reading the file gave the last time, good or not.
  std::string seen_ ABSL_GUARDED_BY(mutex_);
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_SESSION_SESSION_KEYS_H_
