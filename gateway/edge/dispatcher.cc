#include "gateway/edge/dispatcher.h"

#include <utility>
#include <variant>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/ops/log.h"
#include "common/ops/trace.h"
#include "gateway/edge/codecs/target.h"
#include "google/protobuf/message.h"

namespace kith::edge {
namespace {

// For metrics of what reached no method.
constexpr char kNoRoute[] = "none";

// The code of an error of HTTP itself.
absl::Status StatusOf(const Refusal& refusal) {
  const bool too_much = refusal.status == 413 || refusal.status == 431;
  return {too_much ? absl::StatusCode::kResourceExhausted
                   : absl::StatusCode::kInvalidArgument,
          refusal.message};
}

}  // namespace

struct Dispatcher::Visit {
  explicit Visit(const Headers* headers) {
    if (headers != nullptr) {
      request.emplace_back("origin",
                           std::string(FindHeader(*headers, "origin")));
    }
    ops::ContinueTrace(
        headers == nullptr ? "" : FindHeader(*headers, "traceparent"), context);
  }

  // What of the request's headers is still needed for the reply.
  Headers request;
  const absl::Time start = absl::Now();
  // Has the trace, and nothing else.
  base::RequestContext context;
  absl::string_view protocol = "http";
  std::string route = kNoRoute;
};

Dispatcher::Dispatcher(Routes routes,
                       const std::shared_ptr<grpc::Channel>& channel,
                       const std::vector<std::string>& origins,
                       size_t message_bytes)
    : routes_(std::move(routes)),
      json_(*google::protobuf::DescriptorPool::generated_pool()),
      cors_(origins),
      connect_(routes_, json_, message_bytes),
      rest_(routes_, json_,
            *google::protobuf::MessageFactory::generated_factory(),
            message_bytes),
      upstream_(channel) {}

Reading Dispatcher::Read(const Request& request, Visit& visit) const {
  const Headers& headers = request.head.headers;
  if (Cors::IsPreflight(request.head.method, headers)) {
    return Reply{204, cors_.Preflight(headers), ""};
  }
  const auto target = ParseTarget(request.head.target);
  if (!target.ok()) return rest_.ErrorReply(target.status());
  const bool is_rpc = routes_.IsRpcPath(target->path);
  visit.protocol = is_rpc ? "connect" : "rest";
  return is_rpc ? connect_.Read(request, *target)
                : rest_.Read(request, *target);
}

std::shared_ptr<Exchange> Dispatcher::Start(Request request, Done done) {
  auto visit = std::make_shared<Visit>(&request.head.headers);
  Reading reading = Read(request, *visit);
  if (auto* const reply = std::get_if<Reply>(&reading)) {
    done(Complete(*visit, std::move(*reply)));
    return nullptr;
  }
  auto& call = std::get<RpcCall>(reading);
  visit->route = call.route;
  call.metadata.emplace_back("traceparent", ops::TraceParent(visit->context));
  return upstream_.Start(
      call,
      [this, visit, write = std::move(call.write), done = std::move(done)](
          const RpcResult& result) { done(Complete(*visit, write(result))); });
}

Reply Dispatcher::RefusalReply(const RequestHead* head,
                               const Refusal& refusal) {
  const Visit visit(head == nullptr ? nullptr : &head->headers);
  const absl::Status error = StatusOf(refusal);
  if (head == nullptr || !routes_.IsRpcPath(head->target)) {
    return Complete(visit, rest_.ErrorReply(error, refusal.status));
  }
  // Connect's own status for what is too large.
  return Complete(visit,
                  ConnectUnary::ErrorReply(
                      error, refusal.status == 413 ? 0 : refusal.status));
}

Reply Dispatcher::Complete(const Visit& visit, Reply reply) {
  cors_.AddHeaders(visit.request, reply.headers);
  reply.headers.emplace_back("x-trace-id", visit.context.trace_id);
  // Data of customers, and an answer to one key.
  reply.headers.emplace_back("cache-control", "no-store");
  // A browser must not guess that a reply is a page.
  reply.headers.emplace_back("x-content-type-options", "nosniff");
  const absl::Duration took = absl::Now() - visit.start;
  metrics_.Note(visit.protocol, visit.route, reply.status, took);
  // What is refused because there is too much of it is counted: lines would
  // make it more.
  if (reply.status != 429) {
    ops::Log(ops::Severity::kInfo, "http",
             {{"protocol", visit.protocol},
              {"route", visit.route},
              {"status", reply.status},
              {"ms", absl::ToDoubleMilliseconds(took)},
              {"trace_id", visit.context.trace_id}});
  }
  return reply;
}

}  // namespace kith::edge
