#include "contacts-svc/suggestions/touch_suggestions.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/canonical_lock.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/groups/not_same_row.h"
#include "contacts-svc/members/contact_row.h"
#include "contacts-svc/suggestions/match_key_row.h"
#include "contacts-svc/suggestions/suggestion_row.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

// The evidence that a touch gives: by companion and rule, of the first value
// that points to the companion.
using WantedEvidence =
    std::map<std::pair<Uuid, v1::MatchRule>, v1::MatchEvidence>;

std::vector<Uuid> IdsOf(const WantedEvidence& wanted) {
  std::vector<Uuid> ids;
  for (const auto& [key, evidence] : wanted) {
    if (ids.empty() || ids.back() != key.first) ids.push_back(key.first);
  }
  return ids;
}

// The sentences are right from either side of the pair.
v1::MatchEvidence EvidenceBy(const Tx& tx, const v1::Companion& companion) {
  v1::MatchEvidence evidence;
  evidence.set_assurance(tx.context.principal->assurance);
  if (companion.reason() == v1::COMPANION_REASON_PHONE_VARIANT) {
    evidence.set_rule(v1::MATCH_RULE_PHONE_VARIANT);
    evidence.set_explanation(absl::StrCat(
        "One of them holds ", companion.own_value(), " and the other ",
        companion.value(), ", which may be one line."));
  } else if (companion.reason() == v1::COMPANION_REASON_FORMER_HOLDER) {
    evidence.set_rule(v1::MATCH_RULE_FORMER_HOLDER);
    evidence.set_explanation(absl::StrCat(
        "One of them held ", companion.value(), " before the other."));
  } else {
    evidence.set_rule(v1::MATCH_RULE_SAME_TOUCH);
    evidence.set_explanation(absl::StrCat("One of them came with ",
                                          companion.value(),
                                          ", which the other holds."));
  }
  return evidence;
}

// True if the evidence of a pair stays as it is: only that of a form gives way.
bool Stays(const v1::MatchEvidence& stored, const v1::MatchEvidence& wanted) {
  return stored.rule() == wanted.rule() &&
         (!IsOfForm(stored) || IsOfForm(wanted));
}

// Removes what is suggested already, and the companions whose suggestion is
// decided.
absl::Status RemoveSuggested(const Tx& tx, const Uuid& contact,
                             WantedEvidence& wanted) {
  KITH_ASSIGN_OR_RETURN(const std::vector<SuggestionRow> suggested,
                        SelectSuggestionsWith(tx, contact, IdsOf(wanted)));
  for (const SuggestionRow& row : suggested) {
    std::erase_if(wanted, [&](const auto& one) {
      return one.first.first == row.other &&
             (row.state != v1::SUGGESTION_STATE_OPEN ||
              absl::c_any_of(row.details.evidence(), [&](const auto& stored) {
                return Stays(stored, one.second);
              }));
    });
  }
  return absl::OkStatus();
}

// Removes the companions that do not exist or are nobody (stand-ins), those of
// the contact's own group, and those that are marked as not the same.
absl::Status RemoveImpossible(const Tx& tx, const Uuid& contact,
                              WantedEvidence& wanted) {
  const std::vector<Uuid> companions = IdsOf(wanted);
  std::vector<Uuid> all = companions;
  all.push_back(contact);
  KITH_ASSIGN_OR_RETURN(const std::vector<ContactRow> rows,
                        SelectRows(tx, all));
  absl::flat_hash_map<Uuid, Uuid> canonical_ids;
  for (const ContactRow& row : rows) {
    if (!row.contact.stand_in()) canonical_ids[row.id] = row.canonical_id;
  }
  KITH_ASSIGN_OR_RETURN(const absl::flat_hash_set<Uuid> not_same,
                        SelectNotSame(tx, contact, companions));
  std::erase_if(wanted, [&](const auto& one) {
    const Uuid& id = one.first.first;
    const auto it = canonical_ids.find(id);
    return it == canonical_ids.end() ||
           it->second == canonical_ids.at(contact) || not_same.contains(id);
  });
  return absl::OkStatus();
}

// Removes what would be one suggestion too many for the companion or for the
// contact.
absl::Status RemoveTooMany(const Tx& tx, const Uuid& contact,
                           WantedEvidence& wanted) {
  KITH_ASSIGN_OR_RETURN(auto own, CountStoredEvidence(tx, contact));
  for (auto it = wanted.begin(); it != wanted.end();) {
    const EvidenceKind kind = KindOf(it->second);
    KITH_ASSIGN_OR_RETURN(auto others,
                          CountStoredEvidence(tx, it->first.first));
    if (others[kind] >= kMaxMatches || own[kind] >= kMaxMatches) {
      it = wanted.erase(it);
    } else {
      ++own[kind];
      ++it;
    }
  }
  return absl::OkStatus();
}

// Leaves the evidence that is missing and may be added.
absl::Status LeaveMissing(const Tx& tx, const Uuid& contact,
                          WantedEvidence& wanted) {
  for (const auto remove : {RemoveSuggested, RemoveImpossible, RemoveTooMany}) {
    if (wanted.empty()) break;
    KITH_RETURN_IF_ERROR(remove(tx, contact, wanted));
  }
  return absl::OkStatus();
}

// Adds evidence to what is stored of a pair, each rule once, in their order.
void PutEvidence(const v1::MatchEvidence& evidence, v1::Suggestion& details) {
  auto& all = *details.mutable_evidence();
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const v1::MatchEvidence& stored) {
                             return stored.rule() == evidence.rule();
                           }),
            all.end());
  *all.Add() = evidence;
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.rule() < b.rule(); });
}

// Call it under the locks of both groups of each pair.
absl::Status WriteEvidence(const Tx& tx, const Uuid& contact,
                           const WantedEvidence& wanted) {
  const std::vector<Uuid> ids = IdsOf(wanted);
  KITH_RETURN_IF_ERROR(AddSuggestions(tx, contact, ids));
  KITH_ASSIGN_OR_RETURN(std::vector<SuggestionRow> rows,
                        SelectSuggestionsWith(tx, contact, ids));
  for (SuggestionRow& row : rows) {
    for (const auto& [key, evidence] : wanted) {
      if (key.first == row.other) PutEvidence(evidence, row.details);
    }
    KITH_RETURN_IF_ERROR(WriteSuggestion(tx, row));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AddTouchSuggestions(const Tx& tx,
                                 const v1::EnsureContactRequest& request) {
  const Uuid contact = *Uuid::Parse(request.contact_id());
  WantedEvidence wanted;
  for (const v1::Companion& companion : request.companions()) {
    const Uuid id = *Uuid::Parse(companion.contact_id());
    if (id == contact) continue;
    v1::MatchEvidence evidence = EvidenceBy(tx, companion);
    wanted.emplace(std::pair(id, evidence.rule()), std::move(evidence));
  }
  KITH_RETURN_IF_ERROR(LeaveMissing(tx, contact, wanted));
  if (wanted.empty()) return absl::OkStatus();
  std::vector<Uuid> locked = IdsOf(wanted);
  locked.push_back(contact);
  return WithLockedGroups(
      tx, locked, [&](LockedGroups& /*groups*/) -> absl::Status {
        WantedEvidence missing = wanted;
        KITH_RETURN_IF_ERROR(LeaveMissing(tx, contact, missing));
        return WriteEvidence(tx, contact, missing);
      });
}

}  // namespace kith::contacts
