#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/ops/clock.h"
#include "common/ops/log.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/client.h"
#include "common/rpc/key_limiter.h"
#include "common/rpc/process.h"
#include "gateway/backends.h"
#include "gateway/flow_calls.h"
#include "gateway/gateway_service.h"

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
ABSL_FLAG(int, max_response_bytes, 32 << 20,
          "How large an answer of a service behind may be.");

namespace kith::gateway {
namespace {

// So that one caller that runs wild leaves the others a quarter of the gateway.
config::v1::CallLimits KeyLimits(int flow_limit) {
  const int at_once = absl::GetFlag(FLAGS_key_calls_at_once);
  config::v1::CallLimits limits;
  limits.set_calls_per_second(absl::GetFlag(FLAGS_key_calls_per_second));
  limits.set_calls_at_once(at_once == -1 ? std::max(1, flow_limit / 4 * 3)
                                         : at_once);
  return limits;
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
  config::v1::CallLimits key_limits = KeyLimits(flow_limit);
  int max_response_bytes = absl::GetFlag(FLAGS_max_response_bytes);

  std::vector<std::string> Validate() const {
    std::vector<std::string> faults;
    process.Validate(faults);
    CheckLinks(faults);
    if (part_timeout < absl::Milliseconds(1) ||
        part_timeout > absl::Minutes(1)) {
      faults.push_back("--part_timeout: want 1ms to 1m");
    }
    if (flow_limit < 1) {
      faults.push_back(
          absl::StrCat("--flow_limit: ", flow_limit, ", want 1 or more"));
    }
    rpc::CheckLimits(key_limits, "--key_", faults);
    if (max_response_bytes < 1024) {
      faults.push_back(absl::StrCat(
          "--max_response_bytes: ", max_response_bytes, ", want 1024 or more"));
    }
    return faults;
  }

 private:
  void CheckLinks(std::vector<std::string>& faults) const {
    tls.files.Validate("backends_tls", faults);
    const bool plain = tls.files.ca.empty();
    if (plain && !(tls.files.empty() && tls.server_name.empty())) {
      faults.push_back("--backends_tls_ca_file: not given");
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

absl::Status Run(const Options& options,
                 std::shared_ptr<const rpc::LiveKeys> keys) {
  const ops::SystemClock clock;
  const auto connect = [&](const std::string& target) {
    return rpc::MakeChannel(target, options.max_response_bytes, options.tls);
  };
  const Backends backends(
      connect(options.contacts_target), connect(options.identity_target),
      connect(options.interactions_target), options.part_timeout);
  rpc::KeyLimiter limiter(options.key_limits);
  const rpc::CallGate gate(v1::GatewayService::service_full_name(),
                           std::move(keys), &limiter);
  FlowCalls calls(gate, options.flow_limit);
  GatewayService service(calls, backends, clock);
  return rpc::Serve(options.process, service, [&] { return backends.Probe(); });
}

int Main(int argc, char** argv) {
  rpc::InitProcess(argc, argv, "The gateway of Kith: one view, one way in.");
  const Options options;
  std::vector<std::string> faults = options.Validate();
  auto keys = rpc::LiveKeys::Load(options.process.keys_file,
                                  options.process.tenants_file);
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
