#ifndef KITH_COMMON_RPC_PROCESS_H_
#define KITH_COMMON_RPC_PROCESS_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/server.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/process_options.h"

namespace kith::rpc {

// Parses the flags, and blocks SIGTERM and SIGINT, so that Serve can wait for
// them. Also prepares gRPC and the log for this process. Call it first in main,
// before any other thread starts.
void InitProcess(int argc, char** argv, const std::string& usage);

// Unblocks SIGTERM and SIGINT in this thread, so that they end the process at
// once. For work that takes long and may be interrupted anywhere.
void EndAtSignals();

// Logs each fault. Returns the exit code for main, 2.
int RefuseToStart(const std::vector<std::string>& faults);

// A service of a process, which is served through a DecodingService.
struct NamedService {
  // "kith.contacts.v1.ContactsService".
  absl::string_view full_name;
  grpc::Service& service;
};

// Where a process listens, by name: {"http", "127.0.0.1:8080"}.
using Addresses = std::vector<std::pair<std::string, std::string>>;

// Starts to listen for something beside gRPC, whose server may be called from
// within the process. Returns the addresses.
using ListenBeside = std::function<absl::StatusOr<Addresses>(grpc::Server&)>;

// Serves until SIGTERM or SIGINT: gRPC with health checks on listen_address,
// metrics and health over HTTP on ops_address. The process is ready while
// `probe` returns OK; a separate thread calls it twice a second. Health has the
// same answer for the empty name and for the name of each service.
//
// On the signal, the process drains: it is no longer ready, serves on for
// drain_delay, calls `end_lasting`, and waits at most drain_timeout for running
// calls. If it takes 5 seconds longer than both times, the process exits with
// 1. `end_lasting` ends the calls that only end if somebody ends them, such as
// streams, and refuses new ones; it must not wait. What `beside` has started
// must let its calls end by then. `others` serves the methods that none of the
// services has; nobody does if it is null. `await_beside` waits, at most so
// long, until the calls of what `beside` has started have ended: calls within a
// process are cut off when its server shuts down.
//
// Returns OK after the drain. UNAVAILABLE if it cannot listen; also fails if
// `beside` does, or address_file cannot be written.
absl::Status Serve(
    const ProcessOptions& options, const std::vector<NamedService>& services,
    const std::function<absl::Status()>& probe,
    const std::function<void()>& end_lasting = [] {},
    const ListenBeside& beside =
        [](grpc::Server& /*server*/) { return Addresses(); },
    grpc::CallbackGenericService* others = nullptr,
    const std::function<void(absl::Duration)>& await_beside =
        [](absl::Duration /*most*/) {});

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_PROCESS_H_
