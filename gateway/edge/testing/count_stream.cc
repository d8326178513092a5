#include "gateway/edge/testing/count_stream.h"

#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "common/status/rpc_status.h"
#include "google/rpc/error_details.pb.h"

namespace kith::edge {

absl::Status FailureOf(int code) {
  if (code == 0) return absl::OkStatus();
  absl::Status status(static_cast<absl::StatusCode>(code),
                      "fail \xE2\x98\x83 100%");
  google::rpc::DebugInfo detail;
  detail.set_detail("detail");
  status::AddDetail(detail, status);
  return status;
}

void AddMetadata(grpc::CallbackServerContext& call) {
  call.AddInitialMetadata("x-lead", "a");
  call.AddInitialMetadata("x-b-bin", std::string("\0\1\2", 3));
  call.AddInitialMetadata("date", "never");
  call.AddTrailingMetadata("x-trail", "b");
}

CountStream* CountStream::Open(const rpc::CallGate& gate,
                               grpc::CallbackServerContext* call,
                               const edgetest::v1::CountRequest& request,
                               Figures& figures) {
  auto stream = std::make_shared<CountStream>(request, figures);
  CountStream* const reactor = stream.get();
  stream->call_ = gate.BeginStream(
      call, *edgetest::v1::CountRequest::descriptor(),
      [reactor](const grpc::Status& status) { reactor->Finish(status); });
  ++figures.open;
  reactor->self_ = stream;
  if (!stream->call_->admitted().ok()) {
    {
      absl::MutexLock lock(&stream->mutex_);
      stream->finished_ = true;
    }
    stream->call_->Finish(stream->call_->admitted());
    return reactor;
  }
  AddMetadata(*call);
  stream->Advance();
  return reactor;
}

void CountStream::Advance() {
  // The end of the call may come before that of this function.
  const auto self = shared_from_this();
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    const bool waited = std::exchange(paused_, false);
    busy_ = false;
    if (finished_) return;
    const bool more = message_.n() < request_.to();
    if (!cancelled_ && more) {
      return message_.n() > 0 && !waited && request_.pause_millis() > 0
                 ? Pause()
                 : Write();
    }
    if (!cancelled_ && request_.stay()) return;
    finished_ = true;
    status = cancelled_ ? absl::CancelledError("cancelled")
                        : FailureOf(request_.fail_code());
  }
  call_->Finish(status);
}

void CountStream::Write() {
  busy_ = true;
  ++figures_.messages;
  message_.set_n(message_.n() + 1);
  message_.set_letters(std::string(request_.letters(), 'x'));
  StartWrite(&message_);
}

void CountStream::Pause() {
  busy_ = paused_ = true;
  // The alarm keeps what it calls, so it must not own this object. That lives
  // as long as it has not finished.
  alarm_.Set(absl::ToChronoTime(absl::Now() +
                                absl::Milliseconds(request_.pause_millis())),
             [this](bool) { Advance(); });
}

void CountStream::OnWriteDone(bool ok) {
  if (!ok) {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
  }
  Advance();
}

void CountStream::OnCancel() {
  ++figures_.cancelled;
  {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    if (paused_) alarm_.Cancel();
    if (busy_) return;
  }
  Advance();
}

void CountStream::OnDone() {
  --figures_.open;
  self_ = nullptr;
}

}  // namespace kith::edge
