#include "identity-svc/lookups.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "common/testing/lookup_tables.h"
#include "identity-svc/holding_row.h"
#include "identity-svc/identity_row.h"
#include "identity-svc/identity_service_fixture.h"
#include "identity-svc/schema.h"

namespace kith::identity {
namespace {

using ::kith::testing::DeclaredLookups;
using ::kith::testing::IsClean;
using ::kith::testing::LookupTables;
using ::kith::testing::OpenTransaction;
using ::kith::testing::Reports;

// More than a page of owners, and of rows under one key.
constexpr int kValues = 130;

class LookupsTest : public IdentityServiceTest {
 protected:
  // Handles and phones of one contact; some that are held no more, or by
  // another since.
  void Fill(TestKey key = kDemo) {
    for (int i = 0; i < kValues; ++i) {
      EXPECT_THAT(Link(kAda, At(i), "", key), IsOk());
      EXPECT_THAT(Link(kAda, Handle(absl::StrCat("net", i), "ada"), "", key),
                  IsOk());
    }
    for (int i = 0; i < 20; ++i) {
      EXPECT_THAT(Unlink(kAda, At(i), "", key), IsOk());
      if (i >= 10) continue;
      EXPECT_THAT(Link(kBob, At(i), "", key), IsOk());
    }
  }

  static v1::ChannelValue At(int i) {
    return Email(absl::StrCat("ada", i, "@example.com"));
  }

  LookupTables lookups_{harness_.database(), harness_.clock(), Lookups()};
};

TEST_F(LookupsTest, AreAllThatTheSchemaDeclares) {
  EXPECT_EQ(lookups_.names(), DeclaredLookups(Schema()));
}

TEST_F(LookupsTest, AgreeWithTheirHomesAsTheyAreWritten) {
  Fill();
  Fill(kOther);
  EXPECT_THAT(lookups_.Check("contact_identities"),
              Reports(2 * (2 * kValues - 10), 0, 0));
  EXPECT_THAT(lookups_.Check("identity_values"), Reports(2 * kValues, 0, 0));
}

TEST_F(LookupsTest, WithNothingToDoARebuildWritesNothing) {
  Fill();
  for (const std::string& table : lookups_.names()) {
    EXPECT_THAT(lookups_.RebuildWithoutWriting(table), IsClean()) << table;
  }
}

// A table, and the column that an alteration spoils.
class EachLookupTest : public LookupsTest,
                       public ::testing::WithParamInterface<
                           std::pair<const char*, const char*>> {
 protected:
  void SetUp() override {
    Fill();
    Fill(kOther);
    before_ = lookups_.Content(table_);
  }

  void Execute(const std::string& sql) { harness_.database().Execute(sql); }

  void ExpectMended(int64_t missing, int64_t extra) {
    lookups_.ExpectMended(table_, before_, missing, extra);
  }

  const std::string table_ = GetParam().first;
  const std::string altered_ = GetParam().second;
  mysql::LookupRows before_;
};

TEST_P(EachLookupTest, RowsThatAreGone) {
  Execute(absl::StrCat("DELETE FROM ", table_, " WHERE tenant_id = 1"));
  Execute(absl::StrCat("DELETE FROM ", table_, " WHERE tenant_id = 2 LIMIT 3"));
  ExpectMended(static_cast<int64_t>(before_.size()) / 2 + 3, 0);
}

TEST_P(EachLookupTest, RowsThatAreWrong) {
  for (const int tenant : {1, 2}) {
    Execute(absl::StrCat(
        "UPDATE ", table_, " SET ", altered_,
        " = UNHEX(REPEAT('EE', 16)) WHERE tenant_id = ", tenant, " LIMIT 4"));
  }
  ExpectMended(8, 8);
}

TEST_P(EachLookupTest, RowsOfIdentitiesThatAreNotThere) {
  // In a tenant that has nothing else, too.
  const char* const first = table_ == "identity_values" ? ", 3, " : ", ";
  for (const int tenant : {1, 2, 3}) {
    for (const char* key : {"REPEAT(CHAR(0), 16)", "REPEAT('x', 16)"}) {
      Execute(absl::StrCat("INSERT INTO ", table_, " VALUES (", tenant, first,
                           "REPEAT('k', 16), ", key, ")"));
    }
  }
  ExpectMended(0, 6);
}

TEST_P(EachLookupTest, RowsOfAnotherTenant) {
  // The other tenant knows the same values.
  Execute("DELETE FROM holdings WHERE tenant_id = 2");
  Execute("DELETE FROM identities WHERE tenant_id = 2");
  Execute(absl::StrCat("DELETE FROM ", table_, " WHERE tenant_id = 2"));
  before_ = lookups_.Content(table_);
  Execute(absl::StrCat("UPDATE ", table_,
                       " SET tenant_id = 2 WHERE tenant_id = 1 LIMIT 5"));
  ExpectMended(5, 5);
}

INSTANTIATE_TEST_SUITE_P(
    All, EachLookupTest,
    ::testing::Values(std::pair("contact_identities", "contact_id"),
                      std::pair("identity_values", "normalized")),
    [](const auto& table) { return std::string(table.param.first); });

TEST_F(LookupsTest, AHoldingThatEndsMeanwhileIsNotAdded) {
  ASSERT_THAT(Link(kAda, At(0)), IsOk());
  const std::string key =
      Resolve(At(0))->candidates(0).identity().identity_key();
  harness_.database().Execute("DELETE FROM contact_identities");
  OpenTransaction writer(harness_.database());
  const mysql::TenantTx tx(writer.session(), 1, absl::Now());
  ASSERT_THAT(LockIdentity(tx, key), IsOk());
  auto holdings = SelectHoldingsOf(tx, key);
  ASSERT_THAT(holdings, IsOk());
  holdings->back().end_micros = absl::ToUnixMicros(Now());
  ASSERT_THAT(EndHolding(tx, key, holdings->back()), IsOk());
  const mysql::LookupReport report =
      lookups_.RebuildAcross("contact_identities", writer);
  EXPECT_THAT(report, Reports(1, 1, 0));
  EXPECT_EQ(report.mended, 0);
  EXPECT_THAT(lookups_.Check("contact_identities"), Reports(0, 0, 0));
}

TEST_F(LookupsTest, ARebuildUnderWritersEndsClean) {
  Fill();
  harness_.database().Execute("DELETE FROM contact_identities LIMIT 100");
  harness_.database().Execute("DELETE FROM identity_values LIMIT 100");
  std::atomic<int> writing = 4;
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([&, t] {
      absl::BitGen random;
      for (int i = 0; i < 60; ++i) {
        const auto value = At(absl::Uniform(random, 0, kValues));
        Unlink(kAda, value).IgnoreError();
        Link(t % 2 == 0 ? kAda : kBob, value).IgnoreError();
        Unlink(kBob, value).IgnoreError();
        Claim(kCleo, {Handle(absl::StrCat("new", t, "-", i), "ada")})
            .IgnoreError();
      }
      --writing;
    });
  }
  bool mended = false;
  do {
    // Once all is mended, nothing differs any more.
    if (mended) lookups_.ExpectAllClean();
    for (const std::string& table : lookups_.names()) {
      EXPECT_EQ(lookups_.Rebuild(table).failed, 0);
    }
    mended = true;
  } while (writing > 0);
  for (std::thread& writer : writers) writer.join();
  lookups_.ExpectAllClean();
}

}  // namespace
}  // namespace kith::identity
