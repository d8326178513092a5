#include "contacts-svc/suggestions/suggestion_reader.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "common/api/page_token.h"
#include "common/base/times.h"
#include "common/mysql/lists.h"
#include "common/mysql/transaction.h"
#include "common/status/status_macros.h"
#include "contacts-svc/groups/group_errors.h"
#include "contacts-svc/groups/group_row.h"
#include "contacts-svc/suggestions/groups_apart.h"
#include "contacts-svc/suggestions/match_key_row.h"
#include "contacts-svc/suggestions/match_rules.h"
#include "kith/internal/v1/positions.pb.h"

namespace kith::contacts {
namespace {

// A place in a list of suggestions: a row.
struct SuggestionPlace {
  base::Uuid contact;
  base::Uuid other;
};

struct SuggestionQuery {
  // Of the group of this contact; of the whole tenant if not set.
  std::optional<base::Uuid> contact;
  v1::SuggestionState state = v1::SUGGESTION_STATE_OPEN;
  std::optional<SuggestionPlace> after;
  int32_t limit = 0;
};

struct SuggestionPage {
  std::vector<v1::Suggestion> suggestions;
  // The last row that was read; nullopt on the last page.
  std::optional<SuggestionPlace> last;
  std::vector<v1::MatchRule> too_common;
};

using base::Uuid;
using mysql::Tx;

// Shows suggestions as they are now, by the contacts that it has read for them.
class Display {
 public:
  static absl::StatusOr<Display> Read(const Tx& tx,
                                      const std::vector<SuggestionRow>& rows) {
    Display display;
    std::set<Uuid> ids;
    for (const SuggestionRow& row : rows) ids.insert({row.contact, row.other});
    KITH_RETURN_IF_ERROR(display.Add(tx, ids));
    std::set<Uuid> canonical_ids;
    for (const auto& [id, contact] : display.contacts_) {
      if (!ids.contains(contact.canonical_id)) {
        canonical_ids.insert(contact.canonical_id);
      }
    }
    KITH_RETURN_IF_ERROR(display.Add(tx, canonical_ids));
    return display;
  }

  v1::Suggestion Show(const SuggestionRow& row) const {
    const ContactRow& contact = contacts_.at(row.contact);
    const ContactRow& other = contacts_.at(row.other);
    v1::Suggestion shown;
    shown.set_suggestion_id(row.pair().ToString());
    shown.set_contact_id(row.contact.ToString());
    shown.set_other_id(row.other.ToString());
    shown.set_canonical_id(contact.canonical_id.ToString());
    shown.set_other_canonical_id(other.canonical_id.ToString());
    shown.set_state(row.state);
    *shown.mutable_create_time() = base::ToProto(row.create_micros);
    if (row.state == v1::SUGGESTION_STATE_OPEN) {
      for (auto& evidence : EvidenceOf(contact.contact, other.contact)) {
        *shown.add_evidence() = std::move(evidence);
      }
    } else {
      ShowDecided(row, shown);
    }
    Explain(shown);
    return shown;
  }

  // The row that stands for the group of a contact.
  const ContactRow& CanonicalOf(const Uuid& id) const {
    return contacts_.at(contacts_.at(id).canonical_id);
  }

  // Whether there is something to decide.
  bool Stands(const v1::Suggestion& shown) const {
    if (shown.state() != v1::SUGGESTION_STATE_OPEN) return true;
    return shown.canonical_id() != shown.other_canonical_id() &&
           shown.evidence_size() > 0 && Lives(shown.canonical_id()) &&
           Lives(shown.other_canonical_id());
  }

 private:
  absl::Status Add(const Tx& tx, const std::set<Uuid>& ids) {
    KITH_ASSIGN_OR_RETURN(std::vector<ContactRow> rows,
                          SelectRows(tx, {ids.begin(), ids.end()}));
    for (ContactRow& row : rows) {
      const Uuid id = row.id;
      contacts_.emplace(id, std::move(row));
    }
    return absl::OkStatus();
  }

  static void ShowDecided(const SuggestionRow& row, v1::Suggestion& shown) {
    *shown.mutable_decision() = row.details.decision();
    *shown.mutable_evidence() = row.details.evidence();
    if (row.contact < row.other) return;
    for (v1::MatchEvidence& evidence : *shown.mutable_evidence()) {
      evidence.mutable_fields()->Swap(evidence.mutable_other_fields());
    }
  }

  bool Lives(const std::string& canonical_id) const {
    return !contacts_.at(*Uuid::Parse(canonical_id)).contact.has_delete_time();
  }

  absl::flat_hash_map<Uuid, ContactRow> contacts_;
};

// Rows in the order of a list, and whether they are the last.
struct Chunk {
  std::vector<SuggestionRow> rows;
  bool last = false;
};

// Those under all contacts of a tenant.
absl::StatusOr<Chunk> ReadOfAll(const Tx& tx, const Uuid& behind) {
  Chunk chunk;
  KITH_ASSIGN_OR_RETURN(chunk.rows, SelectSuggestionsAfterContact(tx, behind));
  chunk.last = chunk.rows.size() < mysql::kMaxListed;
  return chunk;
}

// Those under members whose id is above `behind`.
absl::StatusOr<Chunk> ReadOfMembers(const Tx& tx,
                                    const std::vector<Uuid>& members,
                                    const Uuid& behind) {
  auto next = std::upper_bound(members.begin(), members.end(), behind);
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

// The ids of a contact's group, in order.
absl::StatusOr<std::vector<Uuid>> MembersOf(const Tx& tx,
                                            const ContactRow& row) {
  KITH_ASSIGN_OR_RETURN(OtherMembers others,
                        SelectOtherMembers(tx, {row.canonical_id}));
  std::vector<Uuid> members = std::move(others[row.canonical_id]);
  members.push_back(row.canonical_id);
  std::sort(members.begin(), members.end());
  return members;
}

// One page, on a snapshot.
class PageReading {
 public:
  PageReading(const Tx& tx, const SuggestionQuery& query)
      : tx_(tx), query_(query) {}

  absl::StatusOr<SuggestionPage> Read() {
    SuggestionPage page;
    if (query_.contact.has_value()) {
      KITH_RETURN_IF_ERROR(ReadGroup(page));
    }
    KITH_ASSIGN_OR_RETURN(const Chunk chunk, ReadChunk());
    std::vector<SuggestionRow> wanted;
    for (const SuggestionRow& row : chunk.rows) {
      page.last = SuggestionPlace{row.contact, row.other};
      if (IsWanted(row)) wanted.push_back(row);
      if (static_cast<int32_t>(wanted.size()) == query_.limit) break;
    }
    if (chunk.last && (chunk.rows.empty() || AtEnd(chunk, *page.last))) {
      page.last.reset();
    }
    KITH_RETURN_IF_ERROR(Show(wanted, page));
    return page;
  }

 private:
  absl::Status Show(const std::vector<SuggestionRow>& rows,
                    SuggestionPage& page) {
    KITH_ASSIGN_OR_RETURN(const Display display, Display::Read(tx_, rows));
    GroupsApart apart(tx_);
    for (const SuggestionRow& row : rows) {
      v1::Suggestion shown = display.Show(row);
      bool stands = display.Stands(shown);
      if (stands && row.state == v1::SUGGESTION_STATE_OPEN) {
        KITH_ASSIGN_OR_RETURN(const bool are_apart,
                              apart.Are(display.CanonicalOf(row.contact),
                                        display.CanonicalOf(row.other)));
        stands = !are_apart;
      }
      if (stands) page.suggestions.push_back(std::move(shown));
      // The page ends before it reads too much.
      if (apart.members_read() <= kMaxMembersRead) continue;
      page.last = SuggestionPlace{row.contact, row.other};
      break;
    }
    return absl::OkStatus();
  }

  absl::Status ReadGroup(SuggestionPage& page) {
    KITH_ASSIGN_OR_RETURN(const std::vector<ContactRow> rows,
                          SelectRows(tx_, {*query_.contact}));
    if (rows.empty()) {
      return NoContactError("contact_id", *query_.contact);
    }
    KITH_ASSIGN_OR_RETURN(members_, MembersOf(tx_, rows.front()));
    for (const Match& match : MatchesOf(rows.front().contact)) {
      KITH_ASSIGN_OR_RETURN(const std::vector<Uuid> matching,
                            SelectMatching(tx_, match.key, *query_.contact));
      if (matching.size() <= kMaxMatches) continue;
      page.too_common.push_back(match.rule);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Chunk> ReadChunk() {
    Uuid behind;
    if (query_.after.has_value()) {
      behind = query_.after->contact;
      Chunk rest;
      KITH_ASSIGN_OR_RETURN(rest.rows, SelectContactSuggestionsAfter(
                                           tx_, behind, query_.after->other));
      if (!rest.rows.empty()) return rest;
    }
    return query_.contact.has_value() ? ReadOfMembers(tx_, members_, behind)
                                      : ReadOfAll(tx_, behind);
  }

  static bool AtEnd(const Chunk& chunk, const SuggestionPlace& place) {
    return chunk.rows.back().contact == place.contact &&
           chunk.rows.back().other == place.other;
  }

  // Each pair once.
  bool IsWanted(const SuggestionRow& row) const {
    const bool twice =
        !query_.contact.has_value() ||
        std::binary_search(members_.begin(), members_.end(), row.other);
    return row.state == query_.state && (!twice || row.contact < row.other);
  }

  const Tx& tx_;
  const SuggestionQuery& query_;
  std::vector<Uuid> members_;
};

using Tokens = api::PageTokens<internal::v1::SuggestionPosition>;

absl::StatusOr<SuggestionQuery> QueryOf(
    const v1::ListSuggestionsRequest& request, const Tokens& tokens) {
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
  const Tokens tokens("ListSuggestions/", tx.tenant_id(), "/", request.state(),
                      "/", absl::AsciiStrToLower(request.contact_id()));
  KITH_ASSIGN_OR_RETURN(const SuggestionQuery query, QueryOf(request, tokens));
  SuggestionPage page;
  KITH_RETURN_IF_ERROR(mysql::ReadSnapshot(tx.session, [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(page, PageReading(tx, query).Read());
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
    KITH_ASSIGN_OR_RETURN(const Display display, Display::Read(tx, {*row}));
    shown = display.Show(*row);
    return absl::OkStatus();
  }));
  return shown;
}

}  // namespace kith::contacts
