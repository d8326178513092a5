#ifndef KITH_TESTS_MODEL_CUSTOMER_MODEL_H_
#define KITH_TESTS_MODEL_CUSTOMER_MODEL_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/field_mask.pb.h"
#include "kith/contacts/v1/contact.pb.h"
#include "kith/contacts/v1/group.pb.h"
#include "tests/model/contact_model.h"
#include "tests/model/fault.h"

namespace kith::model {

// Who stands for whom, by the edges in force, from scratch: by contact, its
// canonical one. `edges` come in the order of their making.
std::map<std::string, std::string> Fold(
    const std::set<std::string>& contacts,
    const std::vector<v1::MergeEdge>& edges);

// What the rules of docs and protos say, in memory and as simply as can be:
// nothing of a group is kept, all is worked out from contacts and edges when it
// is asked for. To compare with what the services say. Not thread-safe.
class CustomerModel {
 public:
  void Create(const std::string& id, const v1::Contact& fields, absl::Time now);
  void Update(const std::string& id, const std::string& path,
              const v1::Contact& fields, absl::Time now);
  // Returns what it has filled, in the order of the fields' numbers.
  google::protobuf::FieldMask Ensure(const v1::EnsureContactRequest& request,
                                     absl::Time now);
  void Delete(const std::string& id, absl::Time now);
  void Undelete(const std::string& id, absl::Time now);

  // Why a merge is refused; empty where it is not.
  std::string Refusal(const v1::MergeContactsRequest& request) const;
  // The greatest order of the edges in force on either side of a new one.
  int64_t GreatestOrder(const v1::MergeEdge& edge) const;
  void Merge(const v1::MergeEdge& edge);
  void Unmerge(const std::string& edge_id, const v1::MergeReversal& reversal);
  // Takes the removed edges of a contact's group back. What is wrong with the
  // parts that the group is told to fall into.
  Fault TakeApart(const std::string& id, const v1::UnmergedGroup& group);

  bool Has(const std::string& id) const { return contacts_.contains(id); }
  std::vector<std::string> Ids() const;
  bool IsDeleted(const std::string& id) const;
  std::string CanonicalOf(const std::string& id) const;
  std::set<std::string> GroupOf(const std::string& id) const;

  // As GetContact answers it, but for the etag.
  v1::Contact Get(const std::string& id) const;

  // By edge_id, all edges of the group, as ListMergeHistory answers them.
  std::map<std::string, v1::MergeEdge> History(const std::string& id) const;

  std::vector<v1::MergeEdge> InForce() const;

  // For people; the same for models in the same state.
  std::string State() const;

 private:
  // Of the group, canonical first, then by the last update.
  std::vector<const ContactModel*> ByUpdate(const std::string& id) const;

  // What is worked out from all members.
  static void ShowTogether(const std::vector<const ContactModel*>& members,
                           v1::Contact& shown);

  std::map<std::string, ContactModel> contacts_;
  // In the order in which they count.
  std::vector<v1::MergeEdge> edges_;
  std::set<std::pair<std::string, std::string>> not_same_;
};

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_CUSTOMER_MODEL_H_
