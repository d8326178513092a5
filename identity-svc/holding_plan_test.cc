#include "identity-svc/holding_plan.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/base/times.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kPlanNow = 1'000;

base::Uuid PersonOf(char last) {
  std::string bytes(16, '\0');
  bytes.back() = last;
  return base::Uuid::FromBytes(bytes);
}
const base::Uuid kAda = PersonOf('a');
const base::Uuid kBob = PersonOf('b');
const base::Uuid kCleo = PersonOf('c');
const base::Uuid kDan = PersonOf('d');

Holding HeldFrom(const base::Uuid& contact, int64_t start,
                 std::optional<int64_t> end = std::nullopt) {
  return {.contact_id = contact,
          .start_micros = start,
          .end_micros = end,
          .assurance = config::v1::ASSURANCE_REPORTED,
          .source = "shop"};
}

HoldingEnding EndingAt(std::optional<int64_t> end) {
  return {.holders = {kAda},
          .end_micros = end,
          .now_micros = kPlanNow,
          .source = "shop",
          .reason = "sold the phone"};
}

struct EndCase {
  const char* name = "";
  int64_t start = 0;
  std::optional<int64_t> asked;
  // What becomes of it; nullopt: refused, as the holding begins later.
  std::optional<int64_t> end;
};

const EndCase kEndCases[] = {
    {"Now", kFromEver, std::nullopt, kPlanNow},
    {"Earlier", kFromEver, 400, 400},
    {"BeforeTheYear1970", kFromEver, -400, -400},
    {"AheadIsNow", kFromEver, kPlanNow + 1, kPlanNow},
    {"AfterTheStart", 300, 301, 301},
    {"AtTheStart", 300, 300, std::nullopt},
    {"BeforeTheStart", 300, 299, std::nullopt},
    {"AtTheBeginningOfTime", kFromEver, kFromEver, std::nullopt},
    // A holding lasts a microsecond at least.
    {"BegunJustNow", kPlanNow, std::nullopt, kPlanNow + 1},
    {"BegunJustNowAndAhead", kPlanNow, kPlanNow + 5, kPlanNow + 1},
    {"BegunJustNowAndAsked", kPlanNow, kPlanNow, std::nullopt},
};

TEST(HoldingPlanTest, AHoldingEndsAfterItsStartAndNotAheadOfTheClock) {
  for (const EndCase& one : kEndCases) {
    SCOPED_TRACE(one.name);
    const auto ended =
        PlanEnd({HeldFrom(kAda, one.start)}, EndingAt(one.asked));
    if (!one.end.has_value()) {
      EXPECT_THAT(ended, StatusIs(StatusCode::kFailedPrecondition,
                                  "end_time: want a time after the start"));
      continue;
    }
    ASSERT_THAT(ended, IsOk());
    EXPECT_EQ(ended->end_micros, one.end);
    EXPECT_EQ(ended->start_micros, one.start);
    EXPECT_EQ(ended->details.end().reason(), "sold the phone");
  }
}

TEST(HoldingPlanTest, OnlyTheOpenHoldingOfTheContactEnds) {
  const HoldingEnding ending = EndingAt(400);
  for (const Holdings& holdings :
       {Holdings(), Holdings{HeldFrom(kAda, kFromEver, 300)},
        Holdings{HeldFrom(kAda, kFromEver, 300), HeldFrom(kBob, 300)}}) {
    EXPECT_THAT(PlanEnd(holdings, ending),
                StatusIs(StatusCode::kNotFound, "does not hold it"));
  }
}

HoldingMove MoveAt(std::optional<int64_t> from) {
  HoldingMove move;
  move.from = {kAda};
  move.to_contact_id = kBob;
  move.to = {kBob, kCleo};
  move.from_micros = from;
  move.now_micros = kPlanNow;
  move.assurance = config::v1::ASSURANCE_REPORTED;
  move.source = "desk";
  move.reason = "a typing error";
  return move;
}

TEST(HoldingPlanTest, AMovedHoldingBeginsWhereTheOtherEnds) {
  for (const EndCase& one : kEndCases) {
    SCOPED_TRACE(one.name);
    const auto moved = PlanMove({HeldFrom(kAda, one.start)}, MoveAt(one.asked));
    if (!one.end.has_value()) {
      EXPECT_THAT(moved, StatusIs(StatusCode::kFailedPrecondition,
                                  "from_time: want a time after the start"));
      continue;
    }
    ASSERT_THAT(moved, IsOk());
    EXPECT_EQ(moved->ended.contact_id, kAda);
    EXPECT_EQ(moved->ended.start_micros, one.start);
    EXPECT_EQ(moved->ended.end_micros, one.end);
    EXPECT_EQ(moved->ended.details.end().cause(),
              internal::v1::HOLDING_END_CAUSE_MOVED);
    EXPECT_EQ(moved->ended.details.end().reason(), "a typing error");
    EXPECT_EQ(moved->begun.contact_id, kBob);
    EXPECT_EQ(moved->begun.start_micros, *one.end);
    EXPECT_FALSE(moved->begun.end_micros.has_value());
    EXPECT_EQ(moved->begun.source, "desk");
  }
}

TEST(HoldingPlanTest, WhatWasNeverTheirsIsTheOthersFromItsStart) {
  HoldingMove move = MoveAt(std::nullopt);
  move.never_theirs = true;
  for (const int64_t start : {kFromEver, int64_t{300}}) {
    Holdings holdings = {HeldFrom(kAda, start)};
    if (start != kFromEver) {
      holdings.insert(holdings.begin(), HeldFrom(kCleo, kFromEver, 200));
    }
    const auto moved = PlanMove(holdings, move);
    ASSERT_THAT(moved, IsOk());
    EXPECT_TRUE(IsVoid(moved->ended));
    holdings.back() = moved->ended;
    holdings.push_back(moved->begun);
    // Also what is in the gap before, as for any next holder.
    for (const int64_t event : {int64_t{200}, start, start + 1, kPlanNow}) {
      EXPECT_EQ(HolderOfEvent(holdings, event)->contact_id,
                event < 200 && start != kFromEver ? kCleo : kBob);
    }
    v1::Identity shown;
    Show(moved->begun, shown);
    EXPECT_EQ(shown.has_start_time(), start != kFromEver);
  }
}

TEST(HoldingPlanTest, OnlyTheOpenHoldingOfTheOneMovesToTheOther) {
  const HoldingMove move = MoveAt(400);
  for (const Holdings& holdings :
       {Holdings(), Holdings{HeldFrom(kAda, kFromEver, 300)},
        Holdings{HeldFrom(kAda, kFromEver, 300), HeldFrom(kDan, 300)}}) {
    EXPECT_THAT(PlanMove(holdings, move),
                StatusIs(StatusCode::kNotFound, "does not hold it"));
  }
  for (const base::Uuid& holder : {kBob, kCleo}) {
    EXPECT_THAT(PlanMove({HeldFrom(holder, kFromEver)}, move),
                StatusIs(StatusCode::kAlreadyExists, holder.ToString()));
  }
}

HoldingProof ProofAt(int64_t micros) {
  HoldingProof proof;
  proof.holders = {kAda, kCleo};
  proof.contact_id = kAda;
  proof.verify_micros = micros;
  proof.now_micros = kPlanNow;
  proof.method = "sms_code";
  proof.source = "login";
  return proof;
}

Holding HeldAs(config::v1::Assurance assurance, Holding holding) {
  holding.assurance = assurance;
  return holding;
}

constexpr auto kForm = config::v1::ASSURANCE_UNAUTHENTICATED;
constexpr auto kSaid = config::v1::ASSURANCE_REPORTED;
constexpr auto kProven = config::v1::ASSURANCE_VERIFIED;

// Holdings as "contact assurance start end", such as "b form ever 300"; with
// ";" between them.
Holdings ParseHoldings(absl::string_view text) {
  Holdings holdings;
  for (const absl::string_view one :
       absl::StrSplit(text, "; ", absl::SkipEmpty())) {
    const std::vector<std::string> words = absl::StrSplit(one, ' ');
    Holding& holding =
        holdings.emplace_back(HeldFrom(PersonOf(words[0][0]), 0));
    holding.assurance = words[1] == "form"   ? kForm
                        : words[1] == "said" ? kSaid
                                             : kProven;
    const auto micros = [](const std::string& word) {
      int64_t number = kFromEver;
      EXPECT_TRUE(word == "ever" || absl::SimpleAtoi(word, &number)) << word;
      return number;
    };
    holding.start_micros = micros(words[2]);
    if (words.size() > 3) holding.end_micros = micros(words[3]);
  }
  return holdings;
}

std::string TextOf(const Holdings& holdings) {
  std::vector<std::string> texts;
  for (const Holding& one : holdings) {
    std::string& text = texts.emplace_back();
    const auto add = [&](int64_t micros) {
      text += micros == kFromEver ? " ever" : absl::StrCat(" ", micros);
    };
    text = absl::StrCat(one.contact_id.bytes().substr(15),
                        one.assurance == kForm   ? " form"
                        : one.assurance == kSaid ? " said"
                                                 : " proven");
    add(one.start_micros);
    if (one.end_micros.has_value()) add(*one.end_micros);
  }
  return absl::StrJoin(texts, "; ");
}

struct ProofCase {
  const char* before = "";
  // After a proof of a's at 400, told at 1,000, c being of its group; "" if it
  // is refused.
  const char* after = "";
  bool is_browser = false;
};

const ProofCase kProofCases[] = {
    {"", "a proven ever"},
    {"a said ever", "a proven ever"},
    {"a form ever", "a proven ever"},
    {"a proven ever", "a proven ever"},
    {"c said ever", "c proven ever"},
    {"b said ever 300", "b said ever 300; a proven 400"},
    {"b said ever 300; a said 500", "b said ever 300; a proven 400"},
    {"a said ever 500", "a proven ever 500"},
    {"a said ever 500; b said 500", "a proven ever 500; b said 500"},
    // The form has proven nothing, ever.
    {"b form ever", "b form ever ever; a proven 1000"},
    {"b form ever", "b form ever 400; a proven 400", true},
    {"b said ever", "b said ever 400; a proven 400"},
    {"c said ever 300; b form 300",
     "c said ever 300; b form 300 300; a proven 1000"},
    {"b proven ever", ""},
    {"b said ever 500", ""},
    {"c said ever 300; b said 500", ""},
};

TEST(HoldingPlanTest, WhoHasProvenAValueHoldsItUnlessAnotherHasToo) {
  for (const ProofCase& one : kProofCases) {
    SCOPED_TRACE(one.before);
    HoldingProof proof = ProofAt(400);
    proof.is_browser = one.is_browser;
    const Holdings before = ParseHoldings(one.before);
    const auto proven = PlanVerify("key", before, proof);
    if (std::string(one.after).empty()) {
      EXPECT_THAT(proven, StatusIs(StatusCode::kAlreadyExists,
                                   "value: held by the contact"));
      continue;
    }
    ASSERT_THAT(proven, IsOk());
    std::map<int64_t, Holding> after;
    for (const Holding& holding : before) after[holding.start_micros] = holding;
    for (const HoldingChange& change : proven->changes) {
      if (change.old_start_micros.has_value()) {
        after.erase(*change.old_start_micros);
      }
      after[change.holding.start_micros] = change.holding;
    }
    Holdings told;
    for (const auto& [start, holding] : after) told.push_back(holding);
    EXPECT_EQ(TextOf(told), one.after);
  }
}

TEST(HoldingPlanTest, AProofSaysHow) {
  const auto proven = PlanVerify("key", {}, ProofAt(400));
  ASSERT_THAT(proven, IsOk());
  const auto& said = proven->changes[0].holding.details.verification();
  EXPECT_EQ(said.method(), "sms_code");
  EXPECT_EQ(said.verified_by(), "login");
  EXPECT_EQ(base::ToMicros(said.verify_time()), 400);
}

TEST(HoldingPlanTest, AnEarlierProofChangesNothing) {
  Holdings holdings = {HeldFrom(kAda, kFromEver)};
  holdings[0] = PlanVerify("key", holdings, ProofAt(400))->changes[0].holding;
  EXPECT_EQ(PlanVerify("key", holdings, ProofAt(400))->changes.size(), 0);
  EXPECT_EQ(PlanVerify("key", holdings, ProofAt(399))->changes.size(), 0);
  EXPECT_EQ(PlanVerify("key", holdings, ProofAt(401))->changes.size(), 1);
}

std::vector<base::Uuid> FormerOf(const Holdings& holdings, int64_t start) {
  std::vector<base::Uuid> contacts;
  for (const Holding& one : FormerHolders(holdings, kAda, start)) {
    contacts.push_back(one.contact_id);
  }
  return contacts;
}

TEST(HoldingPlanTest, FormerHoldersAreThoseWhoHadProvenTheValue) {
  const auto ended = [](config::v1::Assurance assurance,
                        const base::Uuid& contact, int64_t start, int64_t end,
                        internal::v1::HoldingEndCause cause = {}) {
    Holding holding = HeldAs(assurance, HeldFrom(contact, start, end));
    holding.details.mutable_end()->set_cause(cause);
    return holding;
  };
  const Holdings holdings = {
      ended(kProven, kBob, kFromEver, 100),
      ended(kSaid, kCleo, 100, 200),
      ended(kProven, kDan, 200, 300, internal::v1::HOLDING_END_CAUSE_MOVED),
      ended(kProven, kAda, 300, 400),
      ended(kForm, kDan, 400, 400,
            internal::v1::HOLDING_END_CAUSE_PROVEN_BY_OTHER),
      ended(kProven, kBob, 400, 500, internal::v1::HOLDING_END_CAUSE_UNLINKED),
      HeldFrom(kAda, 500)};
  EXPECT_THAT(FormerOf(holdings, 500), ElementsAre(kBob, kDan));
  EXPECT_THAT(FormerOf(holdings, 300), ElementsAre(kBob));
  EXPECT_THAT(FormerOf(holdings, kFromEver), IsEmpty());
  Holdings many;
  for (char one = '1'; one <= '9'; ++one) {
    many.push_back(ended(kProven, PersonOf(one), one, one + 1));
  }
  EXPECT_THAT(FormerOf(many, 900),
              ElementsAre(PersonOf('9'), PersonOf('8'), PersonOf('7')));
}

}  // namespace
}  // namespace kith::identity
