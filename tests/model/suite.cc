#include "tests/model/suite.h"

#include "gateway/gateway_service.h"

namespace kith::model {

Suite::Suite()
    : service_(std::make_unique<gateway::GatewayService>(
          calls_, watches_, backends_, clock_, /*links=*/nullptr,
          /*hooks=*/nullptr)) {
  grpc::ServerBuilder builder;
  builder.RegisterService(service_.get());
  server_ = builder.BuildAndStart();
  stub_ = Gateway::NewStub(server_->InProcessChannel({}));
  contacts_stub_ = Contacts::NewStub(contacts_.channel());
  interactions_stub_ = Interactions::NewStub(interactions_.channel());
}

Suite::~Suite() {
  server_->Shutdown();
  server_->Wait();
}

}  // namespace kith::model
