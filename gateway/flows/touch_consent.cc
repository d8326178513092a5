#include "gateway/flows/touch_consent.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/times.h"
#include "common/ops/metrics.h"
#include "common/status/rpc_status.h"
#include "gateway/calls/field_faults.h"
#include "gateway/calls/own_advertising.h"
#include "gateway/contacting/contact_reasons.h"
#include "gateway/flows/consent_words.h"
#include "gateway/flows/visitor_merges.h"

namespace kith::gateway {
namespace {

using identity::v1::Channel;
using interactions::v1::Interaction;
using Reason = identity::v1::MayContactReason;

constexpr char kQuietHours[] = "QUIET_HOURS";

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

absl::Status MayNotContactError(const std::string& reason,
                                const std::string& detail) {
  ops::Counter("kith_contacts_refused_total",
               "Own advertising that was not recorded, by the reason why the "
               "customer may not be contacted.",
               {{"reason", reason}})
      .Increment();
  return status::WithReason(
      "MAY_NOT_CONTACT",
      absl::FailedPreconditionError(
          absl::StrCat("interaction.purpose: the customer may not be contacted "
                       "for MARKETING: ",
                       reason, detail)));
}

absl::Status WordsError(Reason reason, const std::string& record) {
  return MayNotContactError(
      ReasonName(reason),
      absl::StrCat(record.empty() ? "" : ", by the record ", record,
                   reason == identity::v1::MAY_CONTACT_REASON_DIFFERS
                       ? "; name the channel value that it goes to"
                       : "; MayContact says more"));
}

// The end of the quiet hours in which the customer is contacted: by any channel
// that the customer's words do not forbid.
std::optional<absl::Time> QuietEnd(const config::v1::Tenant& tenant,
                                   const Interaction& interaction,
                                   const v1::MayContactResponse& answer,
                                   absl::Time now) {
  const absl::Time time = interaction.has_occurred_time()
                              ? base::FromProto(interaction.occurred_time())
                              : now;
  for (const identity::v1::ContactPermission& each : answer.permissions()) {
    if (each.answer() == identity::v1::MAY_CONTACT_ANSWER_NO) continue;
    if (auto end = QuietUntilOf(tenant, each.channel(), time)) return end;
  }
  return std::nullopt;
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

// Returns true if a contact of the group holds or shares the value, or did, and
// is contacted by it.
Task<absl::StatusOr<bool>> MayBeContactedBy(
    const Backends& backends, const base::RequestContext& context,
    const std::vector<std::string>& member_ids, const std::string& key) {
  identity::v1::ListIdentitiesRequest list;
  auto& set = *list.add_sets();
  set.mutable_contact_ids()->Assign(member_ids.begin(), member_ids.end());
  list.set_page_size(api::kMaxItemsPerCall);
  list.set_include_past(true);
  do {
    auto call = backends.Identity(&Backends::IdentityStub::ListIdentities, list,
                                  context);
    KITH_CO_ASSIGN_OR_RETURN(const auto listed, co_await call);
    for (const auto& each : listed.results(0).identities()) {
      if (each.identity_key() == key) {
        co_return IsContactChannel(each.channel());
      }
    }
    set.set_page_token(listed.results(0).next_page_token());
  } while (!set.page_token().empty());
  co_return false;
}

// Has a refusal be for all of its contact unless it is for a value by which the
// contact is contacted.
Task<absl::Status> CheckNamedValue(const Backends& backends,
                                   const CustomerFlow& customers,
                                   const base::RequestContext& context,
                                   identity::v1::RecordConsentRequest& word) {
  const std::string& key = word.consent().identity_key();
  api::Violations violations;
  violations.OptionalIdentityKey("interaction.identity_key", key);
  KITH_CO_RETURN_IF_ERROR(violations.ToStatus());
  std::vector<std::string> ids = {word.contact_id()};
  KITH_CO_ASSIGN_OR_RETURN(
      const ContactsById contacts,
      co_await customers.GetContacts(context, std::move(ids)));
  std::vector<std::string> member_ids;
  for (const auto& [id, contact] : contacts) {
    member_ids.assign(contact.member_ids().begin(), contact.member_ids().end());
  }
  if (member_ids.empty()) member_ids.push_back(word.contact_id());
  KITH_CO_ASSIGN_OR_RETURN(
      const bool stops,
      co_await MayBeContactedBy(backends, context, member_ids, key));
  if (!stops) word.mutable_consent()->clear_identity_key();
  co_return absl::OkStatus();
}

// The contact whose group is not known yet; empty if there is none.
std::string OwnerInQuestion(const ConsentCheck& check,
                            const TouchOwner& owner) {
  const bool known =
      !check.asked || absl::c_linear_search(check.member_ids, owner.contact_id);
  return known ? "" : owner.contact_id;
}

}  // namespace

bool IsOwnAct(const Interaction& interaction) {
  return interaction.source().empty() && !IsOptOut(interaction);
}

bool IsAdvertising(const base::RequestContext& context,
                   const Interaction& interaction) {
  return !base::IsByForm(context.principal->assurance) &&
         IsAdvertisement(interaction);
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

ConsentCheck CheckAnswer(const config::v1::Tenant& tenant,
                         const v1::RecordTouchRequest& touch,
                         const v1::BatchMayContactResponse::Result& result,
                         absl::Time now) {
  const bool own = IsOwnAct(touch.interaction());
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
  const std::optional<absl::Time> quiet =
      QuietEnd(tenant, touch.interaction(), answer, now);
  if (!own) {
    if (WasViolation(touch.interaction(), answer)) {
      return {.violation = ReasonName(answer.reason())};
    }
    return {.violation = quiet.has_value() ? kQuietHours : ""};
  }
  if (answer.answer() != identity::v1::MAY_CONTACT_ANSWER_YES) {
    const bool is_no = answer.answer() == identity::v1::MAY_CONTACT_ANSWER_NO;
    return {.allowed = WordsError(answer.reason(),
                                  is_no && !answer.permissions().empty()
                                      ? answer.permissions(0).consent_id()
                                      : "")};
  }
  if (!quiet.has_value()) return {};
  return {
      .allowed = MayNotContactError(
          kQuietHours,
          absl::StrCat(", until ", absl::FormatTime(absl::RFC3339_sec, *quiet,
                                                    absl::UTCTimeZone())))};
}

Task<absl::StatusOr<std::vector<ConsentCheck>>> CheckConsents(
    const PermissionFlow& permissions, const base::RequestContext& context,
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
  KITH_CO_ASSIGN_OR_RETURN(std::vector<WordsOfCustomer> answers,
                           co_await permissions.AskWords(context, batch));
  for (size_t n = 0; n < asked.size(); ++n) {
    ConsentCheck& check = checked[asked[n]];
    check = CheckAnswer(*context.principal->tenant, *touches[asked[n]],
                        answers[n].result, permissions.Now());
    check.member_ids = std::move(answers[n].member_ids);
    check.asked = true;
  }
  co_return checked;
}

absl::Status MayRecord(
    const ConsentCheck& check, const v1::RecordTouchRequest& touch,
    const std::vector<identity::v1::ResolveIdentityResponse>& resolved) {
  if (!check.allowed.ok() || !check.asked || !IsOwnAct(touch.interaction())) {
    return check.allowed;
  }
  const auto is_asked = [&](const std::string& contact_id) {
    return absl::c_linear_search(check.member_ids, contact_id);
  };
  for (size_t i = 0; i < resolved.size(); ++i) {
    if (IsBrowser(touch.identities(static_cast<int>(i)))) continue;
    const std::string& stand_in = resolved[i].stand_in_contact_id();
    const bool of_asked =
        stand_in.empty()
            ? absl::c_all_of(resolved[i].candidates(),
                             [&](const auto& holder) {
                               return is_asked(holder.identity().contact_id());
                             })
            : is_asked(stand_in);
    if (of_asked) continue;
    return WordsError(identity::v1::MAY_CONTACT_REASON_DIFFERS, "");
  }
  return absl::OkStatus();
}

Task<absl::StatusOr<identity::v1::Consent>> RecordWord(
    const Backends& backends, const CustomerFlow& customers,
    const base::RequestContext& context,
    identity::v1::RecordConsentRequest word, bool by_contact_id) {
  // A grant for a value that is another's is refused.
  if (by_contact_id && !word.consent().identity_key().empty() &&
      word.consent().state() == identity::v1::CONSENT_STATE_REFUSED) {
    KITH_CO_RETURN_IF_ERROR(
        co_await CheckNamedValue(backends, customers, context, word));
  }
  auto call = backends.Identity(&Backends::IdentityStub::RecordConsent,
                                std::move(word), context);
  co_return co_await call;
}

absl::Status StatusOfWord(const identity::v1::Consent& word,
                          const absl::Status& recorded) {
  if (word.state() != identity::v1::CONSENT_STATE_REFUSED &&
      absl::IsFailedPrecondition(recorded)) {
    return absl::OkStatus();
  }
  return recorded;
}

Task<absl::Status> PrepareRecording(const Touch& touch, ConsentCheck check,
                                    TouchOwner& owner, TouchSteps& steps,
                                    v1::RecordTouchResponse& response) {
  // Asked for before MergeVisitors waits, as all are read by one step.
  PossibleReads possible(owner.possible_contact_ids, steps.read);
  const std::string in_question = OwnerInQuestion(check, owner);
  auto read = steps.read.Ask(in_question);
  KITH_CO_RETURN_IF_ERROR(
      co_await MergeVisitors(touch, owner, steps, response));
  co_await possible.Answer(response);
  auto group = co_await read;
  owner.contact_violation = std::move(check.violation);
  owner.member_ids = std::move(check.member_ids);
  if (!in_question.empty()) {
    owner.member_ids = std::move(group).value_or(ReadContact()).member_ids;
  }
  auto word = ConsentWordOf(touch.request(), owner, touch.assurance());
  if (!word.has_value()) co_return absl::OkStatus();
  const identity::v1::Consent said = word->consent();
  auto record = steps.consent.Ask(*std::move(word), touch.by_contact_id());
  const absl::Status recorded = (co_await record).status();
  KITH_CO_RETURN_IF_ERROR(StatusOfWord(said, recorded));
  co_return absl::OkStatus();
}

}  // namespace kith::gateway
