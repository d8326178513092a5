#ifndef KITH_GATEWAY_HOOKS_DOOR_HOOK_PAGES_H_
#define KITH_GATEWAY_HOOKS_DOOR_HOOK_PAGES_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "gateway/calls/task.h"
#include "gateway/edge/codecs/client_address.h"
#include "gateway/edge/http/exchange.h"
#include "gateway/edge/pages/guest_pages.h"
#include "gateway/edge/pages/token_buckets.h"
#include "gateway/hooks/door/turnstile.h"
#include "gateway/hooks/journal/entry_flow.h"
#include "gateway/hooks/understander.h"
#include "kith/interactions/v1/journal.pb.h"

namespace kith::gateway {

// Takes in what other systems send under "/hooks/". Thread-safe.
//
// - A sender is answered once the journal has its request, and not before: as
//   the connector says. 503 with Retry-After if the journal could not keep it.
// - 401 if the signature is missing, wrong or too old; 404, 405, 413 and 415 if
//   the connector takes no such request; 429 with Retry-After beyond its
//   RequestRate. The journal has nothing of those.
// - The first attempt to record the touches of a request begins when its sender
//   was answered, as long as there are not too many: else the driver of the
//   journal makes it.
// - There are no cookies, and what a browser asks before a call from another
//   site (OPTIONS) is refused: forms do not ask.
class HookPages final : public edge::GuestPages {
 public:
  // All references must outlive the pages.
  HookPages(const Understander& hooks, const EntryFlow& entries,
            const base::Clock& clock, edge::TrustedProxies proxies);

  // Waits for the requests and attempts that are under way.
  ~HookPages() override;

  absl::string_view RouteOf(absl::string_view path) const override;

  // Systems may send in chunks.
  bool TakesBody(absl::string_view path) const override;

  size_t MostBodyBytes(absl::string_view path) const override;

  std::shared_ptr<edge::Exchange> Answer(
      const edge::Request& request, absl::string_view path,
      base::RequestContext trace, edge::Handler::Done done) const override;

 private:
  // A request that was let in.
  struct Received {
    HookSource source = {};
    HookAdmission admission = {};
    std::string address = {};
    base::RequestContext trace = {};
  };

  // Lets a request in, or returns the reply to it.
  std::optional<edge::Reply> LetIn(const v1::HookRequest& request,
                                   Received& received) const;

  // Counts a request of an address or a source. Returns how long it is to wait.
  absl::Duration TakeOfAddress(const Received& received, absl::Time now) const;
  absl::Duration TakeOfSource(const Received& received, absl::Time now) const;

  // Has the journal keep a request, answers, and makes the first attempt.
  Detached Receive(Received received, edge::Handler::Done done) const;

  // Waits for a turn, then has the journal keep the request.
  Task<absl::StatusOr<interactions::v1::RecordEntryResponse>> Keep(
      const Received& received) const;
  edge::Reply ReplyTo(
      const Received& received,
      const absl::StatusOr<interactions::v1::RecordEntryResponse>& kept) const;

  // Returns false if there are too many attempts.
  bool BeginAttempt() const;
  void EndAttempt(const absl::Status& ended) const;

  const Understander& hooks_;
  const EntryFlow& entries_;
  const base::Clock& clock_;
  const edge::TrustedProxies proxies_;
  mutable edge::TokenBuckets sources_;
  mutable edge::TokenBuckets addresses_;
  mutable Turnstile keeping_;
  mutable absl::Mutex mutex_;
  // Requests that were let in, up to the end of their first attempt.
  mutable int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  mutable int attempts_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace kith::gateway

#endif  // KITH_GATEWAY_HOOKS_DOOR_HOOK_PAGES_H_
