#include "common/mysql/request_log.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/mysql/errors.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::mysql {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::Optional;

// As each service ships it.
const Schema& RequestsSchema() {
  static const auto* const schema = new Schema{{"0001_requests", R"sql(
CREATE TABLE requests (
  tenant_id BIGINT UNSIGNED NOT NULL,
  request_id VARBINARY(64) NOT NULL,
  method VARBINARY(64) NOT NULL,
  fingerprint BINARY(32) NOT NULL,
  result VARBINARY(256) NOT NULL,
  create_micros BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, request_id),
  KEY by_age (create_micros)
) ENGINE=InnoDB)sql"}};
  return *schema;
}

// Digests may have any bytes, NUL among them.
const std::string kDigest(
    "\0\x01\xFF"
    "abcdefghijklmnopqrstuvwxyz012",
    32);
const std::string kOtherDigest(32, '\0');

class RequestLogTest : public ::testing::Test {
 protected:
  absl::Status Add(const IdempotencyKey& request,
                   absl::string_view result = "id", uint64_t tenant_id = 1) {
    return AddRequest(TenantTx(session_, tenant_id, now_), request, result);
  }

  absl::StatusOr<std::optional<std::string>> Find(const IdempotencyKey& request,
                                                  uint64_t tenant_id = 1) {
    return FindRequest(TenantTx(session_, tenant_id, now_), request);
  }

  int64_t Rows() {
    return database_.SelectInt("SELECT COUNT(*) FROM requests");
  }

  static IdempotencyKey With(absl::string_view request_id) {
    return {.request_id = std::string(request_id),
            .method = "CreateContact",
            .fingerprint = std::string(kDigest)};
  }

  testing::TestDatabase database_{RequestsSchema()};
  Session session_{database_.options()};
  const absl::Time now_ = absl::FromUnixMicros(1'781'524'800'000'000);
};

TEST_F(RequestLogTest, ARequestThatWasAddedIsFoundWithItsResult) {
  EXPECT_THAT(*Find(With("r1")), std::nullopt);
  const std::string result("16 bytes\0of an id", 17);
  ASSERT_THAT(Add(With("r1"), result), IsOk());
  EXPECT_THAT(*Find(With("r1")), Optional(result));
  EXPECT_THAT(*Find(With("r2")), std::nullopt);
  EXPECT_THAT(*Find(With("R1")), std::nullopt);
}

TEST_F(RequestLogTest, AnEmptyResultIsFoundAsWell) {
  ASSERT_THAT(Add(With("r1"), ""), IsOk());
  EXPECT_THAT(*Find(With("r1")), Optional(std::string()));
}

TEST_F(RequestLogTest, TheSameIdWithAnotherContentIsRefused) {
  ASSERT_THAT(Add(With("r1")), IsOk());
  IdempotencyKey other = With("r1");
  other.fingerprint = kOtherDigest;
  EXPECT_THAT(Find(other),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST_F(RequestLogTest, TheSameIdForAnotherMethodIsRefused) {
  ASSERT_THAT(Add(With("r1")), IsOk());
  IdempotencyKey other = With("r1");
  other.method = "DeleteContact";
  EXPECT_THAT(Find(other),
              StatusIs(StatusCode::kInvalidArgument, "request_id"));
}

TEST_F(RequestLogTest, AnotherTenantsIdIsAnotherRequest) {
  ASSERT_THAT(Add(With("r1"), "mine"), IsOk());
  IdempotencyKey other = With("r1");
  other.fingerprint = kOtherDigest;
  constexpr uint64_t kTenant = 18'446'744'073'709'551'615u;
  EXPECT_THAT(*Find(other, kTenant), std::nullopt);
  ASSERT_THAT(Add(other, "theirs", kTenant), IsOk());
  EXPECT_THAT(*Find(other, kTenant), Optional(std::string("theirs")));
  EXPECT_THAT(*Find(With("r1")), Optional(std::string("mine")));
}

TEST_F(RequestLogTest, NoIdIsNeitherKeptNorFound) {
  EXPECT_THAT(Add(With("")), IsOk());
  EXPECT_THAT(Add(With("")), IsOk());
  EXPECT_EQ(Rows(), 0);
  database_.Execute(
      "INSERT INTO requests VALUES (1, '', 'CreateContact', '', 'x', 0)");
  EXPECT_THAT(*Find(With("")), std::nullopt);
}

TEST_F(RequestLogTest, ACopyThatWasFasterIsALostRace) {
  ASSERT_THAT(Add(With("r1"), "first"), IsOk());
  const absl::Status again = Add(With("r1"), "second");
  EXPECT_TRUE(IsLostRace(again)) << again;
  EXPECT_THAT(*Find(With("r1")), Optional(std::string("first")));
}

TEST_F(RequestLogTest, IsRememberedFor48Hours) {
  ASSERT_THAT(Add(With("r1")), IsOk());
  EXPECT_EQ(*SweepRequests(session_, now_ + absl::Hours(48)), 0);
  EXPECT_EQ(Rows(), 1);
  EXPECT_EQ(
      *SweepRequests(session_, now_ + absl::Hours(48) + absl::Microseconds(1)),
      1);
  EXPECT_THAT(*Find(With("r1")), std::nullopt);
}

TEST_F(RequestLogTest, ASweepTakesTheOldest500) {
  database_.Execute(
      "INSERT INTO requests SELECT 1, seq, 'm', '', '', seq FROM seq_1_to_507");
  EXPECT_EQ(*SweepRequests(session_, now_), 500);
  EXPECT_EQ(database_.SelectInt("SELECT MIN(create_micros) FROM requests"),
            501);
  EXPECT_EQ(*SweepRequests(session_, now_), 7);
  EXPECT_EQ(*SweepRequests(session_, now_), 0);
}

}  // namespace
}  // namespace kith::mysql
