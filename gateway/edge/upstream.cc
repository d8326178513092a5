#include "gateway/edge/upstream.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/grpc_status.h"
#include "common/status/rpc_status.h"

namespace kith::edge {
namespace {

constexpr absl::Duration kLongestCall = absl::Minutes(5);

std::string Text(const grpc::string_ref& text) {
  return {text.data(), text.size()};
}

Headers HeadersOf(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  Headers headers;
  for (const auto& [name, value] : metadata) {
    headers.emplace_back(Text(name), Text(value));
  }
  return headers;
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

class UpstreamCall final : public Exchange {
 public:
  explicit UpstreamCall(const RpcCall& call)
      : path_(absl::StrCat("/", call.method->service()->full_name(), "/",
                           call.method->name())) {
    const grpc::Slice slice(call.message);
    request_ = grpc::ByteBuffer(&slice, 1);
    for (const auto& [name, value] : call.metadata) {
      context_.AddMetadata(name, value);
    }
    if (call.timeout.has_value()) {
      context_.set_deadline(absl::ToChronoTime(
          absl::Now() + std::min(*call.timeout, kLongestCall)));
    }
  }

  void Cancel() override { context_.TryCancel(); }

  RpcResult ResultOf(const grpc::Status& status) const {
    RpcResult result;
    if (!status.ok()) {
      result.status = status::ToProto(rpc::FromGrpc(status));
    }
    result.leading = HeadersOf(context_.GetServerInitialMetadata());
    result.trailing = HeadersOf(context_.GetServerTrailingMetadata());
    if (status.ok()) result.message = BytesOf(response_);
    return result;
  }

  const std::string path_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
};

}  // namespace

std::shared_ptr<Exchange> Upstream::Start(const RpcCall& call, Done done) {
  auto started = std::make_shared<UpstreamCall>(call);
  stub_.UnaryCall(
      &started->context_, started->path_, grpc::StubOptions(),
      &started->request_, &started->response_,
      [started, done = std::move(done)](const grpc::Status& status) {
        done(started->ResultOf(status));
      });
  return started;
}

}  // namespace kith::edge
