#include "interactions-svc/thread_store.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "common/api/etag.h"
#include "common/base/times.h"
#include "common/mysql/lists.h"
#include "common/mysql/request_log.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "interactions-svc/activity/locked_contacts.h"
#include "interactions-svc/threads/thread_chain.h"
#include "interactions-svc/threads/thread_errors.h"
#include "interactions-svc/threads/thread_fold.h"

namespace kith::interactions {
namespace {

using base::Uuid;
using internal::v1::StoredThread;
using mysql::Tx;

// Sets the fields that a caller chooses. An empty value clears one.
void SetThreadFields(const v1::Thread& from,
                     absl::Span<const absl::string_view> paths,
                     v1::Thread& thread) {
  const auto has = [&](absl::string_view path) {
    return absl::c_linear_search(paths, path);
  };
  if (has("kind")) thread.set_kind(from.kind());
  if (has("topic")) thread.set_topic(from.topic());
  if (has("subject")) thread.set_subject(from.subject());
  if (has("assignee")) thread.set_assignee(from.assignee());
  if (has("due_time")) {
    thread.clear_due_time();
    if (from.has_due_time()) {
      *thread.mutable_due_time() =
          base::ToProto(base::ToMicros(from.due_time()));
    }
  }
}

void Update(const Tx& tx, const v1::UpdateThreadRequest& request,
            StoredThread& stored) {
  const auto& paths = request.update_mask().paths();
  SetThreadFields(request.thread(),
                  std::vector<absl::string_view>(paths.begin(), paths.end()),
                  *stored.mutable_thread());
  if (absl::c_linear_search(paths, "state")) {
    SetMark(request.thread().state(), request.thread().resolution(), tx.now,
            stored);
  }
  ShowFold(stored);
}

// One run of the transaction of Create; returns the id of the thread.
absl::StatusOr<Uuid> CreateOnce(const Tx& tx,
                                const v1::CreateThreadRequest& request,
                                const Uuid& new_id,
                                const mysql::IdempotencyKey& key) {
  const Uuid contact_id = *Uuid::Parse(request.thread().contact_id());
  LockedContacts contacts(tx);
  KITH_RETURN_IF_ERROR(contacts.Lock({contact_id}));
  KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                        mysql::FindRequest(tx, key));
  if (known.has_value()) return Uuid::FromBytes(*known);
  StoredThread& stored = contacts.threads().Open(contact_id, new_id).stored;
  stored.set_by_hand(true);
  SetThreadFields(request.thread(),
                  {"kind", "topic", "subject", "assignee", "due_time"},
                  *stored.mutable_thread());
  SetMark(v1::THREAD_STATE_OPEN, v1::RESOLUTION_UNSPECIFIED, tx.now, stored);
  ShowFold(stored);
  KITH_RETURN_IF_ERROR(contacts.Write());
  KITH_RETURN_IF_ERROR(mysql::AddRequest(tx, key, new_id.bytes()));
  return new_id;
}

absl::Status UpdateOnce(const Tx& tx, const v1::UpdateThreadRequest& request,
                        const Uuid& contact_id, const Uuid& thread_id,
                        const mysql::IdempotencyKey& key) {
  LockedContacts contacts(tx);
  KITH_RETURN_IF_ERROR(contacts.Lock({contact_id}));
  // Looked for under the lock: of two copies the second finds the first.
  KITH_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                        mysql::FindRequest(tx, key));
  if (known.has_value()) return absl::OkStatus();
  KITH_ASSIGN_OR_RETURN(ThreadRow* const row,
                        contacts.threads().Find(contact_id, thread_id));
  if (row == nullptr) return NoThreadError("thread.thread_id", thread_id);
  KITH_RETURN_IF_ERROR(CheckNotJoined("thread.thread_id", *row));
  KITH_RETURN_IF_ERROR(api::CheckEtag("thread.etag", "thread",
                                      request.thread().etag(),
                                      ShowThread(*row).etag()));
  Update(tx, request, row->stored);
  KITH_RETURN_IF_ERROR(contacts.Write());
  return mysql::AddRequest(tx, key, thread_id.bytes());
}

bool OpenedLater(const v1::Thread& a, const v1::Thread& b) {
  // The text form of ids sorts as their bytes do.
  return std::tuple(base::ToMicros(a.opened_time()),
                    absl::string_view(a.thread_id())) >
         std::tuple(base::ToMicros(b.opened_time()),
                    absl::string_view(b.thread_id()));
}

void KeepNewest(size_t wanted, ThreadPage& page) {
  absl::c_sort(page.threads, OpenedLater);
  if (page.threads.size() > wanted) page.threads.resize(wanted);
}

// Ends the page before the first thread that is more than `size`, or does not
// fit into `bytes_left`.
void EndPage(size_t size, const ThreadPlace& after, int64_t& bytes_left,
             ThreadPage& page) {
  ThreadPlace last = after;
  for (size_t i = 0; i < page.threads.size(); ++i) {
    const auto bytes = static_cast<int64_t>(page.threads[i].ByteSizeLong());
    page.is_cut = i < size && bytes > bytes_left;
    if (i == size || page.is_cut) {
      if (page.is_cut) bytes_left = 0;
      page.next = last;
      page.threads.resize(i);
      break;
    }
    bytes_left -= bytes;
    last = ThreadPlace::Of(page.threads[i]);
  }
  JoinChains(page.threads);
}

}  // namespace

absl::StatusOr<v1::Thread> ThreadStore::Create(
    const Tx& tx, const v1::CreateThreadRequest& request) const {
  const mysql::IdempotencyKey key = mysql::KeyOf(tx, request);
  Uuid id = Uuid::Make(tx.now);
  if (request.thread().contact_id().empty()) {
    KITH_ASSIGN_OR_RETURN(const std::string known,
                          mysql::FindRepeated(tx, key));
    id = Uuid::FromBytes(known);
  } else {
    const Uuid new_id = id;
    KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&]() -> absl::Status {
      KITH_ASSIGN_OR_RETURN(id, CreateOnce(tx, request, new_id, key));
      return absl::OkStatus();
    }));
  }
  KITH_ASSIGN_OR_RETURN(const ThreadRow row, Get(tx, id));
  return ShowThread(row);
}

absl::StatusOr<v1::Thread> ThreadStore::Update(
    const Tx& tx, const v1::UpdateThreadRequest& request) const {
  const mysql::IdempotencyKey key = mysql::KeyOf(tx, request);
  const Uuid id = *Uuid::Parse(request.thread().thread_id());
  KITH_ASSIGN_OR_RETURN(const std::optional<Uuid> contact_id,
                        ReadThreadContact(tx, id));
  if (!contact_id.has_value()) return NoThreadError("thread.thread_id", id);
  KITH_RETURN_IF_ERROR(mysql::Transact(
      tx, [&] { return UpdateOnce(tx, request, *contact_id, id, key); }));
  KITH_ASSIGN_OR_RETURN(const ThreadRow row, Get(tx, id));
  return ShowThread(row);
}

absl::StatusOr<ThreadRow> ThreadStore::Get(const Tx& tx,
                                           const Uuid& thread_id) const {
  KITH_ASSIGN_OR_RETURN(const std::optional<Uuid> contact_id,
                        ReadThreadContact(tx, thread_id));
  if (!contact_id.has_value()) return NoThreadError("thread_id", thread_id);
  KITH_ASSIGN_OR_RETURN(std::optional<ThreadRow> row,
                        ReadThread(tx, *contact_id, thread_id));
  if (!row.has_value()) return NoThreadError("thread_id", thread_id);
  return *std::move(row);
}

absl::StatusOr<ThreadPage> ThreadStore::List(
    const Tx& tx, absl::Span<const Uuid> contact_ids,
    absl::Span<const v1::ThreadState> states, const ThreadPlace& after,
    int32_t size, int64_t& bytes_left) const {
  // One more than the page holds tells whether there is another page.
  const size_t wanted = bytes_left > 0 ? static_cast<size_t>(size) + 1 : 1;
  std::vector<ThreadRange> ranges;
  for (const Uuid& contact_id : contact_ids) {
    for (const v1::ThreadState state : states) {
      ranges.push_back({contact_id, state});
    }
  }
  ThreadPage page;
  for (size_t i = 0; i < ranges.size(); i += mysql::kMaxRuns) {
    KITH_ASSIGN_OR_RETURN(
        const std::vector<ThreadRow> rows,
        ReadThreadsByState(
            tx, absl::MakeConstSpan(ranges).subspan(i, mysql::kMaxRuns), after,
            static_cast<int32_t>(wanted)));
    for (const ThreadRow& row : rows) page.threads.push_back(ShowThread(row));
    KeepNewest(wanted, page);
  }
  EndPage(static_cast<size_t>(size), after, bytes_left, page);
  return page;
}

}  // namespace kith::interactions
