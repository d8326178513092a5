#include "interactions-svc/interaction_validation.h"

#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/api/limits.h"
#include "common/api/violations.h"
#include "common/base/times.h"
#include "interactions-svc/activity/currency.h"

namespace kith::interactions {
namespace {

using api::Violations;
using google::protobuf::RepeatedPtrField;

// Nearly what an int64 holds; see docs/limits.md, as for all limits here.
constexpr int64_t kMaxAmountMicros = 9'000'000'000'000'000'000;

// Ids of messages and conversations. RFC 5322: a line has up to 998.
constexpr int64_t kMaxReference = 1000;

// What one request moves to another contact, and what it says of it.
constexpr int64_t kMostReassigned = 100;
constexpr int64_t kMaxReason = 500;
constexpr int64_t kMaxAgent = 320;

// An enum value that this build does not know.
template <typename IsValid>
void CheckEnum(Violations& violations, absl::string_view field, int value,
               IsValid is_valid) {
  if (!is_valid(value)) {
    violations.Add(field, absl::StrCat(value, " is not a value of it"));
  }
}

void CheckKinds(Violations& violations, const v1::Interaction& interaction) {
  if (interaction.kind() == v1::KIND_UNSPECIFIED) {
    violations.Add("interaction.kind", "not set, want one such as CALL");
  }
  CheckEnum(violations, "interaction.kind", interaction.kind(),
            v1::Kind_IsValid);
  CheckEnum(violations, "interaction.direction", interaction.direction(),
            v1::Direction_IsValid);
  CheckEnum(violations, "interaction.purpose", interaction.purpose(),
            v1::Purpose_IsValid);
  CheckEnum(violations, "interaction.outcome", interaction.outcome(),
            v1::Outcome_IsValid);
}

void CheckOccurredTime(Violations& violations,
                       const v1::Interaction& interaction, absl::Time now) {
  if (!interaction.has_occurred_time()) return;
  const google::protobuf::Timestamp& time = interaction.occurred_time();
  if (base::IsValid(time) && time.seconds() >= 0 &&
      base::FromProto(time) <= now + absl::Hours(24)) {
    return;
  }
  violations.Add("interaction.occurred_time",
                 "want a time from 1970 to a day from now");
}

void CheckMoney(Violations& violations, const std::string& field,
                const common::v1::Money& money) {
  if (const absl::string_view fault = CurrencyFault(money.currency_code());
      !fault.empty()) {
    violations.Add(absl::StrCat(field, ".currency_code"), fault);
  }
  if (money.amount_micros() < 0 || money.amount_micros() > kMaxAmountMicros) {
    violations.Add(
        absl::StrCat(field, ".amount_micros"),
        absl::StrCat(money.amount_micros(), ", want 0 to 9 * 10^18"));
  }
}

void CheckItem(Violations& violations, const std::string& field,
               const v1::Item& item) {
  violations.AtMost(absl::StrCat(field, ".sku"), item.sku(), 100);
  violations.AtMost(absl::StrCat(field, ".name"), item.name(), 500);
  if (item.quantity() < 0) {
    violations.Add(absl::StrCat(field, ".quantity"),
                   absl::StrCat(item.quantity(), ", want 0 or more"));
  }
  if (item.has_amount()) {
    CheckMoney(violations, absl::StrCat(field, ".amount"), item.amount());
  }
}

// All amounts of an interaction must add up.
void CheckOneCurrency(Violations& violations,
                      const v1::Interaction& interaction) {
  absl::string_view first = interaction.amount().currency_code();
  for (int i = 0; i < interaction.items_size(); ++i) {
    const std::string& code = interaction.items(i).amount().currency_code();
    if (first.empty()) first = code;
    if (code == first || code.empty()) continue;
    violations.Add(
        absl::StrCat("interaction.items[", i, "].amount.currency_code"),
        "want the currency of the interaction's other amounts");
  }
}

void CheckTrade(Violations& violations, const v1::Interaction& interaction) {
  const bool is_trade = interaction.kind() == v1::KIND_PURCHASE ||
                        interaction.kind() == v1::KIND_RETURN;
  const bool has_trade = interaction.items_size() > 0 ||
                         !interaction.order_id().empty() ||
                         interaction.has_amount();
  if (has_trade && !is_trade) {
    violations.Add("interaction.kind",
                   "want PURCHASE or RETURN where items, order_id or amount "
                   "are given");
  }
  violations.Count("interaction.items", interaction.items_size(), 0, 500);
  for (int i = 0; i < interaction.items_size(); ++i) {
    CheckItem(violations, absl::StrCat("interaction.items[", i, "]"),
              interaction.items(i));
  }
  violations.AtMost("interaction.order_id", interaction.order_id(), 100);
  if (interaction.has_amount()) {
    CheckMoney(violations, "interaction.amount", interaction.amount());
  }
  CheckOneCurrency(violations, interaction);
}

void CheckExternalId(Violations& violations,
                     const v1::Interaction& interaction) {
  if (interaction.source().empty() != interaction.external_id().empty()) {
    violations.Add("interaction.source", "want it together with external_id");
  }
  if (!interaction.source().empty() &&
      !api::IsName(interaction.source(), /*digit_first=*/true)) {
    violations.Add("interaction.source", "want [a-z0-9][a-z0-9_.-]{0,63}");
  }
  violations.AtMost("interaction.external_id", interaction.external_id(), 1000);
  if (interaction.source_revision() < 0) {
    violations.Add("interaction.source_revision", "want 0 or more");
  }
}

bool MayOpen(const v1::Interaction& interaction) {
  switch (interaction.kind()) {
    case v1::KIND_CALL:
    case v1::KIND_EMAIL:
    case v1::KIND_MESSAGE:
    case v1::KIND_SOCIAL_POST:
    case v1::KIND_WEB_EVENT:
      return interaction.direction() == v1::DIRECTION_INBOUND;
    default:
      return false;
  }
}

// What it says of its thread.
void CheckThread(Violations& violations, const v1::Interaction& interaction) {
  violations.OptionalUuid("interaction.thread_id", interaction.thread_id());
  violations.AtMost("interaction.message_id", interaction.message_id(),
                    kMaxReference);
  violations.Count("interaction.in_reply_to", interaction.in_reply_to_size(), 0,
                   50);
  for (int i = 0; i < interaction.in_reply_to_size(); ++i) {
    violations.AtMost(absl::StrCat("interaction.in_reply_to[", i, "]"),
                      interaction.in_reply_to(i), kMaxReference);
  }
  violations.AtMost("interaction.conversation_id",
                    interaction.conversation_id(), kMaxReference);
  const bool names_message =
      !interaction.message_id().empty() || interaction.in_reply_to_size() > 0;
  if (interaction.source().empty() &&
      (!interaction.conversation_id().empty() ||
       (names_message && interaction.kind() != v1::KIND_EMAIL))) {
    violations.Add("interaction.source",
                   "not set, want it with conversation_id, and with message_id "
                   "and in_reply_to of what is no EMAIL");
  }
  CheckEnum(violations, "interaction.opens", interaction.opens(),
            v1::ThreadKind_IsValid);
  if (interaction.opens() != v1::THREAD_KIND_UNSPECIFIED &&
      !MayOpen(interaction)) {
    violations.Add("interaction.opens",
                   "want it only for an INBOUND CALL, EMAIL, MESSAGE, "
                   "SOCIAL_POST or WEB_EVENT");
  }
}

void CheckInteraction(Violations& violations,
                      const v1::Interaction& interaction, absl::Time now) {
  violations.OptionalIdentityKey("interaction.identity_key",
                                 interaction.identity_key());
  CheckOccurredTime(violations, interaction, now);
  CheckKinds(violations, interaction);
  violations.AtMost("interaction.topic", interaction.topic(), 100);
  violations.AtMost("interaction.subject", interaction.subject(), 1000);
  violations.AtMost("interaction.body", interaction.body(), 50'000);
  violations.AtMost("interaction.contact_violation",
                    interaction.contact_violation(), 100);
  violations.AtMost("interaction.agent", interaction.agent(), 320);
  violations.Attributes("interaction.attributes", interaction.attributes());
  CheckTrade(violations, interaction);
  CheckExternalId(violations, interaction);
  CheckThread(violations, interaction);
}

// All but the contact, which a look-up may leave out.
void CheckRequest(Violations& violations,
                  const v1::RecordInteractionRequest& request, absl::Time now) {
  CheckInteraction(violations, request.interaction(), now);
  violations.RequestId(request.request_id());
  if (request.request_id().empty() &&
      request.interaction().external_id().empty()) {
    violations.Add("request_id",
                   "empty, want it, or interaction.source and "
                   "interaction.external_id, so that a repeat is known");
  }
  violations.RequestFingerprint(request.forwarded().fingerprint());
}

void CheckSets(
    Violations& violations,
    const google::protobuf::RepeatedPtrField<common::v1::ContactSet>& sets) {
  violations.Count("sets", sets.size(), 1, api::kMaxItemsPerCall);
  int64_t ids = 0;
  for (int i = 0; i < sets.size(); ++i) {
    const std::string field = absl::StrCat("sets[", i, "].contact_ids");
    violations.Count(field, sets[i].contact_ids_size(), 1, api::kMaxGroupSize);
    for (const std::string& id : sets[i].contact_ids()) {
      violations.Uuid(field, id);
    }
    ids += sets[i].contact_ids_size();
  }
  if (ids > api::kMaxGroupSize) {
    violations.Add("sets", absl::StrCat(ids,
                                        " contact_ids over all, want at "
                                        "most ",
                                        api::kMaxGroupSize));
  }
}

void CheckMembers(Violations& violations,
                  const RepeatedPtrField<std::string>& ids) {
  violations.Count("member_ids", ids.size(), 0, api::kMaxGroupSize);
  for (const std::string& id : ids) violations.Uuid("member_ids", id);
}

void CheckInteractionNames(Violations& violations,
                           const RepeatedPtrField<v1::InteractionName>& names) {
  violations.Count("interactions", names.size(), 1, kMostReassigned);
  std::set<std::string> ids;
  for (int i = 0; i < names.size(); ++i) {
    const v1::InteractionName& name = names[i];
    const std::string field = absl::StrCat("interactions[", i, "]");
    violations.Uuid(absl::StrCat(field, ".interaction_id"),
                    name.interaction_id());
    if (!ids.insert(absl::AsciiStrToLower(name.interaction_id())).second) {
      violations.Add(field, "named twice");
    }
    if (!name.has_occurred_time() || !base::IsValid(name.occurred_time())) {
      violations.Add(absl::StrCat(field, ".occurred_time"),
                     "want that of the interaction");
    }
  }
}

}  // namespace

absl::Status Validate(const v1::RecordInteractionRequest& request,
                      absl::Time now) {
  Violations violations;
  violations.Uuid("interaction.contact_id", request.interaction().contact_id());
  CheckMembers(violations, request.member_ids());
  CheckRequest(violations, request, now);
  return violations.ToStatus();
}

absl::Status Validate(const v1::FindRecordingRequest& request, absl::Time now) {
  Violations violations;
  violations.OptionalUuid("interaction.contact_id",
                          request.request().interaction().contact_id());
  CheckRequest(violations, request.request(), now);
  return violations.ToStatus();
}

absl::Status Validate(const v1::BatchRecordInteractionsRequest& request) {
  Violations violations;
  violations.Count("requests", request.requests_size(), 1,
                   api::kMaxItemsPerCall);
  return violations.ToStatus();
}

absl::Status Validate(const v1::BatchFindRecordingsRequest& request) {
  Violations violations;
  violations.Count("requests", request.requests_size(), 1,
                   api::kMaxItemsPerCall);
  return violations.ToStatus();
}

absl::Status Validate(const v1::ListInteractionsRequest& request) {
  Violations violations;
  CheckSets(violations, request.sets());
  violations.PageSize(request.page_size());
  CheckEnum(violations, "kind", request.kind(), v1::Kind_IsValid);
  violations.OptionalIdentityKey("identity_key", request.identity_key());
  if (request.kind() != v1::KIND_UNSPECIFIED &&
      !request.identity_key().empty()) {
    violations.Add("identity_key", "want it or kind, not both");
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::ReassignInteractionsRequest& request) {
  Violations violations;
  const std::string& fingerprint = request.forwarded().fingerprint();
  violations.RequestFingerprint(fingerprint);
  violations.Uuid("contact_id", request.contact_id());
  violations.UuidUnlessRepeat("to_contact_id", request.to_contact_id(),
                              fingerprint);
  if (absl::EqualsIgnoreCase(request.contact_id(), request.to_contact_id())) {
    violations.Add("to_contact_id", "want another contact than contact_id");
  }
  CheckInteractionNames(violations, request.interactions());
  violations.Text("reason", request.reason(), kMaxReason, "why");
  violations.OptionalActorName("agent", request.agent(), kMaxAgent);
  violations.RequestId(request.request_id());
  return violations.ToStatus();
}

absl::Status Validate(const v1::BatchGetActivityRequest& request) {
  Violations violations;
  CheckSets(violations, request.sets());
  violations.PageSize(request.page_size());
  for (int i = 0; i < request.sets_size(); ++i) {
    if (request.sets(i).page_token().empty()) continue;
    violations.Add(absl::StrCat("sets[", i, "].page_token"),
                   "want none; ListInteractions answers the next pages");
  }
  for (const std::string& path : request.read_mask().paths()) {
    if (path == "summary" || path == "interactions" || path == "threads" ||
        path == "actions") {
      continue;
    }
    violations.Add("read_mask", absl::StrCat("\"", path,
                                             "\" is no part, want summary, "
                                             "interactions, threads or "
                                             "actions"));
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::ListThreadsRequest& request) {
  Violations violations;
  CheckSets(violations, request.sets());
  violations.PageSize(request.page_size());
  violations.Count("states", request.states_size(), 0, 3);
  for (const int state : request.states()) {
    if (state != v1::THREAD_STATE_UNSPECIFIED &&
        v1::ThreadState_IsValid(state)) {
      continue;
    }
    violations.Add("states", "want OPEN, WAITING or RESOLVED");
  }
  return violations.ToStatus();
}

absl::Status Validate(const v1::ListActionsRequest& request) {
  Violations violations;
  CheckSets(violations, request.sets());
  violations.PageSize(request.page_size());
  return violations.ToStatus();
}

}  // namespace kith::interactions
