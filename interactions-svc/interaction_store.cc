#include "interactions-svc/interaction_store.h"

#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/tenants.h"
#include "common/base/sha256.h"
#include "common/mysql/errors.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "interactions-svc/future.h"
#include "interactions-svc/interaction_fields.h"
#include "interactions-svc/recorded_requests.h"
#include "interactions-svc/recording.h"
#include "interactions-svc/summary.h"
#include "interactions-svc/summary_row.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Tx;

constexpr int kLookupAttempts = 5;

// The request_ids of a public form are apart from those of all other keys:
// whoever has the form could else use up the ids of the business's own systems.
// Empty for other keys, and without a request_id.
std::string FormRequestId(const base::Principal& principal,
                          absl::string_view request_id) {
  if (request_id.empty() ||
      principal.assurance >= config::v1::ASSURANCE_REPORTED) {
    return "";
  }
  return absl::BytesToHexString(
      base::Sha256(absl::StrCat("form/", principal.key_id, "/", request_id)));
}

std::vector<RecordItem> MakeItems(const Tx& tx,
                                  InteractionStore::Requests requests) {
  std::vector<RecordItem> items;
  for (const v1::RecordInteractionRequest* request : requests) {
    items.push_back(
        {.request = request,
         .new_id = Uuid::Make(tx.now),
         .form_request_id =
             FormRequestId(*tx.context.principal, request->request_id()),
         .content_fingerprint = ContentFingerprint(request->interaction()),
         .request_fingerprint = mysql::RequestFingerprint(*request)});
  }
  return items;
}

// An item's own failure is in `result`.
absl::Status LookupOne(const Tx& tx, const RecordedRequests& known,
                       const RecordItem& item,
                       absl::StatusOr<v1::FindRecordingResponse>& result) {
  const absl::StatusOr<Decision> decision = known.Decide(item);
  if (!decision.ok()) {
    result = decision.status();
    return absl::OkStatus();
  }
  if (const StoredKey* key = known.FindKey(item); key != nullptr) {
    result->set_contact_id(key->location.contact_id.ToString());
  }
  if (decision->writes()) return absl::OkStatus();
  v1::RecordInteractionResponse& stored = *result->mutable_known();
  KITH_ASSIGN_OR_RETURN(*stored.mutable_interaction(),
                        ReadStored(tx, decision->stored));
  stored.set_outcome(decision->outcome);
  return absl::OkStatus();
}

absl::StatusOr<InteractionStore::Results<v1::FindRecordingResponse>> LookupAll(
    const Tx& tx, absl::Span<const RecordItem> items) {
  RecordedRequests known(tx, items);
  KITH_RETURN_IF_ERROR(known.Read());
  InteractionStore::Results<v1::FindRecordingResponse> results;
  for (const RecordItem& item : items) {
    auto& result = results.emplace_back(v1::FindRecordingResponse());
    KITH_RETURN_IF_ERROR(LookupOne(tx, known, item, result));
  }
  return results;
}

// Takes away from each summary what is yet to come. What is read for it must
// belong to the summary, so both are read again on one snapshot.
absl::Status RemoveFutures(const Tx& tx, SummaryRows& rows) {
  std::vector<Uuid> contact_ids;
  for (const auto& [id, row] : rows) {
    if (HasFuture(row.summary, tx.now)) contact_ids.push_back(id);
  }
  if (contact_ids.empty()) return absl::OkStatus();
  return mysql::ReadSnapshot(tx.session, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(SummaryRows again,
                          ReadSummaries(tx, kSelectSummaries, contact_ids));
    for (auto& [id, row] : again) {
      KITH_RETURN_IF_ERROR(RemoveFuture(tx, id, row.summary));
      rows[id] = std::move(row);
    }
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<InteractionStore::Results<v1::RecordInteractionResponse>>
InteractionStore::Record(const Tx& tx, Requests requests) const {
  Results<v1::RecordInteractionResponse> results;
  if (requests.empty()) return results;
  const std::vector<RecordItem> items = MakeItems(tx, requests);
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(results, Recording(tx, items).Run());
    return absl::OkStatus();
  }));
  return results;
}

absl::StatusOr<InteractionStore::Results<v1::FindRecordingResponse>>
InteractionStore::Lookup(const Tx& tx, Requests requests) const {
  const std::vector<RecordItem> items = MakeItems(tx, requests);
  // A correction may move an interaction between the two reads.
  for (int attempt = 1;; ++attempt) {
    auto results = LookupAll(tx, items);
    if (attempt == kLookupAttempts || !mysql::IsLostRace(results.status())) {
      return results;
    }
  }
}

absl::StatusOr<std::vector<SetSummary>> InteractionStore::Summaries(
    const Tx& tx, const std::vector<std::vector<Uuid>>& sets) const {
  std::set<Uuid> contact_ids;
  for (const auto& set : sets) contact_ids.insert(set.begin(), set.end());
  KITH_ASSIGN_OR_RETURN(SummaryRows rows, ReadSummaries(tx, kSelectSummaries,
                                                        {contact_ids.begin(),
                                                         contact_ids.end()}));
  KITH_RETURN_IF_ERROR(RemoveFutures(tx, rows));
  const absl::CivilDay today =
      auth::CalendarDay(tx.now, *tx.context.principal->tenant);
  std::vector<SetSummary> summaries;
  for (const std::vector<Uuid>& set : sets) {
    auto& [summary, with_threads, last_problems] = summaries.emplace_back();
    for (const Uuid& id : set) {
      const auto it = rows.find(id);
      if (it == rows.end()) continue;
      Add(it->second.summary, summary);
      if (it->second.summary.live_thread_count() > 0) {
        with_threads.push_back(id);
      }
    }
    last_problems.assign(summary.last_problems().begin(),
                         summary.last_problems().end());
    Present(today, summary);
  }
  return summaries;
}

absl::StatusOr<TimelinePage> InteractionStore::Timeline(
    const Tx& tx, const std::vector<Uuid>& contact_ids,
    const TimelineFilter& filter, const Location& after, int32_t size,
    int64_t& bytes_left) const {
  return ReadTimelinePage(tx, contact_ids, filter, after, size, bytes_left);
}

}  // namespace kith::interactions
