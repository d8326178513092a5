#ifndef KITH_COMMON_SERVER_SWEEPER_H_
#define KITH_COMMON_SERVER_SWEEPER_H_

#include <functional>
#include <thread>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/mysql/session.h"

namespace kith::server {

// Deletes old idempotency keys, old changes of the feed and what the service
// deletes, and exports how many changes are left: at once and then once a
// minute, on a thread and a session of its own, as long as it lives. If the
// database cannot be reached, logs that and tries again later.
class Sweeper {
 public:
  using Work = std::function<absl::Status(mysql::Session&, absl::Time)>;

  // What a service deletes, and what it looks at, as often; null if nothing.
  // See DatabaseService.
  struct Works {
    Work sweep = nullptr;
    Work observe = nullptr;
  };

  // `clock` must outlive the object.
  Sweeper(mysql::SessionOptions options, const base::Clock& clock, Works works);
  ~Sweeper();

 private:
  void Run(const mysql::SessionOptions& options);
  absl::Status Sweep(mysql::Session& session);
  absl::Status Do(const Work& work, mysql::Session& session);

  const base::Clock& clock_;
  const Works works_;
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace kith::server

#endif  // KITH_COMMON_SERVER_SWEEPER_H_
