#include "gateway/flows/touch_consent.h"

#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/times.h"
#include "common/ops/metrics.h"
#include "common/status/rpc_status.h"
#include "gateway/flows/consent_words.h"
#include "gateway/flows/field_faults.h"
#include "gateway/flows/visitor_merges.h"

namespace kith::gateway {
namespace {

using identity::v1::Channel;
using interactions::v1::Interaction;
using Reason = identity::v1::MayContactReason;

Channel ChannelOf(const Interaction& interaction) {
  switch (interaction.kind()) {
    case interactions::v1::KIND_CALL:
      return identity::v1::CHANNEL_PHONE;
    case interactions::v1::KIND_EMAIL:
      return identity::v1::CHANNEL_EMAIL;
    default:
      return identity::v1::CHANNEL_UNSPECIFIED;
  }
}

std::string ReasonName(Reason reason) {
  return std::string(absl::StripPrefix(
      identity::v1::MayContactReason_Name(reason), "MAY_CONTACT_REASON_"));
}

absl::Status MayNotContactError(Reason reason, const std::string& record) {
  ops::Counter("kith_contacts_refused_total",
               "Own advertising that was not recorded, by the reason why the "
               "customer may not be contacted.",
               {{"reason", ReasonName(reason)}})
      .Increment();
  return status::WithReason(
      "MAY_NOT_CONTACT",
      absl::FailedPreconditionError(absl::StrCat(
          "interaction.purpose: the customer may not be contacted for "
          "MARKETING: ",
          ReasonName(reason),
          record.empty() ? "" : absl::StrCat(", by the record ", record),
          reason == identity::v1::MAY_CONTACT_REASON_DIFFERS
              ? "; name the channel value that it goes to"
              : "; MayContact says more")));
}

// Returns true if what was sent at the interaction's time was not allowed then,
// as far as the answer of now tells.
bool WasViolation(const Interaction& interaction,
                  const v1::MayContactResponse& answer) {
  if (answer.answer() != identity::v1::MAY_CONTACT_ANSWER_NO) return false;
  const bool is_refused =
      answer.reason() == identity::v1::MAY_CONTACT_REASON_REFUSED ||
      answer.reason() == identity::v1::MAY_CONTACT_REASON_SUPPRESSED;
  if (!is_refused) {
    return answer.reason() != identity::v1::MAY_CONTACT_REASON_EXPIRED;
  }
  if (!interaction.has_occurred_time()) return true;
  return absl::c_any_of(answer.permissions(), [&](const auto& each) {
    return base::ToMicros(each.recorded_time()) <=
           base::ToMicros(interaction.occurred_time());
  });
}

}  // namespace

bool IsAdvertising(const base::RequestContext& context,
                   const Interaction& interaction) {
  if (base::IsByForm(context.principal->assurance)) return false;
  if (interaction.kind() == interactions::v1::KIND_AD) return true;
  return interaction.direction() == interactions::v1::DIRECTION_OUTBOUND &&
         interaction.purpose() == interactions::v1::PURPOSE_MARKETING;
}

v1::MayContactRequest ConsentQuestion(const v1::RecordTouchRequest& touch) {
  const Interaction& interaction = touch.interaction();
  v1::MayContactRequest question;
  question.set_purpose(identity::v1::CONSENT_PURPOSE_MARKETING);
  question.set_topic(interaction.topic());
  if (touch.contact_id().empty() && !touch.identities().empty()) {
    *question.mutable_customer()->mutable_value() = touch.identities(0);
    *question.mutable_value() = touch.identities(0);
    return question;
  }
  question.mutable_customer()->set_contact_id(touch.contact_id());
  question.set_identity_key(interaction.identity_key());
  if (question.identity_key().empty()) {
    question.set_channel(ChannelOf(interaction));
  }
  return question;
}

ConsentCheck CheckAnswer(const v1::RecordTouchRequest& touch,
                         const v1::BatchMayContactResponse::Result& result) {
  const bool own = touch.interaction().source().empty();
  v1::MayContactResponse answer = result.response();
  if (result.has_error()) {
    const absl::Status error = status::FromProto(result.error());
    if (!absl::IsNotFound(error)) {
      return {.allowed =
                  own ? RenameFields(error, "customer.value", "identities[0]")
                      : absl::OkStatus()};
    }
    answer.set_answer(identity::v1::MAY_CONTACT_ANSWER_NO);
    answer.set_reason(identity::v1::MAY_CONTACT_REASON_NO_CONSENT);
  }
  if (!own) {
    return {.violation = WasViolation(touch.interaction(), answer)
                             ? ReasonName(answer.reason())
                             : ""};
  }
  if (answer.answer() == identity::v1::MAY_CONTACT_ANSWER_YES) return {};
  const bool is_no = answer.answer() == identity::v1::MAY_CONTACT_ANSWER_NO;
  return {.allowed = MayNotContactError(answer.reason(),
                                        is_no && !answer.permissions().empty()
                                            ? answer.permissions(0).consent_id()
                                            : "")};
}

Task<absl::StatusOr<std::vector<ConsentCheck>>> CheckConsents(
    const ConsentFlow& consents, const base::RequestContext& context,
    std::vector<const v1::RecordTouchRequest*> touches) {
  std::vector<ConsentCheck> checked(touches.size());
  v1::BatchMayContactRequest batch;
  std::vector<size_t> asked;
  for (size_t i = 0; i < touches.size(); ++i) {
    if (!IsAdvertising(context, touches[i]->interaction())) continue;
    *batch.add_requests() = ConsentQuestion(*touches[i]);
    asked.push_back(i);
  }
  if (asked.empty()) co_return checked;
  v1::BatchMayContactResponse answers;
  KITH_CO_RETURN_IF_ERROR(
      co_await consents.BatchMayContact(context, batch, answers));
  for (size_t n = 0; n < asked.size(); ++n) {
    checked[asked[n]] =
        CheckAnswer(*touches[asked[n]], answers.results(static_cast<int>(n)));
  }
  co_return checked;
}

absl::Status StatusOfWord(const identity::v1::Consent& word,
                          const absl::Status& recorded) {
  if (word.state() != identity::v1::CONSENT_STATE_REFUSED &&
      absl::IsFailedPrecondition(recorded)) {
    return absl::OkStatus();
  }
  return recorded;
}

Task<absl::Status> PrepareRecording(const Touch& touch, const TouchOwner& owner,
                                    TouchSteps& steps,
                                    v1::RecordTouchResponse& response) {
  // Asked for before MergeVisitors waits, as both are read by one step.
  PossibleReads possible(owner.possible_contact_ids, steps.read);
  KITH_CO_RETURN_IF_ERROR(
      co_await MergeVisitors(touch, owner, steps, response));
  co_await possible.Answer(response);
  auto word = ConsentWordOf(touch.request(), owner, touch.assurance());
  if (!word.has_value()) co_return absl::OkStatus();
  const identity::v1::Consent said = word->consent();
  auto record = steps.consent.Ask(*std::move(word));
  const absl::Status recorded = (co_await record).status();
  KITH_CO_RETURN_IF_ERROR(StatusOfWord(said, recorded));
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
