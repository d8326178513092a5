#ifndef KITH_COMMON_RPC_CALL_METRICS_H_
#define KITH_COMMON_RPC_CALL_METRICS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/ops/metrics.h"
#include "google/protobuf/descriptor.h"

namespace kith::rpc {

// How often a method is called, how it ends and how long it takes, named
// as in go-grpc-prometheus. Make one for each method and keep it: what happens
// in a call looks nothing up. Thread-safe.
class CallMetrics {
 public:
  // The end of the link that counts.
  enum class Side { kServer, kClient };

  CallMetrics(Side side, const google::protobuf::MethodDescriptor& method);

  // The message that begins a call is on its way.
  void NoteStart() const;

  // A message of a stream that answers it.
  void NoteMessage() const { answers_.Increment(); }

  // It came to this; where the method is unary, with a message if OK.
  void NoteEnd(absl::StatusCode code, absl::Duration took) const;

 private:
  const bool unary_;
  prometheus::Counter& started_;
  prometheus::Counter& requests_;
  prometheus::Counter& answers_;
  prometheus::Histogram& seconds_;
  std::vector<prometheus::Counter*> ended_;
};

// A code as go-grpc-prometheus spells it: "NotFound".
std::string CodeName(absl::StatusCode code);

// The method that takes this request: each has one of its own. Ends the process
// where there is none.
const google::protobuf::MethodDescriptor& MethodOf(
    const google::protobuf::Descriptor& request);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_CALL_METRICS_H_
