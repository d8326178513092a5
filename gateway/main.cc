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
ABSL_FLAG(std::string, http_origins, "",
          "Origins of web pages that may call over HTTP, separated by commas, "
          "such as https://app.example.com.");
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
  options.origins =
      absl::StrSplit(absl::GetFlag(FLAGS_http_origins), ',', absl::SkipEmpty());
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
    if (rpc::CheckAddress("http_address", http.address, faults) &&
        !process.allow_plaintext && !rpc::IsLocal(http.address)) {
      faults.push_back(
          absl::StrCat("--http_address: \"", http.address,
                       "\" leaves this machine without TLS, want a proxy with "
                       "TLS before it, "
                       "or --allow_plaintext where the network is trusted"));
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

// Serves the methods of `server` over HTTP as well, if that has an address.
absl::StatusOr<rpc::Addresses> Listen(const edge::EdgeOptions& options,
                                      grpc::Server& server,
                                      std::unique_ptr<edge::Edge>& http) {
  if (options.address.empty()) return rpc::Addresses();
  KITH_ASSIGN_OR_RETURN(
      http, edge::Edge::Start(
                options, {v1::GatewayService::service_full_name()}, server));
  return rpc::Addresses{{"http", http->address()}};
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
                 std::shared_ptr<const auth::LiveKeys> keys) {
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
  const rpc::CallGate gate(v1::GatewayService::service_full_name(),
                           std::move(keys), &limiter);
  FlowCalls calls(gate, options.flow_limit);
  WatchHub hub{WatchHub::Limits()};
  WatchCalls watches(gate, watched, hub,
                     {.feeds_are_read = !options.service_key_file.empty(),
                      .limit = static_cast<size_t>(options.watch_limit)});
  const auto readers = ReadFeeds(options.service_key_file, hub, contacts,
                                 identity, interactions);
  GatewayService service(calls, watches, backends, clock);
  std::unique_ptr<edge::Edge> http;
  return rpc::Serve(
      options.process, {{v1::GatewayService::service_full_name(), service}},
      [&] { return backends.Probe(); },
      [&] {
        watches.EndStreams();
        if (http != nullptr) http->Drain();
      },
      [&](grpc::Server& server) { return Listen(options.http, server, http); });
}

int Main(int argc, char** argv) {
  rpc::InitProcess(argc, argv, "The gateway of Kith: one view, one way in.");
  const Options options;
  std::vector<std::string> faults = options.Validate();
  auto keys = auth::LiveKeys::Load(options.process.key_files());
  if (!keys.ok()) faults.emplace_back(keys.status().message());
  if (!faults.empty()) return rpc::RefuseToStart(faults);
  const absl::Status status = Run(options, *std::move(keys));
  ops::Log(status.ok() ? ops::Severity::kInfo : ops::Severity::kError,
           "stopped", {{"reason", status.message()}});
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace kith::gateway

int main(int argc, char** argv) { return kith::gateway::Main(argc, argv); }
