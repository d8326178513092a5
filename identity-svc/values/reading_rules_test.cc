#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/sha256.h"
#include "gtest/gtest.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

struct SampleValue {
  v1::Channel channel;
  const char* name_space;
  const char* region;
  const char* value;
};

// A few of each rule: see the tables of README.md.
const SampleValue kSampleValues[] = {
    {v1::CHANNEL_PHONE, "", "US", "(415) 555-2671"},
    {v1::CHANNEL_PHONE, "", "DE", "030 901820 x12"},
    {v1::CHANNEL_PHONE, "", "DE", "030 7459603 (abends)"},
    {v1::CHANNEL_PHONE, "", "US", "1-800-FLOWERS"},
    {v1::CHANNEL_PHONE, "", "US", "sip:+14152308645@pbx.example;user=phone"},
    {v1::CHANNEL_PHONE, "", "US", "0044 7911 246815"},
    {v1::CHANNEL_PHONE, "", "US", "4915621703327"},
    {v1::CHANNEL_PHONE, "", "US", "+551183449529"},
    {v1::CHANNEL_PHONE, "", "US", "+5215512345678"},
    {v1::CHANNEL_PHONE, "", "US", "+22997123456"},
    {v1::CHANNEL_PHONE, "", "DE", "DHL-4711"},
    {v1::CHANNEL_PHONE, "", "US", "12345"},
    {v1::CHANNEL_PHONE, "", "US", "555-2671"},
    {v1::CHANNEL_PHONE, "", "BR", "8344-9529"},
    {v1::CHANNEL_PHONE, "", "DE", "7459603"},
    {v1::CHANNEL_PHONE, "", "US", "806-5671 Ada"},
    {v1::CHANNEL_PHONE, "", "US", "UNKNOWN CALLER"},
    {v1::CHANNEL_PHONE, "", "US", "4.91512E+12"},
    {v1::CHANNEL_PHONE, "", "US", "Fax 99 (030) 7459603"},
    {v1::CHANNEL_PHONE, "", "US", "telegram:7123456789"},
    {v1::CHANNEL_PHONE, "", "US", "(415) 555-2671 Bob"},
    {v1::CHANNEL_PHONE, "", "US", "4155552671 (mobile)"},
    {v1::CHANNEL_PHONE, "", "US", "7123456789@telegram"},
    {v1::CHANNEL_PHONE, "", "US", "tel:7042;phone-context=a.example"},
    {v1::CHANNEL_PHONE, "", "DE", "7459603-13"},
    {v1::CHANNEL_EMAIL, "", "US", "guest@guest.com"},
    {v1::CHANNEL_EMAIL, "", "US", "info@info.example"},
    {v1::CHANNEL_EMAIL, "", "US", "\"Q, Ada\" <Ada.Q@Example.com>"},
    {v1::CHANNEL_EMAIL, "", "US",
     "ada@b\xc3\xbc"
     "cher.example"},
    {v1::CHANNEL_EMAIL, "", "US", "Team: ada@example.com;"},
    {v1::CHANNEL_EMAIL, "", "US", "ada@example.com (bob@example.com)"},
    {v1::CHANNEL_EMAIL, "", "US", "mailer-daemon@example.com"},
    {v1::CHANNEL_EMAIL, "", "US", "ada+news@example.com"},
    {v1::CHANNEL_EMAIL, "", "US", "mailto:ada%40example.com"},
    {v1::CHANNEL_SOCIAL, "instagram", "US", "https://instagram.com/_u/alice"},
    {v1::CHANNEL_SOCIAL, "linkedin", "US", "linkedin.com/in/JOS%C3%89-q"},
    {v1::CHANNEL_SOCIAL, "facebook", "US", "facebook.com/groups/1/user/2"},
    {v1::CHANNEL_SOCIAL, "twitter", "US", "@@Alice"},
    {v1::CHANNEL_SOCIAL, "x", "US", "https://x.com/home"},
    {v1::CHANNEL_SOCIAL, "x", "US", "https://x.com/following"},
    {v1::CHANNEL_SOCIAL, "linkedin", "US", "linkedin.com/in/ADoAABxyZ"},
    {v1::CHANNEL_SOCIAL, "facebook", "US", "facebook.com/pfbid02AbCd"},
    {v1::CHANNEL_SOCIAL, "mastodon", "US", "https://social.example/@alice"},
    {v1::CHANNEL_SOCIAL, "mastodon", "US", "alice"},
    {v1::CHANNEL_SOCIAL, "mastodon", "US",
     "alice@b\xc3\xbc"
     "cher.example"},
    {v1::CHANNEL_SOCIAL, "whatsapp", "US", "https://wa.me/4915621703327"},
    {v1::CHANNEL_SOCIAL, "whatsapp", "US", "00004915621703327"},
    {v1::CHANNEL_SOCIAL, "wechat", "US", "oDw6P5Nq3xKz"},
    {v1::CHANNEL_SOCIAL, "linkedin", "US", "urn:li:person:Xa9_bQ"},
    {v1::CHANNEL_EXTERNAL, "shop", "US", " C-1001 "},
    {v1::CHANNEL_EXTERNAL, "shop", "US", "{{customer.id}}"},
    {v1::CHANNEL_EXTERNAL, "shop", "US", "guest"},
    {v1::CHANNEL_VISITOR, "", "US", "d3b07384-d9a0-4c9b-8f6e-2f1c3a4b5c6d"},
    {v1::CHANNEL_VISITOR, "", "US", "undefined"},
    {v1::CHANNEL_VISITOR, "", "US", "OPTED_OUT"},
    {v1::CHANNEL_VISITOR, "", "US", "cookie"},
};

// What the values above are read as, a line each.
std::string ReadSample() {
  std::string lines;
  for (const SampleValue& one : kSampleValues) {
    v1::ChannelValue typed;
    typed.set_channel(one.channel);
    typed.set_namespace_(one.name_space);
    typed.set_value(one.value);
    config::v1::Tenant tenant;
    tenant.set_region(one.region);
    const Reading reading = Read(typed, tenant);
    absl::StrAppend(&lines, one.value, " -> ",
                    reading.refusal.empty()
                        ? absl::StrCat(reading.identity.namespace_(), " ",
                                       reading.identity.normalized_value())
                        : "refused",
                    "\n");
  }
  return lines;
}

TEST(ReadingRulesTest, AreRaisedWithWhatIsReadOtherwise) {
  struct Version {
    int rules;
    std::string sample;
  };
  const Version kStored = {5, "5edb113c98f24504"};
  const std::string lines = ReadSample();
  const std::string sample =
      absl::BytesToHexString(base::Sha256(lines)).substr(0, 16);
  ASSERT_EQ(kReadingRules, kStored.rules) << "store here: " << sample;
  EXPECT_EQ(sample, kStored.sample)
      << "Values that are stored would be found no more: raise kReadingRules, "
         "and store both here. They are read as\n"
      << lines;
}

}  // namespace
}  // namespace kith::identity
