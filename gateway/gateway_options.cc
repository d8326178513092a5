#include "gateway/gateway_options.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/auth/key_limiter.h"
#include "common/base/text_file.h"
#include "common/status/status_macros.h"
#include "gateway/edge/codecs/cors.h"
#include "gateway/edge/openapi/embedded_descriptors.h"
#include "gateway/edge/session/session_keys.h"
#include "gateway/hooks/connectors.h"
#include "gateway/links/link_keys.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"
#include "kith/gateway/v1/gateway_service.grpc.pb.h"
#include "kith/identity/v1/identity_service.grpc.pb.h"
#include "kith/interactions/v1/interactions_service.grpc.pb.h"

ABSL_FLAG(std::string, backends_tls_ca_file, "",
          "Certificate authorities of the three services; plaintext where "
          "empty.");
ABSL_FLAG(std::string, backends_tls_certificate_file, "",
          "Certificate that the gateway shows them; none where empty.");
ABSL_FLAG(std::string, backends_tls_key_file, "",
          "The key of that certificate.");
ABSL_FLAG(std::string, backends_tls_name, "",
          "The name that their certificates must carry; that of each target "
          "where empty.");
ABSL_FLAG(absl::Duration, part_timeout, absl::Milliseconds(300),
          "How long a view waits for a part that it can do without; of a "
          "group, for each 500 members.");
ABSL_FLAG(int, flow_limit, 256,
          "Calls that may be under way; more are refused at once.");
ABSL_FLAG(double, key_calls_per_second, 10'000,
          "How often one API key may call, on average and at once after a "
          "pause, where the keys file says nothing of it; 0: no limit.");
ABSL_FLAG(int, key_calls_at_once, -1,
          "Calls that one API key may have under way, where the keys file says "
          "nothing of it; 0: no limit, -1: three quarters of --flow_limit.");
ABSL_FLAG(std::string, service_key_file, "",
          "File with the token of the gateway's own key, kith_<id>_<secret>, "
          "with which it reads changes, forwards what public forms send, and "
          "records visits, what customers say by its links and what systems "
          "send to its connectors; scopes changes.tail, changes.tail_all, "
          "identity.read and identity.write, for visits and connectors "
          "contacts.read, contacts.write, interactions.read and "
          "interactions.write, and for connectors journal.write. Where empty, "
          "WatchCustomer, WatchQueue and UNAUTHENTICATED keys are refused, and "
          "there are no visits.");
ABSL_FLAG(int, watch_limit, 10'000,
          "Streams of WatchCustomer that may be open, and as many of "
          "WatchQueue; more are refused.");
ABSL_FLAG(int, key_streams_at_once, -1,
          "Streams that one API key may have open, where the keys file says "
          "nothing of it; 0: no limit, -1: three quarters of --watch_limit.");
ABSL_FLAG(std::string, http_address, "",
          "IP address and port for Connect and REST over HTTP/1.1, such as "
          "127.0.0.1:8080; port 0 takes a free one. No HTTP where empty.");
ABSL_FLAG(std::string, http_tls_certificate_file, "",
          "Certificate of the HTTP listener with those between it and its "
          "authority, PEM, read again when it changes; plaintext where empty.");
ABSL_FLAG(std::string, http_tls_key_file, "", "The key of that certificate.");
ABSL_FLAG(std::string, http_origins, "",
          "Origins of web pages that may call over HTTP, separated by commas, "
          "such as https://app.example.com.");
ABSL_FLAG(std::string, docs_directory, "",
          "Folder with the viewer of /docs, build/<preset>/docs of the build; "
          "/docs is a plain list where empty.");
ABSL_FLAG(std::string, session_keys_file, "",
          "Keys that seal the cookies of sessions, one a line, the newest "
          "first, of 64 hexadecimal digits each; no sessions where empty.");
ABSL_FLAG(std::string, public_url, "",
          "Where customers reach the HTTP listener, such as "
          "https://crm.example.com: the links that the gateway makes for them "
          "begin with it. No links where empty.");
ABSL_FLAG(std::string, link_keys_file, "",
          "Keys that sign these links, one a line, of 64 hexadecimal digits "
          "each: the first signs, and all verify. A key stays as long as its "
          "links are to work. No links where empty.");
ABSL_FLAG(std::string, connectors_file, "",
          "Textproto of the connectors by which other systems report under "
          "/hooks/, read again when it or a secret file changes; see "
          "kith.config.v1.ConnectorsFile. No connectors where empty.");
ABSL_FLAG(std::string, trusted_proxies, "",
          "Networks of the proxies before the HTTP listener, separated by "
          "commas, such as 10.0.0.0/8,fd00::/8: what these say in "
          "X-Forwarded-For is the address of a client. Where empty, it is who "
          "connects.");
ABSL_FLAG(bool, serve_backends, false,
          "Serves the methods of the three services as well, over every "
          "protocol, to keys with the scope upstreams.call.");
ABSL_FLAG(std::string, upstreams, "",
          "Services elsewhere that such keys may call as well, separated by "
          "commas: descriptors@target, such as set.binpb@dns:///service:7710, "
          "where the file is what protoc --include_imports "
          "--descriptor_set_out writes. The key of the caller goes on to "
          "them. TLS as to the three services.");
ABSL_FLAG(int, http_connection_limit, 10'000,
          "HTTP connections that may be open; more are closed at once.");
ABSL_FLAG(int, max_response_bytes, 32 << 20,
          "How large an answer of a service behind may be.");

namespace kith::gateway {
namespace {

// Leaves room for the longest token in a line of an e-mail.
constexpr size_t kMaxPublicUrl = 200;

// So that one caller that runs wild leaves the others a quarter of the gateway.
int AtOnce(int flag, int of_all) {
  return flag == -1 ? std::max(1, of_all / 4 * 3) : flag;
}

config::v1::CallLimits KeyLimits(int flow_limit, int watch_limit) {
  config::v1::CallLimits limits;
  limits.set_calls_per_second(absl::GetFlag(FLAGS_key_calls_per_second));
  limits.set_calls_at_once(
      AtOnce(absl::GetFlag(FLAGS_key_calls_at_once), flow_limit));
  limits.set_streams_at_once(
      AtOnce(absl::GetFlag(FLAGS_key_streams_at_once), watch_limit));
  return limits;
}

edge::EdgeOptions HttpOptions(const rpc::ProcessOptions& process) {
  edge::EdgeOptions options;
  options.address = absl::GetFlag(FLAGS_http_address);
  options.certificate_file = absl::GetFlag(FLAGS_http_tls_certificate_file);
  options.key_file = absl::GetFlag(FLAGS_http_tls_key_file);
  options.origins =
      absl::StrSplit(absl::GetFlag(FLAGS_http_origins), ',', absl::SkipEmpty());
  options.descriptors = edge::EmbeddedDescriptors();
  options.docs_directory = absl::GetFlag(FLAGS_docs_directory);
  options.message_bytes = process.max_request_bytes;
  options.limits.connections =
      std::max(0, absl::GetFlag(FLAGS_http_connection_limit));
  options.threads =
      std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 8);
  return options;
}

// Makes the sessions of pages; null if there is no file of keys for them.
absl::StatusOr<std::shared_ptr<const edge::Sessions>> MakeSessions(
    const std::string& keys_file, const edge::EdgeOptions& http,
    std::shared_ptr<const auth::LiveKeys> credentials) {
  if (keys_file.empty()) return nullptr;
  KITH_ASSIGN_OR_RETURN(std::shared_ptr<const edge::LiveSessionKeys> sealing,
                        edge::LiveSessionKeys::Load(keys_file));
  // What is not of this machine comes by TLS, if not here, then to a proxy.
  const bool secure =
      !http.certificate_file.empty() || !rpc::IsLocal(http.address);
  return std::make_shared<const edge::Sessions>(std::move(credentials),
                                                std::move(sealing), secure);
}

// Makes the links of the gateway; null if it has no keys or no place for them.
absl::StatusOr<std::shared_ptr<const UnsubscribeLinks>> MakeLinks(
    const GatewayOptions& options) {
  if (options.link_keys_file.empty()) return nullptr;
  KITH_ASSIGN_OR_RETURN(const LinkKeys keys,
                        LinkKeys::Load(options.link_keys_file));
  if (options.public_url.empty()) return nullptr;
  return std::make_shared<const UnsubscribeLinks>(options.public_url, keys);
}

// Reads the flag of the proxies. Adds a line to `faults` if it is bad.
edge::TrustedProxies ReadProxies(std::vector<std::string>& faults) {
  auto proxies = edge::TrustedProxies::Parse(absl::StrSplit(
      absl::GetFlag(FLAGS_trusted_proxies), ',', absl::SkipEmpty()));
  if (proxies.ok()) return *std::move(proxies);
  faults.push_back(
      absl::StrCat("--trusted_proxies: ", proxies.status().message()));
  return {};
}

// Reads the connectors; null if there is no file of them.
absl::StatusOr<std::shared_ptr<const Understander>> MakeHooks(
    const GatewayOptions& options,
    const std::shared_ptr<const auth::LiveKeys>& keys) {
  if (options.connectors_file.empty()) return nullptr;
  KITH_ASSIGN_OR_RETURN(
      std::shared_ptr<const Connectors> hooks,
      Connectors::Load(options.connectors_file, keys, options.public_url));
  return hooks;
}

// Finds the services elsewhere that are served as well. Those behind the
// gateway stay where they are, so they are left out if it serves them.
edge::RemoteServices MakeRemote(const GatewayOptions& options,
                                const rpc::ProcessOptions& process,
                                std::vector<std::string>& faults) {
  std::vector<std::string> except = {v1::GatewayService::service_full_name()};
  if (options.serve_backends) {
    except.emplace_back(contacts::v1::ContactsService::service_full_name());
    except.emplace_back(identity::v1::IdentityService::service_full_name());
    except.emplace_back(
        interactions::v1::InteractionsService::service_full_name());
  }
  edge::RemoteServices remote(std::move(except));
  for (const std::string& upstream : options.upstreams) {
    if (const auto status = remote.Add(upstream, options.tls); !status.ok()) {
      faults.push_back(absl::StrCat("--upstreams: ", status.message()));
    }
    if (options.tls.files.ca.empty() && !process.allow_plaintext) {
      rpc::CheckPlainLink("upstreams", upstream.substr(upstream.find('@') + 1),
                          "backends_tls_ca_file", faults);
    }
  }
  return remote;
}

}  // namespace

GatewayOptions GatewayOptions::FromFlags(const rpc::ProcessOptions& process,
                                         std::vector<std::string>& faults) {
  GatewayOptions options;
  options.tls.files = {
      .certificate = absl::GetFlag(FLAGS_backends_tls_certificate_file),
      .key = absl::GetFlag(FLAGS_backends_tls_key_file),
      .ca = absl::GetFlag(FLAGS_backends_tls_ca_file)};
  options.tls.server_name = absl::GetFlag(FLAGS_backends_tls_name);
  options.part_timeout = absl::GetFlag(FLAGS_part_timeout);
  options.flow_limit = absl::GetFlag(FLAGS_flow_limit);
  options.service_key_file = absl::GetFlag(FLAGS_service_key_file);
  options.watch_limit = absl::GetFlag(FLAGS_watch_limit);
  options.key_limits = KeyLimits(options.flow_limit, options.watch_limit);
  options.max_response_bytes = absl::GetFlag(FLAGS_max_response_bytes);
  options.http = HttpOptions(process);
  options.serve_backends = absl::GetFlag(FLAGS_serve_backends);
  options.upstreams =
      absl::StrSplit(absl::GetFlag(FLAGS_upstreams), ',', absl::SkipEmpty());
  options.session_keys_file = absl::GetFlag(FLAGS_session_keys_file);
  options.public_url = absl::GetFlag(FLAGS_public_url);
  options.link_keys_file = absl::GetFlag(FLAGS_link_keys_file);
  options.connectors_file = absl::GetFlag(FLAGS_connectors_file);
  options.trusted_proxies = ReadProxies(faults);
  options.Validate(process, faults);
  return options;
}

void GatewayOptions::Validate(const rpc::ProcessOptions& process,
                              std::vector<std::string>& faults) const {
  tls.files.Validate("backends_tls", faults);
  if (tls.files.ca.empty() && !(tls.files.empty() && tls.server_name.empty())) {
    faults.emplace_back("--backends_tls_ca_file: not given");
  }
  if (part_timeout < absl::Milliseconds(1) || part_timeout > absl::Minutes(1)) {
    faults.emplace_back("--part_timeout: want 1ms to 1m");
  }
  if (flow_limit < 1) {
    faults.push_back(
        absl::StrCat("--flow_limit: ", flow_limit, ", want 1 or more"));
  }
  if (watch_limit < 1) {
    faults.push_back(
        absl::StrCat("--watch_limit: ", watch_limit, ", want 1 or more"));
  }
  if (auto key = base::ReadSecret(service_key_file); !key.ok()) {
    faults.push_back(
        absl::StrCat("--service_key_file: ", key.status().message()));
  }
  auth::CheckLimits(key_limits, "--key_", faults);
  if (max_response_bytes < 1024) {
    faults.push_back(absl::StrCat("--max_response_bytes: ", max_response_bytes,
                                  ", want 1024 or more"));
  }
  if (!http.address.empty()) CheckHttp(process, faults);
  CheckGuests(faults);
}

void GatewayOptions::CheckGuests(std::vector<std::string>& faults) const {
  if (!public_url.empty() &&
      (!edge::IsOrigin(public_url) || public_url.size() > kMaxPublicUrl)) {
    faults.push_back(
        absl::StrCat("--public_url: \"", public_url,
                     R"(", want one such as "https://a.example")"));
  }
  // Who posts to a link has no key: the gateway records by its own.
  if (!link_keys_file.empty() && service_key_file.empty()) {
    faults.emplace_back("--link_keys_file: given without --service_key_file");
  }
  // So has who posts to a connector.
  if (!connectors_file.empty() && service_key_file.empty()) {
    faults.emplace_back("--connectors_file: given without --service_key_file");
  }
}

void GatewayOptions::CheckHttp(const rpc::ProcessOptions& process,
                               std::vector<std::string>& faults) const {
  rpc::TlsFiles{http.certificate_file, http.key_file, /*ca=*/""}.Validate(
      "http_tls", faults);
  if (rpc::CheckAddress("http_address", http.address, faults) &&
      http.certificate_file.empty() && !process.allow_plaintext) {
    rpc::CheckPlainLink("http_address", http.address,
                        "http_tls_certificate_file", faults);
  }
  for (const std::string& origin : http.origins) {
    if (edge::IsOrigin(origin)) continue;
    faults.push_back(
        absl::StrCat("--http_origins: \"", origin,
                     R"(", want one such as "https://a.example")"));
  }
  if (http.limits.connections < 1) {
    faults.emplace_back("--http_connection_limit: want 1 or more");
  }
}

GatewayFiles GatewayFiles::Load(const GatewayOptions& options,
                                const rpc::ProcessOptions& process,
                                std::vector<std::string>& faults) {
  GatewayFiles files = {.keys = process.LoadKeys(faults),
                        .sessions = nullptr,
                        .links = nullptr,
                        .hooks = nullptr,
                        .remote = MakeRemote(options, process, faults)};
  if (auto sessions =
          MakeSessions(options.session_keys_file, options.http, files.keys);
      sessions.ok()) {
    files.sessions = *std::move(sessions);
  } else {
    faults.push_back(
        absl::StrCat("--session_keys_file: ", sessions.status().message()));
  }
  if (auto links = MakeLinks(options); links.ok()) {
    files.links = *std::move(links);
  } else {
    faults.push_back(
        absl::StrCat("--link_keys_file: ", links.status().message()));
  }
  // Without keys there is another fault already.
  if (files.keys == nullptr) return files;
  if (auto hooks = MakeHooks(options, files.keys); hooks.ok()) {
    files.hooks = *std::move(hooks);
  } else {
    faults.push_back(
        absl::StrCat("--connectors_file: ", hooks.status().message()));
  }
  return files;
}

}  // namespace kith::gateway
