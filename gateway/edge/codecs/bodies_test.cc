// The JSON of messages and of errors.

#include <string>

#include "common/status/rpc_status.h"
#include "gateway/edge/codecs/code_table.h"
#include "gateway/edge/codecs/error_body.h"
#include "gateway/edge/codecs/json_codec.h"
#include "gmock/gmock.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/gateway/v1/customer_view.pb.h"
#include "kith/gateway/v1/touch.pb.h"
#include "kith/interactions/v1/interaction.pb.h"

namespace kith::edge {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const JsonCodec& Codec() {
  static const auto& codec =
      *new JsonCodec(*google::protobuf::DescriptorPool::generated_pool());
  return codec;
}

TEST(CodeTableTest, HasARowForEachCode) {
  const struct {
    int code;
    const char* connect;
    const char* name;
    int http;
  } kRows[] = {{1, "canceled", "CANCELLED", 499},
               {2, "unknown", "UNKNOWN", 500},
               {3, "invalid_argument", "INVALID_ARGUMENT", 400},
               {4, "deadline_exceeded", "DEADLINE_EXCEEDED", 504},
               {5, "not_found", "NOT_FOUND", 404},
               {6, "already_exists", "ALREADY_EXISTS", 409},
               {7, "permission_denied", "PERMISSION_DENIED", 403},
               {8, "resource_exhausted", "RESOURCE_EXHAUSTED", 429},
               {9, "failed_precondition", "FAILED_PRECONDITION", 400},
               {10, "aborted", "ABORTED", 409},
               {11, "out_of_range", "OUT_OF_RANGE", 400},
               {12, "unimplemented", "UNIMPLEMENTED", 501},
               {13, "internal", "INTERNAL", 500},
               {14, "unavailable", "UNAVAILABLE", 503},
               {15, "data_loss", "DATA_LOSS", 500},
               {16, "unauthenticated", "UNAUTHENTICATED", 401},
               {17, "unknown", "UNKNOWN", 500},
               {-1, "unknown", "UNKNOWN", 500}};
  for (const auto& row : kRows) {
    EXPECT_EQ(ConnectName(row.code), row.connect);
    EXPECT_EQ(CodeName(row.code), row.name);
    EXPECT_EQ(HttpStatusOf(row.code), row.http);
  }
}

TEST(ErrorBodyTest, ConnectHasCodeMessageAndDetails) {
  EXPECT_EQ(ConnectErrorBody(status::ToProto(
                absl::ResourceExhaustedError("fail \xE2\x98\x83 100%"))),
            "{\"code\":\"resource_exhausted\",\"message\":\"fail "
            "\xE2\x98\x83 100%\"}");
  EXPECT_EQ(ConnectErrorBody(status::ToProto(absl::NotFoundError(""))),
            R"({"code":"not_found"})");
  google::rpc::ErrorInfo info;
  info.set_reason("A");
  absl::Status with_detail = absl::AbortedError("x");
  status::AddDetail(info, with_detail);
  EXPECT_EQ(ConnectErrorBody(status::ToProto(with_detail)),
            R"({"code":"aborted","message":"x","details":[)"
            R"({"type":"google.rpc.ErrorInfo","value":"CgFB"}]})");
}

TEST(ErrorBodyTest, RestIsThatOfAip193) {
  const absl::Status fault = status::WithReason(
      "CONTACT_DELETED", absl::FailedPreconditionError("deleted"));
  EXPECT_EQ(RestErrorBody(status::ToProto(fault), 400, Codec()),
            R"({"error":{"code":400,"message":"deleted",)"
            R"("status":"FAILED_PRECONDITION","details":[{)"
            R"("@type":"type.googleapis.com/google.rpc.ErrorInfo",)"
            R"("reason":"CONTACT_DELETED","domain":"kith.dev"}]}})");
}

TEST(ErrorBodyTest, BadTextAndUnknownDetailsAreNoFault) {
  google::rpc::Status error;
  error.set_code(5);
  error.set_message("half \xE2\x98");
  error.add_details()->set_type_url("type.googleapis.com/no.Such");
  error.mutable_details(0)->set_value("x");
  EXPECT_EQ(RestErrorBody(error, 404, Codec()),
            "{\"error\":{\"code\":404,\"message\":\"half \xEF\xBF\xBD\","
            "\"status\":\"NOT_FOUND\"}}");
  EXPECT_THAT(ConnectErrorBody(error), HasSubstr(R"("type":"no.Such")"));
}

TEST(JsonCodecTest, TakesBothNamesAndIgnoresUnknownOnes) {
  const auto& type = *gateway::v1::GetCustomerViewRequest::descriptor();
  for (const char* json :
       {R"({"customer":{"contactId":"a"},"interactionsSize":3,"new":[1]})",
        R"({"customer":{"contact_id":"a"},"interactions_size":3})"}) {
    gateway::v1::GetCustomerViewRequest request;
    ASSERT_TRUE(request.ParseFromString(*Codec().ToBytes(type, json)));
    EXPECT_EQ(request.customer().contact_id(), "a");
    EXPECT_EQ(request.interactions_size(), 3);
  }
}

TEST(JsonCodecTest, NameOfNoEnumValueIsAFaultAlsoBesideUnknownFields) {
  const auto& type = *gateway::v1::RecordTouchRequest::descriptor();
  const auto fault = [&](const char* json) {
    const auto bytes = Codec().ToBytes(type, json);
    return bytes.ok() ? "" : std::string(bytes.status().message());
  };
  EXPECT_EQ(fault(R"({"identities":[{"channel":"CHANNEL_PHONE"}],"new":1})"),
            "");
  EXPECT_EQ(fault(R"({"identities":[{"channel":1}],"new":1})"), "");
  EXPECT_THAT(fault(R"({"identities":[{"channel":"secret"}]})"),
              AllOf(HasSubstr("identities[0].channel: no value of Channel"),
                    Not(HasSubstr("secret"))));
  EXPECT_THAT(
      fault(R"({"new":1,"interaction":{"kind":"secret","newer":{"a":[1]}}})"),
      HasSubstr("interaction.kind: no value of Kind"));
}

TEST(JsonCodecTest, WritesCamelCaseWithoutDefaults) {
  gateway::v1::GetCustomerViewRequest request;
  request.mutable_customer()->set_contact_id("a");
  EXPECT_EQ(
      *Codec().ToJson(*request.GetDescriptor(), request.SerializeAsString()),
      R"({"customer":{"contactId":"a"}})");
}

TEST(JsonCodecTest, NamesTheFieldThatDoesNotFitAndNotItsValue) {
  const struct {
    const char* json;
    const char* field;
  } kCases[] = {
      {R"({"customer":{"contactId":["secret"]}})", "customer.contactId: "},
      {R"({"customer":{"contactId":{"secret":1}}})", "customer.contactId: "},
      {R"j({"readMask":"contact(secret)"})j", "readMask: want names of fields"},
      {R"({"interactionsSize":[1]})", "interactionsSize: want one value"},
      {R"({"customer":["secret"]})", "customer: "},
      {R"({"customer":"secret"})", "customer: "},
      {R"({"interactionsSize":"secret"})", "interactions_size: "},
      {R"(["secret"])", "the body is no JSON object"},
      {R"("secret")", "the body is no JSON object"},
      {"null", "the body is no JSON object"},
  };
  for (const auto& [json, field] : kCases) {
    const absl::Status status =
        Codec()
            .ToBytes(*gateway::v1::GetCustomerViewRequest::descriptor(), json)
            .status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << json;
    EXPECT_THAT(std::string(status.message()), StartsWith(field));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
  }
}

TEST(JsonCodecTest, AListIsTakenAsItIsOrNotAtAll) {
  const auto fault = [](const char* json) {
    return std::string(Codec()
                           .ToBytes(*contacts::v1::Contact::descriptor(), json)
                           .status()
                           .message());
  };
  EXPECT_EQ(fault(R"({"labels":null,"attributes":null,"roles":[]})"), "");
  EXPECT_EQ(fault(R"({"labels":["a",null]})"),
            "labels[1]: null, want a value, or leave it out");
  EXPECT_EQ(fault(R"({"labels":"a"})"), "labels: want a list");
  EXPECT_EQ(fault(R"({"labels":{"0":"a"}})"), "labels: want a list");
  EXPECT_EQ(fault(R"({"labels":[["a"],"b"]})"), "labels[0]: want one value");
  EXPECT_EQ(fault(R"({"attributes":["a"]})"), "attributes: want an object");
  EXPECT_EQ(fault(R"({"attributes":{"a":null}})"),
            "attributes[a]: null, want a value, or leave it out");
  EXPECT_EQ(fault(R"({"attributes":{"A secret":null}})"),
            "attributes: null, want a value, or leave it out");
}

TEST(JsonCodecTest, AFieldIsGivenOnceUnderOneOfItsNames) {
  const auto fault = [](const char* json) {
    const auto& type = *gateway::v1::RecordTouchRequest::descriptor();
    return std::string(Codec().ToBytes(type, json).status().message());
  };
  EXPECT_THAT(fault(R"({"requestId":"a","request_id":"a"})"),
              HasSubstr("given twice, want requestId or request_id"));
  EXPECT_THAT(fault(R"({"contact":{"display_name":"a","displayName":null}})"),
              StartsWith("contact.display_name: given twice"));
  EXPECT_THAT(
      fault(R"({"interaction":{"occurred_time":null,"occurredTime":null}})"),
      StartsWith("interaction.occurred_time: given twice"));
  EXPECT_THAT(fault(R"({"requestId":"a","requestId":"b"})"),
              HasSubstr("a key twice"));
}

// protobuf needs memory of the square of the brackets that are open.
TEST(JsonCodecTest, AFieldMaskOfManyBracketsIsRefusedAtOnce) {
  std::string mask;
  for (int i = 0; i < 100'000; ++i) mask += "a(";
  EXPECT_TRUE(absl::IsInvalidArgument(
      Codec()
          .ToBytes(*gateway::v1::GetCustomerViewRequest::descriptor(),
                   "{\"readMask\":\"" + mask + "\"}")
          .status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      Codec()
          .ToBytes(*google::protobuf::FieldMask::descriptor(),
                   "\"" + mask + "\"")
          .status()));
}

TEST(JsonCodecTest, AnAnyOfAnUnknownTypeIsInternal) {
  google::rpc::Status error;
  error.add_details()->set_type_url("type.googleapis.com/no.Such");
  error.mutable_details(0)->set_value("x");
  EXPECT_TRUE(absl::IsInternal(
      Codec()
          .ToJson(*error.GetDescriptor(), error.SerializeAsString())
          .status()));
}

}  // namespace
}  // namespace kith::edge
