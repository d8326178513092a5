#include "gateway/edge/upstreams/upstream.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/ops/log.h"
#include "common/rpc/grpc_status.h"
#include "common/status/rpc_status.h"
#include "gateway/edge/protocols/messages.h"

namespace kith::edge {
namespace {

constexpr absl::Duration kLongestCall = absl::Minutes(5);
// Of a server that may have no default.
constexpr absl::Duration kDefaultCall = absl::Minutes(1);

std::string Text(const grpc::string_ref& text) {
  return {text.data(), text.size()};
}

// Sets what a call has beside its messages.
void Prepare(const RpcCall& call, std::optional<absl::Duration> timeout,
             grpc::ClientContext& context) {
  for (const auto& [name, value] : call.metadata) {
    context.AddMetadata(name, value);
  }
  if (timeout.has_value()) {
    context.set_deadline(absl::ToChronoTime(absl::Now() + *timeout));
  }
}

struct UnaryCall final : public Exchange {
  void Cancel() override { context.TryCancel(); }

  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
};

}  // namespace

grpc::ByteBuffer BufferOf(absl::string_view bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return {&slice, 1};
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

Headers HeadersOf(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  Headers headers;
  for (const auto& [name, value] : metadata) {
    headers.emplace_back(Text(name), Text(value));
  }
  return headers;
}

RpcResult ResultOf(const grpc::Status& status,
                   const grpc::ClientContext& context, Place place) {
  RpcResult result;
  // A service that says so itself has details beside.
  if (place == Place::kElsewhere &&
      status.error_code() == grpc::StatusCode::UNAVAILABLE &&
      status.error_details().empty()) {
    ops::Log(ops::Severity::kWarning, "a service cannot be reached",
             {{"reason", status.error_message()}});
    result.status = status::ToProto(
        absl::UnavailableError("the service cannot be reached now"));
  } else if (!status.ok()) {
    result.status = status::ToProto(rpc::FromGrpc(status));
  }
  result.leading = HeadersOf(context.GetServerInitialMetadata());
  result.trailing = HeadersOf(context.GetServerTrailingMetadata());
  return result;
}

std::shared_ptr<Exchange> Upstream::Start(const RpcCall& call, Done done) {
  auto started = std::make_shared<UnaryCall>();
  std::optional<absl::Duration> timeout = call.timeout;
  if (!timeout.has_value() && place_ == Place::kElsewhere) {
    timeout = kDefaultCall;
  }
  if (timeout.has_value()) timeout = std::min(*timeout, kLongestCall);
  Prepare(call, timeout, started->context);
  started->request = BufferOf(call.messages.front());
  stub_.UnaryCall(&started->context, PathOf(*call.method), grpc::StubOptions(),
                  &started->request, &started->response,
                  [started, place = place_,
                   done = std::move(done)](const grpc::Status& status) {
                    RpcResult result =
                        ResultOf(status, started->context, place);
                    if (status.ok())
                      result.message = BytesOf(started->response);
                    done(std::move(result));
                  });
  return started;
}

std::shared_ptr<UpstreamStream> Upstream::MakeStream(const RpcCall& call) {
  auto started = std::make_shared<UpstreamStream>(call, place_);
  Prepare(call, call.timeout, started->context());
  started->Prepare(stub_, PathOf(*call.method));
  return started;
}

}  // namespace kith::edge
