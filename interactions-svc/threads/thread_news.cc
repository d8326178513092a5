#include "interactions-svc/threads/thread_news.h"

#include <algorithm>

#include "absl/strings/numbers.h"

namespace kith::interactions {

using base::Uuid;
using internal::v1::StoredThread;
using internal::v1::ThreadNews;

void AddNews(uint64_t version, const Uuid& interaction_id,
             StoredThread& stored) {
  auto& news = *stored.mutable_news();
  // One that comes again is new again.
  news.erase(std::remove_if(news.begin(), news.end(),
                            [&](const ThreadNews& one) {
                              return one.interaction_id() ==
                                     interaction_id.bytes();
                            }),
             news.end());
  if (news.size() >= kMostNews) {
    news.DeleteSubrange(0, news.size() - kMostNews + 1);
  }
  ThreadNews& added = *news.Add();
  added.set_version(version);
  added.set_interaction_id(std::string(interaction_id.bytes()));
}

void KeepNewsOf(const std::vector<ThreadEntry>& entries, StoredThread& stored) {
  auto& news = *stored.mutable_news();
  news.erase(std::remove_if(news.begin(), news.end(),
                            [&](const ThreadNews& one) {
                              return std::none_of(
                                  entries.begin(), entries.end(),
                                  [&](const ThreadEntry& entry) {
                                    return entry.interaction_id.bytes() ==
                                           one.interaction_id();
                                  });
                            }),
             news.end());
}

std::vector<std::string> NewsSince(absl::string_view etag,
                                   const StoredThread& stored) {
  std::vector<std::string> ids;
  uint64_t seen = 0;
  if (!absl::SimpleAtoi(etag, &seen)) return ids;
  for (const ThreadNews& one : stored.news()) {
    if (one.version() <= seen) continue;
    ids.push_back(Uuid::FromBytes(one.interaction_id()).ToString());
  }
  return ids;
}

}  // namespace kith::interactions
