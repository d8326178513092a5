#include "common/mysql/session.h"

#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>

#include <algorithm>
#include <bit>
#include <list>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/mysql/errors.h"
#include "common/mysql/watchdog.h"
#include "common/ops/metrics.h"
#include "common/status/status_macros.h"
#include "common/trace/statement_span.h"

namespace kith::mysql {
namespace {

// Of one session. The server has a limit for all together,
// max_prepared_stmt_count (docs/operations.md, Sizes).
constexpr size_t kMaxStatements = 200;

constexpr int kServerGone = 2006;

// Of one INSERT; a power of two.
constexpr size_t kMaxRows = 256;

sql::SQLString ToSql(absl::string_view text) {
  return sql::SQLString(text.data(), text.size());
}

void Bind(sql::PreparedStatement& statement, absl::Span<const Param> params) {
  struct Binder {
    sql::PreparedStatement& statement;
    unsigned index;
    void operator()(absl::monostate) { statement.setNull(index, 0); }
    void operator()(int64_t v) { statement.setInt64(index, v); }
    void operator()(uint64_t v) { statement.setUInt64(index, v); }
    void operator()(absl::string_view v) {
      statement.setString(index, ToSql(v));
    }
  };
  unsigned index = 1;
  for (const Param& param : params) {
    absl::visit(Binder{statement, index++}, param.value());
  }
}

class ResultRow final : public Row {
 public:
  explicit ResultRow(sql::ResultSet& result) : result_(result) {}

  bool IsNull(int column) const override {
    return result_.isNull(static_cast<unsigned>(column + 1));
  }
  int64_t Int(int column) const override {
    return result_.getInt64(static_cast<unsigned>(column + 1));
  }
  uint64_t Unsigned(int column) const override {
    return result_.getUInt64(static_cast<unsigned>(column + 1));
  }
  std::string Bytes(int column) const override {
    return result_.getString(static_cast<unsigned>(column + 1)).asStdString();
  }

 private:
  sql::ResultSet& result_;
};

// Less than a statement may take: else its limit always comes first, and a
// lost race is not known as one.
int64_t LockWaitSeconds(const SessionOptions& options) {
  return std::max<int64_t>(1,
                           absl::ToInt64Seconds(options.statement_timeout / 2));
}

// Unknown names are ignored by the driver, so session_test sees each option's
// effect.
sql::ConnectOptionsMap ConnectOptions(const SessionOptions& options) {
  sql::ConnectOptionsMap map;
  absl::string_view address = options.address;
  if (absl::ConsumePrefix(&address, "unix:")) {
    map["hostName"] = ToSql(absl::StrCat("unix://", address));
  } else {
    absl::ConsumePrefix(&address, "tcp:");
    map["hostName"] = ToSql(absl::StrCat("tcp://", address));
  }
  map["userName"] = ToSql(options.user);
  map["password"] = ToSql(options.password);
  map["schema"] = ToSql(options.database);
  map["CLIENT_FOUND_ROWS"] = true;
  map["OPT_CONNECT_TIMEOUT"] =
      static_cast<int>(absl::ToInt64Seconds(options.connect_timeout));
  // The backstop behind the server's own limit: a server that hangs.
  map["OPT_READ_TIMEOUT"] =
      static_cast<int>(absl::ToInt64Seconds(options.statement_timeout)) + 5;
  map["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  if (!options.tls_ca_file.empty()) {
    map["sslCA"] = ToSql(options.tls_ca_file);
    map["sslVerify"] = true;
  }
  return map;
}

}  // namespace

// The driver's objects of one connection, with the statements in the order of
// their last use.
class Session::Connection {
 public:
  explicit Connection(std::unique_ptr<sql::Connection> connection)
      : connection_(std::move(connection)) {
    const std::string id = QueryText("SELECT CONNECTION_ID() AS id", "id");
    if (!absl::SimpleAtoi(id, &id_)) {
      throw sql::SQLException("CONNECTION_ID() is no number");
    }
  }

  // What the server calls it.
  uint64_t id() const { return id_; }

  sql::PreparedStatement& Prepare(absl::string_view sql) {
    if (const auto it = index_.find(sql); it != index_.end()) {
      statements_.splice(statements_.begin(), statements_, it->second);
      return *statements_.front().statement;
    }
    if (statements_.size() >= kMaxStatements) {
      index_.erase(statements_.back().sql);
      statements_.pop_back();
    }
    std::unique_ptr<sql::PreparedStatement> statement(
        connection_->prepareStatement(ToSql(sql)));
    statements_.push_front({std::string(sql), std::move(statement)});
    index_.emplace(statements_.front().sql, statements_.begin());
    return *statements_.front().statement;
  }

  void ExecuteText(absl::string_view sql) {
    std::unique_ptr<sql::Statement> statement(connection_->createStatement());
    statement->executeUpdate(ToSql(sql));
  }

  std::string QueryText(absl::string_view sql, const char* column) {
    std::unique_ptr<sql::Statement> statement(connection_->createStatement());
    std::unique_ptr<sql::ResultSet> result(statement->executeQuery(ToSql(sql)));
    return result->next() ? result->getString(column).asStdString() : "";
  }

  bool IsValid() { return connection_->isValid(); }

 private:
  struct Cached {
    std::string sql;
    std::unique_ptr<sql::PreparedStatement> statement;
  };

  // Declared first, so that it outlives its statements.
  std::unique_ptr<sql::Connection> connection_;
  uint64_t id_ = 0;
  std::list<Cached> statements_;
  absl::flat_hash_map<absl::string_view, std::list<Cached>::iterator> index_;
};

Session::Session(SessionOptions options, Watchdog* watchdog)
    : options_(std::move(options)),
      watch_(watchdog == nullptr ? nullptr
                                 : std::make_unique<Watch>(*watchdog)) {}

Session::~Session() = default;

absl::Status Session::Guard(absl::FunctionRef<void()> work) {
  absl::Status status;
  try {
    work();
  } catch (const sql::SQLException& e) {
    status = ErrorToStatus(e.getErrorCode(), e.what());
  } catch (const std::exception& e) {
    status = absl::InternalError(absl::StrCat("database driver: ", e.what()));
  }
  last_use_ = absl::Now();
  if (IsConnectionLost(status)) Drop();
  return status;
}

absl::Status Session::GuardUntilDeadline(absl::FunctionRef<void()> work) {
  if (absl::Now() >= deadline_) {
    return absl::DeadlineExceededError(
        "the deadline passed before all statements were sent");
  }
  if (watch_ == nullptr) return Guard(work);
  watch_->Begin(connection_->id(), deadline_);
  bool killed = false;
  absl::Status status;
  {
    const absl::Cleanup end = [&] { killed = watch_->End(); };
    status = Guard(work);
  }
  if (!killed) return status;
  // The next statement on this connection could be the one that is killed.
  Drop();
  return absl::DeadlineExceededError(
      "the deadline passed while the database worked");
}

absl::Status Session::Open() {
  static auto& opened = ops::Counter("kith_db_connections_opened_total",
                                     "Connections opened to the database.");
  return Guard([&] {
    sql::ConnectOptionsMap connect = ConnectOptions(options_);
    auto connection =
        std::make_unique<Connection>(std::unique_ptr<sql::Connection>(
            get_driver_instance()->connect(connect)));
    if (!options_.tls_ca_file.empty() &&
        connection->QueryText("SHOW STATUS LIKE 'Ssl_cipher'", "Value")
            .empty()) {
      throw sql::SQLException("the link is not encrypted", "08001", 2026);
    }
    connection->ExecuteText(
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    connection->ExecuteText(absl::StrCat(
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,"
        "NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
        "time_zone = '+00:00', innodb_lock_wait_timeout = ",
        LockWaitSeconds(options_)));
    const bool mariadb = absl::StrContains(
        connection->QueryText("SELECT VERSION() AS version", "version"),
        "MariaDB");
    connection->ExecuteText(
        mariadb
            ? absl::StrCat("SET SESSION max_statement_time = ",
                           absl::ToDoubleSeconds(options_.statement_timeout))
            : absl::StrCat(
                  "SET SESSION max_execution_time = ",
                  absl::ToInt64Milliseconds(options_.statement_timeout)));
    connection_ = std::move(connection);
    opened.Increment();
  });
}

absl::Status Session::Ensure() {
  if (connection_ != nullptr) return absl::OkStatus();
  if (!keep_connection_) return Open();
  return ErrorToStatus(kServerGone,
                       "the connection was lost during the transaction");
}

absl::Status Session::Connect() {
  if (connection_ != nullptr && absl::Now() - last_use_ > absl::Seconds(1)) {
    bool valid = false;
    KITH_RETURN_IF_ERROR(Guard([&] { valid = connection_->IsValid(); }));
    if (!valid) Drop();
  }
  return Ensure();
}

absl::Status Session::Query(absl::string_view sql,
                            absl::Span<const Param> params,
                            absl::FunctionRef<void(const Row&)> each) {
  KITH_RETURN_IF_ERROR(Ensure());
  trace::Span span = trace::StartStatement(sql, options_.database);
  int64_t rows = 0;
  absl::Status status = GuardUntilDeadline([&] {
    sql::PreparedStatement& statement = connection_->Prepare(sql);
    Bind(statement, params);
    std::unique_ptr<sql::ResultSet> result(statement.executeQuery());
    const ResultRow row(*result);
    for (; result->next(); ++rows) each(row);
  });
  trace::EndStatement(span, status.ok(), rows);
  return status;
}

absl::StatusOr<int64_t> Session::Execute(absl::string_view sql,
                                         absl::Span<const Param> params) {
  KITH_RETURN_IF_ERROR(Ensure());
  trace::Span span = trace::StartStatement(sql, options_.database);
  int64_t rows = 0;
  const absl::Status status = GuardUntilDeadline([&] {
    sql::PreparedStatement& statement = connection_->Prepare(sql);
    Bind(statement, params);
    rows = statement.executeUpdate();
  });
  trace::EndStatement(span, status.ok(), rows);
  if (!status.ok()) return status;
  return rows;
}

absl::Status Session::ExecuteText(absl::string_view sql) {
  KITH_RETURN_IF_ERROR(Ensure());
  trace::Span span = trace::StartStatement(sql, options_.database);
  absl::Status status = Guard([&] { connection_->ExecuteText(sql); });
  trace::EndStatement(span, status.ok(), /*rows=*/0);
  return status;
}

void Session::Drop() { connection_.reset(); }

std::string WithList(absl::string_view sql, size_t count,
                     std::vector<Param>& params) {
  const size_t padded = std::bit_ceil(count);
  params.resize(params.size() + padded - count, params.back());
  const std::string marks =
      absl::StrJoin(std::vector<absl::string_view>(padded, "?"), ", ");
  return absl::StrReplaceAll(sql, {{":list", marks}});
}

absl::Status InsertRows(Session& session, absl::string_view sql,
                        absl::Span<const Param> params) {
  const auto columns =
      static_cast<size_t>(std::count(sql.begin(), sql.end(), '?'));
  const absl::string_view row = sql.substr(sql.rfind('('));
  while (!params.empty()) {
    // Powers of two, so that few statements serve any number.
    const size_t rows =
        std::min(std::bit_floor(params.size() / columns), kMaxRows);
    std::string text(sql);
    for (size_t i = 1; i < rows; ++i) absl::StrAppend(&text, ", ", row);
    KITH_RETURN_IF_ERROR(
        session.Execute(text, params.first(rows * columns)).status());
    params.remove_prefix(rows * columns);
  }
  return absl::OkStatus();
}

void InitDriver() { get_driver_instance(); }

}  // namespace kith::mysql
