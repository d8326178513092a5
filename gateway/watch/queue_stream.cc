#include "gateway/watch/queue_stream.h"

#include <exception>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "common/base/request_context.h"
#include "gateway/watch/queue_head.h"

namespace kith::gateway {
namespace {

constexpr absl::Duration kReadTimeout = absl::Seconds(5);

// The method's own, and those of what it reads by the caller's key.
constexpr absl::string_view kQueueScopes[] = {"customers.read", "contacts.read",
                                              "interactions.read"};

std::vector<std::string> HeardQueues(const v1::WatchQueueRequest& request) {
  // Changes do not say to whom an action is assigned.
  if (!request.agent().empty()) return {QueueBells::kAnyQueue};
  return {request.queues().begin(), request.queues().end()};
}

}  // namespace

absl::Status QueueStream::Start() {
  // Before the first reading: what changes from here on rings.
  bell_ = source_.bells.Add(call().context().tenant_id(), HeardQueues(request_),
                            [stream = weak_from_this()] {
                              const auto self = stream.lock();
                              if (self == nullptr) return;
                              self->rung_ = true;
                              self->Wake();
                            });
  RunRead(shared_from_this());
  return absl::OkStatus();
}

bool QueueStream::Work() {
  RunRead(shared_from_this());
  return true;
}

Detached QueueStream::RunRead(std::shared_ptr<QueueStream> stream) {
  absl::Status status;
  try {
    status = co_await stream->Read();
  } catch (const std::exception& e) {
    status = absl::InternalError(absl::StrCat("exception: ", e.what()));
  } catch (...) {
    status = absl::InternalError("exception of an unknown type");
  }
  stream->Resume(status);
}

Task<absl::Status> QueueStream::Read() {
  KITH_CO_RETURN_IF_ERROR(
      source_.gate.CheckAgain(call().context(), kQueueScopes));
  rung_ = false;
  read_ = absl::Now();
  base::RequestContext context = call().context();
  context.deadline = read_ + kReadTimeout;
  KITH_CO_ASSIGN_OR_RETURN(std::vector<v1::QueueEntry> head,
                           co_await source_.queues.ReadHead(context, request_));
  v1::WatchQueueResponse message;
  message.set_reset(!head_.has_value());
  const bool is_different = TellDifference(
      head_.value_or(std::vector<v1::QueueEntry>()), head, message);
  if (is_different || message.reset()) news_ = std::move(message);
  head_ = std::move(head);
  co_return absl::OkStatus();
}

QueueStream::Step QueueStream::Next(v1::WatchQueueResponse& message) {
  if (news_.has_value()) {
    message.Swap(&*news_);
    news_.reset();
    return Step::kSend;
  }
  const absl::Duration since = absl::Now() - read_;
  const bool is_due =
      since >= source_.patience || (since >= source_.pause && rung_);
  return is_due ? Step::kWork : Step::kWait;
}

void QueueStream::Released() {
  if (bell_ != nullptr) source_.bells.Remove(bell_);
}

}  // namespace kith::gateway
