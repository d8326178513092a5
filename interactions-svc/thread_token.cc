#include "interactions-svc/thread_token.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/api/page_token.h"
#include "common/status/status_macros.h"
#include "interactions-svc/contact_sets.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::interactions {
namespace {

using ThreadTokens = api::PageTokens<internal::v1::ThreadPosition>;

}  // namespace

std::vector<v1::ThreadState> ListedStates(
    const v1::ListThreadsRequest& request) {
  std::vector<v1::ThreadState> states;
  for (const v1::ThreadState state :
       {v1::THREAD_STATE_OPEN, v1::THREAD_STATE_WAITING,
        v1::THREAD_STATE_RESOLVED}) {
    const auto& wanted = request.states();
    if (wanted.empty() || absl::c_linear_search(wanted, state)) {
      states.push_back(state);
    }
  }
  return states;
}

std::string ThreadBinding(uint64_t tenant_id,
                          const std::vector<base::Uuid>& contact_ids,
                          const std::vector<v1::ThreadState>& states) {
  std::string binding = absl::StrCat("ListThreads/", tenant_id, "/");
  for (const v1::ThreadState state : states) absl::StrAppend(&binding, state);
  return absl::StrCat(binding, "/", JoinedBytes(contact_ids));
}

absl::StatusOr<ThreadPlace> ReadThreadToken(absl::string_view token,
                                            absl::string_view binding) {
  if (token.empty()) return ThreadPlace::Newest();
  KITH_ASSIGN_OR_RETURN(const auto position, ThreadTokens(binding).Read(token));
  return ThreadPlace{.opened_micros = position.opened_micros(),
                     .thread_id = base::Uuid::FromBytes(position.thread_id())};
}

std::string MakeThreadToken(const ThreadPage& page, absl::string_view binding) {
  if (!page.next.has_value()) return "";
  internal::v1::ThreadPosition position;
  position.set_opened_micros(page.next->opened_micros);
  position.set_thread_id(std::string(page.next->thread_id.bytes()));
  return ThreadTokens(binding).Make(position);
}

}  // namespace kith::interactions
