#include <grpcpp/channel.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/auth/key_limiter.h"
#include "common/base/clock.h"
#include "common/base/text_file.h"
#include "common/ops/log.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/client.h"
#include "common/rpc/process.h"
#include "common/status/status_macros.h"
#include "gateway/calls/backends.h"
#include "gateway/calls/flow_calls.h"
#include "gateway/edge/codecs/cors.h"
#include "gateway/edge/edge.h"
#include "gateway/edge/openapi/embedded_descriptors.h"
#include "gateway/edge/session/session_keys.h"
#include "gateway/edge/session/sessions.h"
#include "gateway/edge/upstreams/grpc_proxy.h"
#include "gateway/edge/upstreams/remote_services.h"
#include "gateway/edge/upstreams/upstream_gate.h"
#include "gateway/gateway_service.h"
#include "gateway/watch/feed_reader.h"
#include "gateway/watch/watch_calls.h"
#include "gateway/watch/watch_hub.h"

ABSL_FLAG(std::string, contacts_target, "",
          "gRPC target of contacts-svc, such as dns:///contacts-svc:7710.");
ABSL_FLAG(std::string, identity_target, "", "gRPC target of identity-svc.");
ABSL_FLAG(std::string, interactions_target, "",
          "gRPC target of interactions-svc.");
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
          "with which it reads changes and forwards what public forms send; "
          "scopes changes.tail and changes.tail_all. Where "
          "empty, WatchCustomer and UNAUTHENTICATED keys are refused.");
ABSL_FLAG(int, watch_limit, 10'000,
          "Streams of WatchCustomer that may be open; more are refused.");
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

// What waits for one service leaves half of the gateway to what does not need
// it, also where one key has three quarters.
constexpr int kServicesShare = 2;

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

struct Options {
  rpc::ProcessOptions process = rpc::ProcessOptions::FromFlags();
  std::string contacts_target = absl::GetFlag(FLAGS_contacts_target);
  std::string identity_target = absl::GetFlag(FLAGS_identity_target);
  std::string interactions_target = absl::GetFlag(FLAGS_interactions_target);
  rpc::ClientTls tls = {
      .files = {.certificate =
                    absl::GetFlag(FLAGS_backends_tls_certificate_file),
                .key = absl::GetFlag(FLAGS_backends_tls_key_file),
                .ca = absl::GetFlag(FLAGS_backends_tls_ca_file)},
      .server_name = absl::GetFlag(FLAGS_backends_tls_name)};
  absl::Duration part_timeout = absl::GetFlag(FLAGS_part_timeout);
  int flow_limit = absl::GetFlag(FLAGS_flow_limit);
  std::string service_key_file = absl::GetFlag(FLAGS_service_key_file);
  int watch_limit = absl::GetFlag(FLAGS_watch_limit);
  config::v1::CallLimits key_limits = KeyLimits(flow_limit, watch_limit);
  int max_response_bytes = absl::GetFlag(FLAGS_max_response_bytes);
  edge::EdgeOptions http = HttpOptions(process);
  bool serve_backends = absl::GetFlag(FLAGS_serve_backends);
  std::vector<std::string> upstreams =
      absl::StrSplit(absl::GetFlag(FLAGS_upstreams), ',', absl::SkipEmpty());
  std::string session_keys_file = absl::GetFlag(FLAGS_session_keys_file);

  std::vector<std::string> Validate() const {
    std::vector<std::string> faults;
    process.Validate(faults);
    CheckLinks(faults);
    if (part_timeout < absl::Milliseconds(1) ||
        part_timeout > absl::Minutes(1)) {
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
      faults.push_back(absl::StrCat(
          "--max_response_bytes: ", max_response_bytes, ", want 1024 or more"));
    }
    if (!http.address.empty()) CheckHttp(faults);
    return faults;
  }

 private:
  void CheckHttp(std::vector<std::string>& faults) const {
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

  void CheckLinks(std::vector<std::string>& faults) const {
    tls.files.Validate("backends_tls", faults);
    const bool plain = tls.files.ca.empty();
    if (plain && !(tls.files.empty() && tls.server_name.empty())) {
      faults.emplace_back("--backends_tls_ca_file: not given");
    }
    const auto check = [&](const char* flag, const std::string& target) {
      if (target.empty()) {
        faults.push_back(absl::StrCat("--", flag, ": not given"));
      } else if (plain && !process.allow_plaintext) {
        rpc::CheckPlainLink(flag, target, "backends_tls_ca_file", faults);
      }
    };
    check("contacts_target", contacts_target);
    check("identity_target", identity_target);
    check("interactions_target", interactions_target);
  }
};

// The methods of the gateway over HTTP as well, if that has an address.
struct Http {
  absl::StatusOr<rpc::Addresses> Listen(grpc::Server& server) {
    if (options.address.empty()) return rpc::Addresses();
    KITH_ASSIGN_OR_RETURN(
        edge, edge::Edge::Start(
                  options, {v1::GatewayService::service_full_name()}, server));
    return rpc::Addresses{{"http", edge->address()}};
  }

  void Drain() const {
    if (edge != nullptr) edge->Drain();
  }

  void Await(absl::Duration most) const {
    if (edge != nullptr) edge->WaitDrained(most);
  }

  edge::EdgeOptions options;
  std::unique_ptr<edge::Edge> edge = nullptr;
};

// Finds the services elsewhere that are served as well. Adds what is wrong with
// the flags to `faults`.
edge::RemoteServices MakeRemote(const Options& options,
                                std::vector<std::string>& faults) {
  edge::RemoteServices remote({v1::GatewayService::service_full_name()});
  if (options.serve_backends) {
    for (const auto& [name, target] :
         {std::pair(contacts::v1::ContactsService::service_full_name(),
                    options.contacts_target),
          std::pair(identity::v1::IdentityService::service_full_name(),
                    options.identity_target),
          std::pair(interactions::v1::InteractionsService::service_full_name(),
                    options.interactions_target)}) {
      remote.AddKnown(name, target, options.tls);
    }
  }
  for (const std::string& upstream : options.upstreams) {
    if (const auto status = remote.Add(upstream, options.tls); !status.ok()) {
      faults.push_back(absl::StrCat("--upstreams: ", status.message()));
    }
    if (options.tls.files.ca.empty() && !options.process.allow_plaintext) {
      rpc::CheckPlainLink("upstreams", upstream.substr(upstream.find('@') + 1),
                          "backends_tls_ca_file", faults);
    }
  }
  return remote;
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

// Where the gateway has a key of its own, has the hub told of all changes.
std::vector<std::unique_ptr<FeedReader>> ReadFeeds(
    const std::string& key_file, WatchHub& hub,
    const std::shared_ptr<grpc::Channel>& contacts,
    const std::shared_ptr<grpc::Channel>& identity,
    const std::shared_ptr<grpc::Channel>& interactions) {
  std::vector<std::unique_ptr<FeedReader>> readers;
  const auto read = [&](Feed feed, const char* name, const auto& channel) {
    if (key_file.empty()) return;
    readers.push_back(
        std::make_unique<FeedReader>(feed, name, channel, key_file, hub));
  };
  read(Feed::kContacts, "contacts", contacts);
  read(Feed::kIdentity, "identity", identity);
  read(Feed::kInteractions, "interactions", interactions);
  return readers;
}

absl::Status Run(const Options& options,
                 const std::shared_ptr<const auth::LiveKeys>& keys,
                 const edge::RemoteServices& remote) {
  const base::SystemClock clock;
  const auto connect = [&](const std::string& target) {
    return rpc::MakeChannel(target, options.max_response_bytes, options.tls);
  };
  const auto contacts = connect(options.contacts_target);
  const auto identity = connect(options.identity_target);
  const auto interactions = connect(options.interactions_target);
  Backends backends(contacts, identity, interactions, options.part_timeout,
                    options.flow_limit / kServicesShare,
                    options.service_key_file);
  // Streams take no places of the calls, and no form opens one.
  const Backends watched(contacts, identity, interactions, options.part_timeout,
                         options.watch_limit);
  auth::KeyLimiter limiter(options.key_limits);
  const rpc::CallGate gate(v1::GatewayService::service_full_name(), keys,
                           &limiter);
  const edge::UpstreamGate remote_gate(keys, &limiter);
  edge::GrpcProxy proxy(remote, remote_gate);
  FlowCalls calls(gate, options.flow_limit);
  WatchHub hub{WatchHub::Limits()};
  WatchCalls watches(gate, watched, hub,
                     {.feeds_are_read = !options.service_key_file.empty(),
                      .limit = static_cast<size_t>(options.watch_limit)});
  const auto readers = ReadFeeds(options.service_key_file, hub, contacts,
                                 identity, interactions);
  GatewayService service(calls, watches, backends, clock);
  Http http = {.options = options.http};
  http.options.remote = &remote;
  http.options.gate = &remote_gate;
  return rpc::Serve(
      options.process, {{v1::GatewayService::service_full_name(), service}},
      [&] { return backends.Probe(); },
      [&] {
        watches.EndStreams();
        http.Drain();
      },
      [&](grpc::Server& server) { return http.Listen(server); }, &proxy,
      [&](absl::Duration most) { http.Await(most); });
}

int Main(int argc, char** argv) {
  rpc::InitProcess(argc, argv, "The gateway of Kith: one view, one way in.");
  Options options;
  std::vector<std::string> faults = options.Validate();
  std::shared_ptr<const auth::LiveKeys> keys;
  if (auto loaded = auth::LiveKeys::Load(options.process.key_files());
      loaded.ok()) {
    keys = *std::move(loaded);
  } else {
    faults.emplace_back(loaded.status().message());
  }
  auto sessions = MakeSessions(options.session_keys_file, options.http, keys);
  if (!sessions.ok()) {
    faults.push_back(
        absl::StrCat("--session_keys_file: ", sessions.status().message()));
  }
  const edge::RemoteServices remote = MakeRemote(options, faults);
  if (!faults.empty()) return rpc::RefuseToStart(faults);
  options.http.sessions = *std::move(sessions);
  options.http.keys = keys;
  const absl::Status status = Run(options, keys, remote);
  ops::Log(status.ok() ? ops::Severity::kInfo : ops::Severity::kError,
           "stopped", {{"reason", status.message()}});
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace kith::gateway

int main(int argc, char** argv) { return kith::gateway::Main(argc, argv); }
