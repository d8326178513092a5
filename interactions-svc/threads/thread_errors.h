#ifndef KITH_INTERACTIONS_SVC_THREADS_THREAD_ERRORS_H_
#define KITH_INTERACTIONS_SVC_THREADS_THREAD_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "interactions-svc/threads/thread_row.h"

namespace kith::interactions {

// The errors of requests about threads. `field` is the one of the request that
// names the thread.

// NOT_FOUND.
absl::Status NoThreadError(absl::string_view field, const base::Uuid& id);
absl::Status NotInThreadError(absl::string_view field,
                              const base::Uuid& interaction_id);

// FAILED_PRECONDITION if the thread was joined into another, else OK.
absl::Status CheckNotJoined(absl::string_view field, const ThreadRow& row);

// FAILED_PRECONDITION.
absl::Status OtherContactError();
absl::Status ChainedError();
absl::Status TooManyMovedError(absl::string_view field, size_t most);
absl::Status NothingStaysError(absl::string_view field);
absl::Status NoChangeError(absl::string_view field, absl::string_view what);
absl::Status MovedOnError(absl::string_view field,
                          const base::Uuid& interaction_id);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREADS_THREAD_ERRORS_H_
