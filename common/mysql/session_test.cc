#include "common/mysql/session.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/mysql/errors.h"
#include "common/testing/database_proxy.h"
#include "common/testing/matchers.h"
#include "common/testing/temporary_directory.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::mysql {
namespace {

using absl::StatusCode;
using ::kith::testing::DatabaseProxy;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kSeedling[] = "\xF0\x9F\x8C\xB1";

// A certificate authority that nobody's certificate is from.
constexpr char kCertificate[] = R"(-----BEGIN CERTIFICATE-----
MIIBkzCCATmgAwIBAgIUAW9uSLoRz6Sd8jSi+Rxkw0FS5VgwCgYIKoZIzj0EAwIw
HjEcMBoGA1UEAwwTS2l0aCB0ZXN0IGF1dGhvcml0eTAgFw0yNjExMjIwMTAwMjla
GA8yMTI2MTAyOTAxMDAyOVowHjEcMBoGA1UEAwwTS2l0aCB0ZXN0IGF1dGhvcml0
eTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGC8PonWK6TouMIX0FE2zyFJvflQ
dkyqB4UKEna0Q58RlFyMuxexrOlFm255e40GZRcD6DTHlJBLouQ3we2JBV2jUzBR
MB0GA1UdDgQWBBQCXUcFpcFNNn/OucI2+EJpg62ngDAfBgNVHSMEGDAWgBQCXUcF
pcFNNn/OucI2+EJpg62ngDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gA
MEUCIGMbQtxUy1LznIZ/0qZI7fqeDd91wpQkMI4jPsitL46NAiEA9HmYVAsh42TE
ckbdpQLTBOZ0EYbGxrynPufytwMe4k8=
-----END CERTIFICATE-----
)";

const Schema& RowTypesSchema() {
  static const auto* const schema =
      new Schema{{"0001_things",
                  "CREATE TABLE things ("
                  "id BIGINT NOT NULL PRIMARY KEY, "
                  "name VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, "
                  "key16 BINARY(16), "
                  "big BIGINT UNSIGNED, "
                  "price DECIMAL(20,6), "
                  "moment TIMESTAMP NULL, "
                  "content LONGBLOB) ENGINE=InnoDB"}};
  return *schema;
}

// Sets a variable for all sessions that begin while it lives, so that a test
// sees whether ours set their own.
class GlobalVariable {
 public:
  GlobalVariable(const testing::TestDatabase& database, const char* name,
                 const char* value)
      : database_(database), name_(name) {
    Session session(database_.options());
    EXPECT_THAT(session.Query(absl::StrCat("SELECT @@GLOBAL.", name), {},
                              [&](const Row& row) { before_ = row.Bytes(0); }),
                IsOk());
    Set(value);
  }
  ~GlobalVariable() { Set(before_); }

 private:
  void Set(const std::string& value) {
    int64_t number = 0;
    database_.Execute(absl::StrCat("SET GLOBAL ", name_, " = ",
                                   absl::SimpleAtoi(value, &number)
                                       ? value
                                       : absl::StrCat("'", value, "'")));
  }

  const testing::TestDatabase& database_;
  const std::string name_;
  std::string before_;
};

class SessionTest : public ::testing::Test {
 protected:
  SessionOptions Options() { return database_.options(); }

  // The first column of the first row; the status' text where it fails.
  static std::string Select(Session& session, absl::string_view sql) {
    std::string value;
    const absl::Status status =
        session.Query(sql, {}, [&](const Row& row) { value = row.Bytes(0); });
    return status.ok() ? value : status.ToString();
  }

  // Ends the session's connection, as a restart of the database would.
  void Kill(Session& session) {
    const std::string id = Select(session, "SELECT CONNECTION_ID()");
    database_.Execute(absl::StrCat("KILL ", id));
    // KILL only asks: wait until it is gone.
    while (database_.SelectInt(absl::StrCat(
               "SELECT COUNT(*) FROM information_schema.processlist "
               "WHERE id = ",
               id)) != 0) {
    }
  }

  void AddThing(int64_t id, const Param& name) {
    EXPECT_THAT(session_.Execute("INSERT INTO things (id, name) VALUES (?, ?)",
                                 {id, name}),
                IsOk());
  }

  // Statements that the session has prepared, and prepared and closed.
  std::pair<int64_t, int64_t> Prepared() {
    int64_t prepared = 0;
    int64_t closed = 0;
    EXPECT_THAT(session_.Query("SHOW SESSION STATUS LIKE 'Com_stmt_%'", {},
                               [&](const Row& row) {
                                 const std::string name = row.Bytes(0);
                                 const int64_t count = std::stoll(row.Bytes(1));
                                 if (name == "Com_stmt_prepare")
                                   prepared = count;
                                 if (name == "Com_stmt_close") closed = count;
                               }),
                IsOk());
    return {prepared, closed};
  }

  testing::TestDatabase database_{RowTypesSchema()};
  Session session_{database_.options()};
};

// ---- What every connection is set to

TEST_F(SessionTest, CountsRowsThatWereFoundNotChanged) {
  AddThing(1, "a");
  const auto found =
      session_.Execute("UPDATE things SET name = 'a' WHERE id = 1");
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(*found, 1);
  EXPECT_EQ(*session_.Execute("UPDATE things SET name = 'a' WHERE id = 2"), 0);
}

TEST_F(SessionTest, ReadsWhatOthersCommitMeanwhile) {
  ASSERT_THAT(session_.ExecuteText("BEGIN"), IsOk());
  EXPECT_EQ(Select(session_, "SELECT COUNT(*) FROM things"), "0");
  database_.Execute("INSERT INTO things (id) VALUES (1)");
  EXPECT_EQ(Select(session_, "SELECT COUNT(*) FROM things"), "1");
  EXPECT_EQ(Select(session_, "SELECT @@tx_isolation"), "READ-COMMITTED");
}

TEST_F(SessionTest, RefusesWhatDoesNotFitInsteadOfClippingIt) {
  const GlobalVariable lax(database_, "sql_mode", "");
  EXPECT_THAT(
      session_.Execute("INSERT INTO things (id, name) VALUES (1, 'sixsix')"),
      StatusIs(StatusCode::kInternal));
  EXPECT_THAT(session_.Execute("INSERT INTO things (id, big) VALUES (1, -1)"),
              StatusIs(StatusCode::kInternal));
  EXPECT_THAT(session_.Execute(
                  "INSERT INTO things (id, moment) VALUES (1, '0000-00-00')"),
              StatusIs(StatusCode::kInternal));
  EXPECT_EQ(database_.SelectInt("SELECT COUNT(*) FROM things"), 0);
}

TEST_F(SessionTest, WritesAndReadsAllOfUnicode) {
  const std::string name = absl::StrCat(kSeedling, "日本", kSeedling, "é");
  AddThing(1, name);
  EXPECT_EQ(Select(session_, "SELECT name FROM things"), name);
  // Not five question marks on both ways.
  EXPECT_EQ(database_.SelectInt("SELECT LENGTH(name) FROM things"), 16);
  for (const char* variable :
       {"character_set_client", "character_set_connection",
        "character_set_results"}) {
    EXPECT_EQ(Select(session_, absl::StrCat("SELECT @@", variable)), "utf8mb4");
  }
}

TEST_F(SessionTest, ItsTimeIsUtc) {
  const GlobalVariable elsewhere(database_, "time_zone", "+05:30");
  EXPECT_EQ(Select(session_, "SELECT FROM_UNIXTIME(0)"), "1970-01-01 00:00:00");
}

TEST_F(SessionTest, WaitsForALockHalfAsLongAsForAStatement) {
  const GlobalVariable longer(database_, "innodb_lock_wait_timeout", "50");
  EXPECT_EQ(Select(session_, "SELECT @@innodb_lock_wait_timeout"), "2");
}

TEST_F(SessionTest, AWaitForALockEndsAsALostRaceAndNotAsATimeout) {
  AddThing(1, "a");
  ASSERT_THAT(session_.ExecuteText("BEGIN"), IsOk());
  ASSERT_THAT(session_.Execute("UPDATE things SET name = 'b'"), IsOk());
  SessionOptions options = Options();
  options.statement_timeout = absl::Seconds(3);
  Session other(options);
  const absl::Status status =
      other.Execute("UPDATE things SET name = 'c'").status();
  EXPECT_TRUE(IsLostRace(status)) << status;
}

TEST_F(SessionTest, EndsAStatementThatTakesTooLong) {
  SessionOptions options = Options();
  options.statement_timeout = absl::Milliseconds(200);
  Session session(options);
  const auto sleep = [&](double seconds) {
    return session.Query(absl::StrCat("SELECT SLEEP(", seconds, ")"), {},
                         [](const Row&) {});
  };
  const absl::Time start = absl::Now();
  EXPECT_THAT(sleep(20), StatusIs(StatusCode::kDeadlineExceeded));
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
  // The session is as good as before.
  EXPECT_THAT(sleep(0), IsOk());
  EXPECT_THAT(sleep(20), StatusIs(StatusCode::kDeadlineExceeded));
}

TEST_F(SessionTest, DoesNotWaitForeverForADatabaseThatHangs) {
  DatabaseProxy proxy(Options().address);
  SessionOptions options = Options();
  options.address = proxy.address();
  // The wait is 5 s longer than the database's own limit.
  options.statement_timeout = absl::Milliseconds(900);
  Session session(options);
  ASSERT_THAT(session.Connect(), IsOk());
  proxy.Hang();
  const absl::Time start = absl::Now();
  EXPECT_EQ(Errno(session.ExecuteText("DO 1")), 2013);
  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
}

// ---- Where no connection can be had

TEST_F(SessionTest, IsUnavailableWhereNobodyListens) {
  SessionOptions options = Options();
  options.address = "unix:/tmp/kith-no-such-socket";
  Session session(options);
  EXPECT_THAT(session.Connect(), StatusIs(StatusCode::kUnavailable));
  EXPECT_THAT(session.Execute("DO 1"), StatusIs(StatusCode::kUnavailable));
  options.address = "tcp:127.0.0.1:1";
  Session tcp(options);
  EXPECT_THAT(tcp.Connect(), StatusIs(StatusCode::kUnavailable));
}

TEST_F(SessionTest, DoesNotWaitForeverForAGreeting) {
  // Takes connections, as the kernel does for it, but never says a word.
  const testing::TemporaryDirectory directory;
  const std::string path = directory.Path("silent");
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  const int silent = socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(
      bind(silent, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(listen(silent, 1), 0);
  SessionOptions options = Options();
  options.address = absl::StrCat("unix:", path);
  options.connect_timeout = absl::Seconds(1);
  Session session(options);
  const absl::Time start = absl::Now();
  EXPECT_THAT(session.Connect(), StatusIs(StatusCode::kUnavailable));
  EXPECT_LT(absl::Now() - start, absl::Seconds(4));
  close(silent);
}

TEST_F(SessionTest, AWrongPasswordIsNotTakenForALostConnection) {
  SessionOptions options = Options();
  options.user = "nobody";
  Session session(options);
  const absl::Status status = session.Connect();
  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(IsConnectionLost(status));
}

TEST_F(SessionTest, RefusesAPlaintextLinkWhereTlsIsAskedFor) {
  DatabaseProxy proxy(Options().address);
  const testing::TemporaryDirectory directory;
  SessionOptions options = Options();
  options.address = proxy.address();
  options.password = "hunter2";
  options.tls_ca_file = directory.Path("ca.pem");
  std::ofstream(options.tls_ca_file) << kCertificate;
  Session session(options);
  const absl::Status status = session.Connect();
  EXPECT_THAT(status, StatusIs(StatusCode::kUnavailable));
  EXPECT_EQ(Errno(status), 2026);
  EXPECT_EQ(Errno(session.ExecuteText("DO 1")), 2026);
  // It went before it said who it is.
  EXPECT_THAT(proxy.sent(), Not(HasSubstr(options.user)));
  EXPECT_THAT(proxy.sent(), Not(HasSubstr(options.database)));
  // All the same, the proxy would have seen it.
  options.tls_ca_file.clear();
  options.password.clear();
  Session plain(options);
  EXPECT_THAT(plain.Connect(), IsOk());
  EXPECT_THAT(proxy.sent(), HasSubstr(options.user));
}

TEST_F(SessionTest, RefusesToConnectWhereTheAuthorityCannotBeRead) {
  SessionOptions options = Options();
  options.tls_ca_file = "/tmp/kith-no-such-ca.pem";
  Session session(options);
  EXPECT_FALSE(session.Connect().ok());
}

// ---- A connection that is lost

TEST_F(SessionTest, AKilledConnectionFailsOnceAndIsReplaced) {
  const std::string before = Select(session_, "SELECT CONNECTION_ID()");
  AddThing(1, "a");
  Kill(session_);
  const absl::Status status =
      session_.Execute("INSERT INTO things (id, name) VALUES (?, ?)", {2, "b"})
          .status();
  EXPECT_THAT(status, StatusIs(StatusCode::kUnavailable));
  EXPECT_TRUE(IsConnectionLost(status));
  // The same statement, which must be prepared anew.
  AddThing(3, "c");
  EXPECT_NE(Select(session_, "SELECT CONNECTION_ID()"), before);
  EXPECT_EQ(database_.SelectInt("SELECT SUM(id) FROM things"), 4);
}

TEST_F(SessionTest, AReplacedConnectionIsSetUpLikeTheFirst) {
  ASSERT_THAT(session_.Connect(), IsOk());
  Kill(session_);
  EXPECT_FALSE(session_.ExecuteText("DO 1").ok());
  EXPECT_EQ(Select(session_, "SELECT @@tx_isolation"), "READ-COMMITTED");
  EXPECT_THAT(
      session_.Execute("INSERT INTO things (id, name) VALUES (1, 'sixsix')"),
      StatusIs(StatusCode::kInternal));
}

TEST_F(SessionTest, ConnectNoticesAnIdleConnectionThatDied) {
  ASSERT_THAT(session_.Connect(), IsOk());
  Kill(session_);
  // Connect asks the server only where the last use is a second ago: to ask
  // before each call would cost a round trip.
  absl::SleepFor(absl::Milliseconds(1100));
  EXPECT_THAT(session_.Connect(), IsOk());
  EXPECT_THAT(session_.Execute("DO 1"), IsOk());
}

TEST_F(SessionTest, DropOpensAnotherConnection) {
  const std::string before = Select(session_, "SELECT CONNECTION_ID()");
  EXPECT_EQ(Select(session_, "SELECT CONNECTION_ID()"), before);
  session_.Drop();
  EXPECT_NE(Select(session_, "SELECT CONNECTION_ID()"), before);
}

// ---- Statements

TEST_F(SessionTest, AnErrorLeavesTheSessionUsable) {
  AddThing(1, "a");
  const std::string before = Select(session_, "SELECT CONNECTION_ID()");
  const absl::Status duplicate =
      session_.Execute("INSERT INTO things (id, name) VALUES (?, ?)", {1, "b"})
          .status();
  EXPECT_TRUE(IsDuplicateKey(duplicate)) << duplicate;
  EXPECT_THAT(session_.Execute("SELEKT"), StatusIs(StatusCode::kInternal));
  EXPECT_THAT(session_.Execute("UPDATE nothing SET x = 1"),
              StatusIs(StatusCode::kInternal, "1146"));
  AddThing(2, "b");
  EXPECT_EQ(Select(session_, "SELECT CONNECTION_ID()"), before);
}

TEST_F(SessionTest, RowsThatNobodyAskedForDoNotPoisonTheSession) {
  AddThing(1, "a");
  session_.ExecuteText("SELECT id FROM things").IgnoreError();
  EXPECT_EQ(Select(session_, "SELECT id FROM things"), "1");
  session_.Execute("SELECT id FROM things").IgnoreError();
  EXPECT_EQ(Select(session_, "SELECT id FROM things"), "1");
  session_.Query("UPDATE things SET id = 2", {}, [](const Row&) {})
      .IgnoreError();
  EXPECT_THAT(session_.Execute("DELETE FROM things"), IsOk());
  EXPECT_EQ(Select(session_, "SELECT COUNT(*) FROM things"), "0");
}

TEST_F(SessionTest, AStatementIsPreparedOnce) {
  Prepared();
  const auto before = Prepared();
  for (int64_t id = 1; id <= 20; ++id) AddThing(id, "a");
  EXPECT_EQ(Prepared().first - before.first, 1);
}

TEST_F(SessionTest, PreparedStatementsAreBounded) {
  for (int i = 0; i < 450; ++i) {
    ASSERT_EQ(Select(session_, absl::StrCat("SELECT ", i)), absl::StrCat(i));
  }
  const auto [prepared, closed] = Prepared();
  EXPECT_GE(prepared, 450);
  EXPECT_LE(prepared - closed, 201);
}

TEST_F(SessionTest, TheStatementUsedLastIsKept) {
  for (int i = 0; i < 450; ++i) {
    ASSERT_EQ(Select(session_, absl::StrCat("SELECT ", i)), absl::StrCat(i));
    ASSERT_EQ(Select(session_, "SELECT 'hot'"), "hot");
  }
  const auto [prepared, closed] = Prepared();
  EXPECT_LE(prepared, 452);
}

TEST_F(SessionTest, AListOfAnyLengthTakesFewStatements) {
  for (int64_t id = 1; id <= 9; ++id) AddThing(id, "a");
  for (size_t count = 1; count <= 9; ++count) {
    std::vector<Param> params = {"a"};
    for (size_t id = 1; id <= count; ++id) params.emplace_back(int64_t(id));
    const std::string sql =
        WithList("SELECT COUNT(*) FROM things WHERE name = ? AND id IN (:list)",
                 count, params);
    int64_t found = 0;
    ASSERT_THAT(session_.Query(sql, params,
                               [&](const Row& row) { found = row.Int(0); }),
                IsOk());
    EXPECT_EQ(found, count);
  }
  std::vector<Param> five = {1, 2, 3, 4, 5};
  std::vector<Param> eight = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(WithList("IN (:list)", 5, five), WithList("IN (:list)", 8, eight));
  EXPECT_EQ(five.size(), 8);
}

// ---- Values

TEST_F(SessionTest, BinaryKeysKeepTheirNulBytes) {
  for (const std::string& key :
       {std::string(16, '\0'),
        std::string("\0\xFF'\\\"\n\x1A%_\0abcdef\0", 17).substr(0, 16)}) {
    ASSERT_THAT(session_.Execute("INSERT INTO things (id, key16) "
                                 "VALUES (1, ?)",
                                 {key}),
                IsOk());
    std::string read;
    ASSERT_THAT(
        session_.Query("SELECT key16 FROM things WHERE key16 = ?", {key},
                       [&](const Row& row) { read = row.Bytes(0); }),
        IsOk());
    EXPECT_EQ(read, key);
    ASSERT_THAT(session_.Execute("DELETE FROM things"), IsOk());
  }
}

TEST_F(SessionTest, NumbersKeepTheirWholeRange) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  ASSERT_THAT(session_.Execute("INSERT INTO things (id, big) VALUES (?, ?)",
                               {kLeast, kMost}),
              IsOk());
  ASSERT_THAT(session_.Execute("INSERT INTO things (id, big) VALUES (?, ?)",
                               {int32_t{-7}, uint64_t{1} << 63}),
              IsOk());
  std::vector<std::pair<int64_t, uint64_t>> rows;
  ASSERT_THAT(session_.Query("SELECT id, big FROM things ORDER BY id", {},
                             [&](const Row& row) {
                               rows.emplace_back(row.Int(0), row.Unsigned(1));
                             }),
              IsOk());
  EXPECT_THAT(rows, ::testing::ElementsAre(std::pair(kLeast, kMost),
                                           std::pair(-7, uint64_t{1} << 63)));
  EXPECT_EQ(database_.SelectInt("SELECT COUNT(*) FROM things WHERE "
                                "big = 18446744073709551615"),
            1);
}

TEST_F(SessionTest, NullIsNeitherEmptyNorZero) {
  AddThing(1, nullptr);
  AddThing(2, "");
  std::vector<bool> nulls;
  ASSERT_THAT(session_.Query("SELECT name, big FROM things ORDER BY id", {},
                             [&](const Row& row) {
                               nulls.push_back(row.IsNull(0));
                               nulls.push_back(row.IsNull(1));
                               EXPECT_EQ(row.Bytes(0), "");
                             }),
              IsOk());
  EXPECT_THAT(nulls, ::testing::ElementsAre(true, true, false, true));
  EXPECT_EQ(database_.SelectInt("SELECT id FROM things WHERE name IS NULL"), 1);
}

TEST_F(SessionTest, ADecimalKeepsItsDigits) {
  ASSERT_THAT(session_.Execute("INSERT INTO things (id, price) VALUES (1, ?)",
                               {"12345678901234.567890"}),
              IsOk());
  EXPECT_EQ(Select(session_, "SELECT price FROM things"),
            "12345678901234.567890");
}

TEST_F(SessionTest, LongContentComesBackWhole) {
  std::string content;
  while (content.size() < 3'000'000) {
    content.push_back(static_cast<char>(content.size() * 31 >> 3));
  }
  ASSERT_THAT(session_.Execute("INSERT INTO things (id, content) VALUES (1, ?)",
                               {content}),
              IsOk());
  EXPECT_TRUE(Select(session_, "SELECT content FROM things") == content);
}

TEST_F(SessionTest, EveryRowIsSeenOnce) {
  for (int64_t id = 1; id <= 300; ++id) AddThing(id, "a");
  int64_t rows = 0;
  int64_t sum = 0;
  ASSERT_THAT(session_.Query("SELECT id FROM things WHERE id > ?", {100},
                             [&](const Row& row) {
                               ++rows;
                               sum += row.Int(0);
                             }),
              IsOk());
  EXPECT_EQ(rows, 200);
  EXPECT_EQ(sum, 40'100);
}

}  // namespace
}  // namespace kith::mysql
