#ifndef KITH_GATEWAY_WATCH_WATCH_STREAM_H_
#define KITH_GATEWAY_WATCH_WATCH_STREAM_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/server_stream.h"
#include "gateway/calls/task.h"
#include "gateway/flows/customer_flow.h"
#include "gateway/watch/watch_hub.h"
#include "kith/gateway/v1/watch.pb.h"

namespace kith::gateway {

// One stream of WatchCustomer. It takes what to send from the hub. A message
// about a merge is sent only after the group's new members are watched: so
// whoever reads the view on receiving it misses no later change.
class WatchStream final : public rpc::ServerStream<v1::WatchCustomerResponse>,
                          public std::enable_shared_from_this<WatchStream> {
 public:
  // What all streams share. It must outlive their calls.
  struct Source {
    WatchHub& hub;
    const CustomerFlow& customers;
    const rpc::CallGate& gate;
    // A stream without changes sends its token at this interval.
    absl::Duration heartbeat;
  };

  WatchStream(const Source& source, v1::WatchCustomerRequest request)
      : ServerStream(source.heartbeat),
        source_(source),
        request_(std::move(request)) {}

 private:
  absl::Status Start() override;
  Step Next(v1::WatchCustomerResponse& message) override;
  // Finds the members again.
  bool Work() override;
  void Stamp(v1::WatchCustomerResponse& message) override;
  bool Last(v1::WatchCustomerResponse& message) override;
  void Released() override;

  // Find reads the customer's group: FindFirst finds the position and the
  // members to watch; FindAgain reads the members that there are now.
  Task<absl::Status> Find();
  Task<absl::Status> FindFirst();
  Task<absl::Status> FindAgain();
  static Detached RunFind(std::shared_ptr<WatchStream> stream);
  // Returns the positions to start from: those of the resume_token, else the
  // hub's. UNAVAILABLE if the hub has no positions yet.
  absl::StatusOr<FeedPositions> StartPositions() const;

  // Returns the context for a read of contacts that starts now.
  base::RequestContext Context() const;

  const Source& source_;
  const v1::WatchCustomerRequest request_;
  const absl::Time opened_ = absl::Now();
  std::shared_ptr<WatchHub::Watcher> watcher_;
  std::string contact_id_;
  std::string canonical_id_;
  // What the next message is made of, and whether that waits for the members to
  // be read.
  WatchHub::Batch batch_;
  bool waits_ = false;
  // The token of the last message; empty before the first.
  std::string token_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_WATCH_WATCH_STREAM_H_
