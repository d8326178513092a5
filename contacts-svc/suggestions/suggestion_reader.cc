#include "contacts-svc/suggestions/suggestion_reader.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/api/page_token.h"
#include "common/mysql/lists.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/group_errors.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/suggestions/groups_apart.h"
#include "contacts-svc/suggestions/match_key_row.h"
#include "contacts-svc/suggestions/match_rules.h"
#include "contacts-svc/suggestions/suggestion_view.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::contacts {
namespace {

using base::Uuid;
using mysql::Tx;

// A place in a list of suggestions: a row.
struct SuggestionPlace {
  Uuid contact;
  Uuid other;
};

struct SuggestionQuery {
  // Lists the suggestions of the group of this contact; if not set, those of
  // the whole tenant.
  std::optional<Uuid> contact;
  v1::SuggestionState state = v1::SUGGESTION_STATE_OPEN;
  std::optional<SuggestionPlace> after;
  int32_t limit = 0;
};

struct SuggestionPage {
  std::vector<v1::Suggestion> suggestions;
  // The row that the next page begins after; nullopt on the last page.
  std::optional<SuggestionPlace> last;
  std::vector<v1::MatchRule> too_common;
};

// The rows from which a page is made, in the order of the list.
struct Chunk {
  std::vector<SuggestionRow> rows;
  // True if the list ends with them.
  bool last = false;
};

SuggestionPlace PlaceOf(const SuggestionRow& row) {
  return {row.contact, row.other};
}

absl::StatusOr<ContactRow> SelectContactRow(const Tx& tx, const Uuid& id) {
  KITH_ASSIGN_OR_RETURN(std::vector<ContactRow> rows, SelectRows(tx, {id}));
  if (rows.empty()) return NoContactError("contact_id", id);
  return std::move(rows.front());
}

// Returns the ids of the contact's group, in order.
absl::StatusOr<std::vector<Uuid>> SelectSortedMembers(const Tx& tx,
                                                      const ContactRow& row) {
  KITH_ASSIGN_OR_RETURN(std::vector<Uuid> members,
                        SelectMembers(tx, row.canonical_id));
  std::sort(members.begin(), members.end());
  return members;
}

// Returns the rules by which too many contacts match this one to suggest them.
absl::StatusOr<std::vector<v1::MatchRule>> TooCommonRules(
    const Tx& tx, const ContactRow& contact) {
  std::vector<v1::MatchRule> rules;
  for (const Match& match : MatchesOf(contact.contact)) {
    KITH_ASSIGN_OR_RETURN(const std::vector<Uuid> matching,
                          SelectMatching(tx, match.kept_key, contact.id));
    if (matching.size() > kMaxMatches) rules.push_back(match.rule);
  }
  return rules;
}

// Reads rows under all contacts of the tenant whose id is above `after`.
absl::StatusOr<Chunk> ReadOfTenant(const Tx& tx, const Uuid& after) {
  Chunk chunk;
  KITH_ASSIGN_OR_RETURN(chunk.rows, SelectSuggestionsAfterContact(tx, after));
  chunk.last = chunk.rows.size() < mysql::kMaxListed;
  return chunk;
}

// Reads rows under the members whose id is above `after`.
absl::StatusOr<Chunk> ReadOfMembers(const Tx& tx,
                                    const std::vector<Uuid>& members,
                                    const Uuid& after) {
  auto next = std::upper_bound(members.begin(), members.end(), after);
  Chunk chunk;
  while (chunk.rows.empty() && next != members.end()) {
    const auto end =
        next + std::min<ptrdiff_t>(mysql::kMaxListed, members.end() - next);
    KITH_ASSIGN_OR_RETURN(chunk.rows, SelectSuggestionsOf(tx, {next, end}));
    next = end;
  }
  chunk.last = next == members.end() && chunk.rows.size() < mysql::kMaxListed;
  return chunk;
}

// Reads the rows after the page before. Those that are left of its last contact
// make a chunk of their own.
absl::StatusOr<Chunk> ReadChunk(const Tx& tx, const SuggestionQuery& query,
                                const std::vector<Uuid>& members) {
  const SuggestionPlace after = query.after.value_or(SuggestionPlace());
  if (query.after.has_value()) {
    Chunk rest;
    KITH_ASSIGN_OR_RETURN(rest.rows, SelectContactSuggestionsAfter(
                                         tx, after.contact, after.other));
    if (!rest.rows.empty()) return rest;
  }
  return query.contact.has_value() ? ReadOfMembers(tx, members, after.contact)
                                   : ReadOfTenant(tx, after.contact);
}

// Of a pair whose both rows are in the list, only the one under the lower id is
// wanted.
bool IsWanted(const SuggestionRow& row, const SuggestionQuery& query,
              const std::vector<Uuid>& members) {
  const bool both_listed =
      !query.contact.has_value() ||
      std::binary_search(members.begin(), members.end(), row.other);
  return row.state == query.state && (!both_listed || row.contact < row.other);
}

// Adds the suggestions of these rows to the page, except those that are not
// listed. Ends the page early if it has read too many members.
absl::Status AddSuggestionsOf(const Tx& tx,
                              const std::vector<SuggestionRow>& rows,
                              SuggestionPage& page) {
  KITH_ASSIGN_OR_RETURN(const SuggestionView view,
                        SuggestionView::Read(tx, rows));
  GroupsApart apart(tx);
  for (const SuggestionRow& row : rows) {
    v1::Suggestion shown = view.Show(row);
    bool listed = view.IsListed(shown);
    if (listed && row.state == v1::SUGGESTION_STATE_OPEN) {
      KITH_ASSIGN_OR_RETURN(const bool are_apart,
                            apart.Are(view.CanonicalOf(row.contact),
                                      view.CanonicalOf(row.other)));
      listed = !are_apart;
    }
    if (listed) page.suggestions.push_back(std::move(shown));
    if (apart.members_read() > kMaxMembersRead) {
      page.last = PlaceOf(row);
      break;
    }
  }
  return absl::OkStatus();
}

// Call it on a snapshot.
absl::StatusOr<SuggestionPage> ReadPage(const Tx& tx,
                                        const SuggestionQuery& query) {
  SuggestionPage page;
  std::vector<Uuid> members;
  if (query.contact.has_value()) {
    KITH_ASSIGN_OR_RETURN(const ContactRow contact,
                          SelectContactRow(tx, *query.contact));
    KITH_ASSIGN_OR_RETURN(members, SelectSortedMembers(tx, contact));
    KITH_ASSIGN_OR_RETURN(page.too_common, TooCommonRules(tx, contact));
  }
  KITH_ASSIGN_OR_RETURN(const Chunk chunk, ReadChunk(tx, query, members));
  std::vector<SuggestionRow> wanted;
  auto next = chunk.rows.begin();
  while (next != chunk.rows.end() &&
         wanted.size() < static_cast<size_t>(query.limit)) {
    if (IsWanted(*next, query, members)) wanted.push_back(*next);
    ++next;
  }
  if (next != chunk.rows.end() || !chunk.last) {
    page.last = PlaceOf(*std::prev(next));
  }
  KITH_RETURN_IF_ERROR(AddSuggestionsOf(tx, wanted, page));
  return page;
}

using SuggestionTokens = api::PageTokens<internal::v1::SuggestionPosition>;

absl::StatusOr<SuggestionQuery> QueryOf(
    const v1::ListSuggestionsRequest& request, const SuggestionTokens& tokens) {
  KITH_ASSIGN_OR_RETURN(const auto position, tokens.Read(request.page_token()));
  SuggestionQuery query;
  query.contact = Uuid::Parse(request.contact_id());
  if (request.state() != v1::SUGGESTION_STATE_UNSPECIFIED) {
    query.state = request.state();
  }
  if (!position.contact_id().empty()) {
    query.after = SuggestionPlace{Uuid::FromBytes(position.contact_id()),
                                  Uuid::FromBytes(position.other_id())};
  }
  query.limit = api::PageSize(request.page_size(), 50, 500);
  return query;
}

}  // namespace

absl::StatusOr<v1::ListSuggestionsResponse> ReadSuggestions(
    const Tx& tx, const v1::ListSuggestionsRequest& request) {
  const SuggestionTokens tokens("ListSuggestions/", tx.tenant_id(), "/",
                                request.state(), "/",
                                absl::AsciiStrToLower(request.contact_id()));
  KITH_ASSIGN_OR_RETURN(const SuggestionQuery query, QueryOf(request, tokens));
  SuggestionPage page;
  KITH_RETURN_IF_ERROR(mysql::ReadSnapshot(tx.session, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(page, ReadPage(tx, query));
    return absl::OkStatus();
  }));
  v1::ListSuggestionsResponse response;
  for (v1::Suggestion& suggestion : page.suggestions) {
    *response.add_suggestions() = std::move(suggestion);
  }
  response.mutable_too_common()->Assign(page.too_common.begin(),
                                        page.too_common.end());
  if (page.last.has_value()) {
    internal::v1::SuggestionPosition last;
    last.set_contact_id(std::string(page.last->contact.bytes()));
    last.set_other_id(std::string(page.last->other.bytes()));
    response.set_next_page_token(tokens.Make(last));
  }
  return response;
}

absl::StatusOr<v1::Suggestion> ReadSuggestion(const Tx& tx, const Pair& pair) {
  v1::Suggestion shown;
  KITH_RETURN_IF_ERROR(mysql::ReadSnapshot(tx.session, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(const std::optional<SuggestionRow> row,
                          SelectSuggestion(tx, pair));
    KITH_ASSIGN_OR_RETURN(const SuggestionView view,
                          SuggestionView::Read(tx, {*row}));
    shown = view.Show(*row);
    return absl::OkStatus();
  }));
  return shown;
}

}  // namespace kith::contacts
