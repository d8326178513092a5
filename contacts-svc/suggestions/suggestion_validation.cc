#include "contacts-svc/suggestions/suggestion_validation.h"

#include <string>

#include "common/api/violations.h"
#include "contacts-svc/suggestions/suggestion_row.h"

namespace kith::contacts {
namespace {

using api::Violations;
using base::Uuid;

// What the requests that decide have in common.
template <typename Request>
void CheckDecision(Violations& violations, const Request& request) {
  if (!Pair::Parse(request.suggestion_id()).has_value()) {
    violations.Add("suggestion_id", "want one that ListSuggestions answered");
  }
  if (request.actor().kind() != v1::ACTOR_KIND_PERSON) {
    violations.Add("actor.kind", "want PERSON: only people decide suggestions");
  }
  violations.ActorName("actor.name", request.actor().name(), 320);
  violations.AtMost("reason", request.reason(), 500);
  violations.RequestId(request.request_id());
}

}  // namespace

absl::Status Validate(const v1::ListSuggestionsRequest& request) {
  Violations violations;
  violations.OptionalUuid("contact_id", request.contact_id());
  if (!v1::SuggestionState_IsValid(request.state())) {
    violations.Add("state", "not known");
  }
  violations.PageSize(request.page_size());
  return violations.ToStatus();
}

absl::Status Validate(const v1::ConfirmSuggestionRequest& request) {
  Violations violations;
  CheckDecision(violations, request);
  violations.OptionalUuid("survivor_id", request.survivor_id());
  const auto pair = Pair::Parse(request.suggestion_id());
  const auto survivor = Uuid::Parse(request.survivor_id());
  if (pair.has_value() && survivor.has_value() && *survivor != pair->lower &&
      *survivor != pair->higher) {
    violations.Add("survivor_id", "want one of the two of the suggestion");
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::RejectSuggestionRequest& request) {
  Violations violations;
  CheckDecision(violations, request);
  return violations.ToStatus();
}

}  // namespace kith::contacts
