#include "common/mysql/lists.h"

#include <string>

#include "common/status/status_macros.h"

namespace kith::mysql {
namespace {

template <typename Run>
absl::Status InChunks(absl::string_view sql, absl::Span<const Param> first,
                      absl::Span<const absl::string_view> values, Run run) {
  for (; !values.empty(); values.remove_prefix(
           values.size() < kMaxListed ? values.size() : kMaxListed)) {
    const auto chunk =
        values.first(values.size() < kMaxListed ? values.size() : kMaxListed);
    std::vector<Param> params(first.begin(), first.end());
    params.insert(params.end(), chunk.begin(), chunk.end());
    const std::string text = WithList(sql, chunk.size(), params);
    KITH_RETURN_IF_ERROR(run(text, params));
  }
  return absl::OkStatus();
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

}  // namespace kith::mysql
