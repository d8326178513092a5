#ifndef KITH_COMMON_FEED_SEQUENCER_H_
#define KITH_COMMON_FEED_SEQUENCER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/mysql/session.h"
#include "common/ops/metrics.h"

namespace kith::feed {

// Moves committed changes from the outbox to the feed, on a thread and a
// session of its own, from its construction to its destruction. Every instance
// of a service has a sequencer, but only the one that holds the lease moves
// changes. If that instance dies, another one takes over within seconds. Two
// that both believe that they hold the lease do no harm: the transaction that
// moves changes checks the epoch of the lease.
class Sequencer {
 public:
  // Starts the thread. `clock` must outlive the sequencer.
  Sequencer(mysql::SessionOptions options, const base::Clock& clock);

  // Ends the thread, and releases the lease so that another instance takes over
  // at once.
  ~Sequencer();

 private:
  struct Metrics {
    explicit Metrics(const prometheus::Labels& labels);

    prometheus::Counter& sequenced;
    prometheus::Counter& bytes;
    prometheus::Histogram& seconds;
    prometheus::Gauge& age;
    prometheus::Gauge& holder;
  };

  // What is known of the lease and the outbox.
  struct Known;

  // Sets the metrics of what is known now.
  static void Export(Known& known, const Metrics& metrics);

  // The loop of the thread.
  void Run();

  // Does what is due now. Returns how long to wait before the next step.
  absl::StatusOr<absl::Duration> Step(mysql::Session& session);

  // Takes the lease if nobody holds it.
  absl::Status TryLease(mysql::Session& session);
  // Moves pages until the end of the outbox or the destruction.
  absl::Status MoveAll(mysql::Session& session);

  // Notes that a step, or a page of one, succeeded.
  void NoteSuccess();

  const mysql::SessionOptions options_;
  const Metrics metrics_;
  // Shared with the scrape, which neither waits for a step nor ends with the
  // sequencer.
  const std::shared_ptr<Known> known_;
  const base::Clock& clock_;
  const std::string holder_;
  // The epoch of the lease while this sequencer holds it.
  std::optional<int64_t> epoch_;
  // When the lease was last taken or extended.
  absl::Time kept_;
  // The key of the last row of the last page. The next page begins behind it,
  // so that under load no owner waits forever behind owners with smaller keys.
  // Empty: begin at the start.
  std::string after_;
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_SEQUENCER_H_
