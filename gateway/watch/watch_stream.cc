#include "gateway/watch/watch_stream.h"

#include <exception>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/status_macros.h"
#include "gateway/watch/watch_token.h"

namespace kith::gateway {
namespace {

// For reading whom to watch.
constexpr absl::Duration kFindTimeout = absl::Seconds(5);

// The method's own, and what it takes to read in the services what is told:
// changes come by the gateway's key.
constexpr absl::string_view kScopes[] = {"customers.read", "contacts.read",
                                         "identity.read", "interactions.read"};

std::vector<std::string> MembersOf(const contacts::v1::Contact& contact) {
  return {contact.member_ids().begin(), contact.member_ids().end()};
}

}  // namespace

void WatchStream::Open(std::unique_ptr<rpc::ActiveCall> call,
                       const v1::WatchCustomerRequest& request,
                       absl::Status refused) {
  self_ = shared_from_this();
  call_ = std::move(call);
  opened_ = absl::Now();
  request_ = request;
  {
    absl::MutexLock lock(&mutex_);
    // Of the first message: the watcher has nothing yet to go on from.
    message_.set_reset(request.resume_token().empty());
  }
  // Who may not call at all hears that first.
  if (!call_->admitted().ok()) refused = call_->admitted();
  if (refused.ok()) {
    RunFind(self_);
  } else {
    Found(refused);
  }
}

Detached WatchStream::RunFind(std::shared_ptr<WatchStream> stream) {
  absl::Status status;
  try {
    status = co_await stream->Find();
  } catch (const std::exception& e) {
    status = absl::InternalError(absl::StrCat("exception: ", e.what()));
  } catch (...) {
    status = absl::InternalError("exception of an unknown type");
  }
  stream->Found(status);
}

Task<absl::Status> WatchStream::Find() {
  KITH_CO_RETURN_IF_ERROR(source_.gate.CheckAgain(call_->context(), kScopes));
  if (watcher_ == nullptr) co_return co_await FindFirst();
  co_return co_await FindAgain();
}

absl::StatusOr<FeedPositions> WatchStream::Start() const {
  const std::optional<FeedPositions> now = source_.hub.positions();
  FeedPositions from = {};
  if (!request_.resume_token().empty()) {
    KITH_ASSIGN_OR_RETURN(from, ReadWatchToken(call_->context().tenant_id(),
                                               request_.resume_token()));
  } else if (now.has_value()) {
    from = *now;
  }
  if (now.has_value()) return from;
  return absl::UnavailableError(
      "this instance has yet to reach the change feeds; try again");
}

base::RequestContext WatchStream::Context() const {
  base::RequestContext context = call_->context();
  context.deadline = absl::Now() + kFindTimeout;
  return context;
}

Task<absl::Status> WatchStream::FindFirst() {
  // Before the members are read: what changes from here on is told.
  KITH_CO_ASSIGN_OR_RETURN(positions_, Start());
  const base::RequestContext context = Context();
  KITH_CO_ASSIGN_OR_RETURN(
      const contacts::v1::Contact contact,
      co_await source_.customers.FindOne(context, request_.customer()));
  contact_id_ = contact.contact_id();
  canonical_id_ = contact.canonical_id();
  KITH_CO_ASSIGN_OR_RETURN(
      watcher_, source_.hub.Add(context.tenant_id(), MembersOf(contact),
                                positions_, [stream = weak_from_this()] {
                                  if (auto self = stream.lock()) self->Wake();
                                }));
  co_return absl::OkStatus();
}

Task<absl::Status> WatchStream::FindAgain() {
  const base::RequestContext context = Context();
  std::vector<std::string> ids = {contact_id_};
  KITH_CO_ASSIGN_OR_RETURN(
      const ContactsById contacts,
      co_await source_.customers.GetContacts(context, std::move(ids)));
  const auto found = contacts.find(contact_id_);
  if (found == contacts.end()) {
    co_return absl::NotFoundError("customer: it is not there any more");
  }
  canonical_id_ = found->second.canonical_id();
  co_return source_.hub.Regroup(*watcher_, MembersOf(found->second),
                                positions_);
}

void WatchStream::Found(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    busy_ = false;
    if (!status.ok()) Drop(status);
  }
  Advance();
}

void WatchStream::End(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    if (end_.has_value()) return;
    end_ = status;
    last_message_ = true;
  }
  Advance();
}

void WatchStream::Drop(const absl::Status& status) {
  end_ = status;
  last_message_ = false;
}

void WatchStream::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    busy_ = false;
    message_.Clear();
    if (!ok) Drop(absl::CancelledError("the watcher is gone"));
  }
  Advance();
}

void WatchStream::OnCancel() {
  {
    absl::MutexLock lock(&mutex_);
    Drop(absl::CancelledError("the watcher is gone"));
  }
  Advance();
}

void WatchStream::OnDone() {
  // The last hold, but for a wake that is under way.
  const std::shared_ptr<WatchStream> self = std::move(self_);
  if (watcher_ != nullptr) source_.hub.Remove(*watcher_);
  source_.done(*this);
}

void WatchStream::Advance() {
  bool find = false;
  {
    absl::MutexLock lock(&mutex_);
    if (busy_ || finished_) return;
    find = Step();
  }
  // Not under the lock: it may be answered on this thread.
  if (find) RunFind(shared_from_this());
}

bool WatchStream::Step() {
  if (end_.has_value()) {
    if (std::exchange(last_message_, false) && !token_.empty()) {
      // What was taken since is told where the reader goes on.
      message_.Clear();
      Send();
      return false;
    }
    finished_ = true;
    call_->Finish(*end_);
    return false;
  }
  if (!filled_) {
    const bool settled = absl::Now() - opened_ >= source_.heartbeat;
    filled_ = Fill(source_.hub.Take(*watcher_, settled));
    busy_ = filled_;
    if (busy_) return true;
  }
  if (filled_ || message_.reset() || !message_.changes().empty() ||
      absl::Now() - sent_ >= source_.heartbeat) {
    filled_ = false;
    token_ = MakeWatchToken(call_->context().tenant_id(), positions_);
    Send();
  }
  return false;
}

bool WatchStream::Fill(const WatchHub::Batch& batch) {
  if (batch.reset) message_.set_reset(true);
  for (const SharedChange& change : batch.changes) {
    *message_.add_changes() = *change;
  }
  positions_ = batch.positions;
  return batch.regroup;
}

void WatchStream::Send() {
  message_.set_canonical_id(canonical_id_);
  message_.set_resume_token(token_);
  busy_ = true;
  sent_ = absl::Now();
  call_->NoteMessage();
  StartWrite(&message_);
}

}  // namespace kith::gateway
