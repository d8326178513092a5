#ifndef KITH_GATEWAY_GATEWAY_OPTIONS_H_
#define KITH_GATEWAY_GATEWAY_OPTIONS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/auth/live_keys.h"
#include "common/rpc/client.h"
#include "common/rpc/process_options.h"
#include "gateway/edge/codecs/client_address.h"
#include "gateway/edge/edge.h"
#include "gateway/edge/session/sessions.h"
#include "gateway/edge/upstreams/remote_services.h"
#include "gateway/hooks/understander.h"
#include "gateway/links/unsubscribe_links.h"
#include "kith/config/v1/config.pb.h"

namespace kith::gateway {

// The options of the gateway, but for where the services behind it are.
struct GatewayOptions {
  // How services elsewhere are called.
  rpc::ClientTls tls;
  absl::Duration part_timeout;
  int flow_limit = 0;
  std::string service_key_file;
  int watch_limit = 0;
  config::v1::CallLimits key_limits;
  int max_response_bytes = 0;
  // Without what GatewayFiles has.
  edge::EdgeOptions http;
  bool serve_backends = false;
  std::vector<std::string> upstreams;
  std::string session_keys_file;
  std::string public_url;
  std::string link_keys_file;
  std::string connectors_file;
  edge::TrustedProxies trusted_proxies;

  // Reads the flags. Adds one line to `faults` for each bad one.
  static GatewayOptions FromFlags(const rpc::ProcessOptions& process,
                                  std::vector<std::string>& faults);

 private:
  void Validate(const rpc::ProcessOptions& process,
                std::vector<std::string>& faults) const;
  void CheckHttp(const rpc::ProcessOptions& process,
                 std::vector<std::string>& faults) const;
  void CheckGuests(std::vector<std::string>& faults) const;
};

// What the gateway reads from files before it serves.
struct GatewayFiles {
  std::shared_ptr<const auth::LiveKeys> keys;
  // Null: there are none.
  std::shared_ptr<const edge::Sessions> sessions;
  // Null: the gateway makes no links.
  std::shared_ptr<const UnsubscribeLinks> links;
  // Null: there are no connectors.
  std::shared_ptr<const Understander> hooks;
  // Services elsewhere, without those behind the gateway.
  edge::RemoteServices remote;

  // Reads them. Adds one line to `faults` for each that is bad.
  static GatewayFiles Load(const GatewayOptions& options,
                           const rpc::ProcessOptions& process,
                           std::vector<std::string>& faults);
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_GATEWAY_OPTIONS_H_
