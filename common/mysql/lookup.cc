#include "common/mysql/lookup.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/mysql/transaction.h"
#include "common/ops/log.h"
#include "common/status/status_macros.h"

namespace kith::mysql {
namespace {

// Of owners or rows.
constexpr int64_t kPage = 100;
constexpr absl::Duration kProgressInterval = absl::Seconds(10);

uint64_t TenantOf(const LookupRow& row) {
  return absl::get<uint64_t>(row.front());
}

const std::string& OwnerOf(const LookupRow& row) {
  return absl::get<std::string>(row.back());
}

Param ToParam(const LookupRow::value_type& value) {
  const auto* const number = absl::get_if<uint64_t>(&value);
  return number != nullptr ? Param(*number)
                           : Param(absl::get<std::string>(value));
}

// "a > ? OR (a = ? AND (b > ? OR (b = ? AND c > ?)))", of any number of
// columns.
std::string IsAfter(absl::Span<const absl::string_view> columns) {
  const absl::string_view first = columns.front();
  if (columns.size() == 1) return absl::StrCat(first, " > ?");
  const std::string rest = IsAfter(columns.subspan(1));
  const bool nested = columns.size() > 2;
  return absl::StrCat(first, " > ? OR (", first, " = ? AND ",
                      nested ? absl::StrCat("(", rest, ")") : rest, ")");
}

// Binds the columns of KeysAfterSql and its limit.
std::vector<Param> PageBehind(const LookupRow& key) {
  std::vector<Param> params;
  for (const auto& value : key) {
    params.insert(params.end(), 2, ToParam(value));
  }
  params.back() = kPage;
  return params;
}

// Reads a key that has the types of `least`.
LookupRow ReadKey(const Row& row, const LookupRow& least) {
  LookupRow key;
  for (const auto& value : least) {
    const int column = static_cast<int>(key.size());
    if (absl::holds_alternative<uint64_t>(value)) {
      key.emplace_back(row.Unsigned(column));
    } else {
      key.emplace_back(row.Bytes(column));
    }
  }
  return key;
}

class Comparison {
 public:
  Comparison(Session& session, const Lookup& lookup, LookupWork work,
             const base::Clock& clock)
      : session_(session), lookup_(lookup), work_(work), clock_(clock) {}

  absl::StatusOr<LookupReport> Run() {
    // First, so that what is added below does not build on them.
    KITH_RETURN_IF_ERROR(Range(
        lookup_.rows, lookup_.least,
        [this](const LookupRows& page) { return Extra(page); },
        [this](const LookupRow& row) { return Remove(row); }));
    KITH_RETURN_IF_ERROR(Range(
        lookup_.owners, {uint64_t{0}, ""},
        [this](const LookupRows& page) { return Lacking(page); },
        [this](const LookupRow& owner) { return Add(owner); }));
    return report_;
  }

 private:
  using Differing =
      absl::FunctionRef<absl::StatusOr<LookupRows>(const LookupRows& page)>;
  // Answers how many rows it has mended.
  using Mend = absl::FunctionRef<absl::StatusOr<int64_t>(const LookupRow&)>;

  absl::Status Range(const Statement& sql, LookupRow behind,
                     Differing differing, Mend mend) {
    int64_t read = kPage;
    while (read == kPage) {
      LookupRows found;
      KITH_RETURN_IF_ERROR(ReadSnapshot(session_, [&]() -> absl::Status {
        LookupRows page;
        read = 0;
        const LookupRow key = behind;
        KITH_RETURN_IF_ERROR(
            session_.Query(sql, PageBehind(key), [&](const Row& row) {
              behind = ReadKey(row, key);
              page.insert(behind);
              ++read;
            }));
        KITH_ASSIGN_OR_RETURN(found, differing(page));
        return absl::OkStatus();
      }));
      read_ += read;
      if (work_ == LookupWork::kRebuild) {
        for (const LookupRow& row : found) Note(row, mend(row));
      }
      TellProgress();
    }
    return absl::OkStatus();
  }

  TenantTx TxOf(uint64_t tenant_id) {
    return {session_, tenant_id, clock_.Now(),
            absl::Now() + kLookupMendTimeout};
  }

  absl::StatusOr<LookupRows> Wanted(const LookupRows& of) {
    std::map<uint64_t, std::set<std::string>> owners;
    for (const LookupRow& row : of) owners[TenantOf(row)].insert(OwnerOf(row));
    LookupRows wanted;
    for (const auto& [tenant_id, ids] : owners) {
      KITH_ASSIGN_OR_RETURN(
          LookupRows rows,
          lookup_.wanted(TxOf(tenant_id), {ids.begin(), ids.end()}));
      wanted.merge(rows);
    }
    return wanted;
  }

  // Those of the homes' rows that are not there.
  absl::StatusOr<LookupRows> Missing(const LookupRows& owners) {
    KITH_ASSIGN_OR_RETURN(const LookupRows wanted, Wanted(owners));
    LookupRows missing;
    for (const LookupRow& row : wanted) {
      bool there = false;
      KITH_RETURN_IF_ERROR(
          session_.Query(lookup_.find, ParamsOf(row),
                         [&](const Row& /*row*/) { there = true; }));
      if (!there) missing.insert(row);
    }
    return missing;
  }

  absl::StatusOr<LookupRows> Extra(const LookupRows& page) {
    KITH_ASSIGN_OR_RETURN(const LookupRows wanted, Wanted(page));
    LookupRows extra;
    std::set_difference(page.begin(), page.end(), wanted.begin(), wanted.end(),
                        std::inserter(extra, extra.end()));
    report_.compared += static_cast<int64_t>(page.size());
    report_.extra += static_cast<int64_t>(extra.size());
    return extra;
  }

  // The owners that have missing rows.
  absl::StatusOr<LookupRows> Lacking(const LookupRows& owners) {
    KITH_ASSIGN_OR_RETURN(const LookupRows missing, Missing(owners));
    report_.compared += static_cast<int64_t>(missing.size());
    report_.missing += static_cast<int64_t>(missing.size());
    LookupRows lacking;
    for (const LookupRow& row : missing) {
      lacking.insert({TenantOf(row), OwnerOf(row)});
    }
    return lacking;
  }

  absl::StatusOr<int64_t> Add(const LookupRow& owner) {
    const TenantTx tx = TxOf(TenantOf(owner));
    LookupRows missing;
    KITH_RETURN_IF_ERROR(
        lookup_.locked(tx, OwnerOf(owner), [&]() -> absl::Status {
          KITH_ASSIGN_OR_RETURN(missing, Missing({owner}));
          if (lookup_.add != nullptr) return lookup_.add(tx, missing);
          for (const LookupRow& row : missing) {
            KITH_RETURN_IF_ERROR(
                session_.Execute(lookup_.insert, ParamsOf(row)).status());
          }
          return absl::OkStatus();
        }));
    return static_cast<int64_t>(missing.size());
  }

  // The home may not even be there to be locked. It need not be: whoever makes
  // it ask for this row inserts the row in the same transaction, and one of the
  // two waits for the other at the row itself.
  absl::StatusOr<int64_t> Remove(const LookupRow& row) {
    int64_t removed = 0;
    const absl::Status status =
        Transact(TxOf(TenantOf(row)), [&]() -> absl::Status {
          KITH_ASSIGN_OR_RETURN(
              removed, session_.Execute(lookup_.remove, ParamsOf(row)));
          KITH_ASSIGN_OR_RETURN(const LookupRows wanted, Wanted({row}));
          return wanted.contains(row) ? absl::CancelledError()
                                      : absl::OkStatus();
        });
    if (absl::IsCancelled(status)) return 0;
    KITH_RETURN_IF_ERROR(status);
    return removed;
  }

  void Note(const LookupRow& row, const absl::StatusOr<int64_t>& mended) {
    report_.mended += mended.value_or(0);
    if (mended.ok() || ++report_.failed > 1) return;
    report_.failure =
        absl::Status(mended.status().code(),
                     absl::StrCat("tenant ", TenantOf(row), ", owner ",
                                  absl::BytesToHexString(OwnerOf(row)), ": ",
                                  mended.status().message()));
  }

  void TellProgress() {
    if (absl::Now() - told_ < kProgressInterval) return;
    told_ = absl::Now();
    ops::Log(ops::Severity::kInfo, "lookups",
             {{"table", lookup_.table},
              {"read", read_},
              {"missing", report_.missing},
              {"extra", report_.extra},
              {"mended", report_.mended}});
  }

  Session& session_;
  const Lookup& lookup_;
  const LookupWork work_;
  const base::Clock& clock_;
  LookupReport report_;
  // Rows and owners.
  int64_t read_ = 0;
  absl::Time told_ = absl::Now();
};

}  // namespace

std::vector<Param> ParamsOf(const LookupRow& row) {
  std::vector<Param> params;
  params.reserve(row.size());
  for (const auto& value : row) params.push_back(ToParam(value));
  return params;
}

std::string KeysAfterSql(absl::string_view table,
                         absl::Span<const absl::string_view> columns) {
  const std::string listed = absl::StrJoin(columns, ", ");
  return absl::StrCat("SELECT ", listed, " FROM ", table, " WHERE ",
                      IsAfter(columns), " ORDER BY ", listed, " LIMIT ?");
}

absl::StatusOr<LookupReport> CompareLookup(Session& session,
                                           const Lookup& lookup,
                                           LookupWork work,
                                           const base::Clock& clock) {
  return Comparison(session, lookup, work, clock).Run();
}

std::string Describe(const Lookup& lookup, LookupWork work,
                     const LookupReport& report) {
  std::string line =
      absl::StrCat(lookup.table, ": ", report.compared, " rows compared, ",
                   report.missing, " missing, ", report.extra, " extra");
  if (work == LookupWork::kRebuild) {
    absl::StrAppend(&line, ", ", report.mended, " mended");
  }
  if (report.failed > 0) {
    absl::StrAppend(&line, ", ", report.failed, " failed (",
                    report.failure.message(), ")");
  }
  return line;
}

}  // namespace kith::mysql
