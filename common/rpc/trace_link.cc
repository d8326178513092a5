#include "common/rpc/trace_link.h"

#include <errno.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>  // For messages of stubs.
#include <grpcpp/support/channel_arguments.h>

#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/ops/trace.h"
#include "common/rpc/grpc_status.h"
#include "common/rpc/tls.h"
#include "common/trace/otlp.h"

namespace kith::rpc {
namespace {

using internal::v1::ExportSpansRequest;
using internal::v1::ExportSpansResponse;
using TraceStub =
    grpc::TemplatedGenericStub<ExportSpansRequest, ExportSpansResponse>;

// No pings as MakeChannel has: a collector ends links for one each 20 s.
std::shared_ptr<TraceStub> MakeStub(const ProcessOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
  return std::make_shared<TraceStub>(grpc::CreateCustomChannel(
      options.trace_target,
      ChannelCredentials(
          {/*certificate=*/"", /*key=*/"", options.trace_tls_ca_file}),
      arguments));
}

absl::StatusOr<ExportSpansResponse> SendSpans(TraceStub& stub,
                                              const ExportSpansRequest& request,
                                              absl::Time deadline) {
  grpc::ClientContext call;
  call.set_deadline(absl::ToChronoTime(deadline));
  ExportSpansResponse response;
  absl::Status status;
  absl::Notification done;
  stub.UnaryCall(&call, trace::kExportMethod, grpc::StubOptions(), &request,
                 &response, [&](const grpc::Status& answer) {
                   status = FromGrpc(answer);
                   done.Notify();
                 });
  done.WaitForNotification();
  if (!status.ok()) return status;
  return response;
}

}  // namespace

std::unique_ptr<trace::Exporter> ExportTraces(const ProcessOptions& options,
                                              const std::string& version) {
  if (options.trace_target.empty()) return nullptr;
  ops::SampleTraces(options.trace_ratio);
  return std::make_unique<trace::Exporter>(
      trace::Resource{.service_name = program_invocation_short_name,
                      .service_version = version},
      [stub = MakeStub(options)](const ExportSpansRequest& request,
                                 absl::Time deadline) {
        return SendSpans(*stub, request, deadline);
      });
}

}  // namespace kith::rpc
