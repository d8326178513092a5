#include "common/feed/change_tail.h"

#include <algorithm>
#include <utility>

#include "common/base/times.h"
#include "common/status/status_macros.h"

namespace kith::feed {
namespace {

constexpr absl::Duration kTailPause = absl::Milliseconds(50);

// Minutes of an ordinary load; a second of the heaviest.
constexpr size_t kMaxKept = 10'000;
constexpr size_t kMaxKeptBytes = 16 << 20;

}  // namespace

changes::v1::Change ToChange(const LoggedChange& logged) {
  changes::v1::Change change;
  change.ParseFromString(logged.details);
  change.set_sequence(logged.position.sequence);
  *change.mutable_sequence_time() =
      base::ToProto(logged.position.sequence_micros);
  // The column decides who may see it.
  change.set_tenant_id(logged.tenant_id);
  return change;
}

FeedPosition PositionOf(const changes::v1::Change& change) {
  return {.sequence = change.sequence(),
          .sequence_micros = base::ToMicros(change.sequence_time())};
}

ChangeTail::ChangeTail(mysql::SessionOptions options,
                       std::function<void(const absl::Status&)> after_poll)
    : options_(std::move(options)),
      after_poll_(std::move(after_poll)),
      thread_([this] { Run(); }) {}

ChangeTail::~ChangeTail() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void ChangeTail::Follow(const FeedPosition& newest) {
  absl::MutexLock lock(&mutex_);
  if (following_) return;
  following_ = true;
  newest_ = newest;
}

void ChangeTail::Rest() {
  absl::MutexLock lock(&mutex_);
  following_ = false;
  kept_.clear();
  kept_bytes_ = 0;
}

ChangeTail::Page ChangeTail::After(int64_t sequence) const {
  Page page;
  absl::MutexLock lock(&mutex_);
  const int64_t missing = newest_.sequence - sequence;
  if (missing <= 0) return page;
  const auto kept = static_cast<int64_t>(kept_.size());
  page.behind = missing > kept;
  if (page.behind) return page;
  const auto begin = kept_.end() - missing;
  const auto end = begin + std::min(missing, kChangesRead);
  page.changes.assign(begin, end);
  return page;
}

void ChangeTail::Run() {
  mysql::Session session(options_);
  while (WaitForFollowers()) {
    absl::StatusOr<bool> more = Poll(session);
    // Once more where only the connection was gone.
    if (absl::IsUnavailable(more.status())) more = Poll(session);
    after_poll_(more.status());
    if (more.ok() && *more) continue;
    const auto stopping = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return stopping_;
    };
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping), kTailPause);
  }
}

bool ChangeTail::WaitForFollowers() {
  const auto wanted = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || following_;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&wanted));
  return !stopping_;
}

absl::StatusOr<bool> ChangeTail::Poll(mysql::Session& session) {
  FeedPosition after;
  {
    absl::MutexLock lock(&mutex_);
    after = newest_;
  }
  const auto page = ReadChanges(session, after);
  if (absl::IsOutOfRange(page.status())) Rest();
  KITH_RETURN_IF_ERROR(page.status());
  absl::MutexLock lock(&mutex_);
  // Else others follow now, from another place.
  if (following_ && newest_ == after && !page->empty()) Keep(*page);
  return static_cast<int64_t>(page->size()) == kChangesRead;
}

void ChangeTail::Keep(const std::vector<LoggedChange>& page) {
  for (const LoggedChange& logged : page) {
    kept_.push_back(
        std::make_shared<const changes::v1::Change>(ToChange(logged)));
    kept_bytes_ += kept_.back()->ByteSizeLong();
  }
  newest_ = page.back().position;
  while (kept_.size() > kMaxKept || kept_bytes_ > kMaxKeptBytes) {
    kept_bytes_ -= kept_.front()->ByteSizeLong();
    kept_.pop_front();
  }
}

}  // namespace kith::feed
