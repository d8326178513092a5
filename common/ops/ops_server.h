#ifndef KITH_COMMON_OPS_OPS_SERVER_H_
#define KITH_COMMON_OPS_OPS_SERVER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

class CivetServer;
class CivetHandler;

namespace kith::ops {

// Owns the HTTP server for operators: /metrics in Prometheus' text format,
// /livez (200 while the process responds) and /readyz (200 while `ready`
// returns true, else 503). It has no secrets and needs no credential, so bind
// it to an address that only operators can reach.
class OpsServer {
 public:
  // Listens on `address`, such as "127.0.0.1:0". UNAVAILABLE if that fails. The
  // server's threads call `ready`, possibly at the same time.
  static absl::StatusOr<std::unique_ptr<OpsServer>> Start(
      absl::string_view address, std::function<bool()> ready);

  ~OpsServer();

  // The address it listens on, with the port that was chosen.
  const std::string& address() const { return address_; }

 private:
  OpsServer() = default;

  // The handlers outlive the server that calls them.
  std::unique_ptr<CivetHandler> metrics_;
  std::unique_ptr<CivetHandler> live_;
  std::unique_ptr<CivetHandler> ready_;
  std::unique_ptr<CivetServer> server_;
  std::string address_;
};

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_OPS_SERVER_H_
