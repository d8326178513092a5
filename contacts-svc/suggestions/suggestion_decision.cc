#include "contacts-svc/suggestions/suggestion_decision.h"

#include <optional>

#include "common/status/status_macros.h"
#include "contacts-svc/suggestions/suggestion_errors.h"
#include "contacts-svc/suggestions/suggestion_view.h"

namespace kith::contacts {

using mysql::Tx;

absl::Status Decide(const Tx& tx, v1::SuggestionState state,
                    const v1::SuggestionDecision& decision, SuggestionRow row) {
  KITH_ASSIGN_OR_RETURN(const SuggestionView view,
                        SuggestionView::Read(tx, {row}));
  *row.details.mutable_evidence() = view.Show(row).evidence();
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
