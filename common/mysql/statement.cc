#include "common/mysql/statement.h"

#include <utility>

namespace kith::mysql {
namespace {

// Constant-initialised, so that it is there before the first statement. Only
// written while statics are made, on one thread.
constinit const Statement* newest = nullptr;

}  // namespace

Statement::Statement(std::string sql, Mark mark, std::source_location where)
    : sql_(std::move(sql)),
      mark_(mark),
      where_(where),
      next_(std::exchange(newest, this)) {}

void Statement::ForEach(absl::FunctionRef<void(const Statement&)> visit) {
  for (const Statement* s = newest; s != nullptr; s = s->next_) visit(*s);
}

}  // namespace kith::mysql
