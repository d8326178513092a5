#ifndef KITH_COMMON_RPC_PROCESS_H_
#define KITH_COMMON_RPC_PROCESS_H_

#include <grpcpp/impl/codegen/service_type.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/auth/credentials.h"
#include "common/rpc/tls.h"

namespace kith::rpc {

// The options that every Kith process has, as read from its flags.
struct ProcessOptions {
  std::string listen_address;
  std::string ops_address;
  std::string address_file;
  std::string keys_file;
  std::string tenants_file;
  // For listen_address. If `ca` is set, callers must present a certificate.
  TlsFiles tls;
  // Allows links without TLS that leave this machine.
  bool allow_plaintext = false;
  bool reflection = false;
  absl::Duration drain_delay;
  absl::Duration drain_timeout;
  absl::Duration max_connection_age;
  int max_request_bytes;

  // Reads the flags. Abseil's own flags (--flagfile, --fromenv) work as well.
  static ProcessOptions FromFlags();

  // Adds one line to `faults` for each bad option.
  void Validate(std::vector<std::string>& faults) const;
};

// Adds a fault if `address` is not "host:port". Returns true if it is.
bool CheckAddress(const std::string& flag, const std::string& address,
                  std::vector<std::string>& faults);

// Parses the flags, and blocks SIGTERM and SIGINT, so that Serve can wait for
// them. Also prepares gRPC and the log for this process. Call it first in main,
// before any other thread starts.
void InitProcess(int argc, char** argv, const std::string& usage);

// Unblocks SIGTERM and SIGINT in this thread, so that they end the process at
// once. For work that takes long and may be interrupted anywhere.
void EndAtSignals();

// Logs each fault. Returns the exit code for main, 2.
int RefuseToStart(const std::vector<std::string>& faults);

// A service's long calls, such as streams, which only end if somebody ends
// them.
struct LastingCalls {
  // The service of these calls, which is to be served as well. Null if it is
  // the main service.
  grpc::Service* service;
  // Ends the calls, and refuses new ones. Must not wait.
  std::function<void()> end;
};

// Serves until SIGTERM or SIGINT: gRPC with health checks on listen_address,
// metrics and health over HTTP on ops_address. The process is ready while
// `probe` returns OK; a separate thread calls it twice a second.
//
// On the signal, the process drains: it is no longer ready, serves on for
// drain_delay, ends the `lasting` calls, and waits at most drain_timeout for
// running calls. If it takes 5 seconds longer than both times, the process
// exits with 1.
//
// Returns OK after the drain. UNAVAILABLE if it cannot listen; also fails if
// address_file cannot be written.
absl::Status Serve(const ProcessOptions& options, grpc::Service& service,
                   const std::function<absl::Status()>& probe,
                   const LastingCalls* lasting = nullptr);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_PROCESS_H_
