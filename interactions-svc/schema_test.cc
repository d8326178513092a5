#include "interactions-svc/schema.h"

#include "common/testing/lookup_tables.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

// The first lookup comes with a list of them in lookups.h, for main.cc.
TEST(SchemaTest, DeclaresNoLookups) {
  EXPECT_THAT(testing::DeclaredLookups(Schema()), ::testing::IsEmpty());
}

}  // namespace
}  // namespace kith::interactions
