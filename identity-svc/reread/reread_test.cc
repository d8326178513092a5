#include <algorithm>
#include <atomic>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/tenants.h"
#include "common/base/uuid.h"
#include "common/testing/lookup_tables.h"
#include "common/testing/outbox_rows.h"
#include "identity-svc/holding.h"
#include "identity-svc/identity_service_fixture.h"
#include "identity-svc/lookups.h"
#include "identity-svc/reread/reread_task.h"
#include "identity-svc/sharing/sharing.h"
#include "identity-svc/sharing_fixture.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using ::kith::testing::ToldOf;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

auth::Tenants DemoAlone() {
  config::v1::TenantsFile file = testing::TestTenantsFile();
  file.mutable_tenants()->RemoveLast();
  return *auth::Tenants::Make(file);
}

std::string Hex(const std::string& uuid) {
  std::string hex = uuid;
  hex.erase(std::remove(hex.begin(), hex.end(), '-'), hex.end());
  return absl::StrCat("UNHEX('", hex, "')");
}

// Handles of x that were stored to the letter, as by rules of before `@`.
class RereadTest : public IdentityServiceTest {
 protected:
  static std::string KeyOf(const std::string& normalized) {
    return IdentityKey(v1::CHANNEL_SOCIAL, "x", normalized);
  }
  static v1::ChannelValue At(const std::string& handle) {
    return Handle("x", handle);
  }

  // Stores a value under its text, with rules 1, and returns its key.
  std::string Plant(const std::string& value, int tenant = 1) {
    std::string key = KeyOf(value);
    const std::string id = absl::StrCat(tenant, ", UNHEX('", key, "')");
    Execute(absl::StrCat(
        "INSERT INTO identities (tenant_id, identity_key, channel, namespace, "
        "value, normalized, create_micros) VALUES (",
        id, ", 3, 'x', '", value, "', '", value, "', 1000)"));
    Execute(absl::StrCat("INSERT INTO identity_values VALUES (", tenant,
                         ", 3, '", value, "', UNHEX('", key, "'))"));
    return key;
  }

  // Has the contact hold it; until `end` if that is given.
  void PlantHolding(const std::string& key, const std::string& contact,
                    int64_t start = kFromEver, const char* end = "NULL") {
    Execute(absl::StrCat(
        "INSERT INTO holdings (tenant_id, identity_key, start_micros, "
        "contact_id, end_micros, assurance, source) VALUES (1, UNHEX('",
        key, "'), ", start, ", ", Hex(contact), ", ", end, ", 2, 'old')"));
    if (end != std::string("NULL")) {
      Execute(absl::StrCat("INSERT IGNORE INTO past_identities VALUES (1, ",
                           Hex(contact), ", UNHEX('", key, "'))"));
      return;
    }
    Execute(absl::StrCat("INSERT INTO contact_identities VALUES (1, ",
                         Hex(contact), ", UNHEX('", key, "'))"));
  }

  // Has Ada and Bob share it, for whom the house stands in.
  void PlantSharing(const std::string& key) {
    PlantHolding(key, kHouse);
    internal::v1::HoldingDetails details;
    AddSharers({*base::Uuid::Parse(kAda), *base::Uuid::Parse(kBob)}, kFromEver,
               *details.mutable_sharing());
    Execute(absl::StrCat("UPDATE holdings SET details = UNHEX('",
                         absl::BytesToHexString(details.SerializeAsString()),
                         "') WHERE identity_key = UNHEX('", key, "')"));
    for (const char* contact : {kAda, kBob}) {
      Execute(absl::StrCat("INSERT INTO contact_identities VALUES (1, ",
                           Hex(contact), ", UNHEX('", key, "'))"));
    }
  }

  // `@Alice`, which Ada holds, and which is `alice` today.
  void PlantAlice() { PlantHolding(Plant("@Alice"), kAda); }

  void Execute(const std::string& sql) { harness_.database().Execute(sql); }

  // What a run prints.
  std::string Run(RereadWork work) {
    std::istringstream in;
    std::ostringstream out;
    mysql::Session session(harness_.database().options());
    status_ = RereadValues({session, in, out}, DemoAlone(), harness_.clock(),
                           work, SuppressionKey(kSuppressionSecret));
    return out.str();
  }

  // The values that a contact holds, by key.
  std::vector<std::string> HeldBy(const std::string& contact) {
    v1::ListIdentitiesRequest request;
    request.add_sets()->add_contact_ids(contact);
    const auto listed = harness_.Call(&Stub::ListIdentities, request);
    std::vector<std::string> held;
    for (const auto& one : listed->results(0).identities()) {
      held.push_back(one.normalized_value());
    }
    return held;
  }

  void ExpectLookupsClean() {
    testing::LookupTables(harness_.database(), harness_.clock(), Lookups())
        .ExpectAllClean();
  }

  int64_t RowsOfRules(int rules) {
    return harness_.database().SelectInt(
        absl::StrCat("SELECT COUNT(*) FROM identities WHERE rules = ", rules));
  }

  absl::Status status_;
};

TEST_F(RereadTest, NewIdentitiesAreOfTodaysRules) {
  ASSERT_THAT(Claim(kAda, {At("@Alice")}), IsOk());
  EXPECT_EQ(RowsOfRules(kReadingRules), 1);
  EXPECT_EQ(Run(RereadWork::kMove), "");
  EXPECT_THAT(status_, IsOk());
}

TEST_F(RereadTest, UnchangedOnesGetTodaysRules) {
  PlantHolding(Plant("alice"), kAda);
  const std::string sum =
      R"({"tenant_id":1,"unchanged":1,"moves":0,"joins":0,"collides":0,)"
      R"("past":0,"refused":0})"
      "\n";
  EXPECT_EQ(Run(RereadWork::kList), sum);
  EXPECT_THAT(status_, IsOk());
  EXPECT_EQ(RowsOfRules(1), 1);
  EXPECT_EQ(Run(RereadWork::kMove), sum);
  EXPECT_EQ(RowsOfRules(1), 0);
  EXPECT_EQ(Run(RereadWork::kMove), "");
  EXPECT_EQ(HolderOf(At("@Alice")), kAda);
  EXPECT_EQ(Rows("outbox"), 0);
}

TEST_F(RereadTest, AListTellsWhatChangesAndWritesNothing) {
  PlantAlice();
  EXPECT_THAT(Run(RereadWork::kList),
              AllOf(HasSubstr(absl::StrCat(
                        R"("reading":"moves","identity_key":")",
                        KeyOf("@Alice"), R"(","value":"x handle @Alice",)",
                        R"("becomes":"x handle alice","contact_id":")", kAda)),
                    HasSubstr(R"("unchanged":0,"moves":1,)")));
  EXPECT_THAT(status_, StatusIs(StatusCode::kFailedPrecondition,
                                "1 values are read otherwise"));
  EXPECT_EQ(Rows("identities"), 1);
  EXPECT_EQ(HolderOf(At("alice")), "RESOLVE_OUTCOME_NONE");
}

TEST_F(RereadTest, AnAliasAnswersEveryCall) {
  PlantAlice();
  EXPECT_THAT(Run(RereadWork::kAlias), HasSubstr(R"("reading":"moves")"));
  EXPECT_THAT(status_, IsOk());
  Run(RereadWork::kAlias);
  EXPECT_EQ(Rows("identities"), 2);
  EXPECT_EQ(HolderOf(At("ALICE")), kAda);
  EXPECT_EQ(HolderOf(Untyped("alice")), kAda);
  EXPECT_EQ(HolderAt(At("alice"), Now()), kAda);
  EXPECT_EQ(HolderOf(At("bob")), "RESOLVE_OUTCOME_NONE");
  const auto claimed = Claim(kBob, {At("alice"), Email("bob@example.com")});
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kAda);
  EXPECT_EQ(claimed->values(0).outcome(), v1::CLAIM_OUTCOME_HELD);
  EXPECT_EQ(claimed->values(0).identity().identity_key(), KeyOf("@Alice"));
  EXPECT_THAT(Link(kAda, At("alice")), IsOk());
  EXPECT_THAT(Link(kBob, At("alice")),
              StatusIs(StatusCode::kAlreadyExists, kAda));
  v1::ResolveIdentityRequest request = ResolveOf(At("alice"));
  request.set_include_holder_identities(true);
  const auto resolved = harness_.Call(&Stub::ResolveIdentity, request);
  EXPECT_EQ(resolved->holder_identities().identities_size(), 2);
  ASSERT_THAT(Unlink(kAda, At("alice")), IsOk());
  EXPECT_EQ(HolderOf(At("alice")), "RESOLVE_OUTCOME_NONE");
  // Whoever comes next has it where it is stored.
  ASSERT_THAT(Claim(kBob, {At("alice")}), IsOk());
  EXPECT_EQ(HolderOf(At("alice")), kBob);
  EXPECT_EQ(harness_.database().SelectInt(absl::StrCat(
                "SELECT COUNT(*) FROM holdings WHERE identity_key = UNHEX('",
                KeyOf("@Alice"), "')")),
            2);
  ExpectLookupsClean();
}

// The companion of a value that an alias leads to is counted under its key.
TEST_F(RereadTest, TheFeedTellsTheChannelOfWhatAnAliasLeadsTo) {
  // The key of an alias comes before that of its identity, or after it.
  const std::vector<std::string> names = {"Alice", "Bert", "Carl",
                                          "Dora",  "Emil", "Fay"};
  for (const std::string& name : names) {
    PlantHolding(Plant(absl::StrCat("@", name)), kAda);
  }
  Execute("UPDATE holdings SET assurance = 1");
  Run(RereadWork::kAlias);
  const v1::ChannelValue mail = Email("bob@example.com");
  ASSERT_THAT(Link(kBob, mail), IsOk());
  for (const std::string& name : names) {
    const auto claimed = Claim(kCleo, {At(name), mail});
    ASSERT_THAT(claimed, IsOk());
    EXPECT_EQ(claimed->contact_id(), kAda);
  }
  int told = 0;
  for (const auto& change : testing::OutboxRows(harness_.database())) {
    if (change.identity_linked().contact_id() != kAda) continue;
    EXPECT_EQ(change.identity_linked().channel(), v1::CHANNEL_SOCIAL);
    ++told;
  }
  EXPECT_EQ(told, static_cast<int>(names.size()));
  // Bob's, for each of the handles, and one for the e-mail.
  EXPECT_EQ(Rows("identity_companions"), told + 1);
}

TEST_F(RereadTest, AMoveTakesAllAlong) {
  const std::string key = Plant("@Alice");
  PlantHolding(key, kBob, kFromEver, "1000");
  PlantHolding(key, kAda, 2000);
  Run(RereadWork::kAlias);
  EXPECT_THAT(Run(RereadWork::kMove), HasSubstr(R"("reading":"moves")"));
  EXPECT_THAT(status_, IsOk());
  EXPECT_EQ(HolderOf(At("alice")), kAda);
  EXPECT_EQ(HolderOf(Untyped("alice")), kAda);
  EXPECT_EQ(HolderAt(At("alice"), absl::FromUnixMicros(500)), kBob);
  EXPECT_THAT(HeldBy(kAda), ElementsAre("alice"));
  EXPECT_EQ(Resolve(At("alice"))->candidates(0).identity().value(), "@Alice");
  EXPECT_THAT(ToldOf(harness_.database(), key),
              ElementsAre("2 identity_unlinked"));
  EXPECT_THAT(ToldOf(harness_.database(), KeyOf("alice")),
              ElementsAre("2 identity_linked"));
  EXPECT_EQ(Run(RereadWork::kMove), "");
  EXPECT_EQ(Run(RereadWork::kAlias), "");
  ExpectLookupsClean();
}

TEST_F(RereadTest, AMoveTakesThoseWhoShareTheValueAlong) {
  const std::string key = Plant("@Alice");
  PlantSharing(key);
  Run(RereadWork::kAlias);
  EXPECT_THAT(Run(RereadWork::kMove), HasSubstr(R"("reading":"moves")"));
  EXPECT_THAT(status_, IsOk());
  EXPECT_EQ(HolderOf(At("alice")), "RESOLVE_OUTCOME_MANY");
  EXPECT_EQ(Claim(kCleo, {At("alice")})->contact_id(), kHouse);
  for (const char* contact : {kAda, kBob, kHouse}) {
    EXPECT_THAT(HeldBy(contact), ElementsAre("alice"));
  }
  EXPECT_THAT(ToldOf(harness_.database(), key),
              ElementsAre("2 identity_sharing_changed", "3 identity_unlinked"));
  EXPECT_THAT(ToldOf(harness_.database(), KeyOf("alice")),
              ElementsAre("2 identity_linked", "3 identity_sharing_changed"));
  ExpectLookupsClean();
}

TEST_F(RereadTest, AMoveEndsNoQuarantine) {
  PlantAlice();
  Run(RereadWork::kAlias);
  v1::QuarantineIdentityRequest quarantine;
  *quarantine.mutable_value() = At("alice");
  quarantine.set_reason("on a poster");
  ASSERT_THAT(harness_.Call(&Stub::QuarantineIdentity, quarantine), IsOk());
  const auto expect_passed_over = [&] {
    const auto claimed = Claim(kCleo, {At("alice"), Email("c@example.com")});
    ASSERT_THAT(claimed, IsOk());
    EXPECT_EQ(claimed->contact_id(), kCleo);
    EXPECT_EQ(claimed->values(0).outcome(), v1::CLAIM_OUTCOME_QUARANTINED);
    EXPECT_EQ(claimed->values(0).identity().contact_id(), kAda);
  };
  expect_passed_over();
  EXPECT_THAT(Run(RereadWork::kMove), HasSubstr(R"("reading":"moves")"));
  expect_passed_over();
  v1::ReleaseIdentityRequest release;
  *release.mutable_value() = At("alice");
  const auto released = harness_.Call(&Stub::ReleaseIdentity, release);
  ASSERT_THAT(released, IsOk());
  EXPECT_EQ(released->quarantine().reason(), "on a poster");
  EXPECT_EQ(Claim(kBob, {At("alice")})->values(0).outcome(),
            v1::CLAIM_OUTCOME_HELD);
}

TEST_F(RereadTest, ASharedValueJoinsNoOnesOwn) {
  PlantSharing(Plant("@Alice"));
  PlantHolding(Plant("alice"), kAda);
  EXPECT_THAT(Run(RereadWork::kMove), HasSubstr(R"("reading":"collides")"));
  EXPECT_EQ(HolderOf(At("alice")), kAda);
  ExpectLookupsClean();
}

TEST_F(RereadTest, AMoveLosesNoConsentAndNoRefusal) {
  const std::string key = Plant("@Alice");
  PlantHolding(key, kAda);
  const auto say = [&](v1::ConsentState state, const std::string& topic) {
    v1::RecordConsentRequest request;
    request.set_contact_id(kAda);
    v1::Consent& word = *request.mutable_consent();
    word.set_identity_key(key);
    word.set_state(state);
    word.set_topic(topic);
    word.set_purpose(v1::CONSENT_PURPOSE_MARKETING);
    word.set_captured_by(v1::CONSENT_CAPTURER_PERSON);
    word.set_method(v1::CONSENT_METHOD_FORM);
    word.mutable_text()->set_text_id("t");
    ASSERT_THAT(harness_.Call(&Stub::RecordConsent, request), IsOk());
  };
  say(v1::CONSENT_STATE_GRANTED, "");
  say(v1::CONSENT_STATE_REFUSED, "news");
  const auto why = [&](const std::string& topic) {
    v1::MayContactRequest request;
    request.add_contact_ids(kAda);
    *request.mutable_value() = At("alice");
    request.set_purpose(v1::CONSENT_PURPOSE_MARKETING);
    request.set_topic(topic);
    return harness_.Call(&Stub::MayContact, request)->reason();
  };
  Run(RereadWork::kAlias);
  EXPECT_EQ(why(""), v1::MAY_CONTACT_REASON_GRANTED);
  EXPECT_EQ(why("news"), v1::MAY_CONTACT_REASON_REFUSED);
  Run(RereadWork::kMove);
  EXPECT_EQ(why(""), v1::MAY_CONTACT_REASON_GRANTED);
  EXPECT_EQ(why("news"), v1::MAY_CONTACT_REASON_REFUSED);
  Execute("DELETE FROM consent_states");
  EXPECT_EQ(why("news"), v1::MAY_CONTACT_REASON_SUPPRESSED);
}

TEST_F(RereadTest, ARepeatOfAnUnlinkAnswersTheSameAfterAMove) {
  PlantAlice();
  Run(RereadWork::kAlias);
  const auto first = Unlink(kAda, At("alice"), "unlink-1");
  ASSERT_THAT(first, IsOk());
  Run(RereadWork::kMove);
  const auto again = Unlink(kAda, At("alice"), "unlink-1");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->identity().contact_id(), kAda);
  EXPECT_EQ(base::FromProto(again->identity().end_time()),
            base::FromProto(first->identity().end_time()));
}

// Its text may be another's name today.
TEST_F(RereadTest, TheKeyThatWasMovedFromIsAnybodys) {
  PlantHolding(Plant("@Alice"), kAda);
  // As if today's rules read something else so.
  const std::string old_key = KeyOf("@Alice");
  Run(RereadWork::kMove);
  Execute(absl::StrCat("UPDATE identities SET identity_key = UNHEX('",
                       KeyOf("carol"), "') WHERE identity_key = UNHEX('",
                       old_key, "')"));
  EXPECT_EQ(RowsOfRules(0), 1);
  EXPECT_EQ(HolderOf(At("carol")), "RESOLVE_OUTCOME_NONE");
  EXPECT_THAT(Unlink(kAda, At("carol")), StatusIs(StatusCode::kNotFound));
  const auto claimed = Claim(kCleo, {At("@Carol")});
  ASSERT_THAT(claimed, IsOk());
  EXPECT_EQ(claimed->contact_id(), kCleo);
  EXPECT_EQ(claimed->values(0).identity().value(), "@Carol");
  EXPECT_THAT(HeldBy(kCleo), ElementsAre("carol"));
  EXPECT_EQ(HolderOf(Untyped("carol")), kCleo);
  // Its version went on, so that the feed keeps its order.
  EXPECT_THAT(ToldOf(harness_.database(), KeyOf("carol")),
              ElementsAre("3 identity_linked"));
  ExpectLookupsClean();
}

TEST_F(RereadTest, CollidingOnesStayAndNameBothHolders) {
  PlantAlice();
  ASSERT_THAT(Claim(kBob, {At("alice")}), IsOk());
  const std::string both = absl::StrCat(R"("contact_id":")", kAda,
                                        R"(","other_contact_id":")", kBob);
  for (const RereadWork work :
       {RereadWork::kList, RereadWork::kAlias, RereadWork::kMove}) {
    EXPECT_THAT(Run(work),
                AllOf(HasSubstr(both), HasSubstr(R"("reading":"collides")")));
  }
  EXPECT_THAT(status_, StatusIs(StatusCode::kFailedPrecondition,
                                "1 values are left as they were"));
  EXPECT_EQ(HolderOf(At("alice")), kBob);
  EXPECT_THAT(HeldBy(kAda), ElementsAre("@Alice"));
  // A person has settled it.
  ASSERT_THAT(Unlink(kBob, At("alice")), IsOk());
  EXPECT_THAT(Run(RereadWork::kMove), HasSubstr(R"("reading":"joins")"));
  EXPECT_EQ(HolderOf(At("alice")), kAda);
  ExpectLookupsClean();
}

TEST_F(RereadTest, WhatOneContactHoldsTwiceBecomesOne) {
  PlantAlice();
  ASSERT_THAT(Claim(kAda, {At("alice")}), IsOk());
  EXPECT_THAT(Run(RereadWork::kMove), HasSubstr(R"("reading":"joins")"));
  EXPECT_THAT(HeldBy(kAda), ElementsAre("alice"));
  EXPECT_THAT(ToldOf(harness_.database(), KeyOf("@Alice")),
              ElementsAre("2 identity_unlinked"));
  EXPECT_EQ(Rows("holdings"), 1);
  EXPECT_EQ(Run(RereadWork::kMove), "");
  ExpectLookupsClean();
}

TEST_F(RereadTest, OnlyThePastStays) {
  PlantHolding(Plant("@Alice"), kAda, kFromEver, "1000");
  ASSERT_THAT(Claim(kBob, {At("alice")}), IsOk());
  EXPECT_THAT(Run(RereadWork::kMove), HasSubstr(R"("reading":"past")"));
  EXPECT_THAT(status_, IsOk());
  EXPECT_EQ(HolderOf(At("alice")), kBob);
  EXPECT_EQ(Run(RereadWork::kMove), "");
}

TEST_F(RereadTest, RefusedOnesEndNow) {
  const std::string key = Plant("null");
  PlantHolding(key, kAda);
  Run(RereadWork::kAlias);
  EXPECT_THAT(HeldBy(kAda), ElementsAre("null"));
  EXPECT_THAT(Run(RereadWork::kMove),
              AllOf(HasSubstr(R"("reading":"refused")"),
                    HasSubstr(R"("refusal":"a placeholder)"), HasSubstr(kAda)));
  EXPECT_THAT(status_, IsOk());
  EXPECT_THAT(HeldBy(kAda), IsEmpty());
  EXPECT_THAT(ToldOf(harness_.database(), key),
              ElementsAre("2 identity_unlinked"));
  EXPECT_EQ(Run(RereadWork::kMove), "");
  ExpectLookupsClean();
}

// A process with older rules takes the alias for an identity that is free.
TEST_F(RereadTest, AnAliasThatAnOldProcessHasGivenAwayIsNone) {
  PlantAlice();
  Run(RereadWork::kAlias);
  PlantHolding(KeyOf("alice"), kBob);
  EXPECT_EQ(HolderOf(At("alice")), kBob);
  EXPECT_EQ(Claim(kCleo, {At("alice")})->contact_id(), kBob);
  EXPECT_THAT(Link(kAda, At("alice")),
              StatusIs(StatusCode::kAlreadyExists, kBob));
  EXPECT_THAT(Run(RereadWork::kMove), HasSubstr(R"("reading":"collides")"));
  ASSERT_THAT(Unlink(kBob, At("alice")), IsOk());
  Run(RereadWork::kMove);
  EXPECT_EQ(HolderOf(At("alice")), kAda);
  ExpectLookupsClean();
}

TEST_F(RereadTest, AliasesOfOlderRulesGo) {
  const std::string key = Plant("@Alice");
  PlantHolding(key, kAda);
  for (const char* old : {"@@Alice", "@@@Alice"}) {
    Execute(absl::StrCat("UPDATE identities SET alias_of = UNHEX('", key,
                         "') WHERE identity_key = UNHEX('", Plant(old), "')"));
  }
  PlantHolding(KeyOf("@@@Alice"), kBob);
  Run(RereadWork::kMove);
  EXPECT_EQ(RowsOfRules(0), 2);
  EXPECT_EQ(HolderOf(At("alice")), kAda);
  EXPECT_THAT(HeldBy(kBob), ElementsAre("@@@Alice"));
  ExpectLookupsClean();
}

TEST_F(RereadTest, LeavesTenantsThatItDoesNotKnow) {
  Plant("@Alice", 9);
  EXPECT_THAT(Run(RereadWork::kMove),
              HasSubstr(R"({"tenant_id":9,"not_in_tenants_file":1})"));
  EXPECT_THAT(status_, StatusIs(StatusCode::kFailedPrecondition));
  EXPECT_EQ(RowsOfRules(1), 1);
}

// Handles that are each held by a contact of their own, as all may see at any
// time.
class ManyHandlesTest : public RereadTest {
 protected:
  static constexpr int kHandles = 60;

  static v1::ChannelValue HandleOf(int i) {
    return At(absl::StrCat("Alice", i));
  }
  static std::string ContactOf(int i) {
    return absl::StrCat("0192f0c1-2a3b-7c4d-8e5f-0000000001", i < 10 ? "0" : "",
                        i);
  }

  void SetUp() override {
    for (int i = 0; i < kHandles; ++i) {
      PlantHolding(Plant(absl::StrCat("@Alice", i)), ContactOf(i));
    }
    Run(RereadWork::kAlias);
  }

  // Claims all handles, each with a browser, so that the claim writes.
  void ClaimAll(int thread) {
    for (int i = 0; i < kHandles; ++i) {
      const int one = thread % 2 == 0 ? i : kHandles - 1 - i;
      const auto claimed = Claim(
          kBob, {HandleOf(one), Value(v1::CHANNEL_VISITOR,
                                      absl::StrCat("v-", thread, "-", i))});
      if (!claimed.ok() || claimed->contact_id() != ContactOf(one)) ++wrong_;
    }
  }

  void ResolveUntil(const std::atomic<bool>& done) {
    for (int i = 0; !done; i = (i + 1) % kHandles) {
      if (HolderOf(HandleOf(i)) != ContactOf(i)) ++wrong_;
      if (HeldBy(ContactOf(i)).empty()) ++wrong_;
    }
  }

  // Answers that named another contact, or nobody.
  std::atomic<int> wrong_ = 0;
};

TEST_F(ManyHandlesTest, CallsBesideAPassFindOneHolderEach) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) threads.emplace_back([this, t] { ClaimAll(t); });
  std::atomic<bool> done = false;
  std::thread reader([&] { ResolveUntil(done); });
  const std::string moved = Run(RereadWork::kMove);
  Run(RereadWork::kMove);
  for (std::thread& thread : threads) thread.join();
  done = true;
  reader.join();
  EXPECT_THAT(moved, HasSubstr(absl::StrCat(R"("moves":)", kHandles)));
  EXPECT_EQ(wrong_, 0);
  for (int i = 0; i < kHandles; ++i) {
    EXPECT_EQ(HolderOf(HandleOf(i)), ContactOf(i));
  }
  EXPECT_EQ(RowsOfRules(1), 0);
  ExpectLookupsClean();
}

TEST_F(RereadTest, TwoPassesAtOnceMoveEachOnce) {
  for (int i = 0; i < 40; ++i) {
    PlantHolding(Plant(absl::StrCat("@Alice", i)), kAda);
  }
  std::thread other([&] {
    std::istringstream in;
    std::ostringstream out;
    mysql::Session session(harness_.database().options());
    EXPECT_THAT(
        RereadValues({session, in, out}, DemoAlone(), harness_.clock(),
                     RereadWork::kMove, SuppressionKey(kSuppressionSecret)),
        IsOk());
  });
  Run(RereadWork::kMove);
  other.join();
  EXPECT_THAT(status_, IsOk());
  EXPECT_EQ(RowsOfRules(1), 0);
  EXPECT_EQ(Rows("holdings"), 40);
  EXPECT_EQ(Rows("outbox"), 80);
  EXPECT_THAT(HeldBy(kAda), Not(IsEmpty()));
  ExpectLookupsClean();
}

}  // namespace
}  // namespace kith::identity
