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

// What every Kith process is told by its flags.
struct ProcessOptions {
  std::string listen_address;
  std::string ops_address;
  std::string address_file;
  std::string keys_file;
  std::string tenants_file;
  // Of listen_address; a caller's certificate is asked for where `ca` is given.
  TlsFiles tls;
  // Lets plain links leave this machine.
  bool allow_plaintext = false;
  bool reflection = false;
  absl::Duration drain_delay;
  absl::Duration drain_timeout;
  absl::Duration max_connection_age;
  int max_request_bytes;

  // Reads the flags; all of Abseil's (--flagfile, --fromenv) work as well.
  static ProcessOptions FromFlags();

  // Adds a line for each fault.
  void Validate(std::vector<std::string>& faults) const;
};

// Adds a fault where `address` is no "host:port", and says whether it is one.
bool CheckAddress(const std::string& flag, const std::string& address,
                  std::vector<std::string>& faults);

// First thing in main, before any thread: parses the flags, and keeps SIGTERM
// and SIGINT for Serve.
void InitProcess(int argc, char** argv, const std::string& usage);

// Lets SIGTERM and SIGINT end the process again, as in any other: for work that
// takes long and may end anywhere.
void EndAtSignals();

// Tells each fault in the log; the exit code for main.
int RefuseToStart(const std::vector<std::string>& faults);

// Calls that last until they are told to end.
struct LastingCalls {
  // Theirs, to be served as well; null where it is the one that is served.
  grpc::Service* service;
  // Ends its calls, and refuses others; does not wait.
  std::function<void()> end;
};

// Serves until SIGTERM or SIGINT: gRPC with health on listen_address, metrics
// and health over HTTP on ops_address. Ready while `probe`, called twice a
// second on a thread of its own, answers OK. On the signal it is not ready any
// more, serves on for drain_delay, ends `lasting` calls, and then waits at most
// drain_timeout for running ones. Answers OK then, or UNAVAILABLE where it
// cannot listen.
absl::Status Serve(const ProcessOptions& options, grpc::Service& service,
                   const std::function<absl::Status()>& probe,
                   const LastingCalls* lasting = nullptr);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_PROCESS_H_
