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
#include "common/auth/key_limiter.h"
#include "common/auth/live_keys.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "google/protobuf/descriptor.h"

namespace kith::rpc {

struct MethodStats;

// A call on its way through a handler. Finish it exactly once.
class ActiveCall {
 public:
  using Ending = std::function<void(const grpc::Status&)>;

  // `reactor` is null for a stream, which `end` ends.
  ActiveCall(grpc::ServerUnaryReactor* reactor, Ending end,
             const MethodStats& stats);

  const base::RequestContext& context() const { return context_; }

  // What the callback method of a unary call returns to gRPC.
  grpc::ServerUnaryReactor* reactor() const { return reactor_; }

  // OK, or why the call must not be carried out.
  const absl::Status& admitted() const { return admitted_; }

  // DEADLINE_EXCEEDED where the caller has stopped waiting.
  absl::Status CheckDeadline() const;

  // Counts a message of a stream that is sent.
  void NoteMessage() const;

  // Sends the status, without what only the inside may know; counts and times
  // the call, and logs it unless it was refused for there being too many.
  void Finish(const absl::Status& status);

 private:
  friend class CallGate;

  void Log(const absl::Status& status, absl::Duration took) const;

  grpc::ServerUnaryReactor* const reactor_;
  const Ending end_;
  const MethodStats& stats_;
  const absl::Time start_;
  base::RequestContext context_;
  absl::Status admitted_;
  auth::KeyLimiter::Slot slot_;
};

// The one place that every call of a service passes, whatever its method: it
// authenticates the caller, checks the scope that the method's proto asks for,
// holds the key to its limits, and sets deadline and trace. Thread-safe.
class CallGate {
 public:
  // `service` by its full name, "kith.contacts.v1.ContactsService". Ends the
  // process where a method has no scope: such a method cannot be served. No
  // `limiter`: no key has limits here. It outlives all calls.
  CallGate(absl::string_view service,
           std::shared_ptr<const auth::LiveKeys> keys,
           auth::KeyLimiter* limiter = nullptr);
  ~CallGate();

  // `method` by its short name, "GetContact".
  std::unique_ptr<ActiveCall> Begin(grpc::CallbackServerContext* call,
                                    absl::string_view method) const;

  // The same for a call that answers a stream, which `end` ends. Of the key's
  // limits it counts as a stream, not as a call under way.
  std::unique_ptr<ActiveCall> BeginStream(grpc::CallbackServerContext* call,
                                          absl::string_view method,
                                          ActiveCall::Ending end) const;

  // Whether the key of a call that lasts is in force still, and has these
  // scopes. UNAUTHENTICATED, and PERMISSION_DENIED with those that it lacks.
  absl::Status CheckAgain(const base::RequestContext& context,
                          absl::Span<const absl::string_view> scopes) const;

 private:
  absl::Status Admit(const grpc::CallbackServerContext& call,
                     auth::KeyLimiter::Kind kind, ActiveCall& active) const;

  const std::shared_ptr<const auth::LiveKeys> keys_;
  auth::KeyLimiter* const limiter_;
  absl::flat_hash_map<std::string, std::unique_ptr<MethodStats>> methods_;
};

}  // namespace kith::rpc

#endif  // KITH_COMMON_RPC_CALL_GATE_H_
