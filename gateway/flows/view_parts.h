#ifndef KITH_GATEWAY_FLOWS_VIEW_PARTS_H_
#define KITH_GATEWAY_FLOWS_VIEW_PARTS_H_

#include <cstddef>
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
  bool threads = true;
  bool actions = true;
  bool may_be = true;
  int32_t interactions_size = 20;
  // Also the identities that the customer held in the past.
  bool past_identities = false;

  // The identities say whether there is a part may_be.
  bool needs_identities() const { return identities || may_be; }

  // INVALID_ARGUMENT for an unknown path or a negative size.
  static absl::StatusOr<WantedParts> Make(
      const google::protobuf::FieldMask& read_mask, int32_t interactions_size);
};

// A customer whose parts are read.
struct MemberSet {
  std::vector<std::string> contact_ids;
  // All identities of these contacts, if they are known already.
  std::optional<identity::v1::ListIdentitiesResponse::Result> identities;
};

// What the services returned about one customer. A part that is not wanted is
// an error, which FillView does not look at.
struct CollectedParts {
  absl::StatusOr<identity::v1::ListIdentitiesResponse::Result> identities;
  absl::StatusOr<internal::v1::EncodedActivity::Result> activity;
  // The newest interactions of the stand-ins whose values the customer shares.
  absl::StatusOr<internal::v1::EncodedActivity::Result> may_be =
      internal::v1::EncodedActivity::Result();
};

// Moves the wanted parts into `view`, and lists them in `view.parts` with the
// error of each that is missing. The interactions are added as they are encoded
// (api::AddEncoded).
void FillView(CollectedParts parts, const WantedParts& wanted,
              v1::CustomerView& view);

// Reads the parts of the views of several customers, in few calls. Not
// thread-safe.
class ViewParts {
 public:
  // `backends` and `context` must outlive it.
  ViewParts(const Backends& backends, const base::RequestContext& context,
            const WantedParts& wanted)
      : backends_(backends), context_(context), wanted_(wanted) {}

  // Adds a customer, and returns its index in the result of Collect.
  size_t Add(MemberSet members);

  const std::vector<std::string>& contact_ids(size_t index) const {
    return members_[index].contact_ids;
  }

  // Starts the calls for the customers that were added since the last time.
  void Ask();

  // Waits for all calls, and returns the parts of each customer. Call it once,
  // after the last Ask.
  Task<std::vector<CollectedParts>> Collect();

 private:
  // A call, and the indexes of the customers that it asks for.
  template <typename Response>
  struct Asked {
    std::vector<size_t> indexes;
    PendingCall<Response> call;
  };

  // Divides customers among calls.
  std::vector<std::vector<size_t>> Divide(
      const std::vector<size_t>& indexes) const;

  void AskIdentities(std::vector<size_t> indexes);
  void AskActivity(std::vector<size_t> indexes);

  // Reads the part may_be of those who share a value, which takes a call if
  // there are any. Returns their number.
  Task<int> CollectMayBe(std::vector<CollectedParts>& parts) const;

  // Adds the customers to the sets of `request`, and returns the context of its
  // call.
  template <typename Request>
  base::RequestContext AddSets(const std::vector<size_t>& indexes,
                               Request& request) const;

  const Backends& backends_;
  const base::RequestContext& context_;
  const WantedParts wanted_;
  std::vector<MemberSet> members_;
  // How many of them were asked for.
  size_t asked_ = 0;
  std::vector<Asked<identity::v1::ListIdentitiesResponse>> identities_;
  std::vector<Asked<internal::v1::EncodedActivity>> activity_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_FLOWS_VIEW_PARTS_H_
