#include "gateway/edge/testing/edge_harness.h"

#include <grpcpp/server_builder.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/callback_threads.h"

namespace kith::edge {

EdgeHarness::EdgeHarness(EdgeOptions options, config::v1::CallLimits key_limits)
    : limiter_(std::move(key_limits)),
      library_(limiter_),
      decoding_(edgetest::v1::Library::service_full_name(), library_) {
  rpc::KeepCallbackThreads();
  grpc::ServerBuilder builder;
  builder.RegisterService(&decoding_);
  builder.RegisterService(&adder_);
  server_ = builder.BuildAndStart();
  options.address = "127.0.0.1:0";
  auto edge = Edge::Start(options,
                          {edgetest::v1::Library::service_full_name(),
                           edgetest::v1::Adder::service_full_name()},
                          *server_);
  if (!edge.ok()) std::abort();
  edge_ = *std::move(edge);
}

EdgeHarness::~EdgeHarness() {
  // As the gateway does it.
  if (edge_ != nullptr) edge_->Drain();
  server_->Shutdown(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
  server_->Wait();
}

std::string EdgeHarness::Bytes(const std::string& request,
                               const std::string& body, testing::TestKey key) {
  const size_t line = request.find("\r\n");
  const bool bare = line == std::string::npos;
  return absl::StrCat(
      bare ? request : request.substr(0, line), " HTTP/1.1\r\n",
      bare ? "" : request.substr(line + 2),
      "Host: edge.example.com\r\nAuthorization: ", testing::Authorization(key),
      "\r\n",
      body.empty() ? "" : absl::StrCat("Content-Length: ", body.size(), "\r\n"),
      "\r\n", body);
}

RawReply EdgeHarness::Call(const std::string& request,
                           const std::string& body) const {
  return RawClient(address()).Call(Bytes(request, body));
}

}  // namespace kith::edge
