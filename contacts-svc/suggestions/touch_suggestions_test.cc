#include "contacts-svc/suggestions/touch_suggestions.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/mysql/session.h"
#include "contacts-svc/suggestions/suggestions_fixture.h"

namespace kith::contacts {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::kDemo;
using ::kith::testing::kDemoPublic;
using ::kith::testing::kOther;
using ::kith::testing::TestKey;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kPhone[] = "phone +14155552671";
constexpr char kByPhone[] =
    "One of them came with phone +14155552671, which the other holds.";

// The id of a contact that nobody has made, lower than all others.
constexpr char kFirst[] = "00000000-0000-7000-8000-000000000001";

class TouchSuggestionsTest : public SuggestionsTest {
 protected:
  absl::StatusOr<v1::EnsureContactResponse> Touch(
      const std::string& id, const std::vector<std::string>& companions,
      const std::string& value = kPhone, TestKey key = kDemo) {
    v1::EnsureContactRequest request;
    request.set_contact_id(id);
    for (const std::string& companion : companions) {
      v1::Companion& added = *request.add_companions();
      added.set_contact_id(companion);
      added.set_value(value);
    }
    return harness_.Call(&Stub::EnsureContact, request, key);
  }

  // The explanations of the open suggestions at a contact's group.
  std::vector<std::string> Explanations(const std::string& id) {
    std::vector<std::string> explanations;
    for (const v1::Suggestion& suggestion : Suggestions(id)) {
      explanations.push_back(suggestion.explanation());
    }
    return explanations;
  }

  std::vector<std::string> MakeMany(int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) ids.push_back(Make());
    return ids;
  }
};

TEST_F(TouchSuggestionsTest, OneTouchSuggestsTheContactsItPointsTo) {
  const std::string a = Make(), b = Make(), c = Make();
  ASSERT_THAT(Touch(b, {a, c}), IsOk());
  EXPECT_THAT(Others(a), ElementsAre(b));
  EXPECT_THAT(Others(b), ElementsAre(a, c));
  for (const std::string& id : {a, b}) {
    const v1::Suggestion suggestion = Suggestions(id)[0];
    EXPECT_EQ(suggestion.suggestion_id(), a + "." + b);
    EXPECT_EQ(suggestion.contact_id(), id);
    EXPECT_EQ(suggestion.state(), v1::SUGGESTION_STATE_OPEN);
    EXPECT_EQ(suggestion.score(), v1::SUGGESTION_SCORE_POSSIBLE);
    EXPECT_EQ(suggestion.explanation(), kByPhone);
    ASSERT_THAT(suggestion.evidence(), SizeIs(1));
    EXPECT_EQ(suggestion.evidence(0).rule(), v1::MATCH_RULE_SAME_TOUCH);
    EXPECT_EQ(suggestion.evidence(0).explanation(), kByPhone);
    EXPECT_THAT(suggestion.evidence(0).fields(), IsEmpty());
    EXPECT_THAT(suggestion.evidence(0).other_fields(), IsEmpty());
  }
}

TEST_F(TouchSuggestionsTest, AContactIsSuggestedAsItIsMade) {
  const std::string a = Make();
  for (const std::string id : {kFirst, kAbsentId}) {
    const auto made = Touch(id, {a});
    ASSERT_THAT(made, IsOk());
    EXPECT_TRUE(made->created());
  }
  EXPECT_THAT(Others(a), ElementsAre(kFirst, kAbsentId));
}

TEST_F(TouchSuggestionsTest, APublicFormMaySuggest) {
  const std::string a = Make(), b = Make();
  ASSERT_THAT(Touch(a, {b}, kPhone, kDemoPublic), IsOk());
  EXPECT_THAT(Others(a), ElementsAre(b));
}

TEST_F(TouchSuggestionsTest, WhatFormsSuggestTakesNoPlaceOfOthers) {
  const std::string a = Make();
  const std::vector<std::string> people = MakeMany(45);
  for (const std::string& person : people) {
    ASSERT_THAT(Touch(a, {person}, kPhone, kDemoPublic), IsOk());
  }
  EXPECT_THAT(Others(a), ElementsAreArray(people.begin(), people.begin() + 20));
  // They are 20 beside 20 of others.
  for (int i = 20; i < 45; ++i) ASSERT_THAT(Touch(people[i], {a}), IsOk());
  EXPECT_THAT(Others(a), ElementsAreArray(people.begin(), people.begin() + 40));
}

TEST_F(TouchSuggestionsTest, BetterEvidenceReplacesThatOfAForm) {
  const std::string a = Make(), b = Make();
  ASSERT_THAT(Touch(a, {b}, "phone of a form", kDemoPublic), IsOk());
  EXPECT_EQ(Suggestions(a)[0].evidence(0).assurance(),
            config::v1::ASSURANCE_UNAUTHENTICATED);
  ASSERT_THAT(Touch(a, {b}), IsOk());
  EXPECT_THAT(Explanations(a), ElementsAre(kByPhone));
  EXPECT_EQ(Suggestions(b)[0].evidence(0).assurance(),
            config::v1::ASSURANCE_REPORTED);
  ASSERT_THAT(Touch(a, {b}, "phone of a form", kDemoPublic), IsOk());
  EXPECT_THAT(Explanations(a), ElementsAre(kByPhone));
}

TEST_F(TouchSuggestionsTest, VariantsOfAPhoneAreEvidenceOfTheirOwn) {
  const std::string a = Make(), b = Make();
  v1::EnsureContactRequest request;
  request.set_contact_id(b);
  v1::Companion& variant = *request.add_companions();
  variant.set_contact_id(a);
  variant.set_value("phone +5491123456789");
  variant.set_reason(v1::COMPANION_REASON_PHONE_VARIANT);
  EXPECT_THAT(harness_.Call(&Stub::EnsureContact, request),
              testing::StatusIs(absl::StatusCode::kInvalidArgument,
                                "companions[0].own_value: want a value"));
  variant.set_own_value("phone +541123456789");
  const std::string told =
      "One of them holds phone +541123456789 and the other phone "
      "+5491123456789, which may be one line.";
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(harness_.Call(&Stub::EnsureContact, request), IsOk());
    EXPECT_THAT(Explanations(a), ElementsAre(told));
    EXPECT_EQ(Suggestions(b)[0].evidence(0).rule(),
              v1::MATCH_RULE_PHONE_VARIANT);
    EXPECT_EQ(Suggestions(b)[0].score(), v1::SUGGESTION_SCORE_POSSIBLE);
  }
  // Both of one pair; each rule has its own limit.
  ASSERT_THAT(Touch(a, {b}), IsOk());
  const auto both = Suggestions(a);
  ASSERT_THAT(both, SizeIs(1));
  ASSERT_THAT(both[0].evidence(), SizeIs(2));
  EXPECT_EQ(both[0].evidence(0).rule(), v1::MATCH_RULE_SAME_TOUCH);
  EXPECT_EQ(both[0].evidence(1).rule(), v1::MATCH_RULE_PHONE_VARIANT);
}

TEST_F(TouchSuggestionsTest, WhoHeldTheValueBeforeIsEvidenceOfItsOwn) {
  const std::string a = Make(), b = Make();
  v1::EnsureContactRequest request;
  request.set_contact_id(b);
  v1::Companion& former = *request.add_companions();
  former.set_contact_id(a);
  former.set_value("phone +14155552671");
  former.set_reason(v1::COMPANION_REASON_FORMER_HOLDER);
  former.set_own_value("phone +14155552671");
  EXPECT_THAT(harness_.Call(&Stub::EnsureContact, request),
              testing::StatusIs(absl::StatusCode::kInvalidArgument,
                                "companions[0].own_value: "));
  former.clear_own_value();
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(harness_.Call(&Stub::EnsureContact, request), IsOk());
    EXPECT_THAT(Explanations(a),
                ElementsAre("One of them held phone +14155552671 before the "
                            "other."));
    EXPECT_EQ(Suggestions(b)[0].evidence(0).rule(),
              v1::MATCH_RULE_FORMER_HOLDER);
    EXPECT_EQ(Suggestions(b)[0].score(), v1::SUGGESTION_SCORE_POSSIBLE);
  }
}

TEST_F(TouchSuggestionsTest, SomeCompanionsAreSkipped) {
  const std::string a = Make(), b = Make(), hub = Make();
  Join(hub, a);
  Join(hub, b);
  // Itself, in capitals as well; of its group; absent; of another tenant.
  const std::string theirs = Add(v1::Contact(), kOther);
  std::string itself = a;
  for (char& c : itself) c = absl::ascii_toupper(c);
  ASSERT_THAT(Touch(a, {a, itself, b, hub, kAbsentId, theirs}), IsOk());
  EXPECT_EQ(Rows("suggestions"), 0);
  // What was absent is suggested by a repeat once it is there.
  ASSERT_THAT(Touch(kAbsentId, {}), IsOk());
  ASSERT_THAT(Touch(a, {b, kAbsentId}), IsOk());
  EXPECT_THAT(Others(hub), ElementsAre(kAbsentId));
}

TEST_F(TouchSuggestionsTest, TheFirstValueThatPointsToAPairStays) {
  const std::string a = Make(), b = Make();
  v1::EnsureContactRequest request;
  request.set_contact_id(a);
  for (const char* value : {kPhone, "e-mail ada@example.com"}) {
    v1::Companion& companion = *request.add_companions();
    companion.set_contact_id(b);
    companion.set_value(value);
  }
  ASSERT_THAT(harness_.Call(&Stub::EnsureContact, request), IsOk());
  EXPECT_THAT(Explanations(a), ElementsAre(kByPhone));
  ASSERT_THAT(Touch(b, {a}, "e-mail ada@example.com"), IsOk());
  EXPECT_THAT(Explanations(a), ElementsAre(kByPhone));
}

TEST_F(TouchSuggestionsTest, ARepeatWritesNothingAndWaitsForNoLock) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make(), e = Make();
  ASSERT_THAT(Touch(a, {b, c, d}), IsOk());
  ASSERT_THAT(Confirm(ConfirmationOf(a, c)), IsOk());
  ASSERT_THAT(Reject(RejectionOf(a, d)), IsOk());
  Join(e, b, Job());
  mysql::Session other(harness_.database().options());
  ASSERT_THAT(other.ExecuteText("BEGIN"), IsOk());
  for (const char* sql : {"SELECT stage FROM contacts FOR UPDATE",
                          "SELECT state FROM suggestions FOR UPDATE"}) {
    ASSERT_THAT(other.Query(sql, {}, [](const mysql::Row& /*row*/) {}), IsOk());
  }
  EXPECT_THAT(Touch(a, {b, c, d, a, kFirst}), IsOk());
  EXPECT_EQ(Rows("suggestions"), 6);
}

TEST_F(TouchSuggestionsTest, TheEvidenceAddsToThatOfNames) {
  const std::string a = Ada(), b = Ada();
  ASSERT_THAT(Touch(b, {a}), IsOk());
  const std::string both =
      "They have the same full name and date of birth, and one of them came "
      "with phone +14155552671, which the other holds.";
  ASSERT_THAT(Suggestions(a), SizeIs(1));
  EXPECT_THAT(Explanations(a), ElementsAre(both));
  EXPECT_EQ(Suggestions(a)[0].score(), v1::SUGGESTION_SCORE_LIKELY);
  EXPECT_THAT(Suggestions(a)[0].evidence(), SizeIs(2));
  // It stays when the names differ, and names add to it.
  ASSERT_THAT(Set(b, Fields("Bea King", "1815-12-10")), IsOk());
  EXPECT_THAT(Explanations(a), ElementsAre(kByPhone));
  ASSERT_THAT(Set(b, Fields("Ada King", "1815-12-10")), IsOk());
  EXPECT_THAT(Explanations(b), ElementsAre(both));
  EXPECT_EQ(Rows("suggestions"), 2);
}

TEST_F(TouchSuggestionsTest, APersonConfirmsWithTheEvidence) {
  const std::string a = Make(), b = Ada(), c = Ada();
  ASSERT_THAT(Touch(a, {b}), IsOk());
  ASSERT_THAT(Touch(b, {c}), IsOk());
  for (const std::string& pair : {a + "." + b, b + "." + c}) {
    v1::ConfirmSuggestionRequest request = ConfirmationOf(a, b);
    request.set_suggestion_id(pair);
    const auto confirmed = Confirm(request);
    ASSERT_THAT(confirmed, IsOk());
    const auto& evidence = confirmed->suggestion().evidence();
    ASSERT_THAT(evidence, SizeIs(pair == a + "." + b ? 1 : 2));
    EXPECT_EQ(evidence.rbegin()->explanation(), kByPhone);
  }
  EXPECT_THAT(Members(c), SizeIs(3));
  EXPECT_THAT(Suggestions(c, v1::SUGGESTION_STATE_CONFIRMED), SizeIs(2));
}

TEST_F(TouchSuggestionsTest, WhatIsDecidedIsNotOpenedAgain) {
  const std::string a = Make(), b = Make(), c = Make(), d = Make();
  ASSERT_THAT(Touch(a, {b, c}), IsOk());
  ASSERT_THAT(Confirm(ConfirmationOf(a, b)), IsOk());
  ASSERT_THAT(Reject(RejectionOf(a, c)), IsOk());
  ASSERT_THAT(Unmerge(UnmergeOf(a)), IsOk());
  // A person has taken these two apart before they were suggested.
  ASSERT_THAT(Unmerge(UnmergeOf(a, Join(a, d))), IsOk());
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(Touch(a, {b, c, d}, "e-mail ada@example.com"), IsOk());
    ASSERT_THAT(Touch(c, {a}), IsOk());
    EXPECT_THAT(Suggestions(), IsEmpty());
  }
  const auto rejected = Suggestions(c, v1::SUGGESTION_STATE_REJECTED);
  ASSERT_THAT(rejected, SizeIs(1));
  EXPECT_EQ(rejected[0].explanation(), kByPhone);
  EXPECT_EQ(Rows("suggestions"), 4);
}

TEST_F(TouchSuggestionsTest, APersonsUnmergeRejectsWithTheEvidence) {
  const std::string a = Make(), b = Make();
  ASSERT_THAT(Touch(a, {b}), IsOk());
  ASSERT_THAT(Unmerge(UnmergeOf(a, Join(a, b))), IsOk());
  const auto rejected = Suggestions(a, v1::SUGGESTION_STATE_REJECTED);
  ASSERT_THAT(rejected, SizeIs(1));
  EXPECT_EQ(rejected[0].explanation(), kByPhone);
}

TEST_F(TouchSuggestionsTest, AMemberIsSuggestedForItsGroup) {
  const std::string a = Make(), b = Make(), c = Make(), hub = Make();
  Join(hub, a);
  ASSERT_THAT(Touch(c, {a}), IsOk());
  ASSERT_THAT(Touch(a, {b}), IsOk());
  EXPECT_THAT(Others(hub), UnorderedElementsAre(b, c));
}

TEST_F(TouchSuggestionsTest, AnOfficePhoneSuggestsTwentyPeopleAndNoMore) {
  const std::string office = Make();
  const std::vector<std::string> people = MakeMany(25);
  for (const std::string& person : people) {
    ASSERT_THAT(Touch(person, {office}), IsOk());
  }
  EXPECT_THAT(Others(office), SizeIs(20));
  ASSERT_THAT(Touch(people[24], {people[0], office}), IsOk());
  EXPECT_THAT(Others(people[24]), ElementsAre(people[0]));
  // One that is decided makes room.
  ASSERT_THAT(Reject(RejectionOf(office, people[3])), IsOk());
  ASSERT_THAT(Touch(people[24], {office}), IsOk());
  EXPECT_THAT(Others(people[24]), ElementsAre(office, people[0]));
  EXPECT_THAT(Others(office), SizeIs(20));
}

TEST_F(TouchSuggestionsTest, NoContactCollectsMoreThanTwentyByItsOwnTouches) {
  const std::string a = Make();
  const std::vector<std::string> people = MakeMany(25);
  ASSERT_THAT(Touch(a, {people.begin(), people.begin() + 15}), IsOk());
  ASSERT_THAT(Touch(a, {people.begin() + 10, people.end()}), IsOk());
  EXPECT_THAT(Others(a), ElementsAreArray(people.begin(), people.begin() + 20));
}

TEST_F(TouchSuggestionsTest, TwoRacersThatNameEachOtherOpenOneSuggestion) {
  for (int round = 0; round < 4; ++round) {
    const std::string a = Make(), b = Make();
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&, i] {
        EXPECT_THAT(i % 2 == 0 ? Touch(a, {b}) : Touch(b, {a}), IsOk());
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_THAT(Explanations(a), ElementsAre(kByPhone));
    EXPECT_THAT(Explanations(b), ElementsAre(kByPhone));
    EXPECT_EQ(Rows("suggestions"), 2 * (round + 1));
  }
}

TEST_F(TouchSuggestionsTest, RacersKeepTheLimitOfTheirCompanion) {
  const std::string office = Make();
  const std::vector<std::string> people = MakeMany(32);
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      for (const int i : {t, 31 - t}) {
        EXPECT_THAT(Touch(people[i], {office, people[(i + 1) % 32]}), IsOk());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(Others(office), SizeIs(20));
  EXPECT_THAT(Suggestions(), SizeIs(20 + 32));
}

TEST_F(TouchSuggestionsTest, RacersWithNamesAndDecisionsLoseNoEvidence) {
  std::vector<std::string> ids = MakeMany(8);
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&, t] {
      const std::string& id = ids[t % 8];
      if (t < 8) {
        EXPECT_THAT(Set(id, Fields("Ada King", "1815-12-10")), IsOk());
      } else {
        EXPECT_THAT(Touch(id, ids), IsOk());
      }
      if (t == 3) Reject(RejectionOf(ids[0], ids[7])).IgnoreError();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto open = Suggestions();
  for (const v1::Suggestion& suggestion : open) {
    EXPECT_THAT(suggestion.evidence(), SizeIs(2));
  }
  EXPECT_EQ(open.size() + Suggestions("", v1::SUGGESTION_STATE_REJECTED).size(),
            8 * 7 / 2);
}

}  // namespace
}  // namespace kith::contacts
