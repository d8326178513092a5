#include "identity-svc/claim_plan.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/request_context.h"

namespace kith::identity {
namespace {

using base::Uuid;

// The state of one value while its touch is planned.
struct Value {
  const Reading& reading;
  const Holdings& holdings;
  // Whom the event belongs to by this value; null where nobody holds it.
  const Holding* holder;
  // See WritableIdentitiesOf.
  bool counts;
  // The holder's holding, which the claim ends; null if it ends none.
  const Holding* ends;
  // The holding that an earlier claim like this one has ended; null if none.
  const Holding* ended_before = nullptr;
  // The browser of a guest, who may be the touch's contact.
  bool is_guests = false;

  const std::string& key() const { return reading.identity.identity_key(); }
  bool HeldBy(const Uuid& contact) const {
    return holder != nullptr && holder->contact_id == contact;
  }
  // Several people shared it at the time of the event.
  bool is_shared() const { return holder != nullptr && IsShared(*holder); }
};

bool IsBrowser(const Value& value) {
  return value.reading.identity.channel() == v1::CHANNEL_VISITOR;
}

bool IsOfDevice(const Value& value) {
  return StrengthOf(KindOf(value.reading.identity)) == Strength::kDevice;
}

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
    const Holding* const holder = HolderOfEvent(holdings, claim.event_micros);
    const bool counts = reading.refusal.empty() && writable.contains(key);
    values.push_back(
        {.reading = reading,
         .holdings = holdings,
         .holder = holder,
         .counts = counts,
         .ends = counts && Takes(claim, holder) ? holder : nullptr});
  }
  return values;
}

// The holding that a claim ended for the value's holder: one that ends where
// the holder's begins, or a void one before it, and that no request for this
// value alone has ended. Null if there is none.
const Holding* TakenFrom(const Value& value) {
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
                        std::vector<Value>& values) {
  if (claim.assurance != config::v1::ASSURANCE_VERIFIED) return;
  for (Value& value : values) {
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
                  const Uuid& contact, std::vector<Value>& values) {
  const bool named = absl::c_any_of(values, [&](const Value& value) {
    return value.counts && !IsOfDevice(value) &&
           (value.holder == nullptr || value.ends != nullptr ||
            value.HeldBy(contact));
  });
  if (!named || base::IsByForm(claim.assurance)) return;
  for (Value& value : values) {
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

// The values that decide, each once. A shared one tells nobody from others.
std::vector<CountedValue> CountedOf(const std::vector<Value>& values) {
  std::vector<CountedValue> counted;
  std::set<std::string> seen;
  for (const Value& value : values) {
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
                                      const Value& value, const Uuid& contact) {
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

v1::ClaimOutcome OutcomeOf(const Value& value, const Uuid& contact) {
  if (!value.reading.refusal.empty()) return v1::CLAIM_OUTCOME_REFUSED;
  if (value.is_shared()) {
    return value.counts ? v1::CLAIM_OUTCOME_SHARED
                        : v1::CLAIM_OUTCOME_NOT_CLAIMED;
  }
  if (value.HeldBy(contact)) return v1::CLAIM_OUTCOME_HELD;
  if (value.counts && !value.is_guests) {
    return value.holder == nullptr || value.ends != nullptr
               ? v1::CLAIM_OUTCOME_CLAIMED
               : v1::CLAIM_OUTCOME_HELD_BY_OTHER;
  }
  return v1::CLAIM_OUTCOME_NOT_CLAIMED;
}

std::string ReasonOf(const TouchClaim& claim, const Value& value) {
  if (value.is_guests) {
    return "it stays with a guest, who is known by browsers alone and may be "
           "the same customer";
  }
  if (base::IsByForm(claim.assurance)) {
    return "an unauthenticated claim counts for one value only, the first that "
           "is not refused";
  }
  return absl::StrCat("the touch names another id of ",
                      value.reading.identity.namespace_(),
                      " first, and two ids are two customers");
}

v1::ClaimedValue Answer(const TouchClaim& claim, const Value& value,
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
  if (holding != nullptr) Show(*holding, *answer.mutable_identity());
  return answer;
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

TouchOwner OwnerOf(const std::vector<Value>& values,
                   const FactsByHolder& facts) {
  const std::vector<CountedValue> counted = CountedOf(values);
  if (!counted.empty()) return {OwnerOfTouch(counted, facts)};
  const auto shared = absl::c_find_if(values, [](const Value& value) {
    return value.counts && value.is_shared();
  });
  if (shared == values.end()) return {};
  return {shared->holder->contact_id, true};
}

// A plan for a touch that belongs to somebody else than its only_contact.
ClaimPlan PlanNothing(const TouchClaim& claim, const TouchOwner& owner,
                      const std::vector<Value>& values,
                      const StoredValues& stored) {
  ClaimPlan plan;
  if (owner.contact.has_value()) {
    plan.response.set_contact_id(owner.contact->ToString());
  }
  plan.response.set_is_stand_in(owner.is_stand_in);
  for (const Value& value : values) {
    const v1::ClaimOutcome outcome =
        !value.reading.refusal.empty() ? v1::CLAIM_OUTCOME_REFUSED
        : value.is_shared()            ? v1::CLAIM_OUTCOME_SHARED
        : value.holder != nullptr      ? v1::CLAIM_OUTCOME_HELD_BY_OTHER
                                       : v1::CLAIM_OUTCOME_NOT_CLAIMED;
    v1::ClaimedValue& answer = *plan.response.add_values();
    answer = Answer(claim, value, stored, value.holder, outcome);
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
  absl::Span<const Reading> readings = claim.readings;
  if (base::IsByForm(claim.assurance)) {
    const auto first = absl::c_find_if(
        readings, [](const Reading& one) { return one.refusal.empty(); });
    readings = readings.subspan(first - readings.begin())
                   .first(first == readings.end() ? 0 : 1);
  }
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
  std::vector<Value> values = ValuesOf(claim, stored);
  const TouchOwner owner = OwnerOf(values, facts);
  if (claim.only_contact.has_value() && owner.contact != claim.only_contact) {
    return PlanNothing(claim, owner, values, stored);
  }
  const Uuid contact = owner.contact.value_or(claim.proposed_contact_id);
  TakeBrowsers(claim, facts, contact, values);
  FindTakenFromForms(claim, contact, values);
  ClaimPlan plan;
  plan.response.set_contact_id(contact.ToString());
  plan.response.set_is_stand_in(owner.is_stand_in);
  std::set<std::string> changed;
  for (const Value& value : values) {
    std::vector<HoldingChange> changes = ChangesFor(claim, value, contact);
    *plan.response.add_values() =
        Answer(claim, value, stored,
               changes.empty() ? value.holder : &changes.back().holding,
               OutcomeOf(value, contact));
    if (changes.empty() || !changed.insert(value.key()).second) continue;
    absl::c_move(changes, std::back_inserter(plan.changes));
  }
  return plan;
}

}  // namespace kith::identity
