// The methods of InteractionsService for the journal.

#include "common/auth/acting_person.h"
#include "common/status/status_macros.h"
#include "interactions-svc/interactions_service.h"
#include "interactions-svc/journal/entry_list.h"
#include "interactions-svc/journal/journal_validation.h"

namespace kith::interactions {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;
using mysql::Tx;

// A handler that checks the request and passes it to the store.
template <typename Request, typename Response>
auto HandleEntry(const JournalStore& journal,
                 absl::StatusOr<Response> (JournalStore::*method)(
                     const Tx&, const Request&) const) {
  return [&journal, method](
             const Tx& tx, const Request& request) -> absl::StatusOr<Response> {
    KITH_RETURN_IF_ERROR(Validate(request));
    return (journal.*method)(tx, request);
  };
}

// The same for a function.
template <typename Request, typename Response>
auto HandleEntries(absl::StatusOr<Response> (*function)(const Tx&,
                                                        const Request&)) {
  return [function](const Tx& tx,
                    const Request& request) -> absl::StatusOr<Response> {
    KITH_RETURN_IF_ERROR(Validate(request));
    return function(tx, request);
  };
}

absl::StatusOr<v1::Entry> DiscardFor(const Tx& tx, const JournalStore& journal,
                                     const v1::DiscardEntryRequest& request) {
  KITH_RETURN_IF_ERROR(Validate(request));
  v1::DiscardEntryRequest acting = request;
  KITH_ASSIGN_OR_RETURN(
      *acting.mutable_agent(),
      auth::ActingPerson(*tx.context.principal, "agent", request.agent()));
  return journal.Discard(tx, acting);
}

}  // namespace

ServerUnaryReactor* InteractionsService::RecordEntry(
    CallbackServerContext* call, const v1::RecordEntryRequest* request,
    v1::RecordEntryResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleEntry(journal_, &JournalStore::Record));
}

ServerUnaryReactor* InteractionsService::LeaseEntries(
    CallbackServerContext* call, const v1::LeaseEntriesRequest* request,
    v1::LeaseEntriesResponse* reply) {
  return calls_.Run(call, request, reply,
                    HandleEntry(journal_, &JournalStore::Lease));
}

ServerUnaryReactor* InteractionsService::SettleEntry(
    CallbackServerContext* call, const v1::SettleEntryRequest* request,
    v1::Entry* reply) {
  return calls_.Run(call, request, reply,
                    HandleEntry(journal_, &JournalStore::Settle));
}

ServerUnaryReactor* InteractionsService::GetEntry(
    CallbackServerContext* call, const v1::GetEntryRequest* request,
    v1::Entry* reply) {
  return calls_.Run(call, request, reply,
                    HandleEntry(journal_, &JournalStore::Get));
}

ServerUnaryReactor* InteractionsService::ListEntries(
    CallbackServerContext* call, const v1::ListEntriesRequest* request,
    v1::ListEntriesResponse* reply) {
  return calls_.Run(call, request, reply, HandleEntries(&ListJournal));
}

ServerUnaryReactor* InteractionsService::ReplayEntries(
    CallbackServerContext* call, const v1::ReplayEntriesRequest* request,
    v1::ReplayEntriesResponse* reply) {
  return calls_.Run(call, request, reply, HandleEntries(&ReplayJournal));
}

ServerUnaryReactor* InteractionsService::DiscardEntry(
    CallbackServerContext* call, const v1::DiscardEntryRequest* request,
    v1::Entry* reply) {
  return calls_.Run(call, request, reply,
                    [this](const Tx& tx, const v1::DiscardEntryRequest& discard)
                        -> absl::StatusOr<v1::Entry> {
                      return DiscardFor(tx, journal_, discard);
                    });
}

}  // namespace kith::interactions
