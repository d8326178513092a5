#include "common/server/pooled_calls.h"

#include <exception>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/api/too_busy.h"
#include "common/status/status_macros.h"
#include "common/trace/statement_span.h"

namespace kith::server {
namespace {

template <typename Handler>
absl::Status RunHandler(Handler& handler, const rpc::ActiveCall& call,
                        mysql::Session& session, const base::Clock& clock) {
  KITH_RETURN_IF_ERROR(call.CheckDeadline());
  session.SetDeadline(call.context().deadline);
  const trace::StatementsOf traced(call.context());
  KITH_RETURN_IF_ERROR(session.Connect());
  try {
    return handler(call, {call.context(), session, clock.Now()});
  } catch (const std::exception& e) {
    return absl::InternalError(absl::StrCat("exception: ", e.what()));
  } catch (...) {
    return absl::InternalError("exception of an unknown type");
  }
}

}  // namespace

grpc::ServerUnaryReactor* PooledCalls::Submit(
    grpc::CallbackServerContext* call, const google::protobuf::Message& request,
    google::protobuf::Message& reply, Handler handler) {
  std::shared_ptr<rpc::ActiveCall> active = gate_.Begin(call, request, reply);
  grpc::ServerUnaryReactor* const reactor = active->reactor();
  if (!active->admitted().ok()) {
    active->Finish(active->admitted());
    return reactor;
  }
  const bool queued = pool_.TrySubmit(
      [active, handler = std::move(handler),
       &clock = clock_](mysql::Session& session) mutable {
        active->Finish(RunHandler(handler, *active, session, clock));
      },
      active->context().deadline,
      [active] {
        active->Finish(absl::DeadlineExceededError(
            "the deadline passed before the work began"));
      });
  if (!queued) {
    active->Finish(
        api::TooBusyError("too many calls are waiting; try again later"));
  }
  return reactor;
}

}  // namespace kith::server
