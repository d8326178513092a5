#ifndef KITH_GATEWAY_CALLS_SERVICE_KEY_H_
#define KITH_GATEWAY_CALLS_SERVICE_KEY_H_

#include <algorithm>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/text_file.h"
#include "common/ops/refused_file.h"

namespace kith::gateway {

// The token of the gateway's own key, as its file has it; kith_file_refused
// tells if that cannot be used. Thread-safe.
class ServiceKey {
 public:
  // Reads the file. There is no key if `file` is empty.
  explicit ServiceKey(std::string file) : file_(std::move(file)) { Refresh(); }

  // Reads the file again. The last good token stays if the file cannot be read
  // or has bytes that no token has: gRPC would abort the process for them.
  void Refresh() {
    absl::StatusOr<std::string> token = base::ReadSecret(file_);
    const bool good =
        token.ok() && !token->empty() &&
        std::all_of(token->begin(), token->end(), absl::ascii_isgraph);
    ops::SetFileRefused(file_, !good);
    if (!good) return;
    absl::MutexLock lock(&mutex_);
    token_ = *std::move(token);
  }

  // Returns "Bearer kith_<id>_<secret>", or "" if there is no key.
  std::string Authorization() const {
    absl::MutexLock lock(&mutex_);
    return token_.empty() ? "" : absl::StrCat("Bearer ", token_);
  }

 private:
  const std::string file_;
  mutable absl::Mutex mutex_;
  std::string token_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_SERVICE_KEY_H_
