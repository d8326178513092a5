#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_NEWS_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_NEWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "interactions-svc/threads/thread_words.h"
#include "kith/internal/v1/threads.pb.h"

namespace kith::interactions {

// What has come to a thread since somebody saw it, by the versions that it had.
// Pure functions.

// The last words that a thread remembers as its news.
inline constexpr int kMostNews = 20;

// Notes that the word came to the thread, or was corrected in it, with this
// version.
void AddNews(uint64_t version, const base::Uuid& interaction_id,
             internal::v1::StoredThread& stored);

// Forgets the words that are not among the entries of the thread any more.
void KeepNewsOf(const std::vector<ThreadEntry>& entries,
                internal::v1::StoredThread& stored);

// Returns the ids of what has come or was corrected since the thread had this
// etag, each once, the oldest first; at most kMostNews. Empty if nothing has,
// or the etag is none.
std::vector<std::string> NewsSince(absl::string_view etag,
                                   const internal::v1::StoredThread& stored);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_NEWS_H_
