#ifndef KITH_COMMON_AUTH_LIVE_KEYS_H_
#define KITH_COMMON_AUTH_LIVE_KEYS_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/credentials.h"
#include "common/auth/live_value.h"

namespace kith::auth {

// Owns the API keys, the issuers and the tenants as their files have them now.
// Looks at the files twice a second and reads them again when they have
// changed, so that keys change without a restart. If a file cannot be read or
// is wrong, the last good keys stay in force; the log,
// kith_keys_reload_failures_total and, as long as it is so, kith_file_refused
// report that. A JWKS file that is wrong holds up no other file: see
// Issuers::Load. Thread-safe.
class LiveKeys {
 public:
  // Keys that never change: no files, no thread.
  explicit LiveKeys(KeyRing keys)
      : live_(std::make_unique<LiveValue<KeyRing>>(std::move(keys))) {}

  // Reads the files and starts to watch them. Errors as KeyRing::Load.
  static absl::StatusOr<std::unique_ptr<LiveKeys>> Load(const KeyFiles& files);

  // Returns the keys in force. They stay usable after a later change of the
  // files.
  std::shared_ptr<const KeyRing> keys() const { return live_->get(); }

  // Reads the files if they have changed since the last time. OK also if they
  // have not. If it fails, the last good keys stay in force, and the error is
  // returned only once for each change.
  absl::Status Refresh() { return live_->Refresh(); }

 private:
  explicit LiveKeys(std::unique_ptr<LiveValue<KeyRing>> live)
      : live_(std::move(live)) {}

  const std::unique_ptr<LiveValue<KeyRing>> live_;
};

}  // namespace kith::auth

#endif  // KITH_COMMON_AUTH_LIVE_KEYS_H_
