#ifndef KITH_GATEWAY_EDGE_UPSTREAMS_STREAM_BODY_H_
#define KITH_GATEWAY_EDGE_UPSTREAMS_STREAM_BODY_H_

#include <functional>
#include <memory>

#include "gateway/edge/http/exchange.h"
#include "gateway/edge/protocols/rpc_call.h"
#include "gateway/edge/upstreams/upstream_stream.h"

namespace kith::edge {

// The body of a reply whose parts are the responses of a call.
class StreamBody final : public BodyStream,
                         public std::enable_shared_from_this<StreamBody> {
 public:
  // Waits for the first response, or the end, of the call, and passes the reply
  // to `done` once, on any thread: whole, if the call has ended; else with the
  // first response and a StreamBody for the rest. `ended` is called once, at
  // the end of the call, before its last part is passed on; of a whole reply,
  // it is not.
  static void Start(const std::shared_ptr<UpstreamStream>& call,
                    std::shared_ptr<const StreamWriter> writer,
                    std::function<void(Reply)> done,
                    std::function<void()> ended);

  void Next(std::function<void(Part)> done) override;

 private:
  StreamBody(std::shared_ptr<UpstreamStream> call,
             std::shared_ptr<const StreamWriter> writer,
             std::function<void()> ended);

  Part PartOf(const UpstreamStream::Event& event);

  const std::shared_ptr<UpstreamStream> call_;
  const std::shared_ptr<const StreamWriter> writer_;
  const std::function<void()> ended_;
  // Why a response could not be written; the call ends with it.
  absl::Status unwritten_;
};

}  // namespace kith::edge

#endif  // KITH_GATEWAY_EDGE_UPSTREAMS_STREAM_BODY_H_
