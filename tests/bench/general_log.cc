#include "tests/bench/general_log.h"

#include <optional>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"

namespace kith::bench {
namespace {

// A SELECT, or a UNION of several.
bool ReturnsRows(absl::string_view sql) {
  absl::ConsumePrefix(&sql, "(");
  return absl::StartsWith(sql, "SELECT");
}

constexpr absl::string_view kMarker = "DO 'kith-bench call ";

// "261122  1:26:21\t     6 Query\tBEGIN", or with a second tab in place of the
// time. Nullopt for what goes on from the line before.
std::optional<LogEntry> ParseLine(absl::string_view line) {
  const std::vector<absl::string_view> fields =
      absl::StrSplit(line, absl::MaxSplits('\t', line[0] == '\t' ? 3 : 2));
  const size_t id = line[0] == '\t' ? 2 : 1;
  if (fields.size() < id + 2) return std::nullopt;
  const absl::string_view trimmed = absl::StripAsciiWhitespace(fields[id]);
  const std::pair<absl::string_view, absl::string_view> id_and_command =
      absl::StrSplit(trimmed, absl::MaxSplits(' ', 1));
  LogEntry entry;
  if (!absl::SimpleAtoi(id_and_command.first, &entry.session)) {
    return std::nullopt;
  }
  entry.command = std::string(id_and_command.second);
  entry.argument = std::string(fields[id + 1]);
  return entry;
}

// "kith_contacts@localhost on kith_contacts using Socket"
std::string SchemaOf(absl::string_view connect) {
  const size_t on = connect.find(" on ");
  if (on == absl::string_view::npos) return "";
  return std::string(
      connect.substr(on + 4, connect.find(' ', on + 4) - on - 4));
}

bool IsTransactionControl(absl::string_view sql) {
  return sql == "BEGIN" || sql == "COMMIT" || sql == "ROLLBACK";
}

// Goes through the log, entry by entry.
class Reader {
 public:
  explicit Reader(size_t count) : calls_(count) {}

  absl::Status Read(const LogEntry& entry) {
    if (entry.command == "Connect") {
      schemas_[entry.session] = SchemaOf(entry.argument);
    } else if (entry.command == "Prepare") {
      prepared_.insert(entry.argument);
    } else if (entry.command == "Query") {
      ReadText(entry);
    } else if (IsOfService(entry)) {
      schemas_.erase(entry.session);
    } else if (entry.command == "Execute" && IsOfCall(entry)) {
      return ReadExecution(entry);
    }
    return absl::OkStatus();
  }

  std::vector<Statements> calls() && { return std::move(calls_); }

 private:
  bool IsOfCall(const LogEntry& entry) const {
    return call_.has_value() && schemas_.contains(entry.session);
  }

  // The sessions of the sequencer, and of who looks whether the database is
  // there: they work beside all calls, and for none.
  static bool IsOfService(const LogEntry& entry) {
    return entry.command == "Execute" &&
           (absl::StrContains(entry.argument, " leases ") ||
            absl::StrContains(entry.argument, "FROM outbox") ||
            absl::StrContains(entry.argument, "FROM schema_version"));
  }

  void ReadText(const LogEntry& entry) {
    absl::string_view number = entry.argument;
    size_t call = 0;
    if (absl::ConsumePrefix(&number, kMarker)) {
      absl::ConsumeSuffix(&number, "'");
      if (!absl::SimpleAtoi(number, &call) || call >= calls_.size()) {
        call_.reset();
      } else {
        call_ = call;
      }
    } else if (IsOfCall(entry) && IsTransactionControl(entry.argument)) {
      calls_[*call_].push_back({.schema = schemas_[entry.session],
                                .kind = Statement::Kind::kText,
                                .sql = entry.argument,
                                .values = {}});
    }
  }

  absl::Status ReadExecution(const LogEntry& entry) {
    // A tail of the feed.
    if (absl::StrContains(entry.argument, " FROM changes ")) {
      return absl::OkStatus();
    }
    for (const std::string& sql : prepared_) {
      auto values = ReadValues(sql, entry.argument);
      if (!values.has_value()) continue;
      calls_[*call_].push_back({.schema = schemas_[entry.session],
                                .kind = ReturnsRows(sql)
                                            ? Statement::Kind::kQuery
                                            : Statement::Kind::kExecute,
                                .sql = sql,
                                .values = *std::move(values)});
      return absl::OkStatus();
    }
    return absl::InternalError(
        absl::StrCat("the general log has an execution of a statement that is "
                     "not in it: ",
                     entry.argument.substr(0, 200)));
  }

  std::vector<Statements> calls_;
  // None before the first marker.
  std::optional<size_t> call_;
  absl::flat_hash_map<int64_t, std::string> schemas_;
  std::set<std::string> prepared_;
};

}  // namespace

std::vector<LogEntry> ParseGeneralLog(absl::string_view text) {
  std::vector<LogEntry> log;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (line.empty()) continue;
    if (std::optional<LogEntry> entry = ParseLine(line)) {
      log.push_back(*std::move(entry));
    } else if (!log.empty()) {
      absl::StrAppend(&log.back().argument, "\n", line);
    }
  }
  return log;
}

std::string CallMarker(size_t number) {
  return absl::StrCat(kMarker, number, "'");
}

absl::StatusOr<std::vector<Statements>> StatementsOfCalls(
    const std::vector<LogEntry>& log, size_t count) {
  Reader reader(count);
  for (const LogEntry& entry : log) {
    KITH_RETURN_IF_ERROR(reader.Read(entry));
  }
  return std::move(reader).calls();
}

}  // namespace kith::bench
