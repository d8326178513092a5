#ifndef KITH_COMMON_MYSQL_WATCHDOG_H_
#define KITH_COMMON_MYSQL_WATCHDOG_H_

#include <cstdint>
#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/mysql/session.h"

namespace kith::mysql {

class Watch;

// Ends statements that still run when their call's deadline has passed: KILL
// QUERY, on a session of its own, as the user whose statements they are.
//
// It is there beside the server's own limit (SessionOptions.statement_timeout)
// because that is one for all calls, and in MySQL for reads alone. The limit is
// there beside the watchdog because it needs no second session: it holds where
// this one cannot connect, for sessions that nobody watches, and for calls that
// have more time than a statement may take. What comes first ends it.
// Thread-safe, but for KillOverdue.
class Watchdog {
 public:
  // Its sessions end before it does.
  explicit Watchdog(SessionOptions options);

  // Kills what is overdue at `now`; blocks while it does. For one thread, which
  // calls it again and again: a kill that came before its statement had reached
  // the server has to be sent again.
  void KillOverdue(absl::Time now);

 private:
  friend class Watch;

  absl::Mutex mutex_;
  std::set<Watch*> watches_ ABSL_GUARDED_BY(mutex_);
  Session session_;
};

// What one session runs now, for the watchdog to see. A kill is sent under the
// mutex that Begin and End take, so none is on its way when a statement begins.
class Watch {
 public:
  explicit Watch(Watchdog& watchdog);
  ~Watch();

  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // The session sends a statement on this connection.
  void Begin(uint64_t connection_id, absl::Time deadline);

  // The statement is over. Whether a kill was sent: the server may have got it
  // too late for this statement, and would end the connection's next one.
  bool End();

 private:
  friend class Watchdog;

  bool IsOverdue(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);
  void Kill(Session& session, absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  Watchdog& watchdog_;
  absl::Mutex mutex_;
  uint64_t connection_id_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time deadline_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  bool killed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_WATCHDOG_H_
