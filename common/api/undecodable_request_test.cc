#include "common/api/undecodable_request.h"

#include <string>
#include <utility>
#include <vector>

#include "common/status/rpc_status.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/interactions/v1/summary.pb.h"

namespace kith::api {
namespace {

using absl::StatusCode;
using ::kith::testing::EqualsProto;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;

// "Ada " and the first half of an emoji, as JavaScript cuts it in two.
constexpr char kCutInTwo[] = "Ada \xED\xA0\xBD";

const google::protobuf::MethodDescriptor& Method(const std::string& name) {
  return *google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      "kith." + name);
}

const google::protobuf::MethodDescriptor& CreateContact() {
  return Method("contacts.v1.ContactsService.CreateContact");
}

const google::protobuf::MethodDescriptor& BatchEnsureContacts() {
  return Method("contacts.v1.ContactsService.BatchEnsureContacts");
}

absl::Status StatusOf(const google::protobuf::MethodDescriptor& method,
                      const std::string& bytes) {
  const UndecodableRequest request(method, bytes);
  EXPECT_EQ(request.request() != nullptr, request.status().ok());
  return request.status();
}

// A batch of so many, of which those at `bad` have text that is not UTF-8.
contacts::v1::BatchEnsureContactsRequest Batch(int count,
                                               const std::vector<int>& bad) {
  contacts::v1::BatchEnsureContactsRequest batch;
  for (int i = 0; i < count; ++i) {
    auto& item = *batch.add_requests();
    item.set_contact_id(std::to_string(i));
    item.mutable_contact()->set_display_name("Ada");
  }
  for (const int i : bad) {
    batch.mutable_requests(i)->mutable_contact()->set_display_name(kCutInTwo);
  }
  return batch;
}

TEST(UndecodableRequestTest, TextThatIsNotUtf8IsNamedByItsPath) {
  contacts::v1::CreateContactRequest named;
  named.mutable_contact()->set_display_name(kCutInTwo);
  contacts::v1::CreateContactRequest several;
  several.set_request_id(kCutInTwo);
  several.mutable_contact()->add_labels("vip");
  several.mutable_contact()->add_labels(kCutInTwo);
  contacts::v1::CreateContactRequest mapped;
  (*mapped.mutable_contact()->mutable_attributes())["note"] = kCutInTwo;
  contacts::v1::CreateContactRequest keyed;
  (*keyed.mutable_contact()->mutable_attributes())["\xFF"] = "yes";
  constexpr char kProblem[] = ": not UTF-8, want UTF-8";
  for (const auto& [request, fields] :
       std::vector<std::pair<contacts::v1::CreateContactRequest,
                             std::vector<std::string>>>{
           {named, {"contact.display_name"}},
           {several, {"contact.labels[1]", "request_id"}},
           {mapped, {"contact.attributes"}},
           {keyed, {"contact.attributes"}}}) {
    const absl::Status status =
        StatusOf(CreateContact(), request.SerializeAsString());
    for (const std::string& field : fields) {
      EXPECT_THAT(status,
                  StatusIs(StatusCode::kInvalidArgument, field + kProblem));
    }
    const auto detail = status::FindDetail<google::rpc::BadRequest>(status);
    ASSERT_TRUE(detail.has_value());
    EXPECT_EQ(detail->field_violations_size(), fields.size());
  }
}

TEST(UndecodableRequestTest, TheFirstTenFieldsAreTold) {
  contacts::v1::BatchGetContactsRequest request;
  for (int i = 0; i < 500; ++i) request.add_contact_ids(kCutInTwo);
  const auto detail = status::FindDetail<google::rpc::BadRequest>(
      StatusOf(Method("contacts.v1.ContactsService.BatchGetContacts"),
               request.SerializeAsString()));
  ASSERT_TRUE(detail.has_value());
  ASSERT_EQ(detail->field_violations_size(), 10);
  EXPECT_EQ(detail->field_violations(9).field(), "contact_ids[9]");
}

TEST(UndecodableRequestTest, OtherBytesAreToldWithTheMessageThatTheyAreNot) {
  contacts::v1::CreateContactRequest request;
  request.mutable_contact()->set_display_name("Ada");
  const std::string cut =
      request.SerializeAsString().substr(0, request.ByteSizeLong() - 1);
  // Field 2 is the contact. Its first field says that 127 bytes follow.
  const std::string inner = "\x12\x02\x0A\x7F";
  ASSERT_EQ(contacts::v1::CreateContactRequest::kContactFieldNumber, 2);
  std::string deep;
  for (int i = 0; i < 200; ++i) deep.push_back('\x0B');
  for (const auto& [bytes, problem] :
       std::vector<std::pair<std::string, std::string>>{
           {cut,
            "the request cannot be decoded, want a "
            "kith.contacts.v1.CreateContactRequest"},
           {inner,
            "contact: cannot be decoded, want a kith.contacts.v1.Contact"},
           {"\x02", "the request cannot be decoded"},
           {"\x07", "the request cannot be decoded"},
           {"\x0C", "the request cannot be decoded"},
           {std::string(20, '\xFF'), "the request cannot be decoded"},
           {deep, "the request cannot be decoded"},
           {"", "the request cannot be decoded"}}) {
    EXPECT_THAT(StatusOf(CreateContact(), bytes),
                StatusIs(StatusCode::kInvalidArgument, problem));
  }
}

TEST(UndecodableRequestTest, OtherItemsOfABatchAreSaved) {
  const UndecodableRequest request(BatchEnsureContacts(),
                                   Batch(4, {1, 3}).SerializeAsString());
  ASSERT_THAT(request.status(), IsOk());
  auto want = Batch(4, {});
  want.mutable_requests(1)->Clear();
  want.mutable_requests(3)->Clear();
  ASSERT_NE(request.request(), nullptr);
  EXPECT_EQ(request.request()->SerializeAsString(), want.SerializeAsString());

  contacts::v1::BatchEnsureContactsResponse response;
  for (int i = 0; i < 4; ++i) {
    response.add_results()->mutable_response()->set_created(true);
  }
  request.PutErrors(response);
  ASSERT_EQ(response.results_size(), 4);
  for (const int i : {0, 2}) {
    EXPECT_TRUE(response.results(i).response().created()) << i;
  }
  for (const int i : {1, 3}) {
    // Field paths begin at the item, as in all results.
    EXPECT_THAT(status::FromProto(response.results(i).error()),
                StatusIs(StatusCode::kInvalidArgument,
                         "contact.display_name: not UTF-8, want UTF-8"))
        << i;
  }
}

TEST(UndecodableRequestTest, AnItemThatIsNoMessageIsOneOfThose) {
  contacts::v1::BatchEnsureContactsRequest batch = Batch(1, {});
  const std::string bytes =
      std::string("\x0A\x01\x0F", 3) + batch.SerializeAsString();
  const UndecodableRequest request(BatchEnsureContacts(), bytes);
  EXPECT_THAT(request.status(), IsOk());
  contacts::v1::BatchEnsureContactsResponse response;
  response.add_results();
  response.add_results();
  request.PutErrors(response);
  EXPECT_THAT(status::FromProto(response.results(0).error()),
              StatusIs(StatusCode::kInvalidArgument,
                       "want a kith.contacts.v1.EnsureContactRequest"));
  EXPECT_FALSE(response.results(1).has_error());
}

TEST(UndecodableRequestTest, ABatchThatIsCutShortIsRefused) {
  std::string bytes = Batch(3, {1}).SerializeAsString();
  bytes.pop_back();
  EXPECT_THAT(StatusOf(BatchEnsureContacts(), bytes),
              StatusIs(StatusCode::kInvalidArgument,
                       "requests[1].contact.display_name: not UTF-8"));
}

TEST(UndecodableRequestTest, WithoutErrorsOfItemsTheWholeIsRefused) {
  interactions::v1::BatchGetActivityRequest request;
  request.add_sets()->add_contact_ids("a");
  request.add_sets()->add_contact_ids("b");
  request.mutable_sets(1)->add_contact_ids(kCutInTwo);
  EXPECT_THAT(
      StatusOf(Method("interactions.v1.InteractionsService.BatchGetActivity"),
               request.SerializeAsString()),
      StatusIs(StatusCode::kInvalidArgument,
               "sets[1].contact_ids[1]: not UTF-8, want UTF-8"));
}

}  // namespace
}  // namespace kith::api
