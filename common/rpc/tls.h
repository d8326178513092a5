#ifndef KITH_COMMON_RPC_TLS_H_
#define KITH_COMMON_RPC_TLS_H_

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace kith::rpc {

// The files of one end of a TLS link: what it presents, and whom it trusts.
// Paths of PEM files. A changed file is read again within a second. If all are
// empty, the link is plaintext.
struct TlsFiles {
  // This end's certificate, followed by the certificates between it and its
  // authority.
  std::string certificate;
  // The key of that certificate.
  std::string key;
  // The authorities that must have issued the other end's certificate.
  std::string ca;

  bool empty() const {
    return certificate.empty() && key.empty() && ca.empty();
  }

  // Adds one line to `faults` for each file that is missing or malformed. The
  // flags are named --<prefix>_certificate_file, --<prefix>_key_file and
  // --<prefix>_ca_file.
  void Validate(absl::string_view prefix,
                std::vector<std::string>& faults) const;
};

// Returns credentials for a server. Plaintext if there are no files. From then
// on, the metrics say when the certificates of the files end. If `ca` is
// set, callers must present a certificate of these authorities.
std::shared_ptr<grpc::ServerCredentials> ServerCredentials(
    const TlsFiles& files);

// Returns credentials for a channel. Plaintext if there are no files. From then
// on, the metrics say when the certificates of the files end. The server's
// certificate must come from `ca`, and have the name or the address in the
// target.
std::shared_ptr<grpc::ChannelCredentials> ChannelCredentials(
    const TlsFiles& files);

// Returns true if a link to `target` stays on this machine. `target` is an
// address or a gRPC target such as "dns:///localhost:7710".
bool IsLocal(absl::string_view target);

// Adds a fault if `target`, the value of `flag`, is not on this machine, so
// that a plaintext link would leave it. The fault names `tls_flag` as the
// remedy.
void CheckPlainLink(absl::string_view flag, absl::string_view target,
                    absl::string_view tls_flag,
                    std::vector<std::string>& faults);

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_TLS_H_
