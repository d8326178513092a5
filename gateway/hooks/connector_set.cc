#include "gateway/hooks/connector_set.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/text_file.h"
#include "common/status/status_macros.h"
#include "gateway/hooks/connector_validation.h"
#include "gateway/hooks/mapping/rest_fields.h"
#include "gateway/hooks/ready_connectors.h"

namespace kith::gateway {
namespace {

using config::v1::Connector;

constexpr int kMostConnectors = 1'000;

// What is taken where the connector says nothing of it.
constexpr double kRequestsPerSecond = 200;
constexpr double kRequestsPerSecondAndAddress = 5;

HookSource HookSourceOf(const Connector& config) {
  const config::v1::RequestRate& rate = config.rate();
  return {.tenant = config.tenant(),
          .source = config.source(),
          .path = config.path(),
          .assurance = config.assurance(),
          .methods = config.methods().empty()
                         ? "POST"
                         : absl::StrJoin(config.methods(), ", "),
          .per_second =
              rate.has_per_second() ? rate.per_second() : kRequestsPerSecond,
          .per_second_and_address = rate.has_per_second_and_address()
                                        ? rate.per_second_and_address()
                                        : kRequestsPerSecondAndAddress};
}

// A path as the connectors file at `file` means it.
std::string BesideFile(const std::string& file, const std::string& path) {
  const size_t slash = file.rfind('/');
  if (absl::StartsWith(path, "/") || slash == std::string::npos) return path;
  return absl::StrCat(file.substr(0, slash + 1), path);
}

const config::v1::Tenant* FindTenant(ConnectorSet::Tenants tenants,
                                     const std::string& slug) {
  for (const auto& tenant : tenants) {
    if (tenant->slug() == slug) return tenant.get();
  }
  return nullptr;
}

// Loads one connector. Adds a line to `faults` for each fault.
std::shared_ptr<const LoadedConnector> LoadOne(
    const std::string& file, Connector config, ConnectorSet::Tenants tenants,
    const std::string& public_url, std::vector<std::string>& faults) {
  auto loaded = std::make_shared<LoadedConnector>();
  if (const absl::Status ready = AddReady(config); !ready.ok()) {
    faults.emplace_back(ready.message());
    return loaded;
  }
  faults = FaultsOf(config);
  loaded->source = HookSourceOf(config);
  const config::v1::Tenant* const tenant = FindTenant(tenants, config.tenant());
  if (tenant == nullptr) {
    faults.push_back(absl::StrCat("tenant \"", config.tenant(),
                                  "\", want the slug of a tenant"));
  } else {
    loaded->source.tenant_id = tenant->id();
    absl::LoadTimeZone(tenant->time_zone(), &loaded->zone);
  }
  if (config.signature().scheme() == config::v1::SIGNATURE_SCHEME_TWILIO &&
      public_url.empty()) {
    faults.emplace_back(
        "signature.scheme TWILIO, want --public_url beside it: the public "
        "address is what is signed");
  }
  if (const std::string& secret = config.signature().secret_file();
      !secret.empty()) {
    const std::string path = BesideFile(file, secret);
    const auto text = base::ReadFile(path);
    auto secrets = text.ok() ? ParseSecrets(config.signature().scheme(), *text)
                             : text.status();
    if (secrets.ok()) {
      loaded->keys.secrets = *std::move(secrets);
    } else {
      faults.push_back(absl::StrCat("signature.secret_file ", path, ": ",
                                    secrets.status().message()));
    }
  }
  loaded->keys.public_url = public_url;
  loaded->named_fields = NamesUnder(config, {"body", "item"});
  loaded->named_headers = NamesUnder(config, {"header"});
  loaded->config = std::move(config);
  return loaded;
}

}  // namespace

absl::StatusOr<ConnectorSet> ConnectorSet::Load(const std::string& file,
                                                Tenants tenants,
                                                const std::string& public_url) {
  config::v1::ConnectorsFile proto;
  KITH_RETURN_IF_ERROR(base::ReadTextProto(file, proto));
  ConnectorSet set;
  std::vector<std::string> all;
  if (proto.connectors_size() > kMostConnectors) {
    all.push_back(absl::StrCat(proto.connectors_size(),
                               " connectors, want at most ", kMostConnectors));
  }
  for (const Connector& config : proto.connectors()) {
    std::vector<std::string> faults;
    const Shared loaded = LoadOne(file, config, tenants, public_url, faults);
    if (!set.by_path_.emplace(config.path(), loaded).second) {
      faults.push_back(absl::StrCat("path \"", config.path(),
                                    "\" is that of another connector"));
    }
    // Of no tenant, all have the id 0.
    if (const uint64_t id = loaded->source.tenant_id;
        id != 0 &&
        !set.by_source_.emplace(std::pair(id, config.source()), loaded)
             .second) {
      faults.push_back(absl::StrCat("source \"", config.source(),
                                    "\" is that of another connector"));
    }
    for (const std::string& fault : faults) {
      all.push_back(absl::StrCat("connector \"", config.tenant(), "/",
                                 config.source(), "\": ", fault));
    }
  }
  if (all.empty()) return set;
  return absl::InvalidArgumentError(
      absl::StrCat("connectors file: ", absl::StrJoin(all, "; ")));
}

const LoadedConnector* ConnectorSet::FindPath(absl::string_view path) const {
  const auto it = by_path_.find(std::string(path));
  return it == by_path_.end() ? nullptr : it->second.get();
}

const LoadedConnector* ConnectorSet::FindSource(
    uint64_t tenant_id, absl::string_view source) const {
  const auto it = by_source_.find({tenant_id, std::string(source)});
  return it == by_source_.end() ? nullptr : it->second.get();
}

std::vector<std::string> ConnectorSet::SecretFiles(const std::string& file) {
  config::v1::ConnectorsFile proto;
  std::vector<std::string> files;
  if (!base::ReadTextProto(file, proto).ok()) return files;
  for (const Connector& config : proto.connectors()) {
    const std::string& secret = config.signature().secret_file();
    if (!secret.empty()) files.push_back(BesideFile(file, secret));
  }
  return files;
}

}  // namespace kith::gateway
