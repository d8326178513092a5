#include "gateway/calls/pause.h"

#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "grpcpp/alarm.h"

namespace kith::gateway {
namespace {

class Pause final : public PendingCall<bool>::State {
 public:
  // The alarm has `pause` until it has gone off.
  static void Begin(std::shared_ptr<Pause> pause, absl::Duration wait) {
    grpc::Alarm& alarm = pause->alarm_;
    alarm.Set(absl::ToChronoTime(absl::Now() + wait),
              [pause = std::move(pause)](bool ok) mutable {
                const std::shared_ptr<Pause> ended = std::move(pause);
                ended->Complete(ok);
              });
  }

 private:
  void Cancel() override { alarm_.Cancel(); }

  grpc::Alarm alarm_;
};

}  // namespace

PendingCall<bool> WaitFor(absl::Duration wait) {
  auto pause = std::make_shared<Pause>();
  Pause::Begin(pause, wait);
  return PendingCall<bool>(std::move(pause));
}

}  // namespace kith::gateway
