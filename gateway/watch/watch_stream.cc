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

absl::Status WatchStream::Start() {
  RunFind(shared_from_this());
  return absl::OkStatus();
}

bool WatchStream::Work() {
  RunFind(shared_from_this());
  return true;
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
  stream->Resume(status);
}

Task<absl::Status> WatchStream::Find() {
  KITH_CO_RETURN_IF_ERROR(source_.gate.CheckAgain(call().context(), kScopes));
  if (watcher_ == nullptr) co_return co_await FindFirst();
  co_return co_await FindAgain();
}

absl::StatusOr<FeedPositions> WatchStream::StartPositions() const {
  const std::optional<FeedPositions> now = source_.hub.positions();
  FeedPositions from = {};
  if (!request_.resume_token().empty()) {
    KITH_ASSIGN_OR_RETURN(from, ReadWatchToken(call().context().tenant_id(),
                                               request_.resume_token()));
  } else if (now.has_value()) {
    from = *now;
  }
  if (now.has_value()) return from;
  return absl::UnavailableError(
      "this instance has yet to reach the change feeds; try again");
}

base::RequestContext WatchStream::Context() const {
  base::RequestContext context = call().context();
  context.deadline = absl::Now() + kFindTimeout;
  return context;
}

Task<absl::Status> WatchStream::FindFirst() {
  // Before the members are read: what changes from here on is told.
  KITH_CO_ASSIGN_OR_RETURN(const FeedPositions from, StartPositions());
  const base::RequestContext context = Context();
  KITH_CO_ASSIGN_OR_RETURN(
      const contacts::v1::Contact contact,
      co_await source_.customers.FindOne(context, request_.customer()));
  contact_id_ = contact.contact_id();
  canonical_id_ = contact.canonical_id();
  KITH_CO_ASSIGN_OR_RETURN(
      watcher_, source_.hub.Add(context.tenant_id(), MembersOf(contact), from,
                                [stream = weak_from_this()] {
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
  co_return source_.hub.Regroup(*watcher_, MembersOf(found->second), batch_);
}

void WatchStream::Released() {
  if (watcher_ != nullptr) source_.hub.Remove(*watcher_);
}

WatchStream::Step WatchStream::Next(v1::WatchCustomerResponse& message) {
  // The first message of a stream that does not resume.
  if (token_.empty() && request_.resume_token().empty()) {
    message.set_reset(true);
  }
  if (!std::exchange(waits_, false)) {
    if (source_.gate.CheckAgain(call().context(), kScopes).ok()) {
      const bool settled = absl::Now() - opened_ >= source_.heartbeat;
      batch_ = source_.hub.Take(*watcher_, settled);
      waits_ = batch_.regroup;
    } else {
      // Find then ends the stream.
      waits_ = true;
    }
    if (waits_) return Step::kWork;
  }
  if (batch_.reset) message.set_reset(true);
  for (const SharedChange& change : batch_.changes) {
    *message.add_changes() = *change;
  }
  batch_.changes.clear();
  const bool empty = message.changes().empty() && !message.reset();
  return empty ? Step::kWait : Step::kSend;
}

void WatchStream::Stamp(v1::WatchCustomerResponse& message) {
  token_ = MakeWatchToken(call().context().tenant_id(), batch_.positions);
  message.set_canonical_id(canonical_id_);
  message.set_resume_token(token_);
}

bool WatchStream::Last(v1::WatchCustomerResponse& message) {
  // The hub's changes since the last message are not sent, so its token is
  // where the reader goes on.
  message.Clear();
  message.set_canonical_id(canonical_id_);
  message.set_resume_token(token_);
  return !token_.empty();
}

}  // namespace kith::gateway
