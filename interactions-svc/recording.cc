#include "interactions-svc/recording.h"

#include <optional>
#include <set>
#include <utility>

#include "common/auth/tenants.h"
#include "common/base/times.h"
#include "common/mysql/errors.h"
#include "common/status/status_macros.h"
#include "interactions-svc/activity/interaction_fields.h"
#include "interactions-svc/activity/interaction_row.h"
#include "interactions-svc/activity/moved_interactions.h"
#include "interactions-svc/contacting/frequency_caps.h"

namespace kith::interactions {

using base::Uuid;
using mysql::Tx;

absl::Status Recording::Lock(std::set<Uuid> others) {
  KITH_RETURN_IF_ERROR(known_.Read());
  bool corrects = false;
  std::set<Uuid> anchors;
  for (const RecordItem& item : items_) {
    const absl::StatusOr<Decision> decision = known_.Decide(item);
    if (!decision.ok() || !decision->writes()) continue;
    const bool is_new = decision->outcome == v1::RECORD_OUTCOME_RECORDED;
    corrects |= !is_new;
    const Uuid contact_id = is_new ? *Uuid::Parse(item.sent().contact_id())
                                   : decision->stored.contact_id;
    others.insert(contact_id);
    // A correction may make advertising of what was none.
    if (!IsCapped(*tx_.context.principal, item.sent())) continue;
    const std::set<Uuid> group = CappedGroup(contact_id, *item.request);
    // All who record for the group meet at its first row.
    anchors.insert(*group.begin());
    others.insert(group.begin(), group.end());
  }
  if (others.empty()) return absl::OkStatus();
  KITH_RETURN_IF_ERROR(contacts_.Lock(others));
  for (const Uuid& id : anchors) {
    KITH_RETURN_IF_ERROR(contacts_.summaries().Anchor(id));
  }
  // While this waited for the locks, others may have recorded or corrected the
  // same. A repeat must not be refused by a cap that its first copy has
  // reached.
  if (!anchors.empty()) return known_.Read();
  return corrects ? known_.ReadKeys() : absl::OkStatus();
}

absl::StatusOr<std::vector<Recording::Result>> Recording::Run() {
  std::vector<Result> results;
  for (const RecordItem& item : items_) {
    Result& result = results.emplace_back(v1::RecordInteractionResponse());
    KITH_RETURN_IF_ERROR(CarryOut(item, result));
  }
  return results;
}

absl::Status Recording::CarryOut(const RecordItem& item, Result& result) {
  const absl::StatusOr<Decision> decision = known_.Decide(item);
  if (!decision.ok()) {
    result = decision.status();
    return absl::OkStatus();
  }
  v1::Interaction& interaction = *result->mutable_interaction();
  result->set_outcome(decision->outcome);
  if (decision->outcome == v1::RECORD_OUTCOME_RECORDED) {
    return RecordIfAllowed(item, result);
  }
  if (decision->outcome == v1::RECORD_OUTCOME_CORRECTED) {
    return Correct(item, decision->stored, interaction);
  }
  if (decision->stored.interaction_id == item.new_id) {
    // It was this very call: its first COMMIT went through, though the answer
    // was lost.
    result->set_outcome(v1::RECORD_OUTCOME_RECORDED);
  }
  KITH_ASSIGN_OR_RETURN(interaction, ReadStored(tx_, decision->stored));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::ReachedCap>> Recording::ReachedBy(
    const RecordItem& item, const Uuid& contact_id) const {
  const base::Principal& caller = *tx_.context.principal;
  if (!IsCapped(caller, item.sent())) return std::vector<v1::ReachedCap>();
  KITH_ASSIGN_OR_RETURN(
      const v1::MarketingTouches marketing,
      contacts_.summaries().Marketing(CappedGroup(contact_id, *item.request)));
  const absl::Time time = item.sent().has_occurred_time()
                              ? base::FromProto(item.sent().occurred_time())
                              : tx_.now;
  return ReachedCaps(caller.tenant->contact(), item.sent().topic(),
                     auth::CalendarDay(time, *caller.tenant), marketing);
}

absl::Status Recording::RecordIfAllowed(const RecordItem& item,
                                        Result& result) {
  KITH_ASSIGN_OR_RETURN(
      const std::vector<v1::ReachedCap> reached,
      ReachedBy(item, *Uuid::Parse(item.sent().contact_id())));
  if (!reached.empty() && MayBeRefused(*tx_.context.principal, item.sent())) {
    result = CappedError(reached.front());
    return absl::OkStatus();
  }
  return Record(item, !reached.empty(), *result->mutable_interaction());
}

absl::Status Recording::Record(const RecordItem& item, bool exceeds_cap,
                               v1::Interaction& interaction) {
  interaction = NewInteraction(item.sent(), item.new_id, tx_.now);
  interaction.set_assurance(tx_.context.principal->assurance);
  if (exceeds_cap && interaction.contact_violation().empty()) {
    interaction.set_contact_violation(kFrequencyCap);
  }
  KITH_RETURN_IF_ERROR(known_.Add(item, interaction));
  KITH_ASSIGN_OR_RETURN(
      const ThreadEntry entry,
      contacts_.threads().Add(
          contacts_.summaries().LiveThreads(interaction.contact_id()),
          interaction));
  KITH_RETURN_IF_ERROR(InsertInteraction(tx_, interaction, entry));
  return contacts_.Add(interaction, entry);
}

// What was advertising before is not asked again, as it counts itself by now.
absl::StatusOr<bool> Recording::ExceedsCap(
    const RecordItem& item, const v1::Interaction& old,
    const v1::Interaction& corrected) const {
  if (!IsMarketing(corrected)) return false;
  if (IsMarketing(old)) return old.contact_violation() == kFrequencyCap;
  KITH_ASSIGN_OR_RETURN(const std::vector<v1::ReachedCap> reached,
                        ReachedBy(item, *Uuid::Parse(corrected.contact_id())));
  return !reached.empty();
}

absl::Status Recording::Correct(const RecordItem& item, const Location& stored,
                                v1::Interaction& interaction) {
  KITH_ASSIGN_OR_RETURN(const v1::Interaction old, ReadStored(tx_, stored));
  interaction = CorrectedInteraction(old, item.sent());
  interaction.set_assurance(tx_.context.principal->assurance);
  KITH_ASSIGN_OR_RETURN(const bool exceeds, ExceedsCap(item, old, interaction));
  if (exceeds && interaction.contact_violation().empty()) {
    interaction.set_contact_violation(kFrequencyCap);
  }
  KITH_RETURN_IF_ERROR(known_.Correct(item, interaction));
  KITH_ASSIGN_OR_RETURN(
      const ThreadEntry entry,
      contacts_.threads().Exchange(
          old, contacts_.summaries().LiveThreads(interaction.contact_id()),
          interaction));
  KITH_RETURN_IF_ERROR(ReplaceInteraction(tx_, stored, interaction, entry));
  return contacts_.Exchange(old, interaction, entry);
}

absl::StatusOr<v1::Interaction> ReadStored(const Tx& tx,
                                           const Location& location) {
  KITH_ASSIGN_OR_RETURN(std::optional<v1::Interaction> interaction,
                        FindInteraction(tx, location));
  if (!interaction.has_value()) return mysql::LostRaceError();
  return *std::move(interaction);
}

}  // namespace kith::interactions
