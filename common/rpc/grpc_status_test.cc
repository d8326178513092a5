#include "common/rpc/grpc_status.h"

#include "common/api/too_busy.h"
#include "common/status/rpc_status.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace kith::rpc {
namespace {

TEST(GrpcStatusTest, EveryCodeAndItsTextComeBack) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "text");
    EXPECT_EQ(static_cast<int>(ToGrpc(status).error_code()), code);
    EXPECT_EQ(ToGrpc(status).error_message(), "text");
    EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
  }
}

TEST(GrpcStatusTest, DetailsComeBack) {
  const absl::Status status =
      api::TooBusyError("full", absl::Milliseconds(2500));
  EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
  const auto retry =
      status::FindDetail<google::rpc::RetryInfo>(FromGrpc(ToGrpc(status)));
  ASSERT_TRUE(retry.has_value());
  EXPECT_EQ(retry->retry_delay().seconds(), 2);
  EXPECT_EQ(retry->retry_delay().nanos(), 500'000'000);
}

TEST(GrpcStatusTest, DetailsOfAnotherKindAreLeftOut) {
  EXPECT_EQ(FromGrpc(grpc::Status(grpc::NOT_FOUND, "no", "\xFF nonsense")),
            absl::NotFoundError("no"));
}

TEST(GrpcStatusTest, OkIsOk) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
}

}  // namespace
}  // namespace kith::rpc
