#ifndef KITH_INTERACTIONS_SVC_THREAD_TOKEN_H_
#define KITH_INTERACTIONS_SVC_THREAD_TOKEN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "interactions-svc/thread_store.h"
#include "kith/interactions/v1/thread.pb.h"

namespace kith::interactions {

// Returns the states that a list is asked for, each once.
std::vector<v1::ThreadState> ListedStates(
    const v1::ListThreadsRequest& request);

// Returns what a page token of a list of threads is bound to: the tenant, the
// contacts and the states.
std::string ThreadBinding(uint64_t tenant_id,
                          const std::vector<base::Uuid>& contact_ids,
                          const std::vector<v1::ThreadState>& states);

// Returns the place that the page of this token begins after; Newest if the
// token is empty. INVALID_ARGUMENT if the token has another binding.
absl::StatusOr<ThreadPlace> ReadThreadToken(absl::string_view token,
                                            absl::string_view binding);

// Returns the token of the page after `page`; empty if `page` is the last.
std::string MakeThreadToken(const ThreadPage& page, absl::string_view binding);

}  // namespace kith::interactions

#endif  // KITH_INTERACTIONS_SVC_THREAD_TOKEN_H_
