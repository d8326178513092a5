#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/mysql/session.h"
#include "common/rpc/client.h"
#include "common/rpc/link.h"
#include "common/rpc/process.h"
#include "common/rpc/process_options.h"
#include "common/server/database_options.h"
#include "common/server/database_server.h"
#include "common/server/database_work.h"
#include "common/status/status_macros.h"
#include "contacts-svc/service_definition.h"
#include "gateway/gateway_options.h"
#include "gateway/gateway_server.h"
#include "identity-svc/consent/suppression_key.h"
#include "identity-svc/service_definition.h"
#include "interactions-svc/service_definition.h"

ABSL_FLAG(std::string, contacts_db_user, "", "Database user of contacts-svc.");
ABSL_FLAG(std::string, contacts_db_password_file, "",
          "A file with that user's password; none where empty.");
ABSL_FLAG(std::string, contacts_db_name, "", "Schema of contacts-svc.");
ABSL_FLAG(std::string, contacts_listen_address, "",
          "IP address and port of the gRPC API of contacts-svc, for callers "
          "that need more of it than the gateway has. Where empty, the gateway "
          "alone calls it.");
ABSL_FLAG(std::string, identity_db_user, "", "Database user of identity-svc.");
ABSL_FLAG(std::string, identity_db_password_file, "",
          "A file with that user's password; none where empty.");
ABSL_FLAG(std::string, identity_db_name, "", "Schema of identity-svc.");
ABSL_FLAG(std::string, identity_listen_address, "",
          "Likewise for identity-svc.");
ABSL_FLAG(
    std::string, suppression_key_file, "",
    "A file with the secret by which identity-svc knows suppressed "
    "channel values again: 32 characters or more, as openssl rand -hex 32 "
    "makes them. Required to serve, and never to be changed.");
ABSL_FLAG(std::string, interactions_db_user, "",
          "Database user of interactions-svc.");
ABSL_FLAG(std::string, interactions_db_password_file, "",
          "A file with that user's password; none where empty.");
ABSL_FLAG(std::string, interactions_db_name, "", "Schema of interactions-svc.");
ABSL_FLAG(std::string, interactions_listen_address, "",
          "Likewise for interactions-svc.");

namespace kith {
namespace {

absl::StatusOr<identity::SuppressionKey> LoadSuppressionKey() {
  return identity::SuppressionKey::Load(
      absl::GetFlag(FLAGS_suppression_key_file));
}

// One of the three services.
struct Member {
  // "contacts".
  std::string name;
  std::string address;
  server::DatabaseService definition;
  server::DatabaseOptions options;
};

using Members = std::array<Member, 3>;

Members ReadMembers(const rpc::ProcessOptions& process,
                    std::vector<std::string>& faults) {
  const auto shared = server::DatabaseOptions::FromFlags(process, faults);
  const auto member =
      [&](const std::string& name, server::DatabaseService definition,
          const auto& address, const auto& user, const auto& password_file,
          const auto& schema) -> Member {
    const std::string listen = absl::GetFlag(address);
    const std::string flag = absl::StrCat(name, "_listen_address");
    if (!listen.empty()) process.CheckListenAddress(flag, listen, faults);
    return {
        .name = name,
        .address = listen,
        .definition = std::move(definition),
        .options = shared.For({.user = absl::GetFlag(user),
                               .password_file = absl::GetFlag(password_file),
                               .name = absl::GetFlag(schema)},
                              absl::StrCat(name, "_"), faults)};
  };
  return {
      member("contacts", contacts::ServiceDefinition(),
             FLAGS_contacts_listen_address, FLAGS_contacts_db_user,
             FLAGS_contacts_db_password_file, FLAGS_contacts_db_name),
      member("identity", identity::ServiceDefinition(LoadSuppressionKey),
             FLAGS_identity_listen_address, FLAGS_identity_db_user,
             FLAGS_identity_db_password_file, FLAGS_identity_db_name),
      member("interactions", interactions::ServiceDefinition(),
             FLAGS_interactions_listen_address, FLAGS_interactions_db_user,
             FLAGS_interactions_db_password_file, FLAGS_interactions_db_name)};
}

// Does work on the database of each service, also if it failed for one before.
int DoWork(server::DatabaseWork work, const Members& members) {
  int code = 0;
  for (const Member& member : members) {
    if (server::DoWork(work, member.definition, member.options) != 0) code = 1;
  }
  return code;
}

absl::Status Run(const rpc::ProcessOptions& process, const Members& members,
                 const gateway::GatewayOptions& options,
                 gateway::GatewayFiles files) {
  std::vector<std::shared_ptr<rpc::Link>> links;
  rpc::Process kith(process);
  for (const Member& member : members) {
    KITH_ASSIGN_OR_RETURN(
        grpc::Server* const server,
        kith.Start(member.name, member.address,
                   std::make_unique<server::DatabaseServer>(
                       member.definition, member.options, files.keys)));
    links.push_back(std::make_shared<rpc::Link>(
        rpc::MakeInProcessChannel(*server, options.max_response_bytes)));
  }
  // Last, as it calls the services until it is destroyed.
  auto gateway = std::make_unique<gateway::GatewayServer>(
      options, std::move(files),
      gateway::Channels{.contacts = links[0],
                        .identity = links[1],
                        .interactions = links[2]});
  KITH_RETURN_IF_ERROR(
      kith.Start("grpc", process.listen_address, std::move(gateway)).status());
  return kith.Run();
}

int Main(int argc, char** argv) {
  rpc::InitProcess(argc, argv, "All of Kith in one process.");
  mysql::InitDriver();
  std::vector<std::string> faults;
  const rpc::ProcessOptions process = rpc::ProcessOptions::FromFlags();
  const Members members = ReadMembers(process, faults);
  const server::DatabaseWork work = server::ReadWork(faults);
  if (work != server::DatabaseWork::kNone) {
    return faults.empty() ? DoWork(work, members) : rpc::RefuseToStart(faults);
  }
  process.Validate(faults);
  for (const Member& member : members) {
    if (member.definition.check) member.definition.check(faults);
  }
  const auto options = gateway::GatewayOptions::FromFlags(process, faults);
  auto files = gateway::GatewayFiles::Load(options, process, faults);
  if (!faults.empty()) return rpc::RefuseToStart(faults);
  return rpc::Report("stopped",
                     Run(process, members, options, std::move(files)));
}

}  // namespace
}  // namespace kith

int main(int argc, char** argv) { return kith::Main(argc, argv); }
