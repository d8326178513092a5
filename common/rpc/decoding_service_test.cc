#include "common/rpc/decoding_service.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <future>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "common/ops/metrics.h"
#include "common/rpc/call_gate.h"
#include "common/rpc/callback_threads.h"
#include "common/rpc/grpc_status.h"
#include "common/status/rpc_status.h"
#include "common/testing/calls.h"
#include "common/testing/matchers.h"
#include "common/testing/test_keys.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"

namespace kith::rpc {
namespace {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::StatusIs;
using ContactsApi = contacts::v1::ContactsService;

// "Ada " and the first half of an emoji, as JavaScript cuts it in two.
constexpr char kHalfAnEmoji[] = "Ada \xED\xA0\xBD";

// Answers with what it was asked.
class EchoService final : public ContactsApi::CallbackService {
 public:
  grpc::ServerUnaryReactor* CreateContact(
      grpc::CallbackServerContext* call,
      const contacts::v1::CreateContactRequest* request,
      contacts::v1::Contact* reply) override {
    const auto active = gate_.Begin(call, *request, *reply);
    if (active->admitted().ok()) {
      *reply = active->request<contacts::v1::CreateContactRequest>().contact();
    }
    active->Finish(active->admitted());
    return active->reactor();
  }

  grpc::ServerUnaryReactor* BatchEnsureContacts(
      grpc::CallbackServerContext* call,
      const contacts::v1::BatchEnsureContactsRequest* request,
      contacts::v1::BatchEnsureContactsResponse* reply) override {
    using Request = contacts::v1::BatchEnsureContactsRequest;
    const auto active = gate_.Begin(call, *request, *reply);
    if (active->admitted().ok()) {
      for (const auto& item : active->request<Request>().requests()) {
        *reply->add_results()->mutable_response()->mutable_contact() =
            item.contact();
      }
    }
    active->Finish(active->admitted());
    return active->reactor();
  }

 private:
  const CallGate gate_{ContactsApi::service_full_name(), testing::TestKeys()};
};

double Refused(const std::string& method) {
  return ops::Counter(
             "grpc_server_handled_total", "RPCs completed on the server.",
             {{"grpc_type", "unary"},
              {"grpc_service", std::string(ContactsApi::service_full_name())},
              {"grpc_method", method},
              {"grpc_code", "InvalidArgument"}})
      .Value();
}

class DecodingServiceTest : public ::testing::Test {
 protected:
  DecodingServiceTest() {
    KeepCallbackThreads();
    grpc::ServerBuilder builder;
    builder.RegisterService(&decoding_);
    server_ = builder.BuildAndStart();
    channel_ = server_->InProcessChannel({});
    stub_ = ContactsApi::NewStub(channel_);
  }

  ~DecodingServiceTest() override {
    server_->Shutdown();
    server_->Wait();
  }

  absl::StatusOr<contacts::v1::Contact> Create(
      const std::string& display_name, testing::TestKey key = testing::kDemo) {
    contacts::v1::CreateContactRequest request;
    // The library of C++ sends it, whatever it is.
    request.mutable_contact()->set_display_name(display_name);
    return testing::Call(*stub_, &ContactsApi::Stub::CreateContact, request,
                         key);
  }

  // Calls CreateContact with these bytes.
  absl::Status CreateOf(const grpc::Slice& bytes) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext call;
    call.AddMetadata("authorization", testing::Authorization(testing::kDemo));
    call.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    grpc::ByteBuffer request(&bytes, 1);
    grpc::ByteBuffer reply;
    std::promise<grpc::Status> done;
    stub.UnaryCall(&call, "/kith.contacts.v1.ContactsService/CreateContact",
                   grpc::StubOptions(), &request, &reply,
                   [&](const grpc::Status& s) { done.set_value(s); });
    return FromGrpc(done.get_future().get());
  }

  EchoService service_;
  DecodingService decoding_{ContactsApi::service_full_name(), service_};
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<ContactsApi::Stub> stub_;
};

TEST_F(DecodingServiceTest, GoodRequestsAreServed) {
  const auto contact = Create("Ada");
  ASSERT_THAT(contact, IsOk());
  EXPECT_EQ(contact->display_name(), "Ada");
}

TEST_F(DecodingServiceTest, TextThatIsNotUtf8IsRefusedByName) {
  const double before = Refused("CreateContact");
  const absl::Status status = Create(kHalfAnEmoji).status();
  EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument,
                               "contact.display_name: not UTF-8"));
  const auto detail = status::FindDetail<google::rpc::BadRequest>(status);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->field_violations(0).field(), "contact.display_name");
  EXPECT_EQ(Refused("CreateContact"), before + 1);
  // The next one on the same thread is none of it.
  EXPECT_THAT(Create("Ada"), IsOk());
}

TEST_F(DecodingServiceTest, TheKeyIsCheckedFirst) {
  EXPECT_THAT(Create(kHalfAnEmoji, testing::kNobody).status(),
              StatusIs(StatusCode::kUnauthenticated));
  EXPECT_THAT(Create(kHalfAnEmoji, testing::kDemoNoScopes).status(),
              StatusIs(StatusCode::kPermissionDenied));
}

TEST_F(DecodingServiceTest, BytesThatAreNoMessageAreRefused) {
  for (const char* bytes : {"\x12\x7F", "\x07", "\xFF\xFF\xFF"}) {
    EXPECT_THAT(CreateOf(grpc::Slice(bytes)),
                StatusIs(StatusCode::kInvalidArgument, "cannot be decoded"));
  }
  EXPECT_THAT(CreateOf(grpc::Slice("")), IsOk());
}

TEST_F(DecodingServiceTest, OtherItemsOfABatchLive) {
  contacts::v1::BatchEnsureContactsRequest batch;
  for (const char* name : {"Ada", kHalfAnEmoji, "Grace"}) {
    batch.add_requests()->mutable_contact()->set_display_name(name);
  }
  const auto reply =
      testing::Call(*stub_, &ContactsApi::Stub::BatchEnsureContacts, batch);
  ASSERT_THAT(reply, IsOk());
  ASSERT_EQ(reply->results_size(), 3);
  EXPECT_EQ(reply->results(0).response().contact().display_name(), "Ada");
  EXPECT_THAT(status::FromProto(reply->results(1).error()),
              StatusIs(StatusCode::kInvalidArgument,
                       "contact.display_name: not UTF-8"));
  EXPECT_EQ(reply->results(2).response().contact().display_name(), "Grace");
}

}  // namespace
}  // namespace kith::rpc
