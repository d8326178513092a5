#include "gateway/flows/touch_consent.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/ops/metrics.h"
#include "common/status/rpc_status.h"
#include "gateway/flows/consent_words.h"
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

absl::Status MayNotContactError(Reason reason, const std::string& record) {
  const std::string& name = identity::v1::MayContactReason_Name(reason);
  ops::Counter("kith_contacts_refused_total",
               "Own advertising that was not recorded, by the reason why the "
               "customer may not be contacted.",
               {{"reason", name}})
      .Increment();
  return status::WithReason(
      "MAY_NOT_CONTACT",
      absl::FailedPreconditionError(absl::StrCat(
          "interaction.purpose: the customer may not be contacted for "
          "MARKETING: ",
          absl::StripPrefix(name, "MAY_CONTACT_REASON_"),
          record.empty() ? "" : absl::StrCat(", by the record ", record),
          "; MayContact says more")));
}

}  // namespace

bool IsOwnAdvertising(const base::RequestContext& context,
                      const v1::RecordTouchRequest& touch) {
  const Interaction& interaction = touch.interaction();
  if (base::IsByForm(context.principal->assurance)) return false;
  if (!interaction.source().empty()) return false;
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

absl::Status CheckAnswer(const v1::BatchMayContactResponse::Result& result) {
  if (result.has_error()) {
    const absl::Status error = status::FromProto(result.error());
    // Faults of the request are said by the steps of the touch.
    if (!absl::IsNotFound(error)) return absl::OkStatus();
    return MayNotContactError(identity::v1::MAY_CONTACT_REASON_NO_CONSENT, "");
  }
  const v1::MayContactResponse& answer = result.response();
  if (answer.answer() != identity::v1::MAY_CONTACT_ANSWER_NO) {
    return absl::OkStatus();
  }
  return MayNotContactError(
      answer.reason(),
      answer.permissions().empty() ? "" : answer.permissions(0).consent_id());
}

Task<absl::StatusOr<std::vector<absl::Status>>> CheckConsents(
    const ConsentFlow& consents, const base::RequestContext& context,
    std::vector<const v1::RecordTouchRequest*> touches) {
  std::vector<absl::Status> checked(touches.size());
  v1::BatchMayContactRequest batch;
  std::vector<size_t> asked;
  for (size_t i = 0; i < touches.size(); ++i) {
    if (!IsOwnAdvertising(context, *touches[i])) continue;
    *batch.add_requests() = ConsentQuestion(*touches[i]);
    asked.push_back(i);
  }
  if (asked.empty()) co_return checked;
  v1::BatchMayContactResponse answers;
  KITH_CO_RETURN_IF_ERROR(
      co_await consents.BatchMayContact(context, batch, answers));
  for (size_t n = 0; n < asked.size(); ++n) {
    checked[asked[n]] = CheckAnswer(answers.results(static_cast<int>(n)));
  }
  co_return checked;
}

Task<absl::Status> PrepareRecording(const Touch& touch, const TouchOwner& owner,
                                    TouchSteps& steps,
                                    v1::RecordTouchResponse& response) {
  KITH_CO_RETURN_IF_ERROR(
      co_await MergeVisitors(touch, owner, steps, response));
  auto word = ConsentWordOf(touch.request(), owner, touch.assurance());
  if (!word.has_value()) co_return absl::OkStatus();
  const bool refused =
      word->consent().state() == identity::v1::CONSENT_STATE_REFUSED;
  auto record = steps.consent.Ask(*std::move(word));
  const absl::Status recorded = (co_await record).status();
  // Of a start word: the value is another's, or was refused since.
  if (!refused && absl::IsFailedPrecondition(recorded)) {
    co_return absl::OkStatus();
  }
  co_return recorded;
}

}  // namespace kith::gateway
