#include "gateway/edge/upstreams/stream_body.h"

#include <utility>

#include "absl/status/status.h"
#include "common/status/rpc_status.h"

namespace kith::edge {

using Event = UpstreamStream::Event;

StreamBody::StreamBody(std::shared_ptr<UpstreamStream> call,
                       std::shared_ptr<const StreamWriter> writer,
                       std::function<void()> ended)
    : call_(std::move(call)),
      writer_(std::move(writer)),
      ended_(std::move(ended)) {}

void StreamBody::Start(const std::shared_ptr<UpstreamStream>& call,
                       std::shared_ptr<const StreamWriter> writer,
                       std::function<void(Reply)> done,
                       std::function<void()> ended) {
  const std::shared_ptr<StreamBody> body(
      new StreamBody(call, std::move(writer), std::move(ended)));
  call->Next([body, done = std::move(done)](const Event& event) {
    if (!event.message.has_value()) {
      done(body->writer_->Whole(event.result));
      return;
    }
    Reply reply = body->writer_->Head(event.result.leading);
    reply.body = body->PartOf(event).bytes;
    reply.rest = body;
    done(std::move(reply));
  });
}

void StreamBody::Next(std::function<void(Part)> done) {
  call_->Next([self = shared_from_this(), done = std::move(done)](
                  const Event& event) { done(self->PartOf(event)); });
}

BodyStream::Part StreamBody::PartOf(const Event& event) {
  if (!event.message.has_value()) {
    ended_();
    RpcResult result = event.result;
    if (!unwritten_.ok()) result.status = status::ToProto(unwritten_);
    return {.bytes = writer_->End(result), .last = true};
  }
  if (!unwritten_.ok()) return {};
  auto text = writer_->Message(*event.message);
  if (text.ok()) return {.bytes = *std::move(text)};
  unwritten_ = text.status();
  call_->Cancel();
  return {};
}

}  // namespace kith::edge
