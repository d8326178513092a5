#include "common/rpc/process.h"

#include <grpc/support/log.h>
#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/text_file.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "common/ops/ops_server.h"
#include "common/rpc/callback_threads.h"
#include "common/rpc/decoding_service.h"
#include "common/rpc/trace_link.h"
#include "common/status/status_macros.h"
#include "google/protobuf/stubs/logging.h"

ABSL_FLAG(bool, log_calls, true, "Log a line for each call.");

namespace kith::rpc {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// What gRPC has to say, such as of a handshake that failed, as lines like all
// others.
void LogOfGrpc(gpr_log_func_args* line) {
  ops::Log(line->severity == GPR_LOG_SEVERITY_ERROR ? ops::Severity::kWarning
                                                    : ops::Severity::kDebug,
           "grpc", {{"text", line->message}});
}

// What protobuf has to say, such as of text that is not UTF-8.
void LogOfProtobuf(google::protobuf::LogLevel level, const char* /*file*/,
                   int /*line*/, const std::string& text) {
  ops::Log(level == google::protobuf::LOGLEVEL_FATAL ? ops::Severity::kError
                                                     : ops::Severity::kDebug,
           "protobuf", {{"text", text}});
}

// Asks the probe again and again, and says when the answer changes.
class Readiness {
 public:
  Readiness(std::string name, Servable& served, grpc::Server& server)
      : name_(std::move(name)),
        served_(served),
        health_(*server.GetHealthCheckService()) {
    health_.SetServingStatus(false);
    // From now on, gRPC gives each of them the status of the whole.
    for (const NamedService& service : served.services()) {
      health_.SetServingStatus(std::string(service.full_name), false);
    }
    thread_ = std::thread([this] { Run(); });
  }

  ~Readiness() { Stop(); }

  // Not ready any more, for good.
  void Stop() {
    if (stop_.HasBeenNotified()) return;
    stop_.Notify();
    thread_.join();
    Set(absl::UnavailableError("the process is stopping"));
  }

  bool ready() const { return ready_; }

 private:
  void Run() {
    do {
      Set(served_.Probe());
    } while (!stop_.WaitForNotificationWithTimeout(absl::Milliseconds(500)));
  }

  void Set(const absl::Status& status) {
    if (status == last_) return;
    last_ = status;
    ready_ = status.ok();
    gauge_.Set(ready_ ? 1 : 0);
    health_.SetServingStatus(ready_);
    ops::Log(ready_ ? ops::Severity::kInfo : ops::Severity::kWarning,
             ready_ ? "ready" : "not ready",
             {{"server", name_}, {"reason", status.message()}});
  }

  const std::string name_;
  Servable& served_;
  grpc::HealthCheckServiceInterface& health_;
  absl::Status last_ = absl::UnknownError("not asked yet");
  std::atomic<bool> ready_ = false;
  prometheus::Gauge& gauge_ =
      ops::Gauge("kith_ready", "1 while a server of this process is ready.",
                 {{"server", name_}});
  absl::Notification stop_;
  std::thread thread_;
};

// Lets the process open as many files as it may: each connection is one, and
// the usual soft limit of 1,024 is there for programs that use select().
void RaiseOpenFiles() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  const bool raised = setrlimit(RLIMIT_NOFILE, &limit) == 0;
  ops::Log(
      raised ? ops::Severity::kInfo : ops::Severity::kWarning, "open files",
      {{"limit", static_cast<int64_t>(limit.rlim_max)}, {"raised", raised}});
}

int Millis(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

// The library adds its plugin to each server of a program that links it.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>*
                         plugins) override {
    const std::string name =
        grpc::reflection::ProtoServerReflectionPlugin().name();
    std::erase_if(*plugins,
                  [&](const auto& plugin) { return plugin->name() == name; });
  }
};

// Starts a server. Sets `bound` to its address, with the port that it has; an
// empty one stays empty.
absl::StatusOr<std::unique_ptr<grpc::Server>> Listen(
    const ProcessOptions& options, const std::string& address,
    std::vector<std::unique_ptr<DecodingService>>& services,
    grpc::CallbackGenericService* others, std::string& bound) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(options.max_request_bytes);
  // gRPC 1.51 unpacks a whole message before it looks at its size: 0.4 MB of
  // gzip may be 400 MB.
  for (const grpc_compression_algorithm algorithm :
       {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    builder.SetCompressionAlgorithmSupportStatus(algorithm, false);
  }
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             Millis(options.max_connection_age));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             Millis(absl::Minutes(1)));
  // Allows what rpc::MakeChannel does: a ping each 20 s, also between calls.
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
      Millis(absl::Seconds(10)));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Else a second server on the port starts as well, and each gets some calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  int port = 0;
  if (!address.empty()) {
    builder.AddListeningPort(address, ServerCredentials(options.tls), &port);
  }
  if (!options.reflection) {
    builder.SetOption(std::make_unique<WithoutReflection>());
  }
  for (const auto& service : services) builder.RegisterService(service.get());
  if (others != nullptr) builder.RegisterCallbackGenericService(others);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || (port == 0 && !address.empty())) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", address, "; is another process using it?"));
  }
  if (!address.empty()) {
    bound = absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
  }
  return server;
}

}  // namespace

void InitProcess(int argc, char** argv, const std::string& usage) {
  absl::SetProgramUsageMessage(usage);
  absl::ParseCommandLine(argc, argv);
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  gpr_set_log_function(&LogOfGrpc);
  google::protobuf::SetLogHandler(&LogOfProtobuf);
  // Debian's Abseil looks for cycles at each lock, also at gRPC's.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  KeepCallbackThreads();
  if (!absl::GetFlag(FLAGS_log_calls)) {
    ops::SetMinSeverity(ops::Severity::kWarning);
  }
}

void EndAtSignals() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

int RefuseToStart(const std::vector<std::string>& faults) {
  for (const std::string& fault : faults) {
    ops::Log(ops::Severity::kError, "cannot start", {{"fault", fault}});
  }
  return 2;
}

int Report(absl::string_view what, const absl::Status& status) {
  if (status.ok()) {
    ops::Log(ops::Severity::kInfo, what, {{"result", "done"}});
    return 0;
  }
  ops::Log(ops::Severity::kError, what, {{"error", status.message()}});
  return 1;
}

// Ends a process that does not end by itself, when `limit` has passed.
class Process::StopLimit {
 public:
  explicit StopLimit(absl::Duration limit)
      : thread_([this, limit] {
          if (done_.WaitForNotificationWithTimeout(limit)) return;
          ops::Log(ops::Severity::kError, "did not stop in time");
          _exit(1);
        }) {}
  ~StopLimit() {
    done_.Notify();
    thread_.join();
  }

 private:
  absl::Notification done_;
  std::thread thread_;
};

struct Process::Member {
  explicit Member(std::unique_ptr<Servable> one) : served(std::move(one)) {}
  ~Member() {
    // Nobody asks a probe about a server that is gone.
    readiness = nullptr;
    if (server == nullptr) return;
    server->Shutdown();
    server->Wait();
  }

  // Waits for running calls, until `end`, then destroys the server and what it
  // has served.
  void Drain(absl::Time end) {
    served->AwaitBeside(end - absl::Now());
    server->Shutdown(absl::ToChronoTime(end));
    server->Wait();
    server = nullptr;
    decoding.clear();
    served = nullptr;
  }

  std::unique_ptr<Servable> served;
  Addresses addresses;
  std::vector<std::unique_ptr<DecodingService>> decoding;
  std::unique_ptr<grpc::Server> server;
  std::unique_ptr<Readiness> readiness;
};

Process::Process(ProcessOptions options)
    : options_(std::move(options)),
      traces_(ExportTraces(options_, KITH_VERSION)) {
  RaiseOpenFiles();
  ops::Gauge("kith_build_info", "1, with the version of this build.",
             {{"version", KITH_VERSION}})
      .Set(1);
}

Process::~Process() { ShutDown(); }

absl::StatusOr<grpc::Server*> Process::Start(const std::string& name,
                                             const std::string& address,
                                             std::unique_ptr<Servable> served) {
  auto member = std::make_unique<Member>(std::move(served));
  Servable& one = *member->served;
  for (const auto& [full_name, service] : one.services()) {
    member->decoding.push_back(
        std::make_unique<DecodingService>(full_name, service));
  }
  std::string bound;
  KITH_ASSIGN_OR_RETURN(
      member->server,
      Listen(options_, address, member->decoding, one.others(), bound));
  grpc::Server& server = *member->server;
  if (!bound.empty()) member->addresses.emplace_back(name, bound);
  member->readiness = std::make_unique<Readiness>(name, one, server);
  KITH_ASSIGN_OR_RETURN(const Addresses beside, one.ListenBeside(server));
  member->addresses.insert(member->addresses.end(), beside.begin(),
                           beside.end());
  members_.push_back(std::move(member));
  return &server;
}

absl::Status Process::Run() {
  const absl::Cleanup shut_down = [&] { ShutDown(); };
  KITH_ASSIGN_OR_RETURN(const std::unique_ptr<ops::OpsServer> ops_server,
                        ops::OpsServer::Start(options_.ops_address,
                                              [this] { return IsReady(); }));
  KITH_RETURN_IF_ERROR(Announce(ops_server->address()));
  const sigset_t signals = StopSignals();
  int signal = 0;
  sigwait(&signals, &signal);
  ops::Log(ops::Severity::kInfo, "stopping", {{"signal", signal}});
  Drain();
  return absl::OkStatus();
}

bool Process::IsReady() const {
  return std::all_of(members_.begin(), members_.end(), [](const auto& member) {
    return member->readiness->ready();
  });
}

absl::Status Process::Announce(const std::string& ops_address) const {
  Addresses addresses;
  for (const auto& member : members_) {
    addresses.insert(addresses.end(), member->addresses.begin(),
                     member->addresses.end());
  }
  addresses.emplace_back("ops", ops_address);
  std::string lines;
  for (const auto& [name, address] : addresses) {
    ops::Log(ops::Severity::kInfo, "listening", {{name, address}});
    absl::StrAppend(&lines, name, "=", address, "\n");
  }
  if (options_.address_file.empty()) return absl::OkStatus();
  return base::WriteFileAtomically(options_.address_file, lines);
}

void Process::Drain() {
  limit_ = std::make_unique<StopLimit>(
      options_.drain_delay + options_.drain_timeout + absl::Seconds(5));
  for (const auto& member : members_) member->readiness->Stop();
  absl::SleepFor(options_.drain_delay);
  const auto last_first = [&](const auto& each) {
    std::for_each(members_.rbegin(), members_.rend(), each);
  };
  last_first([](const auto& member) { member->served->EndLasting(); });
  const absl::Time end = absl::Now() + options_.drain_timeout;
  last_first([&](const auto& member) { member->Drain(end); });
}

void Process::ShutDown() {
  while (!members_.empty()) members_.pop_back();
}

absl::Status Serve(const ProcessOptions& options,
                   std::unique_ptr<Servable> served) {
  Process process(options);
  KITH_RETURN_IF_ERROR(
      process.Start("grpc", options.listen_address, std::move(served))
          .status());
  return process.Run();
}

}  // namespace kith::rpc
