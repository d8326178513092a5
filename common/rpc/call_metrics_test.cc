#include "common/rpc/call_metrics.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contact.pb.h"
#include "prometheus/text_serializer.h"

namespace kith::rpc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string Scrape() {
  return prometheus::TextSerializer().Serialize(ops::Metrics().Collect());
}

TEST(CallMetricsTest, ACodeIsSpeltAsInGo) {
  EXPECT_EQ(CodeName(absl::StatusCode::kOk), "OK");
  EXPECT_EQ(CodeName(absl::StatusCode::kNotFound), "NotFound");
  EXPECT_EQ(CodeName(absl::StatusCode::kInvalidArgument), "InvalidArgument");
}

TEST(CallMetricsTest, ARequestTellsItsMethod) {
  EXPECT_EQ(
      MethodOf(*contacts::v1::GetContactRequest::descriptor()).full_name(),
      "kith.contacts.v1.ContactsService.GetContact");
}

TEST(CallMetricsDeathTest, AMessageThatIsNoRequestEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(MethodOf(*contacts::v1::Contact::descriptor()),
               "kith.contacts.v1.Contact");
}

TEST(CallMetricsTest, AClientCountsWhatItSendsAndGets) {
  const CallMetrics metrics(
      CallMetrics::Side::kClient,
      MethodOf(*contacts::v1::ListContactsRequest::descriptor()));
  metrics.NoteStart();
  metrics.NoteStart();
  metrics.NoteEnd(absl::StatusCode::kOk, absl::Milliseconds(3));
  metrics.NoteEnd(static_cast<absl::StatusCode>(99), absl::Seconds(1));
  const std::string labels =
      "grpc_method=\"ListContacts\","
      "grpc_service=\"kith.contacts.v1.ContactsService\",grpc_type=\"unary\"";
  EXPECT_THAT(
      Scrape(),
      AllOf(
          HasSubstr("grpc_client_started_total{" + labels + "} 2\n"),
          HasSubstr("grpc_client_msg_sent_total{" + labels + "} 2\n"),
          HasSubstr("grpc_client_msg_received_total{" + labels + "} 1\n"),
          HasSubstr("grpc_client_handled_total{grpc_code=\"OK\"," + labels +
                    "} 1\n"),
          HasSubstr("grpc_client_handled_total{grpc_code=\"Unknown\"," +
                    labels + "} 1\n"),
          HasSubstr("grpc_client_handling_seconds_count{" + labels + "} 2\n")));
}

}  // namespace
}  // namespace kith::rpc
