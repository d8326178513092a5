#ifndef KITH_COMMON_FEED_CHANGE_STREAM_H_
#define KITH_COMMON_FEED_CHANGE_STREAM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/feed/change_tail.h"
#include "common/mysql/session.h"
#include "common/mysql/worker_pool.h"
#include "common/rpc/server_stream.h"
#include "kith/changes/v1/changes_service.pb.h"

namespace kith::feed {

// One stream of TailChanges. A stream that falls behind the tail reads what it
// needs from the database, one page at a time, on a worker.
class ChangeStream final
    : public rpc::ServerStream<changes::v1::TailChangesResponse>,
      public std::enable_shared_from_this<ChangeStream> {
 public:
  // What the streams of a service share. It must outlive their calls.
  struct Source {
    // The name of the feed. A token is only valid for the feed that made it.
    std::string feed;
    // A stream that had nothing to send for this long sends its token.
    absl::Duration heartbeat;
    ChangeTail& tail;
    mysql::WorkerPool& pool;
  };

  // Errors that end the stream: PERMISSION_DENIED if all tenants are requested
  // without the scope changes.tail_all; INVALID_ARGUMENT for a bad token;
  // OUT_OF_RANGE if changes after the token are gone, or the database was set
  // back; RESOURCE_EXHAUSTED if the queue of the workers is full.
  ChangeStream(const Source& source, changes::v1::TailChangesRequest request)
      : ServerStream(source.heartbeat),
        source_(source),
        request_(std::move(request)) {}

 private:
  using Page = absl::StatusOr<std::vector<LoggedChange>>;

  absl::Status Start() override;
  Step Next(changes::v1::TailChangesResponse& message) override;
  // Reads the next page on a worker.
  bool Work() override;
  void Stamp(changes::v1::TailChangesResponse& message) override;
  bool Last(changes::v1::TailChangesResponse& message) override;

  // On a worker: finds the number after which to begin, and makes the tail
  // follow.
  absl::Status FindPosition(mysql::Session& session,
                            const std::optional<FeedPosition>& from);

  // Takes the page that a worker has read.
  void TakePage(const Page& page);

  // Adds the changes that the reader may see to the message, up to the size
  // limit of a message. Moves `position_`.
  void Fill(const std::vector<SharedChange>& changes,
            changes::v1::TailChangesResponse& message);

  const Source& source_;
  const changes::v1::TailChangesRequest request_;
  bool begun_ = false;
  // Behind the last change that was sent or skipped.
  FeedPosition position_;
  // Read by a worker; not yet in a message.
  std::vector<SharedChange> page_;
};

}  // namespace kith::feed

#endif  // KITH_COMMON_FEED_CHANGE_STREAM_H_
