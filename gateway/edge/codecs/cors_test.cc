#include "gateway/edge/codecs/cors.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const char kApp[] = "https://app.example.com";

TEST(CorsTest, PreflightOfAListedOriginNamesItExactly) {
  const Cors cors({kApp});
  const Headers request = {{"origin", kApp},
                           {"access-control-request-method", "POST"}};
  EXPECT_TRUE(Cors::IsPreflight("OPTIONS", request));
  EXPECT_FALSE(Cors::IsPreflight("POST", request));
  EXPECT_FALSE(Cors::IsPreflight("OPTIONS", {{"origin", kApp}}));
  const Headers reply = cors.Preflight(request);
  EXPECT_THAT(std::string(FindHeader(reply, "Access-Control-Allow-Headers")),
              HasSubstr("Authorization"));
  EXPECT_THAT(std::string(FindHeader(reply, "Vary")), HasSubstr("Origin"));
}

TEST(CorsTest, UnlistedOriginIsNotNamed) {
  const Cors cors({kApp});
  for (const char* origin : {"https://evil.example.com", "null",
                             "https://app.example.com.evil.example.com"}) {
    Headers reply;
    cors.AddHeaders({{"origin", origin}}, reply);
    EXPECT_EQ(FindHeader(reply, "Access-Control-Allow-Origin"), "") << origin;
    EXPECT_EQ(FindHeader(reply, "Vary"), "Origin");
    EXPECT_EQ(FindHeader(cors.Preflight({{"origin", origin}}),
                         "Access-Control-Allow-Methods"),
              "");
  }
}

TEST(CorsTest, ReplyExposesItsTrailers) {
  const Cors cors({kApp});
  Headers reply = {{"trailer-x-a", "1"}};
  cors.AddHeaders({{"origin", kApp}}, reply);
  EXPECT_EQ(FindHeader(reply, "Access-Control-Allow-Origin"), kApp);
  EXPECT_THAT(std::string(FindHeader(reply, "Access-Control-Expose-Headers")),
              HasSubstr("trailer-x-a"));
}

TEST(CorsTest, WithoutOriginsRepliesAreAsEver) {
  Headers reply;
  Cors({}).AddHeaders({{"origin", kApp}}, reply);
  EXPECT_THAT(reply, IsEmpty());
}

TEST(CorsTest, KnowsAnOrigin) {
  for (const char* good : {kApp, "http://localhost:3000", "http://[::1]:80"}) {
    EXPECT_TRUE(IsOrigin(good)) << good;
  }
  for (const char* bad :
       {"", "*", "null", "app.example.com", "https://app.example.com/",
        "https://", "HTTPS://a"}) {
    EXPECT_FALSE(IsOrigin(bad)) << bad;
  }
}

}  // namespace
}  // namespace kith::edge
