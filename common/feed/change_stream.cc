#include "common/feed/change_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/api/page_token.h"
#include "common/api/too_busy.h"
#include "common/api/violations.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::feed {
namespace {

constexpr char kAllTenantsScope[] = "changes.tail_all";

// A quarter of what gRPC clients take in one message.
constexpr size_t kMessageBytes = 1 << 20;

prometheus::Counter& PagesRead() {
  static auto& counter = ops::Counter(
      "kith_change_pages_read_total",
      "Pages of changes read for streams that were behind the tail.");
  return counter;
}

using Tokens = api::PageTokens<internal::v1::FeedPositions>;

std::string MakeToken(int64_t sequence, const std::string& feed) {
  internal::v1::FeedPositions positions;
  positions.add_sequences(sequence);
  return Tokens(feed).Make(positions);
}

absl::StatusOr<std::optional<int64_t>> ReadToken(const std::string& token,
                                                 const std::string& feed) {
  if (token.empty()) return std::nullopt;
  const auto positions = Tokens(feed).Read(token);
  if (positions.ok() && positions->sequences_size() == 1) {
    return positions->sequences(0);
  }
  api::Violations violations;
  violations.Add("resume_token",
                 "not one that this service has given; want that of a message, "
                 "or none to begin now");
  return violations.ToStatus();
}

absl::Status ChangesGoneError() {
  return absl::OutOfRangeError(
      "resume_token: changes after it are gone; take a token, list, then "
      "tail");
}

}  // namespace

void ChangeStream::Open(std::unique_ptr<rpc::ActiveCall> call,
                        const changes::v1::TailChangesRequest& request) {
  self_ = shared_from_this();
  call_ = std::move(call);
  all_tenants_ = request.all_tenants();
  const auto open = [&]() -> absl::Status {
    KITH_RETURN_IF_ERROR(call_->admitted());
    if (all_tenants_ &&
        !call_->context().principal->scopes.contains(kAllTenantsScope)) {
      return absl::PermissionDeniedError(
          absl::StrCat("the API key lacks the scope ", kAllTenantsScope));
    }
    KITH_ASSIGN_OR_RETURN(from_,
                          ReadToken(request.resume_token(), source_.feed));
    const bool queued =
        source_.pool.TrySubmit([stream = self_](mysql::Session& session) {
          stream->Begin(stream->FindStart(session));
        });
    if (queued) return absl::OkStatus();
    return api::TooBusyError("too many calls are waiting; try again later");
  };
  if (const absl::Status status = open(); !status.ok()) Begin(status);
}

absl::StatusOr<int64_t> ChangeStream::FindStart(mysql::Session& session) const {
  KITH_RETURN_IF_ERROR(session.Connect());
  KITH_ASSIGN_OR_RETURN(const ChangeBounds bounds, ReadChangeBounds(session));
  const int64_t start = from_.value_or(bounds.newest);
  // Beyond the newest: of a database that was set back.
  if (start < bounds.oldest || start > bounds.newest) return ChangesGoneError();
  source_.begun(bounds.newest);
  return start;
}

void ChangeStream::Begin(const absl::StatusOr<int64_t>& start) {
  absl::MutexLock lock(&mutex_);
  busy_ = false;
  position_ = start.value_or(0);
  if (!start.ok()) {
    end_ = start.status();
    last_message_ = false;
  }
  Advance();
}

void ChangeStream::Wake() {
  absl::MutexLock lock(&mutex_);
  if (!busy_) Advance();
}

void ChangeStream::End(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  if (end_.has_value()) return;
  end_ = status;
  last_message_ = true;
  if (!busy_) Advance();
}

void ChangeStream::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  busy_ = false;
  message_.Clear();
  if (!ok) {
    end_ = absl::CancelledError("the reader is gone");
    last_message_ = false;
  }
  Advance();
}

void ChangeStream::OnCancel() {
  absl::MutexLock lock(&mutex_);
  end_ = absl::CancelledError("the reader is gone");
  last_message_ = false;
  if (!busy_) Advance();
}

void ChangeStream::OnDone() {
  // The last hold, but for a worker's.
  const std::shared_ptr<ChangeStream> self = std::move(self_);
  source_.done(*this);
}

void ChangeStream::Advance() {
  if (finished_) return;
  if (end_.has_value()) {
    if (std::exchange(last_message_, false)) return Send();
    finished_ = true;
    call_->Finish(*end_);
    return;
  }
  while (message_.changes().empty()) {
    const ChangeTail::Page page = source_.tail.After(position_);
    if (page.behind) return ReadPage();
    if (page.changes.empty()) break;
    Fill(page.changes);
  }
  if (!message_.changes().empty() || absl::Now() - sent_ >= source_.heartbeat) {
    Send();
  }
}

void ChangeStream::Fill(const std::vector<SharedChange>& changes) {
  const uint64_t tenant_id = call_->context().tenant_id();
  size_t bytes = 0;
  for (const SharedChange& change : changes) {
    if (all_tenants_ || change->tenant_id() == tenant_id) {
      bytes += change->ByteSizeLong();
      if (bytes > kMessageBytes && !message_.changes().empty()) return;
      *message_.add_changes() = *change;
    }
    position_ = change->sequence();
  }
}

void ChangeStream::Send() {
  message_.set_resume_token(MakeToken(position_, source_.feed));
  message_.set_sequence(position_);
  busy_ = true;
  sent_ = absl::Now();
  call_->NoteMessage();
  StartWrite(&message_);
}

void ChangeStream::ReadPage() {
  busy_ = source_.pool.TrySubmit([stream = shared_from_this(),
                                  position =
                                      position_](mysql::Session& session) {
    PagesRead().Increment();
    absl::Status connected = session.Connect();
    stream->TakePage(connected.ok() ? ReadChanges(session, position)
                                    : absl::StatusOr<std::vector<LoggedChange>>(
                                          std::move(connected)));
  });
}

void ChangeStream::TakePage(
    const absl::StatusOr<std::vector<LoggedChange>>& page) {
  absl::MutexLock lock(&mutex_);
  busy_ = false;
  if (end_.has_value()) return Advance();
  if (!page.ok()) {
    end_ = page.status();
    last_message_ = true;
  } else if (!page->empty() && page->front().sequence != position_ + 1) {
    end_ = ChangesGoneError();
  } else {
    std::vector<SharedChange> changes;
    for (const LoggedChange& logged : *page) {
      changes.push_back(
          std::make_shared<const changes::v1::Change>(ToChange(logged)));
    }
    Fill(changes);
    if (!message_.changes().empty()) return Send();
  }
  Advance();
}

}  // namespace kith::feed
