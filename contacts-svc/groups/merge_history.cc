#include "contacts-svc/groups/merge_history.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "common/api/page_token.h"
#include "common/mysql/lists.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/groups/merge_edge_row.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::contacts {
namespace {

// A place in the history of a group: an edge, under the contact that shows it.
struct HistoryPlace {
  base::Uuid contact;
  int64_t order = 0;
};

struct HistoryPage {
  base::Uuid canonical_id;
  std::vector<v1::MergeEdge> edges;
  // The last edge's; nullopt on the last page.
  std::optional<HistoryPlace> last;
};

using base::Uuid;
using mysql::Tx;

// Goes through the edges at the members, in their order, 500 at a time.
class Walk {
 public:
  Walk(const Tx& tx, std::vector<Uuid> members)
      : tx_(tx), members_(std::move(members)) {
    std::sort(members_.begin(), members_.end());
  }

  void StartBehind(const HistoryPlace& place) {
    // A member that has left meanwhile has no more edges to show.
    next_ = std::upper_bound(members_.begin(), members_.end(), place.contact) -
            members_.begin();
    if (IsMember(place.contact)) rest_of_ = place;
  }

  // Empty at the end. Those that show elsewhere are among them.
  absl::StatusOr<std::vector<EdgeRow>> Next() {
    while (rest_of_.has_value() || next_ < members_.size()) {
      KITH_ASSIGN_OR_RETURN(std::vector<EdgeRow> rows,
                            rest_of_.has_value() ? ReadRest() : ReadChunk());
      if (!rows.empty()) return rows;
    }
    return std::vector<EdgeRow>();
  }

  bool Shows(const EdgeRow& row) const {
    return row.contact_id == row.survivor || !IsMember(row.survivor);
  }

 private:
  bool IsMember(const Uuid& id) const {
    return std::binary_search(members_.begin(), members_.end(), id);
  }

  absl::StatusOr<std::vector<EdgeRow>> ReadRest() {
    KITH_ASSIGN_OR_RETURN(
        std::vector<EdgeRow> rows,
        SelectEdgesAfter(tx_, rest_of_->contact, rest_of_->order));
    if (rows.size() < mysql::kMaxListed) {
      rest_of_.reset();
    } else {
      rest_of_->order = rows.back().order;
    }
    return rows;
  }

  absl::StatusOr<std::vector<EdgeRow>> ReadChunk() {
    const size_t end = std::min(next_ + mysql::kMaxListed, members_.size());
    KITH_ASSIGN_OR_RETURN(
        std::vector<EdgeRow> rows,
        SelectEdgesOf(tx_, {members_.begin() + next_, members_.begin() + end}));
    next_ = end;
    if (rows.size() == mysql::kMaxListed) {
      StartBehind({rows.back().contact_id, rows.back().order});
    }
    return rows;
  }

  const Tx& tx_;
  std::vector<Uuid> members_;
  size_t next_ = 0;
  // The contact whose edges were not read to the end, and how far.
  std::optional<HistoryPlace> rest_of_;
};

absl::StatusOr<HistoryPage> ReadHistory(
    const Tx& tx, const Uuid& id, const std::optional<HistoryPlace>& after,
    int32_t limit) {
  HistoryPage page;
  KITH_RETURN_IF_ERROR(mysql::ReadSnapshot(tx.session, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(page.canonical_id, SelectCanonicalId(tx, id));
    KITH_ASSIGN_OR_RETURN(std::vector<Uuid> members,
                          SelectMembers(tx, page.canonical_id));
    Walk walk(tx, std::move(members));
    if (after.has_value()) walk.StartBehind(*after);
    while (true) {
      KITH_ASSIGN_OR_RETURN(std::vector<EdgeRow> rows, walk.Next());
      if (rows.empty()) break;
      for (EdgeRow& row : rows) {
        if (!walk.Shows(row)) continue;
        // There is one more: not the last page.
        if (static_cast<int32_t>(page.edges.size()) == limit) {
          return absl::OkStatus();
        }
        page.last = HistoryPlace{row.contact_id, row.order};
        page.edges.push_back(std::move(row.edge));
      }
    }
    page.last.reset();
    return absl::OkStatus();
  }));
  return page;
}

using Tokens = api::PageTokens<internal::v1::EdgePosition>;

std::string MakeToken(const Tokens& tokens, const HistoryPlace& last) {
  internal::v1::EdgePosition position;
  position.set_contact_id(std::string(last.contact.bytes()));
  position.set_edge_order(last.order);
  return tokens.Make(position);
}

}  // namespace

absl::StatusOr<v1::ListMergeHistoryResponse> ReadMergeHistory(
    const Tx& tx, const v1::ListMergeHistoryRequest& request) {
  const Uuid id = *Uuid::Parse(request.contact_id());
  const Tokens tokens("ListMergeHistory/", tx.tenant_id(), "/", id.ToString());
  KITH_ASSIGN_OR_RETURN(const auto position, tokens.Read(request.page_token()));
  std::optional<HistoryPlace> after;
  if (!position.contact_id().empty()) {
    after = HistoryPlace{Uuid::FromBytes(position.contact_id()),
                         position.edge_order()};
  }
  KITH_ASSIGN_OR_RETURN(
      HistoryPage page,
      ReadHistory(tx, id, after, api::PageSize(request.page_size(), 50, 500)));
  v1::ListMergeHistoryResponse response;
  response.set_canonical_id(page.canonical_id.ToString());
  for (v1::MergeEdge& edge : page.edges) {
    *response.add_edges() = std::move(edge);
  }
  if (page.last.has_value()) {
    response.set_next_page_token(MakeToken(tokens, *page.last));
  }
  return response;
}

}  // namespace kith::contacts
