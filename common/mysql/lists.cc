#include "common/mysql/lists.h"

#include <algorithm>
#include <bit>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

std::string UnionOf(absl::string_view sql, size_t runs) {
  if (runs == 1) return std::string(sql);
  return absl::StrCat(
      "(",
      absl::StrJoin(std::vector<absl::string_view>(runs, sql), ") UNION ALL ("),
      ")");
}

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
                       absl::FunctionRef<void(const Row&)> each) {
  const size_t most = std::clamp<size_t>(most_at_once, 1, kMaxRuns);
  while (!runs.empty()) {
    // Powers of two, so that few statements serve any number.
    const size_t count = std::bit_floor(std::min(runs.size(), most));
    std::vector<Param> params;
    for (const std::vector<Param>& run : runs.first(count)) {
      params.insert(params.end(), run.begin(), run.end());
    }
    KITH_RETURN_IF_ERROR(session.Query(UnionOf(sql, count), params, each));
    runs.remove_prefix(count);
  }
  return absl::OkStatus();
}

}  // namespace kith::mysql
