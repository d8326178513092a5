#ifndef KITH_IDENTITY_SVC_IDENTITY_SERVICE_FIXTURE_H_
#define KITH_IDENTITY_SVC_IDENTITY_SERVICE_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "common/base/times.h"
#include "common/testing/matchers.h"
#include "common/testing/service_harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "identity-svc/service_definition.h"
#include "kith/identity/v1/identity_service.grpc.pb.h"

namespace kith::identity {

using absl::StatusCode;
using ::kith::testing::IsOk;
using ::kith::testing::kDemo;
using ::kith::testing::kDemoNoScopes;
using ::kith::testing::kDemoPublic;
using ::kith::testing::kDemoVerified;
using ::kith::testing::kNobody;
using ::kith::testing::kOther;
using ::kith::testing::StatusIs;
using ::kith::testing::TestKey;

using Api = v1::IdentityService;
using Stub = Api::Stub;

constexpr char kSuppressionSecret[] = "a secret of tests, 32 characters";
constexpr char kAda[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000aa";
constexpr char kBob[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000bb";
constexpr char kCleo[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000cc";

inline v1::ChannelValue Value(v1::Channel channel, const std::string& value,
                              const std::string& name_space = "") {
  v1::ChannelValue typed;
  typed.set_channel(channel);
  typed.set_namespace_(name_space);
  typed.set_value(value);
  return typed;
}
inline v1::ChannelValue Phone(const std::string& value) {
  return Value(v1::CHANNEL_PHONE, value);
}
inline v1::ChannelValue Email(const std::string& value) {
  return Value(v1::CHANNEL_EMAIL, value);
}
inline v1::ChannelValue Handle(const std::string& network,
                               const std::string& value) {
  return Value(v1::CHANNEL_SOCIAL, value, network);
}
inline v1::ChannelValue External(const std::string& system,
                                 const std::string& value) {
  return Value(v1::CHANNEL_EXTERNAL, value, system);
}
inline v1::ChannelValue Untyped(const std::string& value) {
  return Value(v1::CHANNEL_UNSPECIFIED, value);
}

inline v1::ClaimIdentitiesRequest ClaimOf(
    const std::string& contact, const std::vector<v1::ChannelValue>& values) {
  v1::ClaimIdentitiesRequest request;
  request.set_proposed_contact_id(contact);
  for (const v1::ChannelValue& value : values) *request.add_values() = value;
  return request;
}

inline v1::ResolveIdentityRequest ResolveOf(const v1::ChannelValue& value) {
  v1::ResolveIdentityRequest request;
  *request.mutable_value() = value;
  return request;
}

// The service on a database of its own.
class IdentityServiceTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::ClaimIdentitiesResponse> Claim(
      const v1::ClaimIdentitiesRequest& request, TestKey key = kDemo) {
    return harness_.Call(&Stub::ClaimIdentities, request, key);
  }
  absl::StatusOr<v1::ClaimIdentitiesResponse> Claim(
      const std::string& contact, const std::vector<v1::ChannelValue>& values,
      TestKey key = kDemo) {
    return Claim(ClaimOf(contact, values), key);
  }
  absl::StatusOr<v1::ClaimIdentitiesResponse> ClaimAt(
      const std::string& contact, const v1::ChannelValue& value,
      absl::Time time) {
    v1::ClaimIdentitiesRequest request = ClaimOf(contact, {value});
    *request.mutable_event_time() = base::ToProto(time);
    return Claim(request);
  }

  absl::StatusOr<v1::ResolveIdentityResponse> Resolve(
      const v1::ChannelValue& value, TestKey key = kDemo) {
    return harness_.Call(&Stub::ResolveIdentity, ResolveOf(value), key);
  }

  // The contact that the value leads to; what came of it where it is not one.
  std::string HolderOf(const v1::ChannelValue& value, TestKey key = kDemo) {
    const auto response = Resolve(value, key);
    if (!response.ok()) return response.status().ToString();
    if (response->outcome() != v1::RESOLVE_OUTCOME_ONE) {
      return v1::ResolveOutcome_Name(response->outcome());
    }
    return response->candidates(0).identity().contact_id();
  }

  // The same, at another time.
  std::string HolderAt(const v1::ChannelValue& value, absl::Time time) {
    v1::ResolveIdentityRequest request = ResolveOf(value);
    *request.mutable_at_time() = base::ToProto(time);
    const auto response = harness_.Call(&Stub::ResolveIdentity, request);
    if (!response.ok()) return response.status().ToString();
    return response->candidates_size() == 1
               ? response->candidates(0).identity().contact_id()
               : v1::ResolveOutcome_Name(response->outcome());
  }

  absl::StatusOr<v1::LinkIdentityResponse> Link(
      const std::string& contact, const v1::ChannelValue& value,
      const std::string& request_id = "", TestKey key = kDemo) {
    v1::LinkIdentityRequest request;
    request.set_contact_id(contact);
    *request.mutable_value() = value;
    request.set_request_id(request_id);
    return harness_.Call(&Stub::LinkIdentity, request, key);
  }

  absl::StatusOr<v1::UnlinkIdentityResponse> Unlink(
      const std::string& contact, const v1::ChannelValue& value,
      const std::string& request_id = "", TestKey key = kDemo) {
    v1::UnlinkIdentityRequest request;
    request.set_contact_id(contact);
    *request.mutable_value() = value;
    request.set_request_id(request_id);
    return harness_.Call(&Stub::UnlinkIdentity, request, key);
  }

  int64_t Rows(const std::string& table) {
    return harness_.database().SelectInt("SELECT COUNT(*) FROM " + table);
  }

  absl::Time Now() { return harness_.clock().Now(); }
  void Pass(absl::Duration time) { harness_.clock().Advance(time); }

  testing::ServiceHarness<Api> harness_{
      ServiceDefinition([] { return SuppressionKey(kSuppressionSecret); })};
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_IDENTITY_SERVICE_FIXTURE_H_
