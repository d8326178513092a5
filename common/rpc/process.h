#ifndef KITH_COMMON_RPC_PROCESS_H_
#define KITH_COMMON_RPC_PROCESS_H_

#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/process_options.h"
#include "common/rpc/servable.h"
#include "common/trace/exporter.h"

namespace kith::rpc {

// Parses the flags, and blocks SIGTERM and SIGINT, so that a Process can wait
// for them. Also prepares gRPC and the log for this process. Call it first in
// main, before any other thread starts.
void InitProcess(int argc, char** argv, const std::string& usage);

// Unblocks SIGTERM and SIGINT in this thread, so that they end the process at
// once. For work that takes long and may be interrupted anywhere.
void EndAtSignals();

// Logs each fault. Returns the exit code for main, 2.
int RefuseToStart(const std::vector<std::string>& faults);

// Logs how some work ended. Returns the exit code for main, 0 or 1.
int Report(absl::string_view what, const absl::Status& status);

// The gRPC servers of this process, with one ops server, and one drain.
class Process {
 public:
  explicit Process(ProcessOptions options);

  // Ends the servers that Run has not.
  ~Process();

  // Starts a gRPC server with health checks, which have the same answer for the
  // empty name and for the name of each service. `name` is that of its address
  // in address_file and in the log. If `address` is empty, the server can be
  // called within the process alone. `served` may call the servers that were
  // started before, from its construction to its destruction: each server and
  // what it serves is destroyed before the servers before it shut down.
  // UNAVAILABLE if it cannot listen; the error of ListenBeside if that fails.
  absl::StatusOr<grpc::Server*> Start(const std::string& name,
                                      const std::string& address,
                                      std::unique_ptr<Servable> served);

  // Serves until SIGTERM or SIGINT, with metrics and health over HTTP on
  // ops_address. The process is ready while each probe returns OK.
  //
  // On the signal, the process drains: it is no longer ready, serves on for
  // drain_delay, ends what lasts, and waits at most drain_timeout for running
  // calls. The last server ends first, with what it serves, as that may call
  // those before it. If the process has not ended 5 seconds after both times,
  // such as because a thread waits for the database, it exits with 1; this
  // holds until the Process is destroyed.
  //
  // Returns OK after the drain. UNAVAILABLE if it cannot listen for ops; also
  // fails if address_file cannot be written. All servers have ended.
  absl::Status Run();

 private:
  struct Member;
  class StopLimit;

  bool IsReady() const;
  absl::Status Announce(const std::string& ops_address) const;
  void Drain();
  void ShutDown();

  const ProcessOptions options_;
  // From the signal on. Ends last, so that it holds while all others end.
  std::unique_ptr<StopLimit> limit_;
  // Ends after the servers, so that the spans of the last calls are sent.
  const std::unique_ptr<trace::Exporter> traces_;
  std::vector<std::unique_ptr<Member>> members_;
};

// Runs a process with one server, on listen_address.
absl::Status Serve(const ProcessOptions& options,
                   std::unique_ptr<Servable> served);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_PROCESS_H_
