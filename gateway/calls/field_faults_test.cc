#include "gateway/calls/field_faults.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "common/api/violations.h"
#include "common/status/rpc_status.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace kith::gateway {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

absl::Status Faults(const std::vector<std::string>& fields) {
  api::Violations violations;
  for (const std::string& field : fields) violations.Add(field, "bad");
  return violations.ToStatus();
}

std::vector<std::pair<std::string, std::string>> FaultsOf(
    const absl::Status& status) {
  std::vector<std::pair<std::string, std::string>> faults;
  const auto told = status::FindDetail<google::rpc::BadRequest>(status);
  if (!told.has_value()) return faults;
  for (const auto& one : told->field_violations()) {
    faults.emplace_back(one.field(), one.description());
  }
  return faults;
}

TEST(RenameFieldsTest, ReplacesTheFieldAndItsParts) {
  const absl::Status status =
      RenameFields(Faults({"value", "value.namespace", "value[3].value"}),
                   "value", "identities[1]");
  EXPECT_THAT(FaultsOf(status),
              ElementsAre(Pair("identities[1]", "bad"),
                          Pair("identities[1].namespace", "bad"),
                          Pair("identities[1][3].value", "bad")));
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument,
                               "identities[1].namespace: bad"))
      << "the text says the same";
}

TEST(RenameFieldsTest, LeavesOtherFields) {
  const absl::Status status =
      RenameFields(Faults({"values[0]", "value_type", "at_time", "old.value"}),
                   "value", "identities[1]");
  EXPECT_THAT(FaultsOf(status),
              ElementsAre(Pair("values[0]", "bad"), Pair("value_type", "bad"),
                          Pair("at_time", "bad"), Pair("old.value", "bad")));
}

TEST(RenameFieldsTest, ReplacesTheFieldThatAMessageBeginsWith) {
  absl::Status missing = absl::NotFoundError("ids[1]: no contact 17");
  missing.SetPayload("type", absl::Cord("detail"));
  const absl::Status status = RenameFields(missing, "ids", "absorbed");
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "absorbed[1]: no contact 17");
  EXPECT_EQ(status.GetPayload("type"), "detail");
}

TEST(RenameFieldsTest, LeavesAStatusThatNamesNoField) {
  const absl::Status status =
      RenameFields(absl::UnavailableError("values down"), "value", "other");
  EXPECT_THAT(status, StatusIs(StatusCode::kUnavailable, "values down"));
  EXPECT_THAT(RenameFields(absl::OkStatus(), "value", "other"), IsOk());
}

TEST(JoinFaultsTest, NamesTheFieldsOfBothInOrder) {
  EXPECT_THAT(
      FaultsOf(JoinFaults(Faults({"b", "a"}), Faults({"c"}))),
      ElementsAre(Pair("b", "bad"), Pair("a", "bad"), Pair("c", "bad")));
}

TEST(JoinFaultsTest, IsTheOnlyErrorThereIs) {
  EXPECT_THAT(JoinFaults(absl::OkStatus(), absl::OkStatus()), IsOk());
  EXPECT_THAT(FaultsOf(JoinFaults(absl::OkStatus(), Faults({"a"}))),
              ElementsAre(Pair("a", "bad")));
  EXPECT_THAT(FaultsOf(JoinFaults(Faults({"a"}), absl::OkStatus())),
              ElementsAre(Pair("a", "bad")));
}

TEST(JoinFaultsTest, IsTheFirstIfOneNamesNoField) {
  const absl::Status down = absl::UnavailableError("down");
  EXPECT_THAT(FaultsOf(JoinFaults(Faults({"a"}), down)),
              ElementsAre(Pair("a", "bad")));
  const absl::Status joined = JoinFaults(down, Faults({"a"}));
  EXPECT_THAT(joined, StatusIs(StatusCode::kUnavailable, "down"));
  EXPECT_THAT(FaultsOf(joined), IsEmpty());
}

}  // namespace
}  // namespace kith::gateway
