#include "contacts-svc/suggestions/suggestion_decision.h"

#include <optional>
#include <vector>

#include "common/status/status_macros.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/suggestions/match_rules.h"
#include "contacts-svc/suggestions/suggestion_errors.h"

namespace kith::contacts {

using mysql::Tx;

absl::Status Decide(const Tx& tx, v1::SuggestionState state,
                    const v1::SuggestionDecision& decision, SuggestionRow row) {
  const Pair pair = row.pair();
  KITH_ASSIGN_OR_RETURN(const std::vector<ContactRow> contacts,
                        SelectRows(tx, {pair.lower, pair.higher}));
  const bool in_order = contacts.front().id == pair.lower;
  for (v1::MatchEvidence& evidence :
       EvidenceOf((in_order ? contacts.front() : contacts.back()).contact,
                  (in_order ? contacts.back() : contacts.front()).contact)) {
    *row.details.add_evidence() = std::move(evidence);
  }
  if (state == v1::SUGGESTION_STATE_CONFIRMED &&
      row.details.evidence().empty()) {
    return SuggestionOutdatedError();
  }
  *row.details.mutable_decision() = decision;
  row.state = state;
  return WriteSuggestion(tx, row);
}

absl::Status RejectIfOpen(const Tx& tx, const base::Uuid& a,
                          const base::Uuid& b,
                          const v1::MergeReversal& reversal) {
  KITH_ASSIGN_OR_RETURN(const std::optional<SuggestionRow> row,
                        SelectSuggestion(tx, Pair(a, b)));
  if (!row.has_value() || row->state != v1::SUGGESTION_STATE_OPEN) {
    return absl::OkStatus();
  }
  v1::SuggestionDecision decision;
  *decision.mutable_actor() = reversal.actor();
  decision.set_reason(reversal.reason());
  *decision.mutable_decide_time() = reversal.unmerge_time();
  return Decide(tx, v1::SUGGESTION_STATE_REJECTED, decision, *row);
}

}  // namespace kith::contacts
