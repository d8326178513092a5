#include "common/mysql/lists.h"

#include <algorithm>
#include <bit>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"

namespace kith::mysql {
namespace {

template <typename Run>
absl::Status InChunks(absl::string_view sql, absl::Span<const Param> first,
                      absl::Span<const absl::string_view> values, Run run) {
  for (size_t begin = 0; begin < values.size(); begin += kMaxListed) {
    const auto chunk = values.subspan(begin, kMaxListed);
    std::vector<Param> params(first.begin(), first.end());
    params.insert(params.end(), chunk.begin(), chunk.end());
    const std::string text = WithList(sql, chunk.size(), params);
    KITH_RETURN_IF_ERROR(run(text, params));
  }
  return absl::OkStatus();
}

// The runs of a statement in one, with the number of the run as the first
// column.
std::string UnionOf(absl::string_view sql, size_t runs) {
  absl::ConsumePrefix(&sql, "SELECT ");
  if (runs == 1) return absl::StrCat("SELECT 0, ", sql);
  std::string text;
  for (size_t run = 0; run < runs; ++run) {
    absl::StrAppend(&text, run == 0 ? "(" : " UNION ALL (", "SELECT ", run,
                    ", ", sql, ")");
  }
  return text;
}

// A row without its first column.
class RowOfRun final : public Row {
 public:
  explicit RowOfRun(const Row& row) : row_(row) {}

  bool IsNull(int column) const override { return row_.IsNull(column + 1); }
  int64_t Int(int column) const override { return row_.Int(column + 1); }
  uint64_t Unsigned(int column) const override {
    return row_.Unsigned(column + 1);
  }
  std::string Bytes(int column) const override {
    return row_.Bytes(column + 1);
  }

 private:
  const Row& row_;
};

}  // namespace

absl::Status QueryListed(Session& session, absl::string_view sql,
                         absl::Span<const Param> first,
                         absl::Span<const absl::string_view> values,
                         absl::FunctionRef<void(const Row&)> each) {
  return InChunks(sql, first, values,
                  [&](absl::string_view text, absl::Span<const Param> params) {
                    return session.Query(text, params, each);
                  });
}

absl::Status ExecuteListed(Session& session, absl::string_view sql,
                           absl::Span<const Param> first,
                           absl::Span<const absl::string_view> values) {
  return InChunks(sql, first, values,
                  [&](absl::string_view text, absl::Span<const Param> params) {
                    return session.Execute(text, params).status();
                  });
}

absl::Status QueryRuns(Session& session, absl::string_view sql,
                       absl::Span<const std::vector<Param>> runs,
                       size_t most_at_once,
                       absl::FunctionRef<void(size_t, const Row&)> each) {
  const size_t most = std::clamp<size_t>(most_at_once, 1, kMaxRuns);
  for (size_t begin = 0; begin < runs.size();) {
    // Powers of two, so that few statements serve any number.
    const size_t count = std::bit_floor(std::min(runs.size() - begin, most));
    std::vector<Param> params;
    for (const std::vector<Param>& run : runs.subspan(begin, count)) {
      params.insert(params.end(), run.begin(), run.end());
    }
    KITH_RETURN_IF_ERROR(
        session.Query(UnionOf(sql, count), params, [&](const Row& row) {
          each(begin + static_cast<size_t>(row.Int(0)), RowOfRun(row));
        }));
    begin += count;
  }
  return absl::OkStatus();
}

}  // namespace kith::mysql
