#include "common/feed/sequencer.h"

#include <algorithm>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/uuid.h"
#include "common/feed/change_log.h"
#include "common/mysql/errors.h"
#include "common/mysql/lease.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "common/ops/on_scrape.h"
#include "common/status/status_macros.h"

// How the sequencer works. The thread runs one step after the other:
//
// - If it does not hold the lease, it tries to take it.
// - It reads the age of the outbox's first row, for the metric.
// - If it holds the lease and the outbox has rows, it moves one page after the
//   other until it reaches the end of the outbox. Each page also extends the
//   lease.
// - If it holds the lease and the outbox is empty, it extends the lease once a
//   second.
//
// If it finds that another process has the lease, it forgets its epoch and
// starts again with the first item.
//
// The pause between two steps is 50 ms, or 500 ms without the lease or after an
// error; it is longer if the look at the outbox took longer than that.
namespace kith::feed {
namespace {

// Between two looks at the outbox.
constexpr absl::Duration kPause = absl::Milliseconds(50);
// Between two looks at the lease of another, and after a failure.
constexpr absl::Duration kLongPause = absl::Milliseconds(500);
constexpr absl::Duration kKeepInterval = absl::Seconds(1);
// Where old rows cannot be purged, a look at the outbox passes over them all.
constexpr absl::Duration kStatementTimeout = absl::Minutes(1);

mysql::SessionOptions Patient(mysql::SessionOptions options) {
  options.statement_timeout = kStatementTimeout;
  return options;
}

}  // namespace

// Of the sequencers of a process, each has a database of its own.
Sequencer::Metrics::Metrics(const prometheus::Labels& labels)
    : sequenced(ops::Counter("kith_changes_sequenced_total",
                             "Changes taken from the outbox into the feed.",
                             labels)),
      bytes(ops::Counter("kith_changes_sequenced_bytes_total",
                         "Size of the changes taken from the outbox.", labels)),
      seconds(ops::SecondsHistogram(
          "kith_change_sequencing_seconds",
          "Time from when a change was made until it was in the feed.",
          labels)),
      age(ops::Gauge(
          "kith_outbox_oldest_seconds",
          "How long a row of the outbox may have waited: the age of the oldest "
          "at the last look that succeeded, and the time since then.",
          labels)),
      holder(ops::Gauge("kith_sequencer_active",
                        "1 where this instance moves changes into the feed.",
                        labels)) {}

struct Sequencer::Known {
  absl::Mutex mutex;
  // Of the oldest row, at the last look.
  absl::Duration age ABSL_GUARDED_BY(mutex);
  // The last time that a step, or a page of one, succeeded.
  absl::Time success ABSL_GUARDED_BY(mutex) = absl::Now();
  // Whether it had the lease then, and no step has failed since.
  bool active ABSL_GUARDED_BY(mutex) = false;
};

Sequencer::Sequencer(mysql::SessionOptions options, const base::Clock& clock)
    : options_(Patient(std::move(options))),
      metrics_({{"database", options_.database}}),
      known_(std::make_shared<Known>()),
      clock_(clock),
      holder_(base::Uuid::Make(absl::Now()).ToString()) {
  ops::OnScrape([weak = std::weak_ptr(known_), metrics = metrics_] {
    if (const auto known = weak.lock()) Export(*known, metrics);
  });
  thread_ = std::thread([this] { Run(); });
}

Sequencer::~Sequencer() {
  stop_.Notify();
  thread_.join();
}

void Sequencer::Export(Known& known, const Metrics& metrics) {
  const absl::MutexLock lock(&known.mutex);
  const absl::Duration since = absl::Now() - known.success;
  metrics.age.Set(absl::ToDoubleSeconds(known.age + since));
  // A step that hangs does not extend the lease.
  metrics.holder.Set(known.active && since < kSequencerLeaseTime ? 1 : 0);
}

void Sequencer::NoteSuccess() {
  const absl::MutexLock lock(&known_->mutex);
  known_->success = absl::Now();
  known_->active = epoch_.has_value();
}

void Sequencer::Run() {
  mysql::Session session(options_);
  absl::Duration pause = absl::ZeroDuration();
  absl::Status last;
  while (!stop_.WaitForNotificationWithTimeout(pause)) {
    const absl::StatusOr<absl::Duration> next = Step(session);
    if (next.ok()) {
      NoteSuccess();
    } else {
      const absl::MutexLock lock(&known_->mutex);
      known_->active = false;
    }
    if (!next.ok() && next.status() != last) {
      ops::Log(ops::Severity::kWarning, "sequencing changes failed",
               {{"reason", mysql::WithCause(next.status()).message()}});
    }
    last = next.status();
    pause = next.value_or(kLongPause);
  }
  // Where this fails, the lease runs out by itself.
  if (epoch_.has_value()) {
    mysql::ReleaseLease(session, kSequencerLease, *epoch_).IgnoreError();
  }
  metrics_.holder.Set(0);
}

absl::StatusOr<absl::Duration> Sequencer::Step(mysql::Session& session) {
  KITH_RETURN_IF_ERROR(session.Connect());
  if (!epoch_.has_value()) KITH_RETURN_IF_ERROR(TryLease(session));
  const absl::Time start = absl::Now();
  KITH_ASSIGN_OR_RETURN(const absl::Duration age,
                        OutboxAge(session, clock_.Now()));
  // A look that is slow must not keep the database busy.
  const absl::Duration pause = std::max(kPause, absl::Now() - start);
  {
    const absl::MutexLock lock(&known_->mutex);
    known_->age = age;
    known_->success = absl::Now();
  }
  if (!epoch_.has_value()) return std::max(kLongPause, pause);
  if (age > absl::ZeroDuration()) {
    KITH_RETURN_IF_ERROR(MoveAll(session));
  } else if (clock_.Now() - kept_ >= kKeepInterval) {
    kept_ = clock_.Now();
    KITH_ASSIGN_OR_RETURN(const bool kept,
                          mysql::KeepLease(session, kSequencerLease, *epoch_,
                                           kept_, kSequencerLeaseTime));
    if (!kept) epoch_.reset();
  }
  return pause;
}

absl::Status Sequencer::TryLease(mysql::Session& session) {
  kept_ = clock_.Now();
  KITH_ASSIGN_OR_RETURN(
      epoch_, mysql::TakeLease(session, kSequencerLease, holder_, kept_,
                               kSequencerLeaseTime));
  after_.clear();
  if (epoch_.has_value()) {
    ops::Log(ops::Severity::kInfo, "sequencing changes",
             {{"database", options_.database},
              {"holder", holder_},
              {"epoch", absl::StrCat(*epoch_)}});
  }
  return absl::OkStatus();
}

absl::Status Sequencer::MoveAll(mysql::Session& session) {
  do {
    const absl::Time now = clock_.Now();
    const absl::StatusOr<SequencedPage> page =
        SequencePage(session, *epoch_, after_, now);
    if (absl::IsFailedPrecondition(page.status())) epoch_.reset();
    KITH_RETURN_IF_ERROR(page.status());
    kept_ = now;
    after_ = page->last_id;
    NoteSuccess();
    metrics_.sequenced.Increment(static_cast<double>(page->times.size()));
    metrics_.bytes.Increment(static_cast<double>(page->bytes));
    for (const absl::Time time : page->times) {
      metrics_.seconds.Observe(absl::ToDoubleSeconds(clock_.Now() - time));
    }
  } while (!after_.empty() && !stop_.HasBeenNotified());
  return absl::OkStatus();
}

}  // namespace kith::feed
