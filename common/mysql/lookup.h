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
#include "absl/types/variant.h"
#include "common/base/clock.h"
#include "common/mysql/session.h"
#include "common/mysql/statement.h"

namespace kith::mysql {

// A row of a lookup, which is nothing but its key: tenant_id, what is looked
// up, and the owner.
using LookupRow = std::vector<absl::variant<uint64_t, std::string>>;
using LookupRows = std::set<LookupRow>;

// To bind each value of the row; views them.
std::vector<Param> ParamsOf(const LookupRow& row);

// A table that is declared as a lookup, as the service that writes it with its
// home knows it: what CompareLookup needs to hold it to its home.
struct Lookup {
  absl::string_view table;

  // What comes before every row: 0 for each number, and an empty text for what
  // is none.
  LookupRow least;

  // The owners in the home, tenant_id and owner, one or many times; and the
  // rows of the lookup. LIMITed ranges in the order of their keys behind one
  // key, of which each value is bound twice, but for the last.
  const Statement& owners;
  const Statement& rows;

  // Of one row, by the whole key.
  const Statement& find;
  const Statement& insert;
  const Statement& remove;

  // The rows that the homes of these owners of a tenant ask for, by the rule
  // by which they are written.
  std::function<absl::StatusOr<LookupRows>(Session&, uint64_t tenant_id,
                                           const std::vector<std::string>&)>
      wanted;

  // Runs work in a transaction that nobody who writes the owner's home is in as
  // well; as Transact otherwise.
  std::function<absl::Status(Session&, uint64_t tenant_id,
                             const std::string& owner,
                             absl::FunctionRef<absl::Status()> work)>
      locked;

  // Adds missing rows of one owner under that lock, where this takes more than
  // to insert them.
  std::function<absl::Status(Session&, const LookupRows&, absl::Time now)> add =
      nullptr;
};

struct LookupReport {
  // Rows that are there, or should be.
  int64_t compared = 0;
  int64_t missing = 0;
  int64_t extra = 0;
  // Of those; what others have mended meanwhile is not counted.
  int64_t mended = 0;
  // Owners and rows that could not be mended, and what was wrong with the
  // first.
  int64_t failed = 0;
  absl::Status failure;
};

enum class LookupWork { kCheck, kRebuild };

// Compares a lookup with its home, in all tenants, while others write both;
// each page on one snapshot, so that there is no difference but where they
// disagree. To check takes no lock and writes nothing. To rebuild mends what
// differs: an owner or an extra row a transaction, looked at again in it. May
// end at any point and run again, also twice at once.
//
// Fails where the database does; says in the report what could not be mended.
absl::StatusOr<LookupReport> CompareLookup(Session& session,
                                           const Lookup& lookup,
                                           LookupWork work,
                                           const base::Clock& clock);

// A line about it, for people.
std::string Describe(const Lookup& lookup, LookupWork work,
                     const LookupReport& report);

// How long one owner is tried for.
constexpr absl::Duration kLookupMendTimeout = absl::Seconds(5);

}  // namespace kith::mysql

#endif  // KITH_COMMON_MYSQL_LOOKUP_H_
