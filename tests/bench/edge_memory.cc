#include "tests/bench/edge_memory.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/text_file.h"
#include "common/status/status_macros.h"
#include "tests/bench/http_connection.h"
#include "tests/bench/http_views.h"

namespace kith::bench {
namespace {

using gateway::v1::WatchCustomerRequest;
using gateway::v1::WatchCustomerResponse;
using Connections = std::vector<std::unique_ptr<HttpConnection>>;

// Views of one connection before the first reading: what is allocated once for
// all is there then.
constexpr int kFirstViews = 300;

// Resident memory in KiB.
absl::StatusOr<double> ResidentKib(int pid) {
  KITH_ASSIGN_OR_RETURN(const std::string status,
                        base::ReadFile(absl::StrCat("/proc/", pid, "/status")));
  for (const absl::string_view line : absl::StrSplit(status, '\n')) {
    double kib = 0;
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, absl::ByAnyChar("\t "), absl::SkipEmpty());
    if (words.size() == 3 && words[0] == "VmRSS:" &&
        absl::SimpleAtod(words[1], &kib)) {
      return kib;
    }
  }
  return absl::InternalError("/proc has another format");
}

// An open call over gRPC.
struct GrpcStream {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderInterface<WatchCustomerResponse>> reader;

  ~GrpcStream() {
    context.TryCancel();
    WatchCustomerResponse response;
    while (reader->Read(&response)) {
    }
    reader->Finish();
  }
};

absl::Status AddIdle(const EdgeMemoryOptions& options, int count, int views,
                     Connections& open) {
  const std::string request =
      AllHttpViews().back().request(options.contact_id, options.token);
  for (int i = 0; i < count; ++i) {
    KITH_ASSIGN_OR_RETURN(open.emplace_back(),
                          HttpConnection::Open(options.http));
    for (int view = 0; view < views; ++view) {
      KITH_RETURN_IF_ERROR(open.back()->Call(request).status());
    }
  }
  return absl::OkStatus();
}

absl::Status AddHttpStreams(const EdgeMemoryOptions& options, int count,
                            Connections& open) {
  const std::string request = WatchRequest(options.contact_id, options.token);
  for (int i = 0; i < count; ++i) {
    KITH_ASSIGN_OR_RETURN(open.emplace_back(),
                          HttpConnection::Open(options.http));
    KITH_RETURN_IF_ERROR(open.back()->OpenStream(request));
  }
  return absl::OkStatus();
}

absl::Status AddGrpcStreams(const EdgeMemoryOptions& options,
                            const Targets& targets, int count,
                            std::vector<std::unique_ptr<GrpcStream>>& open) {
  WatchCustomerRequest request;
  request.mutable_customer()->set_contact_id(options.contact_id);
  for (int i = 0; i < count; ++i) {
    auto stream = std::make_unique<GrpcStream>();
    stream->reader = targets.Watch(stream->context, i, request);
    WatchCustomerResponse response;
    const bool answered = stream->reader->Read(&response);
    open.push_back(std::move(stream));
    if (!answered) return absl::UnavailableError("a stream over gRPC ended");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EdgeMemory> MeasureEdgeMemory(const EdgeMemoryOptions& options,
                                             const Targets& targets) {
  // All stay open until the end: what some leave free, the next would use.
  Connections connections;
  std::vector<std::unique_ptr<GrpcStream>> streams;
  KITH_RETURN_IF_ERROR(AddIdle(options, 1, kFirstViews, connections));
  KITH_RETURN_IF_ERROR(AddHttpStreams(options, 1, connections));
  KITH_RETURN_IF_ERROR(AddGrpcStreams(options, targets, 1, streams));
  std::vector<double> kib(4);
  KITH_ASSIGN_OR_RETURN(kib[0], ResidentKib(options.gateway_pid));
  KITH_RETURN_IF_ERROR(AddIdle(options, options.connections, 1, connections));
  KITH_ASSIGN_OR_RETURN(kib[1], ResidentKib(options.gateway_pid));
  KITH_RETURN_IF_ERROR(AddHttpStreams(options, options.streams, connections));
  KITH_ASSIGN_OR_RETURN(kib[2], ResidentKib(options.gateway_pid));
  KITH_RETURN_IF_ERROR(
      AddGrpcStreams(options, targets, options.streams, streams));
  KITH_ASSIGN_OR_RETURN(kib[3], ResidentKib(options.gateway_pid));
  return EdgeMemory{.connections = options.connections,
                    .connection_kib = (kib[1] - kib[0]) / options.connections,
                    .streams = options.streams,
                    .http_stream_kib = (kib[2] - kib[1]) / options.streams,
                    .grpc_stream_kib = (kib[3] - kib[2]) / options.streams};
}

}  // namespace kith::bench
