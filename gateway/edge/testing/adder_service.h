#ifndef KITH_GATEWAY_EDGE_TESTING_ADDER_SERVICE_H_
#define KITH_GATEWAY_EDGE_TESTING_ADDER_SERVICE_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "kith/edgetest/v1/library.grpc.pb.h"

namespace kith::edge {

// Takes a stream of requests, from anybody.
class AdderService final : public edgetest::v1::Adder::CallbackService {
 public:
  grpc::ServerReadReactor<edgetest::v1::SumRequest>* Sum(
      grpc::CallbackServerContext* call,
      edgetest::v1::SumResponse* reply) override;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_TESTING_ADDER_SERVICE_H_
