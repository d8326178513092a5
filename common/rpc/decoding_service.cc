#include "common/rpc/decoding_service.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/slice.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"

namespace kith::rpc {
namespace {

using grpc::internal::MethodHandler;
using grpc::internal::RpcMethod;

// Of the call that this thread begins to handle.
thread_local std::optional<std::string> undecoded;

using Payload =
    std::unique_ptr<grpc_byte_buffer, decltype(&grpc_byte_buffer_destroy)>;

// Shares the bytes of `payload`, which is null if the caller sent no message.
Payload Share(grpc_byte_buffer* payload) {
  return {payload == nullptr ? nullptr : grpc_byte_buffer_copy(payload),
          &grpc_byte_buffer_destroy};
}

std::string Bytes(const Payload& payload) {
  grpc_byte_buffer_reader reader;
  if (payload == nullptr ||
      grpc_byte_buffer_reader_init(&reader, payload.get()) == 0) {
    return "";
  }
  const grpc_slice slice = grpc_byte_buffer_reader_readall(&reader);
  grpc_byte_buffer_reader_destroy(&reader);
  std::string bytes(reinterpret_cast<const char*>(GRPC_SLICE_START_PTR(slice)),
                    GRPC_SLICE_LENGTH(slice));
  grpc_slice_unref(slice);
  return bytes;
}

// Handles the calls of one method by the handler that gRPC generated for it.
class DecodingHandler final : public MethodHandler {
 public:
  DecodingHandler(MethodHandler& generated, bool is_stream)
      : generated_(generated), is_stream_(is_stream) {}

  void* Deserialize(grpc_call* call, grpc_byte_buffer* payload,
                    grpc::Status* status, void** handler_data) override {
    // The generated handler consumes the payload.
    const Payload shared = Share(payload);
    void* const request =
        generated_.Deserialize(call, payload, status, handler_data);
    if (status->ok()) return request;
    *status = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                           "the request cannot be decoded", Bytes(shared));
    // A unary handler has its request, with what was decoded, in handler_data.
    return is_stream_ ? EmptyRequest(call, handler_data) : nullptr;
  }

  void RunHandler(const HandlerParameter& parameter) override {
    if (parameter.status.ok()) return generated_.RunHandler(parameter);
    undecoded = parameter.status.error_details();
    const absl::Cleanup forget = [] { undecoded.reset(); };
    // With another status it would call no method of the service.
    generated_.RunHandler({parameter.call, parameter.server_context,
                           parameter.request, grpc::Status(),
                           parameter.internal_data, parameter.call_requester});
  }

 private:
  void* EmptyRequest(grpc_call* call, void** handler_data) {
    grpc_slice none = grpc_empty_slice();
    grpc::Status status;
    return generated_.Deserialize(call, grpc_raw_byte_buffer_create(&none, 1),
                                  &status, handler_data);
  }

  MethodHandler& generated_;
  const bool is_stream_;
};

// Only a service may ask a service for its handlers.
class AnyService final : public grpc::Service {
 public:
  static MethodHandler& HandlerOf(grpc::Service& service, int method) {
    return *(service.*&AnyService::GetHandler)(method);
  }
};

}  // namespace

std::optional<std::string> TakeUndecodedRequest() {
  return std::exchange(undecoded, std::nullopt);
}

DecodingService::DecodingService(absl::string_view full_name,
                                 grpc::Service& service) {
  const auto& descriptor =
      *google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
          std::string(full_name));
  paths_.reserve(descriptor.method_count());
  for (int i = 0; i < descriptor.method_count(); ++i) {
    const auto& method = *descriptor.method(i);
    const bool is_stream = method.server_streaming();
    paths_.push_back(absl::StrCat("/", full_name, "/", method.name()));
    AddMethod(new grpc::internal::RpcServiceMethod(
        paths_.back().c_str(),
        is_stream ? RpcMethod::SERVER_STREAMING : RpcMethod::NORMAL_RPC,
        nullptr));
    MarkMethodCallback(
        i, new DecodingHandler(AnyService::HandlerOf(service, i), is_stream));
  }
}

}  // namespace kith::rpc
