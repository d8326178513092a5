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
#include "kith/gateway/v1/customer_view.pb.h"

namespace kith::gateway {

// The parts of a view that the caller asks for.
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

// The parts of the views of several customers. The constructor starts the
// calls, Collect waits for them. A customer is the set of its members. Not
// thread-safe.
class ViewParts {
 public:
  ViewParts(const Backends& backends, const base::RequestContext& context,
            const std::vector<std::vector<std::string>>& sets,
            WantedParts wanted);

  // Waits for all calls. Call it once, before Fill.
  Task<absl::Status> Collect();

  // Moves the parts of the set with this index into `view`, and lists them in
  // `view.parts` with the error of each that is missing. Call it once for each
  // set.
  void Fill(int set, v1::CustomerView& view);

 private:
  using Identities = identity::v1::ListIdentitiesResponse;
  using Activity = interactions::v1::BatchGetActivityResponse;

  // The sets that are in one call to each service.
  struct Batch {
    std::optional<PendingCall<Identities>> identities_call;
    std::optional<PendingCall<Activity>> activity_call;
    absl::StatusOr<Identities> identities = Identities();
    absl::StatusOr<Activity> activity = Activity();
  };

  // The batch that a set is in, and its index there.
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
