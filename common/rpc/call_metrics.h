#ifndef KITH_COMMON_RPC_CALL_METRICS_H_
#define KITH_COMMON_RPC_CALL_METRICS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/ops/metrics.h"
#include "google/protobuf/descriptor.h"

namespace kith::rpc {

// The metrics of one method: how many calls start, how they end, and how long
// they take. Names are those of go-grpc-prometheus. Make one object for each
// method and keep it, so that no call has to look up a metric. Thread-safe.
class CallMetrics {
 public:
  // The end of the link that counts.
  enum class Side { kServer, kClient };

  // Creates the metrics of the method, so that they can be scraped from the
  // start.
  CallMetrics(Side side, const google::protobuf::MethodDescriptor& method);

  // Counts a call that starts, and its request message.
  void NoteStart() const;

  // Counts one response message of a stream.
  void NoteMessage() const { answers_.Increment(); }

  // Counts the end of a call, and observes its duration. If the method is unary
  // and the code is OK, also counts the response message. An unknown code
  // counts as UNKNOWN.
  void NoteEnd(absl::StatusCode code, absl::Duration took) const;

 private:
  const bool unary_;
  prometheus::Counter& started_;
  prometheus::Counter& requests_;
  prometheus::Counter& answers_;
  prometheus::Histogram& seconds_;
  std::vector<prometheus::Counter*> ended_;
};

// Returns the code as go-grpc-prometheus spells it: "NotFound".
std::string CodeName(absl::StatusCode code);

// Returns the method that takes this request; in Kith's protos each method has
// its own request message. Aborts the process if there is none.
const google::protobuf::MethodDescriptor& MethodOf(
    const google::protobuf::Descriptor& request);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_CALL_METRICS_H_
