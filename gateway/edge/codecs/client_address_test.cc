#include "gateway/edge/codecs/client_address.h"

#include <iterator>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

using ::testing::HasSubstr;

struct ClientCase {
  std::string peer = {};
  std::vector<std::string> forwarded = {};
  std::string client = {};
};

// Where 10.0.0.0/8, 192.0.2.7 and fd00::/8 are trusted: who is believed.
std::vector<ClientCase> BelievedCases() {
  return {
      {.peer = "203.0.113.5", .client = "203.0.113.5"},
      // Whoever connects could say anything.
      {.peer = "203.0.113.5",
       .forwarded = {"198.51.100.1"},
       .client = "203.0.113.5"},
      {.peer = "10.1.2.3",
       .forwarded = {"198.51.100.1"},
       .client = "198.51.100.1"},
      // What the client itself has sent stands before what the proxy adds.
      {.peer = "10.1.2.3",
       .forwarded = {"1.1.1.1, 198.51.100.1"},
       .client = "198.51.100.1"},
      {.peer = "10.1.2.3",
       .forwarded = {"1.1.1.1", "198.51.100.1, 192.0.2.7"},
       .client = "198.51.100.1"},
      {.peer = "192.0.2.8",
       .forwarded = {"198.51.100.1"},
       .client = "192.0.2.8"},
      {.peer = "::ffff:10.1.2.3",
       .forwarded = {"198.51.100.1:4711"},
       .client = "198.51.100.1"},
      {.peer = "fd00::1",
       .forwarded = {"[2001:db8::1]:4711"},
       .client = "2001:db8::1"},
      {.peer = "fd00::1",
       .forwarded = {"2001:DB8::1"},
       .client = "2001:db8::1"},
  };
}

// And where nothing, or the last that is believed, is told.
std::vector<ClientCase> LastBelievedCases() {
  return {
      // All are proxies of ours: the farthest of them.
      {.peer = "10.1.2.3", .forwarded = {"10.9.9.9"}, .client = "10.9.9.9"},
      // What cannot be read ends what is believed.
      {.peer = "10.1.2.3", .forwarded = {"unknown"}, .client = "10.1.2.3"},
      {.peer = "10.1.2.3", .forwarded = {"[::1"}, .client = "10.1.2.3"},
      {.peer = "10.1.2.3",
       .forwarded = {"198.51.100.1, <b>, 10.1.1.1"},
       .client = "10.1.1.1"},
      {.peer = "10.1.2.3", .forwarded = {""}, .client = "10.1.2.3"},
      {.peer = "10.1.2.3", .client = "10.1.2.3"},
      {.peer = "", .forwarded = {"198.51.100.1"}, .client = ""},
  };
}

TEST(ClientAddressTest, OnlyATrustedProxyIsBelieved) {
  const auto proxies =
      TrustedProxies::Parse({"10.0.0.0/8", "192.0.2.7", "fd00::/8"});
  ASSERT_TRUE(proxies.ok());
  std::vector<ClientCase> cases = BelievedCases();
  absl::c_move(LastBelievedCases(), std::back_inserter(cases));
  for (size_t i = 0; i < cases.size(); ++i) {
    Headers headers = {{"x-forwarded", "9.9.9.9"},
                       {"forwarded", "for=9.9.9.9"}};
    for (const std::string& value : cases[i].forwarded) {
      headers.emplace_back("x-forwarded-for", value);
    }
    EXPECT_EQ(proxies->ClientOf(cases[i].peer, headers), cases[i].client) << i;
  }
}

TEST(ClientAddressTest, WithoutProxiesNobodyIsBelieved) {
  EXPECT_EQ(TrustedProxies().ClientOf("10.1.2.3",
                                      {{"x-forwarded-for", "198.51.100.1"}}),
            "10.1.2.3");
}

TEST(ClientAddressTest, ANetworkEndsAtItsLastBit) {
  const auto proxies = TrustedProxies::Parse({"10.0.0.128/25"});
  ASSERT_TRUE(proxies.ok());
  const Headers headers = {{"x-forwarded-for", "198.51.100.1"}};
  EXPECT_EQ(proxies->ClientOf("10.0.0.128", headers), "198.51.100.1");
  EXPECT_EQ(proxies->ClientOf("10.0.0.127", headers), "10.0.0.127");
  const auto all = TrustedProxies::Parse({"0.0.0.0/0"});
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->ClientOf("8.8.8.8", headers), "198.51.100.1");
  EXPECT_EQ(all->ClientOf("2001:db8::1", headers), "2001:db8::1");
}

TEST(ClientAddressTest, WhatIsNoNetworkIsRefused) {
  for (const char* const network :
       {"", "proxy.example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/",
        "10.0.0.0/8/8", "fd00::/129", "10.0.0"}) {
    const auto proxies = TrustedProxies::Parse({"10.0.0.0/8", network});
    ASSERT_FALSE(proxies.ok()) << network;
    EXPECT_THAT(std::string(proxies.status().message()),
                HasSubstr("want one such as"));
  }
}

TEST(ClientAddressTest, OneClientHasANetworkOfIpv6) {
  EXPECT_EQ(ClientNetwork("198.51.100.1"), "198.51.100.1");
  EXPECT_EQ(ClientNetwork("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(ClientNetwork("2001:db8:1:2::9"), "2001:db8:1:2::/64");
  EXPECT_EQ(ClientNetwork("odd"), "odd");
}

}  // namespace
}  // namespace kith::edge
