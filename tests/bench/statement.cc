#include "tests/bench/statement.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"

namespace kith::bench {
namespace {

char Unescaped(char c) {
  switch (c) {
    case '0':
      return '\0';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'Z':
      return '\x1a';
    default:
      return c;
  }
}

// Takes 'text', the quotes and what is escaped in it, from the front.
bool ConsumeQuoted(absl::string_view& text, std::string& value) {
  if (!absl::ConsumePrefix(&text, "'")) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') {
      text.remove_prefix(i + 1);
      return true;
    }
    if (text[i] == '\\' && ++i < text.size()) {
      value.push_back(Unescaped(text[i]));
    } else {
      value.push_back(text[i]);
    }
  }
  return false;
}

bool ConsumeNumber(absl::string_view& text, Value& value) {
  size_t size = absl::StartsWith(text, "-") ? 1 : 0;
  while (size < text.size() && absl::ascii_isdigit(text[size])) ++size;
  const absl::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  int64_t number = 0;
  uint64_t big = 0;
  if (absl::SimpleAtoi(digits, &number)) {
    value = number;
  } else if (absl::SimpleAtoi(digits, &big)) {
    value = big;
  } else {
    return false;
  }
  return true;
}

bool ConsumeValue(absl::string_view& text, Value& value) {
  if (absl::ConsumePrefix(&text, "NULL")) return true;
  if (!absl::StartsWith(text, "'")) return ConsumeNumber(text, value);
  return ConsumeQuoted(text, value.emplace<std::string>());
}

}  // namespace

std::optional<std::vector<Value>> ReadValues(absl::string_view prepared,
                                             absl::string_view executed) {
  std::vector<Value> values;
  while (true) {
    const size_t mark = prepared.find('?');
    if (!absl::ConsumePrefix(&executed, prepared.substr(0, mark))) {
      return std::nullopt;
    }
    if (mark == absl::string_view::npos) break;
    prepared.remove_prefix(mark + 1);
    if (!ConsumeValue(executed, values.emplace_back())) return std::nullopt;
  }
  if (!executed.empty()) return std::nullopt;
  return values;
}

absl::Status Run(mysql::Session& session, const Statement& statement,
                 const std::vector<mysql::Param>& params) {
  switch (statement.kind) {
    case Statement::Kind::kText:
      return session.ExecuteText(statement.sql);
    case Statement::Kind::kQuery:
      return session.Query(statement.sql, params, [](const mysql::Row&) {});
    case Statement::Kind::kExecute:
      return session.Execute(statement.sql, params).status();
  }
  return absl::InternalError("a statement of no kind");
}

mysql::Param ToParam(const Value& value) {
  struct {
    mysql::Param operator()(absl::monostate) const { return nullptr; }
    mysql::Param operator()(int64_t v) const { return v; }
    mysql::Param operator()(uint64_t v) const { return v; }
    mysql::Param operator()(const std::string& v) const { return v; }
  } const to_param;
  return absl::visit(to_param, value);
}

}  // namespace kith::bench
