#include "interactions-svc/threads/thread_validation.h"

#include <string>
#include <vector>

#include "common/testing/matchers.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

constexpr char kThread[] = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b7";

v1::UpdateThreadRequest Updating(const std::vector<std::string>& paths,
                                 v1::ThreadState state,
                                 v1::Resolution resolution) {
  v1::UpdateThreadRequest request;
  request.mutable_thread()->set_thread_id(kThread);
  request.mutable_thread()->set_state(state);
  request.mutable_thread()->set_resolution(resolution);
  request.mutable_update_mask()->mutable_paths()->Add(paths.begin(),
                                                      paths.end());
  return request;
}

TEST(ThreadValidationTest, AMaskMayNameTheResolutionBesideTheState) {
  for (const std::vector<std::string>& paths :
       {std::vector<std::string>{"state"}, {"state", "resolution"}}) {
    EXPECT_THAT(Validate(Updating(paths, v1::THREAD_STATE_RESOLVED,
                                  v1::RESOLUTION_ANSWERED)),
                IsOk());
    EXPECT_THAT(Validate(Updating(paths, v1::THREAD_STATE_RESOLVED,
                                  v1::RESOLUTION_UNSPECIFIED)),
                StatusIs(StatusCode::kInvalidArgument, "thread.resolution"));
    EXPECT_THAT(Validate(Updating(paths, v1::THREAD_STATE_OPEN,
                                  v1::RESOLUTION_UNSPECIFIED)),
                IsOk());
  }
}

TEST(ThreadValidationTest, AResolutionGoesWithTheStateResolved) {
  EXPECT_THAT(Validate(Updating({"resolution"}, v1::THREAD_STATE_RESOLVED,
                                v1::RESOLUTION_ANSWERED)),
              StatusIs(StatusCode::kInvalidArgument, "goes with \"state\""));
  EXPECT_THAT(
      Validate(Updating({"state", "resolution"}, v1::THREAD_STATE_WAITING,
                        v1::RESOLUTION_ANSWERED)),
      StatusIs(StatusCode::kInvalidArgument, "thread.resolution"));
  // As it was read, and not meant.
  EXPECT_THAT(Validate(Updating({"state"}, v1::THREAD_STATE_OPEN,
                                v1::RESOLUTION_ANSWERED)),
              IsOk());
}

}  // namespace
}  // namespace kith::interactions
