#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/client.h"
#include "common/rpc/process.h"
#include "common/rpc/process_options.h"
#include "common/rpc/tls.h"
#include "gateway/gateway_options.h"
#include "gateway/gateway_server.h"

ABSL_FLAG(std::string, contacts_target, "",
          "gRPC target of contacts-svc, such as dns:///contacts-svc:7710.");
ABSL_FLAG(std::string, identity_target, "", "gRPC target of identity-svc.");
ABSL_FLAG(std::string, interactions_target, "",
          "gRPC target of interactions-svc.");

namespace kith::gateway {
namespace {

// Returns the channel to what a flag names. Adds one line to `faults` if that
// is bad.
std::shared_ptr<grpc::Channel> Connect(const char* flag,
                                       const std::string& target,
                                       const rpc::ProcessOptions& process,
                                       const GatewayOptions& options,
                                       std::vector<std::string>& faults) {
  if (target.empty()) {
    faults.push_back(absl::StrCat("--", flag, ": not given"));
    return nullptr;
  }
  if (options.tls.files.ca.empty() && !process.allow_plaintext) {
    rpc::CheckPlainLink(flag, target, "backends_tls_ca_file", faults);
  }
  return rpc::MakeChannel(target, options.max_response_bytes, options.tls);
}

int Main(int argc, char** argv) {
  rpc::InitProcess(argc, argv, "The gateway of Kith: one view, one way in.");
  std::vector<std::string> faults;
  const rpc::ProcessOptions process = rpc::ProcessOptions::FromFlags();
  process.Validate(faults);
  const GatewayOptions options = GatewayOptions::FromFlags(process, faults);
  const auto connect = [&](const char* flag, const std::string& target) {
    return Connect(flag, target, process, options, faults);
  };
  const Channels channels = {
      .contacts =
          connect("contacts_target", absl::GetFlag(FLAGS_contacts_target)),
      .identity =
          connect("identity_target", absl::GetFlag(FLAGS_identity_target)),
      .interactions = connect("interactions_target",
                              absl::GetFlag(FLAGS_interactions_target))};
  GatewayFiles files = GatewayFiles::Load(options, process, faults);
  if (!faults.empty()) return rpc::RefuseToStart(faults);
  return rpc::Report(
      "stopped", rpc::Serve(process, std::make_unique<GatewayServer>(
                                         options, std::move(files), channels)));
}

}  // namespace
}  // namespace kith::gateway

int main(int argc, char** argv) { return kith::gateway::Main(argc, argv); }
