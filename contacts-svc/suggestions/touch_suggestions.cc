#include "contacts-svc/suggestions/touch_suggestions.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/canonical_lock.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/groups/not_same_row.h"
#include "contacts-svc/suggestions/match_key_row.h"
#include "contacts-svc/suggestions/suggestion_row.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

// By companion, the first value that points to it.
using ValuesOfCompanions = std::map<Uuid, std::string>;

std::vector<Uuid> IdsOf(const ValuesOfCompanions& values) {
  std::vector<Uuid> ids;
  for (const auto& [id, value] : values) ids.push_back(id);
  return ids;
}

// The sentence is right from either side of the pair.
v1::Suggestion EvidenceByValue(const std::string& value) {
  v1::Suggestion details;
  v1::MatchEvidence& evidence = *details.add_evidence();
  evidence.set_rule(v1::MATCH_RULE_SAME_TOUCH);
  evidence.set_explanation(absl::StrCat("One of them came with ", value,
                                        ", which the other holds."));
  return details;
}

// Removes the companions whose suggestion is decided or has its evidence.
absl::Status RemoveSuggested(const Tx& tx, const Uuid& contact,
                             ValuesOfCompanions& values) {
  KITH_ASSIGN_OR_RETURN(const std::vector<SuggestionRow> suggested,
                        SelectSuggestionsWith(tx, contact, IdsOf(values)));
  for (const SuggestionRow& row : suggested) {
    if (row.state != v1::SUGGESTION_STATE_OPEN ||
        row.details.evidence_size() > 0) {
      values.erase(row.other);
    }
  }
  return absl::OkStatus();
}

// Removes the companions that do not exist, those of the contact's own group,
// and those that are marked as not the same.
absl::Status RemoveImpossible(const Tx& tx, const Uuid& contact,
                              ValuesOfCompanions& values) {
  const std::vector<Uuid> companions = IdsOf(values);
  std::vector<Uuid> all = companions;
  all.push_back(contact);
  KITH_ASSIGN_OR_RETURN(const auto canonical_ids, SelectCanonicalIds(tx, all));
  KITH_ASSIGN_OR_RETURN(const absl::flat_hash_set<Uuid> not_same,
                        SelectNotSame(tx, contact, companions));
  for (const Uuid& id : companions) {
    const auto it = canonical_ids.find(id);
    if (it == canonical_ids.end() || it->second == canonical_ids.at(contact) ||
        not_same.contains(id)) {
      values.erase(id);
    }
  }
  return absl::OkStatus();
}

// Removes the companions whose suggestion would be one too many for them or
// for the contact.
absl::Status RemoveTooMany(const Tx& tx, const Uuid& contact,
                           ValuesOfCompanions& values) {
  const std::vector<Uuid> companions = IdsOf(values);
  std::vector<Uuid> all = companions;
  all.push_back(contact);
  KITH_ASSIGN_OR_RETURN(auto open, CountStoredEvidence(tx, all));
  for (const Uuid& id : companions) {
    if (open[id] >= kMaxMatches || open[contact] >= kMaxMatches) {
      values.erase(id);
    } else {
      ++open[contact];
    }
  }
  return absl::OkStatus();
}

// Leaves the companions whose suggestion lacks evidence that may be added.
absl::Status LeaveMissing(const Tx& tx, const Uuid& contact,
                          ValuesOfCompanions& values) {
  for (const auto remove : {RemoveSuggested, RemoveImpossible, RemoveTooMany}) {
    if (values.empty()) break;
    KITH_RETURN_IF_ERROR(remove(tx, contact, values));
  }
  return absl::OkStatus();
}

// Call it under the locks of both groups of each pair.
absl::Status WriteEvidence(const Tx& tx, const Uuid& contact,
                           const ValuesOfCompanions& values) {
  KITH_RETURN_IF_ERROR(AddSuggestions(tx, contact, IdsOf(values)));
  for (const auto& [id, value] : values) {
    KITH_RETURN_IF_ERROR(WriteSuggestion(
        tx,
        {.contact = contact, .other = id, .details = EvidenceByValue(value)}));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AddTouchSuggestions(const Tx& tx,
                                 const v1::EnsureContactRequest& request) {
  const Uuid contact = *Uuid::Parse(request.contact_id());
  ValuesOfCompanions values;
  for (const v1::Companion& companion : request.companions()) {
    const Uuid id = *Uuid::Parse(companion.contact_id());
    if (id != contact) values.emplace(id, companion.value());
  }
  KITH_RETURN_IF_ERROR(LeaveMissing(tx, contact, values));
  if (values.empty()) return absl::OkStatus();
  std::vector<Uuid> locked = IdsOf(values);
  locked.push_back(contact);
  return WithLockedGroups(
      tx, locked, [&](LockedGroups& /*groups*/) -> absl::Status {
        ValuesOfCompanions missing = values;
        KITH_RETURN_IF_ERROR(LeaveMissing(tx, contact, missing));
        return WriteEvidence(tx, contact, missing);
      });
}

}  // namespace kith::contacts
