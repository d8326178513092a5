#include "gateway/hooks/journal/journal_flow.h"

#include <utility>

namespace kith::gateway {

Task<absl::Status> JournalFlow::Get(const base::RequestContext& context,
                                    const v1::GetEntryRequest& request,
                                    interactions::v1::Entry& response) const {
  interactions::v1::GetEntryRequest get;
  get.set_entry_id(request.entry_id());
  auto call = backends_.Interactions(&Backends::InteractionsStub::GetEntry,
                                     std::move(get), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  co_return absl::OkStatus();
}

Task<absl::Status> JournalFlow::List(const base::RequestContext& context,
                                     const v1::ListEntriesRequest& request,
                                     v1::ListEntriesResponse& response) const {
  interactions::v1::ListEntriesRequest list;
  *list.mutable_filter() = request.filter();
  list.set_page_size(request.page_size());
  list.set_page_token(request.page_token());
  auto call = backends_.Interactions(&Backends::InteractionsStub::ListEntries,
                                     std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(auto listed, co_await call);
  response.mutable_entries()->Swap(listed.mutable_entries());
  response.set_next_page_token(listed.next_page_token());
  co_return absl::OkStatus();
}

Task<absl::Status> JournalFlow::Replay(
    const base::RequestContext& context,
    const v1::ReplayEntriesRequest& request,
    v1::ReplayEntriesResponse& response) const {
  interactions::v1::ReplayEntriesRequest replay;
  *replay.mutable_filter() = request.filter();
  replay.set_dry_run(request.dry_run());
  replay.set_page_size(request.page_size());
  replay.set_page_token(request.page_token());
  auto call = backends_.Interactions(&Backends::InteractionsStub::ReplayEntries,
                                     std::move(replay), context);
  KITH_CO_ASSIGN_OR_RETURN(auto replayed, co_await call);
  response.mutable_entry_ids()->Swap(replayed.mutable_entry_ids());
  response.set_next_page_token(replayed.next_page_token());
  co_return absl::OkStatus();
}

Task<absl::Status> JournalFlow::Discard(
    const base::RequestContext& context, const v1::DiscardEntryRequest& request,
    interactions::v1::Entry& response) const {
  interactions::v1::DiscardEntryRequest discard;
  discard.set_entry_id(request.entry_id());
  discard.set_reason(request.reason());
  discard.set_agent(request.agent());
  auto call = backends_.Interactions(&Backends::InteractionsStub::DiscardEntry,
                                     std::move(discard), context);
  KITH_CO_ASSIGN_OR_RETURN(response, co_await call);
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
