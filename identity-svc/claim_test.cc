#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr int kRacers = 32;

class ClaimTest : public IdentityServiceTest {
 protected:
  static std::vector<v1::ClaimOutcome> Outcomes(
      const absl::StatusOr<v1::ClaimIdentitiesResponse>& response) {
    std::vector<v1::ClaimOutcome> outcomes;
    for (const v1::ClaimedValue& value : response->values()) {
      outcomes.push_back(value.outcome());
    }
    return outcomes;
  }

  // Claims what `values_of` gives each of many threads, each for a contact of
  // its own; answers the contacts that won.
  std::set<std::string> Race(
      const std::function<std::vector<v1::ChannelValue>(int)>& values_of) {
    std::vector<absl::StatusOr<v1::ClaimIdentitiesResponse>> answers(
        kRacers, absl::UnknownError("not called"));
    std::vector<std::thread> threads;
    for (int i = 0; i < kRacers; ++i) {
      threads.emplace_back([&, i] {
        answers[i] = Claim(base::Uuid::Make(Now()).ToString(), values_of(i));
      });
    }
    for (std::thread& thread : threads) thread.join();
    std::set<std::string> winners;
    for (const auto& answer : answers) {
      EXPECT_THAT(answer, IsOk());
      if (answer.ok()) winners.insert(answer->contact_id());
    }
    return winners;
  }
};

TEST_F(ClaimTest, EveryFieldComesBack) {
  const auto claimed =
      Claim(kAda, {Phone("(415) 555-2671"), Handle("Instagram", "@Ada")});
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kAda);
  EXPECT_THAT(Outcomes(claimed), ElementsAre(v1::CLAIM_OUTCOME_CLAIMED,
                                             v1::CLAIM_OUTCOME_CLAIMED));
  const v1::Identity& phone = claimed->values(0).identity();
  EXPECT_EQ(phone.identity_key().size(), 32);
  EXPECT_EQ(phone.channel(), v1::CHANNEL_PHONE);
  EXPECT_EQ(phone.value(), "(415) 555-2671");
  EXPECT_EQ(phone.normalized_value(), "+14155552671");
  EXPECT_EQ(phone.contact_id(), kAda);
  EXPECT_FALSE(phone.has_start_time());
  EXPECT_FALSE(phone.has_end_time());
  EXPECT_EQ(phone.assurance(), config::v1::ASSURANCE_REPORTED);
  EXPECT_EQ(phone.claimed_by(), "demo");
  EXPECT_EQ(claimed->values(1).identity().namespace_(), "instagram");
  EXPECT_EQ(claimed->values(1).value().namespace_(), "Instagram");
  EXPECT_EQ(claimed->values(1).value().value(), "@Ada");
  const auto again = Claim(kBob, {Handle("instagram", "ADA")});
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->contact_id(), kAda);
  EXPECT_EQ(again->values(0).identity().SerializeAsString(),
            claimed->values(1).identity().SerializeAsString());
}

TEST_F(ClaimTest, FiveSpellingsOfOnePhoneAreOneIdentity) {
  for (const char* spelling :
       {"(415) 555-2671", "+1 415-555-2671", "415.555.2671", "1 415 555 2671",
        "+14155552671"}) {
    const auto claimed =
        Claim(base::Uuid::Make(Now()).ToString(), {Phone(spelling)});
    ASSERT_THAT(claimed, IsOk());
    // The value stays as it was first typed.
    EXPECT_EQ(claimed->values(0).identity().value(), "(415) 555-2671");
    EXPECT_EQ(claimed->values(0).value().value(), spelling);
  }
  EXPECT_EQ(Rows("identities"), 1);
  EXPECT_EQ(Rows("holdings"), 1);
  EXPECT_EQ(Rows("contact_identities"), 1);
}

TEST_F(ClaimTest, RacersForOnePhoneGetOneContact) {
  EXPECT_THAT(Race([](int) { return std::vector{Phone("+14155552671")}; }),
              SizeIs(1));
  EXPECT_EQ(Rows("holdings"), 1);
  EXPECT_EQ(Rows("contact_identities"), 1);
}

TEST_F(ClaimTest, RacersWithTwoValuesInBothOrdersGetOneContact) {
  const v1::ChannelValue phone = Phone("+14155552671");
  const v1::ChannelValue email = Email("ada@example.com");
  const std::set<std::string> winners = Race([&](int i) {
    return i % 2 == 0 ? std::vector{phone, email} : std::vector{email, phone};
  });
  ASSERT_THAT(winners, SizeIs(1));
  EXPECT_EQ(HolderOf(phone), *winners.begin());
  EXPECT_EQ(HolderOf(email), *winners.begin());
  EXPECT_EQ(Rows("holdings"), 2);
}

TEST_F(ClaimTest, OverlappingTouchesLeaveOneHolderForEachValue) {
  Race([](int i) {
    std::vector<v1::ChannelValue> values;
    for (int n = 0; n < 5; ++n) {
      values.push_back(External("shop", std::to_string((i * 7 + n * i) % 11)));
    }
    return values;
  });
  EXPECT_EQ(Rows("holdings"), Rows("identities"));
  EXPECT_EQ(Rows("contact_identities"), Rows("identities"));
  EXPECT_EQ(Rows("identity_values"), Rows("identities"));
}

TEST_F(ClaimTest, AHeldValueWaitsForNoLock) {
  const v1::ChannelValue phone = Phone("+14155552671");
  ASSERT_THAT(Claim(kAda, {phone}), IsOk());
  mysql::Session other(harness_.database().options());
  ASSERT_THAT(other.ExecuteText("BEGIN"), IsOk());
  ASSERT_THAT(other.Query("SELECT channel FROM identities FOR UPDATE", {},
                          [](const mysql::Row&) {}),
              IsOk());
  const absl::Time before = absl::Now();
  const auto claimed = Claim(kBob, {phone});
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kAda);
  EXPECT_LT(absl::Now() - before, absl::Seconds(4));
}

TEST_F(ClaimTest, RacersForAnEndedPhoneGetOneContact) {
  const v1::ChannelValue phone = Phone("+14155552671");
  ASSERT_THAT(Claim(kAda, {phone}), IsOk());
  ASSERT_THAT(Unlink(kAda, phone), IsOk());
  EXPECT_THAT(Race([&](int) { return std::vector{phone}; }), SizeIs(1));
  EXPECT_EQ(Rows("holdings"), 2);
  EXPECT_EQ(Rows("contact_identities"), 1);
}

TEST_F(ClaimTest, ARepeatChangesNothing) {
  const v1::ClaimIdentitiesRequest request =
      ClaimOf(kAda, {Phone("+14155552671"), Email("ada@example.com")});
  ASSERT_THAT(Claim(request), IsOk());
  const auto again = Claim(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->contact_id(), kAda);
  EXPECT_THAT(Outcomes(again),
              ElementsAre(v1::CLAIM_OUTCOME_HELD, v1::CLAIM_OUTCOME_HELD));
  EXPECT_EQ(Rows("holdings"), 2);
}

TEST_F(ClaimTest, NewValuesGoToTheHolderFoundAndOthersStay) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671")}), IsOk());
  ASSERT_THAT(Claim(kBob, {Email("bob@example.com")}), IsOk());
  const auto claimed =
      Claim(kCleo, {Handle("x", "ada"), Phone("415 555 2671"),
                    Email("bob@example.com"), Handle("x", "@ADA")});
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kAda);
  EXPECT_THAT(
      Outcomes(claimed),
      ElementsAre(v1::CLAIM_OUTCOME_CLAIMED, v1::CLAIM_OUTCOME_HELD,
                  v1::CLAIM_OUTCOME_HELD_BY_OTHER, v1::CLAIM_OUTCOME_CLAIMED));
  EXPECT_EQ(claimed->values(2).identity().contact_id(), kBob);
  EXPECT_EQ(HolderOf(Email("bob@example.com")), kBob);
  EXPECT_EQ(HolderOf(Handle("x", "ada")), kAda);
}

TEST_F(ClaimTest, APlaceholderIsRefusedWithTheReasonAndNeverStored) {
  const auto claimed =
      Claim(kAda, {Phone("0000000"), Email("ada@example.com")});
  ASSERT_THAT(claimed, IsOk());
  EXPECT_THAT(Outcomes(claimed), ElementsAre(v1::CLAIM_OUTCOME_REFUSED,
                                             v1::CLAIM_OUTCOME_CLAIMED));
  EXPECT_THAT(claimed->values(0).reason(), HasSubstr("a placeholder"));
  EXPECT_FALSE(claimed->values(0).has_identity());
  const auto nothing = Claim(kBob, {External("erp", "null")});
  ASSERT_THAT(nothing, IsOk());
  EXPECT_EQ(nothing->contact_id(), kBob);
  EXPECT_EQ(Rows("identities"), 1);
}

TEST_F(ClaimTest, UnauthenticatedCountsForTheFirstValueOnly) {
  ASSERT_THAT(Claim(kBob, {Phone("+14155552671")}), IsOk());
  const auto form = Claim(
      kAda,
      {Email("ada@example.com"), Phone("+14155552671"), Handle("x", "ada")},
      kDemoPublic);
  ASSERT_THAT(form, IsOk());
  EXPECT_EQ(form->contact_id(), kAda);
  EXPECT_THAT(Outcomes(form), ElementsAre(v1::CLAIM_OUTCOME_CLAIMED,
                                          v1::CLAIM_OUTCOME_NOT_CLAIMED,
                                          v1::CLAIM_OUTCOME_NOT_CLAIMED));
  EXPECT_EQ(form->values(0).identity().assurance(),
            config::v1::ASSURANCE_UNAUTHENTICATED);
  EXPECT_THAT(form->values(2).reason(), HasSubstr("one value only"));
  EXPECT_EQ(form->values(2).identity().contact_id(), "");
  EXPECT_EQ(HolderOf(Phone("+14155552671")), kBob);
  EXPECT_EQ(HolderOf(Handle("x", "ada")), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(Rows("identities"), 2);
}

TEST_F(ClaimTest, UnauthenticatedFindsTheHolderOfTheFirstValue) {
  ASSERT_THAT(Claim(kBob, {Phone("+14155552671")}), IsOk());
  const auto form =
      Claim(kAda, {Phone("+14155552671"), Email("x@y.example")}, kDemoPublic);
  ASSERT_THAT(form, IsOk());
  EXPECT_EQ(form->contact_id(), kBob);
  EXPECT_THAT(Outcomes(form), ElementsAre(v1::CLAIM_OUTCOME_HELD,
                                          v1::CLAIM_OUTCOME_NOT_CLAIMED));
}

v1::ChannelValue Cookie(const std::string& id) {
  return Value(v1::CHANNEL_VISITOR, id);
}

TEST_F(ClaimTest, ASharedBrowserJoinsNobody) {
  const v1::ChannelValue browser = Cookie("browser");
  ASSERT_THAT(Claim(kAda, {Email("ada@example.com"), browser}), IsOk());
  const auto other = Claim(kBob, {Email("bob@example.com"), browser});
  ASSERT_THAT(other, IsOk());
  EXPECT_EQ(other->contact_id(), kBob);
  EXPECT_THAT(Outcomes(other), ElementsAre(v1::CLAIM_OUTCOME_CLAIMED,
                                           v1::CLAIM_OUTCOME_HELD_BY_OTHER));
  EXPECT_EQ(HolderOf(browser), kAda);
  const auto account = Claim(kCleo, {External("shop", "C-2"), browser});
  ASSERT_THAT(account, IsOk());
  EXPECT_EQ(account->contact_id(), kCleo);
}

TEST_F(ClaimTest, AnAnonymousVisitorBecomesWhoIsNamedAndOnlyOnce) {
  const v1::ChannelValue browser = Cookie("browser");
  ASSERT_THAT(Claim(kAda, {browser}), IsOk());
  const auto claim = [&](const char* contact, const std::string& email) {
    return Claim(contact, {Email(email), browser})->contact_id();
  };
  EXPECT_EQ(claim(kBob, "ada@example.com"), kAda);
  EXPECT_EQ(claim(kBob, "bob@example.com"), kBob);
  EXPECT_EQ(HolderOf(browser), kAda);
}

TEST_F(ClaimTest, AVisitorWhomTheCallerKnowsGetsNoStrongerValue) {
  const v1::ChannelValue browser = Cookie("browser");
  ASSERT_THAT(Claim(kAda, {browser}), IsOk());
  v1::ClaimIdentitiesRequest request =
      ClaimOf(kBob, {Email("bob@example.com"), browser});
  request.add_identified_contact_ids(kAda);
  EXPECT_EQ(Claim(request)->contact_id(), kBob);
  request.add_identified_contact_ids("x");
  EXPECT_THAT(Claim(request),
              StatusIs(StatusCode::kInvalidArgument, "identified_contact_ids"));
}

TEST_F(ClaimTest, AClaimForOneContactGivesNobodyElseAValue) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671")}), IsOk());
  v1::ClaimIdentitiesRequest request =
      ClaimOf(kBob, {Phone("+14155552671"), Email("ada@example.com")});
  request.set_only_contact_id(kBob);
  EXPECT_EQ(Claim(request)->contact_id(), kAda);
  EXPECT_EQ(HolderOf(Email("ada@example.com")), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(Rows("identities"), 1);
  request.set_only_contact_id(kAda);
  EXPECT_EQ(Claim(request)->contact_id(), kAda);
  EXPECT_EQ(HolderOf(Email("ada@example.com")), kAda);
  request.set_only_contact_id("x");
  EXPECT_THAT(Claim(request),
              StatusIs(StatusCode::kInvalidArgument, "only_contact_id"));
}

TEST_F(ClaimTest, ARaceForAnAnonymousVisitorHasOneWinner) {
  const v1::ChannelValue browser = Cookie("browser");
  ASSERT_THAT(Claim(kAda, {browser}), IsOk());
  std::vector<std::thread> threads;
  std::vector<std::string> owners(kRacers);
  for (int i = 0; i < kRacers; ++i) {
    threads.emplace_back([&, i] {
      const auto claimed =
          Claim(base::Uuid::Make(Now()).ToString(),
                {Email(absl::StrCat("p", i, "@example.com")), browser});
      ASSERT_THAT(claimed, IsOk());
      owners[i] = claimed->contact_id();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(owners.begin(), owners.end(), kAda), 1);
  EXPECT_EQ(std::set<std::string>(owners.begin(), owners.end()).size(),
            kRacers);
}

TEST_F(ClaimTest, AnOfficePhoneGetsThreePeoplesEmailsAtMost) {
  const v1::ChannelValue office = Phone("+14155552671");
  std::set<std::string> owners;
  for (int i = 0; i < 6; ++i) {
    const auto claimed =
        Claim(base::Uuid::Make(Now()).ToString(),
              {Email(absl::StrCat("p", i, "@example.com")), office});
    ASSERT_THAT(claimed, IsOk());
    EXPECT_EQ(claimed->values(0).outcome(), v1::CLAIM_OUTCOME_CLAIMED);
    owners.insert(claimed->contact_id());
  }
  EXPECT_THAT(owners, SizeIs(4));
}

TEST_F(ClaimTest, AVerifiedClaimTakesWhatAFormHasPutIn) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Claim(kBob, {email}, kDemoPublic), IsOk());
  const absl::Time before = Now();
  Pass(absl::Hours(1));
  const auto claimed = Claim(kAda, {email}, kDemoVerified);
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kAda);
  EXPECT_EQ(claimed->values(0).former_contact_id(), kBob);
  EXPECT_EQ(HolderOf(email), kAda);
  // What the form has said counts for no time any more.
  EXPECT_EQ(HolderAt(email, before), kAda);
  EXPECT_EQ(ClaimAt(kCleo, email, before)->contact_id(), kAda);
  EXPECT_EQ(HolderAt(email, before - absl::Hours(24 * 3650)), kAda);
  EXPECT_EQ(Rows("holdings"), 2);
  EXPECT_EQ(Rows("contact_identities"), 1);
  const auto again = Claim(kCleo, {email}, kDemoVerified);
  EXPECT_EQ(again->contact_id(), kAda);
  // Said again, as the touch of the first may have been cut off.
  EXPECT_EQ(again->values(0).former_contact_id(), kBob);
  EXPECT_EQ(Rows("holdings"), 2);
  // A report takes nothing, and makes it the holder's for good.
  const v1::ChannelValue other = Email("bob@example.com");
  ASSERT_THAT(Claim(kBob, {other}, kDemoPublic), IsOk());
  EXPECT_EQ(Claim(kCleo, {other})->contact_id(), kBob);
  EXPECT_EQ(Claim(kAda, {other}, kDemoVerified)->contact_id(), kBob);
}

TEST_F(ClaimTest, VerifiedClaimsAtOnceAllTakeWhatAFormHasPutInForOne) {
  const v1::ChannelValue email = Email("ada@example.com");
  ASSERT_THAT(Claim(kBob, {email}, kDemoPublic), IsOk());
  Pass(absl::Hours(1));
  std::vector<std::thread> threads;
  std::vector<std::string> owners(kRacers);
  for (int i = 0; i < kRacers; ++i) {
    threads.emplace_back([&, i] {
      v1::ClaimIdentitiesRequest request =
          ClaimOf(base::Uuid::Make(Now()).ToString(), {email});
      // Of a time before the first of them is done.
      *request.mutable_event_time() =
          base::ToProto(Now() - absl::Milliseconds(i));
      const auto claimed = Claim(request, kDemoVerified);
      ASSERT_THAT(claimed, IsOk());
      owners[i] = claimed->contact_id();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(std::set<std::string>(owners.begin(), owners.end()),
              ElementsAre(HolderOf(email)));
  EXPECT_NE(HolderOf(email), kBob);
  EXPECT_EQ(Rows("holdings"), 2);
  // So once the holder has lost it, too.
  const std::string owner = HolderOf(email);
  ASSERT_THAT(Unlink(owner, email), IsOk());
  EXPECT_EQ(HolderAt(email, Now() - absl::Minutes(30)), owner);
}

TEST_F(ClaimTest, ALateEventFindsTheFirstHolder) {
  const v1::ChannelValue phone = Phone("+14155552671");
  ASSERT_THAT(Claim(kAda, {phone}), IsOk());
  const auto late = ClaimAt(kBob, phone, Now() - absl::Hours(24 * 365 * 40));
  ASSERT_THAT(late, IsOk());
  EXPECT_EQ(late->contact_id(), kAda);
}

TEST_F(ClaimTest, EventsFindTheHolderOfTheirTime) {
  const v1::ChannelValue phone = Phone("+14155552671");
  const absl::Time start = Now();
  ASSERT_THAT(Claim(kAda, {phone}), IsOk());
  Pass(absl::Hours(10));
  ASSERT_THAT(Unlink(kAda, phone), IsOk());
  Pass(absl::Hours(10));
  // After the end, a live touch opens a new holding.
  const auto live = ClaimAt(kBob, phone, start + absl::Hours(15));
  ASSERT_THAT(live, IsOk());
  EXPECT_EQ(live->contact_id(), kBob);
  EXPECT_THAT(Outcomes(live), ElementsAre(v1::CLAIM_OUTCOME_CLAIMED));
  EXPECT_EQ(base::FromProto(live->values(0).identity().start_time()),
            start + absl::Hours(15));
  // Within the ended holding.
  EXPECT_EQ(ClaimAt(kCleo, phone, start + absl::Hours(9))->contact_id(), kAda);
  EXPECT_EQ(HolderAt(phone, start + absl::Hours(12)), "RESOLVE_OUTCOME_NONE");
  // In the gap.
  const auto gap = ClaimAt(kCleo, phone, start + absl::Hours(12));
  ASSERT_THAT(gap, IsOk());
  EXPECT_EQ(gap->contact_id(), kBob);
  EXPECT_THAT(Outcomes(gap), ElementsAre(v1::CLAIM_OUTCOME_HELD));
  EXPECT_EQ(base::FromProto(gap->values(0).identity().start_time()),
            start + absl::Hours(12));
  EXPECT_EQ(HolderAt(phone, start + absl::Hours(12)), kBob);
  EXPECT_EQ(HolderAt(phone, start + absl::Hours(11)), "RESOLVE_OUTCOME_NONE");
  EXPECT_EQ(HolderAt(phone, start), kAda);
  EXPECT_EQ(HolderOf(phone), kBob);
  EXPECT_EQ(Rows("holdings"), 2);
}

TEST_F(ClaimTest, AnswersTheDocumentedErrors) {
  EXPECT_THAT(Claim(v1::ClaimIdentitiesRequest()),
              StatusIs(StatusCode::kInvalidArgument, "values: 0 given"));
  EXPECT_THAT(
      ClaimAt(kAda, Phone("+14155552671"), Now() + absl::Hours(25)),
      StatusIs(StatusCode::kInvalidArgument, "event_time: more than a day"));
  EXPECT_THAT(ClaimAt(kAda, Phone("+14155552671"), Now() + absl::Hours(23)),
              IsOk());
  EXPECT_THAT(Claim(kAda, {Phone("+14155552671")}, kNobody),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Claim(kAda, {Phone("+14155552671")}, kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "identity.write"));
}

TEST_F(ClaimTest, BatchAnswersEachItem) {
  v1::BatchClaimIdentitiesRequest request;
  *request.add_requests() = ClaimOf(kAda, {Phone("+14155552671")});
  *request.add_requests() = ClaimOf("nonsense", {Phone("+14155552671")});
  *request.add_requests() =
      ClaimOf(kBob, {Phone("415 555 2671"), Email("ada@example.com")});
  const auto batch = harness_.Call(&Stub::BatchClaimIdentities, request);
  ASSERT_THAT(batch, IsOk());
  ASSERT_THAT(batch->results(), SizeIs(3));
  EXPECT_EQ(batch->results(0).response().contact_id(), kAda);
  EXPECT_EQ(batch->results(1).error().code(),
            static_cast<int>(StatusCode::kInvalidArgument));
  EXPECT_THAT(batch->results(1).error().message(),
              HasSubstr("proposed_contact_id"));
  EXPECT_EQ(batch->results(2).response().contact_id(), kAda);
  EXPECT_THAT(harness_.Call(&Stub::BatchClaimIdentities,
                            v1::BatchClaimIdentitiesRequest()),
              StatusIs(StatusCode::kInvalidArgument, "want 1 to 500"));
  EXPECT_THAT(harness_.Call(&Stub::BatchClaimIdentities, request, kNobody),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(
      harness_.Call(&Stub::BatchClaimIdentities, request, kDemoNoScopes),
      StatusIs(StatusCode::kPermissionDenied, "identity.write"));
}

TEST_F(ClaimTest, AnotherTenantHasItsOwnHolders) {
  ASSERT_THAT(Claim(kAda, {Phone("+14155552671")}), IsOk());
  const auto other = Claim(kBob, {Phone("+14155552671")}, kOther);
  ASSERT_THAT(other, IsOk());
  EXPECT_EQ(other->contact_id(), kBob);
  EXPECT_THAT(Outcomes(other), ElementsAre(v1::CLAIM_OUTCOME_CLAIMED));
  EXPECT_EQ(HolderOf(Phone("+14155552671")), kAda);
  // The other tenant reads national numbers as German ones.
  EXPECT_EQ(HolderOf(Phone("(415) 555-2671"), kOther), "RESOLVE_OUTCOME_NONE");
  v1::BatchClaimIdentitiesRequest batch;
  *batch.add_requests() = ClaimOf(kCleo, {Email("ada@example.com")});
  ASSERT_THAT(harness_.Call(&Stub::BatchClaimIdentities, batch, kOther),
              IsOk());
  EXPECT_EQ(HolderOf(Email("ada@example.com")), "RESOLVE_OUTCOME_NONE");
}

TEST_F(ClaimTest, HealsWhenTheDatabaseDropsItsSessions) {
  const v1::ChannelValue phone = Phone("+14155552671");
  ASSERT_THAT(Claim(kAda, {phone}), IsOk());
  harness_.database().KillSessions();
  // A worker that notices says so once.
  const auto claim = [&](const v1::ChannelValue& value) {
    auto claimed = Claim(kBob, {value});
    for (int i = 0; i < 20 && !claimed.ok(); ++i) {
      EXPECT_THAT(claimed, StatusIs(StatusCode::kUnavailable));
      claimed = Claim(kBob, {value});
    }
    return claimed;
  };
  const auto held = claim(phone);
  ASSERT_THAT(held, IsOk());
  EXPECT_EQ(held->contact_id(), kAda);
  const auto fresh = claim(Email("b@example.com"));
  ASSERT_THAT(fresh, IsOk());
  EXPECT_EQ(fresh->contact_id(), kBob);
}

}  // namespace
}  // namespace kith::identity
