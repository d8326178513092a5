#include "interactions-svc/contacting/interaction_caller.h"

#include <string>
#include <vector>

#include "common/api/visit_source.h"
#include "common/auth/scopes.h"
#include "common/testing/matchers.h"
#include "gtest/gtest.h"

namespace kith::interactions {
namespace {

using ::absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

base::Principal CallerWith(config::v1::Assurance assurance,
                           const std::vector<std::string>& scopes = {}) {
  base::Principal caller;
  caller.assurance = assurance;
  caller.scopes.insert(scopes.begin(), scopes.end());
  return caller;
}

const base::Principal kForm =
    CallerWith(config::v1::ASSURANCE_UNAUTHENTICATED, {"interactions.write"});
const base::Principal kSystem =
    CallerWith(config::v1::ASSURANCE_REPORTED, {"interactions.write"});
const base::Principal kPerson =
    CallerWith(config::v1::ASSURANCE_VERIFIED, {"interactions.write"});

TEST(InteractionCallerTest, ReferencesNeedAReportedKey) {
  v1::Interaction interaction;
  EXPECT_THAT(CheckAssurance(kForm, interaction), IsOk());
  interaction.set_source("crm");
  EXPECT_THAT(CheckAssurance(kForm, interaction),
              StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT(CheckRecorder(kForm, interaction),
              StatusIs(StatusCode::kPermissionDenied));
  EXPECT_THAT(CheckFinder(kForm, interaction),
              StatusIs(StatusCode::kPermissionDenied));
  for (const base::Principal& caller : {kSystem, kPerson}) {
    EXPECT_THAT(CheckRecorder(caller, interaction), IsOk());
    EXPECT_THAT(CheckFinder(caller, interaction), IsOk());
  }
  std::vector<v1::Interaction> refer(3);
  refer[0].set_thread_id("x");
  refer[1].set_message_id("x");
  refer[2].add_in_reply_to("x");
  for (const v1::Interaction& one : refer) {
    EXPECT_THAT(CheckRecorder(kForm, one),
                StatusIs(StatusCode::kPermissionDenied, "in_reply_to"));
    EXPECT_THAT(CheckRecorder(kSystem, one), IsOk());
  }
}

TEST(InteractionCallerTest, TheGatewayAloneRecordsVisits) {
  v1::Interaction visit;
  visit.set_source(api::kVisitSource);
  for (const base::Principal& caller : {kForm, kSystem, kPerson}) {
    EXPECT_THAT(CheckRecorder(caller, visit),
                StatusIs(StatusCode::kPermissionDenied, "the gateway alone"));
    EXPECT_THAT(CheckFinder(caller, visit), IsOk());
  }
  EXPECT_THAT(CheckRecorder(CallerWith(config::v1::ASSURANCE_UNAUTHENTICATED,
                                       {std::string(auth::kAllTenantsScope)}),
                            visit),
              IsOk());
}

TEST(InteractionCallerTest, TheGatewaysKeyNamesNoOtherSourceForWhoHasNone) {
  v1::Interaction interaction;
  interaction.set_source("kith.visits");
  EXPECT_THAT(CheckRecorder(CallerWith(config::v1::ASSURANCE_UNAUTHENTICATED,
                                       {std::string(auth::kAllTenantsScope)}),
                            interaction),
              StatusIs(StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace kith::interactions
