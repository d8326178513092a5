#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_RULES_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_RULES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/contacts/v1/suggestion.pb.h"

namespace kith::contacts {

// The rules by which contacts are suggested as one customer. MatchRule in the
// proto describes what each rule compares. Pure functions of the contacts' own
// fields, not of their groups'.

// The match key that a contact has by one rule.
struct Match {
  v1::MatchRule rule = v1::MATCH_RULE_UNSPECIFIED;
  // 16 bytes, equal for all contacts that match by the rule.
  std::string key;
  // The key under which the contact is kept: `key`, or OtherKey of it if a form
  // alone has set one of the fields. So what forms say makes no key of others
  // too common.
  std::string kept_key;
  // The fields that the key was made from.
  std::vector<std::string> fields;
};

// Returns the key of those who match and are kept apart: of forms for others,
// and of others for forms.
std::string OtherKey(absl::string_view kept_key);

// Returns a match for each rule whose fields the contact has, in the order of
// the rules.
std::vector<Match> MatchesOf(const v1::Contact& contact);

// Returns the rules by which two contacts match, in the order of the rules.
std::vector<v1::MatchEvidence> EvidenceOf(const v1::Contact& contact,
                                          const v1::Contact& other);

// Sets the score and the explanation of a suggestion from its evidence: that of
// the fields first, then what is stored. No-op if there is none.
void Explain(v1::Suggestion& suggestion);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_RULES_H_
