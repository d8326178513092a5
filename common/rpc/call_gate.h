#ifndef KITH_COMMON_RPC_CALL_GATE_H_
#define KITH_COMMON_RPC_CALL_GATE_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/api/undecodable_request.h"
#include "common/auth/key_limiter.h"
#include "common/auth/live_keys.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "common/trace/span.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace kith::rpc {

struct MethodStats;

// The metadata in which the gateway sends its own credential, beside that of
// the public form it calls for.
inline constexpr char kForwarderMetadata[] = "x-kith-gateway-authorization";

// The metadata in which a service names the tenant that it acts for, by its
// slug, with a key of auth::kAllTenantsScope. Without it a call is for the
// tenant of its key.
inline constexpr char kTenantMetadata[] = "x-kith-tenant";

// The metadata in which such a service names the assurance of what it passes
// on, by its name in config.v1: at most that of its key. Without it a call has
// the assurance of the key. Without kTenantMetadata it has no effect.
inline constexpr char kAssuranceMetadata[] = "x-kith-assurance";

// From whom a gate takes a call with an UNAUTHENTICATED key, such as that of a
// public form.
enum class Forms {
  kFromAnybody,
  // Only with the credential of a key with auth::kAllTenantsScope in
  // kForwarderMetadata. For services behind the gateway: a touch reads and
  // writes there what a form may not by itself.
  kFromGateway,
};

// One call, from the gate to its end. Owns the call's context and its place
// among the calls that the key may have at once. Finish must be called exactly
// once. Not thread-safe: one thread at a time uses the call.
class ActiveCall {
 public:
  using Ending = std::function<void(const grpc::Status&)>;

  // `reactor` is null for a stream. `end` sends the final status. Made by
  // CallGate.
  ActiveCall(grpc::ServerUnaryReactor* reactor, Ending end,
             const MethodStats& stats);

  const base::RequestContext& context() const { return context_; }

  // The reactor that the callback method of a unary call returns to gRPC. Null
  // for a stream.
  grpc::ServerUnaryReactor* reactor() const { return reactor_; }

  // OK, or the reason why the call must not be processed. The caller of the
  // gate checks this first, and passes an error to Finish.
  const absl::Status& admitted() const { return admitted_; }

  // The request of an admitted unary call. Without the items of a batch that
  // could not be decoded, whose results Finish sets.
  template <typename Request>
  const Request& request() const {
    return static_cast<const Request&>(
        undecodable_ == nullptr ? *request_ : *undecodable_->request());
  }

  // DEADLINE_EXCEEDED if the call's deadline has passed, else OK.
  absl::Status CheckDeadline() const;

  // Counts one message that is sent on a stream.
  void NoteMessage() const;

  // Ends the call with the public form of `status` (status::Public). Counts and
  // times the call and frees its slot. Writes a log line, unless the code is
  // RESOURCE_EXHAUSTED: if there are too many calls, lines would add to the
  // load.
  void Finish(const absl::Status& status);

 private:
  friend class CallGate;

  // Refuses the call, or the items that are at fault if it is a batch.
  void Undecodable(absl::string_view request_bytes);

  // Writes one log line about the call.
  void Log(const absl::Status& status, absl::Duration took) const;

  // Ends the span of the call, if it has one.
  void EndSpan(absl::StatusCode code);

  grpc::ServerUnaryReactor* const reactor_;
  const Ending end_;
  const MethodStats& stats_;
  const absl::Time start_;
  base::RequestContext context_;
  trace::Span span_;
  absl::Status admitted_;
  auth::KeyLimiter::Slot slot_;
  // Of a unary call, those of gRPC.
  const google::protobuf::Message* request_ = nullptr;
  google::protobuf::Message* response_ = nullptr;
  // Null if the request could be decoded.
  std::unique_ptr<api::UndecodableRequest> undecodable_;
};

// The one place that every call of a service passes before any work. It
// authenticates the caller, checks the scope and the assurance that the
// method's proto requires, asks who forwards the call of a form (see Forms),
// applies the limits of the key, refuses requests that could not be decoded
// (see DecodingService), and sets deadline and trace. So no method can omit a
// check. Thread-safe.
class CallGate {
 public:
  // `service` is the full name, "kith.contacts.v1.ContactsService". Aborts the
  // process if a method of the service has no scope or no assurance. Without
  // `limiter`, keys have no limits here. The gate and `limiter` must outlive
  // all calls.
  CallGate(absl::string_view service,
           std::shared_ptr<const auth::LiveKeys> keys,
           auth::KeyLimiter* limiter = nullptr,
           Forms forms = Forms::kFromAnybody);
  ~CallGate();

  // Begins a call of the unary method that takes this type of request. Check
  // admitted() of the result: UNAUTHENTICATED without a valid key or token,
  // PERMISSION_DENIED without the scope, with less than the assurance of the
  // method or past the gateway for a form, RESOURCE_EXHAUSTED if the key has
  // reached a limit, INVALID_ARGUMENT if the request could not be decoded. Both
  // messages are those of gRPC.
  std::unique_ptr<ActiveCall> Begin(grpc::CallbackServerContext* call,
                                    const google::protobuf::Message& request,
                                    google::protobuf::Message& response) const;

  // Like Begin, for a call with a stream of responses; `end` ends the stream.
  // It counts against the key's limit for open streams, not for calls.
  std::unique_ptr<ActiveCall> BeginStream(
      grpc::CallbackServerContext* call,
      const google::protobuf::Descriptor& request,
      ActiveCall::Ending end) const;

  // Checks again, during a long call, that the key or token of the call is
  // still valid and has `scopes`, and still acts for the tenant that the call
  // named. UNAUTHENTICATED if it is not valid any more; PERMISSION_DENIED with
  // the missing scopes, or if the tenant is gone.
  absl::Status CheckAgain(const base::RequestContext& context,
                          absl::Span<const absl::string_view> scopes) const;

 private:
  // Sets what the call is refused with, if it is.
  void Enter(const grpc::CallbackServerContext& call,
             auth::KeyLimiter::Kind kind, ActiveCall& active) const;

  // Has the call be for the tenant that it names, if it names one.
  absl::Status EnterTenant(const grpc::CallbackServerContext& call,
                           base::RequestContext& context) const;

  // Sets the gateway's own key if it was sent beside the caller's. OK unless a
  // form calls that only the gateway may call for.
  absl::Status FindForwarder(const grpc::CallbackServerContext& call,
                             base::RequestContext& context) const;

  // Fills the context of the call, and checks key, scope and limits.
  absl::Status Admit(const grpc::CallbackServerContext& call,
                     auth::KeyLimiter::Kind kind, ActiveCall& active) const;

  const std::shared_ptr<const auth::LiveKeys> keys_;
  auth::KeyLimiter* const limiter_;
  const Forms forms_;
  // By the type of the request: each method has a request type of its own.
  absl::flat_hash_map<const google::protobuf::Descriptor*,
                      std::unique_ptr<MethodStats>>
      methods_;
};

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_CALL_GATE_H_
