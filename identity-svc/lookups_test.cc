#include "identity-svc/lookups.h"

#include <atomic>
#include <string>
#include <thread>
#include <tuple>
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

  void Execute(const std::string& sql) { harness_.database().Execute(sql); }

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
  EXPECT_THAT(lookups_.Check("past_identities"), Reports(2 * 20, 0, 0));
  EXPECT_THAT(lookups_.Check("identity_values"), Reports(2 * kValues, 0, 0));
}

TEST_F(LookupsTest, WithNothingToDoARebuildWritesNothing) {
  Fill();
  for (const std::string& table : lookups_.names()) {
    EXPECT_THAT(lookups_.RebuildWithoutWriting(table), IsClean()) << table;
  }
}

TEST_F(LookupsTest, EachIsMendedWhateverIsWrongWithIt) {
  Fill();
  Fill(kOther);
  for (const auto& [table, column, key] :
       {std::tuple("contact_identities", "contact_id", "REPEAT('k', 16)"),
        std::tuple("past_identities", "contact_id", "REPEAT('k', 16)"),
        std::tuple("identity_values", "normalized", "3, REPEAT('k', 16)")}) {
    lookups_.ExpectMendedWhateverIsWrong(table, column, key);
  }
}

// The other tenant knows the same values.
TEST_F(LookupsTest, RowsOfAnotherTenantGoBack) {
  Fill();
  Fill(kOther);
  for (const char* table : {"holdings", "identities", "contact_identities",
                            "past_identities", "identity_values"}) {
    Execute(absl::StrCat("DELETE FROM ", table, " WHERE tenant_id = 2"));
  }
  for (const std::string& table : lookups_.names()) {
    const mysql::LookupRows before = lookups_.Content(table);
    Execute(absl::StrCat("UPDATE ", table,
                         " SET tenant_id = 2 WHERE tenant_id = 1 LIMIT 5"));
    lookups_.ExpectMended(table, before, 5, 5);
  }
}

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
