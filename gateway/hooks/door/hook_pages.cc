#include "gateway/hooks/door/hook_pages.h"

#include <exception>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/ops/log.h"
#include "common/ops/metrics.h"
#include "gateway/hooks/admission.h"
#include "gateway/hooks/door/hook_replies.h"

namespace kith::gateway {
namespace {

using edge::Reply;
using interactions::v1::RecordEntryResponse;

constexpr absl::string_view kHooksPath = "/hooks/";
constexpr char kHooksRoute[] = "/hooks/{path}";

// As many as there can be connectors.
constexpr size_t kMostSources = 1'000;
constexpr size_t kMostAddresses = 20'000;
// So that a burst leaves others their places at interactions-svc.
constexpr size_t kMostKept = 32;
constexpr size_t kMostWaiting = 1'000;
// A browser is told to come again before its user has gone.
constexpr absl::Duration kLongestInLine = absl::Seconds(10);
// Most of the time of an attempt of a form is a wait (FormWait).
constexpr int kMostAttempts = 128;

v1::HookRequest HookRequestOf(const edge::Request& request) {
  v1::HookRequest hook;
  hook.set_method(request.head.method);
  hook.set_target(request.head.target);
  for (const auto& [name, value] : request.head.headers) {
    v1::HookHeader& header = *hook.add_headers();
    header.set_name(name);
    header.set_value(value);
  }
  hook.set_body(request.body);
  return hook;
}

void CountHook(const HookSource& source, absl::string_view outcome) {
  ops::Counter("kith_hook_requests_total", "Requests to connectors.",
               {{"tenant", source.tenant},
                {"source", source.source},
                {"outcome", std::string(outcome)}})
      .Increment();
}

Reply TooManyFor(const HookSource& source, absl::Duration wait) {
  CountHook(source, "too_many");
  return TooManyReply(wait);
}

Reply NotKeptFor(const HookSource& source, const absl::Status& fault) {
  CountHook(source, "not_kept");
  ops::Log(ops::Severity::kError, "a request to a connector was not kept",
           {{"tenant", source.tenant},
            {"source", source.source},
            {"reason", fault.message()}});
  return NotKeptReply(fault);
}

// A request goes on though its sender waits no longer.
class Receiving final : public edge::Exchange {
 public:
  void Cancel() override {}
};

}  // namespace

HookPages::HookPages(const Understander& hooks, const EntryFlow& entries,
                     const base::Clock& clock, edge::TrustedProxies proxies)
    : hooks_(hooks),
      entries_(entries),
      clock_(clock),
      proxies_(std::move(proxies)),
      sources_(kMostSources),
      addresses_(kMostAddresses),
      keeping_(kMostKept, kMostWaiting, kLongestInLine, clock) {}

HookPages::~HookPages() {
  const auto idle = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return under_way_ == 0;
  };
  const absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&idle));
}

absl::string_view HookPages::RouteOf(absl::string_view path) const {
  return absl::StartsWith(path, kHooksPath) ? kHooksRoute : "";
}

bool HookPages::TakesBody(absl::string_view path) const {
  return hooks_.Find(path).has_value();
}

size_t HookPages::MostBodyBytes(absl::string_view /*path*/) const {
  return kMostHookBytes;
}

std::shared_ptr<edge::Exchange> HookPages::Answer(
    const edge::Request& request, absl::string_view path,
    base::RequestContext trace, edge::Handler::Done done) const {
  auto source = hooks_.Find(path);
  if (!source.has_value()) {
    done(RefusalReply(absl::NotFoundError("there is no such address"), ""));
    return nullptr;
  }
  Received received = {
      .source = *std::move(source),
      .address = proxies_.ClientOf(request.head.peer, request.head.headers),
      .trace = std::move(trace)};
  if (auto reply = LetIn(HookRequestOf(request), received)) {
    done(*std::move(reply));
    return nullptr;
  }
  {
    const absl::MutexLock lock(&mutex_);
    ++under_way_;
  }
  Receive(std::move(received), std::move(done));
  return std::make_shared<Receiving>();
}

std::optional<Reply> HookPages::LetIn(const v1::HookRequest& request,
                                      Received& received) const {
  const HookSource& source = received.source;
  const absl::Time now = clock_.Now();
  const bool is_form = base::IsByForm(source.assurance);
  if (is_form) {
    absl::Duration wait = TakeOfAddress(received, now);
    if (wait == absl::ZeroDuration()) wait = TakeOfSource(received, now);
    if (wait > absl::ZeroDuration()) return TooManyFor(source, wait);
  }
  received.admission = hooks_.Admit(source, request, now);
  const absl::Status& refusal = received.admission.status;
  if (!is_form) {
    // Whoever forges requests uses nothing up that their sender has.
    const absl::Duration wait = refusal.ok() ? TakeOfSource(received, now)
                                             : TakeOfAddress(received, now);
    if (wait > absl::ZeroDuration()) return TooManyFor(source, wait);
  }
  if (refusal.ok()) return std::nullopt;
  CountHook(source, "refused");
  return RefusalReply(refusal, source.methods);
}

absl::Duration HookPages::TakeOfAddress(const Received& received,
                                        absl::Time now) const {
  const HookSource& source = received.source;
  return addresses_.Take(absl::StrCat(source.tenant_id, "/", source.source, "/",
                                      edge::ClientNetwork(received.address)),
                         source.per_second_and_address, now);
}

absl::Duration HookPages::TakeOfSource(const Received& received,
                                       absl::Time now) const {
  const HookSource& source = received.source;
  return sources_.Take(absl::StrCat(source.tenant_id, "/", source.source),
                       source.per_second, now);
}

Detached HookPages::Receive(Received received, edge::Handler::Done done) const {
  absl::StatusOr<RecordEntryResponse> kept = absl::InternalError("not kept");
  Reply reply;
  try {
    kept = co_await Keep(received);
    reply = ReplyTo(received, kept);
  } catch (const std::exception& e) {
    reply =
        NotKeptFor(received.source,
                   absl::InternalError(absl::StrCat("exception: ", e.what())));
  }
  done(std::move(reply));
  if (kept.ok() && !kept->known() && BeginAttempt()) {
    absl::Status ended;
    try {
      kept->mutable_entry()->set_body(
          std::move(*received.admission.kept.mutable_body()));
      ended = co_await entries_.Run(received.source.tenant_id, kept->entry());
    } catch (const std::exception& e) {
      ended = absl::InternalError(absl::StrCat("exception: ", e.what()));
    }
    EndAttempt(ended);
  }
  // The pages may be gone as soon as nothing is under way.
  const absl::MutexLock lock(&mutex_);
  --under_way_;
}

Task<absl::StatusOr<RecordEntryResponse>> HookPages::Keep(
    const Received& received) const {
  auto turn = keeping_.Enter();
  const auto entered = co_await turn;
  if (!entered.ok()) co_return entered.status();
  const Turnstile::Stay inside(keeping_);
  co_return co_await entries_.Record(received.trace, received.source,
                                     received.admission, received.address);
}

Reply HookPages::ReplyTo(
    const Received& received,
    const absl::StatusOr<RecordEntryResponse>& kept) const {
  const HookSource& source = received.source;
  if (!kept.ok()) return NotKeptFor(source, kept.status());
  CountHook(source, kept->known() ? "repeat" : "kept");
  return AnswerReply(hooks_.AnswerTo(source, received.admission.kept,
                                     kept->entry().entry_id()));
}

bool HookPages::BeginAttempt() const {
  const absl::MutexLock lock(&mutex_);
  if (attempts_ == kMostAttempts) return false;
  ++attempts_;
  return true;
}

void HookPages::EndAttempt(const absl::Status& ended) const {
  if (!ended.ok()) {
    ops::Log(ops::Severity::kWarning,
             "an attempt has not ended, the driver of the journal makes the "
             "next",
             {{"reason", ended.message()}});
  }
  const absl::MutexLock lock(&mutex_);
  --attempts_;
}

}  // namespace kith::gateway
