#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "identity-svc/identity_service_fixture.h"

namespace kith::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class ReadValueTest : public IdentityServiceTest {
 protected:
  absl::StatusOr<v1::ReadValueResponse> ReadOf(const v1::ChannelValue& value,
                                               TestKey key = kDemo) {
    v1::ReadValueRequest request;
    *request.mutable_value() = value;
    return harness_.Call(&Stub::ReadValue, request, key);
  }

  // Each reading in a line: what is matched, or why it is refused.
  std::vector<std::string> LinesOf(const v1::ChannelValue& value) {
    const auto response = ReadOf(value);
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> lines;
    if (!response.ok()) return lines;
    for (const v1::ValueReading& reading : response->readings()) {
      const v1::Identity& identity = reading.identity();
      lines.push_back(absl::StrCat(
          v1::Channel_Name(identity.channel()), " ", identity.namespace_(),
          identity.namespace_().empty() ? "" : " ",
          reading.refusal().empty() ? identity.normalized_value()
                                    : "refused: " + reading.refusal()));
    }
    return lines;
  }
};

TEST_F(ReadValueTest, TellsEachReadingWithItsReason) {
  EXPECT_THAT(LinesOf(Untyped("(415) 555-2671")),
              ElementsAre("CHANNEL_PHONE +14155552671",
                          "CHANNEL_VISITOR (415) 555-2671",
                          "CHANNEL_SOCIAL (415) 555-2671",
                          "CHANNEL_EXTERNAL (415) 555-2671"));
  const auto read = ReadOf(Phone("0044 7911 246815"));
  ASSERT_THAT(read, IsOk());
  ASSERT_THAT(read->readings(), SizeIs(1));
  EXPECT_EQ(read->readings(0).reason(), "an international number after 00");
  EXPECT_EQ(read->readings(0).identity().value(), "0044 7911 246815");
  EXPECT_THAT(read->readings(0).identity().identity_key(), SizeIs(32));
}

TEST_F(ReadValueTest, TellsWhyAValueIsRefused) {
  EXPECT_THAT(
      LinesOf(Phone("4.91512E+12")),
      ElementsAre("CHANNEL_PHONE refused: a spreadsheet has rounded it"));
  EXPECT_THAT(LinesOf(Email("null@example.com")),
              ElementsAre("CHANNEL_EMAIL refused: a placeholder: nobody reads "
                          "that mailbox"));
}

TEST_F(ReadValueTest, AgreesWithWhatIsResolved) {
  ASSERT_THAT(Claim(kAda, {Handle("twitter", "@ada")}), IsOk());
  const auto read = ReadOf(Untyped("https://x.com/Ada"));
  ASSERT_THAT(read, IsOk());
  const auto found = Resolve(Untyped("https://x.com/Ada"));
  ASSERT_THAT(found, IsOk());
  ASSERT_THAT(found->candidates(), SizeIs(1));
  EXPECT_EQ(read->readings(1).identity().identity_key(),
            found->candidates(0).identity().identity_key());
}

TEST_F(ReadValueTest, WritesNothing) {
  ASSERT_THAT(ReadOf(Phone("+14155552671")), IsOk());
  EXPECT_EQ(Rows("identities"), 0);
}

TEST_F(ReadValueTest, ChecksTheRequestAndTheKey) {
  EXPECT_THAT(ReadOf(Untyped("")),
              StatusIs(StatusCode::kInvalidArgument, "value.value"));
  EXPECT_THAT(ReadOf(Untyped(std::string(321, 'a'))),
              StatusIs(StatusCode::kInvalidArgument, "value.value"));
  EXPECT_THAT(ReadOf(Phone("+14155552671"), kDemoNoScopes),
              StatusIs(StatusCode::kPermissionDenied, "identity.read"));
}

}  // namespace
}  // namespace kith::identity
