#include "common/rpc/call_gate.h"

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/auth/acting_tenant.h"
#include "common/auth/scopes.h"
#include "common/ops/log.h"
#include "common/ops/trace.h"
#include "common/rpc/call_metrics.h"
#include "common/rpc/decoding_service.h"
#include "common/rpc/grpc_status.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "common/trace/call_span.h"
#include "kith/common/v1/common.pb.h"

namespace kith::rpc {
namespace {

// For callers that set none.
constexpr absl::Duration kDefaultDeadline = absl::Seconds(5);

absl::string_view Metadata(const grpc::CallbackServerContext& call,
                           const char* name) {
  const auto it = call.client_metadata().find(name);
  if (it == call.client_metadata().end()) return "";
  return absl::string_view(it->second.data(), it->second.size());
}

absl::Time Deadline(const grpc::CallbackServerContext& call) {
  const absl::Time now = absl::Now();
  const absl::Time asked = absl::FromChrono(call.deadline());
  return asked > now + absl::Hours(24 * 365) ? now + kDefaultDeadline : asked;
}

std::string NameOf(config::v1::Assurance assurance) {
  return std::string(
      absl::StripPrefix(config::v1::Assurance_Name(assurance), "ASSURANCE_"));
}

absl::Status CheckAssurance(const base::Principal& principal,
                            config::v1::Assurance least) {
  if (principal.assurance >= least) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat("the assurance of the ",
                   principal.person.empty() ? "API key is " : "token is ",
                   NameOf(principal.assurance), ", the method wants at least ",
                   NameOf(least)));
}

bool IsOurFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal ||
         code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

}  // namespace

// What is known and counted of one method.
struct MethodStats {
  explicit MethodStats(const google::protobuf::MethodDescriptor& method)
      : method(method),
        service(method.service()->full_name()),
        name(method.name()),
        scope(method.options().GetExtension(common::v1::scope)),
        assurance(method.options().GetExtension(common::v1::assurance)),
        metrics(CallMetrics::Side::kServer, method) {}

  const google::protobuf::MethodDescriptor& method;
  const std::string service;
  const std::string name;
  const std::string scope;
  const config::v1::Assurance assurance;
  const CallMetrics metrics;
};

ActiveCall::ActiveCall(grpc::ServerUnaryReactor* reactor, Ending end,
                       const MethodStats& stats)
    : reactor_(reactor),
      end_(std::move(end)),
      stats_(stats),
      start_(absl::Now()) {
  stats_.metrics.NoteStart();
}

absl::Status ActiveCall::CheckDeadline() const {
  if (absl::Now() < context_.deadline) return absl::OkStatus();
  return absl::DeadlineExceededError(
      "the deadline passed before the work began");
}

void ActiveCall::Undecodable(absl::string_view request_bytes) {
  undecodable_ =
      std::make_unique<api::UndecodableRequest>(stats_.method, request_bytes);
  admitted_ = undecodable_->status();
}

void ActiveCall::NoteMessage() const { stats_.metrics.NoteMessage(); }

void ActiveCall::Finish(const absl::Status& status) {
  if (status.ok() && undecodable_ != nullptr) {
    undecodable_->PutErrors(*response_);
  }
  const absl::Duration took = absl::Now() - start_;
  stats_.metrics.NoteEnd(status.code(), took);
  Log(status, took);
  EndSpan(status.code());
  // Before the answer, upon which the caller may call again.
  slot_.Release();
  end_(ToGrpc(status::Public(status)));
}

void ActiveCall::Log(const absl::Status& status, absl::Duration took) const {
  // What is refused because there is too much of it is counted: lines would
  // make it more.
  if (status.code() == absl::StatusCode::kResourceExhausted) return;
  const bool known = context_.principal != nullptr;
  const bool fault = IsOurFault(status.code());
  const std::string code_name = CodeName(status.code());
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
       {"joined_trace_ids", absl::StrJoin(context_.joined_trace_ids, ",")},
       // Other messages may repeat what the caller sent.
       {"error", fault ? status.message() : absl::string_view()}});
}

void ActiveCall::EndSpan(absl::StatusCode code) {
  if (!span_.is_recorded()) return;
  if (context_.principal != nullptr) {
    span_.Add("kith.tenant", context_.principal->tenant->slug());
  }
  trace::EndAnswer(span_, code);
}

CallGate::CallGate(absl::string_view service,
                   std::shared_ptr<const auth::LiveKeys> keys,
                   auth::KeyLimiter* limiter, Forms forms)
    : keys_(std::move(keys)), limiter_(limiter), forms_(forms) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
          std::string(service));
  for (int i = 0; i < descriptor->method_count(); ++i) {
    auto stats = std::make_unique<MethodStats>(*descriptor->method(i));
    const char* const lacking =
        stats->scope.empty() ? "a method has no scope"
        : stats->assurance == config::v1::ASSURANCE_UNSPECIFIED
            ? "a method has no assurance"
            : nullptr;
    if (lacking != nullptr) {
      ops::Log(ops::Severity::kError, lacking, {{"method", stats->name}});
      std::abort();
    }
    methods_.emplace(descriptor->method(i)->input_type(), std::move(stats));
  }
}

CallGate::~CallGate() = default;

absl::Status CallGate::EnterTenant(const grpc::CallbackServerContext& call,
                                   base::RequestContext& context) const {
  const absl::string_view slug = Metadata(call, kTenantMetadata);
  if (slug.empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(
      context.principal,
      auth::ActFor(*context.principal, slug, keys_->keys()->tenants()));
  context.acting_for = std::string(slug);
  const absl::string_view assurance = Metadata(call, kAssuranceMetadata);
  if (assurance.empty()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(context.principal,
                        auth::ActWith(*context.principal, assurance));
  return absl::OkStatus();
}

absl::Status CallGate::FindForwarder(const grpc::CallbackServerContext& call,
                                     base::RequestContext& context) const {
  if (forms_ == Forms::kFromAnybody) return absl::OkStatus();
  const absl::string_view credential = Metadata(call, kForwarderMetadata);
  if (!credential.empty()) {
    auto forwarder = keys_->keys()->Authenticate(credential);
    if (forwarder.ok() &&
        (*forwarder)->scopes.contains(auth::kAllTenantsScope)) {
      context.forwarder = *std::move(forwarder);
    }
  }
  if (context.forwarder != nullptr ||
      !base::IsByForm(context.principal->assurance)) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(absl::StrCat(
      "an UNAUTHENTICATED key is taken from the gateway alone, with a key of "
      "its own that has the scope ",
      auth::kAllTenantsScope));
}

absl::Status CallGate::Admit(const grpc::CallbackServerContext& call,
                             auth::KeyLimiter::Kind kind,
                             ActiveCall& active) const {
  base::RequestContext& context = active.context_;
  context.deadline = Deadline(call);
  const absl::string_view caller =
      ops::ContinueTrace(Metadata(call, "traceparent"), context);
  active.span_ = trace::StartAnswer(context, caller, active.stats_.method);
  context.joined_trace_ids =
      ops::ReadTraceIds(Metadata(call, "kith-joined-trace-ids"));
  context.authorization = std::string(Metadata(call, "authorization"));
  KITH_ASSIGN_OR_RETURN(context.principal,
                        keys_->keys()->Authenticate(context.authorization));
  KITH_RETURN_IF_ERROR(EnterTenant(call, context));
  KITH_RETURN_IF_ERROR(
      auth::CheckScopes(*context.principal, {active.stats_.scope}));
  KITH_RETURN_IF_ERROR(
      CheckAssurance(*context.principal, active.stats_.assurance));
  KITH_RETURN_IF_ERROR(FindForwarder(call, context));
  if (limiter_ == nullptr) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(
      active.slot_, limiter_->Admit(*context.principal, active.start_, kind));
  return absl::OkStatus();
}

void CallGate::Enter(const grpc::CallbackServerContext& call,
                     auth::KeyLimiter::Kind kind, ActiveCall& active) const {
  const std::optional<std::string> undecoded = TakeUndecodedRequest();
  active.admitted_ = Admit(call, kind, active);
  if (active.admitted_.ok() && undecoded.has_value()) {
    active.Undecodable(*undecoded);
  }
}

absl::Status CallGate::CheckAgain(
    const base::RequestContext& context,
    absl::Span<const absl::string_view> scopes) const {
  const auto ring = keys_->keys();
  KITH_ASSIGN_OR_RETURN(auto principal,
                        ring->Authenticate(context.authorization));
  if (!context.acting_for.empty()) {
    KITH_ASSIGN_OR_RETURN(
        principal,
        auth::ActFor(*principal, context.acting_for, ring->tenants()));
  }
  return auth::CheckScopes(*principal, scopes);
}

std::unique_ptr<ActiveCall> CallGate::Begin(
    grpc::CallbackServerContext* call, const google::protobuf::Message& request,
    google::protobuf::Message& response) const {
  grpc::ServerUnaryReactor* const reactor = call->DefaultReactor();
  auto active = std::make_unique<ActiveCall>(
      reactor,
      [reactor](const grpc::Status& status) { reactor->Finish(status); },
      *methods_.at(request.GetDescriptor()));
  active->request_ = &request;
  active->response_ = &response;
  Enter(*call, auth::KeyLimiter::Kind::kCall, *active);
  return active;
}

std::unique_ptr<ActiveCall> CallGate::BeginStream(
    grpc::CallbackServerContext* call,
    const google::protobuf::Descriptor& request, ActiveCall::Ending end) const {
  auto active = std::make_unique<ActiveCall>(nullptr, std::move(end),
                                             *methods_.at(&request));
  Enter(*call, auth::KeyLimiter::Kind::kStream, *active);
  return active;
}

}  // namespace kith::rpc
