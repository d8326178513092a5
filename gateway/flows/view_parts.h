#ifndef KITH_GATEWAY_FLOWS_VIEW_PARTS_H_
#define KITH_GATEWAY_FLOWS_VIEW_PARTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/request_context.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/task.h"
#include "google/protobuf/field_mask.pb.h"
#include "kith/gateway/v1/gateway.pb.h"

namespace kith::gateway {

// Which parts of a view are asked for.
struct WantedParts {
  bool contact = true;
  bool identities = true;
  bool summary = true;
  bool interactions = true;
  int32_t interactions_size = 20;

  // INVALID_ARGUMENT for an unknown path or a negative size.
  static absl::StatusOr<WantedParts> Make(
      const google::protobuf::FieldMask& read_mask, int32_t interactions_size);
};

// The parts of the views of several customers that are under way: asked for
// when it is made, awaited with Collect. A customer is the set of its members.
class ViewParts {
 public:
  ViewParts(const Backends& backends, const base::RequestContext& context,
            const std::vector<std::vector<std::string>>& sets,
            WantedParts wanted);

  // Waits for what is under way; call it once, before Fill.
  Task<absl::Status> Collect();

  // Moves the parts of the set with this index into `view`, and says in
  // `sources` which are missing, and why. Call it once for each set.
  void Fill(int set, v1::CustomerView& view);

 private:
  using Identities = identity::v1::ListIdentitiesResponse;
  using Activity = interactions::v1::BatchGetActivityResponse;

  // Sets that are asked for in one call of each service.
  struct Batch {
    std::optional<PendingCall<Identities>> identities_call;
    std::optional<PendingCall<Activity>> activity_call;
    absl::StatusOr<Identities> identities = Identities();
    absl::StatusOr<Activity> activity = Activity();
  };

  // Where the parts of a set are.
  struct Place {
    size_t batch;
    int index;
  };

  void Ask(const Backends& backends, const base::RequestContext& context,
           const std::vector<common::v1::ContactSet>& sets);

  const WantedParts wanted_;
  std::vector<Batch> batches_;
  std::vector<Place> places_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_VIEW_PARTS_H_
