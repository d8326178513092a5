#include "gateway/watch/queue_bells.h"

namespace kith::gateway {
namespace {

using changes::v1::Change;

// The queues that a change is about; none if it is of no action or lease.
std::vector<std::string> QueuesOf(const Change& change) {
  switch (change.what_case()) {
    case Change::kActionOpened:
      return {change.action_opened().queue()};
    case Change::kActionChanged:
      return {change.action_changed().queue()};
    case Change::kActionEnded:
      return {change.action_ended().queue()};
    case Change::kContactLeased:
      return {change.contact_leased().queues().begin(),
              change.contact_leased().queues().end()};
    default:
      return {};
  }
}

}  // namespace

class QueueBells::Bell {
 public:
  Bell(uint64_t tenant_id, std::vector<std::string> queues,
       std::function<void()> ring)
      : tenant_id(tenant_id),
        queues(std::move(queues)),
        ring(std::move(ring)) {}

  const uint64_t tenant_id;
  const std::vector<std::string> queues;
  const std::function<void()> ring;
};

std::shared_ptr<QueueBells::Bell> QueueBells::Add(
    uint64_t tenant_id, std::vector<std::string> queues,
    std::function<void()> ring) {
  auto bell =
      std::make_shared<Bell>(tenant_id, std::move(queues), std::move(ring));
  const absl::MutexLock lock(&mutex_);
  for (const std::string& queue : bell->queues) {
    by_queue_[{tenant_id, queue}].insert(bell);
  }
  return bell;
}

void QueueBells::Remove(const std::shared_ptr<Bell>& bell) {
  const absl::MutexLock lock(&mutex_);
  for (const std::string& queue : bell->queues) {
    const auto bells = by_queue_.find({bell->tenant_id, queue});
    // A queue may have been named twice.
    if (bells == by_queue_.end()) continue;
    bells->second.erase(bell);
    if (bells->second.empty()) by_queue_.erase(bells);
  }
}

void QueueBells::Ring(const Change& change) {
  std::vector<std::string> queues = QueuesOf(change);
  if (queues.empty()) return;
  queues.emplace_back(kAnyQueue);
  Bells rung;
  {
    const absl::MutexLock lock(&mutex_);
    for (const std::string& queue : queues) {
      const auto bells = by_queue_.find({change.tenant_id(), queue});
      if (bells == by_queue_.end()) continue;
      rung.insert(bells->second.begin(), bells->second.end());
    }
  }
  for (const auto& bell : rung) bell->ring();
}

}  // namespace kith::gateway
