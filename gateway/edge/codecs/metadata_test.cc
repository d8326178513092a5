#include "gateway/edge/codecs/metadata.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::edge {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(MetadataTest, RequestKeepsWhatIsForTheService) {
  EXPECT_THAT(
      *RequestMetadata({{"authorization", "Bearer x"},
                        {"x-foo", "1"},
                        {"x-foo", "2"},
                        {"x-b-bin", "AAEC"},
                        {"x-c-bin", "AAE"}}),
      ElementsAre(Pair("authorization", "Bearer x"), Pair("x-foo", "1"),
                  Pair("x-foo", "2"), Pair("x-b-bin", std::string("\0\1\2", 3)),
                  Pair("x-c-bin", std::string("\0\1", 2))));
}

TEST(MetadataTest, RequestLeavesOutWhatIsNotTheServices) {
  for (const char* name :
       {"host", "connection", "content-type", "cookie", "connect-timeout-ms",
        "grpc-timeout", "x-forwarded-for", "forwarded", "x-user-id", "te",
        "sec-fetch-mode", "x-trace-id", "x-kith-gateway-authorization"}) {
    EXPECT_THAT(*RequestMetadata({{name, "x"}}), IsEmpty()) << name;
  }
}

// Each of these ends a process with gRPC 1.51.
TEST(MetadataTest, RequestLeavesOutWhatGrpcAbortsFor) {
  for (const auto& [name, value] : Headers{{"x!foo", "1"},
                                           {"X-Foo", "1"},
                                           {"", "1"},
                                           {"x-foo", "caf\xC3\xA9"},
                                           {"x-foo", "a\tb"},
                                           {"x-foo", "a\x7f"},
                                           {"x-b-bin", "%%"}}) {
    EXPECT_THAT(*RequestMetadata({{name, value}}), IsEmpty()) << name << value;
  }
}

TEST(MetadataTest, RequestWithTooMuchIsRefused) {
  EXPECT_TRUE(absl::IsResourceExhausted(
      RequestMetadata(
          {{"x-a", std::string(4000, 'a')}, {"x-b", std::string(4000, 'b')}})
          .status()));
}

TEST(MetadataTest, ReplyHasAPrefixAndUnpaddedBase64) {
  EXPECT_THAT(ReplyHeaders({{"x-trail", "b"},
                            {"x-b-bin", std::string("\0\1", 2)},
                            {"date", "never"},
                            {"grpc-message", "x"},
                            {"x-evil", "a\r\nb: c"}},
                           "trailer-"),
              ElementsAre(Pair("trailer-x-trail", "b"),
                          Pair("trailer-x-b-bin", "AAE")));
}

}  // namespace
}  // namespace kith::edge
