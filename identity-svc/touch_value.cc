#include "identity-svc/touch_value.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/request_context.h"
#include "identity-svc/quarantine/fan_in.h"

namespace kith::identity {
namespace {

using base::Uuid;

const Holdings& HoldingsOf(const StoredValues& stored, const std::string& key) {
  static const auto* const none = new Holdings();
  const auto it = stored.find(key);
  return it == stored.end() ? *none : it->second.holdings;
}

bool Takes(const TouchClaim& claim, const Holding* holder) {
  return claim.assurance == config::v1::ASSURANCE_VERIFIED &&
         holder != nullptr && !holder->end_micros.has_value() &&
         holder->assurance == config::v1::ASSURANCE_UNAUTHENTICATED;
}

std::string ReasonOf(const TouchClaim& claim, const TouchValue& value) {
  if (value.is_guests) {
    return "it stays with a guest, who is known by browsers alone and may be "
           "the same customer";
  }
  if (value.is_beyond_limit) {
    return absl::StrCat("the contact has got ", claim.new_values_per_day,
                        " new values of this channel within a day");
  }
  if (base::IsByForm(claim.assurance)) {
    return "an unauthenticated claim counts for one value only, the first that "
           "is not refused";
  }
  return absl::StrCat("the touch names another id of ",
                      value.reading.identity.namespace_(),
                      " first, and two ids are two customers");
}

}  // namespace

bool IsBrowser(const TouchValue& value) {
  return value.reading.identity.channel() == v1::CHANNEL_VISITOR;
}

std::vector<TouchValue> ValuesOf(const TouchClaim& claim,
                                 const StoredValues& stored) {
  std::set<std::string> writable;
  for (const v1::Identity& identity : WritableIdentitiesOf(claim)) {
    writable.insert(identity.identity_key());
  }
  std::vector<TouchValue> values;
  for (const Reading& reading : claim.readings) {
    const bool is_quarantined =
        !claim.quarantined.empty() && claim.quarantined[values.size()];
    const std::string& key = reading.identity.identity_key();
    const Holdings& holdings = HoldingsOf(stored, key);
    const Holding* const holder = HolderOfEvent(holdings, claim.event_micros);
    const bool counts = reading.refusal.empty() && writable.contains(key);
    values.push_back({.reading = reading,
                      .holdings = holdings,
                      .holder = holder,
                      .counts = counts,
                      .ends = counts && Takes(claim, holder) ? holder : nullptr,
                      .is_quarantined = is_quarantined});
  }
  return values;
}

v1::ClaimOutcome OutcomeOf(const TouchValue& value, const Uuid& contact) {
  if (!value.reading.refusal.empty()) return v1::CLAIM_OUTCOME_REFUSED;
  if (value.is_shared() && value.counts) return v1::CLAIM_OUTCOME_SHARED;
  if (value.is_quarantined) return v1::CLAIM_OUTCOME_QUARANTINED;
  if (value.is_shared()) return v1::CLAIM_OUTCOME_NOT_CLAIMED;
  if (value.HeldBy(contact)) return v1::CLAIM_OUTCOME_HELD;
  if (value.counts && !value.is_guests) {
    return value.holder == nullptr || value.ends != nullptr
               ? v1::CLAIM_OUTCOME_CLAIMED
               : v1::CLAIM_OUTCOME_HELD_BY_OTHER;
  }
  return v1::CLAIM_OUTCOME_NOT_CLAIMED;
}

v1::ClaimOutcome OutcomeForOther(const TouchValue& value) {
  if (!value.reading.refusal.empty()) return v1::CLAIM_OUTCOME_REFUSED;
  if (value.is_shared()) return v1::CLAIM_OUTCOME_SHARED;
  if (value.is_quarantined) return v1::CLAIM_OUTCOME_QUARANTINED;
  return value.holder != nullptr ? v1::CLAIM_OUTCOME_HELD_BY_OTHER
                                 : v1::CLAIM_OUTCOME_NOT_CLAIMED;
}

v1::ClaimedValue AnswerOf(const TouchClaim& claim, const TouchValue& value,
                          const StoredValues& stored, const Holding* holding,
                          v1::ClaimOutcome outcome) {
  v1::ClaimedValue answer;
  answer.set_outcome(outcome);
  if (outcome == v1::CLAIM_OUTCOME_REFUSED) {
    answer.set_reason(value.reading.refusal);
    return answer;
  }
  if (outcome == v1::CLAIM_OUTCOME_NOT_CLAIMED) {
    answer.set_reason(ReasonOf(claim, value));
  }
  const Holding* const former =
      outcome == v1::CLAIM_OUTCOME_CLAIMED ? value.ends : value.ended_before;
  if (former != nullptr) {
    answer.set_former_contact_id(former->contact_id.ToString());
  }
  const auto it = stored.find(value.key());
  *answer.mutable_identity() =
      it == stored.end() ? value.reading.identity : it->second.identity;
  if (outcome == v1::CLAIM_OUTCOME_QUARANTINED) {
    answer.set_reason(InWords(answer.identity().quarantine()));
  }
  if (holding != nullptr) Show(*holding, *answer.mutable_identity());
  return answer;
}

}  // namespace kith::identity
