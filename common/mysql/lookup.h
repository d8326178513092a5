#ifndef KITH_COMMON_MYSQL_LOOKUP_H_
#define KITH_COMMON_MYSQL_LOOKUP_H_

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "absl/types/variant.h"
#include "common/base/clock.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"
#include "common/mysql/tx.h"

namespace kith::mysql {

// A row of a lookup. A lookup has no columns but its key: tenant_id, the
// columns that are looked up, and the owner.
using LookupRow = std::vector<absl::variant<uint64_t, std::string>>;
using LookupRows = std::set<LookupRow>;

// Returns one parameter for each value of the row. The parameters point into
// `row`.
std::vector<Param> ParamsOf(const LookupRow& row);

// Describes one lookup table to CompareLookup: how to read the table and its
// home, and how to add and remove rows. The service that writes the lookup
// together with its home makes the description.
struct Lookup {
  absl::string_view table;

  // A key that sorts before every row: 0 for each number, an empty text for
  // each other column. The comparison starts behind this key, and takes the
  // types of the columns from it.
  LookupRow least;

  // `owners` reads the owners in the home, as tenant_id and owner; an owner may
  // occur several times. `rows` reads the rows of the lookup. Both return
  // keyset pages: the rows after a given key, in key order, LIMIT n. The
  // columns of the key are bound for `a > ? OR (a = ? AND b > ?)`, so each
  // value twice, the last one once.
  const Statement& owners;
  const Statement& rows;

  // Statements for one row; the whole key is bound.
  const Statement& find;
  const Statement& insert;
  const Statement& remove;

  // Returns the rows that the lookup should have for these owners of a tenant.
  // It derives them from the home by the same rule as the code that writes the
  // lookup.
  std::function<absl::StatusOr<LookupRows>(const Tx&,
                                           const std::vector<std::string>&)>
      wanted;

  // Runs `work` in a transaction that excludes every other writer of this
  // owner's home. Repeats and fails like Transact.
  std::function<absl::Status(const Tx&, const std::string& owner,
                             absl::FunctionRef<absl::Status()> work)>
      locked;

  // Adds missing rows of one owner of the tenant; called under the lock of
  // `locked`. Only set if it takes more than `insert` to add a row.
  std::function<absl::Status(const Tx&, const LookupRows&)> add = nullptr;
};

// Returns the statement of `Lookup::owners` or `Lookup::rows`: it reads these
// columns, which are the first columns of the table's key, in their order.
std::string KeysAfterSql(absl::string_view table,
                         absl::Span<const absl::string_view> columns);

// What CompareLookup found and did.
struct LookupReport {
  // Rows that exist or should exist.
  int64_t compared = 0;
  int64_t missing = 0;
  int64_t extra = 0;
  // The missing and extra rows that this run has mended. Rows that other
  // writers mended meanwhile do not count.
  int64_t mended = 0;
  // How many owners (with missing rows) and extra rows could not be mended, and
  // the error of the first one.
  int64_t failed = 0;
  absl::Status failure;
};

// Whether CompareLookup only compares, or also mends.
enum class LookupWork { kCheck, kRebuild };

// Compares a lookup with its home in all tenants, while others write both. Each
// page is read on one snapshot, so a difference is always a real one and never
// a write in progress.
//
// - kCheck takes no locks and writes nothing.
// - kRebuild mends what differs, in one transaction for each owner with missing
//   rows and for each extra row. That transaction compares again, and changes
//   only what still differs.
//
// The function may be interrupted at any point, run again, and run twice at the
// same time.
//
// Fails if the database does. The report lists what could not be mended.
absl::StatusOr<LookupReport> CompareLookup(Session& session,
                                           const Lookup& lookup,
                                           LookupWork work,
                                           const base::Clock& clock);

// Returns one line about the report, for people.
std::string Describe(const Lookup& lookup, LookupWork work,
                     const LookupReport& report);

// How long Transact tries to mend one owner or one row.
constexpr absl::Duration kLookupMendTimeout = absl::Seconds(5);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_LOOKUP_H_
