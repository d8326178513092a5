#include "common/ops/ops_server.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "common/ops/metrics.h"
#include "common/testing/http_get.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::ops {
namespace {

using absl::StatusCode;
using ::kith::testing::HttpGet;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

std::atomic<bool> is_ready = true;

// One server for all tests, as it takes up to two seconds to stop.
class OpsServerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto server =
        OpsServer::Start("127.0.0.1:0", [] { return is_ready.load(); });
    ASSERT_THAT(server, IsOk());
    server_ = std::move(*server).release();
  }
  static void TearDownTestSuite() { delete server_; }

  void SetUp() override {
    ASSERT_NE(server_, nullptr);
    is_ready = true;
  }

  static std::string Get(const std::string& path) {
    return HttpGet(server_->address(), path);
  }

  static inline OpsServer* server_ = nullptr;
};

TEST_F(OpsServerTest, SaysWhichPortItTook) {
  EXPECT_THAT(server_->address(), MatchesRegex("127\\.0\\.0\\.1:[1-9].*"));
}

TEST_F(OpsServerTest, ServesTheMetrics) {
  Gauge("test_ops_server", "Help.").Set(17);
  EXPECT_THAT(Get("/metrics"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                    HasSubstr("Content-Type: text/plain; version=0.0.4"),
                    HasSubstr("\ntest_ops_server 17\n")));
}

TEST_F(OpsServerTest, IsReadyAsLongAsItIsToldSo) {
  EXPECT_THAT(Get("/readyz"), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                                    EndsWith("\r\n\r\nok\n")));
  is_ready = false;
  EXPECT_THAT(Get("/readyz"),
              AllOf(StartsWith("HTTP/1.1 503 Service Unavailable\r\n"),
                    EndsWith("\r\n\r\nnot ready\n")));
  is_ready = true;
  EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(OpsServerTest, LivesThoughNotReady) {
  is_ready = false;
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(OpsServerTest, ServesNothingElse) {
  for (const char* path : {"/", "/metricsz", "/etc/passwd", "/metrics/x"}) {
    EXPECT_THAT(Get(path), StartsWith("HTTP/1.1 404 ")) << path;
  }
}

TEST_F(OpsServerTest, APortInUseIsRefused) {
  const std::string& address = server_->address();
  EXPECT_THAT(OpsServer::Start(address, [] { return true; }),
              StatusIs(StatusCode::kUnavailable, address));
}

TEST(OpsServerStopTest, ThePortIsFreeAfterwards) {
  auto server = OpsServer::Start("127.0.0.1:0", [] { return true; });
  ASSERT_THAT(server, IsOk());
  const std::string address = (*server)->address();
  server->reset();
  EXPECT_EQ(HttpGet(address, "/livez"), "");
}

TEST(OpsServerStartTest, AnAddressThatIsNoneIsRefused) {
  for (const char* address : {"", "nonsense", "127.0.0.1:99999"}) {
    EXPECT_FALSE(OpsServer::Start(address, [] { return true; }).ok())
        << address;
  }
}

}  // namespace
}  // namespace kith::ops
