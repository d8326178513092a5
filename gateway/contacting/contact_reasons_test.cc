#include "gateway/contacting/contact_reasons.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/base/times.h"
#include "common/testing/from_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using identity::v1::CHANNEL_EMAIL;
using identity::v1::CHANNEL_PHONE;
using identity::v1::MAY_CONTACT_ANSWER_MAYBE;
using identity::v1::MAY_CONTACT_ANSWER_NO;
using identity::v1::MAY_CONTACT_ANSWER_YES;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kRules[] = R"(
  time_zone: "UTC"
  contact {
    caps { count: 3 days: 7 }
    quiet_hours { channel: CONTACT_CHANNEL_PHONE begins: "21:00" ends: "08:00" }
    ask_at_open_problem: true
    recent_return_days: 14
    stale_phone_months: 6
  })";

// A time on 2026-06-15, by the clock of the tenant.
absl::Time At(int hour) {
  return absl::FromCivil(absl::CivilSecond(2026, 6, 15, hour, 0, 0),
                         absl::UTCTimeZone());
}

config::v1::Tenant Tenant(const std::string& text = kRules) {
  return testing::FromText<config::v1::Tenant>(text);
}

v1::MayContactRequest Question(identity::v1::ConsentPurpose purpose =
                                   identity::v1::CONSENT_PURPOSE_MARKETING) {
  v1::MayContactRequest question;
  question.set_purpose(purpose);
  return question;
}

identity::v1::ContactPermission& AddPermission(
    identity::v1::Channel channel, identity::v1::MayContactAnswer answer,
    v1::MayContactResponse& words) {
  identity::v1::ContactPermission& added = *words.add_permissions();
  added.set_identity_key(absl::StrCat("key-", words.permissions_size()));
  added.set_channel(channel);
  added.set_answer(answer);
  *added.mutable_sure_time() = base::ToProto(At(0));
  return added;
}

v1::MayContactResponse Granted(identity::v1::Channel channel) {
  v1::MayContactResponse words;
  words.set_answer(MAY_CONTACT_ANSWER_YES);
  words.set_reason(identity::v1::MAY_CONTACT_REASON_GRANTED);
  AddPermission(channel, MAY_CONTACT_ANSWER_YES, words);
  return words;
}

// Everything that can stand against a contact, at night.
KnownOfCustomer Everything() {
  KnownOfCustomer known;
  known.facts.add_reached_caps()->set_counted(3);
  known.facts.set_open_problem_thread_id("the-thread");
  *known.facts.mutable_last_return_time() =
      base::ToProto(At(12) - absl::Hours(24));
  return known;
}

std::string NameOf(const v1::ContactReason& reason) {
  const auto* const field =
      v1::ContactReason::descriptor()->FindFieldByNumber(reason.reason_case());
  return absl::StrCat(field->name(), "=", reason.answer());
}

std::vector<std::string> Names(const v1::MayContactResponse& answer) {
  std::vector<std::string> names;
  for (const auto& reason : answer.reasons()) names.push_back(NameOf(reason));
  return names;
}

v1::MayContactResponse Concluded(
    v1::MayContactResponse words, const KnownOfCustomer& known, int hour,
    const v1::MayContactRequest& question = Question()) {
  Conclude(Tenant(), question, known, At(hour), words);
  return words;
}

TEST(ContactReasonsTest, WithoutAnyTheWordsSayYes) {
  const auto answer = Concluded(Granted(CHANNEL_PHONE), {}, 12);
  EXPECT_EQ(answer.answer(), MAY_CONTACT_ANSWER_YES);
  EXPECT_THAT(Names(answer), ElementsAre("consent=1"));
  EXPECT_EQ(answer.reasons(0).consent(),
            identity::v1::MAY_CONTACT_REASON_GRANTED);
}

TEST(ContactReasonsTest, AllThatStandAgainstItAreListedThoseThatSayNoFirst) {
  v1::MayContactResponse words = Granted(CHANNEL_PHONE);
  words.mutable_permissions(0)->clear_sure_time();
  const auto answer = Concluded(words, Everything(), 23);
  EXPECT_EQ(answer.answer(), MAY_CONTACT_ANSWER_NO);
  EXPECT_THAT(Names(answer),
              ElementsAre("frequency_cap=2", "quiet_hours=2", "open_problem=3",
                          "recent_return=3", "stale_number=3"));
  EXPECT_EQ(answer.reason(), identity::v1::MAY_CONTACT_REASON_GRANTED);
}

TEST(ContactReasonsTest, ARefusalWinsOverAllElse) {
  v1::MayContactResponse words = Granted(CHANNEL_PHONE);
  words.set_answer(MAY_CONTACT_ANSWER_NO);
  words.set_reason(identity::v1::MAY_CONTACT_REASON_REFUSED);
  words.mutable_permissions(0)->set_answer(MAY_CONTACT_ANSWER_NO);
  const auto answer = Concluded(words, Everything(), 23);
  EXPECT_EQ(answer.answer(), MAY_CONTACT_ANSWER_NO);
  EXPECT_THAT(Names(answer),
              ElementsAre("consent=2", "frequency_cap=2", "quiet_hours=2",
                          "open_problem=3", "recent_return=3"));
}

TEST(ContactReasonsTest, WordsThatDifferAreForAPersonButNotACap) {
  v1::MayContactResponse words = Granted(CHANNEL_EMAIL);
  AddPermission(CHANNEL_PHONE, MAY_CONTACT_ANSWER_NO, words);
  words.set_answer(MAY_CONTACT_ANSWER_MAYBE);
  words.set_reason(identity::v1::MAY_CONTACT_REASON_DIFFERS);
  EXPECT_THAT(Names(Concluded(words, {}, 12)), ElementsAre("consent=3"));
  KnownOfCustomer capped;
  capped.facts.add_reached_caps();
  EXPECT_THAT(Names(Concluded(words, capped, 12)),
              ElementsAre("frequency_cap=2", "consent=3"));
}

TEST(ContactReasonsTest, EachPurposeHasItsReasons) {
  using identity::v1::ConsentPurpose;
  const struct {
    ConsentPurpose purpose;
    std::vector<std::string> reasons;
    bool needs_facts;
  } rows[] = {
      {identity::v1::CONSENT_PURPOSE_MARKETING,
       {"frequency_cap=2", "quiet_hours=2", "open_problem=3",
        "recent_return=3"},
       true},
      {identity::v1::CONSENT_PURPOSE_SALES,
       {"quiet_hours=2", "open_problem=3", "recent_return=3"},
       true},
      {identity::v1::CONSENT_PURPOSE_SERVICE, {"consent=1"}, false},
      {identity::v1::CONSENT_PURPOSE_TRANSACTION, {"consent=1"}, false},
      {identity::v1::CONSENT_PURPOSE_SHARE, {"consent=1"}, false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(Names(Concluded(Granted(CHANNEL_PHONE), Everything(), 23,
                              Question(row.purpose))),
              row.reasons)
        << row.purpose;
    EXPECT_EQ(NeedsFacts(Tenant().contact(), row.purpose), row.needs_facts);
  }
}

TEST(ContactReasonsTest, WithoutRulesNothingIsAsked) {
  EXPECT_FALSE(NeedsFacts({}, identity::v1::CONSENT_PURPOSE_MARKETING));
  v1::MayContactResponse words = Granted(CHANNEL_PHONE);
  Conclude(Tenant("time_zone: 'UTC'"), Question(), Everything(), At(23), words);
  // What interactions-svc names is of its own, newer tenants file.
  EXPECT_THAT(Names(words), ElementsAre("frequency_cap=2"));
  config::v1::ContactRules caps;
  caps.add_caps();
  EXPECT_TRUE(NeedsFacts(caps, identity::v1::CONSENT_PURPOSE_MARKETING));
  EXPECT_FALSE(NeedsFacts(caps, identity::v1::CONSENT_PURPOSE_SALES));
}

TEST(ContactReasonsTest, QuietHoursAreOfTheChannelsThatTheWordsAllow) {
  EXPECT_THAT(Names(Concluded(Granted(CHANNEL_EMAIL), {}, 23)),
              ElementsAre("consent=1"));
  const auto quiet = Concluded(Granted(CHANNEL_PHONE), {}, 23);
  ASSERT_THAT(Names(quiet), ElementsAre("quiet_hours=2"));
  EXPECT_EQ(base::FromProto(quiet.reasons(0).quiet_hours().end_time()),
            At(8) + absl::Hours(24));
  EXPECT_EQ(quiet.reasons(0).quiet_hours().channel(), CHANNEL_PHONE);
  v1::MayContactResponse both = Granted(CHANNEL_PHONE);
  AddPermission(CHANNEL_EMAIL, MAY_CONTACT_ANSWER_YES, both);
  EXPECT_THAT(Names(Concluded(both, {}, 23)), ElementsAre("quiet_hours=3"));
  both.mutable_permissions(1)->set_answer(MAY_CONTACT_ANSWER_NO);
  EXPECT_THAT(Names(Concluded(both, {}, 23)), ElementsAre("quiet_hours=2"));
}

TEST(ContactReasonsTest, TheTimeOfTheContactDecides) {
  v1::MayContactRequest tonight = Question();
  *tonight.mutable_contact_time() = base::ToProto(At(22));
  EXPECT_THAT(Names(Concluded(Granted(CHANNEL_PHONE), {}, 12, tonight)),
              ElementsAre("quiet_hours=2"));
  *tonight.mutable_contact_time() = base::ToProto(At(20));
  EXPECT_THAT(Names(Concluded(Granted(CHANNEL_PHONE), {}, 23, tonight)),
              ElementsAre("consent=1"));
}

TEST(ContactReasonsTest, AReturnIsRecentForTheTenantsDays) {
  for (const bool recent : {true, false}) {
    KnownOfCustomer known;
    *known.facts.mutable_last_return_time() =
        base::ToProto(At(12) - absl::Hours(24 * 14) +
                      (recent ? absl::Microseconds(1) : absl::ZeroDuration()));
    EXPECT_EQ(Names(Concluded(Granted(CHANNEL_EMAIL), known, 12))[0],
              recent ? "recent_return=3" : "consent=1");
  }
}

// evidence.md B.2 8: a number that was not seen for long may be another's.
TEST(ContactReasonsTest, APhoneIsStaleAfterTheTenantsMonths) {
  const absl::Time edge = absl::FromCivil(
      absl::CivilSecond(2025, 12, 15, 12, 0, 0), absl::UTCTimeZone());
  const absl::Duration moment = absl::Microseconds(1);
  const struct {
    const char* what;
    absl::Time sure;
    absl::Time used;
    bool asked;
    bool stale;
  } rows[] = {
      {"held since", edge, absl::InfinitePast(), false, false},
      {"held long", edge - moment, absl::InfinitePast(), true, true},
      {"used since", edge - moment, edge, true, false},
      {"used long ago", edge - moment, edge - moment, true, true},
  };
  for (const auto& row : rows) {
    v1::MayContactResponse words = Granted(CHANNEL_PHONE);
    *words.mutable_permissions(0)->mutable_sure_time() =
        base::ToProto(row.sure);
    const auto phones = PhonesInQuestion(Tenant(), Question(), words, At(12));
    EXPECT_EQ(phones.size(), row.asked ? 1U : 0U) << row.what;
    KnownOfCustomer known;
    interactions::v1::LastUse& use = known.uses["key-1"];
    if (row.used != absl::InfinitePast()) {
      *use.mutable_time() = base::ToProto(row.used);
    }
    const auto answer = Concluded(words, known, 12);
    EXPECT_EQ(Names(answer)[0], row.stale ? "stale_number=3" : "consent=1")
        << row.what;
    if (!row.stale) continue;
    EXPECT_EQ(answer.reasons(0).stale_number().identity_key(), "key-1");
    EXPECT_EQ(
        base::FromProto(answer.reasons(0).stale_number().last_seen_time()),
        edge - moment);
  }
}

TEST(ContactReasonsTest, OnlyPhonesByWhichItMayBeAreStale) {
  v1::MayContactResponse words = Granted(CHANNEL_EMAIL);
  AddPermission(CHANNEL_PHONE, MAY_CONTACT_ANSWER_NO, words);
  for (auto& each : *words.mutable_permissions()) each.clear_sure_time();
  EXPECT_THAT(PhonesInQuestion(Tenant(), Question(), words, At(12)), IsEmpty());
  words.mutable_permissions(1)->set_answer(MAY_CONTACT_ANSWER_YES);
  EXPECT_THAT(PhonesInQuestion(Tenant(), Question(), words, At(12)),
              ElementsAre("key-2"));
  EXPECT_THAT(PhonesInQuestion(Tenant(),
                               Question(identity::v1::CONSENT_PURPOSE_SERVICE),
                               words, At(12)),
              IsEmpty());
}

}  // namespace
}  // namespace kith::gateway
