#include "common/rpc/process.h"

#include <grpc/support/log.h>
#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <sys/resource.h>

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
  Readiness(const std::function<absl::Status()>& probe,
            const std::vector<NamedService>& services, grpc::Server& server)
      : probe_(probe), health_(*server.GetHealthCheckService()) {
    health_.SetServingStatus(false);
    // From now on, gRPC gives each of them the status of the whole.
    for (const NamedService& service : services) {
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
      Set(probe_());
    } while (!stop_.WaitForNotificationWithTimeout(absl::Milliseconds(500)));
  }

  void Set(const absl::Status& status) {
    if (status == last_) return;
    last_ = status;
    ready_ = status.ok();
    health_.SetServingStatus(ready_);
    ops::Log(ready_ ? ops::Severity::kInfo : ops::Severity::kWarning,
             ready_ ? "ready" : "not ready", {{"reason", status.message()}});
  }

  const std::function<absl::Status()>& probe_;
  grpc::HealthCheckServiceInterface& health_;
  absl::Status last_ = absl::UnknownError("not asked yet");
  std::atomic<bool> ready_ = false;
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

absl::StatusOr<std::unique_ptr<grpc::Server>> Listen(
    const ProcessOptions& options,
    std::vector<std::unique_ptr<DecodingService>>& services,
    grpc::CallbackGenericService* others, std::string& bound) {
  const std::string& address = options.listen_address;
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
  builder.AddListeningPort(address, ServerCredentials(options.tls), &port);
  if (!options.reflection) {
    builder.SetOption(std::make_unique<WithoutReflection>());
  }
  for (const auto& service : services) builder.RegisterService(service.get());
  if (others != nullptr) builder.RegisterCallbackGenericService(others);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", address, "; is another process using it?"));
  }
  bound = absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
  return server;
}

// Ends a process that does not end by itself, when `limit` has passed.
class DrainLimit {
 public:
  explicit DrainLimit(absl::Duration limit)
      : thread_([this, limit] {
          if (done_.WaitForNotificationWithTimeout(limit)) return;
          ops::Log(ops::Severity::kError, "did not stop in time");
          _exit(1);
        }) {}
  ~DrainLimit() {
    done_.Notify();
    thread_.join();
  }

 private:
  absl::Notification done_;
  std::thread thread_;
};

void Drain(const ProcessOptions& options, grpc::Server& server,
           const std::function<void()>& end_lasting,
           const std::function<void(absl::Duration)>& await_beside,
           Readiness& readiness) {
  const DrainLimit limit(options.drain_delay + options.drain_timeout +
                         absl::Seconds(5));
  readiness.Stop();
  absl::SleepFor(options.drain_delay);
  end_lasting();
  const absl::Time end = absl::Now() + options.drain_timeout;
  await_beside(options.drain_timeout);
  server.Shutdown(absl::ToChronoTime(end));
  server.Wait();
}

absl::Status Announce(const ProcessOptions& options,
                      const Addresses& addresses) {
  std::string lines;
  for (const auto& [name, address] : addresses) {
    ops::Log(ops::Severity::kInfo, "listening", {{name, address}});
    absl::StrAppend(&lines, name, "=", address, "\n");
  }
  if (options.address_file.empty()) return absl::OkStatus();
  return base::WriteFileAtomically(options.address_file, lines);
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

absl::Status Serve(const ProcessOptions& options,
                   const std::vector<NamedService>& services,
                   const std::function<absl::Status()>& probe,
                   const std::function<void()>& end_lasting,
                   const ListenBeside& beside,
                   grpc::CallbackGenericService* others,
                   const std::function<void(absl::Duration)>& await_beside) {
  RaiseOpenFiles();
  ops::Gauge("kith_build_info", "1, with the version of this build.",
             {{"version", KITH_VERSION}})
      .Set(1);
  std::vector<std::unique_ptr<DecodingService>> decoding;
  for (const auto& [full_name, service] : services) {
    decoding.push_back(std::make_unique<DecodingService>(full_name, service));
  }
  std::string address;
  KITH_ASSIGN_OR_RETURN(const std::unique_ptr<grpc::Server> server,
                        Listen(options, decoding, others, address));
  // Where the rest of the start fails.
  absl::Cleanup shutdown = [&] {
    server->Shutdown();
    server->Wait();
  };
  Readiness readiness(probe, services, *server);
  KITH_ASSIGN_OR_RETURN(const std::unique_ptr<ops::OpsServer> ops_server,
                        ops::OpsServer::Start(options.ops_address, [&] {
                          return readiness.ready();
                        }));
  Addresses addresses = {{"grpc", address}, {"ops", ops_server->address()}};
  KITH_ASSIGN_OR_RETURN(const Addresses more, beside(*server));
  addresses.insert(addresses.end(), more.begin(), more.end());
  KITH_RETURN_IF_ERROR(Announce(options, addresses));
  const sigset_t signals = StopSignals();
  int signal = 0;
  sigwait(&signals, &signal);
  ops::Log(ops::Severity::kInfo, "stopping", {{"signal", signal}});
  std::move(shutdown).Cancel();
  Drain(options, *server, end_lasting, await_beside, readiness);
  return absl::OkStatus();
}

}  // namespace kith::rpc
