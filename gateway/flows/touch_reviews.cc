#include "gateway/flows/touch_reviews.h"

#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/api/limits.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "common/status/whole_characters.h"
#include "gateway/flows/companions.h"
#include "gateway/flows/consent_words.h"
#include "gateway/flows/request_id.h"
#include "google/protobuf/timestamp.pb.h"

namespace kith::gateway {
namespace {

using Stub = Backends::InteractionsStub;

// Leaves room in the 300 characters of a reason.
constexpr size_t kValueCharacters = 100;

constexpr absl::string_view kDeleted =
    "This contact is deleted, and yet something new was recorded for it. "
    "Undelete it, or see to it that no more comes.";

// What another customer holds. A browser that another uses is no reason to
// look, as people share browsers.
bool IsOfOther(const identity::v1::ClaimedValue& value) {
  return value.outcome() == identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER &&
         value.identity().channel() != identity::v1::CHANNEL_VISITOR;
}

// How long what has happened may open a REVIEW: as long as the request_id is
// known by which it opens one, and longer than any sender repeats a touch that
// was cut off.
constexpr absl::Duration kReviewable = absl::Hours(24);

bool IsReviewable(const google::protobuf::Timestamp& time, absl::Time now) {
  return base::FromProto(time) + kReviewable > now;
}

// Whether companions had the value quarantined, a short while ago. Not of a
// browser, which people share.
bool AsksToRelease(const identity::v1::ClaimedValue& value, absl::Time now) {
  const identity::v1::Quarantine& quarantine = value.identity().quarantine();
  return value.outcome() == identity::v1::CLAIM_OUTCOME_QUARANTINED &&
         quarantine.companion_count() > 0 &&
         !value.identity().contact_id().empty() &&
         value.identity().channel() != identity::v1::CHANNEL_VISITOR &&
         IsReviewable(quarantine.start_time(), now);
}

Review ReviewOfQuarantine(const identity::v1::ClaimedValue& value) {
  const identity::v1::Identity& identity = value.identity();
  const std::string typed = InWords(value.value());
  return {
      .contact_id = identity.contact_id(),
      .cause = absl::StrCat("quarantined:", identity.identity_key()),
      .text = absl::StrCat(
          status::FirstCharacters(typed, kValueCharacters),
          " is quarantined, as it came beside values of ",
          identity.quarantine().companion_count(),
          " others. Release it, or unlink it and say whose it is."),
      .interaction_id = absl::StrCat(
          "quarantine/", base::ToMicros(identity.quarantine().start_time())),
      .about = interactions::v1::REVIEW_CAUSE_QUARANTINED_VALUE,
      .identity_key = identity.identity_key()};
}

// A repeat of the interaction opens nothing that a person has ended since.
std::string RequestIdOf(const Review& review) {
  if (review.interaction_id.empty()) return RequestId("");
  const std::string digest =
      base::Sha256(absl::StrCat(review.interaction_id, "/", review.cause));
  return absl::StrCat("review-", absl::BytesToHexString(digest.substr(0, 16)));
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

// Whether a repeat may open what failed so.
bool MayPass(const absl::Status& failed) {
  return absl::IsUnavailable(failed) || absl::IsDeadlineExceeded(failed) ||
         absl::IsAborted(failed) || absl::IsResourceExhausted(failed) ||
         absl::IsCancelled(failed) || absl::IsUnknown(failed);
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
  auto& subject = *create.mutable_review();
  subject.set_review_cause(review.about);
  subject.set_other_contact_id(review.other_id);
  subject.set_identity_key(review.identity_key);
  create.set_request_id(RequestIdOf(review));
  auto call =
      backends.Interactions(&Stub::CreateAction, std::move(create), context);
  const auto created = co_await call;
  co_return created.status();
}

}  // namespace

void AddHeldByOthers(
    const v1::RecordTouchRequest& request,
    const std::vector<identity::v1::ResolveIdentityResponse>& resolved,
    const std::string& contact_id, v1::RecordTouchResponse& repeated) {
  for (size_t i = 0; i < resolved.size(); ++i) {
    const auto& candidates = resolved[i].candidates();
    // Nobody holds a shared value.
    if (!resolved[i].stand_in_contact_id().empty()) {
      if (resolved[i].stand_in_contact_id() != contact_id) continue;
      for (const auto& sharer : candidates) {
        repeated.add_possible_customers()->set_contact_id(
            sharer.identity().contact_id());
      }
      continue;
    }
    const bool is_own = absl::c_any_of(candidates, [&](const auto& holder) {
      return holder.identity().contact_id() == contact_id;
    });
    if (candidates.empty() || is_own) continue;
    identity::v1::ClaimedValue& value = *repeated.add_identities();
    *value.mutable_value() = request.identities(static_cast<int>(i));
    value.set_outcome(candidates[0].identity().has_quarantine()
                          ? identity::v1::CLAIM_OUTCOME_QUARANTINED
                          : identity::v1::CLAIM_OUTCOME_HELD_BY_OTHER);
    *value.mutable_identity() = candidates[0].identity();
  }
}

std::optional<Review> ReviewOfShared(const v1::RecordTouchResponse& recorded) {
  const interactions::v1::Interaction& interaction = recorded.interaction();
  const bool counts = interaction.kind() == interactions::v1::KIND_PURCHASE ||
                      interaction.kind() == interactions::v1::KIND_RETURN;
  if (!counts || recorded.possible_customers().empty()) return std::nullopt;
  return Review{
      .contact_id = recorded.contact_id(),
      .cause = "shared",
      .text =
          "A purchase or return came by a channel value that several people "
          "share, and counts for none of them. Ask who it was, and move it "
          "there.",
      .interaction_id = interaction.interaction_id(),
      .about = interactions::v1::REVIEW_CAUSE_SHARED_VALUE,
      .identity_key = interaction.identity_key()};
}

Review ReviewOfOther(const v1::RecordTouchResponse& recorded,
                     const identity::v1::ClaimedValue& value) {
  const std::string& other_id = value.identity().contact_id();
  const std::string typed = InWords(value.value());
  return {.contact_id = recorded.contact_id(),
          .cause = absl::StrCat("ambiguous:", other_id),
          .text = absl::StrCat("What was recorded also names ",
                               status::FirstCharacters(typed, kValueCharacters),
                               ", which is of customer ", other_id,
                               ". Are the two one, or was it the other?"),
          .interaction_id = recorded.interaction().interaction_id(),
          .other_id = other_id,
          .about = interactions::v1::REVIEW_CAUSE_AMBIGUOUS_CALLER,
          .identity_key = value.identity().identity_key()};
}

void AddReviews(const v1::RecordTouchResponse& recorded, absl::Time now,
                std::vector<Review>& reviews) {
  const bool is_repeat =
      recorded.outcome() == interactions::v1::RECORD_OUTCOME_KNOWN &&
      IsReviewable(recorded.interaction().recorded_time(), now);
  const bool is_new =
      recorded.outcome() == interactions::v1::RECORD_OUTCOME_RECORDED ||
      is_repeat;
  const bool corrected =
      recorded.outcome() == interactions::v1::RECORD_OUTCOME_CORRECTED;
  const std::string& contact_id = recorded.contact_id();
  const std::string& interaction_id = recorded.interaction().interaction_id();
  if (IsOptOut(recorded.interaction()) && (is_new || corrected)) {
    reviews.push_back(ReviewOfOptOut(contact_id, interaction_id));
  }
  if (recorded.interaction().automated() || !is_new) return;
  if (recorded.contact_deleted()) {
    reviews.push_back(
        {.contact_id = contact_id,
         .cause = "deleted",
         .text = std::string(kDeleted),
         .interaction_id = interaction_id,
         .about = interactions::v1::REVIEW_CAUSE_CONTACT_DELETED});
  }
  if (auto shared = ReviewOfShared(recorded)) {
    reviews.push_back(*std::move(shared));
  }
  for (const identity::v1::ClaimedValue& value : recorded.identities()) {
    if (AsksToRelease(value, now)) {
      reviews.push_back(ReviewOfQuarantine(value));
    }
    if (IsOfOther(value)) reviews.push_back(ReviewOfOther(recorded, value));
  }
}

Review ReviewOfOptOut(const std::string& contact_id,
                      const std::string& interaction_id) {
  return {
      .contact_id = contact_id,
      .cause = "opt-out",
      .text =
          "The customer has asked for no more advertising. Marketing is "
          "refused for the value by which that was said, or for all if there "
          "was none. Record what else was meant: other values, or other "
          "purposes.",
      .interaction_id = interaction_id,
      .about = interactions::v1::REVIEW_CAUSE_OPT_OUT_ASKED};
}

Task<absl::Status> OpenReviews(const base::RequestContext& context,
                               const Backends& backends,
                               const std::vector<Review>& reviews) {
  std::set<std::pair<std::string, std::string>> seen;
  // One after the other: they are rare, and a batch of touches must not flood
  // the services.
  for (const Review& review : reviews) {
    if (!seen.emplace(review.contact_id, review.cause).second) continue;
    const absl::Status done = co_await OpenReview(context, backends, review);
    if (!MayPass(done)) continue;
    co_return absl::UnavailableError(
        absl::StrCat("it is recorded, but nobody is told to look at it yet; "
                     "repeat it: ",
                     done.message()));
  }
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
