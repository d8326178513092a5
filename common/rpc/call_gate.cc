#include "common/rpc/call_gate.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "common/ops/trace.h"
#include "common/rpc/grpc_status.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "kith/common/v1/common.pb.h"

namespace kith::rpc {
namespace {

// For callers that set none.
constexpr absl::Duration kStandardDeadline = absl::Seconds(5);
constexpr int kCodes = 17;

absl::string_view Metadata(const grpc::CallbackServerContext& call,
                           const char* name) {
  const auto it = call.client_metadata().find(name);
  if (it == call.client_metadata().end()) return "";
  return absl::string_view(it->second.data(), it->second.size());
}

absl::Time Deadline(const grpc::CallbackServerContext& call) {
  const absl::Time now = absl::Now();
  const absl::Time asked = absl::FromChrono(call.deadline());
  return asked > now + absl::Hours(24 * 365) ? now + kStandardDeadline : asked;
}

bool IsOurFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal ||
         code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

// As the go-grpc-prometheus middleware spells them: "NotFound".
std::string CodeName(int code) {
  if (code == 0) return "OK";
  std::string name;
  bool upper = true;
  for (const char c :
       absl::StatusCodeToString(static_cast<absl::StatusCode>(code))) {
    if (c == '_') {
      upper = true;
      continue;
    }
    name.push_back(upper ? c : absl::ascii_tolower(c));
    upper = false;
  }
  return name;
}

}  // namespace

// What is known and counted of one method.
struct MethodStats {
  explicit MethodStats(const google::protobuf::MethodDescriptor& method)
      : service(method.service()->full_name()),
        name(method.name()),
        scope(method.options().GetExtension(common::v1::scope)),
        type(method.server_streaming() ? "server_stream" : "unary"),
        started(ops::Counter("grpc_server_started_total",
                             "RPCs started on the server.", Labels())),
        received(ops::Counter("grpc_server_msg_received_total",
                              "Messages received by the server.", Labels())),
        sent(ops::Counter("grpc_server_msg_sent_total",
                          "Messages sent by the server.", Labels())),
        seconds(ops::SecondsHistogram(
            "grpc_server_handling_seconds",
            "Time from the start of an RPC to its answer.", Labels())) {
    for (int code = 0; code < kCodes; ++code) {
      prometheus::Labels labels = Labels();
      labels["grpc_code"] = CodeName(code);
      handled.push_back(&ops::Counter("grpc_server_handled_total",
                                      "RPCs answered by the server.", labels));
    }
  }

  prometheus::Labels Labels() const {
    return {
        {"grpc_type", type}, {"grpc_service", service}, {"grpc_method", name}};
  }

  const std::string service;
  const std::string name;
  const std::string scope;
  const std::string type;
  prometheus::Counter& started;
  prometheus::Counter& received;
  prometheus::Counter& sent;
  prometheus::Histogram& seconds;
  std::vector<prometheus::Counter*> handled;
};

ActiveCall::ActiveCall(grpc::ServerUnaryReactor* reactor, Ending end,
                       const MethodStats& stats)
    : reactor_(reactor),
      end_(std::move(end)),
      stats_(stats),
      start_(absl::Now()) {
  stats_.started.Increment();
  stats_.received.Increment();
}

absl::Status ActiveCall::CheckDeadline() const {
  if (absl::Now() < context_.deadline) return absl::OkStatus();
  return absl::DeadlineExceededError(
      "the deadline passed before the work began");
}

void ActiveCall::NoteMessage() const { stats_.sent.Increment(); }

void ActiveCall::Finish(const absl::Status& status) {
  const absl::Duration took = absl::Now() - start_;
  const int code = static_cast<int>(status.code());
  stats_.handled[code < kCodes ? code : 2]->Increment();
  if (status.ok()) stats_.sent.Increment();
  stats_.seconds.Observe(absl::ToDoubleSeconds(took));
  const bool known = context_.principal != nullptr;
  const bool fault = IsOurFault(status.code());
  const std::string code_name = CodeName(code);
  ops::Log(
      fault ? ops::Severity::kError : ops::Severity::kInfo, "call",
      {{"service", stats_.service},
       {"method", stats_.name},
       {"code", code_name},
       {"ms", absl::ToDoubleMilliseconds(took)},
       {"tenant", known ? absl::string_view(context_.principal->tenant->slug())
                        : absl::string_view()},
       {"key", known ? absl::string_view(context_.principal->key_id)
                     : absl::string_view()},
       {"trace_id", context_.trace_id},
       // Other messages may repeat what the caller sent.
       {"error", fault ? status.message() : absl::string_view()}});
  end_(ToGrpc(status::Public(status)));
}

CallGate::CallGate(absl::string_view service,
                   std::shared_ptr<const LiveKeys> keys)
    : keys_(std::move(keys)) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
          std::string(service));
  for (int i = 0; i < descriptor->method_count(); ++i) {
    auto stats = std::make_unique<MethodStats>(*descriptor->method(i));
    if (stats->scope.empty()) {
      ops::Log(ops::Severity::kError, "a method has no scope",
               {{"method", stats->name}});
      std::abort();
    }
    const std::string name = stats->name;
    methods_.emplace(name, std::move(stats));
  }
}

CallGate::~CallGate() = default;

absl::Status CallGate::Admit(const grpc::CallbackServerContext& call,
                             const MethodStats& stats,
                             ops::RequestContext& context) const {
  context.deadline = Deadline(call);
  ops::ContinueTrace(Metadata(call, "traceparent"), context);
  context.authorization = std::string(Metadata(call, "authorization"));
  KITH_ASSIGN_OR_RETURN(context.principal,
                        keys_->keys()->Authenticate(context.authorization));
  if (!context.principal->scopes.contains(stats.scope)) {
    return absl::PermissionDeniedError(
        absl::StrCat("the API key lacks the scope ", stats.scope));
  }
  return absl::OkStatus();
}

std::unique_ptr<ActiveCall> CallGate::Begin(grpc::CallbackServerContext* call,
                                            absl::string_view method) const {
  grpc::ServerUnaryReactor* const reactor = call->DefaultReactor();
  auto active = std::make_unique<ActiveCall>(
      reactor,
      [reactor](const grpc::Status& status) { reactor->Finish(status); },
      *methods_.at(method));
  active->admitted_ = Admit(*call, active->stats_, active->context_);
  return active;
}

std::unique_ptr<ActiveCall> CallGate::BeginStream(
    grpc::CallbackServerContext* call, absl::string_view method,
    ActiveCall::Ending end) const {
  auto active = std::make_unique<ActiveCall>(nullptr, std::move(end),
                                             *methods_.at(method));
  active->admitted_ = Admit(*call, active->stats_, active->context_);
  return active;
}

}  // namespace kith::rpc
