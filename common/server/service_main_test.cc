#include "common/server/service_main.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/temporary_directory.h"
#include "common/testing/test_database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"

namespace kith::server {
namespace {

using ::testing::AllOf;
using ::testing::ExitedWithCode;
using ::testing::HasSubstr;
using Api = contacts::v1::ContactsService;

// main() of a service with one table.
int Main(std::vector<std::string> flags) {
  const mysql::Schema schema = {
      {"0001_a", "CREATE TABLE a AS SELECT @@max_statement_time AS seconds"}};
  flags.insert(flags.begin(), "test-svc");
  std::vector<char*> argv;
  for (std::string& flag : flags) argv.push_back(flag.data());
  return RunDatabaseService(static_cast<int>(argv.size()), argv.data(),
                            {.full_name = Api::service_full_name(),
                             .schema = schema,
                             .lookups = {},
                             .make = [](PooledCalls&) {
                               return std::make_unique<Api::CallbackService>();
                             }});
}

// Each starts the process anew, as flags are global.
class ServiceMainDeathTest : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  std::string File(const std::string& name, const std::string& content) {
    std::ofstream(directory_.Path(name)) << content;
    return directory_.Path(name);
  }

  // For the process that was started: it must not leave its folder behind.
  [[noreturn]] void Exit(int code) {
    std::filesystem::remove_all(directory_.path());
    std::exit(code);
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(ServiceMainDeathTest, NamesAllFaultsOfItsFlagsAtOnce) {
  EXPECT_EXIT(
      Exit(Main({"--listen_address=nonsense", "--ops_address=[::]:x",
                 "--drain_timeout=-1s", "--db_address=mysql://host",
                 "--db_password_file=/no/such/password", "--workers=0",
                 "--queue_limit=0"})),
      ExitedWithCode(2),
      AllOf(HasSubstr("--listen_address"), HasSubstr("--ops_address"),
            HasSubstr("--keys_file: not given"),
            HasSubstr("--tenants_file: not given"),
            HasSubstr("--drain_timeout"), HasSubstr("--db_address"),
            HasSubstr("--db_user: not given"),
            HasSubstr("--db_name: not given"),
            HasSubstr("--db_password_file: cannot read /no/such/password"),
            HasSubstr("--workers: 0"), HasSubstr("--queue_limit: 0")));
}

TEST_F(ServiceMainDeathTest, NamesFaultsOfFlagsAndFilesAtOnce) {
  const std::string tenants = File("tenants", "tenants { id: 0 slug: 'a' }");
  EXPECT_EXIT(
      Exit(Main({"--db_address=tcp:host:3306", "--db_user=u", "--db_name=n",
                 "--workers=513", absl::StrCat("--tenants_file=", tenants),
                 "--keys_file=/no/such/keys"})),
      ExitedWithCode(2),
      AllOf(HasSubstr("--workers: 513"), HasSubstr("/no/such/keys")));
  const std::string keys = File("keys", "");
  EXPECT_EXIT(Exit(Main({"--db_address=tcp:host", "--db_user=u", "--db_name=n",
                         absl::StrCat("--tenants_file=", tenants),
                         absl::StrCat("--keys_file=", keys)})),
              ExitedWithCode(2),
              AllOf(HasSubstr("--db_address"), HasSubstr("id is 0"),
                    HasSubstr("region")));
}

TEST_F(ServiceMainDeathTest, MigratesWithoutKeysAndExits) {
  EXPECT_EXIT(
      {
        std::optional<testing::TestDatabase> database;
        database.emplace(mysql::Schema());
        const int code =
            Main({"--migrate",
                  absl::StrCat("--db_address=", database->options().address),
                  "--db_user=root",
                  absl::StrCat("--db_name=", database->options().database)});
        const int64_t version =
            database->SelectInt("SELECT MAX(version) FROM schema_version");
        // Of the statement that migrates: a large table takes its time.
        const int64_t seconds = database->SelectInt("SELECT seconds FROM a");
        database.reset();
        Exit(code == 0 && version == 1 && seconds >= 300 ? 17 : 18);
      },
      ExitedWithCode(17), "0001_a");
}

TEST_F(ServiceMainDeathTest, AMigrationThatFailsIsAnError) {
  EXPECT_EXIT(
      Exit(Main({"--migrate", "--db_address=unix:/tmp/kith-no-such-socket",
                 "--db_user=u", "--db_name=n"})),
      ExitedWithCode(1), "the database cannot be reached");
}

}  // namespace
}  // namespace kith::server
