#ifndef KITH_GATEWAY_HOOKS_CONNECTOR_SET_H_
#define KITH_GATEWAY_HOOKS_CONNECTOR_SET_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gateway/hooks/loaded_connector.h"
#include "kith/config/v1/config.pb.h"
#include "kith/config/v1/connectors.pb.h"

namespace kith::gateway {

// The connectors of a file, by path and by source. Immutable, so thread-safe.
class ConnectorSet {
 public:
  using Tenants = absl::Span<const std::shared_ptr<const config::v1::Tenant>>;

  // None at all.
  ConnectorSet() = default;

  // Reads a connectors file, its secret files, and the ready-made connectors
  // that it names. INVALID_ARGUMENT with all faults at once, of each what is
  // there and what is wanted; errors of base::ReadTextProto. `public_url` is
  // where senders reach the gateway.
  static absl::StatusOr<ConnectorSet> Load(const std::string& file,
                                           Tenants tenants,
                                           const std::string& public_url);

  // Returns the connector with this path, or null.
  const LoadedConnector* FindPath(absl::string_view path) const;

  // Returns the connector of this source of a tenant, or null.
  const LoadedConnector* FindSource(uint64_t tenant_id,
                                    absl::string_view source) const;

  // Returns the secret files that a connectors file names, in its order; none
  // if it cannot be read. For who looks whether they have changed.
  static std::vector<std::string> SecretFiles(const std::string& file);

 private:
  using Shared = std::shared_ptr<const LoadedConnector>;

  std::map<std::string, Shared> by_path_;
  std::map<std::pair<uint64_t, std::string>, Shared> by_source_;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_CONNECTOR_SET_H_
