#ifndef KITH_CONTACTS_SVC_CONTACTS_FIXTURE_H_
#define KITH_CONTACTS_SVC_CONTACTS_FIXTURE_H_

#include <string>

#include "common/testing/matchers.h"
#include "common/testing/service_harness.h"
#include "contacts-svc/service_definition.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "kith/contacts/v1/contacts_service.grpc.pb.h"

namespace kith::contacts {

using Api = v1::ContactsService;
using Stub = Api::Stub;

// The id of no contact.
inline constexpr char kAbsentId[] = "0192f0c1-2a3b-7c4d-8e5f-ffffffffffff";

// contacts-svc, with shorter ways to call it.
class ContactsTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Contact> Create(const v1::CreateContactRequest& request,
                                     testing::TestKey key = testing::kDemo) {
    return harness_.Call(&Stub::CreateContact, request, key);
  }

  absl::StatusOr<v1::Contact> Create(const std::string& name) {
    v1::CreateContactRequest request;
    request.mutable_contact()->set_display_name(name);
    return Create(request);
  }

  // The id of a new contact, which is greater than those before.
  std::string Make(const std::string& name = "") {
    harness_.clock().Advance(absl::Milliseconds(1));
    const auto contact = Create(name);
    EXPECT_THAT(contact, testing::IsOk());
    return contact.ok() ? contact->contact_id() : "";
  }

  absl::StatusOr<v1::Contact> Get(const std::string& id,
                                  testing::TestKey key = testing::kDemo) {
    v1::GetContactRequest request;
    request.set_contact_id(id);
    return harness_.Call(&Stub::GetContact, request, key);
  }

  absl::StatusOr<v1::Contact> Rename(const std::string& id,
                                     const std::string& name,
                                     const std::string& etag = "") {
    v1::UpdateContactRequest request;
    request.mutable_contact()->set_contact_id(id);
    request.mutable_contact()->set_display_name(name);
    request.mutable_contact()->set_etag(etag);
    request.mutable_update_mask()->add_paths("display_name");
    return harness_.Call(&Stub::UpdateContact, request);
  }

  absl::StatusOr<v1::Contact> Delete(const std::string& id,
                                     const std::string& etag = "") {
    v1::DeleteContactRequest request;
    request.set_contact_id(id);
    request.set_etag(etag);
    return harness_.Call(&Stub::DeleteContact, request);
  }

  absl::StatusOr<v1::Contact> Undelete(const std::string& id) {
    v1::UndeleteContactRequest request;
    request.set_contact_id(id);
    return harness_.Call(&Stub::UndeleteContact, request);
  }

  absl::StatusOr<v1::EnsureContactResponse> Ensure(const std::string& id,
                                                   v1::Stage stage) {
    v1::EnsureContactRequest request;
    request.set_contact_id(id);
    request.mutable_contact()->set_display_name("from ensure");
    request.set_at_least_stage(stage);
    return harness_.Call(&Stub::EnsureContact, request);
  }

  int64_t Rows(const std::string& table) {
    return harness_.database().SelectInt("SELECT COUNT(*) FROM " + table);
  }

  testing::ServiceHarness<Api> harness_{ServiceDefinition()};
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_CONTACTS_FIXTURE_H_
