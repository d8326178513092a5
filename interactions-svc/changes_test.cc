#include <string>
#include <vector>

#include "common/base/times.h"
#include "common/testing/outbox_rows.h"
#include "interactions-svc/interactions_fixture.h"

namespace kith::interactions {
namespace {

using ::kith::testing::IsOk;
using ::kith::testing::OutboxRows;
using ::kith::testing::ToldOf;
using ::testing::ElementsAre;

constexpr char kOne[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000aa";
constexpr char kTwo[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000bb";

v1::RecordInteractionRequest NoteOf(const std::string& contact_id,
                                    const std::string& external_id,
                                    int64_t revision = 0) {
  v1::RecordInteractionRequest request;
  v1::Interaction& note = *request.mutable_interaction();
  note.set_contact_id(contact_id);
  note.set_kind(v1::KIND_NOTE);
  note.set_subject(std::to_string(revision));
  note.set_source("crm");
  note.set_external_id(external_id);
  note.set_source_revision(revision);
  return request;
}

class ChangesTest : public InteractionsTest {
 protected:
  std::vector<std::string> Told(const char* contact_id) {
    return ToldOf(harness_.database(), contact_id);
  }
};

TEST_F(ChangesTest, EachOfABatchIsToldUnderItsContact) {
  ASSERT_THAT(
      BatchRecord({NoteOf(kOne, "a"), NoteOf(kTwo, "b"), NoteOf(kOne, "c")}),
      IsOk());
  ASSERT_THAT(Record(NoteOf(kOne, "d")), IsOk());
  EXPECT_THAT(Told(kOne),
              ElementsAre("1 interaction_recorded", "2 interaction_recorded",
                          "3 interaction_recorded"));
  EXPECT_THAT(Told(kTwo), ElementsAre("1 interaction_recorded"));
}

TEST_F(ChangesTest, Revision0IsToldAndNoneIsNot) {
  v1::RecordInteractionRequest none = NoteOf(kOne, "none");
  none.mutable_interaction()->clear_source_revision();
  ASSERT_THAT(Record(none), IsOk());
  ASSERT_THAT(Record(NoteOf(kOne, "zero", 0)), IsOk());
  const auto rows = OutboxRows(harness_.database());
  ASSERT_EQ(rows.size(), 2);
  EXPECT_FALSE(rows[0].interaction_recorded().has_source_revision());
  EXPECT_TRUE(rows[1].interaction_recorded().has_source_revision());
}

TEST_F(ChangesTest, ARepeatIsNotTold) {
  ASSERT_THAT(Record(NoteOf(kOne, "a")), IsOk());
  ASSERT_THAT(Record(NoteOf(kOne, "a")), IsOk());
  EXPECT_THAT(Told(kOne), ElementsAre("1 interaction_recorded"));
}

TEST_F(ChangesTest, ACorrectionIsToldOfTheSameInteraction) {
  const auto recorded = Record(NoteOf(kOne, "a", 1));
  ASSERT_THAT(recorded, IsOk());
  ASSERT_THAT(Record(NoteOf(kOne, "a", 2)), IsOk());
  EXPECT_THAT(Told(kOne),
              ElementsAre("1 interaction_recorded", "2 interaction_corrected"));
  const auto rows = OutboxRows(harness_.database());
  ASSERT_EQ(rows.size(), 2);
  const auto& corrected = rows[1].interaction_corrected();
  EXPECT_EQ(corrected.interaction_id(),
            recorded->interaction().interaction_id());
  EXPECT_EQ(corrected.kind(), v1::KIND_NOTE);
  EXPECT_EQ(corrected.source_revision(), 2);
  EXPECT_EQ(rows[0].interaction_recorded().source_revision(), 1);
  EXPECT_EQ(base::FromProto(corrected.occurred_time()),
            base::FromProto(recorded->interaction().occurred_time()));
}

}  // namespace
}  // namespace kith::interactions
