#include "common/feed/change_stream.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/api/feed_position.h"
#include "common/api/page_token.h"
#include "common/api/too_busy.h"
#include "common/api/violations.h"
#include "common/auth/scopes.h"
#include "common/base/times.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::feed {
namespace {

// A quarter of what gRPC clients take in one message.
constexpr size_t kMessageBytes = 1 << 20;

prometheus::Counter& PagesRead() {
  static auto& counter = ops::Counter(
      "kith_change_pages_read_total",
      "Pages of changes read for streams that were behind the tail.");
  return counter;
}

using Tokens = api::PageTokens<internal::v1::FeedPositions>;

std::string MakeToken(const FeedPosition& position, const std::string& feed) {
  internal::v1::FeedPositions positions;
  api::AddPosition(position, positions);
  return Tokens(feed).Make(positions);
}

absl::StatusOr<std::optional<FeedPosition>> ReadToken(const std::string& token,
                                                      const std::string& feed) {
  if (token.empty()) return std::nullopt;
  const auto positions = Tokens(feed).Read(token);
  if (positions.ok() && positions->sequences_size() == 1) {
    return api::PositionAt(*positions, 0);
  }
  api::Violations violations;
  violations.Add("resume_token",
                 "not one that this service has given; want that of a message, "
                 "or none to begin now");
  return violations.ToStatus();
}

absl::Status ChangesGoneError() {
  return absl::OutOfRangeError(
      "resume_token: changes after it are gone, or the database was set back; "
      "take a token, list, then tail");
}

}  // namespace

absl::Status ChangeStream::Start() {
  if (request_.all_tenants()) {
    KITH_RETURN_IF_ERROR(auth::CheckScopes(*call().context().principal,
                                           {auth::kAllTenantsScope}));
  }
  KITH_ASSIGN_OR_RETURN(const std::optional<FeedPosition> from,
                        ReadToken(request_.resume_token(), source_.feed));
  const bool queued = source_.pool.TrySubmit(
      [stream = shared_from_this(), from](mysql::Session& session) {
        stream->Resume(stream->FindPosition(session, from));
      });
  if (queued) return absl::OkStatus();
  return api::TooBusyError("too many calls are waiting; try again later");
}

absl::Status ChangeStream::FindPosition(
    mysql::Session& session, const std::optional<FeedPosition>& from) {
  KITH_RETURN_IF_ERROR(session.Connect());
  KITH_ASSIGN_OR_RETURN(const FeedPosition newest, ReadNewest(session));
  position_ = from.value_or(newest);
  const absl::Status found = CheckPosition(session, position_);
  if (absl::IsOutOfRange(found)) return ChangesGoneError();
  KITH_RETURN_IF_ERROR(found);
  source_.tail.Follow(newest);
  begun_ = true;
  return absl::OkStatus();
}

ChangeStream::Step ChangeStream::Next(
    changes::v1::TailChangesResponse& message) {
  Fill(std::exchange(page_, {}), message);
  while (message.changes().empty()) {
    const ChangeTail::Page page = source_.tail.After(position_.sequence);
    if (page.behind) return Step::kWork;
    if (page.changes.empty()) return Step::kWait;
    Fill(page.changes, message);
  }
  return Step::kSend;
}

bool ChangeStream::Work() {
  return source_.pool.TrySubmit([stream = shared_from_this()](
                                    mysql::Session& session) {
    PagesRead().Increment();
    const absl::Status connected = session.Connect();
    stream->TakePage(connected.ok() ? ReadChanges(session, stream->position_)
                                    : Page(connected));
  });
}

void ChangeStream::TakePage(const Page& page) {
  if (absl::IsOutOfRange(page.status())) return Resume(ChangesGoneError());
  if (!page.ok()) {
    // The reader can go on from its last message.
    End(page.status());
  } else {
    for (const LoggedChange& logged : *page) {
      page_.push_back(
          std::make_shared<const changes::v1::Change>(ToChange(logged)));
    }
  }
  Resume(absl::OkStatus());
}

void ChangeStream::Fill(const std::vector<SharedChange>& changes,
                        changes::v1::TailChangesResponse& message) {
  const uint64_t tenant_id = call().context().tenant_id();
  size_t bytes = 0;
  for (const SharedChange& change : changes) {
    if (request_.all_tenants() || change->tenant_id() == tenant_id) {
      bytes += change->ByteSizeLong();
      if (bytes > kMessageBytes && !message.changes().empty()) return;
      *message.add_changes() = *change;
    }
    position_ = PositionOf(*change);
  }
}

void ChangeStream::Stamp(changes::v1::TailChangesResponse& message) {
  message.set_resume_token(MakeToken(position_, source_.feed));
  message.set_sequence(position_.sequence);
  if (position_.sequence > 0) {
    *message.mutable_sequence_time() = base::ToProto(position_.sequence_micros);
  }
}

bool ChangeStream::Last(changes::v1::TailChangesResponse& message) {
  if (begun_) Stamp(message);
  return begun_;
}

}  // namespace kith::feed
