#include "gateway/edge/upstreams/grpc_proxy.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/auth/key_limiter.h"
#include "common/base/request_context.h"
#include "common/ops/log.h"
#include "common/ops/trace.h"
#include "common/rpc/grpc_status.h"
#include "common/status/rpc_status.h"
#include "common/trace/call_span.h"
#include "common/trace/span.h"
#include "gateway/edge/codecs/metadata.h"
#include "gateway/edge/protocols/messages.h"
#include "gateway/edge/upstreams/upstream.h"

namespace kith::edge {
namespace {

using grpc::ByteBuffer;
using grpc::GenericCallbackServerContext;

// What of a call's metadata goes on; values of "-bin" are bytes here.
void CopyMetadata(const Headers& from, const auto& add) {
  for (const auto& [name, value] : from) {
    if (!IsReservedMetadata(name)) add(name, value);
  }
}

// A call that is refused at once.
class Refused final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Refused(const absl::Status& status) { Finish(rpc::ToGrpc(status)); }

  void OnDone() override { delete this; }
};

// One call: what the caller's end and the service's end share. Each of them
// keeps it alive until gRPC has released it.
class Relay : public std::enable_shared_from_this<Relay> {
 public:
  Relay(GenericCallbackServerContext* call, auth::KeyLimiter::Slot slot)
      : call_(call), slot_(std::move(slot)), caller_(*this), service_(*this) {}

  // `metadata` are those of the caller.
  grpc::ServerGenericBidiReactor* Start(GenericStub& stub,
                                        const Headers& metadata) {
    const absl::string_view caller =
        ops::ContinueTrace(FindHeader(metadata, "traceparent"), trace_);
    span_ = trace::StartAnswer(trace_, caller, call_->method());
    CopyMetadata(metadata,
                 [&](const std::string& name, const std::string& value) {
                   context_.AddMetadata(name, value);
                 });
    context_.AddMetadata("traceparent", ops::TraceParent(trace_));
    context_.set_deadline(call_->deadline());
    caller_.self = service_.self = shared_from_this();
    stub.PrepareBidiStreamingCall(&context_, call_->method(),
                                  grpc::StubOptions(), &service_);
    // One for writes and one for reads, both of which the caller's end starts.
    service_.AddMultipleHolds(2);
    service_.StartRead(&response_);
    service_.StartCall();
    caller_.StartRead(&request_);
    return &caller_;
  }

 private:
  struct CallerEnd final : public grpc::ServerGenericBidiReactor {
    explicit CallerEnd(Relay& relay) : relay(relay) {}
    void OnReadDone(bool ok) override { relay.OnRequest(ok); }
    void OnWriteDone(bool ok) override { relay.OnResponseSent(ok); }
    void OnCancel() override { relay.context_.TryCancel(); }
    void OnDone() override { const auto last = std::move(self); }

    Relay& relay;
    std::shared_ptr<Relay> self;
  };

  struct ServiceEnd final
      : public grpc::ClientBidiReactor<ByteBuffer, ByteBuffer> {
    explicit ServiceEnd(Relay& relay) : relay(relay) {}
    void OnReadInitialMetadataDone(bool ok) override { relay.OnMetadata(ok); }
    void OnWriteDone(bool ok) override { relay.OnRequestSent(ok); }
    void OnReadDone(bool ok) override { relay.OnResponse(ok); }
    void OnDone(const grpc::Status& status) override {
      const auto last = std::move(self);
      relay.OnEnd(status);
    }

    Relay& relay;
    std::shared_ptr<Relay> self;
  };

  void OnRequest(bool ok) {
    {
      const absl::MutexLock lock(&mutex_);
      if (writes_ended_) return;
      writing_ = ok;
      writes_ended_ = !ok;
    }
    if (ok) {
      service_.StartWrite(&request_);
    } else {
      service_.StartWritesDone();
      service_.RemoveHold();
    }
  }

  void OnRequestSent(bool ok) {
    bool end = false;
    {
      const absl::MutexLock lock(&mutex_);
      writing_ = false;
      end = !ok || ending_;
      writes_ended_ = writes_ended_ || end;
    }
    if (end) {
      service_.RemoveHold();
    } else {
      caller_.StartRead(&request_);
    }
  }

  void OnMetadata(bool /*ok*/) {
    CopyMetadata(HeadersOf(context_.GetServerInitialMetadata()),
                 [&](const std::string& name, const std::string& value) {
                   call_->AddInitialMetadata(name, value);
                 });
    SendIfReady(/*metadata=*/true);
  }

  void OnResponse(bool ok) {
    if (ok) {
      SendIfReady(/*metadata=*/false);
      return;
    }
    // The service has said all; a request may still be on its way.
    bool end_writes = false;
    {
      const absl::MutexLock lock(&mutex_);
      ending_ = true;
      end_writes = !writes_ended_ && !writing_;
      writes_ended_ = writes_ended_ || end_writes;
    }
    if (end_writes) service_.RemoveHold();
    service_.RemoveHold();
  }

  // Metadata and the first response come on two threads, in any order.
  void SendIfReady(bool metadata) {
    {
      const absl::MutexLock lock(&mutex_);
      (metadata ? has_metadata_ : has_response_) = true;
      if (!has_metadata_ || !has_response_) return;
      has_response_ = false;
    }
    caller_.StartWrite(&response_);
  }

  void OnResponseSent(bool ok) {
    // If the caller is gone, the read ends with the call.
    if (!ok) context_.TryCancel();
    service_.StartRead(&response_);
  }

  void OnEnd(const grpc::Status& status) {
    const RpcResult result = ResultOf(status, context_, Place::kElsewhere);
    CopyMetadata(result.trailing,
                 [&](const std::string& name, const std::string& value) {
                   call_->AddTrailingMetadata(name, value);
                 });
    ops::Log(ops::Severity::kInfo, "passed on",
             {{"method", call_->method()},
              {"code", result.status.code()},
              {"ms", absl::ToDoubleMilliseconds(absl::Now() - start_)},
              {"trace_id", trace_.trace_id}});
    trace::EndAnswer(span_, rpc::FromGrpc(status).code());
    slot_.Release();
    caller_.Finish(rpc::ToGrpc(status::FromProto(result.status)));
  }

  const absl::Time start_ = absl::Now();
  GenericCallbackServerContext* const call_;
  auth::KeyLimiter::Slot slot_;
  // Has the trace, and nothing else.
  base::RequestContext trace_;
  trace::Span span_;
  grpc::ClientContext context_;
  ByteBuffer request_;
  ByteBuffer response_;
  CallerEnd caller_;
  ServiceEnd service_;

  absl::Mutex mutex_;
  // A request is being sent; no more will be; the service has ended the call.
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool writes_ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_metadata_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_response_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

GrpcProxy::GrpcProxy(const RemoteServices& remote, const UpstreamGate& gate)
    : gate_(gate) {
  for (const RemoteServices::Set& set : remote.sets()) {
    const auto stub = std::make_shared<GenericStub>(set.channel);
    for (const auto* const service : set.services) {
      for (int i = 0; i < service->method_count(); ++i) {
        stubs_.emplace(PathOf(*service->method(i)), stub);
      }
    }
  }
}

grpc::ServerGenericBidiReactor* GrpcProxy::CreateReactor(
    GenericCallbackServerContext* call) {
  const auto found = stubs_.find(call->method());
  if (found == stubs_.end()) {
    return new Refused(absl::UnimplementedError("no such method"));
  }
  const Headers metadata = HeadersOf(call->client_metadata());
  // Whether it is a stream is not known until it has ended.
  auto slot = gate_.Admit(FindHeader(metadata, "authorization"),
                          auth::KeyLimiter::Kind::kCall);
  if (!slot.ok()) return new Refused(slot.status());
  return std::make_shared<Relay>(call, *std::move(slot))
      ->Start(*found->second, metadata);
}

}  // namespace kith::edge
