#include "identity-svc/claim_plan.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/request_context.h"
#include "identity-svc/quarantine/evident_readings.h"
#include "identity-svc/touch_value.h"

namespace kith::identity {
namespace {

using base::Uuid;

bool IsOfDevice(const TouchValue& value) {
  return StrengthOf(KindOf(value.reading.identity)) == Strength::kDevice;
}

// The holding that a claim ended for the value's holder: one that ends where
// the holder's begins, or a void one before it, and that no request for this
// value alone has ended. Null if there is none.
const Holding* TakenFrom(const TouchValue& value) {
  if (value.holder == nullptr || value.holder->end_micros.has_value()) {
    return nullptr;
  }
  const Holding* const taken = VoidBefore(value.holdings, *value.holder);
  const auto former = absl::c_find_if(value.holdings, [&](const Holding& one) {
    return (one.end_micros == value.holder->start_micros || &one == taken) &&
           one.contact_id != value.holder->contact_id && !one.details.has_end();
  });
  return former == value.holdings.end() ? nullptr : &*former;
}

// Finds what verified claims have taken from forms before, for `contact`.
void FindTakenFromForms(const TouchClaim& claim, const Uuid& contact,
                        std::vector<TouchValue>& values) {
  if (claim.assurance != config::v1::ASSURANCE_VERIFIED) return;
  for (TouchValue& value : values) {
    if (!value.counts || IsBrowser(value) || !value.HeldBy(contact)) continue;
    const Holding* const former = TakenFrom(value);
    if (former != nullptr &&
        former->assurance == config::v1::ASSURANCE_UNAUTHENTICATED) {
      value.ended_before = former;
    }
  }
}

// Has the claim take the browsers of anonymous visitors, who are `contact`, as
// it names a stronger value of theirs beside. So what they did before is of one
// contact at most, whoever comes after. Browsers of guests are marked, and
// those that such a claim has taken before.
void TakeBrowsers(const TouchClaim& claim, const FactsByHolder& facts,
                  const Uuid& contact, std::vector<TouchValue>& values) {
  const bool named = absl::c_any_of(values, [&](const TouchValue& value) {
    return value.counts && !IsOfDevice(value) &&
           (value.holder == nullptr || value.ends != nullptr ||
            value.HeldBy(contact));
  });
  if (!named || base::IsByForm(claim.assurance)) return;
  for (TouchValue& value : values) {
    if (!value.counts || !IsBrowser(value) || value.holder == nullptr ||
        value.holder->end_micros.has_value()) {
      continue;
    }
    if (value.HeldBy(contact)) {
      value.ended_before = TakenFrom(value);
      continue;
    }
    const auto holder = facts.find(value.holder->contact_id);
    if (holder == facts.end()) continue;
    if (holder->second.anonymous) value.ends = value.holder;
    value.is_guests = holder->second.guest;
  }
}

// Leaves the values as they are that the contact would get beyond the limit of
// a day. What is proven has none.
void LimitGains(const TouchClaim& claim, const FactsByHolder& facts,
                const Uuid& contact, std::vector<TouchValue>& values) {
  if (claim.assurance == config::v1::ASSURANCE_VERIFIED) return;
  const auto known = facts.find(contact);
  DailyGains gains(
      known == facts.end() ? ValuesByChannel() : known->second.gained,
      claim.new_values_per_day);
  for (TouchValue& value : values) {
    const bool gets = value.counts && !value.is_guests &&
                      (value.holder == nullptr || value.ends != nullptr);
    if (!gets || gains.Add(value.reading.identity)) continue;
    value.is_beyond_limit = true;
    value.counts = false;
    value.ends = nullptr;
  }
}

// The values that decide, each once. A shared one tells nobody from others.
std::vector<CountedValue> CountedOf(const std::vector<TouchValue>& values) {
  std::vector<CountedValue> counted;
  std::set<std::string> seen;
  for (const TouchValue& value : values) {
    if (!value.counts || value.is_shared() ||
        !seen.insert(value.key()).second) {
      continue;
    }
    CountedValue& one = counted.emplace_back();
    one.kind = KindOf(value.reading.identity);
    if (value.holder != nullptr && value.ends == nullptr) {
      one.holder = value.holder->contact_id;
      one.ended = value.holder->end_micros.has_value();
    }
  }
  return counted;
}

// What is to be written so that `contact` holds the value at the event.
std::vector<HoldingChange> ChangesFor(const TouchClaim& claim,
                                      const TouchValue& value,
                                      const Uuid& contact) {
  if (!value.counts || value.is_shared()) return {};
  if (value.holder != nullptr && value.ends == nullptr) {
    if (value.holder->contact_id != contact) return {};
    Holding known = *value.holder;
    const int64_t start = known.start_micros;
    if (VoidBefore(value.holdings, known) == nullptr) {
      known.start_micros = std::min(start, claim.event_micros);
    }
    const bool raised = RaiseAssurance(claim.assurance, claim.source, known);
    if (!raised && known.start_micros == start) return {};
    return {{value.key(), std::move(known), start}};
  }
  std::vector<HoldingChange> changes;
  Holding begun{.contact_id = contact,
                .start_micros = kFromEver,
                .end_micros = std::nullopt,
                .assurance = claim.assurance,
                .source = claim.source};
  if (value.ends != nullptr) {
    // A browser is the contact's from the touch on, which others of the same
    // moment may follow. What a form has put in was never proven, so that it is
    // void.
    Holding ended = *value.ends;
    EndAsTaken(std::min(claim.event_micros, claim.now_micros),
               /*voids=*/!IsBrowser(value), ended);
    begun.start_micros = StartAfterTaken(ended, claim.now_micros);
    changes.push_back({value.key(), std::move(ended), std::nullopt});
  } else {
    // An event that claims to be of tomorrow is held from today.
    begun.start_micros = StartOfNext(
        value.holdings, std::min(claim.event_micros, claim.now_micros));
  }
  changes.push_back({value.key(), std::move(begun), std::nullopt});
  return changes;
}

// The values that are not refused and that `counts` says yes to, by rising key.
template <typename Counts>
std::vector<v1::Identity> Distinct(absl::Span<const Reading> readings,
                                   Counts counts) {
  std::map<std::string, v1::Identity> by_key;
  for (const Reading& reading : readings) {
    if (!reading.refusal.empty() || !counts(reading.identity)) continue;
    by_key.try_emplace(reading.identity.identity_key(), reading.identity);
  }
  std::vector<v1::Identity> identities;
  for (auto& [key, identity] : by_key) {
    identities.push_back(std::move(identity));
  }
  return identities;
}

// Whom a touch belongs to; no contact if it is a new one.
struct TouchOwner {
  std::optional<Uuid> contact;
  // The contact is the stand-in of a shared value, and no other value counts.
  bool is_stand_in = false;
};

TouchOwner OwnerOf(const std::vector<TouchValue>& values,
                   const FactsByHolder& facts) {
  const std::vector<CountedValue> counted = CountedOf(values);
  if (!counted.empty()) return {OwnerOfTouch(counted, facts)};
  const auto shared = absl::c_find_if(values, [](const TouchValue& value) {
    return value.counts && value.is_shared();
  });
  if (shared == values.end()) return {};
  return {shared->holder->contact_id, true};
}

// A plan for a touch that belongs to somebody else than its only_contact.
ClaimPlan PlanNothing(const TouchClaim& claim, const TouchOwner& owner,
                      const std::vector<TouchValue>& values,
                      const StoredValues& stored) {
  ClaimPlan plan;
  if (owner.contact.has_value()) {
    plan.response.set_contact_id(owner.contact->ToString());
  }
  plan.response.set_is_stand_in(owner.is_stand_in);
  for (const TouchValue& value : values) {
    const v1::ClaimOutcome outcome = OutcomeForOther(value);
    v1::ClaimedValue& answer = *plan.response.add_values();
    answer = AnswerOf(claim, value, stored, value.holder, outcome);
    if (outcome == v1::CLAIM_OUTCOME_NOT_CLAIMED) {
      answer.set_reason("the values are not found to be of only_contact_id");
    }
  }
  return plan;
}

}  // namespace

std::vector<v1::Identity> IdentitiesOf(const TouchClaim& claim) {
  return Distinct(claim.readings, [](const v1::Identity&) { return true; });
}

std::vector<v1::Identity> WritableIdentitiesOf(const TouchClaim& claim) {
  const std::vector<Reading> readings = EvidentReadings(
      claim.readings, claim.quarantined, base::IsByForm(claim.assurance));
  // The id that the touch names first, by system.
  std::map<ValueKind, std::string> accounts;
  return Distinct(readings, [&](const v1::Identity& identity) {
    if (StrengthOf(KindOf(identity)) < Strength::kAccount) return true;
    const std::string& first =
        accounts.try_emplace(KindOf(identity), identity.identity_key())
            .first->second;
    return first == identity.identity_key();
  });
}

std::vector<Uuid> HoldersInQuestion(const TouchClaim& claim,
                                    const StoredValues& stored) {
  std::set<Uuid> holders;
  bool any_free = false;
  std::set<Strength> strengths;
  for (const CountedValue& value : CountedOf(ValuesOf(claim, stored))) {
    strengths.insert(StrengthOf(value.kind));
    if (value.holder.has_value()) {
      holders.insert(*value.holder);
    } else {
      any_free = true;
    }
  }
  // Whether a browser is of an anonymous visitor.
  const bool any_visitor = holders.size() > 1 && strengths.size() > 1 &&
                           *strengths.begin() == Strength::kDevice;
  if (!any_free && !any_visitor) return {};
  return {holders.begin(), holders.end()};
}

HolderFacts FactsOf(const TouchClaim& claim, const Uuid& contact,
                    absl::Span<const v1::Identity> identities) {
  HolderFacts facts;
  for (const v1::Identity& identity : identities) {
    ++facts.held[KindOf(identity)];
  }
  const bool browsers_alone =
      !identities.empty() &&
      absl::c_all_of(identities, [](const v1::Identity& identity) {
        return identity.channel() == v1::CHANNEL_VISITOR;
      });
  facts.guest = browsers_alone && claim.identified.contains(contact);
  facts.anonymous = browsers_alone && !facts.guest;
  return facts;
}

ClaimPlan PlanClaim(const TouchClaim& claim, const StoredValues& stored,
                    const FactsByHolder& facts) {
  std::vector<TouchValue> values = ValuesOf(claim, stored);
  const TouchOwner owner = OwnerOf(values, facts);
  if (claim.only_contact.has_value() && owner.contact != claim.only_contact) {
    return PlanNothing(claim, owner, values, stored);
  }
  const Uuid contact = owner.contact.value_or(claim.proposed_contact_id);
  TakeBrowsers(claim, facts, contact, values);
  FindTakenFromForms(claim, contact, values);
  LimitGains(claim, facts, contact, values);
  ClaimPlan plan;
  plan.response.set_contact_id(contact.ToString());
  plan.response.set_is_stand_in(owner.is_stand_in);
  std::set<std::string> changed;
  for (const TouchValue& value : values) {
    if (value.is_beyond_limit) plan.beyond_limit.insert(value.key());
    std::vector<HoldingChange> changes = ChangesFor(claim, value, contact);
    *plan.response.add_values() =
        AnswerOf(claim, value, stored,
                 changes.empty() ? value.holder : &changes.back().holding,
                 OutcomeOf(value, contact));
    if (changes.empty() || !changed.insert(value.key()).second) continue;
    absl::c_move(changes, std::back_inserter(plan.changes));
  }
  return plan;
}

}  // namespace kith::identity
