#include "gateway/flows/touch_reviews.h"

#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/status/whole_characters.h"
#include "gateway/flows/companions.h"
#include "gateway/flows/request_id.h"
#include "kith/contacts/v1/suggestion.pb.h"
#include "kith/interactions/v1/action.pb.h"

namespace kith::gateway {
namespace {

// Leaves room in the 300 characters of a reason.
constexpr size_t kValueCharacters = 100;

// What another customer holds. A browser that another uses is no reason to
// look, as people share browsers.
bool IsOfOther(const identity::v1::ClaimedValue& value) {
  return value.outcome() == identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER &&
         value.identity().channel() != identity::v1::CHANNEL_VISITOR;
}

// Whether the contacts of a review are suggested to be one customer.
Task<absl::StatusOr<bool>> IsSuggested(const base::RequestContext& context,
                                       const Backends& backends,
                                       const Review& review) {
  contacts::v1::ListSuggestionsRequest list;
  list.set_contact_id(review.contact_id);
  list.set_page_size(api::kMaxItemsPerCall);
  auto call = backends.Contacts(&Backends::ContactsStub::ListSuggestions,
                                std::move(list), context);
  KITH_CO_ASSIGN_OR_RETURN(const auto listed, co_await call);
  co_return absl::c_any_of(listed.suggestions(), [&](const auto& pair) {
    return pair.contact_id() == review.other_id ||
           pair.other_id() == review.other_id;
  });
}

Task<absl::Status> OpenReview(const base::RequestContext& context,
                              const Backends& backends, const Review& review) {
  if (!review.other_id.empty()) {
    KITH_CO_ASSIGN_OR_RETURN(const bool suggested,
                             co_await IsSuggested(context, backends, review));
    if (!suggested) co_return absl::NotFoundError("not suggested");
  }
  interactions::v1::CreateActionRequest create;
  create.mutable_action()->set_contact_id(review.contact_id);
  create.mutable_action()->set_kind(config::v1::ACTION_KIND_REVIEW);
  create.mutable_action()->mutable_reason()->set_text(review.text);
  create.set_cause(review.cause);
  create.set_request_id(RequestId(""));
  auto call = backends.Interactions(&Backends::InteractionsStub::CreateAction,
                                    std::move(create), context);
  const auto created = co_await call;
  co_return created.status();
}

}  // namespace

void AddReviews(const v1::RecordTouchResponse& recorded,
                std::vector<Review>& reviews) {
  if (recorded.outcome() != interactions::v1::RECORD_OUTCOME_RECORDED) return;
  const std::string& contact_id = recorded.contact_id();
  if (recorded.contact_deleted()) {
    reviews.push_back({contact_id, "deleted",
                       "This contact is deleted, and yet something new was "
                       "recorded for it. Undelete it, or see to it that no "
                       "more comes."});
  }
  for (const identity::v1::ClaimedValue& value : recorded.identities()) {
    if (!IsOfOther(value)) continue;
    const std::string& other_id = value.identity().contact_id();
    const std::string typed = InWords(value.value());
    reviews.push_back(
        {contact_id, absl::StrCat("ambiguous:", other_id),
         absl::StrCat("What was recorded also names ",
                      status::FirstCharacters(typed, kValueCharacters),
                      ", which is another customer's. Are the two one, or was "
                      "it the other?"),
         other_id});
  }
}

Review ReviewOfOptOut(const std::string& contact_id) {
  return {
      contact_id, "opt-out",
      "The customer has asked for no more advertising. Marketing is refused "
      "for the value by which that was said, or for all if there was none. "
      "Record what else was meant: other values, or other purposes."};
}

Task<int> OpenReviews(const base::RequestContext& context,
                      const Backends& backends,
                      const std::vector<Review>& reviews) {
  std::set<std::pair<std::string, std::string>> seen;
  int opened = 0;
  // One after the other: they are rare, and a batch of touches must not flood
  // the services.
  for (const Review& review : reviews) {
    if (!seen.emplace(review.contact_id, review.cause).second) continue;
    const base::RequestContext part = backends.ForPart(context, 1);
    const absl::Status done = co_await OpenReview(part, backends, review);
    if (done.ok()) ++opened;
    if (absl::IsDeadlineExceeded(done) || absl::IsUnavailable(done)) break;
  }
  co_return opened;
}

}  // namespace kith::gateway
