#include "contacts-svc/suggestions/match_rules.h"

#include <string>
#include <vector>

#include "contacts-svc/suggestions/match_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::contacts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(MatchTextTest, NamesAreComparedByTheirWords) {
  for (const char* name :
       {"Anna Lena Muller", "MÜLLER, Anna-Lena", "  anna  lena mu\u0308ller ",
        "Ａｎｎａ Lena Müller", "Lena (Anna) Müller"}) {
    EXPECT_EQ(ComparableName(name), "anna lena muller") << name;
  }
  EXPECT_EQ(ComparableName("Sinéad O'Brien"), "obrien sinead");
  EXPECT_EQ(ComparableName("Sinead O’Brien"), "obrien sinead");
  EXPECT_EQ(ComparableName("Hans Groß"), ComparableName("HANS GROSS"));
  EXPECT_NE(ComparableName("Anna Muller"), ComparableName("Anna Miller"));
}

struct NameCase {
  const char* one;
  const char* other;
};

// Cases E2: names that differ in what nobody sees, or in a stroke.
const NameCase kSameNames[] = {
    {"Ada\u200b King", "Ada King"},  // zero-width space
    {"A\u00adda King", "Ada King"},  // soft hyphen
    {"Ada\u00a0King", "Ada King"},   // no-break space
    {"Ada\u202fKing", "Ada King"},   // narrow no-break space
    {"\ufeff"
     "Ada King",
     "Ada King"},                          // byte order mark
    {"Ada\u200d King\u200c", "Ada King"},  // joiner and non-joiner
    {"\u202a"
     "Ada King\u202c",
     "Ada King"},                          // direction, as copied
    {"Ada\u2060 King\ufe0f", "Ada King"},  // word joiner, variation
    {"Ada\u034f King", "Ada King"},        // grapheme joiner
    {"Ada\tKing", "Ada King"},
    {"S\u00f8ren \u00d8deg\u00e5rd", "Soren Odegard"},
    {"\u0141ukasz Wa\u0142\u0119sa", "Lukasz Walesa"},
    {"\u0110or\u0111e Popovi\u0107", "Dorde Popovic"},
    {"\u0126al Borg", "Hal Borg"},
    {"I\u015f\u0131k \u0130nan", "Isik Inan"},
    {"\u00c6sa J\u00f3nsd\u00f3ttir", "Aesa Jonsdottir"},
    {"\u00deor Gu\u00f0mundsson", "Thor Gudmundsson"},
    {"Sinead O\u00b4Brien", "Sinead O'Brien"},
    {"Sinead O`Brien", "Sinead O'Brien"},
    {"Leilani Ka\u02bbai", "Leilani Ka'ai"},
    // Umlauts, as tickets, keyboards and passports write them.
    {"Anna M\u00fcller", "Anna Mueller"},
    {"Anna M\u00fcller", "Anna Muller"},
    {"Anna Mueller", "ANNA MULLER"},
    {"J\u00f6rg Gro\u00df", "Joerg Gross"},
    {"K\u00e4the Stra\u00dfer", "Kaethe Strasser"},
    {"S\u00f8ren \u00c5g\u00e5rd", "Soeren Aagaard"},
    {"L\u00e6rke Bj\u00f6rk", "Laerke Bjork"},
};

TEST(MatchTextTest, WhatNobodySeesAndStrokesMakeNoOtherName) {
  for (const NameCase& one : kSameNames) {
    EXPECT_EQ(ComparableName(one.one), ComparableName(one.other)) << one.one;
    EXPECT_NE(ComparableName(one.one), "") << one.one;
  }
}

TEST(MatchTextTest, OtherScriptsKeepTheirMarks) {
  EXPECT_EQ(ComparableName("王 伟"), "伟 王");
  EXPECT_EQ(ComparableName("Ёлкина Анна"), ComparableName("елкина анна"));
  // Two Hindi names that differ in a vowel sign alone.
  EXPECT_NE(ComparableName("राम कुमार"), ComparableName("रामा कुमार"));
  EXPECT_NE(ComparableName("राम कुमार"), "");
  EXPECT_NE(ComparableName("Анна Ежова"), ComparableName("Anna Ezhova"));
}

TEST(MatchTextTest, ANameIsTwoWordsThatSaySomething) {
  for (const char* name : {"", "Madonna", "J S", "--", "Mr.", "A. B."}) {
    EXPECT_EQ(ComparableName(name), "") << name;
  }
  EXPECT_EQ(ComparableName("Li Wu"), "li wu");
}

TEST(MatchTextTest, ADateIsWrittenInOneWay) {
  EXPECT_EQ(ComparableDate(" 1980-02-29 "), "1980-02-29");
  for (const char* date : {"", "1981-02-29", "29.02.1980", "1980-2-29", "1980",
                           "1980-02-29T00:00:00", "80-02-29"}) {
    EXPECT_EQ(ComparableDate(date), "") << date;
  }
}

TEST(MatchTextTest, APostcodeIsItsLettersAndDigits) {
  EXPECT_EQ(ComparablePostcode("SW1A 1AA"), "sw1a1aa");
  EXPECT_EQ(ComparablePostcode("sw1a-1aa"), "sw1a1aa");
  EXPECT_EQ(ComparablePostcode("80331"), "80331");
  EXPECT_EQ(ComparablePostcode("-"), "");
  EXPECT_EQ(ComparablePostcode("12"), "");
}

v1::Contact Ada() {
  v1::Contact contact;
  contact.set_kind(v1::CONTACT_KIND_PERSON);
  contact.set_given_name("Ada");
  contact.set_family_name("King");
  (*contact.mutable_attributes())["birthday"] = "1815-12-10";
  (*contact.mutable_attributes())["zip"] = "12345";
  return contact;
}

TEST(MatchRulesTest, AContactHasAKeyOfEachRuleThatHasSomethingToGoBy) {
  const std::vector<Match> matches = MatchesOf(Ada());
  ASSERT_THAT(matches, SizeIs(2));
  EXPECT_EQ(matches[0].rule, v1::MATCH_RULE_NAME_AND_BIRTHDAY);
  EXPECT_THAT(matches[0].fields,
              ElementsAre("given_name", "family_name", "attributes.birthday"));
  EXPECT_EQ(matches[0].key.size(), 16u);
  EXPECT_EQ(matches[1].rule, v1::MATCH_RULE_NAME_AND_POSTCODE);
  EXPECT_NE(matches[0].key, matches[1].key);
  v1::Contact nameless = Ada();
  nameless.clear_family_name();
  EXPECT_THAT(MatchesOf(nameless), IsEmpty());
  v1::Contact only_name = Ada();
  only_name.clear_attributes();
  EXPECT_THAT(MatchesOf(only_name), IsEmpty());
}

TEST(MatchRulesTest, TheFirstAttributeThatSaysSomethingCounts) {
  v1::Contact contact = Ada();
  auto& attributes = *contact.mutable_attributes();
  attributes["birthday"] = "in May";
  attributes["date_of_birth"] = "1815-12-10";
  EXPECT_EQ(MatchesOf(contact)[0].key, MatchesOf(Ada())[0].key);
  EXPECT_EQ(MatchesOf(contact)[0].fields.back(), "attributes.date_of_birth");
  attributes["birth_date"] = "1815-12-11";
  EXPECT_NE(MatchesOf(contact)[0].key, MatchesOf(Ada())[0].key);
}

struct BirthdayCase {
  const char* date;
  bool says_something;
};

// Of contacts made on 2026-06-15. Cases E1: historyforge/historyforge#410,
// OHDSI/Themis#30.
const BirthdayCase kBirthdayCases[] = {
    {"1980-02-29", true},  {"1815-12-10", true},  {"1970-01-02", true},
    {"1999-12-31", true},  {"2026-06-14", true},  {"1900-01-01", false},
    {"1970-01-01", false}, {"0001-01-01", false}, {"1904-01-01", false},
    {"1601-01-01", false}, {"1753-01-01", false}, {"1985-01-01", false},
    {"1969-12-31", false}, {"1899-12-31", false}, {"1899-12-30", false},
    {"1111-11-11", false}, {"2026-06-15", false}, {"2026-06-16", false},
    {"2099-07-01", false}, {"9999-12-31", false},
};

TEST(MatchRulesTest, PlaceholderBirthdaysSayNothing) {
  for (const BirthdayCase& one : kBirthdayCases) {
    v1::Contact contact = Ada();
    contact.mutable_create_time()->set_seconds(1'781'524'800);
    (*contact.mutable_attributes())["birthday"] = one.date;
    const std::vector<Match> matches = MatchesOf(contact);
    EXPECT_EQ(matches[0].rule == v1::MATCH_RULE_NAME_AND_BIRTHDAY,
              one.says_something)
        << one.date;
    EXPECT_EQ(matches.back().rule, v1::MATCH_RULE_NAME_AND_POSTCODE)
        << "other rules have their say";
  }
}

TEST(MatchRulesTest, EvidenceSaysWhichFieldsAgree) {
  v1::Contact other = Ada();
  other.clear_family_name();
  other.set_display_name("King, Ada");
  (*other.mutable_attributes())["zip"] = "99999";
  const std::vector<v1::MatchEvidence> evidence = EvidenceOf(Ada(), other);
  ASSERT_THAT(evidence, SizeIs(1));
  EXPECT_EQ(evidence[0].rule(), v1::MATCH_RULE_NAME_AND_BIRTHDAY);
  EXPECT_THAT(evidence[0].fields(),
              ElementsAre("given_name", "family_name", "attributes.birthday"));
  EXPECT_THAT(evidence[0].other_fields(),
              ElementsAre("display_name", "attributes.birthday"));
  EXPECT_EQ(evidence[0].explanation(),
            "They have the same full name and date of birth.");
}

TEST(MatchRulesTest, APersonIsNoOrganisation) {
  v1::Contact company = Ada();
  company.set_kind(v1::CONTACT_KIND_ORGANIZATION);
  EXPECT_THAT(EvidenceOf(Ada(), company), IsEmpty());
  EXPECT_THAT(EvidenceOf(company, company), SizeIs(2));
}

v1::Suggestion ExplainedOf(const v1::Contact& a, const v1::Contact& b) {
  v1::Suggestion suggestion;
  for (v1::MatchEvidence& evidence : EvidenceOf(a, b)) {
    *suggestion.add_evidence() = std::move(evidence);
  }
  Explain(suggestion);
  return suggestion;
}

TEST(MatchRulesTest, TheBestEvidenceMakesTheScore) {
  v1::Contact other = Ada();
  EXPECT_EQ(ExplainedOf(Ada(), other).score(), v1::SUGGESTION_SCORE_LIKELY);
  EXPECT_EQ(ExplainedOf(Ada(), other).explanation(),
            "They have the same full name and date of birth, and the same full "
            "name and postcode.");
  other.mutable_attributes()->erase("birthday");
  EXPECT_EQ(ExplainedOf(Ada(), other).score(), v1::SUGGESTION_SCORE_POSSIBLE);
  EXPECT_EQ(ExplainedOf(Ada(), other).explanation(),
            "They have the same full name and postcode.");
  other.clear_attributes();
  EXPECT_EQ(ExplainedOf(Ada(), other).score(),
            v1::SUGGESTION_SCORE_UNSPECIFIED);
  EXPECT_EQ(ExplainedOf(Ada(), other).explanation(), "");
}

}  // namespace
}  // namespace kith::contacts
