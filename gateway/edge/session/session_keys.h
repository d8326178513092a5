#ifndef KITH_GATEWAY_EDGE_SESSION_SESSION_KEYS_H_
#define KITH_GATEWAY_EDGE_SESSION_SESSION_KEYS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/live_value.h"

namespace kith::edge {

// Keys of AES-256, 32 bytes each, the newest first: it seals, and all open.
using SessionKeys = std::vector<std::string>;

// Owns the session keys as their file has them now. Looks at the file twice a
// second and reads it again when it has changed. If it cannot be read or is
// wrong, the last good keys stay in force; the log,
// kith_session_keys_reload_failures_total and kith_file_refused report that.
// Thread-safe.
class LiveSessionKeys {
 public:
  // Reads the file and starts to watch it. Errors as base::ReadFile or
  // auth::ParseKeyLines, with the path.
  static absl::StatusOr<std::unique_ptr<LiveSessionKeys>> Load(
      const std::string& file);

  // Returns the keys in force; at least one.
  std::shared_ptr<const SessionKeys> keys() const { return live_->get(); }

  // Reads the file if it has changed since the last time. OK also if it has
  // not. An error is returned once for each change.
  absl::Status Refresh() { return live_->Refresh(); }

 private:
  explicit LiveSessionKeys(std::unique_ptr<auth::LiveValue<SessionKeys>> live)
      : live_(std::move(live)) {}

  const std::unique_ptr<auth::LiveValue<SessionKeys>> live_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_SESSION_SESSION_KEYS_H_
