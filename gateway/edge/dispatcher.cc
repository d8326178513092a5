#include "gateway/edge/dispatcher.h"

#include <iterator>
#include <limits>
#include <utility>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/request_context.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "common/ops/trace.h"
#include "common/status/rpc_status.h"
#include "common/status/status_macros.h"
#include "common/trace/span.h"
#include "gateway/edge/codecs/target.h"
#include "gateway/edge/protocols/content_coding.h"
#include "gateway/edge/upstreams/stream_body.h"

namespace kith::edge {
namespace {

// For metrics of what reached no method.
constexpr char kNoRoute[] = "none";

// Protocols in metrics and the log.
constexpr absl::string_view kHttp = "http";
constexpr absl::string_view kConnect = "connect";
constexpr absl::string_view kGrpcWeb = "grpc_web";
constexpr absl::string_view kRest = "rest";

// The protocol of a request to the path of an RPC.
absl::string_view ProtocolOf(absl::string_view media_type) {
  return GrpcWeb::Takes(media_type) ? kGrpcWeb : kConnect;
}

prometheus::Gauge& OpenStreams() {
  static auto& gauge = ops::Gauge(
      "kith_http_streams", "Calls over HTTP with a stream of responses.");
  return gauge;
}

// The method of a request for its span, which takes no text of the caller.
absl::string_view KnownMethod(const RequestHead* head) {
  for (const absl::string_view method :
       {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    if (head != nullptr && head->method == method) return method;
  }
  return "_OTHER";
}

// The code of an error of HTTP itself.
absl::Status StatusOf(const Refusal& refusal) {
  switch (refusal.status) {
    case 413:
    case 431:
      return absl::ResourceExhaustedError(refusal.message);
    case 503:
      return absl::UnavailableError(refusal.message);
    default:
      return absl::InvalidArgumentError(refusal.message);
  }
}

}  // namespace

struct Dispatcher::Visit {
  explicit Visit(const RequestHead* head) {
    if (head != nullptr) {
      request.emplace_back("origin",
                           std::string(FindHeader(head->headers, "origin")));
    }
    const absl::string_view caller = ops::ContinueTrace(
        head == nullptr ? "" : FindHeader(head->headers, "traceparent"),
        context);
    if (!trace::IsRecorded(context)) return;
    span = trace::Span::Own(context, caller, trace::Side::kServer);
    span.Add("http.request.method", KnownMethod(head));
  }

  // By the semantic conventions for HTTP (docs/http/http-spans.md of
  // github.com/open-telemetry/semantic-conventions, v1.24.0), except for the
  // name, which is the route alone.
  void EndSpan(int status) {
    if (!span.is_recorded()) return;
    span.SetName(route);
    span.Add("http.route", route);
    span.Add("http.response.status_code", int64_t{status});
    span.Add("kith.protocol", protocol);
    span.End(/*failed=*/status >= 500);
  }

  // What of the request's headers is still needed for the reply.
  Headers request;
  const absl::Time start = absl::Now();
  // Has the trace, and nothing else.
  base::RequestContext context;
  trace::Span span;
  absl::string_view protocol = kHttp;
  std::string route = kNoRoute;
  // Whose method it is about.
  UpstreamApi* api = nullptr;
  // Its place among the calls of the key, where the edge has the gate.
  auth::KeyLimiter::Slot slot;
};

Dispatcher::Dispatcher(std::vector<std::unique_ptr<UpstreamApi>> apis,
                       Pages pages, const std::vector<std::string>& origins,
                       std::shared_ptr<const Sessions> sessions,
                       std::shared_ptr<const auth::LiveKeys> keys,
                       std::vector<const GuestPages*> guests)
    : apis_(std::move(apis)),
      pages_(std::move(pages)),
      cors_(origins),
      sessions_(std::move(sessions)),
      keys_(std::move(keys)),
      guests_(std::move(guests)) {}

std::optional<Reply> Dispatcher::RefuseEarly(const RequestHead& head) {
  if (keys_ == nullptr) return std::nullopt;
  if (const auto guest = FindGuest(head);
      guest.has_value() && guest->pages->TakesBody(guest->path)) {
    return std::nullopt;
  }
  RequestHead known = head;
  absl::Status status = sessions_ == nullptr
                            ? absl::OkStatus()
                            : sessions_->Enter(known, absl::Now());
  if (status.ok()) {
    status = keys_->keys()
                 ->Authenticate(FindHeader(known.headers, "authorization"))
                 .status();
  }
  if (status.ok()) return std::nullopt;
  Visit visit(&head);
  return Complete(visit, ErrorReply(&head, status, 0));
}

size_t Dispatcher::MostBodyBytes(const RequestHead& head) {
  const auto guest = FindGuest(head);
  return guest.has_value() ? guest->pages->MostBodyBytes(guest->path)
                           : std::numeric_limits<size_t>::max();
}

std::optional<Reply> Dispatcher::EnterSession(RequestHead& head,
                                              Visit& visit) const {
  if (sessions_ == nullptr || Cors::IsPreflight(head.method, head.headers)) {
    return std::nullopt;
  }
  const auto target = ParseTarget(head.target);
  // Pages are for everybody.
  if (target.ok() && pages_.Has(target->path)) return std::nullopt;
  if (!target.ok() || target->path != Sessions::kPath) {
    const absl::Status entered = sessions_->Enter(head, absl::Now());
    if (entered.ok()) return std::nullopt;
    return ErrorReply(&head, entered, 0);
  }
  visit.protocol = kRest;
  visit.route = Sessions::kPath;
  absl::StatusOr<Reply> reply = sessions_->Answer(head, absl::Now());
  if (reply.ok()) return *std::move(reply);
  if (!absl::IsUnimplemented(reply.status())) {
    return ErrorReply(&head, reply.status(), 0);
  }
  Reply refused = ErrorReply(&head, reply.status(), 405);
  refused.headers.emplace_back("allow", "GET, POST, DELETE");
  return refused;
}

std::optional<Dispatcher::GuestPath> Dispatcher::FindGuest(
    const RequestHead& head) const {
  if (guests_.empty()) return std::nullopt;
  auto target = ParseTarget(head.target);
  if (!target.ok()) return std::nullopt;
  for (const GuestPages* const pages : guests_) {
    if (pages->RouteOf(target->path).empty()) continue;
    return GuestPath{.pages = pages, .path = std::move(target->path)};
  }
  return std::nullopt;
}

Reading Dispatcher::Read(const Request& request, Visit& visit) const {
  const Headers& headers = request.head.headers;
  if (Cors::IsPreflight(request.head.method, headers)) {
    return Reply{204, cors_.Preflight(headers), ""};
  }
  const auto target = ParseTarget(request.head.target);
  if (!target.ok()) return ErrorReply(nullptr, target.status(), 0);
  if (auto page = pages_.Find(request.head, target->path)) {
    visit.route = target->path;
    if (page->status != 405) return *std::move(page);
    Reply refused = ErrorReply(
        nullptr, absl::UnimplementedError("a page takes GET and HEAD"), 405);
    absl::c_move(page->headers, std::back_inserter(refused.headers));
    return refused;
  }
  visit.api = FindRpc(target->path);
  if (visit.api == nullptr) return ReadRest(request, *target, visit);
  visit.protocol = ProtocolOf(MediaType(FindHeader(headers, "content-type")));
  return visit.api->ReadRpc(request, *target);
}

Reading Dispatcher::ReadRest(const Request& request, const Target& target,
                             Visit& visit) const {
  visit.protocol = kRest;
  absl::StatusOr<Routes::RestMatch> match;
  for (const auto& api : apis_) {
    match = api->routes().FindRest(request.head.method, target.path);
    visit.api = api.get();
    if (!match.ok() || match->route != nullptr || !match->allowed.empty()) {
      break;
    }
  }
  return visit.api->ReadRest(request, target, match);
}

UpstreamApi* Dispatcher::FindRpc(absl::string_view path) const {
  for (const auto& api : apis_) {
    if (api->routes().IsRpcPath(path)) return api.get();
  }
  return nullptr;
}

absl::Status Dispatcher::Admit(const RpcCall& call, Visit& visit) const {
  const UpstreamGate* const gate = visit.api->gate();
  if (gate == nullptr) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(
      visit.slot,
      gate->Admit(FindHeader(call.metadata, "authorization"),
                  call.writer == nullptr ? auth::KeyLimiter::Kind::kCall
                                         : auth::KeyLimiter::Kind::kStream));
  return absl::OkStatus();
}

std::shared_ptr<Exchange> Dispatcher::Start(Request request, Done done) {
  auto visit = std::make_shared<Visit>(&request.head);
  if (const auto guest = FindGuest(request.head)) {
    visit->route = std::string(guest->pages->RouteOf(guest->path));
    return guest->pages->Answer(
        request, guest->path, visit->context,
        [this, visit, done = std::move(done)](Reply reply) {
          done(Complete(*visit, std::move(reply)));
        });
  }
  if (auto reply = EnterSession(request.head, *visit)) {
    done(Complete(*visit, *std::move(reply)));
    return nullptr;
  }
  Reading reading = Read(request, *visit);
  if (auto* const reply = std::get_if<Reply>(&reading)) {
    done(Complete(*visit, std::move(*reply)));
    return nullptr;
  }
  auto& call = std::get<RpcCall>(reading);
  visit->route = call.route;
  call.metadata.emplace_back("traceparent", ops::TraceParent(visit->context));
  if (const absl::Status status = Admit(call, *visit); !status.ok()) {
    const RpcResult refused = {.status = status::ToProto(status)};
    done(Complete(*visit, call.writer == nullptr
                              ? call.write(refused)
                              : call.writer->Whole(refused)));
    return nullptr;
  }
  if (call.writer != nullptr) return StartStream(call, visit, std::move(done));
  return visit->api->upstream().Start(
      call,
      [this, visit, write = std::move(call.write), done = std::move(done)](
          const RpcResult& result) { done(Complete(*visit, write(result))); });
}

std::shared_ptr<Exchange> Dispatcher::StartStream(
    const RpcCall& call, const std::shared_ptr<Visit>& visit, Done done) {
  auto started = visit->api->upstream().MakeStream(call);
  OpenStreams().Increment();
  StreamBody::Start(
      started, call.writer,
      [this, visit, done = std::move(done)](Reply reply) {
        if (reply.rest == nullptr) OpenStreams().Decrement();
        done(Complete(*visit, std::move(reply)));
      },
      [this, visit] {
        OpenStreams().Decrement();
        Note(*visit, 200);
      });
  return started;
}

Reply Dispatcher::RefusalReply(const RequestHead* head,
                               const Refusal& refusal) {
  Visit visit(head);
  // RPCs have a status of their own for what is too large.
  const bool own_status = refusal.status == 413 && head != nullptr &&
                          FindRpc(head->target) != nullptr;
  return Complete(visit, ErrorReply(head, StatusOf(refusal),
                                    own_status ? 0 : refusal.status));
}

Reply Dispatcher::ErrorReply(const RequestHead* head, const absl::Status& error,
                             int http_status) const {
  const UpstreamApi* api = head == nullptr ? nullptr : FindRpc(head->target);
  if (api == nullptr) api = apis_.front().get();
  return api->ErrorReply(head, error, http_status);
}

Reply Dispatcher::Complete(Visit& visit, Reply reply) {
  cors_.AddHeaders(visit.request, reply.headers);
  reply.headers.emplace_back("x-trace-id", visit.context.trace_id);
  // Data of customers, and an answer to one key; a page says otherwise.
  if (FindHeader(reply.headers, "cache-control").empty()) {
    reply.headers.emplace_back("cache-control", "no-store");
  }
  // A browser must not guess that a reply is a page.
  reply.headers.emplace_back("x-content-type-options", "nosniff");
  if (reply.rest == nullptr) Note(visit, reply.status);
  return reply;
}

void Dispatcher::Note(Visit& visit, int status) {
  const absl::Duration took = absl::Now() - visit.start;
  metrics_.Note(visit.protocol, visit.route, status, took);
  visit.EndSpan(status);
  // What is refused because there is too much of it is counted: lines would
  // make it more.
  if (status == 429) return;
  ops::Log(ops::Severity::kInfo, "http",
           {{"protocol", visit.protocol},
            {"route", visit.route},
            {"status", status},
            {"ms", absl::ToDoubleMilliseconds(took)},
            {"trace_id", visit.context.trace_id}});
}

}  // namespace kith::edge
