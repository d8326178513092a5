#include "common/trace/statement_span.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace kith::trace {
namespace {

// A list of values makes a text long that says no more.
constexpr size_t kMostText = 400;

// The call that the thread works for, if that is recorded.
thread_local const base::RequestContext* statements_of = nullptr;

// The first word of `text`, which is in capitals or is a name.
absl::string_view WordOf(absl::string_view text) {
  const size_t begin = text.find_first_not_of(" \n(");
  if (begin == absl::string_view::npos) return "";
  text.remove_prefix(begin);
  return text.substr(0, text.find_first_of(" \n(,;"));
}

// The table that a statement is about: the first that it names; empty if there
// is none.
absl::string_view TableOf(absl::string_view sql) {
  for (const absl::string_view before : {"FROM ", "INTO ", "UPDATE "}) {
    const size_t at = sql.find(before);
    if (at != absl::string_view::npos) {
      return WordOf(sql.substr(at + before.size()));
    }
  }
  return "";
}

Span MakeSpan(absl::string_view sql, absl::string_view database) {
  Span span = Span::Part(*statements_of, Side::kClient);
  const absl::string_view operation = WordOf(sql);
  const absl::string_view table = TableOf(sql);
  span.SetName(
      absl::StrCat(operation, " ", database, table.empty() ? "" : ".", table));
  span.Add("db.system", "mysql");
  span.Add("db.name", database);
  span.Add("db.operation", operation);
  if (!table.empty()) span.Add("db.sql.table", table);
  span.Add("db.statement", sql.substr(0, kMostText));
  return span;
}

}  // namespace

StatementsOf::StatementsOf(const base::RequestContext& context) {
  if (IsRecorded(context)) statements_of = &context;
}

StatementsOf::~StatementsOf() { statements_of = nullptr; }

Span StartStatement(absl::string_view sql, absl::string_view database) {
  return statements_of == nullptr ? Span() : MakeSpan(sql, database);
}

void EndStatement(Span& span, bool ok, int64_t rows) {
  if (!span.is_recorded()) return;
  if (ok) span.Add("kith.rows", rows);
  span.End(!ok);
}

}  // namespace kith::trace
