#include "gateway/edge/testing/library_service.h"

#include <grpcpp/alarm.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/testing/test_keys.h"

namespace kith::edge {
namespace {

using grpc::CallbackServerContext;
using grpc::ServerUnaryReactor;

void FillEcho(const CallbackServerContext& call,
              const edgetest::v1::EchoRequest& request,
              edgetest::v1::EchoResponse& reply) {
  reply.set_text(request.text());
  reply.set_big_number(request.big_number());
  reply.set_blob(request.blob());
  reply.set_letters(std::string(request.letters(), 'x'));
  for (const auto& [name, value] : call.client_metadata()) {
    const std::string text =
        absl::StrCat(std::string(name.data(), name.size()), ": ",
                     std::string(value.data(), value.size()));
    if (absl::StartsWith(text, "x-")) reply.add_metadata(text);
  }
}

}  // namespace

struct LibraryService::Waiting {
  CallbackServerContext* call = nullptr;
  std::unique_ptr<rpc::ActiveCall> active;
  absl::Time until;
  absl::Status status;
  grpc::Alarm alarm;
};

LibraryService::LibraryService(auth::KeyLimiter& limiter)
    : gate_(edgetest::v1::Library::service_full_name(), testing::TestKeys(),
            &limiter) {}

ServerUnaryReactor* LibraryService::Echo(
    CallbackServerContext* call, const edgetest::v1::EchoRequest* request,
    edgetest::v1::EchoResponse* reply) {
  auto active = gate_.Begin(call, *request, *reply);
  ServerUnaryReactor* const reactor = active->reactor();
  if (!active->admitted().ok()) {
    active->Finish(active->admitted());
    return reactor;
  }
  AddMetadata(*call);
  FillEcho(*call, *request, *reply);
  auto waiting = std::make_unique<Waiting>();
  waiting->call = call;
  waiting->until = absl::Now() + absl::Milliseconds(request->wait_millis());
  waiting->status = FailureOf(request->fail_code());
  waiting->active = std::move(active);
  ++waiting_;
  Wait(waiting.release());
  return reactor;
}

void LibraryService::Wait(Waiting* waiting) {
  const bool cancelled = waiting->call->IsCancelled();
  if (!cancelled && absl::Now() < waiting->until) {
    waiting->alarm.Set(absl::ToChronoTime(absl::Now() + absl::Milliseconds(2)),
                       [this, waiting](bool) { Wait(waiting); });
    return;
  }
  const std::unique_ptr<Waiting> ended(waiting);
  if (cancelled) ++cancelled_;
  --waiting_;
  ended->active->Finish(cancelled ? absl::CancelledError("cancelled")
                                  : ended->status);
}

ServerUnaryReactor* LibraryService::GetBook(
    CallbackServerContext* call, const edgetest::v1::GetBookRequest* request,
    edgetest::v1::GetBookResponse* reply) {
  const auto active = gate_.Begin(call, *request, *reply);
  *reply->mutable_request() = *request;
  active->Finish(active->admitted());
  return active->reactor();
}

ServerUnaryReactor* LibraryService::UpdateBook(
    CallbackServerContext* call, const edgetest::v1::UpdateBookRequest* request,
    edgetest::v1::UpdateBookResponse* reply) {
  const auto active = gate_.Begin(call, *request, *reply);
  *reply->mutable_request() = *request;
  active->Finish(active->admitted());
  return active->reactor();
}

ServerUnaryReactor* LibraryService::DeleteBook(
    CallbackServerContext* call, const edgetest::v1::DeleteBookRequest* request,
    edgetest::v1::DeleteBookResponse* reply) {
  const auto active = gate_.Begin(call, *request, *reply);
  active->Finish(active->admitted());
  return active->reactor();
}

ServerUnaryReactor* LibraryService::GetCover(
    CallbackServerContext* call, const edgetest::v1::GetCoverRequest* request,
    google::api::HttpBody* reply) {
  const auto active = gate_.Begin(call, *request, *reply);
  reply->set_content_type(request->content_type());
  reply->set_data(std::string("\x89PNG\0\r\n", 7));
  active->Finish(active->admitted());
  return active->reactor();
}

grpc::ServerWriteReactor<edgetest::v1::CountResponse>* LibraryService::Count(
    CallbackServerContext* call, const edgetest::v1::CountRequest* request) {
  return CountStream::Open(gate_, call, *request, counts_);
}

}  // namespace kith::edge
