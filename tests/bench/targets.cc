#include "tests/bench/targets.h"

#include "absl/strings/str_cat.h"

namespace kith::bench {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

std::shared_ptr<grpc::Channel> Connect(const std::string& target) {
  grpc::ChannelArguments arguments;
  // Else equal channels would share one connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(),
                                   arguments);
}

absl::Status CheckServing(const HealthCheckResponse& response) {
  return response.status() == HealthCheckResponse::SERVING
             ? absl::OkStatus()
             : absl::UnavailableError("not serving");
}

}  // namespace

Targets::Targets(const std::string& gateway, const std::string& identity,
                 const std::string& token, int connections)
    : authorization_(absl::StrCat("Bearer ", token)),
      used_(static_cast<size_t>(connections)) {
  for (int i = 0; i < connections; ++i) {
    channels_.push_back(Connect(gateway));
    gateway_.push_back(Gateway::NewStub(channels_.back()));
    health_.push_back(Health::NewStub(channels_.back()));
    channels_.push_back(Connect(identity));
    identity_.push_back(Identity::NewStub(channels_.back()));
  }
}

bool Targets::WaitConnected(absl::Time deadline) const {
  for (const std::shared_ptr<grpc::Channel>& channel : channels_) {
    if (!channel->WaitForConnected(absl::ToChronoTime(deadline))) return false;
  }
  return true;
}

void Targets::CallNothing(uint64_t call, Done done) const {
  Health::StubInterface* const stub = health_[call % used_].get();
  Call(stub->async(), &Health::StubInterface::async_interface::Check,
       HealthCheckRequest(), CheckServing, std::move(done));
}

}  // namespace kith::bench
