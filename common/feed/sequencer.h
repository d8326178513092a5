#ifndef KITH_COMMON_FEED_SEQUENCER_H_
#define KITH_COMMON_FEED_SEQUENCER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/mysql/session.h"

namespace kith::feed {

// Takes what is committed from the outbox into the feed, as long as it lives,
// on a thread and a session of its own. Every instance of a service has one;
// the one that holds the lease works, and another takes over within seconds
// where it dies. Two that both believe to hold it do no harm: the epoch of the
// lease is checked in the transaction that moves.
class Sequencer {
 public:
  // `clock` outlives it.
  Sequencer(mysql::SessionOptions options, const base::Clock& clock);

  // Gives the lease back.
  ~Sequencer();

 private:
  void Run();

  // What to do now; answers how long to wait before the next.
  absl::StatusOr<absl::Duration> Step(mysql::Session& session);

  absl::Status TryLease(mysql::Session& session);
  absl::Status MoveAll(mysql::Session& session);

  const mysql::SessionOptions options_;
  const base::Clock& clock_;
  const std::string holder_;
  // Of the lease, while this holds it.
  std::optional<int64_t> epoch_;
  absl::Time kept_;
  // Where the last page ended: the next begins there, so that under load no
  // owner waits for ever behind those that come before it.
  std::string after_;
  absl::Notification stop_;
  std::thread thread_;
};

// Makes the metrics of the sequencer, so that they can be scraped from the
// start.
void RegisterSequencerMetrics();

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_SEQUENCER_H_
