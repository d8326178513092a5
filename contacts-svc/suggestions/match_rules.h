#ifndef KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_RULES_H_
#define KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_RULES_H_

#include <string>
#include <vector>

#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// The rules by which contacts are suggested as one customer; what they compare
// stands at MatchRule in the proto. Pure functions of the contacts' own fields.

// What a contact has of a rule.
struct Match {
  v1::MatchRule rule;
  // 16 bytes, the same for all contacts that agree by the rule.
  std::string key;
  // What it was made from.
  std::vector<std::string> fields;
};

// Of each rule that has something to go by, in their order.
std::vector<Match> MatchesOf(const v1::Contact& contact);

// The rules by which two contacts agree, in their order.
std::vector<v1::MatchEvidence> EvidenceOf(const v1::Contact& contact,
                                          const v1::Contact& other);

// The score and the sentence that the evidence of a suggestion comes to.
void Explain(v1::Suggestion& suggestion);

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_SUGGESTIONS_MATCH_RULES_H_
