#include "interactions-svc/interaction_store.h"

#include <set>
#include <utility>

#include "common/auth/tenants.h"
#include "common/mysql/errors.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "interactions-svc/activity/future.h"
#include "interactions-svc/activity/recent.h"
#include "interactions-svc/activity/summary.h"
#include "interactions-svc/activity/summary_row.h"
#include "interactions-svc/contacting/frequency_caps.h"
#include "interactions-svc/recorded_requests.h"
#include "interactions-svc/recording.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using mysql::Tx;

constexpr int kLookupAttempts = 5;

// The most contacts of a call whose recent interactions are read: as many bytes
// as an answer has.
constexpr size_t kMostWithRecent = kAnswerBytes / kRecentBytes;

std::vector<RecordItem> MakeItems(const Tx& tx,
                                  InteractionStore::Requests requests) {
  std::vector<RecordItem> items;
  for (const v1::RecordInteractionRequest* request : requests) {
    items.push_back(MakeItem(tx, *request));
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

// Sets what the page begins with, if the rows have it.
void SetNewest(const SummaryRows& rows, const WantedActivity& wanted,
               TimelineSet& set) {
  std::vector<ContactRecent> contacts;
  for (const Uuid& id : set.contact_ids) {
    const auto row = rows.find(id);
    // Nothing was ever recorded.
    if (row == rows.end()) continue;
    if (!row->second.recent.has_value()) return;
    contacts.push_back({id, &*row->second.recent});
  }
  // One more tells whether there is another page.
  set.newest = NewestOf(contacts, static_cast<size_t>(wanted.page_size) + 1);
}

// Returns the rows of the contacts, and sets what the pages of the sets begin
// with, as far as it is kept and that is little enough.
absl::StatusOr<SummaryRows> ReadRows(const Tx& tx, const WantedActivity& wanted,
                                     std::vector<TimelineSet>& sets) {
  std::vector<TimelineSet*> with_recent;
  std::set<Uuid> ids_with_recent;
  std::set<Uuid> ids_without;
  for (TimelineSet& set : sets) {
    const bool may_be_kept = wanted.interactions &&
                             wanted.page_size < int32_t{kRecentKept} &&
                             set.after == Location::Newest();
    const auto& ids = set.contact_ids;
    if (may_be_kept && ids_with_recent.size() + ids.size() <= kMostWithRecent) {
      ids_with_recent.insert(ids.begin(), ids.end());
      with_recent.push_back(&set);
    } else if (wanted.summary || wanted.threads || wanted.actions) {
      ids_without.insert(ids.begin(), ids.end());
    }
  }
  KITH_ASSIGN_OR_RETURN(
      SummaryRows rows,
      ReadSummaries(tx, kSelectWithRecent,
                    {ids_with_recent.begin(), ids_with_recent.end()}));
  for (TimelineSet* const set : with_recent) SetNewest(rows, wanted, *set);
  KITH_ASSIGN_OR_RETURN(
      SummaryRows without,
      ReadSummaries(tx, kSelectSummaries,
                    {ids_without.begin(), ids_without.end()}));
  rows.merge(without);
  return rows;
}

// Sums the summaries of the set, and takes from the sum what is wanted.
void SumUp(const Tx& tx, const SummaryRows& rows, const TimelineSet& set,
           const WantedActivity& wanted, SetActivity& activity) {
  v1::ActivitySummary sum;
  for (const Uuid& id : set.contact_ids) {
    const auto row = rows.find(id);
    if (row == rows.end()) continue;
    Add(row->second.summary, sum);
    if (wanted.threads && row->second.summary.live_thread_count() > 0) {
      activity.with_threads.push_back(id);
    }
    if (wanted.actions && row->second.work.action_count() > 0) {
      activity.works[id] = row->second.work;
    }
  }
  if (wanted.threads) {
    activity.last_problems.assign(sum.last_problems().begin(),
                                  sum.last_problems().end());
  }
  if (!wanted.summary) return;
  Present(auth::CalendarDay(tx.now, *tx.context.principal->tenant), sum);
  activity.summary = std::move(sum);
}

}  // namespace

absl::StatusOr<InteractionStore::Results<v1::RecordInteractionResponse>>
InteractionStore::Record(const Tx& tx, Requests requests) const {
  Results<v1::RecordInteractionResponse> results;
  if (requests.empty()) return results;
  const std::vector<RecordItem> items = MakeItems(tx, requests);
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    LockedContacts contacts(tx);
    Recording recording(tx, items, contacts);
    KITH_RETURN_IF_ERROR(recording.Lock());
    KITH_ASSIGN_OR_RETURN(results, recording.Run());
    return contacts.Write();
  }));
  for (const auto& result : results) NoteCapped(result.status());
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

absl::StatusOr<std::vector<SetActivity>> InteractionStore::GetActivity(
    const Tx& tx, std::vector<TimelineSet> sets,
    const WantedActivity& wanted) const {
  KITH_ASSIGN_OR_RETURN(SummaryRows rows, ReadRows(tx, wanted, sets));
  std::vector<SetActivity> activity(sets.size());
  if (wanted.summary) KITH_RETURN_IF_ERROR(RemoveFutures(tx, rows));
  if (wanted.summary || wanted.threads || wanted.actions) {
    for (size_t i = 0; i < sets.size(); ++i) {
      SumUp(tx, rows, sets[i], wanted, activity[i]);
    }
  }
  if (wanted.interactions) {
    KITH_ASSIGN_OR_RETURN(
        std::vector<TimelinePage> pages,
        ReadTimelinePages(tx, std::move(sets), TimelineFilter(),
                          wanted.page_size));
    for (size_t i = 0; i < pages.size(); ++i) {
      activity[i].page = std::move(pages[i]);
    }
  }
  return activity;
}

absl::StatusOr<std::vector<TimelinePage>> InteractionStore::Timelines(
    const Tx& tx, std::vector<TimelineSet> sets, const TimelineFilter& filter,
    int32_t size) const {
  return ReadTimelinePages(tx, std::move(sets), filter, size);
}

}  // namespace kith::interactions
