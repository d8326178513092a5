#include "gateway/flows/form_answer.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "grpcpp/alarm.h"

namespace kith::gateway {
namespace {

constexpr absl::Duration kSlot = absl::Milliseconds(100);
constexpr absl::Duration kMoreForTouch = absl::Milliseconds(5);

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

absl::Duration FormWait(absl::Duration took, int touches) {
  const absl::Duration slot = kSlot + (touches - 1) * kMoreForTouch;
  return slot - std::max(took, absl::ZeroDuration()) % slot;
}

PendingCall<bool> WaitFor(absl::Duration wait) {
  auto pause = std::make_shared<Pause>();
  Pause::Begin(pause, wait);
  return PendingCall<bool>(std::move(pause));
}

v1::RecordTouchResponse FormAnswer(const v1::RecordTouchResponse& whole) {
  v1::RecordTouchResponse answer;
  answer.set_outcome(whole.outcome());
  *answer.mutable_interaction() = whole.interaction();
  answer.mutable_interaction()->clear_contact_id();
  // That of a value under older reading rules is another.
  answer.mutable_interaction()->clear_identity_key();
  // Whoever is known may have one, and it may be older than the touch.
  answer.mutable_interaction()->clear_thread_id();
  for (const identity::v1::ClaimedValue& claimed : whole.identities()) {
    identity::v1::ClaimedValue& value = *answer.add_identities();
    *value.mutable_value() = claimed.value();
    if (claimed.outcome() != identity::v1::CLAIM_OUTCOME_REFUSED) continue;
    value.set_outcome(claimed.outcome());
    value.set_reason(claimed.reason());
  }
  return answer;
}

}  // namespace kith::gateway
