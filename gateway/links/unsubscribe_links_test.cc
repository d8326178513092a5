#include "gateway/links/unsubscribe_links.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gateway/links/link_keys.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

constexpr char kPublicUrl[] = "https://crm.example.com";
const std::string* const kOldKey = new std::string(32, 'o');
const std::string* const kNewKey = new std::string(32, 'n');

internal::v1::UnsubscribeLinkBody SomeLink() {
  internal::v1::UnsubscribeLinkBody link;
  link.set_tenant_id(7);
  link.set_contact_id(std::string(16, 'c'));
  link.set_identity_key(std::string(16, 'i'));
  link.set_purpose(1);
  link.set_topic("news");
  link.set_issue_seconds(1'790'000'000);
  return link;
}

UnsubscribeLinks LinksOf(std::vector<std::string> keys) {
  return {kPublicUrl, LinkKeys(std::move(keys))};
}

TEST(UnsubscribeLinksTest, ATokenHasWhatWasSigned) {
  const UnsubscribeLinks links = LinksOf({*kNewKey});
  const std::string token = links.Sign(SomeLink());
  const auto opened = links.Open(token);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->SerializeAsString(), SomeLink().SerializeAsString());
  EXPECT_EQ(links.UriOf(token), "https://crm.example.com/u/" + token);
}

TEST(UnsubscribeLinksTest, ATokenThatIsAlteredAnywhereIsNone) {
  const UnsubscribeLinks links = LinksOf({*kNewKey});
  const std::string token = links.Sign(SomeLink());
  for (size_t i = 0; i < token.size(); ++i) {
    for (const char other : {'A', 'b', '-', '=', '.', '%'}) {
      std::string altered = token;
      if (altered[i] == other) continue;
      altered[i] = other;
      EXPECT_FALSE(links.Open(altered).has_value()) << i << other;
    }
    EXPECT_FALSE(links.Open(token.substr(0, i)).has_value()) << i;
  }
  EXPECT_FALSE(links.Open(token + "A").has_value());
}

TEST(UnsubscribeLinksTest, EachFieldIsSigned) {
  const UnsubscribeLinks links = LinksOf({*kNewKey});
  const std::string head = links.Sign(SomeLink());
  // The body of another tenant behind the signature of this one.
  internal::v1::UnsubscribeLinkBody other = SomeLink();
  other.set_tenant_id(8);
  const std::string forged = links.Sign(other);
  ASSERT_EQ(head.size(), forged.size());
  // Version and signature are 17 bytes: 22 characters and some bits.
  EXPECT_FALSE(links.Open(head.substr(0, 22) + forged.substr(22)).has_value());
}

TEST(UnsubscribeLinksTest, LinksOfAnOlderKeyWorkAsLongAsItIsThere) {
  const std::string old = LinksOf({*kOldKey}).Sign(SomeLink());
  const UnsubscribeLinks rotated = LinksOf({*kNewKey, *kOldKey});
  EXPECT_TRUE(rotated.Open(old).has_value());
  EXPECT_TRUE(LinksOf({*kNewKey}).Open(rotated.Sign(SomeLink())).has_value());
  EXPECT_FALSE(LinksOf({*kNewKey}).Open(old).has_value());
}

TEST(UnsubscribeLinksTest, ASignatureForAnotherUseIsNone) {
  const LinkKeys keys({*kNewKey});
  EXPECT_NE(keys.For("kith.unsubscribe.1"), keys.For("kith.unsubscribe.2"));
  EXPECT_NE(keys.For("kith.unsubscribe.1").front(), *kNewKey);
}

TEST(UnsubscribeLinksTest, ATokenIsShort) {
  internal::v1::UnsubscribeLinkBody link = SomeLink();
  link.set_tenant_id(~uint64_t{0});
  link.set_interaction_id(std::string(16, 'm'));
  link.set_topic(std::string(50, 't'));
  EXPECT_LE(LinksOf({*kNewKey}).Sign(link).size(), 200U);
}

}  // namespace
}  // namespace kith::gateway
