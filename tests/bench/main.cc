#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/text_file.h"
#include "common/mysql/session.h"
#include "common/status/status_macros.h"
#include "tests/bench/bench.h"

ABSL_FLAG(std::string, gateway_target, "", "gRPC target of the gateway.");
ABSL_FLAG(std::string, identity_target, "", "gRPC target of identity-svc.");
ABSL_FLAG(std::string, token_file, "", "A file with the API key's token.");
ABSL_FLAG(std::string, tenants, "",
          "A file with the suite's tenants; the key is one of the first.");
ABSL_FLAG(std::string, database, "", "unix:PATH of the database's socket.");
ABSL_FLAG(std::string, secrets, "",
          "The folder with the passwords of the services' database users.");
ABSL_FLAG(std::string, log_file, "",
          "Where the database server writes its general log.");
ABSL_FLAG(std::vector<std::string>, processes, {},
          "Whose processor time to measure: name:pid,...");
ABSL_FLAG(std::string, sample_file, "",
          "What customers look like: a textproto of "
          "kith.gateway.v1.BatchRecordTouchesRequest.");
ABSL_FLAG(std::vector<std::string>, scenarios, {},
          "Beginnings of names of scenarios, or of merge; all where there is "
          "none.");
ABSL_FLAG(std::vector<std::string>, callers,
          std::vector<std::string>({"1", "64"}), "Numbers of callers.");
ABSL_FLAG(uint64_t, contacts, 10'000, "How many contacts there are.");
ABSL_FLAG(uint64_t, interactions, 20, "How many interactions each has.");
ABSL_FLAG(std::vector<std::string>, histories,
          std::vector<std::string>({"10", "10000"}),
          "Interactions of each of two contacts to merge.");
ABSL_FLAG(std::vector<std::string>, groups,
          std::vector<std::string>({"10", "100", "1000"}),
          "Sizes of groups to merge.");
ABSL_FLAG(std::vector<std::string>, waiting, {},
          "Measure agents who work off queues in which so many people wait; "
          "none: measure all scenarios instead.");
ABSL_FLAG(absl::Duration, time, absl::Milliseconds(2500),
          "How long each scenario is called by each number of callers.");
ABSL_FLAG(int, rounds, 2, "In how many parts, by turns with the limits.");
ABSL_FLAG(int, samples, 300, "Calls of which the statements are learned.");
ABSL_FLAG(double, open_share, 0.5,
          "The open loop's rate, of what the closed loop reached; 0: none.");
ABSL_FLAG(double, overload, 0,
          "Send so many times what can be answered, of the first scenario; 0: "
          "measure all scenarios instead.");
ABSL_FLAG(bool, hooks, false,
          "Measure forms that are sent to connectors, and visits, by the "
          "gateway that --edge tells.");
ABSL_FLAG(bool, fill_only, false, "Fill the databases and measure nothing.");
ABSL_FLAG(std::string, edge, "",
          "Measure view_by_id over HTTP and gRPC, by the gateway that listens "
          "for HTTP at this address; empty: measure all scenarios instead.");
ABSL_FLAG(
    std::string, peer, "",
    "Measure view_by_id of the peer that listens for HTTP at this address, "
    "and of the suite, whose gateway --edge tells; empty: do not.");
ABSL_FLAG(int, connections, 2000, "Idle connections to the edge.");
ABSL_FLAG(int, streams, 500, "Open streams of the edge, and as many of gRPC.");
ABSL_FLAG(std::string, result_file, "", "Where to write all figures, as JSON.");

namespace kith::bench {
namespace {

// The numbers of a list of texts such as "64" or "gateway:64".
absl::StatusOr<int> NumberAtEnd(const std::string& text) {
  int number = 0;
  if (!absl::SimpleAtoi(text.substr(text.find(':') + 1), &number) ||
      number < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\", want a number"));
  }
  return number;
}

absl::Status ReadNumbers(const std::vector<std::string>& texts,
                         std::vector<int>& numbers) {
  for (const std::string& text : texts) {
    KITH_ASSIGN_OR_RETURN(numbers.emplace_back(), NumberAtEnd(text));
  }
  return absl::OkStatus();
}

absl::Status ReadSizes(BenchOptions& options) {
  KITH_RETURN_IF_ERROR(
      ReadNumbers(absl::GetFlag(FLAGS_callers), options.callers));
  KITH_RETURN_IF_ERROR(
      ReadNumbers(absl::GetFlag(FLAGS_histories), options.histories));
  KITH_RETURN_IF_ERROR(
      ReadNumbers(absl::GetFlag(FLAGS_groups), options.groups));
  KITH_RETURN_IF_ERROR(
      ReadNumbers(absl::GetFlag(FLAGS_waiting), options.waiting));
  options.scenarios = absl::GetFlag(FLAGS_scenarios);
  options.contacts = absl::GetFlag(FLAGS_contacts);
  options.interactions = absl::GetFlag(FLAGS_interactions);
  options.time = absl::GetFlag(FLAGS_time);
  options.rounds = absl::GetFlag(FLAGS_rounds);
  options.samples = absl::GetFlag(FLAGS_samples);
  options.open_share = absl::GetFlag(FLAGS_open_share);
  options.overload = absl::GetFlag(FLAGS_overload);
  options.http = absl::GetFlag(FLAGS_edge);
  options.peer = absl::GetFlag(FLAGS_peer);
  options.hooks = absl::GetFlag(FLAGS_hooks);
  options.connections = absl::GetFlag(FLAGS_connections);
  options.streams = absl::GetFlag(FLAGS_streams);
  if (options.contacts < 1 || options.interactions < 1 || options.rounds < 1 ||
      options.samples < 1 || options.time <= absl::ZeroDuration() ||
      options.connections < 1 || options.streams < 1 ||
      options.callers.empty()) {
    return absl::InvalidArgumentError(
        "--contacts, --interactions, --rounds, --samples, --time, "
        "--connections, --streams, --callers: want more than none");
  }
  return absl::OkStatus();
}

absl::StatusOr<BenchOptions> ReadFlags() {
  BenchOptions options;
  options.gateway = absl::GetFlag(FLAGS_gateway_target);
  options.identity = absl::GetFlag(FLAGS_identity_target);
  KITH_ASSIGN_OR_RETURN(options.token,
                        base::ReadSecret(absl::GetFlag(FLAGS_token_file)));
  config::v1::TenantsFile tenants;
  KITH_RETURN_IF_ERROR(
      base::ReadTextProto(absl::GetFlag(FLAGS_tenants), tenants));
  if (tenants.tenants().empty()) {
    return absl::InvalidArgumentError("--tenants: no tenant");
  }
  options.tenant = tenants.tenants(0);
  KITH_ASSIGN_OR_RETURN(options.databases,
                        Databases::Make(absl::GetFlag(FLAGS_database),
                                        absl::GetFlag(FLAGS_secrets)));
  for (const std::string& process : absl::GetFlag(FLAGS_processes)) {
    const std::string name = process.substr(0, process.find(':'));
    KITH_ASSIGN_OR_RETURN(options.processes[name], NumberAtEnd(process));
  }
  // What the load itself takes, the suite cannot have.
  options.processes[kOwnProcess] = getpid();
  KITH_ASSIGN_OR_RETURN(options.sample,
                        Sample::Read(absl::GetFlag(FLAGS_sample_file)));
  options.log_file = absl::GetFlag(FLAGS_log_file);
  KITH_RETURN_IF_ERROR(ReadSizes(options));
  return options;
}

// Prints the table, and adds the figures to `json` and to the file.
template <typename Figures>
absl::Status Report(const Figures& figures, nlohmann::ordered_json& json) {
  std::cout << ToTable(figures) << std::flush;
  json.update(ToJson(figures));
  const std::string file = absl::GetFlag(FLAGS_result_file);
  if (file.empty()) return absl::OkStatus();
  return base::WriteFileAtomically(file, json.dump(2) + "\n");
}

absl::Status Main() {
  KITH_ASSIGN_OR_RETURN(const BenchOptions options, ReadFlags());
  Bench bench(options);
  if (absl::GetFlag(FLAGS_fill_only)) return bench.FillDatabases();
  KITH_RETURN_IF_ERROR(bench.Connect());
  nlohmann::ordered_json json;
  if (!options.waiting.empty()) {
    KITH_ASSIGN_OR_RETURN(const ActionsResult actions, bench.RunActions());
    return Report(actions, json);
  }
  if (options.hooks) {
    KITH_ASSIGN_OR_RETURN(const HooksResult hooks, bench.RunHooks());
    return Report(hooks, json);
  }
  if (options.overload > 0) {
    KITH_ASSIGN_OR_RETURN(const Overload overload, bench.RunOverload());
    return Report(overload, json);
  }
  if (!options.peer.empty()) {
    KITH_ASSIGN_OR_RETURN(const PeerResult peer, bench.RunPeer());
    return Report(peer, json);
  }
  if (!options.http.empty()) {
    KITH_ASSIGN_OR_RETURN(const EdgeResult edge, bench.RunEdge());
    return Report(edge, json);
  }
  KITH_ASSIGN_OR_RETURN(const std::vector<Result> results, bench.Run());
  if (!results.empty()) KITH_RETURN_IF_ERROR(Report(results, json));
  KITH_ASSIGN_OR_RETURN(const std::vector<MergeResult> merges,
                        bench.RunMerges());
  if (merges.empty()) return absl::OkStatus();
  return Report(merges, json);
}

}  // namespace
}  // namespace kith::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Measures a suite; ./dev bench starts both.");
  absl::ParseCommandLine(argc, argv);
  kith::mysql::InitDriver();
  const absl::Status status = kith::bench::Main();
  if (status.ok()) return 0;
  std::cerr << status.message() << "\n";
  return 1;
}
