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

// Ends statements that still run after the deadline of their call. Sends KILL
// QUERY, on a session of its own, as the same database user.
//
// The server's own limit (SessionOptions.statement_timeout) is not enough: it
// is the same for all calls, and in MySQL it covers only reads. The watchdog
// alone is not enough either: the server's limit also holds if the watchdog
// cannot connect, for sessions without a watchdog, and for calls that have more
// time than one statement may take. Whichever comes first ends the statement.
//
// Thread-safe, except for KillOverdue.
class Watchdog {
 public:
  // All sessions that use this watchdog must be destroyed before it.
  explicit Watchdog(SessionOptions options);

  // Kills the statements whose deadline is at or before `now`; blocks
  // meanwhile. If the database cannot be reached, logs that. Call it again and
  // again, on one thread: if a kill comes before its statement has reached the
  // server, the kill has to be sent again.
  void KillOverdue(absl::Time now);

 private:
  friend class Watch;

  absl::Mutex mutex_;
  std::set<Watch*> watches_ ABSL_GUARDED_BY(mutex_);
  Session session_;
};

// The running statement of one session, registered with the watchdog. Begin,
// End and a kill take the same mutex, so no kill is on its way when a statement
// begins. Thread-safe.
class Watch {
 public:
  // Registers with the watchdog, which must outlive the watch.
  explicit Watch(Watchdog& watchdog);
  ~Watch();

  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // The session is about to send a statement on this connection.
  void Begin(uint64_t connection_id, absl::Time deadline);

  // The statement has ended. Returns true if a kill was sent. The server may
  // have got that kill too late for this statement, and would then end the next
  // one on the connection, so the connection must not be used again.
  bool End();

 private:
  friend class Watchdog;

  // True if a statement runs whose deadline is at or before `now`.
  bool IsOverdue(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);
  // Sends a kill if the statement is overdue.
  void Kill(Session& session, absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  Watchdog& watchdog_;
  absl::Mutex mutex_;
  uint64_t connection_id_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time deadline_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  bool killed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_WATCHDOG_H_
