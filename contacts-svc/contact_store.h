#ifndef KITH_CONTACTS_SVC_CONTACT_STORE_H_
#define KITH_CONTACTS_SVC_CONTACT_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/request_context.h"
#include "common/base/uuid.h"
#include "common/mysql/session.h"
#include "kith/contacts/v1/contacts.pb.h"

namespace kith::contacts {

// A page of contacts.
struct ContactPage {
  // In the order of their ids.
  std::vector<v1::Contact> contacts;
  // Where the next page begins behind; nullopt on the last.
  std::optional<base::Uuid> last;
};

// Keeps contacts in the tables of schema/. Takes requests that have been
// validated; answers with the codes of the RPC of the same name. Stateless:
// what it works on is the session of the calling thread.
class ContactStore {
 public:
  // `clock` outlives the store.
  explicit ContactStore(const base::Clock& clock) : clock_(clock) {}

  absl::StatusOr<v1::Contact> Create(
      const base::RequestContext& context, mysql::Session& session,
      const v1::CreateContactRequest& request) const;

  absl::StatusOr<v1::Contact> Get(const base::RequestContext& context,
                                  mysql::Session& session,
                                  const base::Uuid& id) const;

  // Those that are there, in no order.
  absl::StatusOr<std::vector<v1::Contact>> BatchGet(
      const base::RequestContext& context, mysql::Session& session,
      const std::vector<base::Uuid>& ids) const;

  absl::StatusOr<v1::EnsureContactResponse> Ensure(
      const base::RequestContext& context, mysql::Session& session,
      const v1::EnsureContactRequest& request) const;

  absl::StatusOr<v1::Contact> Update(
      const base::RequestContext& context, mysql::Session& session,
      const v1::UpdateContactRequest& request) const;

  // Those that stand for themselves and are not deleted, among the next `limit`
  // after `after`.
  absl::StatusOr<ContactPage> List(const base::RequestContext& context,
                                   mysql::Session& session,
                                   const base::Uuid& after,
                                   int32_t limit) const;

  absl::StatusOr<v1::Contact> Delete(
      const base::RequestContext& context, mysql::Session& session,
      const v1::DeleteContactRequest& request) const;

  absl::StatusOr<v1::Contact> Undelete(
      const base::RequestContext& context, mysql::Session& session,
      const v1::UndeleteContactRequest& request) const;

 private:
  const base::Clock& clock_;
};

}  // namespace kith::contacts

#endif  // KITH_CONTACTS_SVC_CONTACT_STORE_H_
