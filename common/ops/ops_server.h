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

// The HTTP server for those who run Kith: /metrics in Prometheus' text format,
// /livez (200 while the process answers) and /readyz (200 while `ready` says
// so, else 503). It holds no secrets and asks for no credential: bind it to an
// address that only they can reach.
class OpsServer {
 public:
  // Listens on `address`, such as "127.0.0.1:0". INVALID_ARGUMENT or
  // UNAVAILABLE where it cannot. `ready` is called from its threads.
  static absl::StatusOr<std::unique_ptr<OpsServer>> Start(
      absl::string_view address, std::function<bool()> ready);

  ~OpsServer();

  // With the port that was chosen.
  const std::string& address() const { return address_; }

 private:
  OpsServer() = default;

  // Handlers outlive the server that calls them.
  std::unique_ptr<CivetHandler> metrics_;
  std::unique_ptr<CivetHandler> live_;
  std::unique_ptr<CivetHandler> ready_;
  std::unique_ptr<CivetServer> server_;
  std::string address_;
};

}  // namespace kith::ops

#endif  // KITH_COMMON_OPS_OPS_SERVER_H_
