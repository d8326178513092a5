#include "identity-svc/values/value_reading.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

config::v1::Tenant TenantIn(const std::string& region) {
  config::v1::Tenant tenant;
  tenant.set_region(region);
  return tenant;
}

Reading ReadAs(v1::Channel channel, const std::string& value,
               const std::string& name_space = "",
               const std::string& region = "US") {
  v1::ChannelValue typed;
  typed.set_channel(channel);
  typed.set_namespace_(name_space);
  typed.set_value(value);
  return Read(typed, TenantIn(region));
}

std::string Phone(const std::string& value, const std::string& region = "US") {
  return ReadAs(v1::CHANNEL_PHONE, value, "", region)
      .identity.normalized_value();
}

TEST(ValueReadingTest, OnePhoneInManySpellingsIsOneIdentity) {
  std::set<std::string> keys;
  for (const char* spelling :
       {"(415) 555-2671", "+1 415-555-2671", "415.555.2671", "1 (415) 555 2671",
        "+14155552671", "4155552671", "1-415-555-2671", "  415 555 2671 ",
        "+1 (415) 555\u20112671", "415\u00a0555\u00a02671",
        "\u202a+1 415 555 2671\u202c", "011 1 415 555 2671",
        "\uff0b\uff11 415 555 2671"}) {
    const Reading reading = ReadAs(v1::CHANNEL_PHONE, spelling);
    EXPECT_EQ(reading.identity.normalized_value(), "+14155552671") << spelling;
    EXPECT_EQ(reading.identity.value(), spelling);
    EXPECT_THAT(reading.refusal, IsEmpty());
    keys.insert(reading.identity.identity_key());
  }
  EXPECT_THAT(keys, SizeIs(1));
}

TEST(ValueReadingTest, PhoneIsReadInTheTenantsRegion) {
  EXPECT_EQ(Phone("030 901820", "DE"), "+4930901820");
  EXPECT_EQ(Phone("0049 30 901820", "DE"), "+4930901820");
  EXPECT_EQ(Phone("+49 (0)30 901820", "US"), "+4930901820");
  EXPECT_EQ(Phone("0151 23456789", "DE"), "+4915123456789");
  EXPECT_EQ(Phone("020 7946 0958", "GB"), "+442079460958");
  EXPECT_EQ(Phone("+442079460958", "DE"), "+442079460958");
  // An Italian zero is part of the number.
  EXPECT_EQ(Phone("02 1234 5670", "IT"), "+390212345670");
  EXPECT_EQ(Phone("+1 415 555 2671", "DE"), "+14155552671");
}

TEST(ValueReadingTest, PhoneWithoutANumberIsRefusedWithAReason) {
  EXPECT_EQ(ReadAs(v1::CHANNEL_PHONE, "Front Desk").refusal,
            "there is no phone number in it");
  EXPECT_EQ(ReadAs(v1::CHANNEL_PHONE, "4.91512E+12").refusal,
            "a spreadsheet has rounded it");
}

TEST(ValueReadingTest, ATenantMayAllowNamesOfInternalLines) {
  config::v1::Tenant tenant = TenantIn("US");
  tenant.set_internal_phone_names(true);
  v1::ChannelValue typed;
  typed.set_channel(v1::CHANNEL_PHONE);
  for (const char* name : {" Front Desk ", "front desk"}) {
    typed.set_value(name);
    EXPECT_THAT(Read(typed, tenant).refusal, IsEmpty()) << name;
  }
  EXPECT_EQ(Read(typed, tenant).identity.normalized_value(), "front desk");
  typed.set_value("anonymous");
  EXPECT_EQ(Read(typed, tenant).refusal,
            "a placeholder: the word means nothing");
  typed.set_value("4.91512E+12");
  EXPECT_EQ(Read(typed, tenant).refusal, "a spreadsheet has rounded it");
}

TEST(ValueReadingTest, EmailThatIsNoneIsRefusedWithAReason) {
  EXPECT_EQ(ReadAs(v1::CHANNEL_EMAIL, "Ada at Example").refusal, "it has no @");
  EXPECT_EQ(
      ReadAs(v1::CHANNEL_EMAIL, "ada@example.com, bob@example.com").refusal,
      "it has two addresses");
}

TEST(ValueReadingTest, HandlesOfOneNetworkAreOneIdentity) {
  const std::string key =
      ReadAs(v1::CHANNEL_SOCIAL, "@alice", "x").identity.identity_key();
  for (const char* name_space : {"x", "X", "twitter", "Twitter", "x.com"}) {
    const Reading reading =
        ReadAs(v1::CHANNEL_SOCIAL, "https://x.com/Alice", name_space);
    EXPECT_EQ(reading.identity.identity_key(), key) << name_space;
    EXPECT_EQ(reading.identity.namespace_(), "x");
  }
  // interviewstreet/hiring-agent#324
  EXPECT_NE(ReadAs(v1::CHANNEL_SOCIAL, "https://www.instagram.com/alice", "x")
                .identity.identity_key(),
            key);
  // An outside system may have any name.
  EXPECT_EQ(ReadAs(v1::CHANNEL_EXTERNAL, "1", "twitter").identity.namespace_(),
            "twitter");
}

TEST(ValueReadingTest, SpacesAloneAreNobody) {
  EXPECT_NE(ReadAs(v1::CHANNEL_VISITOR, " \u200b").refusal, "");
  EXPECT_NE(ReadAs(v1::CHANNEL_EXTERNAL, "\t ", "shop").refusal, "");
  EXPECT_NE(ReadAs(v1::CHANNEL_SOCIAL, " ", "forum").refusal, "");
}

TEST(ValueReadingTest, VisitorAndExternalMatchToTheLetterWithoutSpaces) {
  EXPECT_EQ(ReadAs(v1::CHANNEL_VISITOR, " Ab ").identity.normalized_value(),
            "Ab");
  EXPECT_EQ(ReadAs(v1::CHANNEL_EXTERNAL, "C-1001 ", "shop")
                .identity.normalized_value(),
            "C-1001");
  EXPECT_EQ(ReadAs(v1::CHANNEL_EXTERNAL, "\u00a0C 1\t\u200b", "shop")
                .identity.normalized_value(),
            "C 1");
  EXPECT_NE(
      ReadAs(v1::CHANNEL_EXTERNAL, "C-1", "shop").identity.identity_key(),
      ReadAs(v1::CHANNEL_EXTERNAL, "c-1", "shop").identity.identity_key());
}

TEST(ValueReadingTest, NamespaceIsComparedWithoutCase) {
  const Reading upper = ReadAs(v1::CHANNEL_EXTERNAL, "1", "Shop");
  EXPECT_EQ(upper.identity.namespace_(), "shop");
  EXPECT_EQ(upper.identity.identity_key(),
            ReadAs(v1::CHANNEL_EXTERNAL, "1", "shop").identity.identity_key());
  EXPECT_NE(upper.identity.identity_key(),
            ReadAs(v1::CHANNEL_EXTERNAL, "1", "erp").identity.identity_key());
}

// Rows are found by these for ever. Made by
// printf '5:phone0:12:+14155552671' | sha256sum | cut -c-32
TEST(ValueReadingTest, KeysNeverChange) {
  EXPECT_EQ(IdentityKey(v1::CHANNEL_PHONE, "", "+14155552671"),
            "6be3f5114162e41339f482a2ff24854a");
  EXPECT_EQ(IdentityKey(v1::CHANNEL_SOCIAL, "x", "alice"),
            "8bb3e40e90da72987683ef22f7b4bc45");
}

TEST(ValueReadingTest, KeysTellTheirPartsApart) {
  EXPECT_NE(IdentityKey(v1::CHANNEL_EXTERNAL, "a", "bc"),
            IdentityKey(v1::CHANNEL_EXTERNAL, "ab", "c"));
  EXPECT_NE(IdentityKey(v1::CHANNEL_EMAIL, "", "a"),
            IdentityKey(v1::CHANNEL_VISITOR, "", "a"));
}

TEST(ValueReadingTest, NormalizedFitsItsColumn) {
  // Each of these becomes three characters when composed.
  std::string longest;
  for (int i = 0; i < 320; ++i) longest += "\U0001D160";
  for (const v1::Channel channel :
       {v1::CHANNEL_PHONE, v1::CHANNEL_EMAIL, v1::CHANNEL_SOCIAL}) {
    EXPECT_LE(ReadAs(channel, longest, "x").identity.normalized_value().size(),
              1280);
  }
}

v1::ChannelValue Untyped(const std::string& value) {
  v1::ChannelValue typed;
  typed.set_value(value);
  return typed;
}

std::vector<std::string> ReadingsOf(const std::string& value,
                                    const std::string& name_space = "") {
  v1::ChannelValue typed;
  typed.set_value(value);
  typed.set_namespace_(name_space);
  std::vector<std::string> words;
  for (const Reading& reading : ReadAny(typed, TenantIn("US"))) {
    words.push_back(InWords(reading.identity));
    EXPECT_EQ(reading.identity.identity_key().empty(),
              NeedsNamespace(reading.identity.channel()) && name_space.empty());
  }
  return words;
}

TEST(ValueReadingTest, AnUntypedValueHasEveryReadingThatItsLookAllows) {
  EXPECT_THAT(ReadingsOf("(415) 555-2671"),
              ElementsAre("phone +14155552671", "visitor (415) 555-2671",
                          " handle (415) 555-2671", " id (415) 555-2671"));
  EXPECT_THAT(ReadingsOf("Ada@Example.com"),
              ElementsAre("e-mail ada@example.com", "visitor Ada@Example.com",
                          " handle ada@example.com", " id Ada@Example.com"));
  // tactilenews/100eyes#224
  EXPECT_EQ(ReadingsOf("Ada Q <ada.q@example.com>")[0],
            "e-mail ada.q@example.com");
  EXPECT_THAT(ReadingsOf("@Alice"),
              ElementsAre("visitor @Alice", " handle alice", " id @Alice"));
  // The address of a profile says its network.
  EXPECT_THAT(
      InWords(ReadAny(Untyped("https://twitter.com/Alice"), TenantIn("US"))[1]
                  .identity),
      "x handle alice");
  // ourjapanlife/findadoc-web#1762
  EXPECT_THAT(
      ReadingsOf("\uff14\uff11\uff15\uff15\uff15\uff15\uff12\uff16\uff17"
                 "\uff11")[0],
      "phone +14155552671");
  EXPECT_THAT(ReadingsOf("C-10", "shop"),
              ElementsAre("shop handle C-10", "shop id C-10"));
}

}  // namespace
}  // namespace kith::identity
