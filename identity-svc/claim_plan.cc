#include "identity-svc/claim_plan.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/types/span.h"

namespace kith::identity {
namespace {

using base::Uuid;

// The state of one value while its touch is planned.
struct Value {
  const Reading& reading;
  const Holdings& holdings;
  // Whom the event belongs to by this value; null where nobody holds it.
  const Holding* holder;
  bool writable;
};

const Holdings& HoldingsOf(const StoredValues& stored, const std::string& key) {
  static const auto* const none = new Holdings();
  const auto it = stored.find(key);
  return it == stored.end() ? *none : it->second.holdings;
}

std::vector<Value> ValuesOf(const TouchClaim& claim,
                            const StoredValues& stored) {
  std::set<std::string> writable;
  for (const v1::Identity& identity : WritableIdentitiesOf(claim)) {
    writable.insert(identity.identity_key());
  }
  std::vector<Value> values;
  for (const Reading& reading : claim.readings) {
    const std::string& key = reading.identity.identity_key();
    const Holdings& holdings = HoldingsOf(stored, key);
    values.push_back(
        {.reading = reading,
         .holdings = holdings,
         .holder = HolderOfEvent(holdings, claim.event_micros),
         .writable = reading.refusal.empty() && writable.contains(key)});
  }
  return values;
}

// The holder of the first value that has one, among those that count.
Uuid ContactOf(const TouchClaim& claim, const std::vector<Value>& values) {
  const auto it = absl::c_find_if(values, [](const Value& value) {
    return value.writable && value.holder != nullptr;
  });
  return it == values.end() ? claim.proposed_contact_id
                            : it->holder->contact_id;
}

// What is to be written so that `contact` holds the value at the event.
std::optional<HoldingChange> ChangeFor(const TouchClaim& claim,
                                       const Value& value,
                                       const Uuid& contact) {
  if (!value.writable) return std::nullopt;
  HoldingChange change;
  change.identity_key = value.reading.identity.identity_key();
  if (value.holder == nullptr) {
    // An event that claims to be of tomorrow is held from today.
    const int64_t micros = std::min(claim.event_micros, claim.now_micros);
    change.holding = {.contact_id = contact,
                      .start_micros = StartOfNext(value.holdings, micros),
                      .end_micros = std::nullopt,
                      .assurance = claim.assurance,
                      .source = claim.source};
    return change;
  }
  if (value.holder->contact_id != contact ||
      value.holder->start_micros <= claim.event_micros) {
    return std::nullopt;
  }
  change.holding = *value.holder;
  change.old_start_micros = change.holding.start_micros;
  change.holding.start_micros = claim.event_micros;
  return change;
}

v1::ClaimOutcome OutcomeOf(const Value& value, const Uuid& contact) {
  if (!value.reading.refusal.empty()) return v1::CLAIM_OUTCOME_REFUSED;
  if (value.holder != nullptr && value.holder->contact_id == contact) {
    return v1::CLAIM_OUTCOME_HELD;
  }
  if (!value.writable) return v1::CLAIM_OUTCOME_NOT_CLAIMED;
  return value.holder == nullptr ? v1::CLAIM_OUTCOME_CLAIMED
                                 : v1::CLAIM_OUTCOME_HELD_BY_OTHER;
}

v1::ClaimedValue Answer(const Value& value, const StoredValues& stored,
                        const Holding* holding, v1::ClaimOutcome outcome) {
  v1::ClaimedValue answer;
  answer.set_outcome(outcome);
  if (outcome == v1::CLAIM_OUTCOME_REFUSED) {
    answer.set_reason(value.reading.refusal);
    return answer;
  }
  if (outcome == v1::CLAIM_OUTCOME_NOT_CLAIMED) {
    answer.set_reason(
        "an unauthenticated claim counts for its first value only");
  }
  const auto it = stored.find(value.reading.identity.identity_key());
  *answer.mutable_identity() =
      it == stored.end() ? value.reading.identity : it->second.identity;
  if (holding != nullptr) Show(*holding, *answer.mutable_identity());
  return answer;
}

std::vector<v1::Identity> Distinct(absl::Span<const Reading> readings) {
  std::map<std::string, v1::Identity> by_key;
  for (const Reading& reading : readings) {
    if (!reading.refusal.empty()) continue;
    by_key.try_emplace(reading.identity.identity_key(), reading.identity);
  }
  std::vector<v1::Identity> identities;
  for (auto& [key, identity] : by_key) {
    identities.push_back(std::move(identity));
  }
  return identities;
}

}  // namespace

std::vector<v1::Identity> IdentitiesOf(const TouchClaim& claim) {
  return Distinct(claim.readings);
}

std::vector<v1::Identity> WritableIdentitiesOf(const TouchClaim& claim) {
  const absl::Span<const Reading> readings = claim.readings;
  return claim.assurance > config::v1::ASSURANCE_UNAUTHENTICATED
             ? Distinct(readings)
             : Distinct(readings.first(1));
}

ClaimPlan PlanClaim(const TouchClaim& claim, const StoredValues& stored) {
  const std::vector<Value> values = ValuesOf(claim, stored);
  const Uuid contact = ContactOf(claim, values);
  ClaimPlan plan;
  plan.response.set_contact_id(contact.ToString());
  std::set<std::string> changed;
  for (const Value& value : values) {
    const std::optional<HoldingChange> change =
        ChangeFor(claim, value, contact);
    *plan.response.add_values() = Answer(
        value, stored, change.has_value() ? &change->holding : value.holder,
        OutcomeOf(value, contact));
    if (change.has_value() && changed.insert(change->identity_key).second) {
      plan.changes.push_back(*change);
    }
  }
  return plan;
}

}  // namespace kith::identity
