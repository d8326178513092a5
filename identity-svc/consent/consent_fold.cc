#include "identity-svc/consent/consent_fold.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/base/times.h"
#include "common/base/uuid.h"
#include "identity-svc/consent/consent_scope.h"

namespace kith::identity {
namespace {

using internal::v1::ConsentEntry;
using internal::v1::ConsentStates;
using internal::v1::ConsentWord;

ConsentWord WordOf(const v1::Consent& record) {
  ConsentWord word;
  word.set_consent_id(std::string(
      base::Uuid::Parse(record.consent_id()).value_or(base::Uuid()).bytes()));
  word.set_said_micros(SaidMicros(record));
  word.set_recorded_micros(base::ToMicros(record.recorded_time()));
  if (record.has_effective_start_time()) {
    word.set_start_micros(base::ToMicros(record.effective_start_time()));
  }
  if (record.has_effective_end_time()) {
    word.set_end_micros(base::ToMicros(record.effective_end_time()));
  }
  return word;
}

int FindEntry(const ConsentStates& states, const ConsentScope& scope) {
  const auto& entries = states.entries();
  const auto it = std::find_if(
      entries.begin(), entries.end(),
      [&](const ConsentEntry& entry) { return ScopeOf(entry) == scope; });
  return it == entries.end() ? -1 : static_cast<int>(it - entries.begin());
}

ConsentEntry& EntryFor(ConsentScope scope, bool refused,
                       ConsentStates& states) {
  int index = FindEntry(states, scope);
  if (index < 0 && refused && states.entries_size() >= kMaxConsentEntries) {
    scope.topic.clear();
    index = FindEntry(states, scope);
  }
  if (index >= 0) return *states.mutable_entries(index);
  ConsentEntry& entry = *states.add_entries();
  entry.set_identity_key(scope.identity_key);
  entry.set_channel(scope.channel);
  entry.set_purpose(scope.purpose);
  entry.set_topic(scope.topic);
  return entry;
}

// Replaces a word, if there is one, by one that was not said before it.
void Renew(const ConsentWord& word, ConsentWord& stored) {
  const bool stands = stored.recorded_micros() != 0;
  if (!stands || word.said_micros() >= stored.said_micros()) stored = word;
}

void AddGrant(const ConsentWord& word, ConsentEntry& entry) {
  if (word.start_micros() > word.recorded_micros()) {
    Renew(word, *entry.mutable_later_grant());
    return;
  }
  Renew(word, *entry.mutable_grant());
  if (entry.later_grant().said_micros() <= word.said_micros()) {
    entry.clear_later_grant();
  }
}

bool HasOtherWords(const ConsentEntry& entry) {
  return entry.has_grant() || entry.has_later_grant() || entry.has_pending();
}

// Returns true if `word` counts rather than `stored`, by when they were said.
bool IsLater(const ConsentWord& word, const ConsentWord& stored) {
  return stored.recorded_micros() == 0 ||
         word.said_micros() > stored.said_micros();
}

// Returns true if the refusal of an entry stands: the contact has not confirmed
// its value since, for all that it has refused.
bool IsRefused(const ConsentStates& states, const ConsentEntry& refused) {
  if (!refused.has_refusal()) return false;
  const ConsentScope scope = ScopeOf(refused);
  const auto& entries = states.entries();
  return std::none_of(entries.begin(), entries.end(),
                      [&](const ConsentEntry& entry) {
                        return entry.has_confirmation() &&
                               entry.identity_key() == scope.identity_key &&
                               Covers(ScopeOf(entry), scope) &&
                               entry.confirmation().said_micros() >
                                   refused.refusal().recorded_micros();
                      });
}

// Adds the words of another contact that are later, and neither refusals nor
// confirmations.
void CopyOtherWords(const ConsentEntry& from, ConsentEntry& to,
                    std::vector<ConsentWord>& added) {
  if (from.has_grant() && IsLater(from.grant(), to.grant())) {
    added.push_back(*to.mutable_grant() = from.grant());
  }
  if (from.has_later_grant() && IsLater(from.later_grant(), to.later_grant())) {
    added.push_back(*to.mutable_later_grant() = from.later_grant());
  }
  if (from.has_pending() && IsLater(from.pending(), to.pending())) {
    added.push_back(*to.mutable_pending() = from.pending());
  }
}

}  // namespace

bool IsConfirmation(const v1::Consent& record) {
  return record.state() == v1::CONSENT_STATE_GRANTED &&
         record.has_confirmation() && !record.identity_key().empty() &&
         record.captured_by() == v1::CONSENT_CAPTURER_PERSON &&
         record.assurance() == config::v1::ASSURANCE_VERIFIED;
}

int64_t SaidMicros(const v1::Consent& record) {
  int64_t said = base::ToMicros(record.recorded_time());
  if (record.has_captured_time()) {
    said = std::min(said, base::ToMicros(record.captured_time()));
  }
  if (record.has_confirmation()) {
    said =
        std::min(said, base::ToMicros(record.confirmation().confirmed_time()));
  }
  return said;
}

bool IsFull(const ConsentStates& states, const v1::Consent& record) {
  return record.state() != v1::CONSENT_STATE_REFUSED &&
         states.entries_size() >= kMaxConsentEntries &&
         FindEntry(states, ScopeOf(record)) < 0;
}

void AddToStates(const v1::Consent& record, ConsentStates& states) {
  const ConsentWord word = WordOf(record);
  const bool refused = record.state() == v1::CONSENT_STATE_REFUSED;
  ConsentEntry& entry = EntryFor(ScopeOf(record), refused, states);
  if (refused) {
    *entry.mutable_refusal() = word;
  } else if (record.state() == v1::CONSENT_STATE_PENDING) {
    Renew(word, *entry.mutable_pending());
  } else {
    AddGrant(word, entry);
    if (IsConfirmation(record)) Renew(word, *entry.mutable_confirmation());
  }
  states.set_recorded_micros(word.recorded_micros());
}

void RenameValue(const std::string& from, const std::string& to,
                 ConsentStates& states) {
  for (int i = states.entries_size() - 1; i >= 0; --i) {
    ConsentEntry& entry = *states.mutable_entries(i);
    if (entry.identity_key() != from) continue;
    ConsentScope scope = ScopeOf(entry);
    scope.identity_key = to;
    const int other = FindEntry(states, scope);
    if (other < 0) {
      entry.set_identity_key(to);
      continue;
    }
    ConsentEntry& stays = *states.mutable_entries(other);
    if (entry.refusal().recorded_micros() > stays.refusal().recorded_micros()) {
      *stays.mutable_refusal() = entry.refusal();
    }
    states.mutable_entries()->DeleteSubrange(i, 1);
  }
}

std::vector<ConsentWord> CopyValue(const std::string& identity_key,
                                   const ConsentStates& from,
                                   ConsentStates& to) {
  std::vector<ConsentWord> added;
  for (const ConsentEntry& entry : from.entries()) {
    if (entry.identity_key() != identity_key) continue;
    const ConsentScope scope = ScopeOf(entry);
    const bool refused = IsRefused(from, entry);
    const bool is_full =
        to.entries_size() >= kMaxConsentEntries && FindEntry(to, scope) < 0;
    if (!refused && (is_full || !HasOtherWords(entry))) continue;
    ConsentEntry& stored = EntryFor(scope, refused, to);
    if (refused && entry.refusal().recorded_micros() >
                       stored.refusal().recorded_micros()) {
      added.push_back(*stored.mutable_refusal() = entry.refusal());
    }
    if (!is_full) CopyOtherWords(entry, stored, added);
  }
  to.set_recorded_micros(
      std::max(to.recorded_micros(), from.recorded_micros()));
  return added;
}

void JoinSuppressions(const Suppressions& from, Suppressions& to) {
  for (const Suppression& each : from) {
    const auto stays =
        std::find_if(to.begin(), to.end(), [&](const Suppression& other) {
          return other.purpose == each.purpose && other.topic == each.topic;
        });
    if (stays == to.end()) {
      to.push_back(each);
    } else {
      stays->refused_micros =
          std::max(stays->refused_micros, each.refused_micros);
    }
  }
}

}  // namespace kith::identity
