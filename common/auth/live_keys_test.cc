#include "common/auth/live_keys.h"

#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/sha256.h"
#include "common/base/text_file.h"
#include "common/ops/metrics.h"
#include "common/testing/matchers.h"
#include "common/testing/temporary_directory.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::auth {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

std::string KeyEntry(const std::string& id) {
  return absl::StrCat("keys { id: '", id, "' secret_sha256: '",
                      absl::BytesToHexString(base::Sha256(id)),
                      "' tenant: 'demo' assurance: ASSURANCE_REPORTED }\n");
}

class LiveKeysTest : public ::testing::Test {
 protected:
  LiveKeysTest() {
    Write(tenants_file_,
          "tenants { id: 1 slug: 'demo' region: 'US' time_zone: 'UTC' }");
    Write(keys_file_, KeyEntry("first"));
    live_ = *LiveKeys::Load({keys_file_, tenants_file_});
  }

  static void Write(const std::string& path, const std::string& text) {
    ASSERT_THAT(base::WriteFileAtomically(path, text), IsOk());
  }

  absl::Status Use(const std::string& id) const {
    return live_->keys()
        ->Authenticate(absl::StrCat("Bearer kith_", id, "_", id))
        .status();
  }

  testing::TemporaryDirectory directory_;
  const std::string keys_file_ = absl::StrCat(directory_.path(), "/keys");
  const std::string tenants_file_ = absl::StrCat(directory_.path(), "/tenants");
  std::unique_ptr<LiveKeys> live_;
};

TEST_F(LiveKeysTest, TwoKeysOfATenantWorkSideBySideAndAnOldOneEnds) {
  EXPECT_THAT(Use("first"), IsOk());
  EXPECT_THAT(Use("second"), StatusIs(StatusCode::kUnauthenticated));
  Write(keys_file_, KeyEntry("first") + KeyEntry("second"));
  EXPECT_THAT(live_->Refresh(), IsOk());
  EXPECT_THAT(Use("first"), IsOk());
  EXPECT_THAT(Use("second"), IsOk());
  Write(keys_file_, KeyEntry("second"));
  EXPECT_THAT(live_->Refresh(), IsOk());
  EXPECT_THAT(Use("first"), StatusIs(StatusCode::kUnauthenticated));
}

TEST_F(LiveKeysTest, ABrokenFileKeepsTheLastGoodOne) {
  // A file that its own thread has read already is refused only once.
  auto& failures =
      ops::Counter("kith_keys_reload_failures_total",
                   "Changes of the keys or tenants file that were refused.");
  const double before = failures.Value();
  Write(keys_file_, "keys { id: ");
  live_->Refresh().IgnoreError();
  Write(tenants_file_, "tenants { id: 0 }");
  live_->Refresh().IgnoreError();
  EXPECT_THAT(Use("first"), IsOk());
  EXPECT_GE(failures.Value(), before + 1);
  Write(tenants_file_,
        "tenants { id: 1 slug: 'demo' region: 'DE' time_zone: 'UTC' }");
  Write(keys_file_, KeyEntry("second"));
  live_->Refresh().IgnoreError();
  EXPECT_THAT(Use("second"), IsOk());
}

TEST_F(LiveKeysTest, AFileIsRefusedAsLongAsItCannotBeUsed) {
  const auto refused = [](const std::string& path) {
    return ops::Gauge("kith_file_refused", /*help=*/"", {{"file", path}})
        .Value();
  };
  // Also the thread of the keys may read it, just now.
  const auto becomes = [&](const std::string& path, double value) {
    const absl::Time limit = absl::Now() + absl::Seconds(20);
    live_->Refresh().IgnoreError();
    while (refused(path) != value && absl::Now() < limit) {
      // No event tells: polls.
      absl::SleepFor(absl::Milliseconds(1));
    }
    return refused(path) == value;
  };
  EXPECT_EQ(refused(keys_file_), 0);
  EXPECT_EQ(refused(tenants_file_), 0);
  Write(keys_file_, "keys { id: ");
  EXPECT_TRUE(becomes(keys_file_, 1));
  EXPECT_EQ(refused(tenants_file_), 0);
  Write(keys_file_, "keys { ");
  EXPECT_TRUE(becomes(keys_file_, 1));
  // Good, but held up by the other.
  Write(tenants_file_,
        "tenants { id: 1 slug: 'demo' region: 'DE' time_zone: 'UTC' }");
  EXPECT_TRUE(becomes(tenants_file_, 1));
  Write(keys_file_, KeyEntry("first"));
  EXPECT_TRUE(becomes(keys_file_, 0));
  EXPECT_TRUE(becomes(tenants_file_, 0));
}

TEST_F(LiveKeysTest, WhoHasTheKeysCanUseThemOn) {
  const std::shared_ptr<const KeyRing> before = live_->keys();
  Write(keys_file_, KeyEntry("second"));
  EXPECT_THAT(live_->Refresh(), IsOk());
  EXPECT_THAT(before->Authenticate("Bearer kith_first_first"), IsOk());
}

TEST_F(LiveKeysTest, LastUseIsAMetric) {
  auto& last_use =
      ops::Gauge("kith_api_key_last_use_timestamp_seconds",
                 "When an API key was last used, in Unix time; 0: not since "
                 "the start.",
                 {{"key", "neverused"}});
  Write(keys_file_, KeyEntry("neverused"));
  EXPECT_THAT(live_->Refresh(), IsOk());
  EXPECT_EQ(last_use.Value(), 0);
  EXPECT_THAT(Use("neverused"), IsOk());
  EXPECT_GT(last_use.Value(), 1.7e9);
}

TEST(LoadKeysTest, AMissingFileIsAnError) {
  EXPECT_THAT(LiveKeys::Load({"/nonexistent", "/nonexistent"}),
              StatusIs(StatusCode::kNotFound));
}

}  // namespace
}  // namespace kith::auth
