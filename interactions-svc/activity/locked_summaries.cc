#include "interactions-svc/activity/locked_summaries.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/auth/tenants.h"
#include "common/base/times.h"
#include "common/feed/outbox.h"
#include "common/mysql/errors.h"
#include "common/status/status_macros.h"
#include "interactions-svc/actions/action_changes.h"
#include "interactions-svc/activity/interaction_row.h"
#include "interactions-svc/activity/recent.h"
#include "interactions-svc/activity/timeline.h"
#include "interactions-svc/threads/thread_summary.h"

namespace kith::interactions {
namespace {

using base::Uuid;

// The change of a contact's row that has just counted it.
changes::v1::Change ChangeOf(const v1::Interaction& interaction,
                             const SummaryRow& row) {
  changes::v1::Change change;
  change.set_owner(interaction.contact_id());
  change.set_owner_version(row.version + row.changes);
  return change;
}

// InteractionRecorded and InteractionCorrected tell the same.
template <typename What>
void Tell(const v1::Interaction& interaction, What& what) {
  what.set_interaction_id(interaction.interaction_id());
  what.set_kind(interaction.kind());
  *what.mutable_occurred_time() = interaction.occurred_time();
  if (interaction.has_source_revision()) {
    what.set_source_revision(interaction.source_revision());
  }
}

void TellMove(const v1::Interaction& old, const v1::Interaction& stored,
              changes::v1::InteractionReassigned& what) {
  what.set_interaction_id(stored.interaction_id());
  what.set_kind(stored.kind());
  *what.mutable_occurred_time() = stored.occurred_time();
  what.set_from_contact_id(old.contact_id());
  what.set_to_contact_id(stored.contact_id());
}

}  // namespace

absl::Status LockedSummaries::Lock(const std::set<Uuid>& contact_ids) {
  KITH_ASSIGN_OR_RETURN(
      rows_, ReadSummaries(tx_, kLockSummaries,
                           {contact_ids.begin(), contact_ids.end()}));
  for (const Uuid& id : contact_ids) rows_.try_emplace(id);
  return absl::OkStatus();
}

absl::StatusOr<bool> LockedSummaries::TryLock(const Uuid& contact_id) {
  absl::StatusOr<SummaryRows> rows =
      ReadSummaries(tx_, kTryLockSummaries, {contact_id});
  if (mysql::IsLockTimeout(rows.status())) return false;
  KITH_RETURN_IF_ERROR(rows.status());
  rows_ = *std::move(rows);
  return !rows_.empty();
}

absl::Status LockedSummaries::Add(const v1::Interaction& interaction) {
  KITH_ASSIGN_OR_RETURN(SummaryRow* const row,
                        FindForChange(interaction.contact_id()));
  interactions::Add(SummaryOf(interaction, tenant_), row->summary);
  if (row->recent.has_value()) AddRecent(interaction, *row->recent);
  Tell(interaction, *changes_.emplace_back(ChangeOf(interaction, *row))
                         .mutable_interaction_recorded());
  return absl::OkStatus();
}

absl::Status LockedSummaries::Exchange(const v1::Interaction& old,
                                       const v1::Interaction& stored) {
  KITH_ASSIGN_OR_RETURN(SummaryRow* const row,
                        FindForChange(stored.contact_id()));
  const Gaps gaps = Remove(SummaryOf(old, tenant_), row->summary);
  interactions::Add(SummaryOf(stored, tenant_), row->summary);
  if (row->recent.has_value()) {
    // If fewer are left than could be, Write reads them.
    if (RemoveRecent(Location::Of(old), *row->recent)) {
      AddRecent(stored, *row->recent);
    } else {
      row->recent.reset();
    }
  }
  Tell(stored, *changes_.emplace_back(ChangeOf(stored, *row))
                    .mutable_interaction_corrected());
  return Fill(gaps, old, row->summary);
}

absl::Status LockedSummaries::Move(const v1::Interaction& old,
                                   const v1::Interaction& stored) {
  KITH_ASSIGN_OR_RETURN(SummaryRow* const from,
                        FindForChange(old.contact_id()));
  KITH_ASSIGN_OR_RETURN(SummaryRow* const to,
                        FindForChange(stored.contact_id()));
  const Gaps gaps = Remove(SummaryOf(old, tenant_), from->summary);
  interactions::Add(SummaryOf(stored, tenant_), to->summary);
  if (from->recent.has_value() &&
      !RemoveRecent(Location::Of(old), *from->recent)) {
    from->recent.reset();
  }
  if (to->recent.has_value()) AddRecent(stored, *to->recent);
  for (auto change : {ChangeOf(old, *from), ChangeOf(stored, *to)}) {
    TellMove(old, stored, *change.mutable_interaction_reassigned());
    changes_.push_back(std::move(change));
  }
  return Fill(gaps, old, from->summary);
}

absl::StatusOr<v1::MarketingTouches> LockedSummaries::Marketing(
    const std::set<Uuid>& contact_ids) const {
  v1::MarketingTouches sum;
  for (const Uuid& id : contact_ids) {
    const auto it = rows_.find(id);
    if (it == rows_.end()) return mysql::LostRaceError();
    AddMarketing(it->second.summary.marketing(), sum);
  }
  return sum;
}

absl::Status LockedSummaries::Anchor(const Uuid& contact_id) {
  const auto it = rows_.find(contact_id);
  if (it == rows_.end()) return mysql::LostRaceError();
  // Its insertion meets that of another transaction at the unique key.
  if (it->second.version == 0 && it->second.changes == 0) ++it->second.changes;
  return absl::OkStatus();
}

int64_t LockedSummaries::LiveThreads(const std::string& contact_id) const {
  const auto it = rows_.find(Uuid::Parse(contact_id).value_or(Uuid()));
  return it == rows_.end() ? 0 : it->second.summary.live_thread_count();
}

absl::Status LockedSummaries::AddThreads(
    const std::vector<ThreadEffect>& effects) {
  std::set<Uuid> outdated;
  for (const ThreadEffect& effect : effects) {
    const Uuid id = Uuid::Parse(effect.after.contact_id()).value_or(Uuid());
    const auto it = rows_.find(id);
    if (it == rows_.end()) return mysql::LostRaceError();
    if (AddEffect(effect, it->second.summary)) outdated.insert(id);
    // They show their threads; Write reads them.
    if (effect.has_moved) it->second.recent.reset();
    changes::v1::Change change;
    if (!TellEffect(effect, change)) continue;
    KITH_RETURN_IF_ERROR(
        AddChange(effect.after.contact_id(), std::move(change)));
  }
  for (const Uuid& id : outdated) {
    KITH_ASSIGN_OR_RETURN(const std::vector<ThreadRow> rows,
                          ReadProblems(tx_, id));
    std::vector<v1::Thread> problems;
    for (const ThreadRow& row : rows) problems.push_back(ShowThread(row));
    SetLastProblems(problems, rows_[id].summary);
  }
  return absl::OkStatus();
}

LockedContact LockedSummaries::ForActions(const Uuid& contact_id) {
  SummaryRow& row = rows_[contact_id];
  return {.summary = &row.summary, .work = &row.work};
}

absl::Status LockedSummaries::AddActions(
    const std::vector<ActionEffect>& effects) {
  for (const ActionEffect& effect : effects) {
    changes::v1::Change change;
    if (!TellEffect(effect, change)) continue;
    KITH_RETURN_IF_ERROR(
        AddChange(effect.contact_id.ToString(), std::move(change)));
  }
  return absl::OkStatus();
}

absl::Status LockedSummaries::TellLease(const Uuid& contact_id,
                                        const std::set<std::string>& queues,
                                        const std::string& reason) {
  const internal::v1::ContactWork& work = rows_[contact_id].work;
  changes::v1::Change change;
  changes::v1::ContactLeased& leased = *change.mutable_contact_leased();
  leased.set_epoch(work.epoch());
  if (!work.agent().empty()) {
    *leased.mutable_end_time() = base::ToProto(work.end_micros());
  }
  for (const std::string& queue : queues) leased.add_queues(queue);
  leased.set_reason(reason);
  return AddChange(contact_id.ToString(), std::move(change));
}

absl::Status LockedSummaries::AddChange(const std::string& contact_id,
                                        changes::v1::Change change) {
  KITH_ASSIGN_OR_RETURN(const SummaryRow* const row, FindForChange(contact_id));
  change.set_owner(contact_id);
  change.set_owner_version(row->version + row->changes);
  changes_.push_back(std::move(change));
  return absl::OkStatus();
}

absl::Status LockedSummaries::Write() {
  const absl::CivilDay today = auth::CalendarDay(tx_.now, tenant_);
  for (auto& [id, row] : rows_) {
    if (row.changes == 0) continue;
    Prune(today, row.summary);
    if (!row.recent.has_value()) {
      KITH_ASSIGN_OR_RETURN(row.recent, ReadRecent(tx_, id));
    }
    KITH_RETURN_IF_ERROR(WriteSummary(tx_, id, row));
  }
  return feed::AddChanges(tx_, std::move(changes_));
}

absl::StatusOr<SummaryRow*> LockedSummaries::FindForChange(
    const std::string& contact_id) {
  const Uuid id = Uuid::Parse(contact_id).value_or(Uuid());
  const auto it = rows_.find(id);
  if (it == rows_.end()) return mysql::LostRaceError();
  ++it->second.changes;
  return &it->second;
}

absl::Status LockedSummaries::Fill(const Gaps& gaps,
                                   const v1::Interaction& removed,
                                   v1::ActivitySummary& summary) {
  if (gaps.first_time) {
    KITH_ASSIGN_OR_RETURN(const std::optional<int64_t> micros,
                          FirstMicros(tx_, removed));
    if (micros.has_value()) SetFirstTime(removed, *micros, summary);
  }
  if (gaps.last_time) {
    KITH_ASSIGN_OR_RETURN(
        const std::optional<int64_t> micros,
        LastMicros(tx_, removed, Location::Newest().occurred_micros));
    if (micros.has_value()) SetLastTime(removed, *micros, summary);
  }
  if (gaps.returned_items) {
    KITH_ASSIGN_OR_RETURN(
        const std::vector<v1::Interaction> returns,
        ReadNewestReturns(tx_, Location::Of(removed).contact_id,
                          Location::Newest()));
    SetReturnedItems(returns, summary);
  }
  return absl::OkStatus();
}

}  // namespace kith::interactions
