#include "interactions-svc/journal/entry_list.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/api/page_token.h"
#include "common/base/big_endian.h"
#include "common/base/sha256.h"
#include "common/base/times.h"
#include "common/base/uuid.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "interactions-svc/journal/entry_row.h"
#include "interactions-svc/journal/entry_rules.h"
#include "interactions-svc/journal/journal_store.h"
#include "interactions-svc/journal/locked_entry.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::EntryPosition;
using mysql::Tx;
using EntryTokens = api::PageTokens<EntryPosition>;

constexpr int32_t kDefaultEntries = 20;
constexpr int32_t kMaxEntriesListed = 100;
constexpr int32_t kMaxEntriesReplayed = 100;

// A page looks at so many entries, and reads as many at once.
constexpr int32_t kMaxEntriesRead = 500;
constexpr int32_t kEntriesAtOnce = 100;

// Of the entries of one answer; gRPC's default limit is 4 MiB.
constexpr size_t kMaxListedBytes = 3 << 20;

EntryTokens EntryTokensOf(const char* method, const Tx& tx,
                          const v1::EntryFilter& filter) {
  return EntryTokens(method, tx.tenant_id(), "/", base::Fingerprint(filter));
}

// Behind the ids of all entries that were received before `until`: ids begin
// with the milliseconds.
Uuid IdBound(absl::Time until) {
  const absl::Time behind = until + absl::Milliseconds(1);
  const auto millis =
      static_cast<uint64_t>(std::max<int64_t>(0, absl::ToUnixMillis(behind)));
  return Uuid::FromBytes(
      absl::StrCat(base::BigEndian(millis << 16), base::BigEndian(0)));
}

// An entry that a page looks at, and where the page goes on behind it.
struct SeenEntry {
  EntryRow row;
  EntryPosition position;
};

EntryPosition PositionOf(int64_t due_micros, const Uuid& id) {
  EntryPosition position;
  position.set_due_micros(due_micros);
  position.set_entry_id(std::string(id.bytes()));
  return position;
}

// Returns the entries of these places, in their order. One that has left its
// place since it was read is left out.
absl::StatusOr<std::vector<SeenEntry>> EntriesAt(
    const Tx& tx, const std::vector<DueEntry>& places) {
  std::vector<Uuid> ids;
  for (const DueEntry& place : places) ids.push_back(place.id);
  KITH_ASSIGN_OR_RETURN(std::vector<EntryRow> rows,
                        ReadJournalEntries(tx, ids));
  std::vector<SeenEntry> seen;
  auto row = rows.begin();
  for (const DueEntry& place : places) {
    if (row == rows.end() || row->id != place.id) continue;
    seen.push_back({.row = std::move(*row++),
                    .position = PositionOf(place.due_micros, place.id)});
  }
  return seen;
}

// The entries that a request looks at, some at once, in the order of its list.
class EntryReader {
 public:
  // `position` is where to go on; empty at the first page.
  EntryReader(const Tx& tx, const v1::EntryFilter& filter,
              EntryPosition position)
      : tx_(tx), filter_(filter), position_(std::move(position)) {
    if (!position_.entry_id().empty()) return;
    const absl::Time until = filter.has_received_until_time()
                                 ? base::FromProto(filter.received_until_time())
                                 : tx.now + absl::Hours(24);
    position_ = PositionOf(LastDue().due_micros, IdBound(until));
  }

  // Returns the next ones. After fewer than kEntriesAtOnce there are none.
  absl::StatusOr<std::vector<SeenEntry>> Next() {
    const Uuid id = Uuid::FromBytes(position_.entry_id());
    std::vector<SeenEntry> seen;
    if (filter_.state() == v1::ENTRY_STATE_UNSPECIFIED) {
      KITH_ASSIGN_OR_RETURN(std::vector<EntryRow> rows,
                            ListEntriesBefore(tx_, id, kEntriesAtOnce));
      is_over_ = rows.size() < static_cast<size_t>(kEntriesAtOnce);
      for (EntryRow& row : rows) {
        position_ = PositionOf(0, row.id);
        seen.push_back({.row = std::move(row), .position = position_});
      }
      EndBeforeTime(seen);
      return seen;
    }
    KITH_ASSIGN_OR_RETURN(
        const std::vector<DueEntry> places,
        ReadDueBackwards(tx_, DueKindOf(filter_.state()),
                         {.due_micros = position_.due_micros(), .id = id},
                         kEntriesAtOnce));
    is_over_ = places.size() < static_cast<size_t>(kEntriesAtOnce);
    if (places.empty()) return seen;
    position_ = PositionOf(places.back().due_micros, places.back().id);
    return EntriesAt(tx_, places);
  }

  // Where the entries that were not read yet begin.
  const EntryPosition& position() const { return position_; }
  bool is_over() const { return is_over_; }

 private:
  // All that follow an entry were received before it.
  void EndBeforeTime(std::vector<SeenEntry>& seen) {
    if (!filter_.has_received_from_time() || seen.empty()) return;
    const absl::Time from = base::FromProto(filter_.received_from_time());
    const v1::Entry& last = seen.back().row.stored.entry();
    // The order of ids is that of milliseconds.
    if (base::FromProto(last.received_time()) + absl::Milliseconds(1) < from) {
      is_over_ = true;
    }
  }

  const Tx& tx_;
  const v1::EntryFilter& filter_;
  EntryPosition position_;
  bool is_over_ = false;
};

// Replays an entry, if it is still meant. Returns whether it has.
absl::StatusOr<bool> ReplayOne(const Tx& tx, const v1::EntryFilter& filter,
                               const Uuid& id) {
  bool replayed = false;
  KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
    replayed = false;
    KITH_ASSIGN_OR_RETURN(auto entry, LockedEntry::Lock(tx, id));
    if (!entry.has_value() || !IsMeant(filter, entry->stored().entry())) {
      return absl::OkStatus();
    }
    replayed = ReplayStored(tx.now, entry->stored());
    return entry->Write();
  }));
  return replayed;
}

// Where a replay begins, with the time of its first call.
absl::StatusOr<EntryPosition> ReplayPosition(
    const Tx& tx, const EntryTokens& tokens,
    const v1::ReplayEntriesRequest& request) {
  KITH_ASSIGN_OR_RETURN(EntryPosition position,
                        tokens.Read(request.page_token()));
  if (request.page_token().empty()) {
    position = PositionOf(FirstDue().due_micros, FirstDue().id);
    position.set_first_micros(absl::ToUnixMicros(tx.now));
  }
  return position;
}

// What was settled since the first call waits for a replay of its own: else
// one that fails again and again would be replayed for ever.
bool IsReplayed(const v1::EntryFilter& filter, int64_t first_micros,
                const v1::Entry& entry) {
  return IsMeant(filter, entry) &&
         base::ToMicros(entry.settle_time()) <= first_micros;
}

// Adds an entry to a page. Returns false if the page is full.
bool AddListed(const EntryRow& row, int32_t size, size_t& bytes,
               v1::ListEntriesResponse& response) {
  if (response.entries_size() == size) return false;
  v1::Entry entry = ShowEntry(row);
  bytes += entry.ByteSizeLong();
  if (bytes > kMaxListedBytes && response.entries_size() > 0) return false;
  *response.add_entries() = std::move(entry);
  return true;
}

// One call of ReplayEntries.
class ReplayRun {
 public:
  ReplayRun(const Tx& tx, const v1::ReplayEntriesRequest& request,
            EntryPosition position)
      : tx_(tx),
        request_(request),
        first_micros_(position.first_micros()),
        size_(api::PageSize(request.page_size(), kMaxEntriesReplayed,
                            kMaxEntriesReplayed)),
        position_(std::move(position)) {}

  // Looks at the next places. Returns false if there are no more.
  absl::StatusOr<bool> Step() {
    KITH_ASSIGN_OR_RETURN(const std::vector<DueEntry> places,
                          ReadDue(tx_, DueKindOf(request_.filter().state()),
                                  {.due_micros = position_.due_micros(),
                                   .id = Uuid::FromBytes(position_.entry_id())},
                                  LastDue().due_micros, kEntriesAtOnce));
    KITH_ASSIGN_OR_RETURN(const std::vector<SeenEntry> seen,
                          EntriesAt(tx_, places));
    for (const SeenEntry& each : seen) {
      if (is_full()) return true;
      KITH_RETURN_IF_ERROR(Look(each.row));
      GoBehind(each.position);
    }
    if (!places.empty()) {
      GoBehind(PositionOf(places.back().due_micros, places.back().id));
    }
    return places.size() == static_cast<size_t>(kEntriesAtOnce);
  }

  bool is_full() const { return response_.entry_ids_size() == size_; }
  const EntryPosition& position() const { return position_; }
  v1::ReplayEntriesResponse& response() { return response_; }

 private:
  // Replays the entry, if it is meant.
  absl::Status Look(const EntryRow& row) {
    const v1::EntryFilter& filter = request_.filter();
    if (!IsReplayed(filter, first_micros_, row.stored.entry())) {
      return absl::OkStatus();
    }
    bool replayed = request_.dry_run();
    if (!replayed) {
      KITH_ASSIGN_OR_RETURN(replayed, ReplayOne(tx_, filter, row.id));
    }
    if (replayed) response_.add_entry_ids(row.id.ToString());
    return absl::OkStatus();
  }

  void GoBehind(const EntryPosition& position) {
    position_ = position;
    position_.set_first_micros(first_micros_);
  }

  const Tx& tx_;
  const v1::ReplayEntriesRequest& request_;
  const int64_t first_micros_;
  const int32_t size_;
  // Behind all that was looked at.
  EntryPosition position_;
  v1::ReplayEntriesResponse response_;
};

}  // namespace

absl::StatusOr<v1::ListEntriesResponse> ListJournal(
    const Tx& tx, const v1::ListEntriesRequest& request) {
  const EntryTokens tokens =
      EntryTokensOf("ListEntries/", tx, request.filter());
  KITH_ASSIGN_OR_RETURN(EntryPosition last, tokens.Read(request.page_token()));
  const int32_t size =
      api::PageSize(request.page_size(), kDefaultEntries, kMaxEntriesListed);
  EntryReader reader(tx, request.filter(), last);
  v1::ListEntriesResponse response;
  size_t bytes = 0;
  for (int32_t read = 0; read < kMaxEntriesRead; read += kEntriesAtOnce) {
    KITH_ASSIGN_OR_RETURN(const std::vector<SeenEntry> seen, reader.Next());
    for (const SeenEntry& each : seen) {
      if (IsMeant(request.filter(), each.row.stored.entry()) &&
          !AddListed(each.row, size, bytes, response)) {
        response.set_next_page_token(tokens.Make(last));
        return response;
      }
      last = each.position;
    }
    if (reader.is_over()) return response;
    last = reader.position();
  }
  response.set_next_page_token(tokens.Make(last));
  return response;
}

absl::StatusOr<v1::ReplayEntriesResponse> ReplayJournal(
    const Tx& tx, const v1::ReplayEntriesRequest& request) {
  const EntryTokens tokens =
      EntryTokensOf("ReplayEntries/", tx, request.filter());
  KITH_ASSIGN_OR_RETURN(EntryPosition position,
                        ReplayPosition(tx, tokens, request));
  ReplayRun run(tx, request, std::move(position));
  for (int32_t read = 0; read < kMaxEntriesRead && !run.is_full();
       read += kEntriesAtOnce) {
    KITH_ASSIGN_OR_RETURN(const bool has_more, run.Step());
    if (!has_more) return run.response();
  }
  run.response().set_next_page_token(tokens.Make(run.position()));
  return run.response();
}

}  // namespace kith::interactions
