#include "contacts-svc/suggestions/match_rules.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "contacts-svc/members/form_fields.h"
#include "contacts-svc/suggestions/match_text.h"
#include "contacts-svc/suggestions/placeholder_date.h"

namespace kith::contacts {
namespace {

constexpr const char* kBirthdays[] = {"birthday", "birth_date",
                                      "date_of_birth"};
constexpr const char* kPostcodes[] = {"postcode", "postal_code", "zip_code",
                                      "zip"};

// What is compared besides the name.
struct Rule {
  v1::MatchRule rule = v1::MATCH_RULE_UNSPECIFIED;
  absl::Span<const char* const> attributes;
  std::string (*comparable)(absl::string_view text,
                            const v1::Contact& contact) = nullptr;
  v1::SuggestionScore score = v1::SUGGESTION_SCORE_UNSPECIFIED;
  const char* sentence = "";
};

std::string Birthday(absl::string_view text, const v1::Contact& contact) {
  const std::string date = ComparableDate(text);
  absl::CivilDay day;
  if (!absl::ParseCivilTime(date, &day)) return "";
  // By the contact itself, not by the clock: its match keys stay the same.
  const absl::CivilDay made =
      contact.has_create_time()
          ? absl::ToCivilDay(base::FromProto(contact.create_time()),
                             absl::UTCTimeZone())
          : absl::CivilDay::max();
  return IsPlaceholderBirthday(day, made) ? "" : date;
}

std::string Postcode(absl::string_view text, const v1::Contact& /*contact*/) {
  return ComparablePostcode(text);
}

constexpr Rule kRules[] = {
    {v1::MATCH_RULE_NAME_AND_BIRTHDAY, kBirthdays, Birthday,
     v1::SUGGESTION_SCORE_LIKELY, "the same full name and date of birth"},
    {v1::MATCH_RULE_NAME_AND_POSTCODE, kPostcodes, Postcode,
     v1::SUGGESTION_SCORE_POSSIBLE, "the same full name and postcode"},
};

// Returns nullptr if the evidence does not come from the fields.
const Rule* FindRule(const v1::MatchEvidence& evidence) {
  const Rule* found = std::find_if(
      std::begin(kRules), std::end(kRules),
      [&](const Rule& rule) { return rule.rule == evidence.rule(); });
  return found == std::end(kRules) ? nullptr : found;
}

// Returns the explanation of evidence as a part of a sentence.
std::string ClauseOf(const v1::MatchEvidence& evidence, bool is_first) {
  std::string clause(absl::StripSuffix(evidence.explanation(), "."));
  if (!is_first && !clause.empty()) clause[0] = absl::ascii_tolower(clause[0]);
  return clause;
}

// Something to compare, and where it stands.
struct Part {
  std::string text;
  std::vector<std::string> fields;
};

Part NameOf(const v1::Contact& contact) {
  if (contact.given_name().empty() || contact.family_name().empty()) {
    return {ComparableName(contact.display_name()), {"display_name"}};
  }
  return {ComparableName(
              absl::StrCat(contact.given_name(), " ", contact.family_name())),
          {"given_name", "family_name"}};
}

Part AttributeOf(const v1::Contact& contact, const Rule& rule) {
  for (const char* name : rule.attributes) {
    const auto it = contact.attributes().find(name);
    if (it == contact.attributes().end()) continue;
    std::string text = rule.comparable(it->second, contact);
    if (text.empty()) continue;
    return {std::move(text), {absl::StrCat("attributes.", name)}};
  }
  return {};
}

}  // namespace

std::string OtherKey(absl::string_view kept_key) {
  std::string other(kept_key);
  for (char& byte : other) byte = static_cast<char>(~byte);
  return other;
}

std::vector<Match> MatchesOf(const v1::Contact& contact) {
  std::vector<Match> matches;
  const Part name = NameOf(contact);
  if (name.text.empty()) return matches;
  for (const Rule& rule : kRules) {
    Part attribute = AttributeOf(contact, rule);
    if (attribute.text.empty()) continue;
    // None of the parts has a line break in it.
    const std::string parts = absl::StrJoin(
        {v1::MatchRule_Name(rule.rule), v1::ContactKind_Name(contact.kind()),
         name.text, attribute.text},
        "\n");
    Match match;
    match.rule = rule.rule;
    match.key = base::Sha256(parts).substr(0, 16);
    match.fields = name.fields;
    match.fields.push_back(std::move(attribute.fields.front()));
    const bool of_form = absl::c_any_of(
        match.fields,
        [&](const std::string& field) { return IsOfForm(contact, field); });
    match.kept_key = of_form ? OtherKey(match.key) : match.key;
    matches.push_back(std::move(match));
  }
  return matches;
}

std::vector<v1::MatchEvidence> EvidenceOf(const v1::Contact& contact,
                                          const v1::Contact& other) {
  std::vector<v1::MatchEvidence> evidence;
  const std::vector<Match> others = MatchesOf(other);
  for (const Match& match : MatchesOf(contact)) {
    const auto same = std::find_if(
        others.begin(), others.end(),
        [&](const Match& candidate) { return candidate.key == match.key; });
    if (same == others.end()) continue;
    v1::MatchEvidence& agreed = evidence.emplace_back();
    agreed.set_rule(match.rule);
    agreed.mutable_fields()->Assign(match.fields.begin(), match.fields.end());
    agreed.mutable_other_fields()->Assign(same->fields.begin(),
                                          same->fields.end());
    agreed.set_explanation(
        absl::StrCat("They have ", FindRule(agreed)->sentence, "."));
  }
  return evidence;
}

void Explain(v1::Suggestion& suggestion) {
  std::vector<std::string> clauses;
  for (const v1::MatchEvidence& evidence : suggestion.evidence()) {
    const bool is_first = clauses.empty();
    const Rule* rule = FindRule(evidence);
    if (rule == nullptr) {
      clauses.push_back(ClauseOf(evidence, is_first));
    } else {
      clauses.push_back(
          absl::StrCat(is_first ? "They have " : "", rule->sentence));
    }
    suggestion.set_score(std::max(
        suggestion.score(),
        rule == nullptr ? v1::SUGGESTION_SCORE_POSSIBLE : rule->score));
  }
  if (clauses.empty()) return;
  suggestion.set_explanation(
      absl::StrCat(absl::StrJoin(clauses, ", and "), "."));
}

}  // namespace kith::contacts
