#ifndef KITH_GATEWAY_CALLS_ACTIVITY_STUB_H_
#define KITH_GATEWAY_CALLS_ACTIVITY_STUB_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "kith/interactions/v1/summary.pb.h"
#include "kith/internal/v1/encoded.pb.h"

namespace kith::gateway {

// Calls BatchGetActivity of interactions-svc, as its generated `async` class
// does, and leaves the interactions of the answer encoded: a view passes them
// on as they are. Thread-safe.
class ActivityStub {
 public:
  using Request = interactions::v1::BatchGetActivityRequest;
  using Response = internal::v1::EncodedActivity;

  explicit ActivityStub(std::shared_ptr<grpc::Channel> channel)
      : stub_(std::move(channel)) {}

  void BatchGetActivity(grpc::ClientContext* context, const Request* request,
                        Response* response,
                        std::function<void(grpc::Status)> done) {
    static const std::string path =
        "/kith.interactions.v1.InteractionsService/BatchGetActivity";
    stub_.UnaryCall(context, path, grpc::StubOptions(), request, response,
                    std::move(done));
  }

 private:
  grpc::TemplatedGenericStub<Request, Response> stub_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_CALLS_ACTIVITY_STUB_H_
