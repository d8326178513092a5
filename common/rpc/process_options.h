#ifndef KITH_COMMON_RPC_PROCESS_OPTIONS_H_
#define KITH_COMMON_RPC_PROCESS_OPTIONS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/auth/credentials.h"
#include "common/auth/live_keys.h"
#include "common/rpc/tls.h"

namespace kith::rpc {

// The options that every Kith process has, as read from its flags.
struct ProcessOptions {
  std::string listen_address;
  std::string ops_address;
  std::string address_file;
  std::string keys_file;
  std::string tenants_file;
  // May be empty: then no token is accepted.
  std::string issuers_file;
  // For listen_address. If `ca` is set, callers must present a certificate.
  TlsFiles tls;
  // Allows links without TLS that leave this machine.
  bool allow_plaintext = false;
  bool reflection = false;
  absl::Duration drain_delay;
  absl::Duration drain_timeout;
  absl::Duration max_connection_age;
  int max_request_bytes = 0;
  // Where spans go, a gRPC target; none are made if it is empty.
  std::string trace_target;
  // Which part of the traces that begin here is sampled.
  double trace_ratio = 0;
  // Of the link to trace_target.
  std::string trace_tls_ca_file;

  // Reads the flags. Abseil's own flags (--flagfile, --fromenv) work as well.
  static ProcessOptions FromFlags();

  // The files that say who may call.
  auth::KeyFiles key_files() const {
    return {keys_file, tenants_file, issuers_file};
  }

  // Reads the key files and starts to watch them. Returns null, and adds a line
  // to `faults`, if that fails. Returns null if a file is not given; Validate
  // tells that.
  std::shared_ptr<const auth::LiveKeys> LoadKeys(
      std::vector<std::string>& faults) const;

  // Adds one line to `faults` for each bad option.
  void Validate(std::vector<std::string>& faults) const;

  // Adds a line to `faults` if the value of a flag is no address that gRPC may
  // listen on with these options.
  void CheckListenAddress(const std::string& flag, const std::string& address,
                          std::vector<std::string>& faults) const;

 private:
  void CheckTraces(std::vector<std::string>& faults) const;
};

// Adds a fault if `address` is not "host:port". Returns true if it is.
bool CheckAddress(const std::string& flag, const std::string& address,
                  std::vector<std::string>& faults);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_PROCESS_OPTIONS_H_
