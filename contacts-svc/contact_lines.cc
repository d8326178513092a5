#include "contacts-svc/contact_lines.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/uuid.h"
#include "common/mysql/lists.h"
#include "common/mysql/statement.h"
#include "common/server/json_lines.h"
#include "common/status/status_macros.h"

namespace kith::contacts {
namespace {

using server::ContactOfLine;
using server::JsonLine;

const mysql::Statement kFindContacts(
    "SELECT contact_id FROM contacts "
    "WHERE tenant_id = ? AND contact_id IN (:list)");

// Lines that are looked at together.
struct Lines {
  std::vector<std::pair<JsonLine, ContactOfLine>> lines;
  // By tenant.
  std::map<uint64_t, std::set<std::string>> ids;
};

absl::StatusOr<int64_t> CopyLines(const server::TaskContext& task,
                                  ContactIs wanted, const Lines& read) {
  std::map<uint64_t, std::set<std::string>> known;
  for (const auto& [tenant_id, ids] : read.ids) {
    const std::vector<absl::string_view> listed(ids.begin(), ids.end());
    std::set<std::string>& found = known[tenant_id];
    KITH_RETURN_IF_ERROR(mysql::QueryListed(
        task.session, kFindContacts, {tenant_id}, listed,
        [&](const mysql::Row& row) { found.insert(row.Bytes(0)); }));
  }
  int64_t copied = 0;
  for (const auto& [line, contact] : read.lines) {
    const bool is_known = known[contact.tenant_id].contains(
        std::string(contact.contact_id.bytes()));
    if (is_known != (wanted == ContactIs::kKnown)) continue;
    task.out << line.dump() << std::endl;
    ++copied;
  }
  return copied;
}

}  // namespace

absl::StatusOr<int64_t> SelectLines(const server::TaskContext& task,
                                    ContactIs wanted) {
  int64_t copied = 0;
  Lines read;
  const auto copy = [&]() -> absl::Status {
    KITH_ASSIGN_OR_RETURN(const int64_t some, CopyLines(task, wanted, read));
    copied += some;
    read = {};
    return absl::OkStatus();
  };
  KITH_RETURN_IF_ERROR(
      server::ForEachLine(task.in, [&](JsonLine line) -> absl::Status {
        KITH_ASSIGN_OR_RETURN(const ContactOfLine contact,
                              server::ReadContact(line));
        read.ids[contact.tenant_id].emplace(contact.contact_id.bytes());
        read.lines.emplace_back(std::move(line), contact);
        if (read.lines.size() < mysql::kMaxListed) return absl::OkStatus();
        return copy();
      }));
  KITH_RETURN_IF_ERROR(copy());
  return copied;
}

}  // namespace kith::contacts
