#include "contacts-svc/suggestions/suggestion_store.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/mysql/request_log.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/canonical_lock.h"
#include "contacts-svc/groups/not_same_row.h"
#include "contacts-svc/suggestions/suggestion_decision.h"
#include "contacts-svc/suggestions/suggestion_errors.h"
#include "contacts-svc/suggestions/suggestion_reader.h"
#include "contacts-svc/suggestions/suggestion_row.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

template <typename Request>
v1::SuggestionDecision DecisionOf(const Request& request, absl::Time now) {
  v1::SuggestionDecision decision;
  *decision.mutable_actor() = request.actor();
  decision.set_reason(request.reason());
  *decision.mutable_decide_time() = base::ToProto(now);
  return decision;
}

// NOT_FOUND where there is none, before anybody looks for its contacts.
absl::Status CheckThere(const Tx& tx, const Pair& pair) {
  KITH_ASSIGN_OR_RETURN(const std::optional<SuggestionRow> row,
                        SelectSuggestion(tx, pair));
  if (row.has_value()) return absl::OkStatus();
  return absl::NotFoundError(
      absl::StrCat("suggestion_id: no suggestion ", pair.ToString()));
}

// Decides it, where nobody has.
absl::Status DecideOpen(const Tx& tx, const Pair& pair,
                        v1::SuggestionState state,
                        const v1::SuggestionDecision& decision) {
  KITH_ASSIGN_OR_RETURN(const std::optional<SuggestionRow> row,
                        SelectSuggestion(tx, pair));
  if (row->state != v1::SUGGESTION_STATE_OPEN) {
    return SuggestionDecidedError(
        absl::StrCat("it is ", v1::SuggestionState_Name(row->state)));
  }
  return Decide(tx, state, decision, *row);
}

v1::MergeContactsRequest MergeFor(const v1::ConfirmSuggestionRequest& request,
                                  const Pair& pair) {
  const Uuid survivor = Uuid::Parse(request.survivor_id()).value_or(pair.lower);
  v1::MergeContactsRequest merge;
  merge.set_survivor_id(survivor.ToString());
  merge.add_absorbed_ids(
      (survivor == pair.lower ? pair.higher : pair.lower).ToString());
  merge.mutable_cause()->set_kind(v1::MERGE_CAUSE_KIND_SUGGESTION);
  merge.mutable_cause()->set_value(pair.ToString());
  *merge.mutable_actor() = request.actor();
  merge.set_reason(request.reason());
  return merge;
}

}  // namespace

absl::StatusOr<v1::ConfirmSuggestionResponse> SuggestionStore::Confirm(
    const Tx& tx, const v1::ConfirmSuggestionRequest& request) const {
  const Pair pair = *Pair::Parse(request.suggestion_id());
  KITH_RETURN_IF_ERROR(CheckThere(tx, pair));
  const auto key = mysql::KeyOf(tx, request);
  KITH_ASSIGN_OR_RETURN(v1::MergeContactsResponse merged,
                        merges_.MergeAs(tx, MergeFor(request, pair), key, [&] {
                          return DecideOpen(tx, pair,
                                            v1::SUGGESTION_STATE_CONFIRMED,
                                            DecisionOf(request, tx.now));
                        }));
  v1::ConfirmSuggestionResponse response;
  KITH_ASSIGN_OR_RETURN(*response.mutable_suggestion(),
                        ReadSuggestion(tx, pair));
  *response.mutable_contact() = std::move(*merged.mutable_contact());
  *response.mutable_edge() = std::move(*merged.mutable_edges(0));
  return response;
}

absl::StatusOr<v1::RejectSuggestionResponse> SuggestionStore::Reject(
    const Tx& tx, const v1::RejectSuggestionRequest& request) const {
  const Pair pair = *Pair::Parse(request.suggestion_id());
  KITH_RETURN_IF_ERROR(CheckThere(tx, pair));
  const auto key = mysql::KeyOf(tx, request);
  v1::MergeReversal said;
  *said.mutable_actor() = request.actor();
  said.set_reason(request.reason());
  *said.mutable_unmerge_time() = base::ToProto(tx.now);
  KITH_RETURN_IF_ERROR(WithLockedGroups(
      tx, {pair.lower, pair.higher}, [&](LockedGroups& groups) -> absl::Status {
        KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                              mysql::FindRequest(tx, key));
        if (known.has_value()) return absl::OkStatus();
        if (groups.Of(pair.lower).id == groups.Of(pair.higher).id) {
          return SuggestionDecidedError(
              "the two are merged; Unmerge takes apart");
        }
        KITH_RETURN_IF_ERROR(DecideOpen(tx, pair, v1::SUGGESTION_STATE_REJECTED,
                                        DecisionOf(request, tx.now)));
        KITH_RETURN_IF_ERROR(AddNotSame(tx, pair.lower, pair.higher, said));
        return mysql::AddRequest(tx, key, pair.lower.bytes());
      }));
  v1::RejectSuggestionResponse response;
  KITH_ASSIGN_OR_RETURN(*response.mutable_suggestion(),
                        ReadSuggestion(tx, pair));
  return response;
}

}  // namespace kith::contacts
