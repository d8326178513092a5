#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "common/testing/outbox_rows.h"
#include "identity-svc/identity_service_fixture.h"
#include "identity-svc/quarantine/daily_gains.h"
#include "identity-svc/quarantine/fan_in.h"

namespace kith::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const char kOffice[] = "+14155552671";

class QuarantineTest : public IdentityServiceTest {
 protected:
  // A contact that nobody has proposed before.
  static std::string NewContact(const std::string& name) {
    return base::Uuid::MakeFrom(absl::UnixEpoch(), name).ToString();
  }

  // A touch that names the office's phone beside an e-mail of somebody's own.
  absl::StatusOr<v1::ClaimIdentitiesResponse> TouchBeside(
      const std::string& name, TestKey key = kDemo) {
    return Claim(NewContact(name),
                 {Phone(kOffice), Email(absl::StrCat(name, "@example.com"))},
                 key);
  }

  // Ada holds the phone and the three e-mails that a contact gets by it.
  void GiveAdaTheOffice() {
    for (const char* name : {"ada1", "ada2", "ada3"}) {
      ASSERT_THAT(Claim(kAda, {Phone(kOffice),
                               Email(absl::StrCat(name, "@example.com"))}),
                  IsOk());
    }
  }

  void Quarantine(const v1::ChannelValue& value) {
    v1::QuarantineIdentityRequest request;
    *request.mutable_value() = value;
    request.set_reason("a mistake of the form");
    ASSERT_THAT(harness_.Call(&Stub::QuarantineIdentity, request), IsOk());
  }

  absl::StatusOr<v1::Identity> Release(const v1::ChannelValue& value,
                                       TestKey key = kDemo) {
    v1::ReleaseIdentityRequest request;
    *request.mutable_value() = value;
    request.set_reason("looked at");
    return harness_.Call(&Stub::ReleaseIdentity, request, key);
  }

  v1::Quarantine Stored(const v1::ChannelValue& value) {
    const auto found = Resolve(value);
    return found.ok() && found->candidates_size() == 1
               ? found->candidates(0).identity().quarantine()
               : v1::Quarantine();
  }
};

TEST_F(QuarantineTest, OneCompanionTooManyQuarantinesAValue) {
  GiveAdaTheOffice();
  for (int i = 0; i < kCompanionsPerDay; ++i) {
    const auto touch = TouchBeside(absl::StrCat("c", i));
    ASSERT_THAT(touch, IsOk());
    EXPECT_EQ(touch->values(0).outcome(), v1::CLAIM_OUTCOME_HELD_BY_OTHER);
    // The same companion again counts no more, however it is spelt.
    ASSERT_THAT(TouchBeside(absl::StrCat("C", i)), IsOk());
  }
  EXPECT_EQ(Stored(Phone(kOffice)).companion_count(), 0);
  const auto last = TouchBeside("last");
  ASSERT_THAT(last, IsOk());
  EXPECT_EQ(last->values(0).outcome(), v1::CLAIM_OUTCOME_QUARANTINED);
  EXPECT_THAT(last->values(0).reason(), HasSubstr("quarantined: "));
  EXPECT_EQ(last->contact_id(), NewContact("last"));
  EXPECT_EQ(Stored(Phone(kOffice)).companion_count(), kCompanionsPerDay + 1);
  // Its rows are gone; those of the e-mails have one each.
  EXPECT_EQ(harness_.database().SelectInt(
                "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM "
                "identity_companions GROUP BY identity_key) AS counts"),
            1);
}

TEST_F(QuarantineTest, CompanionsOfTheDayBeforeDoNotCount) {
  GiveAdaTheOffice();
  for (int i = 0; i < kCompanionsPerDay; ++i) {
    ASSERT_THAT(TouchBeside(absl::StrCat("c", i)), IsOk());
  }
  Pass(absl::Hours(24));
  ASSERT_THAT(TouchBeside("later"), IsOk());
  EXPECT_FALSE(Stored(Phone(kOffice)).has_start_time());
}

TEST_F(QuarantineTest, CompanionsAreDeletedOnceTheyCountNoMore) {
  GiveAdaTheOffice();
  ASSERT_THAT(TouchBeside("old"), IsOk());
  Pass(absl::Hours(24));
  ASSERT_THAT(TouchBeside("newer"), IsOk());
  const int64_t all = Rows("identity_companions");
  const auto sweep = [&] {
    mysql::Session session(harness_.database().options());
    EXPECT_THAT(session.Connect(), IsOk());
    const auto service =
        ServiceDefinition([] { return SuppressionKey(kSuppressionSecret); });
    EXPECT_THAT(service.sweep(session, {}, Now()), IsOk());
    return Rows("identity_companions");
  };
  EXPECT_EQ(sweep(), all);
  Pass(absl::Hours(24) - absl::Microseconds(1));
  EXPECT_EQ(sweep(), all);
  Pass(absl::Microseconds(1));
  EXPECT_LT(sweep(), all);
  EXPECT_GT(Rows("identity_companions"), 0);
  Pass(absl::Hours(24));
  EXPECT_EQ(sweep(), 0);
}

TEST_F(QuarantineTest, AQuarantinedValueIsNoEvidence) {
  ASSERT_THAT(Claim(kAda, {Phone(kOffice)}), IsOk());
  Quarantine(Phone(kOffice));
  // Beside another value it decides nothing, and its holder gets nothing.
  const auto beside = TouchBeside("new");
  ASSERT_THAT(beside, IsOk());
  EXPECT_EQ(beside->contact_id(), NewContact("new"));
  EXPECT_EQ(beside->values(0).outcome(), v1::CLAIM_OUTCOME_QUARANTINED);
  EXPECT_EQ(beside->values(0).identity().contact_id(), kAda);
  EXPECT_EQ(beside->values(1).outcome(), v1::CLAIM_OUTCOME_CLAIMED);
  // Alone it leads to its holder, and says so.
  const auto alone = Claim(kBob, {Phone(kOffice)});
  ASSERT_THAT(alone, IsOk());
  EXPECT_EQ(alone->contact_id(), kAda);
  EXPECT_EQ(alone->values(0).outcome(), v1::CLAIM_OUTCOME_QUARANTINED);
  const auto found = Resolve(Phone(kOffice));
  ASSERT_THAT(found, IsOk());
  EXPECT_THAT(found->candidates(0).reason(),
              HasSubstr("; quarantined: a mistake of the form"));
}

TEST_F(QuarantineTest, AQuarantinedValueMergesNoVisitor) {
  const v1::ChannelValue browser = Value(v1::CHANNEL_VISITOR, "v-1");
  ASSERT_THAT(Claim(kBob, {browser}), IsOk());
  ASSERT_THAT(Claim(kAda, {Phone(kOffice)}), IsOk());
  Quarantine(Phone(kOffice));
  const auto touch = Claim(kCleo, {Phone(kOffice), browser});
  ASSERT_THAT(touch, IsOk());
  EXPECT_EQ(touch->contact_id(), kBob);
  EXPECT_EQ(touch->values(1).former_contact_id(), "");
  EXPECT_EQ(HolderOf(browser), kBob);
}

TEST_F(QuarantineTest, AFormCannotQuarantineWhatASystemReports) {
  ASSERT_THAT(Claim(kAda, {Phone(kOffice)}), IsOk());
  for (int i = 0; i < 2 * kCompanionsPerDay; ++i) {
    ASSERT_THAT(TouchBeside(absl::StrCat("f", i), kDemoPublic), IsOk());
  }
  EXPECT_FALSE(Stored(Phone(kOffice)).has_start_time());
  // What a form alone has put in is quarantined by forms, and passed over then.
  const v1::ChannelValue typed = Phone("+14155550123");
  for (int i = 0; i <= kCompanionsPerDay; ++i) {
    ASSERT_THAT(Claim(NewContact(absl::StrCat("g", i)),
                      {typed, Email(absl::StrCat("g", i, "@example.com"))},
                      kDemoPublic),
                IsOk());
  }
  EXPECT_TRUE(Stored(typed).has_start_time());
  const auto next =
      Claim(kCleo, {typed, Email("cleo@example.com")}, kDemoPublic);
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(next->contact_id(), kCleo);
}

TEST_F(QuarantineTest, ReleaseEndsItOnceAndCountsAnew) {
  ASSERT_THAT(Claim(kAda, {Phone(kOffice)}), IsOk());
  Quarantine(Phone(kOffice));
  Quarantine(Phone(kOffice));
  const auto released = Release(Phone(kOffice));
  ASSERT_THAT(released, IsOk());
  EXPECT_EQ(released->contact_id(), kAda);
  EXPECT_EQ(released->quarantine().end_reason(), "looked at");
  EXPECT_TRUE(released->quarantine().has_end_time());
  const auto repeat = Release(Phone(kOffice));
  ASSERT_THAT(repeat, IsOk());
  EXPECT_EQ(repeat->SerializeAsString(), released->SerializeAsString());
  EXPECT_FALSE(Stored(Phone(kOffice)).has_start_time());
  EXPECT_THAT(testing::ToldOf(harness_.database(), released->identity_key()),
              ElementsAre("1 identity_linked", "2 identity_quarantined",
                          "3 identity_released"));
  EXPECT_EQ(Claim(kBob, {Phone(kOffice)})->values(0).outcome(),
            v1::CLAIM_OUTCOME_HELD);
}

TEST_F(QuarantineTest, ValuesThatNobodyEverHeldAreNotFound) {
  EXPECT_THAT(Release(Phone(kOffice)), StatusIs(StatusCode::kNotFound));
  EXPECT_THAT(Release(Phone("0000000")),
              StatusIs(StatusCode::kInvalidArgument));
  // Nor those of another tenant.
  ASSERT_THAT(Claim(kAda, {Phone(kOffice)}), IsOk());
  EXPECT_THAT(Release(Phone(kOffice), kOther), StatusIs(StatusCode::kNotFound));
}

TEST_F(QuarantineTest, AContactGetsNoMoreOfAChannelWithinADay) {
  const v1::ChannelValue account = External("shop", "7");
  ASSERT_THAT(Claim(kAda, {account}), IsOk());
  const auto email = [](int i) {
    return Email(absl::StrCat("m", i, "@example.com"));
  };
  for (int i = 0; i < kNewValuesPerDay; ++i) {
    const auto touch = Claim(kBob, {account, email(i)});
    ASSERT_THAT(touch, IsOk());
    EXPECT_EQ(touch->values(1).outcome(), v1::CLAIM_OUTCOME_CLAIMED);
  }
  const auto beyond = Claim(kBob, {account, email(kNewValuesPerDay)});
  ASSERT_THAT(beyond, IsOk());
  EXPECT_EQ(beyond->contact_id(), kAda);
  EXPECT_EQ(beyond->values(1).outcome(), v1::CLAIM_OUTCOME_NOT_CLAIMED);
  EXPECT_THAT(beyond->values(1).reason(), HasSubstr("within a day"));
  // Nothing is left of it.
  EXPECT_EQ(Rows("identities"), kNewValuesPerDay + 1);
  // Another channel has its own, a proof has none, and a day later it is over.
  EXPECT_EQ(Claim(kBob, {account, Phone(kOffice)})->values(1).outcome(),
            v1::CLAIM_OUTCOME_CLAIMED);
  EXPECT_EQ(
      Claim(kBob, {account, email(98)}, kDemoVerified)->values(1).outcome(),
      v1::CLAIM_OUTCOME_CLAIMED);
  Pass(absl::Hours(24));
  EXPECT_EQ(Claim(kBob, {account, email(99)})->values(1).outcome(),
            v1::CLAIM_OUTCOME_CLAIMED);
}

TEST_F(QuarantineTest, RacersQuarantineAValueOnce) {
  GiveAdaTheOffice();
  constexpr int kRacers = 32;
  std::vector<std::thread> threads;
  for (int i = 0; i < kRacers; ++i) {
    threads.emplace_back(
        [this, i] { EXPECT_THAT(TouchBeside(absl::StrCat("r", i)), IsOk()); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Stored(Phone(kOffice)).companion_count(), kCompanionsPerDay + 1);
  int quarantines = 0;
  for (const auto& change : testing::OutboxRows(harness_.database())) {
    if (change.has_identity_quarantined()) ++quarantines;
  }
  EXPECT_EQ(quarantines, 1);
}

}  // namespace
}  // namespace kith::identity
