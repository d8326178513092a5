#include "gateway/edge/testing/adder_service.h"

namespace kith::edge {
namespace {

class SumReactor final
    : public grpc::ServerReadReactor<edgetest::v1::SumRequest> {
 public:
  explicit SumReactor(edgetest::v1::SumResponse& reply) : reply_(reply) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    reply_.set_total(reply_.total() + request_.n());
    StartRead(&request_);
  }

  void OnDone() override { delete this; }

 private:
  edgetest::v1::SumResponse& reply_;
  edgetest::v1::SumRequest request_;
};

}  // namespace

grpc::ServerReadReactor<edgetest::v1::SumRequest>* AdderService::Sum(
    grpc::CallbackServerContext* /*call*/, edgetest::v1::SumResponse* reply) {
  return new SumReactor(*reply);
}

}  // namespace kith::edge
