#ifndef KITH_TESTS_MODEL_CONTACT_MODEL_H_
#define KITH_TESTS_MODEL_CONTACT_MODEL_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/field_mask.pb.h"
#include "kith/contacts/v1/contact.pb.h"

namespace kith::model {

namespace v1 = contacts::v1;

// The rules of a contact's fields, for a contact by itself. What a group shows
// is in customer_model.h.
struct ContactModel {
  ContactModel() = default;
  // A new contact.
  ContactModel(const v1::Contact& fields, absl::Time now);

  void Update(const std::string& path, const v1::Contact& fields,
              absl::Time now);
  // Returns what it has filled, in the order of the fields' numbers.
  google::protobuf::FieldMask Ensure(const v1::EnsureContactRequest& request,
                                     absl::Time now);
  // Gives fields that were never set their first value, as Ensure does.
  google::protobuf::FieldMask Fill(const v1::Contact& fields, absl::Time now);
  // Sets the time of the last update.
  void Touch(absl::Time now);

  v1::Contact contact;
  // What an Update has set, or cleared.
  std::set<std::string> set_paths;
};

// True if a field has a value: one of the six of which one member's value
// shows, or a list.
bool HasValue(const v1::Contact& contact, const std::string& path);

// Copies a field, also if it is empty.
void Copy(const v1::Contact& from, const std::string& path, v1::Contact& to);

// Adds the time of a stage, or replaces a later one.
void Reach(v1::Stage stage, int64_t micros, v1::Contact& contact);

// True if `a` has a touch time, and `b` a later one or none.
bool Earlier(const v1::Attribution& a, const v1::Attribution& b);

}  // namespace kith::model

#endif  // KITH_TESTS_MODEL_CONTACT_MODEL_H_
