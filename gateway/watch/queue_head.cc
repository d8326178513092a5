#include "gateway/watch/queue_head.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "google/protobuf/util/message_differencer.h"

namespace kith::gateway {
namespace {

using google::protobuf::util::MessageDifferencer;
using v1::QueueEntry;

// A contact, and a queue that it is in.
using EntryKey = std::pair<std::string, std::string>;
using EntriesByKey = absl::flat_hash_map<EntryKey, const QueueEntry*>;

EntryKey KeyOf(const QueueEntry& entry) {
  return {entry.contact().contact_id(), entry.contact().queue()};
}

EntriesByKey ByKey(const std::vector<QueueEntry>& entries) {
  EntriesByKey by_key;
  for (const QueueEntry& entry : entries) by_key.emplace(KeyOf(entry), &entry);
  return by_key;
}

}  // namespace

bool TellDifference(const std::vector<QueueEntry>& before,
                    const std::vector<QueueEntry>& after,
                    v1::WatchQueueResponse& message) {
  const EntriesByKey old = ByKey(before);
  const EntriesByKey now = ByKey(after);
  bool is_different = false;
  for (const QueueEntry& entry : after) {
    const auto known = old.find(KeyOf(entry));
    if (known != old.end() &&
        MessageDifferencer::Equals(*known->second, entry)) {
      continue;
    }
    *message.add_entries() = entry;
    is_different = true;
  }
  for (const QueueEntry& entry : before) {
    if (now.contains(KeyOf(entry))) continue;
    v1::QueuePlace& left = *message.add_left();
    left.set_contact_id(entry.contact().contact_id());
    left.set_queue(entry.contact().queue());
    is_different = true;
  }
  return is_different;
}

}  // namespace kith::gateway
