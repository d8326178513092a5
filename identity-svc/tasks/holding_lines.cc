#include "identity-svc/tasks/holding_lines.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "common/mysql/transaction.h"
#include "common/server/json_lines.h"
#include "common/status/status_macros.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/locked_identity.h"
#include "identity-svc/tasks/identity_pages.h"
#include "identity-svc/values/value_reading.h"

namespace kith::identity {
namespace {

using base::Uuid;
using mysql::Tx;
using server::JsonLine;
using server::TaskContext;

constexpr char kEndMicros[] = "end_micros";
constexpr size_t kKeyLength = 32;

JsonLine LineOf(const Tx& tx, const v1::Identity& identity,
                const Holding& holding, int64_t create_micros) {
  JsonLine line;
  line["tenant_id"] = tx.tenant_id();
  line["identity_key"] = identity.identity_key();
  line["contact_id"] = holding.contact_id.ToString();
  line["value"] = InWords(identity);
  const absl::Duration held =
      tx.now - absl::FromUnixMicros(HeldSince(holding, create_micros));
  line["held_for"] = absl::FormatDuration(absl::Trunc(held, absl::Seconds(1)));
  return line;
}

absl::Status PrintHoldings(const TaskContext& task, const Tx& tx,
                           const std::vector<IdentityHead>& page) {
  std::vector<std::string> keys;
  for (const IdentityHead& head : page) keys.push_back(head.key);
  KITH_ASSIGN_OR_RETURN(const auto identities, SelectIdentities(tx, keys));
  KITH_ASSIGN_OR_RETURN(const auto held, SelectHoldings(tx, keys));
  for (const IdentityHead& head : page) {
    const auto identity = identities.find(head.key);
    const auto holdings = held.find(head.key);
    if (identity == identities.end() || holdings == held.end()) continue;
    const Holding* const open = OpenHolding(holdings->second);
    if (open == nullptr || IsShared(*open) ||
        MayBeInTheMaking(*open, head.create_micros,
                         absl::ToUnixMicros(tx.now))) {
      continue;
    }
    task.out << LineOf(tx, identity->second, *open, head.create_micros).dump()
             << '\n';
  }
  task.out.flush();
  return absl::OkStatus();
}

// The holding that a line names: the newest of its value, if that is of the
// contact.
struct NamedHolding {
  LockedIdentity locked;
  Holding holding;
  int64_t create_micros = 0;
};

// Changes the holding and sets what is printed of it; does nothing if it is as
// it shall be.
using ChangeNamed =
    absl::FunctionRef<absl::Status(const Tx&, NamedHolding&, JsonLine&)>;

absl::Status ChangeUnderLock(const Tx& tx, const std::string& key,
                             const Uuid& contact, JsonLine& line,
                             ChangeNamed change) {
  KITH_ASSIGN_OR_RETURN(const auto identities, SelectIdentities(tx, {key}));
  const auto identity = identities.find(key);
  if (identity == identities.end()) return absl::OkStatus();
  NamedHolding named;
  KITH_ASSIGN_OR_RETURN(named.locked, Lock(tx, identity->second));
  KITH_ASSIGN_OR_RETURN(Holdings holdings, SelectHoldingsOf(tx, key));
  if (holdings.empty() || holdings.back().contact_id != contact) {
    return absl::OkStatus();
  }
  named.holding = std::move(holdings.back());
  KITH_ASSIGN_OR_RETURN(named.create_micros, SelectCreateMicros(tx, key));
  return change(tx, named, line);
}

// Changes the holdings of all lines, a transaction each, and prints the lines
// of those that were changed.
absl::Status ChangeHoldings(const TaskContext& task, const base::Clock& clock,
                            ChangeNamed change) {
  return server::ForEachLine(
      task.in, [&](const JsonLine& line) -> absl::Status {
        KITH_ASSIGN_OR_RETURN(const auto of, server::ReadContact(line));
        const std::string key = server::ReadText(line, "identity_key");
        if (key.size() != kKeyLength ||
            !std::all_of(key.begin(), key.end(), absl::ascii_isxdigit)) {
          return absl::InvalidArgumentError(
              "a line of the input: want 32 hex digits as identity_key");
        }
        const mysql::TenantTx tenant(task.session, of.tenant_id, clock.Now(),
                                     absl::Now() + kTaskTimeout);
        const Tx& tx = tenant;
        JsonLine changed;
        KITH_RETURN_IF_ERROR(mysql::Transact(tx, [&] {
          changed = line;
          return ChangeUnderLock(tx, key, of.contact_id, changed, change);
        }));
        if (changed != line) task.out << changed.dump() << std::endl;
        return absl::OkStatus();
      });
}

absl::Status Free(const Tx& tx, NamedHolding& named, JsonLine& line) {
  const int64_t now = absl::ToUnixMicros(tx.now);
  if (named.holding.end_micros == now) {
    // An earlier run of this transaction, whose COMMIT was in doubt, has done
    // it.
    line[kEndMicros] = now;
    return absl::OkStatus();
  }
  if (named.holding.end_micros.has_value() || IsShared(named.holding) ||
      MayBeInTheMaking(named.holding, named.create_micros, now)) {
    return absl::OkStatus();
  }
  KITH_ASSIGN_OR_RETURN(const Holding ended,
                        EndHoldingNow(tx, named.locked, named.holding));
  line[kEndMicros] = *ended.end_micros;
  return absl::OkStatus();
}

absl::Status Return(const Tx& tx, NamedHolding& named, JsonLine& line) {
  const auto end = line.find(kEndMicros);
  if (!named.holding.end_micros.has_value() || end == line.end() ||
      *end != *named.holding.end_micros) {
    return absl::OkStatus();
  }
  named.holding.end_micros.reset();
  KITH_RETURN_IF_ERROR(
      ReopenHolding(tx, named.locked.identity.identity_key(), named.holding));
  KITH_RETURN_IF_ERROR(AddHoldingChange(tx, named.locked, named.holding));
  line.erase(kEndMicros);
  return absl::OkStatus();
}

}  // namespace

absl::Status ListHoldings(const TaskContext& task, const base::Clock& clock) {
  return ForEachPage(task.session, clock, "holdings",
                     [&](const Tx& tx, const std::vector<IdentityHead>& page) {
                       return PrintHoldings(task, tx, page);
                     });
}

absl::Status FreeHoldings(const TaskContext& task, const base::Clock& clock) {
  return ChangeHoldings(task, clock, Free);
}

absl::Status ReturnHoldings(const TaskContext& task, const base::Clock& clock) {
  return ChangeHoldings(task, clock, Return);
}

}  // namespace kith::identity
