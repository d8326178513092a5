#ifndef KITH_COMMON_RPC_TLS_H_
#define KITH_COMMON_RPC_TLS_H_

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace kith::rpc {

// What one end of a link shows, and whom it believes: paths of PEM files, which
// are read again within a second when they change. None: the link is plain.
struct TlsFiles {
  // Its own certificate, followed by those between it and its authority.
  std::string certificate;
  // The key of that certificate.
  std::string key;
  // The authorities that the other end's certificate must come from.
  std::string ca;

  bool empty() const {
    return certificate.empty() && key.empty() && ca.empty();
  }

  // Adds a line for each file that is missing or no good; the flags are
  // --<prefix>_certificate_file, --<prefix>_key_file and --<prefix>_ca_file.
  void Validate(absl::string_view prefix,
                std::vector<std::string>& faults) const;
};

// For a server: plain without files; with `ca` a caller must show a certificate
// as well.
std::shared_ptr<grpc::ServerCredentials> ServerCredentials(
    const TlsFiles& files);

// For a channel: plain without files; the server's certificate must come from
// `ca` and carry the name, or the address, that the target has.
std::shared_ptr<grpc::ChannelCredentials> ChannelCredentials(
    const TlsFiles& files);

// Whether a link to `target`, an address or a gRPC target such as
// "dns:///localhost:7710", stays on this machine.
bool IsLocal(absl::string_view target);

// Adds a fault where `flag` has a plain link leave this machine.
void CheckPlainLink(absl::string_view flag, absl::string_view target,
                    absl::string_view tls_flag,
                    std::vector<std::string>& faults);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_TLS_H_
