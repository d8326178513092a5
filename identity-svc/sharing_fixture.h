#ifndef KITH_IDENTITY_SVC_SHARING_FIXTURE_H_
#define KITH_IDENTITY_SVC_SHARING_FIXTURE_H_

#include <string>
#include <vector>

#include "common/status/rpc_status.h"
#include "google/rpc/error_details.pb.h"
#include "identity-svc/consent_fixture.h"

namespace kith::identity {

// Stand-in contacts.
constexpr char kHouse[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000e1";
constexpr char kOffice[] = "0192f0c1-2a3b-7c4d-8e5f-0000000000e2";

// Values that several people share, on a database of their own. A minute passes
// before each change.
class SharingTest : public ConsentTest {
 protected:
  static v1::ShareIdentityRequest ShareOf(
      const v1::ChannelValue& value, const std::vector<std::string>& contacts,
      const std::string& stand_in = kHouse,
      const std::string& request_id = "") {
    v1::ShareIdentityRequest request;
    *request.mutable_value() = value;
    request.mutable_contact_ids()->Add(contacts.begin(), contacts.end());
    request.set_proposed_stand_in_contact_id(stand_in);
    request.set_reason("one household");
    request.set_request_id(request_id);
    return request;
  }
  absl::StatusOr<v1::ShareIdentityResponse> Share(
      const v1::ShareIdentityRequest& request, TestKey key = kDemo) {
    Pass(absl::Minutes(1));
    return harness_.Call(&Stub::ShareIdentity, request, key);
  }
  absl::StatusOr<v1::ShareIdentityResponse> Share(
      const v1::ChannelValue& value, const std::vector<std::string>& contacts) {
    return Share(ShareOf(value, contacts));
  }

  static v1::UnshareIdentityRequest UnshareOf(const v1::ChannelValue& value,
                                              const std::string& keeper = "",
                                              const std::string& removed = "") {
    v1::UnshareIdentityRequest request;
    *request.mutable_value() = value;
    request.set_keep_contact_id(keeper);
    request.set_remove_contact_id(removed);
    request.set_reason("moved out");
    return request;
  }
  absl::StatusOr<v1::UnshareIdentityResponse> Unshare(
      const v1::UnshareIdentityRequest& request, TestKey key = kDemo) {
    Pass(absl::Minutes(1));
    return harness_.Call(&Stub::UnshareIdentity, request, key);
  }

  static std::vector<std::string> SharersOfShown(const v1::Identity& identity) {
    const auto& ids = identity.sharing_contact_ids();
    return {ids.begin(), ids.end()};
  }

  // What the contact holds or shares now; with its past if asked for.
  std::vector<v1::Identity> HeldBy(const std::string& contact,
                                   bool include_past = false) {
    v1::ListIdentitiesRequest request;
    request.add_sets()->add_contact_ids(contact);
    request.set_include_past(include_past);
    const auto listed = harness_.Call(&Stub::ListIdentities, request);
    EXPECT_THAT(listed, IsOk());
    if (!listed.ok()) return {};
    const auto& identities = listed->results(0).identities();
    return {identities.begin(), identities.end()};
  }

  static std::string ReasonOfError(const absl::Status& status) {
    const auto info = status::FindDetail<google::rpc::ErrorInfo>(status);
    return info.has_value() ? info->reason() : "";
  }
};

}  // namespace kith::identity

#endif  // KITH_IDENTITY_SVC_SHARING_FIXTURE_H_
